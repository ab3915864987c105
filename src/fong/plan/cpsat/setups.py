"""Set-ups: before its run a machine is set up for a lot, and holds it from then on, one lot a slot."""

from __future__ import annotations

from collections import defaultdict

from fong.plan.cpsat.draft import Draft, Placed
from fong.plan.cpsat.hours import OVERTIME, RESUME, RUN_ON, Work, options
from fong.plan.cpsat.sheet import At, fixed, negated
from fong.plan.cpsat.shop import Way


class Setups:
    """The set-ups of a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sheet = draft.sheet
        self.shop = draft.shop
        self.changeovers = draft.changeovers

    def write(self) -> None:
        """Before its run a machine is set up for the lot: by what ran there before, by somebody skilled, in working time."""
        for i, placed in enumerate(self.draft.placed):
            if placed.moves and self.changeovers.apart(i):
                low = 0
                begin = self.sheet.var(low, max(low, self.sheet.high(placed.start)))
                ready = self.sheet.var(low, max(low, self.sheet.high(placed.start)))
                placed.begin, placed.ready, placed.own_setup = At(begin), At(ready), True
                self.sheet.before(placed.begin, placed.ready)
                self.sheet.before(placed.ready, placed.start)
                placed.set_by = self._setters(placed)
        for machine, users in self.draft.users.items():
            if not any(self.draft.placed[i].moves for i, _ in users):
                continue
            if self.shop.at("machine_batch_milli", machine, 0) > 0:
                continue
            if self.changeovers.ordered(machine):
                self._in_order(machine, users)
            else:
                self._constant(machine, users)

    def _setters(self, placed: Placed) -> dict[int, tuple[int, ...]]:
        if self.shop.of("step_setup_skill", placed.lot.op, -1) < 0:
            return {}
        return {c: (self.sheet.literal(),) for c in self.shop.setters(placed.lot)}

    def _constant(self, machine: int, users: list[tuple[int, int]]) -> None:
        """Set-ups that do not depend on what ran before."""
        intervals = []
        for i, k in users:
            placed, seconds = self.draft.placed[i], self.changeovers.constant(machine, i)
            when = placed.ways[k]
            if placed.own_setup:
                self._set_up(placed, placed.lot.ways[k], seconds, when)
                begin = placed.begin
            else:
                begin = placed.start.after(-seconds)
                placed.lead[k] = seconds
                self.sheet.before(fixed(seconds), placed.start, 0, when)
            intervals.extend(self._occupied(placed, k, begin))
        self._slots(machine, intervals)

    def _occupied(self, placed: Placed, k: int, begin: At) -> list[int]:
        """The stretch in which a lot holds its machine from ``begin`` on; none where it takes no time (nothing holds nothing)."""
        sheet, when = self.sheet, placed.ways[k]
        if k in placed.size and begin.var == placed.start.var:
            end = placed.start.after(placed.size[k])
            return [sheet.interval(begin, end, when)] if end.offset > begin.offset else []
        if placed.lot.ways[k].run_s <= 0 and sheet.low(placed.end) <= sheet.high(begin):
            return []
        return [sheet.interval(begin, placed.end, when)]

    def _set_up(self, placed: Placed, way: Way, seconds: int, when: tuple[int, ...]) -> None:
        """A set-up of so many seconds, if the literals hold, in the hours of the machine and of who does it."""
        sheet, shop = self.sheet, self.shop
        if not placed.moves:
            return
        if seconds == 0:
            sheet.equal(placed.begin, placed.start, when)
            sheet.equal(placed.ready, placed.start, when)
            return
        calendar = shop.at("machine_calendar", way.machine, -1)
        zone = shop.at("machine_zone", way.machine, -1)
        asked = shop.of("step_setup_skill", placed.lot.op, -1) >= 0
        if not asked:
            self._set_up_in(placed, shop.windows(calendar), None, seconds, when)
            return
        able = []
        for c, literal in placed.set_by.items():
            crew = shop.crews[c]
            if crew.zone >= 0 and crew.zone != zone:
                sheet.never((*when, *literal))
                continue
            able.append(literal[0])
            hours, shift = shop.windows(calendar, crew.calendar), shop.windows(crew.calendar)
            self._set_up_in(placed, hours, shift, seconds, (*when, *literal))
        sheet.some([*able, *(negated(x) for x in when)])

    def _set_up_in(
        self,
        placed: Placed,
        windows: tuple[tuple[int, int], ...] | None,
        shift: tuple[tuple[int, int], ...] | None,
        seconds: int,
        when: tuple[int, ...],
    ) -> None:
        """The step's word on gaps holds for its set-up, too, except that under ``run_on`` it resumes."""
        sheet, lot = self.sheet, placed.lot
        gap = self.shop.of("step_gap", lot.op, 0)
        work = Work(
            seconds=seconds,
            gap=RESUME if gap == RUN_ON else gap,
            overtime_s=self.shop.of("step_overtime_s", lot.op, 0) if gap == OVERTIME else 0,
            windows=windows,
            shift=shift,
        )
        found = options(work, 0, sheet.high(placed.start))
        if not found:
            sheet.never(when)
        literals = [sheet.literal() for _ in found] if len(found) > 1 else []
        for n, option in enumerate(found):
            mine = (literals[n],) if literals else when
            sheet.inside(placed.begin, option.starts, mine)
            sheet.before(placed.begin, placed.ready, option.duration, mine)
            sheet.before(placed.ready, placed.begin, -option.duration, mine)
        if literals:
            sheet.some([*literals, *(negated(x) for x in when)])

    def _in_order(self, machine: int, users: list[tuple[int, int]]) -> None:
        """Set-ups by what ran before: the lots of a machine in a round that begins and ends with nothing."""
        arcs: list[tuple[int, int, int]] = [(0, 0, self.sheet.literal())]
        users = sorted(users, key=lambda u: self.sheet.low(self.draft.placed[u[0]].start))
        needs = [self._arcs_to(machine, users, n, arcs) for n in range(len(users))]
        self.sheet.circuit(arcs)
        intervals = []
        for (i, k), need in zip(users, needs, strict=True):
            placed = self.draft.placed[i]
            least = min(need, default=0)
            begin = placed.begin if placed.own_setup else placed.start.after(-least)
            intervals.extend(self._occupied(placed, k, begin))
            if not placed.own_setup:
                self.sheet.before(fixed(least), placed.start, 0, placed.ways[k])
                continue
            for seconds, some in need.items():
                when = placed.ways[k] if len(need) == 1 else (self._any(some),)
                self._set_up(placed, placed.lot.ways[k], seconds, when)
                if not placed.moves and seconds:
                    self.sheet.before(placed.begin, placed.ready, seconds, when)
        self._slots(machine, intervals)

    def _arcs_to(
        self, machine: int, users: list[tuple[int, int]], n: int, arcs: list[tuple[int, int, int]]
    ) -> dict[int, list[int]]:
        """Arcs from each lot that may run right before the n-th, added to ``arcs``; those with each time of set-up."""
        sheet = self.sheet
        i, k = users[n]
        after = self.draft.placed[i]
        needs: dict[int, list[int]] = defaultdict(list)
        if after.ways[k]:
            arcs.append((n + 1, n + 1, negated(after.ways[k][0])))
        arcs.append((n + 1, 0, sheet.literal()))
        held = [] if after.moves else [m for m in range(n) if not self.draft.placed[users[m][0]].moves]
        for m, (j, q) in enumerate([(-1, -1), *users]):
            if j == i or (
                j >= 0 and not after.moves and not self.draft.placed[j].moves and m - 1 != max(held, default=-1)
            ):
                continue  # of those that stay where they are only the one before may come right before
            seconds = self.changeovers.seconds(machine, j, i)
            end = fixed(self.draft.free_at(machine)) if j < 0 else self._end_on(self.draft.placed[j], q)
            begin = after.begin if after.own_setup else after.start.after(-seconds)
            if sheet.low(end) <= sheet.high(begin):
                arc = sheet.literal()
                arcs.append((m, n + 1, arc))
                needs[seconds].append(arc)
                sheet.before(end, begin, 0, (arc,))
        return needs

    def _end_on(self, placed: Placed, k: int) -> At:
        return placed.start.after(placed.size[k]) if k in placed.size else placed.end

    def _any(self, literals: list[int]) -> int:
        """A literal that holds if one of these does; at most one does."""
        if len(literals) == 1:
            return literals[0]
        out = self.sheet.literal()
        self.sheet.count(literals, out)
        return out

    def _slots(self, machine: int, intervals: list[int]) -> None:
        """No more tasks than slots, those that run now included."""
        slots = self.shop.at("machine_slots", machine, 1)
        p = self.draft.problem
        ends = [int(e) for m, e in zip(p.wip_machine, p.wip_end_s, strict=True) if m == machine and e > 0]
        self.draft.share(intervals, ends, slots)
