"""Each lot in time: its start and end, its ways, who is held for its run; by the step's word on gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fong.plan.cpsat.draft import Draft, Placed
from fong.plan.cpsat.hours import Option, Work, joined, options
from fong.plan.cpsat.sheet import At, fixed, negated
from fong.plan.cpsat.shop import Lot


class Placing:
    """Places all lots of a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sheet = draft.sheet
        self.shop = draft.shop
        self.variant: dict[tuple[int, int], int] = {}

    def write(self) -> None:
        """All lots."""
        self._variants()
        for i in range(len(self.draft.lots)):
            self.draft.placed.append(self._hold(i) if i in self.draft.held else self._place(i))

    def _variants(self) -> None:
        """One variant of each job is planned; work that runs has decided it."""
        if not len(self.draft.problem.op_variant):
            return
        kinds: dict[int, set[int]] = defaultdict(set)
        for op, job in enumerate(self.shop.job):
            kinds[job].add(self.shop.at("op_variant", op, 0))
        running: dict[int, list[int]] = defaultdict(list)
        for op in self.shop.running:
            running[self.shop.job[op]].append(self.shop.at("op_variant", op, 0))
        kept: dict[int, set[int]] = defaultdict(set)
        for lot in self.draft.lots:
            kept[lot.job].add(self.shop.at("op_variant", lot.op, 0))
        for job, some in kinds.items():
            mine = sorted(some)
            if self.draft.partial:  # a window keeps the variants of its plan
                mine = sorted(kept[job]) or mine
            elif running[job]:
                mine = [max(mine, key=lambda v: (running[job].count(v), -v))]
            for v in sorted(some):
                self.variant[job, v] = self.sheet.literal()
                if v not in mine:
                    self.sheet.never([self.variant[job, v]])
            self.sheet.one([self.variant[job, v] for v in sorted(some)])

    def _place(self, i: int) -> Placed:
        """Start and end of a lot, its ways and who is held for it, by the step's word on gaps."""
        lot, sheet, shop = self.draft.lots[i], self.sheet, self.shop
        there = (self.variant[lot.job, shop.at("op_variant", lot.op, 0)],) if self.variant else ()
        first, last = shop.start[lot.op], self.draft.latest[lot.job] - shop.tail[lot.op]
        if lot.loose:
            return self._place_loose(lot, there, first, last)
        placed = Placed(lot=lot, start=fixed(0), end=fixed(0), begin=fixed(0), ready=fixed(0), there=there)
        placed.ways = self._choice(range(len(lot.ways)), there)
        if shop.wants_runner(lot):
            placed.run_by = self._choice(shop.runners(lot), there)
            if not placed.run_by:
                sheet.never(there)
        slack = lot.op in shop.watched or any(w.batch or w.calls for w in lot.ways) or i in self.draft.least_run
        pairs: dict[Work, list[tuple[int, ...]]] = defaultdict(list)
        of_way: dict[int, list[Work]] = defaultdict(list)
        for k, way in enumerate(lot.ways):
            for crew in placed.run_by or (-1,):
                work = shop.work(
                    lot, way, shop.crews[crew] if crew >= 0 else None, slack=slack, closed=lot.op in shop.awaited
                )
                pairs[work].append(_both(placed.ways[k], placed.run_by.get(crew, ())))
                of_way[k].append(work)
        found = {work: options(work, first, last) for work in pairs}
        for k, works in of_way.items():
            durations = {o.duration for w in works for o in found[w]}
            if len(durations) == 1 and not slack and all(o.ends_at < 0 for w in works for o in found[w]):
                placed.size[k] = durations.pop()
        self._times(i, placed, pairs, found, last)
        placed.begin = placed.ready = placed.start
        return placed

    def _place_loose(self, lot: Lot, there: tuple[int, ...], first: int, last: int) -> Placed:
        """An operation that may be cut at will: only how long it takes at least is known."""
        length = int(self.shop.figures.length[lot.op])
        start = At(self.sheet.var(first, max(first, last)))
        end = At(self.sheet.var(min(last, self.shop.end[lot.op]), max(0, last)))
        if last < self.shop.end[lot.op]:
            self.sheet.never(there)
        self.sheet.before(start, end, length, there)
        return Placed(lot=lot, start=start, end=end, begin=start, ready=start, there=there)

    def _choice(self, of: Sequence[int] | range, there: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
        """One of several, if the lot is there."""
        if len(of) == 1:
            return {of[0]: there}
        flat = [self.sheet.literal() for _ in of]
        if there and flat:
            self.sheet.count(flat, there[0])
        elif flat:
            self.sheet.one(flat)
        return {x: (literal,) for x, literal in zip(of, flat, strict=True)}

    def _times(
        self,
        i: int,
        placed: Placed,
        pairs: dict[Work, list[tuple[int, ...]]],
        found: dict[Work, list[Option]],
        last: int,
    ) -> None:
        """Start and end of a lot from its options; one option for all asks for no choice."""
        sheet, lot = self.sheet, placed.lot
        every = [o for some in found.values() for o in some]
        slack = any(w.slack for w in pairs)
        spans = joined([s for o in every for s in o.starts])
        if not spans:
            sheet.never(placed.there)
            placed.start, placed.end = fixed(0), fixed(0)
            return
        placed.start = At(sheet.among(spans))
        if len(every) == 1 and not slack and every[0].ends_at < 0:
            placed.end = placed.start.after(every[0].duration)
            if len(found) > 1:  # others can never be done
                for work, some in pairs.items():
                    if not found[work]:
                        for when in some:
                            sheet.never(when)
            return
        low = min(o.ends_at if o.ends_at >= 0 else o.starts[0][0] + o.duration for o in every)
        alone = len(self.draft.by_op[lot.op]) == 1
        low = max(low, self.shop.end[lot.op]) if slack and alone else low
        if low > last:
            sheet.never(placed.there)
        placed.end = At(sheet.var(min(low, last), max(low, last)))
        if i in self.draft.least_run:
            sheet.before(placed.start, placed.end, self.draft.least_run[i], placed.there)
            self._by_day(placed)
        for work, some in pairs.items():
            self._choose_option(placed, work, some, found[work], spans)

    def _by_day(self, placed: Placed) -> None:
        """A task that is attended begins and ends while somebody is on duty (right after its set-up it might begin later: left out)."""
        if self.shop.of("step_attend_s", placed.lot.op, 0) <= 0:
            return
        for k, way in enumerate(placed.lot.ways):
            duty = self.shop.duty(self.shop.at("machine_zone", way.machine, -1)) if way.calls else None
            if duty is not None:
                self.sheet.inside(placed.start, [(o, c - 1) for o, c in duty], placed.ways[k])
                self.sheet.inside(placed.end, joined([(o, c) for o, c in duty]), placed.ways[k])

    def _choose_option(
        self,
        placed: Placed,
        work: Work,
        pairs: list[tuple[int, ...]],
        found: list[Option],
        spans: list[tuple[int, int]],
    ) -> None:
        """A run takes one of the options of its hours."""
        sheet = self.sheet
        if len(found) == 1 or not found:
            for when in pairs:
                if found:
                    self._keep_option(placed, found[0], when, slack=work.slack, spans=spans)
                else:
                    sheet.never(when)
            return
        literals = [sheet.literal() for _ in found]
        for option, x in zip(found, literals, strict=True):
            self._keep_option(placed, option, (x,), slack=work.slack, spans=spans)
        for when in pairs:
            sheet.some([*literals, *(negated(x) for x in when)])

    def _keep_option(
        self,
        placed: Placed,
        option: Option,
        when: tuple[int, ...],
        *,
        slack: bool,
        spans: list[tuple[int, int]],
    ) -> None:
        sheet = self.sheet
        if list(option.starts) != spans:
            sheet.inside(placed.start, option.starts, when)
        if option.ends_at >= 0:
            sheet.before(fixed(option.ends_at), placed.end, 0, when)
            return
        sheet.before(placed.start, placed.end, option.duration, when)
        if not slack:
            sheet.before(placed.end, placed.start, -option.duration, when)
        elif option.latest_end >= 0:
            sheet.before(placed.end, fixed(option.latest_end), 0, when)

    def _hold(self, i: int) -> Placed:
        """A lot that stays where it is."""
        lot = self.draft.lots[i]
        at = self.draft.held[i]
        begin, ready, start, end = (fixed(x) for x in (at.begin, at.ready, at.start, at.end))
        placed = Placed(lot=lot, start=start, end=end, begin=begin, ready=ready, moves=False, own_setup=True)
        placed.ways = {next(k for k, w in enumerate(lot.ways) if w.machine == at.machine): ()}
        loads = any(w.batch for w in lot.ways)  # held for a part of the run only: left to the judge
        for person, by in ((at.person, placed.run_by), (at.setter, placed.set_by)):
            if person >= 0 and not (loads and by is placed.run_by):
                by[next(c for c, crew in enumerate(self.shop.crews) if person in crew.people)] = ()
        if self.variant:
            self.sheet.some([self.variant[lot.job, self.shop.at("op_variant", lot.op, 0)]])
        return placed


def _both(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*a, *b)))
