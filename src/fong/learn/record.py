"""A performance as whole seconds of the shop's own clock, and what each order did at each step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fong.learn.intervals import Interval, length, shared
from fong.model.performance import Performance, WorkEvent

DAY_S = 86_400
WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Stretch:
    """A work event in seconds after the record's origin."""

    order: str
    step: str
    machine: str
    person: str
    kind: str
    start_s: int
    end_s: int
    pieces: int | None

    @property
    def interval(self) -> Interval:
        """Start and end."""
        return self.start_s, self.end_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A log in the shop's own clock. ``origin`` is a Monday midnight (naive); ``stretches`` are in order of start.

    ``scrap``: (good, scrapped) pieces by step, of the stretches that say them; ``scrap_rows``: stretches with scrap by step.
    """

    origin: datetime
    zone: ZoneInfo
    stretches: tuple[Stretch, ...]
    items: Mapping[str, str]
    quantities: Mapping[str, int]
    scrap: Mapping[str, tuple[int, int]]
    scrap_rows: Mapping[str, int]

    def moment(self, seconds: int) -> datetime:
        """The aware moment so many seconds after the origin."""
        return (self.origin + timedelta(seconds=seconds)).replace(tzinfo=self.zone)

    def seconds(self, moment: datetime) -> int:
        """Seconds of a moment after the origin; a naive one is on the shop's clock."""
        return round((local(moment, self.zone) - self.origin).total_seconds())

    @property
    def begin_s(self) -> int:
        """First start."""
        return min(s.start_s for s in self.stretches)

    @property
    def end_s(self) -> int:
        """Last end."""
        return max(s.end_s for s in self.stretches)

    def by(self, key: Callable[[Stretch], str]) -> dict[str, list[Stretch]]:
        """Stretches by a name, without those that have none."""
        out: dict[str, list[Stretch]] = defaultdict(list)
        for s in self.stretches:
            if key(s):
                out[key(s)].append(s)
        return dict(out)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Wall clock of the shop, naive."""
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def record(performance: Performance, time_zone: str) -> Record:
    """Turn a performance (at least one event) into a record."""
    zone = ZoneInfo(time_zone)
    events = performance.events
    first = min(local(e.start, zone) for e in events)
    origin = (first - timedelta(days=first.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)

    def s(moment: datetime) -> int:
        return round((local(moment, zone) - origin).total_seconds())

    stretches = [
        Stretch(e.order, e.step, e.machine, e.person, e.kind, s(e.start), s(e.end), _pieces(e)) for e in events
    ]
    stretches.sort(key=lambda x: (x.start_s, x.end_s, x.order))
    scrap, rows = _scrap(events)
    return Record(
        origin=origin,
        zone=zone,
        stretches=tuple(stretches),
        items=_most_common((e.order, e.item) for e in events if e.item),
        quantities=_quantities(events),
        scrap=scrap,
        scrap_rows=rows,
    )


def _pieces(e: WorkEvent) -> int | None:
    return None if e.good is None else e.good + (e.scrap or 0)


def _scrap(events: Iterable[WorkEvent]) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    good: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for e in events:
        if e.scrap is not None:
            good[e.step] += e.good or 0
            bad[e.step] += e.scrap
            rows[e.step] += e.scrap > 0
    return {step: (good[step], bad[step]) for step in bad}, dict(rows)


def _most_common(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for order, name in pairs:
        found[order][name] += 1
    return {order: names.most_common(1)[0][0] for order, names in found.items()}


def _quantities(events: Iterable[WorkEvent]) -> dict[str, int]:
    """Pieces of each order: as its rows say most often, else the most that one of its steps finished."""
    said: dict[str, Counter[int]] = defaultdict(Counter)
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for e in events:
        if e.order_quantity:
            said[e.order][e.order_quantity] += 1
        if e.good:
            made[e.order][e.step] += e.good
    out = {order: max(steps.values()) for order, steps in made.items()}
    return out | {order: numbers.most_common(1)[0][0] for order, numbers in said.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All that one order did at one step.

    ``pieces``: as reported by all of its stretches, else the order's quantity, else None. ``machine``: the one that did nearly all
    of it, "" if unknown or several. ``people``: seconds by person. ``hand``: no machine, so that times are shares of people's time.
    """

    order: str
    item: str
    step: str
    machine: str
    people: Mapping[str, int]
    setup_s: float
    run_s: float
    pieces: int | None
    reported: bool
    flagged: bool
    first_s: int
    last_s: int
    hand: bool
    stretches: tuple[Stretch, ...]


def works(rec: Record, benches: frozenset[str], no_machine: frozenset[str]) -> tuple[Work, ...]:
    """Work by order and step, in order of first start.

    Parameters
    ----------
    rec
        The record.
    benches
        Machines that are none.
    no_machine
        Steps that no machine does: their times are shares of people's time.
    """
    effort = _effort(rec, no_machine)
    grouped: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, s in enumerate(rec.stretches):
        grouped[s.order, s.step].append(i)
    out = [
        _work(rec, [rec.stretches[i] for i in at], [effort[i] for i in at], benches, step in no_machine)
        for (_, step), at in grouped.items()
    ]
    return tuple(sorted(out, key=lambda w: (w.first_s, w.last_s, w.order)))


def _effort(rec: Record, no_machine: frozenset[str]) -> list[float]:
    """Seconds of each stretch; handwork that one person does at once shares that person's time."""
    out = [float(s.end_s - s.start_s) for s in rec.stretches]
    at: dict[str, list[int]] = defaultdict(list)
    for i, s in enumerate(rec.stretches):
        if s.person and s.step in no_machine:
            at[s.person].append(i)
    for numbers in at.values():
        for i, seconds in zip(numbers, shared([rec.stretches[i].interval for i in numbers]), strict=True):
            out[i] = seconds
    return out


def _work(rec: Record, stretches: list[Stretch], effort: list[float], benches: frozenset[str], hand: bool) -> Work:  # noqa: FBT001
    first = stretches[0]
    people: Counter[str] = Counter()
    for s in stretches:
        if s.person:
            people[s.person] += s.end_s - s.start_s
    pieces, reported = _pieces_of(rec, stretches)
    return Work(
        order=first.order,
        item=rec.items.get(first.order, ""),
        step=first.step,
        machine=_main_machine(stretches, benches),
        people=dict(people),
        setup_s=_seconds(stretches, effort, lambda s: s.kind == "setup", hand=hand),
        run_s=_seconds(stretches, effort, lambda s: s.kind in {"run", ""}, hand=hand),
        pieces=pieces,
        reported=reported,
        flagged=any(s.kind in {"setup", "run"} for s in stretches),
        first_s=first.start_s,
        last_s=max(s.end_s for s in stretches),
        hand=hand,
        stretches=tuple(stretches),
    )


def _pieces_of(rec: Record, stretches: list[Stretch]) -> tuple[int | None, bool]:
    told = [s.pieces for s in stretches]
    total = sum(p for p in told if p is not None)
    if total and None not in told:
        return total, True
    return rec.quantities.get(stretches[0].order), False


def _main_machine(stretches: list[Stretch], benches: frozenset[str]) -> str:
    seconds: Counter[str] = Counter()
    for s in stretches:
        seconds["" if s.machine in benches else s.machine] += s.end_s - s.start_s
    name, most = seconds.most_common(1)[0]
    return name if most >= 0.9 * sum(seconds.values()) else ""  # the rest is a slip or a short help


def _seconds(stretches: list[Stretch], effort: list[float], test: Callable[[Stretch], bool], *, hand: bool) -> float:
    if hand:
        return sum(e for s, e in zip(stretches, effort, strict=True) if test(s))
    machines: dict[str, list[Interval]] = defaultdict(list)
    for s in stretches:
        if test(s):
            machines[s.machine].append(s.interval)
    return float(sum(length(intervals) for intervals in machines.values()))


def routes(all_works: Iterable[Work]) -> dict[str, tuple[str, ...]]:
    """Steps of each order by first start, each once: a return to an earlier step (rework, a first piece) is no step of its own."""
    out: dict[str, list[str]] = defaultdict(list)
    for w in all_works:
        out[w.order].append(w.step)
    return {order: tuple(steps) for order, steps in out.items()}


def visits(rec: Record) -> dict[str, tuple[str, ...]]:
    """Steps of each order as they followed each other, returns included."""
    out: dict[str, list[str]] = defaultdict(list)
    for s in rec.stretches:
        if not out[s.order] or out[s.order][-1] != s.step:
            out[s.order].append(s.step)
    return {order: tuple(steps) for order, steps in out.items()}


def returns(rec: Record) -> tuple[int, int]:
    """Visits to a step that the order had left for another one, and their seconds."""
    seen: dict[str, set[str]] = defaultdict(set)
    last: dict[str, str] = {}
    again: set[tuple[str, str]] = set()
    count = seconds = 0
    for s in rec.stretches:
        if last.get(s.order) != s.step:
            again.discard((s.order, last.get(s.order, "")))
            if s.step in seen[s.order]:
                count += 1
                again.add((s.order, s.step))
        if (s.order, s.step) in again:
            seconds += s.end_s - s.start_s
        seen[s.order].add(s.step)
        last[s.order] = s.step
    return count, seconds
