"""What a proof returns, and how a solution of the model becomes a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fong._kernels import freeze
from fong.model import Schedule
from fong.plan.cpsat.draft import Placed
from fong.plan.cpsat.model import Model
from fong.plan.cpsat.sheet import At

Status = Literal["optimal", "closed", "better", "open", "impossible", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A plan and what is known of it.

    Parameters
    ----------
    schedule
        A plan without faults, better than the one to beat; None: none was found.
    value
        Its value.
    bound
        No legal plan is better.
    status
        ``optimal``: the schedule is the best; ``closed``: nothing beats the plan to beat; ``better``: a better plan, not proven best;
        ``open``: nothing new; ``impossible``: there is no plan at all; ``refused``: too large to try, or of numbers too large.
    """

    schedule: Schedule | None
    value: int | None
    bound: int
    status: Status


def read_out(model: Model, values: Sequence[int]) -> Schedule | None:
    """The plan that a solution says; None where it says none (people who are alike cannot share their holds, lots without a machine)."""
    return _Reader(model, values).schedule()


class _Reader:
    """One solution of a model."""

    def __init__(self, model: Model, values: Sequence[int]) -> None:
        self.model = model
        self.values = values
        self.index = {id(p): i for i, p in enumerate(model.placed)}

    def at(self, x: At) -> int:
        return x.offset + (self.values[x.var] if x.var >= 0 else 0)

    def holds(self, literals: tuple[int, ...]) -> bool:
        return all(self.values[x] == 1 if x >= 0 else self.values[-1 - x] == 0 for x in literals)

    def schedule(self) -> Schedule | None:
        """All rows."""
        model = self.model
        there = [p for p in model.placed if self.holds(p.there)]
        if any(p.lot.loose for p in there):
            return None
        rows = [self._row(p) for p in there]
        if not self._set_up(there, rows) or not self._name_people(there, rows):
            return None
        self._batch(there, rows)
        return _columns(rows, model.problem.op_pieces.size > 0)

    def _row(self, placed: Placed) -> dict[str, int]:
        way = next((k for k, when in placed.ways.items() if self.holds(when)), 0)
        return {
            "op": placed.lot.op,
            "machine": placed.lot.ways[way].machine,
            "start": self.at(placed.start),
            "end": self.at(placed.end),
            "sublot": placed.lot.sublot,
            "pieces": placed.lot.pieces,
            "batch": -1,
            "setup_start": -1,
            "setup_end": -1,
            "setup_person": -1,
            "person": -1,
        }

    def _set_up(self, there: list[Placed], rows: list[dict[str, int]]) -> bool:
        """Set-ups by the order on each machine."""
        by_machine: dict[int, list[int]] = defaultdict(list)
        for n, row in enumerate(rows):
            if row["machine"] >= 0:
                by_machine[row["machine"]].append(n)
        for machine, some in by_machine.items():
            before = -1
            for n in sorted(some, key=lambda n: (self.at(there[n].start), rows[n]["end"])):
                lot = self.index[id(there[n])]
                seconds = self.model.changeovers.seconds(machine, before, lot)
                before = lot
                if not there[n].moves:
                    held = self.model.held[lot]
                    if held.begin < held.ready:
                        rows[n] |= {"setup_start": held.begin, "setup_end": held.ready}
                elif seconds > 0 and there[n].own_setup:
                    rows[n] |= {"setup_start": self.at(there[n].begin), "setup_end": self.at(there[n].ready)}
                elif seconds > 0:
                    rows[n] |= {"setup_start": rows[n]["start"] - seconds, "setup_end": rows[n]["start"]}
        return True

    def _name_people(self, there: list[Placed], rows: list[dict[str, int]]) -> bool:
        """People who are alike take the holds of their crew in turn; those of lots that stay keep their names."""
        holds: dict[int, list[tuple[int, int, int, str]]] = defaultdict(list)
        busy: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for n, (placed, row) in enumerate(zip(there, rows, strict=True)):
            run, setup = (row["start"], row["end"]), (row["setup_start"], row["setup_end"])
            if not placed.moves:
                self._keep_names(self.index[id(placed)], row, busy)
                continue
            for by, (begin, end), column in ((placed.run_by, run, "person"), (placed.set_by, setup, "setup_person")):
                crew = next((c for c, when in by.items() if self.holds(when)), -1)
                if crew >= 0 and begin >= 0:
                    holds[crew].append((begin, end, n, column))
        for crew, some in holds.items():
            for begin, end, n, column in sorted(some):
                person = self._free(self.model.shop.crews[crew].people, busy, begin, end)
                if person < 0:
                    return False
                rows[n][column] = person
                busy[person].append((begin, end))
        return True

    def _keep_names(self, lot: int, row: dict[str, int], busy: dict[int, list[tuple[int, int]]]) -> None:
        held = self.model.held[lot]
        row |= {"person": held.person, "setup_person": held.setter}
        if not any(w.batch for w in self.model.lots[lot].ways):  # who loads is held for a part only: left to the judge
            busy[held.person].append((held.start, held.end))
        busy[held.setter].append((held.begin, held.ready))

    @staticmethod
    def _free(people: tuple[int, ...], busy: dict[int, list[tuple[int, int]]], begin: int, end: int) -> int:
        """Who of some is free all the time, the one whose last hold ended latest before; -1: nobody."""
        able = [p for p in people if all(b <= begin or a >= end for a, b in busy[p])]
        return max(able, key=lambda p: max((b for _, b in busy[p] if b <= begin), default=0), default=-1)

    def _batch(self, there: list[Placed], rows: list[dict[str, int]]) -> None:
        """Lots that begin together on a batch machine are one batch; those that stay keep theirs."""
        number: dict[tuple[int, int, int], int] = {}
        last = max((h.batch for h in self.model.held.values()), default=-1) + 1
        for stays in (True, False):
            for placed, row in zip(there, rows, strict=True):
                if placed.moves == stays or not any(w.batch and w.machine == row["machine"] for w in placed.lot.ways):
                    continue
                key = (row["machine"], row["start"], self.model.shop.of("step_family", placed.lot.op, -1))
                own = self.model.held[self.index[id(placed)]].batch if stays else -1
                row["batch"] = own if own >= 0 else number.setdefault(key, last + len(number))
                number.setdefault(key, row["batch"])


def _columns(rows: list[dict[str, int]], pieces: bool) -> Schedule:  # noqa: FBT001 - whether that column is wanted
    """Columns of a schedule; those that would say nothing stay empty."""
    empty = {"sublot": 0, "batch": -1, "setup_start": -1, "setup_end": -1, "setup_person": -1, "person": -1}
    columns = {}
    for name in ("op", "machine", "start", "end", *(("pieces",) if pieces else ()), *empty):
        column = np.array([r[name] for r in rows], np.int64)
        if name not in empty or (column != empty[name]).any():
            columns[name] = freeze(column, np.int32)
    return Schedule(**columns)
