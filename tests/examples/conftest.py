"""Load of an example against its capacity, computed from its tables alone: no solver, no code of the examples."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from fong.examples import load
from fong.model import OrderLine, Step, WorkInProgress, Workshop
from fong.model.calendars import windows
from fong.model.route import route_of

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NOW = datetime(2026, 11, 21, 22, 0, tzinfo=HONG_KONG)


@dataclass
class Work:
    """Hours of work that must be done by a moment (seconds after now), by skill and by machine group; setters' hours apart."""

    by: int
    hands: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    machines: dict[str, float] = field(default_factory=lambda: defaultdict(float))


class Loads:
    """Load of a workshop: ``variant`` is taken where a part has it."""

    def __init__(self, workshop: Workshop, variant: str = "A") -> None:
        self.workshop, self.variant = workshop, variant
        self.factory = workshop.factory
        self.now = self.factory.settings.now
        self.known: dict[str, list[tuple[int, int]]] = {}
        self.machine = {m.name: m for m in self.factory.machines}
        self.steps: dict[str, list[Step]] = defaultdict(list)
        for s in self.factory.routing:
            self.steps[s.item].append(s)
        self.rows: dict[tuple[str, int], dict[int, WorkInProgress]] = defaultdict(dict)
        for w in workshop.state.work:
            self.rows[w.order, w.line][w.sequence] = w
        self.within = {(s.group, s.from_family): s.setup_s for s in self.factory.setups if s.from_family == s.to_family}
        self.work = [self._line(o) for o in workshop.orders]
        self.last = max(w.by for w in self.work)

    def left(self, order: OrderLine) -> Iterator[tuple[Step, int]]:
        """Steps of which something is left, and how many pieces."""
        rows = self.steps[order.item]
        route, done = route_of(rows, range(len(rows))), self.rows[order.order, order.line]
        started = route.started(order.quantity)
        taken = {s.variant for s in rows if s.sequence in done} or {self.variant}
        several = len({s.variant for s in rows}) > 1
        for n, i in zip(started, route.steps, strict=True):
            step = rows[i]
            now = done.get(step.sequence)
            if (several and step.variant not in taken) or any(q > step.sequence for q in done) or (now and now.ends):
                continue
            pieces = n - (now.done_pieces if now else 0)
            if pieces:
                yield step, pieces

    def _line(self, order: OrderLine) -> Work:
        assert order.due is not None
        work = Work(by=round((order.due - self.now).total_seconds()))
        for step, pieces in self.left(order):
            if step.outside_s is not None:
                assert step.collect is not None
                work.by = max(
                    (a for a, _ in self.windows(step.collect) if a + step.outside_s <= work.by), default=work.by
                )
                continue
            self._add(work, step, pieces)
        return work

    def _add(self, work: Work, step: Step, pieces: int) -> None:
        cycles = -(-pieces // step.pieces_per_cycle)
        group = self.machine[step.machines[0]].group if step.machines else ""
        if step.machines and self.machine[step.machines[0]].batch_unit:
            batches = float(step.batch_per_piece * pieces / self.machine[step.machines[0]].capacity)
            work.machines[group] += batches * step.cycle_s / 3600
            work.hands[step.run_skill or ""] += batches * step.attend_s / 3600
            return
        if step.run_skill:
            work.hands[step.run_skill] += cycles * step.cycle_s / 3600
        setup = self.within.get((group, step.setup_family or ""), step.setup_s) if step.setup_skill else 0
        if step.setup_skill:
            work.hands[step.setup_skill] += setup / 3600
        if step.machines:
            calls = -(-cycles // (step.unattended_cycles + 1)) * step.attend_s
            stops = float(step.stops_per_hour) * step.stop_s / 3600 * cycles * step.cycle_s
            work.machines[group] += (cycles * step.cycle_s + calls + stops + setup) / 3600

    def windows(self, calendar: str | None) -> list[tuple[int, int]]:
        """Open windows of a calendar."""
        horizon = 45 * 86_400
        if calendar is None:
            return [(0, horizon)]
        if calendar not in self.known:
            found = next(c for c in self.factory.calendars if c.name == calendar)
            self.known[calendar] = windows(found, self.now, horizon)
        return self.known[calendar]

    def open_h(self, calendar: str | None, until: int) -> float:
        """Open hours of a calendar before ``until``."""
        return sum(max(0, min(b, until) - a) for a, b in self.windows(calendar)) / 3600

    def skills(self, until: int | None = None) -> list[tuple[float, tuple[str, ...], float, float]]:
        """Share, skills, work and capacity in hours of each set of skills: the largest share is the neck among people."""
        until = until or self.last
        work: dict[str, float] = defaultdict(float)
        for w in self.work:
            for skill, hours in w.hands.items():
                work[skill] += hours if w.by <= until else 0
        people = [p for p in self.factory.people if p.tends is None]
        open_h = {c: self.open_h(c, until) for c in {p.calendar for p in people}}
        capacity = {p.name: open_h[p.calendar] for p in people}
        out = []
        for size in range(1, len(work) + 1):
            for some in combinations(sorted(work), size):
                able = sum(capacity[p.name] for p in people if p.skills.intersection(some))
                hours = sum(work[s] for s in some)
                out.append((hours / able if able else float("inf") if hours else 0.0, some, hours, able))
        return sorted(out, reverse=True)

    def groups(self) -> dict[str, tuple[float, float, float]]:
        """Work, hours that the machines are open, and hours in which people are there, by machine group."""
        manned = {c: self.open_h(c, self.last) for c in {p.calendar for p in self.factory.people if p.tends}}
        out = {}
        for group in dict.fromkeys(m.group for m in self.factory.machines):
            machines = [m for m in self.factory.machines if m.group == group]
            hours = sum(w.machines[group] for w in self.work)
            open_h = sum(self.open_h(m.calendar, self.last) for m in machines)
            out[group] = (hours, open_h, len(machines) * sum(manned.values()))
        return out

    def table(self) -> str:
        """What a reader wants to see, as a Markdown table."""
        rows = ["| what | work, h | capacity, h | load |", "|---|---:|---:|---:|"]
        single = [s for s in self.skills() if len(s[1]) == 1]
        neck = self.skills()[0]
        for share, some, hours, able in [*sorted(single, key=lambda s: -s[0]), neck]:
            rows.append(f"| {' + '.join(some)} | {hours:,.0f} | {able:,.0f} | {share:.0%} |")
        for group, (hours, _, manned) in self.groups().items():
            rows.append(f"| {group} | {hours:,.0f} | {manned:,.0f} | {hours / manned:.0%} |")
        return "\n".join(rows)


@pytest.fixture(scope="session")
def knit_1() -> Workshop:
    return load("knit", NOW)


@pytest.fixture(scope="session")
def cnc_1() -> Workshop:
    return load("cnc", NOW)


@pytest.fixture
def loads() -> Callable[..., Loads]:
    return Loads
