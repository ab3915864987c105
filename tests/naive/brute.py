"""The best plan of a tiny workshop by trying everything: slow, obvious, and written without a look at planner or check.

Every order in which set-ups and runs can begin, every choice of machine, person, variant, sub-lots and batches is tried; for each, all
times are pushed as early as they go, second by second. Good for some six runs. Zones: one machine each (nobody disturbs anybody),
with tenders' hours and nights. Not played: places. If the budget of tries runs out, the best so far is returned: no plan that was
looked at is better, but one that was not may be.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.naive.brute_times import Row, Times

from fong.model import Problem


class Brute(Times):
    """Searches one problem; ``best`` holds the least value of each objective (empty: no plan found), ``plans`` its rows."""

    def __init__(self, problem: Problem, *, horizon: int = 200, budget: int = 4000) -> None:
        super().__init__(problem, horizon)
        self.budget = budget
        self.best: dict[str, int] = {}
        self.plans: dict[str, list[dict[str, int]]] = {}
        self.complete = True
        for chosen in itertools.product(*(self.variants(j) for j in range(problem.jobs))):
            for rows in self.lots([t for ops in chosen for t in ops]):
                self.search(rows, [])

    # ------------------------------------------------------------ choices
    def variants(self, j: int) -> list[list[int]]:
        ops = [
            t for t in range(self.p.job_ptr[j], self.p.job_ptr[j + 1]) if self.pieces(t) > 0 and self.wip_end(t) is None
        ]
        kinds = sorted({self.at("op_variant", t, 0) for t in ops}) or [0]
        return [[t for t in ops if self.at("op_variant", t, 0) == v] for v in kinds]

    def splits(self, op: int) -> Iterator[list[int]]:
        total, most, over = self.pieces(op), self.of("max_lot", op, 0), self.of("split_over", op, 1)
        if most == 0 and over == 1 and not any(self.is_batch(int(self.p.mode_machine[m])) for m in self.modes(op)):
            yield [total]
            return
        for n in range(1, min(3, total) + 1):
            for parts in itertools.combinations_with_replacement(range(1, total + 1), n):
                if sum(parts) == total and (most == 0 or max(parts) <= most):
                    yield list(parts)

    def lots(self, ops: list[int]) -> Iterator[list[Row]]:
        """All ways to cut lots, to choose machines, and to put lots into batches."""
        per_op = []
        for op in ops:
            ways = []
            for parts in self.splits(op):
                modes = self.modes(op) or [-1]
                for chosen in itertools.product(modes, repeat=len(parts)):
                    machines = [int(self.p.mode_machine[m]) if m >= 0 else -1 for m in chosen]
                    if len(set(machines)) > self.of("split_over", op, 1):
                        continue
                    if len(parts) > 1 and not self.may_cut(op, machines):
                        continue
                    ways.append([Row(op, q, k, m) for q, k, m in zip(parts, machines, chosen, strict=True)])
            per_op.append(ways)
        for combination in itertools.product(*per_op):
            rows = [r for way in combination for r in way]
            if self.same_machines(rows):
                yield from self.batches(rows)

    def may_cut(self, op: int, machines: list[int]) -> bool:
        if self.of("max_lot", op, 0) > 0 or self.of("split_over", op, 1) > 1:
            return True
        units = self.pieces(op) * self.of("batch_milli", op, 1000)
        return all(self.is_batch(k) and units > self.at("machine_batch_milli", k, 0) for k in machines)

    def same_machines(self, rows: list[Row]) -> bool:
        groups: dict[int, set[int]] = {}
        for r in rows:
            if self.at("op_same", r.op, -1) >= 0:
                groups.setdefault(self.at("op_same", r.op, -1), set()).add(r.machine)
        return all(len(g) == 1 for g in groups.values())

    def batches(self, rows: list[Row]) -> Iterator[list[Row]]:
        single = [r for r in rows if not self.is_batch(r.machine)]
        together = [r for r in rows if self.is_batch(r.machine)]
        for groups in partitions(together):
            if all(self.batch_fits(g) for g in groups):
                made = [Row(g[0].op, 0, g[0].machine, g[0].mode, [(r.op, r.pieces) for r in g]) for g in groups]
                fresh = [Row(r.op, r.pieces, r.machine, r.mode, [(r.op, r.pieces)]) for r in single]
                yield fresh + made

    def batch_fits(self, group: list[Row]) -> bool:
        machine = group[0].machine
        units = sum(r.pieces * self.of("batch_milli", r.op, 1000) for r in group)
        families = {self.of("family", r.op, -1) for r in group}
        return (
            all(r.machine == machine for r in group)
            and units <= self.at("machine_batch_milli", machine, 0)
            and len(families) == 1
        )

    # ------------------------------------------------------------ orders of beginnings
    def search(self, rows: list[Row], events: list[tuple[str, int, int]]) -> None:
        """Extend the order of beginnings by one: ('setup' or 'run', row, person)."""
        if self.budget <= 0:
            self.complete = False
            return
        run = {i for kind, i, _ in events if kind == "run"}
        if len(run) == len(rows):
            self.budget -= 1
            self.evaluate(rows, events)
            return
        for event in self.nexts(rows, events, run):
            if events and self.independent(rows, events[-1], event) and event < events[-1]:
                continue  # the same plan as with the two exchanged
            self.search(rows, [*events, event])

    def nexts(
        self, rows: list[Row], events: list[tuple[str, int, int]], run: set[int]
    ) -> Iterator[tuple[str, int, int]]:
        ready_setup = {i for kind, i, _ in events if kind == "setup"}
        for i, r in enumerate(rows):
            if i in run:
                continue
            slots = self.at("machine_slots", r.machine, 1) if r.machine >= 0 else 99
            waiting = [x for x in ready_setup - run if rows[x].machine == r.machine and x != i]
            if slots == 1 and r.machine >= 0 and waiting:
                continue
            if i not in ready_setup and self.setup_need(rows, events, i) > 0:
                skill = self.of("setup_skill", r.op, -1)
                yield from (("setup", i, n) for n in (self.with_skill(skill) if skill >= 0 else [-1]))
                continue
            members = {o for o, _ in r.members}
            before = {a for o in members for a in self.preds(o)}
            if all(j in run for j, x in enumerate(rows) if before & {o for o, _ in x.members}):
                yield from (("run", i, n) for n in self.runners(r))

    def runners(self, r: Row) -> list[int]:
        skill = self.of("run_skill", r.op, -1)
        if self.is_batch(r.machine):
            loads = [o for o, _ in r.members if self.of("run_skill", o, -1) >= 0 and self.of("attend_s", o, 0) > 0]
            skill = self.of("run_skill", loads[0], -1) if loads else -1
            if any(self.of("run_skill", o, -1) != skill for o in loads):
                return []
        if skill < 0 or self.outside(r):
            return [-1]
        return [n for n in self.with_skill(skill) if self.at("person_zone", n, -1) < 0]

    def independent(self, rows: list[Row], a: tuple[str, int, int], b: tuple[str, int, int]) -> bool:
        x, y = rows[a[1]], rows[b[1]]
        if a[1] == b[1] or (x.machine == y.machine and x.machine >= 0) or (a[2] == b[2] and a[2] >= 0):
            return False
        tools = {self.of("tool", o, -1) for r in (x, y) for o, _ in r.members}
        shared = any(
            len(self.p.use_ptr) and self.p.use_ptr[self.step(o)] < self.p.use_ptr[self.step(o) + 1]
            for r in (x, y)
            for o, _ in r.members
        )
        if tools != {-1} or shared:
            return False
        mine, theirs = {o for o, _ in x.members}, {o for o, _ in y.members}
        linked = any(set(self.preds(o)) & mine for o in theirs) or any(set(self.preds(o)) & theirs for o in mine)
        return not (linked or mine & theirs)

    def evaluate(self, rows: list[Row], events: list[tuple[str, int, int]]) -> None:
        ends = self.lay(rows, events)
        for name, value in self.values(ends).items() if ends is not None else ():
            if value < self.best.get(name, value + 1):
                self.best[name] = value
                self.plans[name] = self.schedule(rows)

    def schedule(self, rows: list[Row]) -> list[dict[str, int]]:
        """Rows of a plan file."""
        out = []
        seen: Counter[int] = Counter()
        for i, r in enumerate(rows):
            for o, q in r.members:
                more = {"setup_start": r.setup[0], "setup_end": r.setup[1], "setup_person": r.setter} if r.setup else {}
                batch = i if self.is_batch(r.machine) else -1
                times = {"start": r.start, "end": r.end, "person": r.person}
                out.append(
                    {"op": o, "machine": r.machine, "pieces": q, "sublot": seen[o], "batch": batch, **times, **more}
                )
                seen[o] += 1
        return out


def partitions(things: list[Any]) -> Iterator[list[list[Any]]]:
    """All ways to put things into groups."""
    if not things:
        yield []
        return
    first, *rest = things
    for groups in partitions(rest):
        yield [[first], *groups]
        for i in range(len(groups)):
            yield [*groups[:i], [first, *groups[i]], *groups[i + 1 :]]
