"""A record → :class:`Knowledge`: everything that the log shows, before it is cast into tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from fong.learn.hours import Hours, find_hours
from fong.learn.intervals import Interval, length, sweep
from fong.learn.learned import Breakdowns, Knowledge
from fong.learn.options import LearnOptions
from fong.learn.people import benches, evidence, handwork, skills
from fong.learn.record import Record, Work, routes, works
from fong.learn.times import step_times

_LEAST_BREAKDOWNS = 3
_LEAST_SCRAP_ROWS = 3  # fewer are an accident, and a rate would add a piece to every small lot
_HELPER = 0.01  # of a step's machine hours; less is a slip
_COMMON = 0.95  # of the busy time


def study(rec: Record, options: LearnOptions, horizon_days: int) -> Knowledge:
    """Learn from a record. ``horizon_days``: how far beyond its end alternating weeks are laid out."""
    bench = benches(rec, options)
    hand = handwork(rec, bench)
    all_works = works(rec, frozenset(bench), hand)
    people = skills(rec, options)
    peopled = bool(people.of)
    centres = {} if peopled else _centres(rec, hand)
    machines = _machines(all_works, frozenset(bench)) | {step: (step,) for step in centres}
    return Knowledge(
        record=rec,
        times=step_times(all_works, rec.end_s),
        evidence=evidence(rec, all_works, options),
        machines=machines,
        group=_groups(all_works, machines, frozenset(bench)),
        benches=bench,
        centres=centres,
        skills=people,
        hours=_hours(rec, options, horizon_days, machine_hours=not peopled),
        scrap_pct=_scrap(rec),
        breakdowns=_breakdowns(rec, frozenset(bench)),
        routes=routes(all_works),
        flows_s=_flows(all_works),
    )


def _centres(rec: Record, hand: frozenset[str]) -> dict[str, int]:
    """In a log without people, a step without machine is a work centre of its own: how many lots it really held at once."""
    out: dict[str, int] = {}
    for step in sorted(hand):
        levels: Counter[int] = Counter()
        for a, b, numbers in sweep([s.interval for s in rec.stretches if s.step == step]):
            levels[len(numbers)] += b - a
        out[step] = common_level(levels)
    return out


def common_level(levels: Mapping[int, int]) -> int:
    """The level that covers all but the rarest moments; 1 at least."""
    total, below = sum(levels.values()), 0
    for level in sorted(levels):
        below += levels[level]
        if below >= _COMMON * total:
            return max(1, level)
    return 1


def _machines(all_works: Iterable[Work], bench: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Machines that did each step, the most used first: their group."""
    seconds = _machine_seconds(all_works, bench)
    return {
        step: tuple(sorted((m for m in c if c[m] >= _HELPER * c.total()), key=lambda m: (-c[m], m)))
        for step, c in seconds.items()
        if c
    }


def _machine_seconds(all_works: Iterable[Work], bench: frozenset[str]) -> dict[str, Counter[str]]:
    out: dict[str, Counter[str]] = defaultdict(Counter)
    for w in all_works:
        for s in w.stretches:
            if s.machine and s.machine not in bench:
                out[w.step][s.machine] += s.end_s - s.start_s
    return dict(out)


def _groups(
    all_works: Iterable[Work], machines: Mapping[str, tuple[str, ...]], bench: frozenset[str]
) -> dict[str, str]:
    """The group of each machine: the step that it spends most time on (never a machine's own name)."""
    spent: dict[str, Counter[str]] = defaultdict(Counter)
    for step, counts in _machine_seconds(all_works, bench).items():
        for machine, s in counts.items():
            spent[machine][step] += s
    used = {m for names in machines.values() for m in names}
    out = {m: min(spent[m], key=lambda step: (-spent[m][step], step)) if m in spent else m for m in sorted(used)}
    return {m: f"{g} (group)" if g in used else g for m, g in out.items()}


def _hours(rec: Record, options: LearnOptions, horizon_days: int, *, machine_hours: bool) -> Hours:
    """Hours of people; of machines (or steps) where the log names nobody."""
    busy: dict[str, list[Interval]] = defaultdict(list)
    for s in rec.stretches:
        name = (s.machine or s.step) if machine_hours else s.person
        if name:
            busy[name].append(s.interval)
    return find_hours(
        rec,
        busy,
        distance=options.calendar_distance,
        least_days=options.least_days,
        until=rec.moment(rec.end_s).date() + timedelta(days=horizon_days),
        prefix="shift-",
    )


def _scrap(rec: Record) -> dict[str, Decimal]:
    return {
        step: (Decimal(100 * bad) / Decimal(good + bad)).quantize(Decimal("0.01"))
        for step, (good, bad) in rec.scrap.items()
        if rec.scrap_rows.get(step, 0) >= _LEAST_SCRAP_ROWS and bad < good
    }


def _breakdowns(rec: Record, bench: frozenset[str]) -> dict[str, Breakdowns]:
    """Of the machines that were seen to break down often enough."""
    out: dict[str, Breakdowns] = {}
    for machine, group in rec.by(lambda s: s.machine).items():
        down = [s.interval for s in group if s.kind == "down"]
        if len(down) >= _LEAST_BREAKDOWNS and machine not in bench:
            busy = length([s.interval for s in group if s.kind != "down"])
            out[machine] = Breakdowns(len(down), length(down), busy)
    return out


def _flows(all_works: Iterable[Work]) -> dict[str, int]:
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for w in all_works:
        first[w.order] = min(first.get(w.order, w.first_s), w.first_s)
        last[w.order] = max(last.get(w.order, w.last_s), w.last_s)
    return {order: last[order] - first[order] for order in first}
