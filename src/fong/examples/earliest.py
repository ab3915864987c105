"""The earliest end of an order line: a lower bound that holds whatever else the workshop does.

It leaves out every other order, waiting for calls, set-ups and nights of unattended machines, and gives each step its fastest machine.
So an order that is due before it is late in every plan. The examples use it to place such orders, and their tests to prove them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fong.examples.dates import seconds_between
from fong.examples.hours import Hours, Windows, finish
from fong.examples.routes import Routes
from fong.model import Factory, OrderLine, Step, WorkInProgress

VARIANT_STEP = 100
"""The examples number the same step of each variant alike but for the hundreds."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Earliest start and end of a step, seconds after now."""

    start: int
    end: int


class Earliest:
    """Lower bounds for the lines of one factory, its stock and receipts as they stand."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.now = factory.settings.now
        self.hours = Hours(factory)
        self.machines = {m.name: m for m in factory.machines}
        self.cycles = {(s.item, s.sequence, s.machine): s.cycle_s for s in factory.speeds if s.cycle_s is not None}
        self.routes = Routes(factory)

    def end(self, line: OrderLine, work: Sequence[WorkInProgress] = (), *, before: int | None = None) -> int:
        """Seconds after now before which the line cannot be finished.

        Parameters
        ----------
        line
            One order line.
        work
            The line's own rows of work in progress.
        before
            Leave out the steps from this sequence on (in each variant, by the last two digits).
        """
        last: dict[str, int] = {}
        for step, stretch in self._stretches(line, work):
            if before is None or step.sequence % VARIANT_STEP < before:
                last[step.variant] = max(last.get(step.variant, 0), stretch.end)
        return min(last.values())

    def _stretches(self, line: OrderLine, work: Sequence[WorkInProgress]) -> Iterator[tuple[Step, Stretch]]:
        rows, route = self.routes.steps[line.item], self.routes.routes[line.item]
        steps = [rows[i] for i in route.steps]
        started = route.started(line.quantity)
        done = {w.sequence: w for w in work}
        chosen = {s.variant for s in steps if s.sequence in done}
        at: dict[int, Stretch] = {}
        for i, step in enumerate(steps):
            if chosen and step.variant not in chosen:
                continue
            if any(q >= step.sequence and (q > step.sequence or _finished(done[q], started[i])) for q in done):
                at[i] = Stretch(0, 0)
            elif (ends := done[step.sequence].ends if step.sequence in done else None) is not None:
                at[i] = Stretch(0, seconds_between(self.now, ends))
            else:
                left = started[i] - (done[step.sequence].done_pieces if step.sequence in done else 0)
                at[i] = self._step(step, left, line, [(steps[p], at[p]) for p in route.before[i]])
            yield step, at[i]

    def _step(self, step: Step, pieces: int, line: OrderLine, before: list[tuple[Step, Stretch]]) -> Stretch:
        ready = max(0, seconds_between(self.now, line.release) if line.release else 0, self._material(step, pieces))
        floor = 0
        for p, stretch in before:
            boxed = p.transfer_batch is not None
            ready = max(ready, (stretch.start if boxed else stretch.end) + p.lag_s)
            floor = max(floor, stretch.end + p.lag_s)
        if step.outside_s is not None:
            begin = _next(self.hours.calendar(step.collect), ready)
            return Stretch(begin, begin + step.outside_s)
        if step.machines and self.machines[step.machines[0]].batch_unit:
            begin = _next(self.hours.skill(step.run_skill), ready)
            return Stretch(begin, begin + step.cycle_s)
        open_ = self.hours.skill(step.run_skill)
        cycles = -(-pieces // step.pieces_per_cycle)
        work = -(-cycles // self._parts(step)) * self._fastest(step)
        begin = _next(open_, ready)
        return Stretch(begin, max(floor, finish(open_, begin, work)))

    def _parts(self, step: Step) -> int:
        """Into how many parts a lot may be divided that are worked on at the same time."""
        people = sum(step.run_skill in p.skills for p in self.factory.people) if step.run_skill else None
        if step.machines:
            return min(step.split_over, people or step.split_over)
        return people or 1 if step.max_lot else 1

    def _fastest(self, step: Step) -> int:
        return min(
            (self.cycles.get((step.item, step.sequence, m), step.cycle_s) for m in step.machines), default=step.cycle_s
        )

    def _material(self, step: Step, pieces: int) -> int:
        """When the stock would be enough if nobody else took of it."""
        first = min(s.sequence for s in self.routes.steps[step.item] if s.variant == step.variant)
        ready = 0
        for b in self.factory.bill:
            if b.item != step.item or (first if b.sequence is None else b.sequence) != step.sequence:
                continue
            have = next((i.on_hand for i in self.factory.items if i.name == b.component), None)
            coming = sorted(
                (seconds_between(self.now, r.at), r.quantity) for r in self.factory.receipts if r.item == b.component
            )
            for moment, quantity in coming:
                if have is None or have >= b.quantity * pieces:
                    break
                have, ready = have + quantity, max(ready, moment)
        return ready


def _finished(work: WorkInProgress, started: int) -> bool:
    return work.ends is None and work.done_pieces >= started


def _next(open_: Windows, moment: int) -> int:
    """The first open moment not before ``moment``."""
    return next(max(a, moment) for a, b in open_ if b > moment)
