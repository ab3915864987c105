"""The best plan of a tiny workshop by trying everything: slow, obvious, and written without a look at planner or check.

Every order in which set-ups and runs can begin, every choice of machine, person, variant, sub-lots and batches is tried; for each, all
times are pushed as early as they go, second by second. Good for some six runs. Zones: one machine each (nobody disturbs anybody),
with tenders' hours and nights. Not played: places. If the budget of tries runs out, the best so far is returned: no plan that was
looked at is better, but one that was not may be.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from fong.model import NEVER, Problem

OBJECTIVES = ("makespan", "tardiness", "weighted_tardiness", "late_orders", "late_cost", "flow_time")
RESUME, FIT, RUN_ON, OVERTIME = range(4)


@dataclass
class Row:
    """A lot or sub-lot at one step, or a whole batch of them (``members``)."""

    op: int
    pieces: int
    machine: int
    mode: int
    members: list[tuple[int, int]] = field(default_factory=list)  # (op, pieces)
    setter: int = -1
    person: int = -1
    setup: tuple[int, int] | None = None
    start: int = -1
    end: int = -1
    least: int = 0  # pushed up by maximum waits
    done: list[tuple[int, int]] = field(default_factory=list)  # (moment, pieces finished) at the end of each cycle
    begun: list[tuple[int, int]] = field(default_factory=list)


class Brute:
    """Searches one problem; ``best`` holds the least value of each objective (None: no plan found)."""

    def __init__(self, problem: Problem, *, horizon: int = 200, budget: int = 4000) -> None:
        self.p = problem
        self.horizon = horizon
        self.budget = budget
        self.best: dict[str, int] = {}
        self.plans: dict[str, list[dict[str, int]]] = {}
        self.complete = True
        for chosen in itertools.product(*(self.variants(j) for j in range(problem.jobs))):
            for rows in self.lots([t for ops in chosen for t in ops]):
                self.search(rows, [])

    # ------------------------------------------------------------ reading columns
    def at(self, name: str, i: int, default: int) -> int:
        column = getattr(self.p, name)
        return int(column[i]) if len(column) else default

    def step(self, op: int) -> int:
        return self.at("op_step", op, op)

    def of(self, name: str, op: int, default: int) -> int:
        return self.at(f"step_{name}", self.step(op), default)

    def job(self, op: int) -> int:
        return next(j for j in range(self.p.jobs) if self.p.job_ptr[j] <= op < self.p.job_ptr[j + 1])

    def wip_end(self, op: int) -> int | None:
        return next((int(e) for o, e in zip(self.p.wip_op, self.p.wip_end_s, strict=True) if o == op), None)

    def pieces(self, op: int) -> int:
        return self.at("op_pieces", op, 1)

    def modes(self, op: int) -> list[int]:
        s = self.step(op)
        if not len(self.p.mode_ptr):
            return [s]
        return list(range(int(self.p.mode_ptr[s]), int(self.p.mode_ptr[s + 1])))

    def preds(self, op: int) -> list[int]:
        if len(self.p.pred_ptr):
            before = [int(x) for x in self.p.pred_op[self.p.pred_ptr[op] : self.p.pred_ptr[op + 1]]]
        else:
            before = [op - 1] if op > self.p.job_ptr[self.job(op)] else []
        return [a for a in before if self.pieces(a) > 0 or self.wip_end(a) is not None]

    def open(self, calendar: int, t: int) -> bool:
        if calendar < 0:
            return True
        windows = range(int(self.p.cal_ptr[calendar]), int(self.p.cal_ptr[calendar + 1]))
        return any(self.p.win_open_s[w] <= t < self.p.win_close_s[w] for w in windows)

    def machine_open(self, m: int, t: int) -> bool:
        return m < 0 or self.open(self.at("machine_calendar", m, -1), t)

    def person_open(self, n: int, t: int) -> bool:
        return n < 0 or self.open(self.at("person_calendar", n, -1), t)

    def with_skill(self, skill: int) -> list[int]:
        return [int(n) for n in self.p.skill_person[self.p.skill_ptr[skill] : self.p.skill_ptr[skill + 1]]]

    def is_batch(self, m: int) -> bool:
        return m >= 0 and self.at("machine_batch_milli", m, 0) > 0

    # ------------------------------------------------------------ choices
    def variants(self, j: int) -> list[list[int]]:
        ops = [t for t in range(self.p.job_ptr[j], self.p.job_ptr[j + 1]) if self.pieces(t) > 0 and self.wip_end(t) is None]
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

    def outside(self, r: Row) -> bool:
        return self.of("outside_s", r.op, -1) >= 0

    def independent(self, rows: list[Row], a: tuple[str, int, int], b: tuple[str, int, int]) -> bool:
        x, y = rows[a[1]], rows[b[1]]
        if a[1] == b[1] or (x.machine == y.machine and x.machine >= 0) or (a[2] == b[2] and a[2] >= 0):
            return False
        tools = {self.of("tool", o, -1) for r in (x, y) for o, _ in r.members}
        shared = any(len(self.p.use_ptr) and self.p.use_ptr[self.step(o)] < self.p.use_ptr[self.step(o) + 1] for r in (x, y) for o, _ in r.members)
        if tools != {-1} or shared:
            return False
        mine, theirs = {o for o, _ in x.members}, {o for o, _ in y.members}
        linked = any(set(self.preds(o)) & mine for o in theirs) or any(set(self.preds(o)) & theirs for o in mine)
        return not (linked or mine & theirs)

    # ------------------------------------------------------------ set-ups
    def setup_need(self, rows: list[Row], events: list[tuple[str, int, int]], i: int) -> int:
        r = rows[i]
        if r.machine < 0 or self.outside(r):
            return 0
        own = self.at("mode_setup_s", r.mode, 0)
        if self.at("machine_slots", r.machine, 1) > 1:
            return own
        before = [rows[x] for kind, x, _ in events if kind == "run" and rows[x].machine == r.machine]
        if before:
            previous = before[-1]
            if previous.op == r.op and not self.is_batch(r.machine):
                return 0
            family = self.of("family", previous.op, -1)
        else:
            running = [int(o) for o, m in zip(self.p.wip_op, self.p.wip_machine, strict=True) if m == r.machine]
            family = self.of("family", running[-1], -1) if running else self.at("machine_family", r.machine, -1)
        return self.changeover(r, family, self.of("family", r.op, -1), own)

    def changeover(self, r: Row, before: int, after: int, own: int) -> int:
        if before < 0 or after < 0:
            return own
        if len(self.p.setup_ptr):
            line = self.at("machine_group", r.machine, 0) * self.p.families + before
            for x in range(int(self.p.setup_ptr[line]), int(self.p.setup_ptr[line + 1])):
                if self.p.setup_to[x] == after:
                    return int(self.p.setup_s[x])
        return 0 if before == after else own

    # ------------------------------------------------------------ times
    def evaluate(self, rows: list[Row], events: list[tuple[str, int, int]]) -> None:
        for r in rows:
            r.least = 0
        while True:
            if not self.push(rows, events):
                return
            if not self.waits_too_long(rows):
                break
        ends = {j: 0 for j in range(self.p.jobs)}
        for r in rows:
            for o, _ in r.members:
                ends[self.job(o)] = max(ends[self.job(o)], r.end)
        for o, e in zip(self.p.wip_op, self.p.wip_end_s, strict=True):
            ends[self.job(int(o))] = max(ends[self.job(int(o))], int(e))
        for name, value in self.values(ends).items():
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
                out.append({"op": o, "machine": r.machine, "pieces": q, "sublot": seen[o], "batch": batch, **times, **more})
                seen[o] += 1
        return out

    def push(self, rows: list[Row], events: list[tuple[str, int, int]]) -> bool:
        """All times as early as this order of beginnings allows; False if some do not fit before the horizon."""
        for r in rows:
            r.setup, r.start, r.end = None, -1, -1
        past: list[tuple[str, int, int]] = []
        for kind, i, n in events:
            r = rows[i]
            found = self.place_setup(rows, past, r, i, n) if kind == "setup" else self.place_run(rows, past, r, i, n)
            if not found:
                return False
            past.append((kind, i, n))
        return True

    def place_setup(self, rows: list[Row], past: list[tuple[str, int, int]], r: Row, i: int, n: int) -> bool:
        need = self.setup_need(rows, past, i)
        gap = self.of("gap", r.op, 0)
        for t in range(self.horizon):
            if not (self.machine_free(rows, past, r, t) and self.person_free(rows, past, n, t) and self.tool_free(rows, past, r, t)):
                continue
            end = self.worked(r.machine, n, t, need, RESUME if gap == RUN_ON else gap, self.of("overtime_s", r.op, 0))
            if end is not None:
                r.setup, r.setter = (t, end), n
                return True
        return False

    def place_run(self, rows: list[Row], past: list[tuple[str, int, int]], r: Row, i: int, n: int) -> bool:
        first = max(r.least, r.setup[1] if r.setup else 0)
        for o, _ in r.members:
            first = max(first, self.at("job_release_s", self.job(o), 0))
        for t in range(max(0, first), self.horizon):
            if r.setup is None and not (self.machine_free(rows, past, r, t) and self.tool_free(rows, past, r, t)):
                continue
            if not (self.person_free(rows, past, n, t) and self.material_there(rows, past, r, t)):
                continue
            if not self.run_from(rows, r, n, t) or not self.supplied(rows, past, r, t):
                continue
            r.person = n
            return True
        del i
        return False

    def machine_free(self, rows: list[Row], past: list[tuple[str, int, int]], r: Row, t: int) -> bool:
        if r.machine < 0:
            return True
        held = sum(rows[x].end > t for kind, x, _ in past if kind == "run" and rows[x].machine == r.machine)
        held += sum(
            kind == "setup" and rows[x].machine == r.machine and rows[x].end < 0 and rows[x] is not r
            for kind, x, _ in past
        )
        held += sum(m == r.machine and e > t for m, e in zip(self.p.wip_machine, self.p.wip_end_s, strict=True))
        return held < self.at("machine_slots", r.machine, 1)

    def person_free(self, rows: list[Row], past: list[tuple[str, int, int]], n: int, t: int) -> bool:
        if n < 0:
            return True
        for kind, x, who in past:
            if who != n:
                continue
            r = rows[x]
            until = r.setup[1] if kind == "setup" and r.setup else self.held_until(r)
            if until > t:
                return False
        return True

    def held_until(self, r: Row) -> int:
        if not self.is_batch(r.machine):
            return r.end
        load = max(self.of("attend_s", o, 0) for o, _ in r.members)
        return self.worked(r.machine, r.person, r.start, load, RESUME, 0) or r.end

    def tool_free(self, rows: list[Row], past: list[tuple[str, int, int]], r: Row, t: int) -> bool:
        for o, _ in r.members:
            tool = self.of("tool", o, -1)
            if tool < 0:
                continue
            held = [rows[x] for kind, x, _ in past if kind == "run" or rows[x].end < 0]
            ids = {id(x): x for x in held if x is not r}
            count = sum(
                sum(self.of("tool", m, -1) == tool for m, _ in x.members) for x in ids.values() if x.end < 0 or x.end > t
            )
            count += sum(
                self.of("tool", int(w), -1) == tool and e > t for w, e in zip(self.p.wip_op, self.p.wip_end_s, strict=True)
            )
            if count + sum(self.of("tool", m, -1) == tool for m, _ in r.members) > self.p.tool_quantity[tool]:
                return False
        return True

    def material_there(self, rows: list[Row], past: list[tuple[str, int, int]], r: Row, t: int) -> bool:
        """All that runs before it in the order, and it, have enough by now: starts may only be later than the order says."""
        if not len(self.p.use_ptr):
            return True
        taken: dict[int, int] = {}
        for x in [*(rows[x] for kind, x, _ in past if kind == "run"), r]:
            for o, q in x.members:
                s = self.step(o)
                for u in range(int(self.p.use_ptr[s]), int(self.p.use_ptr[s + 1])):
                    item = int(self.p.use_item[u])
                    taken[item] = taken.get(item, 0) + q * int(self.p.use_micro[u])
        for item, micro in taken.items():
            come = range(int(self.p.receipt_ptr[item]), int(self.p.receipt_ptr[item + 1]))
            have = int(self.p.stock_micro[item]) + sum(int(self.p.receipt_micro[x]) for x in come if self.p.receipt_at_s[x] <= t)
            if micro > have and any(
                self.p.use_item[u] == item
                for o, _ in r.members
                for u in range(int(self.p.use_ptr[self.step(o)]), int(self.p.use_ptr[self.step(o) + 1]))
            ):
                return False
        return True

    def worked(self, machine: int, person: int, t: int, work: int, gap: int, overtime: int) -> int | None:
        """End of work from exactly t on, or None if it may not begin at t."""

        def common(x: int) -> bool:
            return self.machine_open(machine, x) and self.person_open(person, x)

        if not common(t):
            return None
        if gap == RUN_ON:
            return t + work
        close = next((x for x in range(t, 3 * self.horizon) if not common(x)), 3 * self.horizon)
        if gap in {FIT, OVERTIME}:
            return t + work if t + work <= close + (overtime if gap == OVERTIME else 0) else None
        left, x = work, t
        while left > 0:
            if x > 3 * self.horizon:
                return None
            left -= common(x)
            x += 1
        return x

    def run_from(self, rows: list[Row], r: Row, n: int, t: int) -> bool:
        """Set start, end and the moments of its pieces if it may begin at t."""
        del rows
        gap, overtime = self.of("gap", r.op, 0), self.of("overtime_s", r.op, 0)
        r.done, r.begun = [], []
        if self.outside(r):
            if not self.open(self.of("collect", r.op, -1), t):
                return False
            r.start, r.end = t, t + self.of("outside_s", r.op, -1)
            return True
        if self.is_batch(r.machine):
            return self.run_batch(r, n, t)
        cycle = int(self.p.mode_cycle_s[r.mode]) if r.mode >= 0 else self.of("cycle_s", r.op, 0)
        per = self.of("pieces_per_cycle", r.op, 1)
        cycles = -(-r.pieces // per)
        if self.calls(r):
            end = self.zone_end(r, cycles, cycle, t)
        else:
            end = self.worked(r.machine, n, t, cycles * cycle, gap, overtime)
            if end is not None:
                for c in range(cycles):
                    at = self.worked(r.machine, n, t, c * cycle, RUN_ON if gap != RESUME else RESUME, 0)
                    opened = next(x for x in range(at or t, 4 * self.horizon) if gap != RESUME or (self.machine_open(r.machine, x) and self.person_open(n, x)))
                    r.begun.append((opened, min(r.pieces, (c + 1) * per)))
                    finished = self.worked(r.machine, n, t, (c + 1) * cycle, RUN_ON if gap != RESUME else RESUME, 0)
                    r.done.append((finished or end, min(r.pieces, (c + 1) * per)))
        if end is None:
            return False
        r.start, r.end = t, end
        return True

    def run_batch(self, r: Row, n: int, t: int) -> bool:
        ends = []
        for o, _ in r.members:
            mode = next(m for m in self.modes(o) if self.p.mode_machine[m] == r.machine)
            ends.append(self.worked(r.machine, -1, t, int(self.p.mode_cycle_s[mode]), self.of("gap", o, 0), self.of("overtime_s", o, 0)))
        if None in ends or (n >= 0 and not self.person_open(n, t)):
            return False
        r.start, r.end = t, max(e for e in ends if e is not None)
        return True

    # ------------------------------------------------------------ boxes
    def supplied(self, rows: list[Row], past: list[tuple[str, int, int]], r: Row, t: int) -> bool:
        """Whether predecessors, lags and boxes allow the run that was just laid to t."""
        run = {x for kind, x, _ in past if kind == "run"}
        for o, _ in r.members:
            for a in self.preds(o):
                lag = self.of("lag_s", a, 0)
                wip = self.wip_end(a)
                feeds = [rows[x] for x in run if a in {m for m, _ in rows[x].members}]
                boxed = self.of("box", a, 0) > 0 and not self.is_batch(r.machine) and not any(self.is_batch(x.machine) for x in feeds)
                if wip is not None or not boxed:
                    latest = wip if wip is not None else max(x.end for x in feeds)
                    if t < latest + lag:
                        return False
                elif not self.boxes_hold(rows, run, r, o, a, feeds, lag):
                    return False
        return True

    def boxes_hold(self, rows: list[Row], run: set[int], r: Row, o: int, a: int, feeds: list[Row], lag: int) -> bool:
        box, q_a, q_b = self.of("box", a, 0), self.pieces(a), self.pieces(o)
        others = [rows[x] for x in run if o in {m for m, _ in rows[x].members}]
        starts = [s for x in [*others, r] for s in x.begun]
        for moment, _ in starts:
            begun = sum(max((q for s, q in x.begun if s <= moment), default=0) for x in [*others, r])
            finished = 0
            for x in feeds:
                made = max((q for s, q in x.done if s + lag <= moment), default=0)
                finished += x.pieces if x.end + lag <= moment else made // box * box
            if begun > (q_b if finished >= q_a else finished * q_b // q_a):
                return False
        return True

    # ------------------------------------------------------------ zones with one machine
    def calls(self, r: Row) -> bool:
        stops = self.of("stops_micro", r.op, 0) * self.of("stop_s", r.op, 0)
        return r.machine >= 0 and self.at("machine_zone", r.machine, -1) >= 0 and (self.of("attend_s", r.op, 0) > 0 or stops > 0)

    def on_duty(self, r: Row, t: int) -> int:
        zone = self.at("machine_zone", r.machine, -1)
        tenders = self.p.tender_person[self.p.tender_ptr[zone] : self.p.tender_ptr[zone + 1]]
        return sum(self.person_open(int(n), t) for n in tenders)

    def zone_end(self, r: Row, cycles: int, cycle: int, t: int) -> int | None:
        attend = self.of("attend_s", r.op, 0)
        calls = -(-cycles // self.of("cycles_per_call", r.op, 1))
        run = cycles * cycle * 1000 // calls
        service = attend * 1000 + self.of("stops_micro", r.op, 0) * run * self.of("stop_s", r.op, 0) * 1000 // 3_600_000_000_000
        if attend > 0 and not self.on_duty(r, t) and (r.setup is None or r.setup[1] != t):
            return None
        made, x, stands = Fraction(0), t, Fraction(0)
        while made < calls:
            if x > 3 * self.horizon:
                return None
            if self.on_duty(r, x):
                wait = min(Fraction(1), stands)
                stands -= wait
                made += (1 - wait) * Fraction(1000, run + service)
                x += 1
                continue
            dawn = next((y for y in range(x, 4 * self.horizon) if self.on_duty(r, y)), None)
            lit = run / 1000 if dawn is None else min(dawn - x, run / 1000)
            if dawn is None or (attend == 0 and made + Fraction(int(lit * 1000), run) >= calls):
                if attend > 0:
                    return None
                return x + -(-int((calls - made) * run) // 1000) if made + Fraction(int(lit * 1000), run) >= calls else None
            made += Fraction(int(lit * 1000), run)
            if run <= (dawn - x) * 1000:
                tenders = self.on_duty(r, dawn)
                stands = Fraction(max(tenders, 1) + tenders, 2 * tenders) * attend
            x = dawn
        return x

    # ------------------------------------------------------------ waits, values
    def waits_too_long(self, rows: list[Row]) -> bool:
        """Raise the start of what lies too long before its successor; True if anything was raised."""
        raised = False
        for r in rows:
            for o, _ in r.members:
                for a in self.preds(o):
                    limit = self.of("max_wait_s", a, NEVER)
                    feeds = [x for x in rows if a in {m for m, _ in x.members}]
                    if not feeds or r.start - max(x.end for x in feeds) <= limit:
                        continue
                    last = max(feeds, key=lambda x: x.end)
                    last.least = last.start + 1
                    raised = True
        return raised

    def order(self, j: int) -> str:
        return self.p.names.orders[j][0] if self.p.names.orders else str(j)

    def values(self, ends: dict[int, int]) -> dict[str, int]:
        late = {j: max(0, e - self.at("job_due_s", j, NEVER)) for j, e in ends.items()}
        return {
            "makespan": max(ends.values()),
            "tardiness": sum(late.values()),
            "weighted_tardiness": sum(t * self.at("job_weight_milli", j, 1000) for j, t in late.items()) // 1000,
            "late_orders": len({self.order(j) for j, t in late.items() if t > 0}),
            "late_cost": sum(math.floor(Fraction(t * self.at("job_late_cents_day", j, 0), 86_400) + Fraction(1, 2)) for j, t in late.items()),
            "flow_time": sum(e - self.at("job_release_s", j, 0) for j, e in ends.items()),
        }


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


def best_values(problem: Problem, **limits: int) -> dict[str, int]:
    """Least value of each objective over all plans; empty: there is none within the horizon."""
    return Brute(problem, **limits).best
