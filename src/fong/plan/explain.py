"""Why an order ends when it does: what it waited for, told from any plan, whoever made it.

The chain of an order line runs from its last end back over the predecessor that ended last. Each stretch between what allowed a task
and its begin is cut by cause; the parts of a chain sum to its whole time exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fong.model.message import Message, message
from fong.model.objective import job_tardiness_s
from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.plan.lots import step_of
from fong.plan.result import Result

Spans = list[tuple[int, int]]


def explain(problem: Problem, schedule: Schedule, job: int) -> tuple[Message, ...]:
    """What an order line waited for and what was done for it, in the order of time.

    Waits carry ``wait_s``, work ``work_s``: their sum is the time from the line's release (or now) to its end.
    """
    return tuple(what for what, _ in _Told(problem=problem, schedule=schedule).story(job))


def causes(problem: Problem, schedule: Schedule) -> Mapping[int, tuple[Message, ...]]:
    """For each late job its two largest causes."""
    told = _Told(problem=problem, schedule=schedule)
    out = {}
    for job in np.flatnonzero(job_tardiness_s(problem, schedule) > 0):
        waits = [(length, -i, what) for i, (what, length) in enumerate(told.story(int(job))) if "wait_s" in what.params]
        out[int(job)] = tuple(what for _, _, what in sorted(waits, key=lambda w: w[:2], reverse=True)[:2])
    return out


def truth(problem: Problem, schedule: Schedule, result: Result) -> Message:
    """The one sentence: how many orders are on time, and what is proven."""
    late = job_tardiness_s(problem, schedule) > 0
    names = [o for o, _ in problem.names.orders] or [str(j) for j in range(problem.jobs)]
    orders, behind = len(set(names)), len({n for n, x in zip(names, late, strict=True) if x})
    gap = result.gap_pct
    if gap is None:
        return message("plan.truth", on_time=orders - behind, orders=orders)
    return message("plan.truth_gap", on_time=orders - behind, orders=orders, gap_pct=round(gap, 1))


@dataclass(frozen=True, kw_only=True)
class _Told:
    """A plan indexed for telling."""

    problem: Problem
    schedule: Schedule
    step: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", step_of(self.problem))

    # ------------------------------------------------------------ indices
    @cached_property
    def begin(self) -> list[int]:
        """When each row takes its machine."""
        setup = self.schedule.filled("setup_start", -1)
        out: list[int] = np.where(setup >= 0, setup, self.schedule.start).tolist()
        return out

    @cached_property
    def rows_of_op(self) -> dict[int, list[int]]:
        """Rows of each operation."""
        out: dict[int, list[int]] = {}
        for row, op in enumerate(self.schedule.op.tolist()):
            out.setdefault(op, []).append(row)
        return out

    @cached_property
    def rows_of_machine(self) -> dict[int, list[int]]:
        """Rows on each machine by begin."""
        out: dict[int, list[int]] = {}
        for row in np.argsort(np.array(self.begin), kind="stable").tolist():
            out.setdefault(int(self.schedule.machine[row]), []).append(row)
        return out

    @cached_property
    def held(self) -> dict[int, Spans]:
        """When each person is held."""
        out: dict[int, Spans] = {}
        s = self.schedule
        setup, setup_end = s.filled("setup_start", -1), s.filled("setup_end", -1)
        for who, row in zip(s.filled("setup_person", -1).tolist(), range(len(s)), strict=True):
            if who >= 0:
                out.setdefault(who, []).append((int(setup[row]), int(setup_end[row])))
        for who, row in zip(s.filled("person", -1).tolist(), range(len(s)), strict=True):
            if who >= 0:
                out.setdefault(who, []).append((int(s.start[row]), int(s.end[row])))
        return out

    def order(self, op: int) -> str:
        """The order's name."""
        job = int(np.searchsorted(self.problem.job_ptr, op, side="right")) - 1
        return self.problem.names.orders[job][0] if self.problem.names.orders else str(job)

    def name(self, kind: str, index: int) -> str:
        """The name of a machine, person, skill or step; its number where it has none."""
        names = getattr(self.problem.names, kind)
        return str(names[index]) if names else str(index)

    # ------------------------------------------------------------ telling
    def before(self, op: int) -> list[int]:
        """Operations that come before."""
        p = self.problem
        if len(p.pred_ptr):
            return [int(x) for x in p.pred_op[p.pred_ptr[op] : p.pred_ptr[op + 1]]]
        return [] if op in set(p.job_ptr.tolist()) else [op - 1]

    def chain(self, job: int) -> list[int]:
        """Rows from the first to the one that ends last."""
        p = self.problem
        ops = range(int(p.job_ptr[job]), int(p.job_ptr[job + 1]))
        rows = [r for op in ops for r in self.rows_of_op.get(op, [])]
        out: list[int] = []
        while rows:
            out.append(max(rows, key=lambda r: (int(self.schedule.end[r]), r)))
            op = int(self.schedule.op[out[-1]])
            rows = [r for b in self.before(op) for r in self.rows_of_op.get(b, [])]
        return out[::-1]

    def story(self, job: int) -> Iterator[tuple[Message, int]]:
        """Messages with their lengths in seconds."""
        p, s = self.problem, self.schedule
        t = max(0, int(p.job_release_s[job])) if len(p.job_release_s) else 0
        for row in self.chain(job):
            begin, start, end = max(t, self.begin[row]), max(t, int(s.start[row])), int(s.end[row])
            yield from self.waits(row, t, begin)
            step = self.name("steps", int(self.step[s.op[row]]))
            if start > begin:
                setup_end = int(s.filled("setup_end", -1)[row])
                if setup_end > begin:
                    yield (
                        message("plan.sets_up", step=step, work_s=min(start, setup_end) - begin),
                        min(start, setup_end) - begin,
                    )
                if start > max(begin, setup_end):
                    yield (
                        message("plan.waits_ready", step=step, wait_s=start - max(begin, setup_end)),
                        start - max(begin, setup_end),
                    )
            if end > start:
                yield message("plan.runs", step=step, work_s=end - start), end - start
            t = max(t, end)

    def waits(self, row: int, low: int, high: int) -> Iterator[tuple[Message, int]]:
        """Why the row did not begin at ``low``."""
        if high <= low:
            return
        s, left = self.schedule, [(low, high)]
        step = self.name("steps", int(self.step[s.op[row]]))
        machine = int(s.machine[row])
        if machine >= 0:
            busy = [
                r for r in self.rows_of_machine[machine] if r != row and self.begin[r] < high and int(s.end[r]) > low
            ]
            spans = [(self.begin[r], int(s.end[r])) for r in busy]
            taken = _length(_common(left, spans))
            if taken:
                longest = max(busy, key=lambda r: min(high, int(s.end[r])) - max(low, self.begin[r]))
                yield (
                    message(
                        "plan.waits_machine",
                        step=step,
                        machine=self.name("machines", machine),
                        order=self.order(int(s.op[longest])),
                        wait_s=taken,
                    ),
                    taken,
                )
            left = _without(left, spans)
        for skill in self.skills(row):
            off = _without(left, self.on_shift(skill))
            if _length(off):
                yield (
                    message("plan.waits_shift", step=step, skill=self.name("skills", skill), wait_s=_length(off)),
                    _length(off),
                )
            left = _common(left, self.on_shift(skill))
            free = self.free(skill, low, high)
            busy_s = _length(_without(left, free))
            if busy_s:
                yield message("plan.waits_people", step=step, skill=self.name("skills", skill), wait_s=busy_s), busy_s
            left = _common(left, free)
        if _length(left):
            yield message("plan.waits_turn", step=step, wait_s=_length(left)), _length(left)

    def skills(self, row: int) -> list[int]:
        """The skill that the row's begin needs, if any."""
        p, step = self.problem, int(self.step[self.schedule.op[row]])
        sets_up = int(self.schedule.filled("setup_start", -1)[row]) >= 0
        column = p.step_setup_skill if sets_up else p.step_run_skill
        return [int(column[step])] if len(column) and column[step] >= 0 else []

    def people(self, skill: int) -> list[int]:
        """Who has the skill."""
        p = self.problem
        return [int(x) for x in p.skill_person[p.skill_ptr[skill] : p.skill_ptr[skill + 1]]]

    def shift(self, who: int) -> Spans:
        """When a person is at work."""
        p = self.problem
        cal = int(p.person_calendar[who]) if len(p.person_calendar) else -1
        if cal < 0:
            return [(-(2**31), 2**31)]
        mine = slice(int(p.cal_ptr[cal]), int(p.cal_ptr[cal + 1]))
        return list(zip(p.win_open_s[mine].tolist(), p.win_close_s[mine].tolist(), strict=True))

    def on_shift(self, skill: int) -> Spans:
        """When anybody with the skill is at work."""
        return _union([span for who in self.people(skill) for span in self.shift(who)])

    def free(self, skill: int, low: int, high: int) -> Spans:
        """When anybody with the skill is at work and not held, within [low, high)."""
        out: Spans = []
        for who in self.people(skill):
            out += _without(_common([(low, high)], self.shift(who)), self.held.get(who, []))
        return _union(out)


# ---------------------------------------------------------------- spans
def _length(spans: Spans) -> int:
    return sum(b - a for a, b in spans)


def _union(spans: Spans) -> Spans:
    out: Spans = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        elif b > a:
            out.append((a, b))
    return out


def _common(spans: Spans, others: Spans) -> Spans:
    """What lies in both."""
    return [(max(a, c), min(b, d)) for a, b in spans for c, d in _union(others) if max(a, c) < min(b, d)]


def _without(spans: Spans, others: Spans) -> Spans:
    """What lies in the first and not in the second."""
    out: Spans = []
    for a, b in spans:
        t = a
        for c, d in _union(others):
            if d <= t or c >= b:
                continue
            if c > t:
                out.append((t, c))
            t = max(t, d)
        if t < b:
            out.append((t, b))
    return out
