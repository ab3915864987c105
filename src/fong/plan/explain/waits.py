"""Why a task did not begin in a stretch of time: each reason claims what it explains of the stretch, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from fong.model.calendars import intersection, union
from fong.model.check.rows import gather
from fong.model.message import Param
from fong.plan.explain.alternatives import Alternatives
from fong.plan.explain.ready import Ready
from fong.plan.explain.spans import FAR, NOBODY, Spans, within, without
from fong.plan.explain.timeline import Timeline
from fong.plan.explain.told import Namer, Part

_FIT, _OVERTIME = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A row that has not begun between ``low`` and ``high``.

    ``claims``: it does not have its machine yet. ``sets_up``: what it waits for is its set-up, else its run.
    """

    row: int
    low: int
    high: int
    claims: bool
    sets_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A reason and the time for which it holds, which may go beyond the wait."""

    spans: Spans
    code: str
    params: tuple[tuple[str, Param], ...] = ()
    op: int = -1


Reason = Callable[[Wait], Iterator[Claim]]


class Waits:
    """Reasons for waits in one plan."""

    def __init__(self, timeline: Timeline, ready: Ready, namer: Namer) -> None:
        self.line, self.ready, self.name = timeline, ready, namer
        self.others = Alternatives(timeline)
        self._reasons: tuple[Reason, ...] = (
            self._mates,
            self._material,
            self._machine,
            self._full_place,
            self._closed,
            self._van,
            self._tool,
            self._zone,
            self._people,
            self._longest_wait,
            self._in_one_go,
            self._place_ahead,
            self._filling,
            self._block,
            self._choice,
        )

    def parts(self, wait: Wait) -> list[Part]:
        """The wait cut by reason, in the order of time."""
        left: Spans = [(wait.low, wait.high)] if wait.high > wait.low else []
        step = ("step", self.step(wait.row))
        out: list[Part] = []
        for reason in self._reasons:
            if not left:
                break
            for claim in reason(wait):
                for a, b in intersection(left, claim.spans):
                    ops = ((claim.op, b - a),) if claim.op >= 0 else ()
                    out.append(
                        Part(since=a, until=b, code=claim.code, length_s=b - a, params=(step, *claim.params), ops=ops)
                    )
                left = without(left, claim.spans)
        return sorted(out, key=lambda p: p.since)

    def step(self, row: int) -> str:
        """The name of the row's step."""
        return self.name.of("steps", int(self.line.rows.step[row]))

    # ------------------------------------------------------------ what is to be worked on
    def _mates(self, wait: Wait) -> Iterator[Claim]:
        """Lots that go into the same batch come later."""
        rows = self.line.rows
        latest, late = wait.low, -1
        for mate in self.line.units.get(int(rows.unit[wait.row]), []):
            if rows.op[mate] != rows.op[wait.row]:
                at = self.ready.of(mate).at
                if at > latest:
                    latest, late = at, mate
        if late >= 0:
            machine = self.name.of("machines", int(rows.machine[wait.row]))
            yield Claim(
                spans=[(wait.low, latest)],
                code="plan.waits_mates",
                params=(("machine", machine),),
                op=int(rows.op[late]),
            )

    def _material(self, wait: Wait) -> Iterator[Claim]:
        """Stock is short, or promised to what starts before the next receipt."""
        p, rows = self.line.problem, self.line.rows
        if len(p.use_ptr) == 0:
            return
        step, start = int(rows.step[wait.row]), int(rows.start[wait.row])
        for u in range(int(p.use_ptr[step]), int(p.use_ptr[step + 1])):
            item, need = int(p.use_item[u]), int(p.use_micro[u]) * int(rows.pieces[wait.row])
            at, level = self.line.stock[item]
            first = int(np.searchsorted(at, wait.low, "right")) - 1
            last = int(np.searchsorted(at, start, "left"))
            short = first + np.flatnonzero(level[first:last] < need)
            if len(short) == 0 or int(short[-1]) + 1 >= len(at):
                continue
            until = min(int(at[short[-1] + 1]), start)
            params = (("item", self.name.of("materials", item)), ("until_at", self.name.moment(until)))
            lacking = union((int(at[i]), int(at[i + 1])) for i in short.tolist())
            yield Claim(spans=within(lacking, wait.low, until), code="plan.waits_material", params=params)
            yield Claim(spans=[(wait.low, until)], code="plan.waits_material_kept", params=params)

    # ------------------------------------------------------------ machines
    def _machine(self, wait: Wait) -> Iterator[Claim]:
        """Others have the machine, or will before this could be done."""
        line, rows, machine = self.line, self.line.rows, int(self.line.rows.machine[wait.row])
        if machine < 0 or not wait.claims:
            return
        holds = self.line.machines.get(machine, NOBODY)
        busy = within(holds.taken, wait.low, wait.high)
        named = (("machine", self.name.of("machines", machine)),)
        if busy:
            yield from self._busy(wait, named, busy)
        need = self.line.work_s[wait.row] + (self.line.setup_s[wait.row] if wait.sets_up else 0)
        free = without([(wait.low, wait.high)], busy)
        for a, b in without(free, holds.gaps(wait.low, wait.high, need, line.machine_hours(machine))):
            after = next((op for begin, _, op in holds.inside(b - 1, b + 1) if begin == b), int(rows.op[wait.row]))
            yield Claim(spans=[(a, b)], code="plan.waits_gap", params=named, op=after)

    def _busy(self, wait: Wait, named: tuple[tuple[str, Param], ...], busy: Spans) -> Iterator[Claim]:
        rows = self.line.rows
        holds = self.line.machines[int(rows.machine[wait.row])].inside(wait.low, wait.high)
        others = self.others.of(wait.row)
        if len(others) > 0:
            for other, idle in self.others.idle(wait.row, wait.low, wait.high):
                params = (*named, ("other", self.name.of("machines", other)))
                for a, b, op in holds:
                    yield Claim(
                        spans=intersection(intersection(busy, [(a, b)]), idle),
                        code="plan.waits_choice_machine",
                        params=params,
                        op=op,
                    )
            full = busy
            for other in others:
                full = intersection(full, self.line.machines.get(other, NOBODY).taken)
            params = (*named, ("count", len(others) + 1))
            for a, b, op in holds:
                yield Claim(spans=intersection(full, [(a, b)]), code="plan.waits_group", params=params, op=op)
        for a, b, op in holds:
            yield Claim(spans=intersection(busy, [(a, b)]), code="plan.waits_machine", params=named, op=op)

    def _full_place(self, wait: Wait) -> Iterator[Claim]:
        """A finished lot stands on the machine, because its place is full."""
        machine = int(self.line.rows.machine[wait.row])
        if machine < 0 or not wait.claims:
            return
        named = ("machine", self.name.of("machines", machine))
        for a, b, op, place in self.line.standing.get(machine, []):
            full = within(self.line.in_place.get(place, NOBODY).taken, a, b)
            params = (named, ("place", self.name.of("places", place)))
            yield Claim(spans=full, code="plan.waits_place", params=params, op=op)

    def _closed(self, wait: Wait) -> Iterator[Claim]:
        machine = int(self.line.rows.machine[wait.row])
        if machine >= 0:
            closed = without([(wait.low, wait.high)], self.line.machine_hours(machine))
            yield Claim(
                spans=closed, code="plan.waits_closed", params=(("machine", self.name.of("machines", machine)),)
            )

    def _van(self, wait: Wait) -> Iterator[Claim]:
        rows = self.line.rows
        if rows.outside[wait.row]:
            calendar = int(gather(self.line.problem.step_collect, rows.step[wait.row : wait.row + 1], -1)[0])
            closed = without([(wait.low, wait.high)], self.line.window(calendar))
            yield Claim(spans=closed, code="plan.waits_van")

    def _tool(self, wait: Wait) -> Iterator[Claim]:
        p, rows = self.line.problem, self.line.rows
        tool = int(p.step_tool[rows.step[wait.row]]) if len(p.step_tool) else -1
        if tool < 0 or not wait.claims:
            return
        holds = self.line.tools.get(tool, NOBODY)
        for a, b, op in holds.inside(wait.low, wait.high):
            spans = intersection([(a, b)], within(holds.taken, wait.low, wait.high))
            yield Claim(spans=spans, code="plan.waits_tool", params=(("tool", self.name.of("tools", tool)),), op=op)

    # ------------------------------------------------------------ people
    def _zone(self, wait: Wait) -> Iterator[Claim]:
        """Nobody on duty to load the machine, or as many machines run as those on duty may tend."""
        rows, zone = self.line.rows, int(self.line.rows.zone[wait.row])
        if zone < 0:
            return
        named = (("zone", self.name.of("zones", zone)),)
        attended = gather(self.line.problem.step_attend_s, rows.step[wait.row : wait.row + 1], 0)[0] > 0
        if attended and rows.calls[wait.row] and not wait.sets_up:
            yield Claim(spans=self.line.dark[zone], code="plan.waits_tender", params=named)
        yield Claim(spans=self.line.full_zones[zone, wait.sets_up], code="plan.waits_limit", params=named)

    def _people(self, wait: Wait) -> Iterator[Claim]:
        """Nobody with the skill is on shift; all that are have other work; or none has time enough."""
        rows, line = self.line.rows, self.line
        skill = int((rows.setup_skill if wait.sets_up else rows.run_skill)[wait.row])
        need = line.setup_s[wait.row] if wait.sets_up else line.work_s[wait.row]
        if rows.on_batch[wait.row] and not wait.sets_up:
            need = line.loading_s[wait.row]
        if skill < 0 or need <= 0 or rows.outside[wait.row]:
            return
        named = (("skill", self.name.of("skills", skill)),)
        zone = int(rows.zone[wait.row]) if wait.sets_up else -1
        yield Claim(
            spans=without([(wait.low, wait.high)], line.on_shift(skill, zone)), code="plan.waits_shift", params=named
        )
        machine = int(rows.machine[wait.row])
        for code, some in (("plan.waits_people", 0), ("plan.waits_people_soon", need)):
            free: Spans = []
            for who in line.able(skill, zone):
                shift = line.shift(who)
                gaps = line.held.get(who, NOBODY).gaps(wait.low, wait.high, some, line.hours(machine, who))
                free += intersection(within(shift, wait.low, wait.high), gaps)
            yield Claim(spans=without([(wait.low, wait.high)], union(free)), code=code, params=named)

    # ------------------------------------------------------------ what comes after
    def _longest_wait(self, wait: Wait) -> Iterator[Claim]:
        """Begun earlier, it would end too long before its next step begins."""
        step, loose = self.ready.loose(wait.row)
        if loose < FAR:
            start = int(self.line.rows.start[wait.row])
            params = (("after", self.name.of("steps", step)),)
            yield Claim(
                spans=[(wait.low, start - loose)] if start - loose > wait.low else [],
                code="plan.waits_chain",
                params=params,
            )

    def _in_one_go(self, wait: Wait) -> Iterator[Claim]:
        """What may not be interrupted does not fit into the rest of the working time."""
        rows, line = self.line.rows, self.line
        gap = int(rows.gap[wait.row])
        need = line.setup_s[wait.row] if wait.sets_up else line.work_s[wait.row]
        if gap not in {_FIT, _OVERTIME} or rows.outside[wait.row]:
            return
        machine = int(rows.machine[wait.row])
        skill = int((rows.setup_skill if wait.sets_up else rows.run_skill)[wait.row])
        held = skill >= 0 and (wait.sets_up or rows.paced[wait.row])
        zone = int(rows.zone[wait.row]) if wait.sets_up else -1
        need -= int(rows.overtime_s[wait.row]) if gap == _OVERTIME else 0
        starts: Spans = []
        for who in line.able(skill, zone) if held else (-1,):
            some = line.hours(machine, who)
            starts += [(a, b - max(0, need - 1)) for a, b in some if b > wait.low and a < wait.high]
        spans = without([(wait.low, wait.high)], union((a, b) for a, b in starts if b > a))
        yield Claim(spans=spans, code="plan.waits_in_one_go")

    def _place_ahead(self, wait: Wait) -> Iterator[Claim]:
        """By hand or outside there is no machine to stay on: its place must be free when it ends."""
        p, rows, row = self.line.problem, self.line.rows, wait.row
        place = int(p.step_place[rows.step[row]]) if len(p.step_place) else -1
        if place < 0 or rows.machine[row] >= 0 or self.line.taken_at[row] <= rows.end[row]:
            return
        lasts = int(rows.end[row] - rows.start[row])
        full = within(self.line.in_place.get(place, NOBODY).taken, wait.low + lasts, int(rows.end[row]))
        named = (("place", self.name.of("places", place)),)
        yield Claim(spans=[(a - lasts, b - lasts) for a, b in full], code="plan.waits_place_ahead", params=named)

    def _filling(self, wait: Wait) -> Iterator[Claim]:
        """A batch machine waits a while for more lots."""
        p, rows, row = self.line.problem, self.line.rows, wait.row
        if not rows.on_batch[row] or len(p.machine_batch_wait_s) == 0:
            return
        machine = int(rows.machine[row])
        patience = int(p.machine_batch_wait_s[machine])
        unit = self.line.units.get(int(rows.unit[row]), [row])
        each = gather(p.step_batch_milli, rows.step[unit], 1000)
        if patience > 0 and int((each * rows.pieces[unit]).sum()) < int(p.machine_batch_milli[machine]):
            named = (("machine", self.name.of("machines", machine)),)
            since = min(self.ready.of(r).at for r in unit)
            if since + patience > wait.low:
                yield Claim(spans=[(wait.low, since + patience)], code="plan.waits_filling", params=named)

    def _block(self, wait: Wait) -> Iterator[Claim]:
        """What must follow soon has its own people and machines to wait for, so a plan places both together."""
        step, _ = self.ready.loose(wait.row)
        if step >= 0:
            yield Claim(
                spans=[(wait.low, wait.high)],
                code="plan.waits_block",
                params=(("after", self.name.of("steps", step)),),
            )

    def _choice(self, wait: Wait) -> Iterator[Claim]:
        yield Claim(spans=[(wait.low, wait.high)], code="plan.waits_turn")
