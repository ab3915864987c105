"""Other machines of a task's group: which they are, and when one of them could have taken it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from fong.model.calendars import intersection, union
from fong.plan.explain.spans import NOBODY, Spans, within, without
from fong.plan.explain.timeline import Timeline


class Alternatives:
    """Machines that could do a plan's rows as well."""

    def __init__(self, timeline: Timeline) -> None:
        self.line = timeline
        self._modes = cache(self._modes_of)

    def _modes_of(self, step: int) -> tuple[tuple[int, int, bool], ...]:
        """Machine, cycle and whether it may need a set-up, of each of a step's modes."""
        p = self.line.problem
        first, last = (step, step + 1) if len(p.mode_ptr) == 0 else p.mode_ptr[step : step + 2].tolist()
        sets_up = len(p.mode_setup_s) > 0 or len(p.setup_s) > 0
        return tuple((int(p.mode_machine[i]), int(p.mode_cycle_s[i]), sets_up) for i in range(first, last))

    def of(self, row: int) -> tuple[int, ...]:
        """The other machines; none where the row belongs with others on one machine."""
        p, rows = self.line.problem, self.line.rows
        if len(p.op_same) and p.op_same[rows.op[row]] >= 0:
            return ()
        return tuple(m for m, _, _ in self._modes(int(rows.step[row])) if m != rows.machine[row])

    def idle(self, row: int, low: int, high: int) -> Iterator[tuple[int, Spans]]:
        """Each other machine that could have begun, and when: idle for long enough, open, with people and tool at hand."""
        rows, line = self.line.rows, self.line
        hands = self._hands(row, low, high)
        for machine, cycle_s, _ in self._modes(int(rows.step[row])):
            if machine == rows.machine[row] or not hands:
                continue
            need = int(rows.cycles[row]) * cycle_s
            hours = line.machine_hours(machine)
            spans = intersection(
                intersection(line.machines.get(machine, NOBODY).gaps(low, high, need, hours), hands), hours
            )
            for a, b, _, _ in line.standing.get(machine, []):
                spans = without(spans, [(a, b)])
            spans = self._tended(row, machine, spans)
            if spans:
                yield machine, spans

    def _tended(self, row: int, machine: int, spans: Spans) -> Spans:
        p = self.line.problem
        zone = int(p.machine_zone[machine]) if len(p.machine_zone) else -1
        if zone < 0 or not spans:
            return spans
        spans = without(spans, self.line.full_zones[zone, True])
        return without(spans, self.line.dark[zone]) if self.line.rows.calls[row] else spans

    def _hands(self, row: int, low: int, high: int) -> Spans:
        """When somebody for set-up and run, and the tool, are free."""
        p, rows, line = self.line.problem, self.line.rows, self.line
        out: Spans = [(low, high)]
        if len(p.step_tool) and (tool := int(p.step_tool[rows.step[row]])) >= 0:
            out = without(out, within(line.tools.get(tool, NOBODY).taken, low, high))
        sets_up = any(may for _, _, may in self._modes(int(rows.step[row])))
        for skill, wanted in ((rows.setup_skill[row], sets_up), (rows.run_skill[row], rows.paced[row])):
            if skill >= 0 and wanted:
                free: Spans = []
                for who in line.able(int(skill), int(rows.zone[row]) if sets_up else -1):
                    gaps = line.held.get(who, NOBODY).gaps(low, high, 0)
                    free += intersection(within(line.shift(who), low, high), gaps)
                out = intersection(out, union(free))
        return out
