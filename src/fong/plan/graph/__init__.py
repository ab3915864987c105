"""Local search on the disjunctive graph, for problems that it can express exactly: machines, modes, precedence, lags, set-ups, dates."""

from fong.plan.graph.features import serves
from fong.plan.graph.forward_backward import forward_backward
from fong.plan.graph.search import GraphSearch

__all__ = ["GraphSearch", "forward_backward", "serves"]
