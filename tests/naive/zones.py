"""The slow twin of a zone's clock: second by second, in plain floats, written from the definition of a plan alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

Hours = Sequence[tuple[int, int]] | None
"""Open windows, None: always."""


def is_open(hours: Hours, t: int) -> bool:
    return hours is None or any(a <= t < b for a, b in hours)


@dataclass
class Task:
    """A task on a machine of the zone; ``calls`` 0: one without calls."""

    start: int
    end: int
    run_s: float = 0.0  # C
    serve_s: float = 0.0  # a
    attend_s: int = 0
    cv: float = 0.0
    stops_per_s: float = 0.0
    hours: Hours = None
    calls: int = 0
    order: tuple[int, int] = (0, 0)
    done: float = 0.0  # calls' worth of progress
    stand_s: float = 0.0
    dark_s: int = 0
    no_place: bool = False


@dataclass
class Tender:
    hours: Hours
    most: int | None = None


@dataclass
class SetUp:
    """A set-up that a tender does."""

    start: int
    end: int
    by: Tender
    hours: Hours = None
    done_s: float = 0.0


@dataclass
class Zone:
    tasks: list[Task]
    tenders: list[Tender]
    setups: list[SetUp] = field(default_factory=list)
    top_up: bool = True


@cache
def one_tender(k: int, rho: float, c2: float) -> float:
    """Efficiency of M/G/1//k by Takács, gamma service."""

    def phi(j: int) -> float:
        return (1 + j * rho * c2) ** (-1 / c2) if c2 > 1e-9 else math.exp(-j * rho)

    b, s = 1.0, 0.0
    for j in range(k):
        if j:
            b *= (1 - phi(j)) / phi(j)
        s += math.comb(k - 1, j) * b
    return s / (1 + k * rho * s)


@cache
def many_tenders(k: int, r: int, rho: float) -> float:
    """Efficiency of M/M/r//k: share of the k machines that run on average."""
    weight = [1.0]
    for n in range(1, k + 1):
        weight.append(weight[-1] * (k - n + 1) * rho / min(n, r))
    return 1 - sum(n * w for n, w in enumerate(weight)) / sum(weight) / k


def waits(running: Sequence[Task], r: int) -> tuple[float, float]:
    """Mean wait of a call, and use of a tender."""
    k = len(running)
    if k == 0:
        return 0.0, 0.0
    rate = sum(1 / t.run_s for t in running)
    mean = sum(t.serve_s / t.run_s for t in running) / rate
    rho = mean * rate / k
    if rho == 0:
        return 0.0, 0.0
    c2 = sum(t.serve_s**2 * (1 + t.cv**2) / t.run_s for t in running) / (rate * mean**2) - 1
    if r == 1:
        w = k / rate * (1 / one_tender(k, rho, c2) - 1 - rho)
    elif k <= r:
        w = 0.0
    else:

        def one(x: float) -> float:
            return 1 / one_tender(k, rho / r, x) - 1 - rho / r

        w = k / rate * (1 / many_tenders(k, r, rho) - 1 - rho) * one(c2) / one(1.0)
    efficiency = 1 / (1 + rho + w * rate / k)
    return w, k * rho * efficiency / r


def night(open_s: float, task: Task, *, top_up: bool) -> float:
    """Running time that counts for a stretch without tenders."""
    c = task.run_s
    tau = min(open_s, c)
    if not top_up:
        tau -= tau**2 / (2 * c)
    mu = task.stops_per_s
    return (1 - math.exp(-mu * tau)) / mu if mu else tau


def play(zone: Zone, until: int, begin: int = 0) -> None:
    """Fill in what is done by ``until``."""
    was_dark = False
    for t in range(begin, until + 1):
        open_now = sorted((x for x in zone.tasks if x.start <= t < x.end), key=lambda x: (x.start, x.order))
        crew = [p for p in zone.tenders if is_open(p.hours, t)]
        dark = not crew
        _end_of_dark(zone, t, dark=dark, was_dark=was_dark, r=len(crew))
        if dark:
            for x in open_now:
                x.stand_s = 0.0
                x.dark_s += is_open(x.hours, t) and not x.no_place
        else:
            _on_duty(zone, t, open_now, crew)
        was_dark = dark


def _end_of_dark(zone: Zone, t: int, *, dark: bool, was_dark: bool, r: int) -> None:
    """Credit what ran in the dark: for tasks that have ended, and for all when duty begins; then those that stood wait."""
    if not was_dark:
        return
    for x in zone.tasks:
        if x.calls and x.dark_s and (x.end == t or not dark):
            x.done += night(x.dark_s, x, top_up=zone.top_up) / x.run_s
    if not dark:
        stood = [x for x in zone.tasks if x.calls and x.start < t < x.end and x.dark_s >= x.run_s]
        for x in stood:
            x.stand_s = (max(len(stood), r) + r) * x.attend_s / (2 * r)
    for x in zone.tasks:
        if x.end == t or not dark:
            x.dark_s = 0


def _on_duty(zone: Zone, t: int, open_now: Sequence[Task], crew: Sequence[Tender]) -> None:
    limits = [p.most for p in crew]
    limit = len(open_now) if None in limits else sum(m for m in limits if m is not None)
    running = [x for x in open_now[:limit] if x.calls and is_open(x.hours, t)]
    w, use = waits(running, len(crew))
    for x in open_now:
        x.no_place = x not in open_now[:limit]
        standing = min(1.0, x.stand_s)
        x.stand_s -= standing
        if x in running:
            x.done += (1 - standing) / (x.run_s + x.serve_s + w)
    for s in zone.setups:
        if s.start <= t < s.end and is_open(s.by.hours, t) and is_open(s.hours, t):
            s.done_s += 1 - use
