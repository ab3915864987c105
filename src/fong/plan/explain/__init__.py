"""Why an order ends when it does: what it waited for, told from any plan, whoever made it.

The chain of an order line runs from its last end back over what let each task begin last: its parts touch and sum to its whole time.
What stood in the way in each stretch is looked up in the plan (:mod:`fong.plan.explain.waits`, :mod:`fong.plan.explain.standing`), so that a reason
can be verified there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from fong.model.message import Message, Param, message
from fong.model.objective import job_tardiness_s
from fong.model.problem import NEVER, Problem
from fong.model.schedule import Schedule
from fong.plan.explain.neck import neck
from fong.plan.explain.ready import NONE, Ready
from fong.plan.explain.standing import Standing
from fong.plan.explain.timeline import Timeline
from fong.plan.explain.told import Namer, Part, joined
from fong.plan.explain.waits import Wait, Waits
from fong.plan.result import Result

_MAIN = 2
LENGTHS = ("makespan", "flow_time")
"""Objectives that say something without due dates."""


def explain(problem: Problem, schedule: Schedule, job: int) -> tuple[Message, ...]:
    """What an order line waited for and what was done for it, in the order of time.

    Waits carry ``wait_s``, work ``work_s``, standing during work ``stand_s``: their sum is the time from the line's release (or now)
    to its end.
    """
    return Explainer(problem, schedule).story(job)


def causes(problem: Problem, schedule: Schedule) -> Mapping[int, tuple[Message, ...]]:
    """For each late job its two largest causes."""
    return Explainer(problem, schedule).causes()


def truth(problem: Problem, schedule: Schedule, result: Result) -> Message:
    """The one sentence: how many orders are on time, and what is proven; where nothing has a due date, what the plan is worth."""
    gap = result.gap_pct
    proven = "" if gap is None else "_best" if gap == 0 else "_gap"
    pct: dict[str, Param] = {"gap_pct": round(gap, 1)} if gap else {}
    if not (problem.job_due_s != NEVER).any():
        return _worth(problem, result, proven, pct)
    late = job_tardiness_s(problem, schedule) > 0
    names = [o for o, _ in problem.names.orders] or [str(j) for j in range(problem.jobs)]
    orders, behind = len(set(names)), len({n for n, x in zip(names, late, strict=True) if x})
    return message(f"plan.truth{proven}", on_time=orders - behind, orders=orders, **pct)


def _worth(problem: Problem, result: Result, proven: str, pct: Mapping[str, Param]) -> Message:
    """The length that was planned for; without an epoch it has the instance's own unit."""
    if result.objective not in LENGTHS or result.value is None:
        return message("plan.no_due")
    plain = "_plain" if problem.epoch is None else ""
    return message(f"plan.{result.objective}{plain}{proven}", value=result.value, **pct)


class Explainer:
    """One plan, indexed once, of which any number of order lines is told."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem, self.schedule = problem, schedule
        self._told: dict[int, tuple[Part, ...]] = {}

    @cached_property
    def line(self) -> Timeline:
        """The index."""
        return Timeline(self.problem, self.schedule)

    @cached_property
    def _name(self) -> Namer:
        return Namer(self.problem)

    @cached_property
    def _ready(self) -> Ready:
        return Ready(self.line)

    @cached_property
    def _waits(self) -> Waits:
        return Waits(self.line, self._ready, self._name)

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self.line, self._name)

    # ------------------------------------------------------------ telling
    def neck(self) -> Message | None:
        """What limits the plan, if one thing clearly does (:mod:`fong.plan.explain.neck`)."""
        return neck(self.line, self._name)

    def story(self, job: int) -> tuple[Message, ...]:
        """What :func:`explain` says."""
        told = self.parts(job)
        base = self._release(job)
        if not told:
            return (message(self._nothing(job)),)
        head = (message("plan.released", release_at=self._name.moment(base)),) if base > 0 else ()
        return (*head, *(self._name.message(part) for part in told))

    def causes(self) -> dict[int, tuple[Message, ...]]:
        """What :func:`causes` says."""
        out = {}
        for job in np.flatnonzero(job_tardiness_s(self.problem, self.schedule) > 0).tolist():
            lost = [part for part in self.parts(job) if part.unit != "work_s"]
            largest = sorted(lost, key=lambda part: -part.length_s)[:_MAIN]
            out[job] = tuple(self._name.message(part) for part in largest) or self._only_work(job)
        return out

    def _only_work(self, job: int) -> tuple[Message, ...]:
        """Late though it waits for nothing."""
        work = sum(part.length_s for part in self.parts(job))
        return (message("plan.only_work", work_s=work),) if work else ()

    def parts(self, job: int) -> tuple[Part, ...]:
        """The story in parts; empty if nothing of the line is planned or runs."""
        if job not in self._told:
            self._told[job] = tuple(joined(self.pieces(job)))
        return self._told[job]

    def pieces(self, job: int) -> list[Part]:
        """The story before what belongs together is joined: one reason at each moment."""
        return [piece for piece in self._chain(job) if piece.length_s > 0]

    def _release(self, job: int) -> int:
        p = self.problem
        return max(0, int(p.job_release_s[job])) if len(p.job_release_s) else 0

    def _nothing(self, job: int) -> str:
        p = self.problem
        mine = slice(int(p.job_ptr[job]), int(p.job_ptr[job + 1]))
        left = p.op_pieces[mine].any() if len(p.op_pieces) else mine.stop > mine.start
        return "plan.not_planned" if left else "plan.finished"

    # ------------------------------------------------------------ the chain
    def _chain(self, job: int) -> list[Part]:
        """From the last end back to the release, then turned round."""
        base = self._release(job)
        node, upper = self._last(job)
        tasks: list[list[Part]] = []
        while node != NONE and upper > base:
            if node < 0:
                tasks.append(self._running(node, base, upper))
                break
            ready = self._ready.of(node)
            tasks.append(self._task(node, base, upper))
            node, upper = ready.before, max(base, min(ready.gone, upper, max(base, int(self.line.rows.start[node]))))
        return [part for task in reversed(tasks) for part in task]

    def _last(self, job: int) -> tuple[int, int]:
        """The row (or work in progress w: ``-1 - w``) that ends last, and when."""
        p, line = self.problem, self.line
        ops = range(int(p.job_ptr[job]), int(p.job_ptr[job + 1]))
        ends = [(int(line.rows.end[r]), r) for op in ops for r in line.rows_of_op.get(op, [])]
        ends += [(int(p.wip_end_s[w]), -1 - w) for w, op in enumerate(line.wip_op.tolist()) if op in ops]
        end, node = max(ends, default=(0, NONE))
        return node, end

    def _running(self, node: int, base: int, upper: int) -> list[Part]:
        """Work in progress."""
        w = -1 - node
        machine = int(self.problem.wip_machine[w])
        step = ("step", self._name.of("steps", int(self.line.wip_step[w])))
        code = "plan.running" if machine >= 0 else "plan.running_by_hand"
        named = (("machine", self._name.of("machines", machine)),) if machine >= 0 else ()
        return [Part(since=base, until=upper, code=code, unit="work_s", length_s=upper - base, params=(step, *named))]

    def _task(self, row: int, base: int, upper: int) -> list[Part]:
        """All of a row's time: lag, boxes, waiting, set-up, waiting, run; each cut to [base, upper)."""
        rows, ready = self.line.rows, self._ready.of(row)
        start = min(max(base, int(rows.start[row])), upper)
        gone = max(base, min(ready.gone, start)) if ready.before != NONE else base
        lagged, at = (min(max(gone, t), start) for t in (ready.lagged, ready.at))
        set_up = bool(rows.set_up[row])
        setup_end = min(max(at, int(rows.setup_end[row])), start) if set_up else at
        begin = min(max(at, int(rows.begin[row])), setup_end) if set_up else start
        out = self._before(row, gone, lagged, at)
        out += self._waits.parts(Wait(row=row, low=at, high=begin, claims=True, sets_up=set_up))
        if set_up:
            out += self._standing.setup(row, begin, setup_end) if setup_end > begin else []
            out += self._waits.parts(Wait(row=row, low=setup_end, high=start, claims=False, sets_up=False))
        return out + (self._standing.run(row, start, upper) if upper > start else [])

    def _before(self, row: int, gone: int, lagged: int, at: int) -> list[Part]:
        """What the step before asks for: a least time between, and boxes."""
        before = self._ready.of(row).before
        if before == NONE:
            return []
        step = int(self.line.rows.step[before] if before >= 0 else self.line.wip_step[-1 - before])
        params = (("step", self._waits.step(row)), ("before", self._name.of("steps", step)))
        return [
            Part(since=gone, until=lagged, code="plan.waits_lag", length_s=lagged - gone, params=params),
            Part(since=lagged, until=at, code="plan.waits_boxes", length_s=at - lagged, params=params),
        ]
