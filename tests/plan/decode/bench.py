"""The decoder's kernels on the bench: un-compiled, on the memory of a small workshop whose state a test sets as it likes.

Inner kernels have no door for Python, and doors of their own would take a minute to compile. So the twins meet plain copies of them;
``test_whole.py`` shows that the copies, put together, leave every number of a decode as the compiled whole leaves it.
"""

from __future__ import annotations

import importlib
import types
from pathlib import Path
from typing import Any

import numpy as np
from tests.model.made import problem

import fong
from fong.model import Problem
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.floor import Floor
from fong.plan.decode.memory import FIELDS, Memory
from fong.plan.decode.rule import Guidance, Rule, figures, weights
from fong.plan.lots import split

PACKAGE = Path(fong.__file__).parent
BIT = 1 << 27
"""Ids of events are below this; so many kinds fit: 16."""

Event = tuple[int, int, int]
"""Time, kind, id."""


def _plain() -> dict[str, types.SimpleNamespace]:
    """All kernel modules of decoder and model by name, each kernel as the Python that it is written in."""
    files = sorted(PACKAGE.joinpath("plan", "decode").glob("_kernels_*.py"))
    modules = [importlib.import_module(f"fong.plan.decode.{file.stem}") for file in files]
    modules.append(importlib.import_module("fong.model._kernels"))
    spaces = {module.__name__: dict(vars(module)) for module in modules}
    for space in spaces.values():
        for name, value in space.items():
            written = getattr(value, "py_func", value)
            if isinstance(written, types.FunctionType) and written.__module__ in spaces:
                home = spaces[written.__module__]
                space[name] = types.FunctionType(written.__code__, home, name, written.__defaults__)
    return {name.rpartition("_kernels")[2].removeprefix("_"): types.SimpleNamespace(**s) for name, s in spaces.items()}


PLAIN = _plain()


class Bench:
    """A workshop (columns as in :func:`tests.model.made.problem`) laid out, before its first event.

    ``lot``, ``op``, ``unit`` ... are views of the tables of state: what a test writes there the kernels find. The narrow array is
    wide here, so that plain numbers do not overflow where compiled ones do not either.
    """

    def __init__(
        self, rule: Rule | None = None, *, weight: Any = None, guidance: Guidance | None = None, **columns: Any
    ) -> None:
        rule = rule or Rule(name="fifo")
        self.problem: Problem = problem(**columns)
        self.floor = Floor(self.problem)
        self.lots = split(self.problem, wide=rule.wide)
        self.prepared = self.floor.prepared(self.lots)
        urgency = weights(self.problem) if weight is None else np.array(weight)
        self.memory = memory_of(self.prepared, rule, urgency, guidance=guidance)
        wide = self.memory.k
        self.k = self.memory.k = lay.K(c=wide.c.astype(np.int64), w=wide.w, f=wide.f)
        self.lot = self.memory.table("lot", lay.LOT_COLUMNS)
        self.op = self.memory.table("op", lay.OP_COLUMNS)
        self.unit = self.memory.table("unit", lay.UNIT_COLUMNS)
        self.person = self.memory.table("person", lay.PERSON_COLUMNS)
        self.zone = self.memory.table("zone", lay.ZONE_COLUMNS)
        self.step = self.memory.table("step", lay.STEP_COLUMNS)
        self.machine = self.memory.table("machine", lay.MACHINE_COLUMNS)
        self.booking = self.memory.part("booking").reshape(-1, lay.BOOKINGS, 2)
        self.g = self.memory.part("g")

    def part(self, name: str) -> Any:
        """A view of one column."""
        return self.memory.part(name)

    def events(self) -> list[Event]:
        """What is in the heap, in order."""
        keys = sorted(self.part("heap")[: self.g[lay.G_HEAP]].tolist())
        return [(key // (BIT * 16), key // BIT % 16, key % BIT) for key in keys]

    def marked(self) -> list[int]:
        """Units that are to be looked at, in the order in which they were marked."""
        out: list[int] = self.part("dirty")[: self.g[lay.G_DIRTY]].tolist()
        return out

    def hands(self) -> list[int]:
        """Queues of handwork that are to be looked at."""
        out: list[int] = self.part("hand_dirty")[: self.g[lay.G_HDIRTY]].tolist()
        return out

    def touched(self) -> list[int]:
        """Zones whose rates are to be worked out anew."""
        out: list[int] = self.part("zone_dirty")[: self.g[lay.G_ZDIRTY]].tolist()
        return out

    def queue(self, q: int) -> list[int]:
        """Lots in a queue, from its head; the way back from its tail must agree."""
        out, back = self.chain(int(self.part("head")[q])), []
        lot = int(self.part("tail")[q])
        while lot >= 0:
            back.append(lot)
            lot = int(self.part("before")[lot])
        assert back == out[::-1]
        return out

    def chain(self, lot: int) -> list[int]:
        """The lot and those that are linked behind it: a queue, or the members of a batch."""
        out = []
        while lot >= 0:
            out.append(lot)
            lot = int(self.part("after")[lot])
        return out

    def state(self) -> dict[str, list[Any]]:
        """All that a decode may change, for comparing before and after."""
        scratch = ("chain_lot", "chain_op", "chain_end")
        return {name: self.part(name).tolist() for name in FIELDS if name not in scratch}


def memory_of(prepared: Any, rule: Rule, weight: Any, room: int = 4, guidance: Guidance | None = None) -> Memory:
    """The memory of one decode, as :func:`fong.plan.decode.decode` makes it."""
    return Memory(prepared, figures(rule, prepared.figures()), weight, room, guidance)
