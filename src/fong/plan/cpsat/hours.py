"""Working time as choices: from which starts a piece of work takes how long, through the gaps of its calendars.

The time that work takes from start to end is a function of its start, and constant on most stretches: a lot begun in the morning ends
without a break, one begun late goes on after the night. So a calendar becomes a few options, each a duration with all the starts that
have it, and the model chooses an option instead of counting open seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

RESUME, FIT, RUN_ON, OVERTIME = range(4)

Spans = list[tuple[int, int]]
"""Stretches of whole seconds; of starts both ends are included, of windows the second is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """From some starts work takes so long, or ends so.

    ``starts``: both ends of each stretch included. ``ends_at`` is at least 0 where the end is the same for all starts (they lie in
    closed hours). ``latest_end`` is at least 0 where a longer run must end by then.
    """

    starts: tuple[tuple[int, int], ...]
    duration: int
    ends_at: int = -1
    latest_end: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work under a step's word on gaps.

    ``windows``: hours in which all who are needed are there, half-open; None: always. ``shift``: hours of the person who is held; None:
    nobody, or always. ``slack``: the run may be longer than it needs to be, so that its end must be watched. ``closed``: starts in
    closed hours matter, too.
    """

    seconds: int
    gap: int
    overtime_s: int
    windows: tuple[tuple[int, int], ...] | None
    shift: tuple[tuple[int, int], ...] | None
    slack: bool = False
    closed: bool = False


def options(work: Work, first: int, last: int) -> list[Option]:
    """All options that start at ``first`` or later and end by ``last``; none: the work can never be done."""
    if work.windows is None or work.seconds <= 0:
        end = last - work.seconds
        return [Option(starts=((first, end),), duration=work.seconds)] if first <= end else []
    longest = max((c - o for o, c in work.windows), default=0)
    if work.gap == RESUME or (work.gap == OVERTIME and work.seconds - work.overtime_s > longest):
        found = [*_resumed(work), *(_closed(work) if work.closed else ())]
    else:
        found = list(_begun(work))
    return list(_merged(found, first, last))


def _begun(work: Work) -> Iterator[Option]:
    """Work that goes on once it has begun in working time."""
    for opened, closed in work.windows or ():
        if work.gap == RUN_ON:
            yield Option(starts=((opened, closed - 1),), duration=work.seconds)
            continue
        end = closed + (work.overtime_s if work.gap == OVERTIME else 0)
        latest = end if work.slack else -1
        yield Option(starts=((opened, min(closed - 1, end - work.seconds)),), duration=work.seconds, latest_end=latest)


def _resumed(work: Work) -> Iterator[Option]:
    """Work that goes on after each gap, begun in open hours."""
    windows = work.windows or ()
    for k, (opened, closed) in enumerate(windows):
        yield Option(starts=((opened, closed - work.seconds),), duration=work.seconds)
        least, rest, gaps, before = max(opened, closed - work.seconds + 1), work.seconds, 0, closed
        worked = 0  # open seconds of the windows after this one, up to the one before j
        for o, c in windows[k + 1 :]:
            gaps += o - before
            before = c
            # begun at t, there are work - (closed - t) seconds left at the close
            low, high = max(least, closed - rest + worked + 1), min(closed - 1, closed - rest + worked + c - o)
            if low <= high:
                yield Option(starts=((low, high),), duration=work.seconds + gaps)
            worked += c - o
            if worked >= rest:
                break


def _closed(work: Work) -> Iterator[Option]:
    """Work begun while the machine is closed, but by a person on shift: it ends as if begun when the machine opens."""
    ends = {low: low + o.duration for o in _resumed(work) for low, high in o.starts if low <= high}
    before = 0
    for opened, closed in work.windows or ():
        if opened in ends and before < opened:
            for low, high in _clipped(work.shift, before, opened - 1):
                yield Option(starts=((low, high),), duration=0, ends_at=ends[opened])
        before = closed


def _clipped(shift: tuple[tuple[int, int], ...] | None, first: int, last: int) -> Spans:
    if shift is None:
        return [(first, last)]
    spans = ((max(first, o), min(last, c - 1)) for o, c in shift)
    return [(low, high) for low, high in spans if low <= high]


def _merged(found: list[Option], first: int, last: int) -> Iterator[Option]:
    """Options with the same duration as one, their starts clipped."""
    groups: dict[tuple[int, int, int], Spans] = defaultdict(list)
    for o in found:
        end = last - o.duration
        for low, high in o.starts:
            if max(first, low) <= min(end, high) and o.ends_at <= last:
                groups[o.duration, o.ends_at, o.latest_end].append((max(first, low), min(end, high)))
    for (duration, ends_at, latest_end), spans in groups.items():
        yield Option(starts=tuple(joined(spans)), duration=duration, ends_at=ends_at, latest_end=latest_end)


def joined(spans: Spans) -> Spans:
    """Stretches of starts, sorted, those that touch as one."""
    out: Spans = []
    for low, high in sorted(spans):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out
