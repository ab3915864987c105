"""What is under way in ``knit`` at the start, and the dates that were promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest

from fong.examples.dates import Collections, minute_at
from fong.examples.dice import Dice
from fong.examples.earliest import Earliest
from fong.examples.figures import Tree, seconds
from fong.examples.hours import HOUR_S, Hours, began, finish, worked
from fong.examples.knit_orders import Draft, drafts, order_lines, with_yarn
from fong.examples.routes import Routes
from fong.model import Factory, State, Step, WorkInProgress, Workshop

KNIT, WASH, DRY = 20, 60, 70
MENDED = 50
IN_FINISHING = (
    ("whole", DRY),
    ("fashioned", DRY),
    ("whole", WASH),
    ("whole", MENDED),
    ("fashioned", MENDED),
    ("fashioned", KNIT),
    ("fashioned", KNIT),
    ("fashioned", KNIT),
    ("whole", KNIT),
)
"""Kind and last finished step of the orders in finishing, the most advanced first: linkers and menders have work before them."""
IN_MACHINE = {2: DRY, 3: WASH}
"""Which of them have their first line in a dryer or washer now."""


def filled(f: Tree, factory: Factory, seed: int) -> Workshop:
    """The factory with its week: orders, work in progress, dates, yarn."""
    dice = Dice(seed)
    floor = Floor(f, factory, drafts(f, dice), dice)
    factory = with_yarn(f, floor.factory(), floor.book, floor.left, dice)
    Promises(f, factory, floor, dice).make()
    lines = sorted((line for d in floor.book for line in order_lines(f, d)), key=lambda o: (int(o.order), o.line))
    return Workshop(factory=factory, orders=tuple(lines), state=State(work=tuple(floor.rows)))


class Floor:
    """Where each lot is: ``rows`` of work in progress, ``left`` garments to be knitted, ``present`` set-up by machine."""

    def __init__(self, f: Tree, factory: Factory, book: list[Draft], dice: Dice) -> None:
        self.f, self.base, self.dice = f, factory, dice
        self.now = factory.settings.now
        self.routes = Routes(factory)
        self.finishing = self._in_finishing(book)
        self.book = self.finishing + [d for d in book if d not in self.finishing]
        self.rows: list[WorkInProgress] = []
        self.present: dict[str, str] = {}
        self.left = {(d.number, i): self._started(d, i, KNIT) for d in self.book for i in range(1, len(d.lines) + 1)}
        self.begun = {d.number for d in self.finishing}
        self._finish()
        self._run()

    def factory(self) -> Factory:
        """The factory with each machine's present set-up."""
        machines = tuple(replace(m, present_family=self.present.get(m.name)) for m in self.base.machines)
        return replace(self.base, machines=machines)

    def _step(self, draft: Draft, line: int, sequence: int) -> Step:
        return self.routes.step(draft.item(line), sequence)

    def _started(self, draft: Draft, line: int, sequence: int) -> int:
        return self.routes.started(draft.item(line), draft.lines[line - 1][2])[sequence]

    def _row(
        self, draft: Draft, line: int, sequence: int, done: int, *, machine: str | None = None, left_s: int = 0
    ) -> None:
        """Note where a lot is; with ``left_s`` it runs on ``machine`` for so long."""
        step = self._step(draft, line, sequence)
        self.rows.append(
            WorkInProgress(
                order=draft.number,
                line=line,
                sequence=sequence,
                done_pieces=done,
                machine=machine,
                started=self._began(step, done, machine, left_s) if machine else None,
                ends=minute_at(self.now, left_s) if left_s > 0 else None,
            )
        )

    def _began(self, step: Step, done: int, machine: str, left_s: int) -> datetime:
        """The moment at which somebody put the lot on the machine."""
        if step.sequence == KNIT:
            on = next(m for m in self.base.machines if m.name == machine)
            return began(self.base, on, step, step.cycle_s * (done + 1))
        return minute_at(self.now, left_s - step.cycle_s)

    def _in_finishing(self, book: list[Draft]) -> list[Draft]:
        """One order of middling size for each row of ``IN_FINISHING``."""
        low, high = self.f["story"]["finishing_size"]
        out: list[Draft] = []
        for kind, _ in IN_FINISHING:
            fits = (d for d in book if d.style["kind"] == kind and low <= d.quantity <= high)
            out.append(next(d for d in fits if d not in out and not d.style.get("story", False)))
        return out

    def _finish(self) -> None:
        """Write the rows of these orders; of the first line the next handwork is half done."""
        for position, (draft, (_, done)) in enumerate(zip(self.finishing, IN_FINISHING, strict=True)):
            for line in range(1, len(draft.lines) + 1):
                self.left[draft.number, line] = 0
                if line == 1 and position in IN_MACHINE:
                    self._in_machine(draft, IN_MACHINE[position])
                    continue
                self._row(draft, line, done, self._started(draft, line, done))
                if line == 1:
                    self._half_done(draft, done)

    def _in_machine(self, draft: Draft, sequence: int) -> None:
        step = self._step(draft, 1, sequence)
        left = self.f["story"]["washer_left_min" if sequence == WASH else "dryer_left_min"]
        self.present[step.machines[0]] = step.setup_family or ""
        self._row(draft, 1, sequence, 0, machine=step.machines[0], left_s=seconds(left))

    def _half_done(self, draft: Draft, done: int) -> None:
        later = (s for s in self.routes.steps[draft.item(1)] if s.sequence > done)
        following = min(later, key=lambda s: s.sequence)
        whole = self._started(draft, 1, following.sequence)
        part = int(whole * (0.2 + 0.6 * self.dice.part()))
        if following.sequence not in {WASH, DRY} and part:
            self._row(draft, 1, following.sequence, part)

    def _run(self) -> None:
        """Lots on the flat machines: one each, all but a few machines; the lot of the broken machine waits half done."""
        story = self.f["story"]
        down = story["down_machine"]
        groups = {
            g["group"]: [m.name for m in self.base.machines if m.group == g["group"]] for g in self.f["gauges"].values()
        }
        free = {g: [m for m in self.dice.shuffled(names) if m != down] for g, names in groups.items()}
        for names in free.values():
            for m in names[: story["idle_machines"] // len(free)]:
                self.present[m] = self._idle_family(m)
            del names[: story["idle_machines"] // len(free)]
        broken = next(m.group for m in self.base.machines if m.name == down)
        for draft, line in self._waiting():
            group = self.f["gauges"][draft.style["gauge"]]["group"]
            if group == broken and down not in self.present:
                self._put_on(draft, line, down, broken=True)
            elif free[group]:
                self._put_on(draft, line, free[group].pop(), broken=False)

    def _idle_family(self, machine: str) -> str:
        group = next(m.group for m in self.base.machines if m.name == machine)
        styles = [s for s in self.f["styles"] if self.f["gauges"][s["gauge"]]["group"] == group]
        style = self.dice.pick(styles)
        return f"{style['code']}-{self.dice.pick(style['colours'])}"

    def _waiting(self) -> Iterator[tuple[Draft, int]]:
        """Lines that may be on a machine now, every other one fashioned as long as there are: linking is never left without work."""
        waiting = [d for d in self.book[len(self.finishing) :] if not d.style.get("story", False)]
        lines = [(d, i) for d in waiting[: len(waiting) // 2] for i in range(1, len(d.lines) + 1)]
        fashioned = [x for x in lines if x[0].style["kind"] == "fashioned"]
        whole = [x for x in lines if x[0].style["kind"] == "whole"]
        for pair in zip_longest(fashioned, whole):
            yield from (x for x in pair if x is not None)

    def _put_on(self, draft: Draft, line: int, machine: str, *, broken: bool) -> None:
        cycle = self._step(draft, line, KNIT).cycle_s
        whole = self._started(draft, line, KNIT)
        most = max(1, min(whole, int(float(self.f["story"]["longest_left_h"]) * HOUR_S / cycle)))
        left = 1 + self.dice.below(most)
        self.present[machine] = self._step(draft, line, KNIT).setup_family or ""
        self.begun.add(draft.number)
        self.left[draft.number, line] = left if broken else 0
        # Whole garments: what is knitted already of the one in the machine makes up for the calls to come.
        self._row(draft, line, KNIT, whole - left, machine=machine, left_s=0 if broken else left * cycle)


class Promises:
    """Dates: what the neck could bear when they were given, rounded up to the customer's collection hour.

    Some are tight; two are late whatever one does: one is overdue, the yarn of the other is late.
    """

    def __init__(self, f: Tree, factory: Factory, floor: Floor, dice: Dice) -> None:
        self.f, self.factory, self.floor, self.dice = f, factory, floor, dice
        self.collections = Collections(factory.settings.now, f["week"]["days"])
        setting = f["skills"]["setting"]
        finishers = [p for p in factory.people if setting not in p.skills]
        hours = Hours(factory)
        self.open, self.crew = hours.people(finishers), hours.crew(finishers)
        self.skilled = {
            s: hours.crew([p for p in finishers if s in p.skills]) for p in finishers for s in sorted(p.skills)
        }
        self.earliest = Earliest(factory)
        self.usual = Earliest(_unhurried(factory, Decimal(f["orders"]["knit_allowance"])))

    def make(self) -> None:
        """Give each order its date."""
        self._by_load()
        self._late()
        self._tight()

    def _by_load(self) -> None:
        """Each order after those promised before it, as fast as finishers and machines can work."""
        o, load = self.f["orders"], float(self.f["orders"]["neck_load"])
        work = dict.fromkeys(self.skilled, 0)
        machine_s = dict.fromkeys(self.f["gauges"], 0.0)
        for draft in self.floor.book:
            for skill, hand in self.hand_s(draft).items():
                work[skill] += hand
            machine_s[draft.style["gauge"]] += self.knit_s(draft)
            hands = max(sum(work.values()) / self.crew, *(work[s] / crew for s, crew in self.skilled.items()))
            machines = max(s / self.f["gauges"][g]["machines"] for g, s in machine_s.items())
            free = max(finish(self.open, 0, round(hands / load)), round(machines / load))
            done = finish(self.open, max(free, self._usual(draft)), round(float(o["margin_h"]) * HOUR_S))
            draft.due = self.collections.after(done, self._hour(draft))

    def _late(self) -> None:
        overdue = self.floor.finishing[0]
        overdue.due = self.collections.before(0, self._hour(overdue))
        late_yarn = next(d for d in self.floor.book if d.style.get("story", False))
        late_yarn.due = self.collections.before(self.bound(late_yarn), self._hour(late_yarn))

    def _tight(self) -> None:
        """Orders whose customer collects soon after they usually are through, the last promised first."""
        o, left = self.f["orders"], self.f["orders"]["tight"]
        story = self.f["story"]
        low, high = story["tight_size"]
        least, most = (int(h) * HOUR_S for h in o["tight_slack_h"])
        for draft in reversed(self._fresh()):
            most_pieces = high if draft.style["kind"] == "whole" else story["tight_fashioned"]
            if not low <= draft.quantity <= most_pieces or not left:
                continue
            usual = self._usual(draft)
            due = self.collections.after(finish(self.open, usual, least), self._hour(draft))
            if worked(self.open, self.collections.seconds(due)) - worked(self.open, usual) <= most:
                draft.due = due
                left -= 1

    def _fresh(self) -> list[Draft]:
        """Orders of which nothing has begun, in the order in which they were promised."""
        return [d for d in self.floor.book if d.number not in self.floor.begun and not d.style.get("story", False)]

    def bound(self, draft: Draft) -> int:
        """Seconds before which the order cannot be finished."""
        return self._end(self.earliest, draft)

    def _usual(self, draft: Draft) -> int:
        """Seconds after which it usually is, if nothing else is in the way: each lot on one machine, with calls and nights."""
        return self._end(self.usual, draft)

    def _end(self, earliest: Earliest, draft: Draft) -> int:
        rows = [w for w in self.floor.rows if w.order == draft.number]
        return max(earliest.end(o, [w for w in rows if w.line == o.line]) for o in order_lines(self.f, draft))

    def hand_s(self, draft: Draft) -> dict[str, int]:
        """Seconds of handwork that are left, by skill; loading of washers and dryers does not count."""
        work: dict[str, int] = defaultdict(int)
        rows = {(w.line, w.sequence): w for w in self.floor.rows if w.order == draft.number}
        for i, (_, _, quantity) in enumerate(draft.lines, 1):
            done = max((q for line, q in rows if line == i), default=-1)
            for s in self.floor.routes.steps[draft.item(i)]:
                if s.run_skill in self.skilled and s.sequence >= done and not s.attend_s:
                    left = quantity - (rows[i, s.sequence].done_pieces if (i, s.sequence) in rows else 0)
                    work[s.run_skill] += -(-left // s.pieces_per_cycle) * s.cycle_s
        return work

    def knit_s(self, draft: Draft) -> float:
        """Seconds that its garments still take on machines, with calls and nights."""
        garments = sum(self.floor.left[draft.number, line] for line in range(1, len(draft.lines) + 1))
        return float(garments * draft.style["knit_min"] * 60 * self.f["orders"]["knit_allowance"])

    def _hour(self, draft: Draft) -> int:
        return int(self.f["customers"][draft.style["customer"]]["cutoff_hour"])


def _unhurried(factory: Factory, allowance: Decimal) -> Factory:
    """The factory as a salesperson sees it: lots are not split, and knitting takes ``allowance`` times as long."""
    slow = (
        replace(s, split_over=1, max_lot=None, cycle_s=round(s.cycle_s * (allowance if s.sequence == KNIT else 1)))
        for s in factory.routing
    )
    return replace(factory, routing=tuple(slow))
