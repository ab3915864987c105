"""The slow twin of working time: second by second."""

from collections.abc import Sequence

Hours = Sequence[tuple[int, int]] | None


def is_open(hours: Hours, t: int) -> bool:
    return hours is None or any(a <= t < b for a, b in hours)


def both(a: Hours, b: Hours, t: int) -> bool:
    return is_open(a, t) and is_open(b, t)


def open_seconds(a: Hours, b: Hours, start: int, end: int) -> int:
    return sum(both(a, b, t) for t in range(start, end))


def work_end(a: Hours, b: Hours, start: int, work: int, horizon: int) -> int | None:
    """Earliest end; None: not before the horizon."""
    t = start
    while work > 0:
        if t >= horizon:
            return None
        work -= both(a, b, t)
        t += 1
    return t


def longest(a: Hours, b: Hours, horizon: int) -> int:
    """The longest stretch in which both are open; the horizon where neither ever closes."""
    out = run = 0
    for t in range(horizon):
        run = run + 1 if both(a, b, t) else 0
        out = max(out, run)
    return out


def verdict(a: Hours, b: Hours, start: int, end: int, work: int, gap: str, overtime: int) -> str:
    """What is wrong with ``work`` seconds of work in [start, end): ok, short, or the word itself."""
    if end - start < work:
        return "short"
    if work == 0:
        return "ok"
    if gap == "overtime" and work - overtime > longest(a, b, 1000):
        gap = "resume"  # no window holds it, even with overtime
    if gap == "resume":
        return "ok" if open_seconds(a, b, start, end) >= work else gap
    if not both(a, b, start):
        return gap
    closing = start
    while closing < end and both(a, b, closing):
        closing += 1
    late = end - closing
    return "ok" if gap == "run_on" or late <= (overtime if gap == "overtime" else 0) else gap


FAR = 1000
"""No second that a test speaks of is later."""


def end_of(a: Hours, b: Hours, start: int, work: int, gap: str, overtime: int, far: int = FAR) -> int:
    """End of work that starts now; -1: it cannot start now, -2: the hours end before it does. Hours that never close hold anything."""
    if a is None and b is None:
        return start + work
    if not both(a, b, start):
        return -1
    if gap == "overtime" and work - overtime > longest(a, b, far):
        gap = "resume"
    if gap == "resume":
        end = work_end(a, b, start, work, far)
        return -2 if end is None else end
    closing = start
    while both(a, b, closing) and closing < far:
        closing += 1
    late = start + work - closing
    return start + work if gap == "run_on" or late <= (overtime if gap == "overtime" else 0) else -1
