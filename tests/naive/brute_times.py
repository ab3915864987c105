"""The earliest times of a plan whose order of beginnings is given, second by second: slow and obvious.

Part of :mod:`tests.naive.brute`, which tries the orders.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from fong.model import NEVER, Problem

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


class Times:
    """Lays the runs of one problem in time."""

    def __init__(self, problem: Problem, horizon: int) -> None:
        self.p = problem
        self.horizon = horizon
        self.column: dict[str, list[int]] = {}
        self.seconds: dict[int, list[bool]] = {}
        self.together: dict[tuple[int, int], list[bool]] = {}

    # ------------------------------------------------------------ reading columns
    def at(self, name: str, i: int, default: int) -> int:
        column = self.column.get(name)
        if column is None:
            column = self.column[name] = getattr(self.p, name).tolist()
        return column[i] if column else default

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

    def mode_on(self, op: int, machine: int) -> int:
        return next(m for m in self.modes(op) if self.p.mode_machine[m] == machine)

    def preds(self, op: int) -> list[int]:
        if len(self.p.pred_ptr):
            before = [int(x) for x in self.p.pred_op[self.p.pred_ptr[op] : self.p.pred_ptr[op + 1]]]
        else:
            before = [op - 1] if op > self.p.job_ptr[self.job(op)] else []
        return [a for a in before if self.pieces(a) > 0 or self.wip_end(a) is not None]

    def hours(self, calendar: int) -> list[bool]:
        """Second by second whether a calendar is open."""
        if calendar not in self.seconds:
            windows = range(int(self.p.cal_ptr[calendar]), int(self.p.cal_ptr[calendar + 1])) if calendar >= 0 else ()
            spans = [(int(self.p.win_open_s[w]), int(self.p.win_close_s[w])) for w in windows]
            self.seconds[calendar] = [
                calendar < 0 or any(a <= t < b for a, b in spans) for t in range(5 * self.horizon)
            ]
        return self.seconds[calendar]

    def machine_hours(self, m: int) -> list[bool]:
        return self.hours(self.at("machine_calendar", m, -1) if m >= 0 else -1)

    def person_hours(self, n: int) -> list[bool]:
        return self.hours(self.at("person_calendar", n, -1) if n >= 0 else -1)

    def common(self, machine: int, person: int) -> list[bool]:
        key = (machine, person)
        if key not in self.together:
            pairs = zip(self.machine_hours(machine), self.person_hours(person), strict=True)
            self.together[key] = [a and b for a, b in pairs]
        return self.together[key]

    def with_skill(self, skill: int) -> list[int]:
        return [int(n) for n in self.p.skill_person[self.p.skill_ptr[skill] : self.p.skill_ptr[skill + 1]]]

    def is_batch(self, m: int) -> bool:
        return m >= 0 and self.at("machine_batch_milli", m, 0) > 0

    # ------------------------------------------------------------ set-ups
    def setup_need(self, rows: list[Row], events: list[tuple[str, int, int]], i: int) -> int:
        r = rows[i]
        if r.machine < 0 or self.outside(r):
            return 0
        own = max(self.at("mode_setup_s", self.mode_on(o, r.machine), 0) for o, _ in r.members)
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
    def lay(self, rows: list[Row], events: list[tuple[str, int, int]]) -> dict[int, int] | None:
        """Set all times of the rows; the end of each job, or None if the order cannot be kept."""
        for r in rows:
            r.least = 0
        while True:
            if not self.push(rows, events):
                return None
            if not self.waits_too_long(rows):
                break
        ends = dict.fromkeys(range(self.p.jobs), 0)
        for r in rows:
            for o, _ in r.members:
                ends[self.job(o)] = max(ends[self.job(o)], r.end)
        for o, e in zip(self.p.wip_op, self.p.wip_end_s, strict=True):
            ends[self.job(int(o))] = max(ends[self.job(int(o))], int(e))
        return ends

    def outside(self, r: Row) -> bool:
        return self.of("outside_s", r.op, -1) >= 0

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
            if not (
                self.machine_free(rows, past, r, t)
                and self.person_free(rows, past, n, t)
                and self.tool_free(rows, past, r, t)
            ):
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
        running = zip(self.p.wip_machine.tolist(), self.p.wip_end_s.tolist(), strict=True)
        held += sum(m == r.machine and e > t for m, e in running)
        return bool(held < self.at("machine_slots", r.machine, 1))

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
                sum(self.of("tool", m, -1) == tool for m, _ in x.members)
                for x in ids.values()
                if x.end < 0 or x.end > t
            )
            count += sum(
                self.of("tool", int(w), -1) == tool and e > t
                for w, e in zip(self.p.wip_op, self.p.wip_end_s, strict=True)
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
            have = int(self.p.stock_micro[item]) + sum(
                int(self.p.receipt_micro[x]) for x in come if self.p.receipt_at_s[x] <= t
            )
            if micro > have and any(
                self.p.use_item[u] == item
                for o, _ in r.members
                for u in range(int(self.p.use_ptr[self.step(o)]), int(self.p.use_ptr[self.step(o) + 1]))
            ):
                return False
        return True

    def worked(self, machine: int, person: int, t: int, work: int, gap: int, overtime: int) -> int | None:
        """End of work from exactly t on, or None if it may not begin at t."""
        opened = self.common(machine, person)
        if not opened[t]:
            return None
        if gap == RUN_ON:
            return t + work
        if gap in {FIT, OVERTIME}:
            close = next((x for x in range(t, len(opened)) if not opened[x]), len(opened))
            return t + work if t + work <= close + (overtime if gap == OVERTIME else 0) else None
        left, x = work, t
        while left > 0:
            if x >= 3 * self.horizon:
                return None
            left -= opened[x]
            x += 1
        return x

    def run_from(self, rows: list[Row], r: Row, n: int, t: int) -> bool:
        """Set start, end and the moments of its pieces if it may begin at t."""
        del rows
        gap, overtime = self.of("gap", r.op, 0), self.of("overtime_s", r.op, 0)
        r.done, r.begun = [], []
        if self.outside(r):
            if not self.hours(self.of("collect", r.op, -1))[t]:
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
                    opened = next(
                        x for x in range(at or t, 4 * self.horizon) if gap != RESUME or self.common(r.machine, n)[x]
                    )
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
            cycle = int(self.p.mode_cycle_s[self.mode_on(o, r.machine)])
            ends.append(self.worked(r.machine, -1, t, cycle, self.of("gap", o, 0), self.of("overtime_s", o, 0)))
        if None in ends or not self.person_hours(n)[t]:
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
                # rows with calls or outside hand over whole lots here: legal, if not always the best
                whole = any(self.is_batch(x.machine) or self.calls(x) or self.outside(x) for x in (r, *feeds))
                boxed = self.of("box", a, 0) > 0 and not whole
                if wip is not None and t - wip > self.of("max_wait_s", a, NEVER):
                    return False
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
        return (
            r.machine >= 0
            and self.at("machine_zone", r.machine, -1) >= 0
            and (self.of("attend_s", r.op, 0) > 0 or stops > 0)
        )

    def on_duty(self, r: Row, t: int) -> int:
        zone = self.at("machine_zone", r.machine, -1)
        tenders = self.p.tender_person[self.p.tender_ptr[zone] : self.p.tender_ptr[zone + 1]].tolist()
        return sum(self.person_hours(n)[t] for n in tenders)

    def zone_end(self, r: Row, cycles: int, cycle: int, t: int) -> int | None:
        attend = self.of("attend_s", r.op, 0)
        calls = -(-cycles // self.of("cycles_per_call", r.op, 1))
        run = cycles * cycle * 1000 // calls
        service = (
            attend * 1000
            + self.of("stops_micro", r.op, 0) * run * self.of("stop_s", r.op, 0) * 1000 // 3_600_000_000_000
        )
        if attend > 0 and not self.on_duty(r, t) and (r.setup is None or r.setup[1] != t):
            return None
        made, x, stands = Fraction(0), t, Fraction(0)
        opened = self.machine_hours(r.machine)
        while made < calls:
            if x > 3 * self.horizon:
                return None
            if self.on_duty(r, x):
                wait = min(Fraction(1), stands)
                stands -= wait
                made += opened[x] * (1 - wait) * Fraction(1000, run + service)
                x += 1
                continue
            dark = 0
            while x <= 3 * self.horizon and not self.on_duty(r, x):
                dark += opened[x]
                x += 1
                if attend == 0 and made + self.night(r, dark, run) >= calls:
                    return x
            made += self.night(r, dark, run)
            if run <= dark * 1000:
                stands = Fraction(attend)  # alone in its zone: (max(1, R) + R) a / 2R
        return x

    def night(self, r: Row, dark: int, run_ms: int) -> Fraction:
        """Calls' worth of running while nobody is on duty and the machine is open for so many seconds."""
        c = run_ms / 1000
        tau = min(dark, c) if self.p.top_up else dark - dark * dark / 2 / c if dark < c else c / 2
        rate = self.of("stops_micro", r.op, 0) / 3_600_000_000
        if rate > 0:
            tau = (1 - math.exp(-rate * tau)) / rate
        return Fraction(tau) * 1000 / run_ms

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
            "late_cost": sum(
                math.floor(Fraction(t * self.at("job_late_cents_day", j, 0), 86_400) + Fraction(1, 2))
                for j, t in late.items()
            ),
            "flow_time": sum(e - self.at("job_release_s", j, 0) for j, e in ends.items()),
        }
