"""What a proof returns, and how a solution of the model becomes a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
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
        index = {id(p): i for i, p in enumerate(self.model.placed)}
        by_machine: dict[int, list[int]] = defaultdict(list)
        for n, row in enumerate(rows):
            if row["machine"] >= 0:
                by_machine[row["machine"]].append(n)
        for machine, some in by_machine.items():
            before = -1
            for n in sorted(some, key=lambda n: (self.at(there[n].start), rows[n]["end"])):
                lot = index[id(there[n])]
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
        """People who are alike take the holds of their crew in turn; whoever was free first takes the next."""
        holds: dict[int, list[tuple[int, int, int, str]]] = defaultdict(list)
        for n, (placed, row) in enumerate(zip(there, rows, strict=True)):
            for crew, when in placed.run_by.items():
                if self.holds(when):
                    holds[crew].append((row["start"], row["end"], n, "person"))
                    break
            for crew, when in placed.set_by.items() if row["setup_start"] >= 0 else ():
                if self.holds(when):
                    holds[crew].append((row["setup_start"], row["setup_end"], n, "setup_person"))
                    break
        for crew, some in holds.items():
            free = [(0, p) for p in self.model.shop.crews[crew].people]
            for begin, end, n, column in sorted(some):
                if not free or free[0][0] > begin:
                    return False
                _, person = heappop(free)
                rows[n][column] = person
                heappush(free, (max(begin, end), person))
        return True

    def _batch(self, there: list[Placed], rows: list[dict[str, int]]) -> None:
        """Lots that begin together on a batch machine are one batch."""
        number: dict[tuple[int, int], int] = {}
        for placed, row in zip(there, rows, strict=True):
            if any(w.batch and w.machine == row["machine"] for w in placed.lot.ways):
                row["batch"] = number.setdefault((row["machine"], row["start"]), len(number))


def _columns(rows: list[dict[str, int]], pieces: bool) -> Schedule:  # noqa: FBT001 - whether that column is wanted
    """Columns of a schedule; those that would say nothing stay empty."""
    empty = {"sublot": 0, "batch": -1, "setup_start": -1, "setup_end": -1, "setup_person": -1, "person": -1}
    columns = {}
    for name in ("op", "machine", "start", "end", *(("pieces",) if pieces else ()), *empty):
        column = np.array([r[name] for r in rows], np.int64)
        if name not in empty or (column != empty[name]).any():
            columns[name] = freeze(column, np.int32)
    return Schedule(**columns)
