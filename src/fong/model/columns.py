"""A problem in the making: the numbers of names, and the columns made so far."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fong._kernels import freeze
from fong.model.calendars import DAY_S
from fong.model.factory import Factory, Machine
from fong.model.order import Workshop

K = TypeVar("K", bound=Hashable)


class Index(Generic[K]):
    """Names in order of first use, each with its number."""

    def __init__(self, names: Iterable[K] = ()) -> None:
        self.number: dict[K, int] = {}
        for name in names:
            self.add(name)

    def add(self, name: K | None) -> int:
        """The name's number, new if need be; None is -1."""
        return -1 if name is None else self.number.setdefault(name, len(self.number))

    def names(self) -> tuple[K, ...]:
        """All names by number."""
        return tuple(self.number)

    def __len__(self) -> int:
        return len(self.number)


class Columns:
    """Columns of one workshop, with the indices of its names.

    Numbers are given in the order in which names are met, so the order in which columns are made decides over ties in plans.
    """

    def __init__(self, workshop: Workshop, horizon_days: int) -> None:
        self.factory: Factory = workshop.factory
        self.workshop = workshop
        self.now = self.factory.settings.now
        self.horizon_s = min(horizon_days * DAY_S, 2**30)
        f = self.factory
        self.machines = Index(m.name for m in f.machines)
        self.calendars = Index(c.name for c in f.calendars)
        self.groups = Index(m.group for m in f.machines)
        self.zones = Index(m.zone for m in f.machines if m.zone)
        asked = (skill for s in f.routing for skill in (s.setup_skill, s.run_skill) if skill)
        self.skills = Index(asked)  # by the routing, not by name: a plan must not depend on the language of its names
        for skill in sorted({s for p in f.people for s in p.skills}):
            self.skills.add(skill)
        self.families: Index[str] = Index()
        self.tools = Index(t.name for t in f.tools)
        self.places = Index(p.name for p in f.places)
        self.materials = Index(sorted({b.component for b in f.bill}))
        self.made: dict[str, NDArray[np.generic]] = {}
        self.by_item: dict[str, list[int]] = defaultdict(list)
        for i, s in enumerate(f.routing):
            self.by_item[s.item].append(i)
        self.lines = [o for o in workshop.orders if o.status == "open" and o.item in self.by_item]

    def put(self, name: str, values: Iterable[object], dtype: DTypeLike = np.int32, default: object = None) -> None:
        """Store a column; one that holds only its default stays zero-length."""
        column = np.fromiter(values, dtype) if not isinstance(values, np.ndarray) else values.astype(dtype)
        if default is not None and len(column) and bool((column == default).all()):
            column = column[:0]
        self.made[name] = freeze(column, dtype)

    def seconds(self, moment: datetime) -> int:
        """Seconds after now, within ±2³⁰."""
        s = math.floor((moment - self.now).total_seconds())
        return max(-(2**30), min(2**30, s))

    def lists(self, pointer: str, values: str, rows: list[list[int]]) -> None:
        """Store a list of lists as pointer and values."""
        self.put(f"{pointer}_ptr", np.cumsum([0, *(len(r) for r in rows)]))
        self.put(values, (x for r in rows for x in r))

    def any(self, *names: str) -> bool:
        """Whether any of these columns holds something."""
        return any(len(self.made.get(n, ())) for n in names)


def slots(machine: Machine) -> int:
    """Tasks that a machine may hold at once; a batch machine has one batch."""
    return 1 if machine.batch_unit else max(1, int(machine.capacity))


def scaled(value: Decimal, scale: int) -> int:
    """A quantity in whole small units, rounded up."""
    return int((value * scale).to_integral_value(ROUND_CEILING))
