"""A plan beside what happened: what :mod:`fong.learn` measures and :mod:`fong.render` shows. Durations are whole seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fong.model.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFlow:
    """One order: release (first start that happened) to last end, as planned and as it happened; ``worked_s``: of it work was done."""

    order: str
    item: str
    planned_s: int
    happened_s: int
    worked_s: int
    route_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A quantile of the flow times over all orders; ``share`` is 0…1."""

    share: float
    planned_s: int
    happened_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOrder:
    """The order of starts on one machine, or of one step over all its machines.

    ``planned`` and ``happened``: orders there; ``common``: in both; ``tau``: Kendall's tau-b of their starts, None with fewer than
    two in common.
    """

    name: str
    planned: int
    happened: int
    common: int
    tau: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLoad:
    """Hours of work in one week (``monday``): of the orders compared, and of those that were already under way."""

    monday: date
    planned_s: int
    happened_s: int
    running_planned_s: int
    running_happened_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLoad:
    """Hours of work of one step over all weeks, of the orders compared."""

    step: str
    planned_s: int
    happened_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One page's worth: the plan of the orders after a cut, and what happened to them.

    ``known``, ``rest``, ``running``: orders learned from, orders compared, and orders of the known part that were under way.
    ``new_routes``: compared orders whose route no known order had; ``new_routes_of_item``: none of the same item. ``cut_off``: orders that the log
    does not show to their end. ``same_machine`` of ``machine_tasks``: steps that the plan put on their real machine. ``statements``:
    what else the reader must know.
    """

    at: datetime
    objective: str
    status: str
    known: int
    rest: int
    running: int
    new_routes: int
    new_routes_of_item: int
    flows: tuple[OrderFlow, ...]
    quantiles: tuple[Quantile, ...]
    flow_tau: float | None
    machines: tuple[StartOrder, ...]
    steps: tuple[StartOrder, ...]
    weeks: tuple[WeekLoad, ...]
    step_loads: tuple[StepLoad, ...]
    same_machine: int
    machine_tasks: int
    cut_off: int = 0
    statements: tuple[Message, ...] = ()
