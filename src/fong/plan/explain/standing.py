"""What a task's time on its machine is made of: work, and why it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fong.model.calendars import intersection
from fong.model.check.fluid import Trace, by_tender, flow
from fong.model.message import Param
from fong.model.problem import MICRO
from fong.plan.explain.spans import Spans, length, within, without
from fong.plan.explain.timeline import Timeline
from fong.plan.explain.told import Namer, Part

_CALL = 1_000_000_000
_SURE = 20
"""Where a zone's clock gives less than one part in so many too much, that is the clock's and not slack."""
_UNLOAD_S = 1800
"""What was finished at night waits this long in the morning before it counts as slack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Seconds of a stretch by what they were: the rest is work."""

    closed: int = 0
    off_shift: int = 0
    dark: int = 0
    tender: int = 0
    slack: int = 0

    @property
    def standing(self) -> int:
        """All that is not work."""
        return self.closed + self.off_shift + self.dark + self.tender + self.slack


class Standing:
    """Splits set-ups and runs of one plan."""

    def __init__(self, timeline: Timeline, namer: Namer) -> None:
        self.line, self.name = timeline, namer

    def run(self, row: int, since: int, until: int) -> list[Part]:
        """The row's run, or the part of it between two moments."""
        rows = self.line.rows
        split = self._called(row, since, until) if rows.calls[row] else self._plain(row, since, until)
        code = "plan.outside" if rows.outside[row] else "plan.runs"
        return self._parts(row, (since, until), code, split)

    def setup(self, row: int, since: int, until: int) -> list[Part]:
        """The row's set-up, or the part of it between two moments."""
        rows, need = self.line.rows, self.line.setup_s[row]
        begin, end = int(rows.setup_start[row]), int(rows.setup_end[row])
        hours = self.line.hours(int(rows.machine[row]), int(rows.setup_person[row]))
        split = self._share(row, (begin, end), (since, until), need, hours)
        if self._tender[row] and need > 0:
            done = int(self.line.flow.worked[row]) / MICRO
            spare = round((until - since - split.closed - split.off_shift) * max(0.0, 1 - need / max(done, 1)))
            spare = min(split.slack, spare if done - need > need // _SURE else 0)
            split = replace(split, tender=split.slack - spare, slack=spare)
        return self._parts(row, (since, until), "plan.sets_up", split)

    @cached_property
    def _tender(self) -> list[bool]:
        out: list[bool] = by_tender(self.line.rows).tolist()
        return out

    # ------------------------------------------------------------ splitting
    def _plain(self, row: int, since: int, until: int) -> Split:
        """A run whose pace depends on calendars only."""
        line, rows = self.line, self.line.rows
        person = int(rows.person[row]) if rows.paced[row] else -1
        need = max(line.work_s[r] for r in line.units.get(int(rows.unit[row]), [row]))
        whole = (int(rows.start[row]), int(rows.end[row]))
        return self._share(row, whole, (since, until), need, line.hours(int(rows.machine[row]), person))

    def _share(self, row: int, whole: tuple[int, int], part: tuple[int, int], need: int, hours: Spans) -> Split:
        """Closed hours of the part, and its share in the slack of the whole; work beyond closing time is work."""
        a, b = part
        spare = max(0, whole[1] - whole[0] - need)
        closed_all = min(spare, whole[1] - whole[0] - length(within(hours, *whole)))
        open_all = max(1, whole[1] - whole[0] - closed_all)
        machine = without([part], self.line.machine_hours(int(self.line.rows.machine[row])))
        closed = min(closed_all, b - a - length(within(hours, a, b)))
        by_machine = min(closed, length(machine))
        slack = (spare - closed_all) * (b - a - closed) // open_all
        return Split(closed=by_machine, off_shift=closed - by_machine, slack=slack)

    def _called(self, row: int, since: int, until: int) -> Split:
        """A run in a zone: nights by the rule of top-up, and what is left of the time on duty is waiting for a tender."""
        line, rows = self.line, self.line.rows
        start, end, zone = int(rows.start[row]), int(rows.end[row]), int(rows.zone[row])
        dark, hours = within(line.dark[zone], start, end), line.machine_hours(int(rows.machine[row]))
        duty = intersection(without([(start, end)], dark), hours)
        done = self._done(row)
        ran = {(a, b): min(s, max(0, done - a)) for (a, b), s in self._dark_runs(row, dark, hours).items()}
        slack = max(0, length(within(duty, done, end)) - (_UNLOAD_S if any(a < done <= b for a, b in dark) else 0))
        run_s, serve_s = self._per_call[row]
        calls = max(0.0, int(line.flow.needed[row]) / _CALL - sum(ran.values()) / run_s)
        waits = max(0, round(length(duty) - slack - calls * (run_s + serve_s)))
        on_duty = length(within(duty, since, until))
        slack = min(on_duty, length(within(duty, max(since, done), until)), slack)
        return Split(
            closed=until - since - on_duty - length(within(dark, since, until)),
            dark=sum(b - a - min(b - a, round(ran[_around(ran, a)])) for a, b in within(dark, since, until)),
            tender=min(on_duty - slack, waits * on_duty // max(1, length(duty))),
            slack=slack,
        )

    def _done(self, row: int) -> int:
        """When the zone's clock lets the row be done at the earliest; its end, if that is about the same."""
        end, flow = int(self.line.rows.end[row]), self.line.flow
        if row not in self._early:
            return end
        trace = self._early[row]
        at = int(np.searchsorted(trace.given, int(flow.needed[row])))
        if at == 0 or at >= len(trace.given):
            return end
        low, high = int(trace.given[at - 1]), int(trace.given[at])
        share = (int(flow.needed[row]) - low) / max(1, high - low)
        return min(end, round(float(trace.at_s[at - 1]) + share * float(trace.at_s[at] - trace.at_s[at - 1])))

    @cached_property
    def _early(self) -> dict[int, Trace]:
        """Progress of the rows that get clearly more time than they need."""
        line = self.line
        spare = line.flow.given - line.flow.needed > line.flow.needed // _SURE
        return flow(line.rows, line.tasks, spare).traces if spare.any() else {}

    @cached_property
    def _per_call(self) -> dict[int, tuple[float, float]]:
        """Running and service seconds a call of each row."""
        t = self.line.tasks
        return {
            row: (max(run, 1) / 1000, serve / 1000)
            for row, run, serve in zip(t.row.tolist(), t.run_ms.tolist(), t.serve_ms.tolist(), strict=True)
        }

    def _dark_runs(self, row: int, dark: Spans, hours: Spans) -> dict[tuple[int, int], float]:
        """Seconds of running that count in each stretch without tenders (semantics.md, "Nobody on duty")."""
        p = self.line.problem
        run_s = self._per_call[row][0]
        step = int(self.line.rows.step[row])
        rate = int(p.step_stops_micro[step]) / 3.6e9 if len(p.step_stops_micro) else 0.0
        out = {}
        for a, b in dark:
            there = length(within(hours, a, b))
            tau = float(min(there, run_s))
            if not p.top_up:
                tau = there - there * there / (2 * run_s) if there < run_s else run_s / 2
            out[a, b] = (1 - math.exp(-rate * tau)) / rate if rate > 0 else tau
        return out

    # ------------------------------------------------------------ telling
    def _parts(self, row: int, part: tuple[int, int], code: str, split: Split) -> list[Part]:
        rows = self.line.rows
        a, b = part
        step: tuple[str, Param] = ("step", self.name.of("steps", int(rows.step[row])))
        machine = int(rows.machine[row])
        named = (step, ("machine", self.name.of("machines", machine) if machine >= 0 else ""))
        zone = (step, ("zone", self.name.of("zones", int(rows.zone[row])) if rows.zone[row] >= 0 else ""))
        skill = int((rows.setup_skill if code == "plan.sets_up" else rows.run_skill)[row])
        people = (step, ("skill", self.name.of("skills", skill) if skill >= 0 else ""))
        slow = "plan.stands_setup" if code == "plan.sets_up" else "plan.stands_tender"
        stands = (
            (split.dark, "plan.stands_night", zone),
            (split.off_shift, "plan.stands_shift", people),
            (split.closed, "plan.stands_closed", named),
            (split.tender, slow, zone),
            (split.slack, "plan.stands_slack", (step,)),
        )
        work = Part(since=a, until=b, code=code, unit="work_s", length_s=b - a - split.standing, params=(step,))
        return [
            work,
            *(
                Part(since=a, until=b, code=c, unit="stand_s", length_s=seconds, params=params)
                for seconds, c, params in sorted(stands, key=lambda s: -s[0])
            ),
        ]


def _around(ran: dict[tuple[int, int], float], at: int) -> tuple[int, int]:
    """The stretch in which a moment lies."""
    return next(span for span in ran if span[0] <= at < span[1])
