"""What a log teaches, with the number of samples behind every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from fong.learn.hours import Hours
from fong.learn.people import Evidence, Skills
from fong.learn.record import Record
from fong.learn.times import StepTimes
from fong.model.factory import Factory
from fong.model.message import Message
from fong.model.order import OrderLine, State, Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One learned figure and how much stands behind it.

    ``figure``: ``setup_s``, ``cycle_s``, ``scrap_pct``, ``mtbf_h``, ``mttr_h``, ``skill`` or ``hours`` (days seen); ``item``, ``machine`` and ``person`` are
    "" where the figure holds for all. ``samples``: lots, stretches or days.
    """

    figure: str
    step: str = ""
    item: str = ""
    machine: str = ""
    person: str = ""
    value: float
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One order's own way through the shop, as it went: steps by first start, each once."""

    order: str
    item: str
    steps: tuple[str, ...]
    usual: bool


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """Breakdowns of a machine: how many stretches, their seconds, and the seconds that it ran or was set up."""

    number: int
    down_s: int
    busy_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What was learned before it is cast into tables: figures by step, groups, people, hours.

    ``machines``: machines by step, the most used first. ``group``: of each machine. ``scrap_pct``: by step, where enough was seen.
    ``flows_s``: flow times by order.
    """

    record: Record
    times: Mapping[str, StepTimes]
    evidence: Mapping[str, Evidence]
    machines: Mapping[str, tuple[str, ...]]
    group: Mapping[str, str]
    benches: Mapping[str, float]
    centres: Mapping[str, int]
    skills: Skills
    hours: Hours
    scrap_pct: Mapping[str, Decimal]
    breakdowns: Mapping[str, Breakdowns]
    routes: Mapping[str, tuple[str, ...]]
    flows_s: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A factory and an order book learned from a log.

    Parameters
    ----------
    factory, orders, state
        Ready for planning; ``state`` is empty unless the order book's moment lies inside the log.
    routes
        Each order's own route.
    samples
        Number behind every figure.
    tending
        Seconds that a person had 1, 2, 3 … machines at once, over all people.
    assumptions, unknowns
        What was assumed, and what such a log cannot tell.
    knowledge
        The figures by step, from which other order books can be made.
    """

    factory: Factory
    orders: tuple[OrderLine, ...]
    state: State
    routes: tuple[Route, ...]
    samples: tuple[Sample, ...]
    tending: Mapping[int, int]
    assumptions: tuple[Message, ...]
    unknowns: tuple[Message, ...]
    knowledge: Knowledge

    @property
    def workshop(self) -> Workshop:
        """Everything as one input for planning."""
        return Workshop(factory=self.factory, orders=self.orders, state=self.state)

    def told(self, *more: Message) -> Learned:
        """The same, with more assumptions in front."""
        return replace(self, assumptions=(*more, *self.assumptions))
