"""From a shop's own time log to a factory and an order book, with the number of samples behind every figure.

:func:`learn` reads a performance as a factory; :func:`join_logs` first brings two logs of the same work together; :func:`cut` and
:func:`plan_rest` part the orders into those learned from and those to be planned; :func:`compare` lays their plan beside what happened.
"""

from fong.learn.comparing import compare, kendall
from fong.learn.join import Joined, join_logs
from fong.learn.learned import Knowledge, Learned, Route, Sample
from fong.learn.learning import learn
from fong.learn.options import LearnOptions
from fong.learn.split import Cut, RestPlan, cut, only, plan_rest

__all__ = [
    "Cut",
    "Joined",
    "Knowledge",
    "LearnOptions",
    "Learned",
    "RestPlan",
    "Route",
    "Sample",
    "compare",
    "cut",
    "join_logs",
    "kendall",
    "learn",
    "only",
    "plan_rest",
]
