"""Who can do what, how many machines a person had at once, and whether a step's run needs its person."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fong.learn.intervals import overlapped, sweep
from fong.learn.options import LearnOptions
from fong.learn.record import Record, Stretch, Work

_SETTERS_DIFFER = 0.5  # share of common names under which set-up is a skill of its own
_HELP = 0.05  # of a lot's time; less is a helping hand, no hand-over


class Manner(enum.Enum):
    """How people and a step's run belong together."""

    HELD = "held"  # the person is held for the whole run
    OVERLAPS = "overlaps"  # the same person does other work meanwhile: the run goes on alone
    HANDED_OVER = "handed_over"  # people take each other's place at it: no one person is held
    NOBODY = "nobody"  # the log names no person


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the log shows about a step's run: hours seen, share that overlaps, share in lots that several people ran, and the verdict."""

    step: str
    run_s: int
    overlap: float
    relay: float
    manner: Manner


def benches(rec: Record, options: LearnOptions) -> dict[str, float]:
    """Machines, so called, that hold several orders at once for a good part of their busy time, with that share."""
    out: dict[str, float] = {}
    for machine, group in rec.by(lambda s: s.machine).items():
        busy = crowded = 0
        for a, b, numbers in sweep([s.interval for s in group]):
            busy += b - a
            crowded += (b - a) * (len({group[n].order for n in numbers}) > 1)
        if busy and crowded / busy >= options.bench_share:
            out[machine] = crowded / busy
    return out


def handwork(rec: Record, bench: Iterable[str]) -> frozenset[str]:
    """Steps that no machine was ever named for (benches are none)."""
    none = {"", *bench}
    return frozenset({s.step for s in rec.stretches} - {s.step for s in rec.stretches if s.machine not in none})


def evidence(rec: Record, all_works: Iterable[Work], options: LearnOptions) -> dict[str, Evidence]:
    """The verdict on each step, by its own evidence."""
    seconds, busy = _overlap(rec)
    relay: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    hand: set[str] = set()
    for w in all_works:
        total = sum(w.people.values())
        whole[w.step] += total
        relay[w.step] += total if sum(s >= _HELP * total for s in w.people.values()) > 1 else 0
        hand |= {w.step} if w.hand else set()
    out: dict[str, Evidence] = {}
    for step in whole:
        overlap = busy[step] / seconds[step] if seconds[step] else 0.0
        handed = relay[step] / whole[step] if whole[step] else 0.0
        out[step] = Evidence(
            step, seconds[step], overlap, handed, _manner(step in hand, whole[step], overlap, handed, options)
        )
    return out


def _manner(hand: bool, people_s: int, overlap: float, relay: float, options: LearnOptions) -> Manner:  # noqa: FBT001
    if people_s == 0:
        return Manner.NOBODY
    if hand:
        return Manner.HELD
    if overlap >= options.automatic_share:
        return Manner.OVERLAPS
    return Manner.HANDED_OVER if relay >= options.relay_share else Manner.HELD


def _overlap(rec: Record) -> tuple[Counter[str], Counter[str]]:
    """Run seconds by step of stretches with a person, and those during which the same person did something else too."""
    seconds: Counter[str] = Counter()
    busy: Counter[str] = Counter()
    for group in rec.by(lambda s: s.person).values():
        for s, over in zip(group, overlapped([s.interval for s in group]), strict=True):
            if s.kind in {"run", ""}:
                seconds[s.step] += s.end_s - s.start_s
                busy[s.step] += over
    return seconds, busy


def tending(rec: Record) -> dict[str, Counter[int]]:
    """Seconds that each person had 1, 2, 3 … machines at once (an order at a step counts where no machine is named)."""
    out: dict[str, Counter[int]] = {}
    for person, group in rec.by(lambda s: s.person).items():
        levels: Counter[int] = Counter()
        for a, b, numbers in sweep([s.interval for s in group]):
            levels[len({_station(group[n]) for n in numbers})] += b - a
        out[person] = levels
    return out


def _station(s: Stretch) -> tuple[str, ...]:
    return (s.machine,) if s.machine else (s.order, s.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    """Skills by person; the skill that runs and the one that sets up each step (the same unless other people do it).

    ``evidence``: stretches by (person, skill). ``alone``: (person, step) kept on less than the evidence asked for, because nobody
    has more. ``too_few``: (person, step) left out.
    """

    of: Mapping[str, frozenset[str]]
    run: Mapping[str, str]
    setup: Mapping[str, str]
    evidence: Mapping[tuple[str, str], int]
    alone: tuple[tuple[str, str], ...]
    too_few: tuple[tuple[str, str], ...]


def skills(rec: Record, options: LearnOptions) -> Skills:
    """Who can do what, by what they did."""
    runs: dict[str, Counter[str]] = defaultdict(Counter)
    sets: dict[str, Counter[str]] = defaultdict(Counter)
    for s in rec.stretches:
        if s.person and s.kind != "down":
            (sets if s.kind == "setup" else runs)[s.step][s.person] += 1
    found: dict[str, set[str]] = defaultdict(set)
    run: dict[str, str] = {}
    setup: dict[str, str] = {}
    seen: dict[tuple[str, str], int] = {}
    alone: list[tuple[str, str]] = []
    few: list[tuple[str, str]] = []
    for step in sorted(runs.keys() | sets.keys()):
        roles = _roles(step, runs[step], sets[step], options.least_stretches)
        for skill, counts in roles.items():
            able = {p for p, n in counts.items() if n >= options.least_stretches}
            alone += [(p, step) for p in counts if not able]
            few += [(p, step) for p in counts if able and p not in able]
            for person in able or counts:
                found[person].add(skill)
                seen[person, skill] = counts[person]
        names = tuple(roles)
        run[step], setup[step] = names[0], names[-1]
    return Skills(
        of={p: frozenset(s) for p, s in found.items()},
        run=run,
        setup=setup,
        evidence=seen,
        alone=tuple(dict.fromkeys(alone)),
        too_few=tuple(dict.fromkeys(few)),
    )


def _roles(step: str, runs: Counter[str], sets: Counter[str], least: int) -> dict[str, Counter[str]]:
    """One skill for a step, or two where its set-up is other people's work."""
    runners = {p for p, n in runs.items() if n >= least}
    setters = {p for p, n in sets.items() if n >= least}
    if runners and setters and len(runners & setters) < _SETTERS_DIFFER * len(runners | setters):
        return {step: runs, f"{step} / set-up": sets}
    return {step: runs + sets}
