"""What a plan looks like before it is drawn: rows, bars, orders and reasons, free of any language or medium.

A :class:`PlanView` is what every page and file of this room is made from; :func:`fong.render.view_of` makes it. Bars are columns
(read-only arrays, one entry a lot and step, by start); a :class:`Bar` is a view of one, made on demand. Times are seconds after
``epoch``, or the instance's own units where ``epoch`` is None.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong.model import Message
from fong.render.hours import Windows
from fong.render.wallclock import WallClock

I32 = NDArray[np.int32]


class RowKind(enum.StrEnum):
    """What a row of the machine view stands for."""

    MACHINE = "machine"
    HAND = "hand"  # a step done by hand, at no machine
    OUTSIDE = "outside"  # a step done by a subcontractor


class Why(enum.IntEnum):
    """Why a machine stands although it has a task."""

    SET_UP = 0  # set up, and the run has not begun
    NOBODY = 1  # nobody on duty, or outside working time
    LIMIT = 2  # more tasks are open in the zone than its tenders may run


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRow:
    """A row of the machine view. ``zone`` and ``hours`` are indices into the view's ``zones`` and ``hours``, -1: none, always."""

    name: str
    kind: RowKind = RowKind.MACHINE
    group: str = ""
    zone: int = -1
    hours: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A row of the person view."""

    name: str
    zone: int = -1
    hours: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """A zone: its duty hours, and from which second on how many tasks may run in it (-1: no limit)."""

    name: str
    hours: int = -1
    limit: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order line: what was asked, and what the plan makes of it.

    ``label`` is the order, with its line where it has several. ``due_s`` and ``end_s`` None: no date promised, nothing planned.
    ``cause`` says in a word why it is late, ``story`` what it waits for from its start to its end.
    """

    label: str
    order: str
    line: int = 1
    item: str = ""
    description: str = ""
    customer: str = ""
    colour: str = ""
    size: str = ""
    pieces: int = 1
    release_s: int = 0
    due_s: int | None = None
    end_s: int | None = None
    weight_milli: int = 1000
    cause: tuple[Message, ...] = ()
    story: tuple[Message, ...] = ()

    @property
    def named(self) -> str:
        """Item and what it is called."""
        return " · ".join(filter(None, (self.item, self.description)))

    @property
    def shade(self) -> str:
        """The colour, unless the item's name tells it already."""
        return "" if self.colour in self.description else self.colour

    @property
    def product(self) -> str:
        """Item, what it is called, colour and size in one line."""
        return " ".join(filter(None, (self.named, self.shade, self.size)))

    @property
    def late_s(self) -> int:
        """How late it ends; 0: in time, or no date was promised."""
        return 0 if self.due_s is None or self.end_s is None else max(0, self.end_s - self.due_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarColumns:
    """All bars (L), by start, order, step and sub-lot. -1 means none.

    ``order``, ``row``, ``person``, ``setup_person``, ``step`` are indices into the view's tuples; ``operation`` counts within the order;
    ``pieces`` are started pieces; ``wait_s`` is how long the lot was ready and did not begin; ``held_until`` is when the run lets go of
    its person; ``running`` is 1 for what was under way before the plan was made, ``tended`` 1 for runs that call for a zone's tenders.
    """

    order: I32
    operation: I32
    row: I32
    person: I32
    setup_start: I32
    setup_end: I32
    setup_person: I32
    start: I32
    end: I32
    pieces: I32
    sublot: I32
    batch: I32
    step: I32
    sequence: I32
    wait_s: I32
    held_until: I32
    running: I32
    tended: I32

    def __len__(self) -> int:
        return len(self.start)

    @property
    def running_count(self) -> int:
        """How many bars were under way before the plan was made; the others are its tasks."""
        return int(self.running.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """When a machine stands while it has a task (N stretches, by bar and time): bar index, from, to, :class:`Why`."""

    bar: I32
    begin: I32
    end: I32
    why: I32

    def __len__(self) -> int:
        return len(self.bar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One lot at one step, with names. ``setup`` and ``run`` are (from, to) in seconds after the epoch."""

    index: int
    order: OrderRow
    step: str
    sequence: int
    sublot: int
    pieces: int
    row: MachineRow
    batch: int | None
    setup: tuple[int, int] | None
    setup_person: str
    run: tuple[int, int]
    person: str
    held_until_s: int
    wait_s: int
    running: bool

    @property
    def begin_s(self) -> int:
        """Start of the set-up, or of the run without one."""
        return self.setup[0] if self.setup else self.run[0]

    @property
    def machine(self) -> str:
        """The machine's name; empty for handwork and outside."""
        return self.row.name if self.row.kind is RowKind.MACHINE else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan, ready to be shown.

    ``begin_s`` and ``end_s`` enclose all that is in it. ``before`` holds, for orders whose route is no chain, the operations that
    come before each operation of the order.
    """

    title: str
    clock: WallClock | None
    now_s: int = 0
    begin_s: int = 0
    end_s: int = 1
    machines: tuple[MachineRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    zones: tuple[ZoneRow, ...] = ()
    hours: tuple[Windows, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    steps: tuple[str, ...] = ()
    bars: BarColumns
    standing: Standing
    before: dict[int, tuple[tuple[int, ...], ...]]
    summary: tuple[Message, ...] = ()

    def bar(self, index: int) -> Bar:
        """One bar with its names."""
        b = self.bars
        setup, helper, person = int(b.setup_start[index]), int(b.setup_person[index]), int(b.person[index])
        return Bar(
            index=index,
            order=self.orders[int(b.order[index])],
            step=self.steps[int(b.step[index])],
            sequence=int(b.sequence[index]),
            sublot=int(b.sublot[index]),
            pieces=int(b.pieces[index]),
            row=self.machines[int(b.row[index])],
            batch=int(b.batch[index]) if b.batch[index] >= 0 else None,
            setup=(setup, int(b.setup_end[index])) if b.setup_end[index] > b.setup_start[index] else None,
            setup_person=self.people[helper].name if helper >= 0 else "",
            run=(int(b.start[index]), int(b.end[index])),
            person=self.people[person].name if person >= 0 else "",
            held_until_s=int(b.held_until[index]),
            wait_s=int(b.wait_s[index]),
            running=bool(b.running[index]),
        )

    def all_bars(self) -> Iterator[Bar]:
        """All bars, by start."""
        return (self.bar(i) for i in range(len(self.bars)))

    def late(self) -> list[int]:
        """Orders that end late, the worst (weight × lateness) first."""
        late = [i for i, o in enumerate(self.orders) if o.late_s]
        return sorted(late, key=lambda i: (-self.orders[i].weight_milli * self.orders[i].late_s, i))

    def late_order_count(self) -> int:
        """How many orders have a late line."""
        return len({o.order for o in self.orders if o.late_s})
