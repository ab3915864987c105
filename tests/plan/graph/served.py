"""Tiny problems that the graph can express, all their plans, and slow twins of its kernels."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.model.made import problem
from tests.plan import tiny

from fong._kernels import freeze
from fong.model import Problem, Schedule
from fong.model.problem import Names
from fong.plan.graph import GraphSearch
from fong.plan.graph import _kernels_graph as g

FAR = -(10**6)


@st.composite
def problems(draw: st.DrawFn, *, operations: int = 5) -> Problem:
    """A flexible job shop, maybe with set-ups, lags, lots, joins, and orders of several lines."""
    c = tiny.base(draw)
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4).filter(lambda s: sum(s) <= operations))
    steps = sum(sizes)
    c["jobs"] = sizes
    c["modes"] = [c["modes"][i % len(c["modes"])] for i in range(steps)]
    for name in ("job_release_s", "job_due_s", "job_weight_milli", "job_late_cents_day"):
        c[name] = [c[name][j % len(c[name])] for j in range(len(sizes))]
    if draw(st.booleans()):
        tiny.add_setups(draw, c)
    elif draw(st.booleans()):
        c["modes"] = [[(k, s * draw(st.integers(0, 1))) for k, s in modes] for modes in c["modes"]]
    if draw(st.booleans()):
        c["step_lag_s"] = tiny.column(draw, c, st.integers(0, 5))
    if draw(st.booleans()):
        c["op_pieces"] = tiny.column(draw, c, st.integers(1, 3))
        c["step_pieces_per_cycle"] = tiny.column(draw, c, st.integers(1, 2))
    if draw(st.booleans()):
        c["preds"] = [
            [p for p in range(first, o) if draw(st.booleans())]
            for first, o in ((o - i, o) for o, i in enumerate(i for n in sizes for i in range(n)))
        ]
    if draw(st.booleans()):
        c["names"] = Names(orders=tuple((f"O{draw(st.integers(0, 2))}", j) for j in range(len(sizes))))
    return problem(**c)


class Told:
    """A problem as plain lists."""

    def __init__(self, p: Problem) -> None:
        self.p, self.n = p, p.operations
        self.job = np.repeat(np.arange(p.jobs), np.diff(p.job_ptr)).tolist()
        starts = set(p.job_ptr.tolist())
        if len(p.pred_ptr):
            self.preds = [p.pred_op[p.pred_ptr[o] : p.pred_ptr[o + 1]].tolist() for o in range(self.n)]
        else:
            self.preds = [[] if o in starts else [o - 1] for o in range(self.n)]
        self.succs = [[o for o in range(self.n) if u in self.preds[o]] for u in range(self.n)]
        self.lag = [self.at("step_lag_s", o, 0) for o in range(self.n)]
        self.release = [max(0, self.at("job_release_s", j, 0)) for j in self.job]
        pointer = p.mode_ptr.tolist() if len(p.mode_ptr) else list(range(self.n + 1))
        self.modes = [list(range(pointer[o], pointer[o + 1])) for o in range(self.n)]

    def at(self, name: str, i: int, default: int) -> int:
        column = getattr(self.p, name)
        return int(column[i]) if len(column) else default

    def machine(self, mode: int) -> int:
        return int(self.p.mode_machine[mode])

    def work(self, o: int, mode: int) -> int:
        cycles = -(-self.at("op_pieces", o, 1) // self.at("step_pieces_per_cycle", o, 1))
        return cycles * int(self.p.mode_cycle_s[mode])

    def setup(self, last: int | None, o: int, mode: int) -> int:
        """By matrix; none within a family; the mode's own."""
        own, k = self.at("mode_setup_s", mode, 0), self.machine(mode)
        before = self.at("machine_family", k, -1) if last is None else self.at("step_family", last, -1)
        family = self.at("step_family", o, -1)
        if before < 0 or family < 0:
            return own
        if len(self.p.setup_s):
            row = self.at("machine_group", k, 0) * self.p.families + before
            for e in range(self.p.setup_ptr[row], self.p.setup_ptr[row + 1]):
                if self.p.setup_to[e] == family:
                    return int(self.p.setup_s[e])
        return 0 if before == family else own

    def starts(self, order: list[int], mode: list[int]) -> list[int]:
        """Earliest starts when each machine works in this order."""
        start, last = [0] * self.n, dict[int, int]()
        for o in order:
            k = self.machine(mode[o])
            p = last.get(k)
            free = self.setup(p, o, mode[o]) + (0 if p is None else start[p] + self.work(p, mode[p]))
            jobs = [start[b] + self.work(b, mode[b]) + self.lag[b] for b in self.preds[o]]
            start[o] = max(self.release[o], free, *jobs)
            last[k] = o
        return start

    def tails(self, order: list[int], mode: list[int], job: int | None = None) -> list[int]:
        """Longest paths from each start to the end of all, or of one job."""
        tail, follower = [0] * self.n, dict[int, int]()
        for o in reversed(order):
            k = self.machine(mode[o])
            ways = [self.lag[o] + tail[a] for a in self.succs[o]]
            if k in follower:
                f = follower[k]
                ways.append(self.setup(o, f, mode[f]) + tail[f])
            if not self.succs[o]:
                ways.append(0 if job in {None, self.job[o]} else FAR)
            tail[o] = self.work(o, mode[o]) + max(ways)
            follower[k] = o
        return tail

    def orders(self) -> Iterator[list[int]]:
        """All orders of operations that their jobs allow."""
        for order in itertools.permutations(range(self.n)):
            place = {o: i for i, o in enumerate(order)}
            if all(place[b] < place[o] for o in order for b in self.preds[o]):
                yield list(order)

    def schedule(self, order: list[int], mode: list[int]) -> Schedule:
        """A plan with its set-ups."""
        start = self.starts(order, mode)
        end = [start[o] + self.work(o, mode[o]) for o in range(self.n)]
        last, gap = dict[int, int](), [0] * self.n
        for o in order:
            gap[o] = self.setup(last.get(self.machine(mode[o])), o, mode[o])
            last[self.machine(mode[o])] = o
        columns: dict[str, list[int]] = {
            "op": list(range(self.n)),
            "machine": [self.machine(m) for m in mode],
            "start": start,
            "end": end,
            "setup_start": [s - x if x else -1 for s, x in zip(start, gap, strict=True)],
            "setup_end": [s if x else -1 for s, x in zip(start, gap, strict=True)],
        }
        return Schedule(**{name: freeze(values, np.int32) for name, values in columns.items()})

    def first(self) -> Schedule:
        """A lawful plan: one operation after another, in the first mode."""
        return self.schedule(list(range(self.n)), [m[0] for m in self.modes])

    def all_ends(self) -> set[tuple[int, ...]]:
        """Ends of jobs, zero where a job has no operations, in all plans that start all work as early as its order allows."""
        out = set()
        for mode in itertools.product(*self.modes):
            for order in self.orders():
                start, ends = self.starts(order, list(mode)), [0] * self.p.jobs
                for o in order:
                    ends[self.job[o]] = max(ends[self.job[o]], start[o] + self.work(o, mode[o]))
                out.add(tuple(ends))
        return out


def plan_of(search: GraphSearch) -> tuple[list[int], list[int]]:
    """The plan that a search stands at: operations in topological order, and their modes."""
    m, n = search._memory, search._memory.h[g.N]
    return m.w[g.ORDER, :n].tolist(), m.v[:n, g.MODE].tolist()


def ended(p: Problem, ends: tuple[int, ...]) -> Schedule:
    """Rows that end as told, good for nothing but to be valued."""
    some = [j for j in range(p.jobs) if p.job_ptr[j + 1] > p.job_ptr[j]]
    columns: dict[str, Any] = {
        "op": [p.job_ptr[j] for j in some],
        "machine": [0] * len(some),
        "start": [0] * len(some),
        "end": [ends[j] for j in some],
    }
    return Schedule(**{name: freeze(values, np.int32) for name, values in columns.items()})
