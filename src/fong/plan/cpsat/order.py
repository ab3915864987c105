"""What follows what: order, least and longest times between, boxes that go ahead."""

from __future__ import annotations

from fong.model import NEVER
from fong.plan.cpsat.draft import Draft, Placed
from fong.plan.cpsat.sheet import FAR, At, fixed
from fong.plan.cpsat.shop import Lot, Shop, Way


class Order:
    """The order of the lots of a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sheet = draft.sheet
        self.shop = draft.shop

    def write(self) -> None:
        """All pairs of operations that follow each other."""
        for a, b in self.shop.pairs:
            lag, most = self.shop.of("step_lag_s", a, 0), self.shop.of("step_max_wait_s", a, NEVER)
            if a in self.shop.running:
                self._after_running(a, b, lag, most)
            elif self.shop.at("op_variant", a, 0) == self.shop.at("op_variant", b, 0):
                self._precedence(a, b, lag)
                if most < NEVER and self.draft.by_op[a]:
                    self._max_wait(a, b, most)

    def _after_running(self, a: int, b: int, lag: int, most: int) -> None:
        """An operation follows one that runs now."""
        at = fixed(self.shop.running[a])
        for y in self.draft.by_op[b]:
            after = self.draft.placed[y]
            self.sheet.before(at, after.start, lag, after.there)
            if most < NEVER:
                self.sheet.before(after.start, at, -most, after.there)

    def _precedence(self, a: int, b: int, lag: int) -> None:
        """An operation begins after those before it, and not too soon after them; boxes may go ahead."""
        boxes = Boxes(self.draft)
        some, others = self.draft.by_op[a], self.draft.by_op[b]
        boxed = self.shop.of("step_box", a, 0) > 0 and len(some) == len(others) == 1
        for x in some:
            for y in others:
                before, after = self.draft.placed[x], self.draft.placed[y]
                if boxed and boxes.may_move(x, y):
                    boxes.write(x, y, lag)
                elif before.moves or after.moves:
                    self.sheet.before(before.end, after.start, lag, after.there)

    def _max_wait(self, a: int, b: int, most: int) -> None:
        """From the last end of a step to the start of each lot of the next one."""
        ends = [self.draft.placed[x].end for x in self.draft.by_op[a]]
        end = ends[0]
        if len(ends) > 1:
            end = At(self.sheet.var(min(map(self.sheet.low, ends)), max(map(self.sheet.high, ends))))
            self.sheet.latest(end, ends)
        for y in self.draft.by_op[b]:
            self.sheet.before(self.draft.placed[y].start, end, -most, self.draft.placed[y].there)


class Boxes:
    """Transfer batches: the next step may begin when the first box has come, and ends after the last one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.shop = draft.shop

    def may_move(self, x: int, y: int) -> bool:
        """Whether boxes may move between two lots: not across a batch machine."""
        return not any(all(w.batch for w in self.draft.lots[i].ways) for i in (x, y))

    def write(self, x: int, y: int, lag: int) -> None:
        """Exactly where both sides keep an even pace; else as two lags."""
        a, b = self.draft.placed[x], self.draft.placed[y]
        if plain_boxes(self.shop, a.lot, b.lot):
            for k, when in a.ways.items():
                for q, other in b.ways.items():
                    apart = self._apart(a.lot, a.lot.ways[k], b.lot, b.lot.ways[q]) + lag
                    self.draft.sheet.before(a.start, b.start, apart, (*when, *other))
        elif not a.lot.loose and not b.lot.loose:
            self._lags(a, b, lag)

    def _lags(self, a: Placed, b: Placed, lag: int) -> None:
        """The next step begins after the first box, and ends after the last one and the last of its own cycles."""
        shop, sheet = self.shop, self.draft.sheet
        even = not any(w.calls or w.batch for w in (*a.lot.ways, *b.lot.ways))
        begun = shop.at("op_total", a.lot.op, a.lot.pieces) > shop.at("op_pieces", a.lot.op, 1)
        outside = [shop.of("step_outside_s", lot.op, -1) for lot in (a.lot, b.lot)]
        if not begun and even:
            box = min(shop.of("step_box", a.lot.op, 0), a.lot.pieces)
            first = shop.cycles(a.lot.op, box) * min(w.cycle_s for w in a.lot.ways)
            sheet.before(a.start, b.start, (outside[0] if outside[0] >= 0 else first) + lag, b.there)
        last = min(w.cycle_s for w in b.lot.ways) if even and outside[1] < 0 else 0
        sheet.before(a.start, b.end, min(w.run_s for w in a.lot.ways) + lag + last, b.there)

    def _apart(self, a: Lot, way: Way, b: Lot, other: Way) -> int:
        """Least time from start to start, so that no piece is begun before its box has come."""
        shop = self.shop
        box = shop.of("step_box", a.op, 0)
        total_a, total_b = shop.at("op_total", a.op, a.pieces), shop.at("op_total", b.op, b.pieces)
        per_a = max(1, shop.of("step_pieces_per_cycle", a.op, 1))
        per_b = max(1, shop.of("step_pieces_per_cycle", b.op, 1))
        finished, begun, left, at = total_a - a.pieces, total_b - b.pieces, a.pieces, 0
        out = -FAR
        for cycle in range(-(-b.pieces // per_b)):
            begun += min(per_b, b.pieces - cycle * per_b)
            while left > 0 and begun > finished * total_b // total_a:
                some = min(box, left)
                left -= some
                finished += some
                at = -(-(a.pieces - left) // per_a) * way.cycle_s
                out = max(out, at - cycle * other.cycle_s)
        return out


def plain_boxes(shop: Shop, a: Lot, b: Lot) -> bool:
    """Whether both sides of a transfer keep an even pace from their start: no gaps, no calls, nothing outside, one lot each."""
    for lot in (a, b):
        if lot.loose or shop.of("step_outside_s", lot.op, -1) >= 0 or any(w.batch or w.calls for w in lot.ways):
            return False
        if any(shop.at("machine_calendar", w.machine, -1) >= 0 for w in lot.ways):
            return False
        if any(shop.crews[c].calendar >= 0 for c in shop.runners(lot)):
            return False
    return True
