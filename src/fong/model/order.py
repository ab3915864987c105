"""The second noun: what is asked (ISA-95: operations request), and what is already under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fong.model.factory import Factory


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order: so many pieces of one item by a moment. Times are aware; ``due`` None: no date was promised.

    ``status``: ``open`` lines are planned, ``held`` and ``done`` ones are not.
    """

    order: str
    line: int = 1
    customer: str = ""
    item: str
    quantity: int
    due: datetime | None = None
    release: datetime | None = None
    weight_milli: int = 1000
    late_cost_per_day_cents: int = 0
    price_cents: int | None = None
    colour: str = ""
    size: str = ""
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkInProgress:
    """One row of the table ``wip``.

    With ``ends`` the step is on ``machine`` until then; without, ``done_pieces`` are finished.
    """

    order: str
    line: int = 1
    sequence: int
    done_pieces: int = 0
    machine: str | None = None
    started: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is true now: work in progress; stock and present set-ups stand in the factory's own tables."""

    work: tuple[WorkInProgress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Everything that one input holds: a factory, its orders, its state."""

    factory: Factory
    orders: tuple[OrderLine, ...] = ()
    state: State = State()
