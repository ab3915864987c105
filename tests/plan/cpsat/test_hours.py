"""Working time as choices: every start that the rules allow is in one option, with the end that the rules give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fong.plan.cpsat.hours import FIT, OVERTIME, RESUME, RUN_ON, Work, joined, options

LAST = 120


@st.composite
def hours(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    t = draw(st.integers(0, 4))
    while t < LAST and len(out) < 6:
        length = draw(st.integers(1, 20))
        out.append((t, t + length))
        t += length + draw(st.integers(1, 8))
    return tuple(out)


def naive_end(work: Work, start: int) -> int | None:
    """Earliest end of work from exactly this start on, second by second; None: it may not begin then."""
    windows = work.windows or ()
    inside = next((w for w in windows if w[0] <= start < w[1]), None)
    longest = max((c - o for o, c in windows), default=0)
    if work.gap == RESUME or (work.gap == OVERTIME and work.seconds - work.overtime_s > longest):
        if inside is None:
            return None
        t, left = start, work.seconds
        while left:
            if t > 1000:
                return None
            left -= any(o <= t < c for o, c in windows)
            t += 1
        return t
    if inside is None:
        return None
    end = start + work.seconds
    beyond = {RUN_ON: 10**6, FIT: 0, OVERTIME: work.overtime_s}[work.gap]
    return end if end <= inside[1] + beyond else None


@given(windows=hours(), seconds=st.integers(1, 40), gap=st.integers(0, 3), overtime=st.integers(0, 9))
def test_options_are_the_rules(windows: tuple[tuple[int, int], ...], seconds: int, gap: int, overtime: int) -> None:
    """For each word on gaps each start has the end that a count of seconds gives."""
    work = Work(seconds=seconds, gap=gap, overtime_s=overtime, windows=windows, shift=None)
    told: dict[int, int] = {}
    for option in options(work, 3, 160):
        for low, high in option.starts:
            for t in range(low, high + 1):
                assert t not in told
                told[t] = t + option.duration
    plain = {t: naive_end(work, t) for t in range(3, 161)}
    assert told == {t: end for t, end in plain.items() if end is not None and end <= 160}


@given(windows=hours(), shift=st.none() | hours(), seconds=st.integers(1, 30))
def test_starts_in_closed_hours(
    windows: tuple[tuple[int, int], ...], shift: tuple[tuple[int, int], ...] | None, seconds: int
) -> None:
    """Resumed work may begin while the machine is closed, but not off shift; it then ends as if begun at the opening."""
    common = windows
    if shift is not None:
        common = tuple((max(a, c), min(b, d)) for a, b in windows for c, d in shift if max(a, c) < min(b, d))
    work = Work(seconds=seconds, gap=RESUME, overtime_s=0, windows=common, shift=shift, closed=True)
    told = {
        t: o.ends_at
        for o in options(work, 0, 200)
        if o.ends_at >= 0
        for low, high in o.starts
        for t in range(low, high + 1)
    }
    for t in range(LAST):
        there = shift is None or any(o <= t < c for o, c in shift)
        opening = next((o for o, _ in common if o > t), None)
        inside = any(o <= t < c for o, c in common)
        end = None if opening is None or inside or not there else naive_end(work, opening)
        assert told.get(t) == (end if end is not None and end <= 200 else None)


def test_few_choices() -> None:
    """A fortnight of equal shifts gives three durations, not a choice a day: within a shift, over a night, over a weekend."""
    day = 24 * 3600
    shifts = tuple((d * day + 28_800, d * day + 57_600) for d in range(14) if d % 7 < 5)
    work = Work(seconds=7200, gap=RESUME, overtime_s=0, windows=shifts, shift=None)
    assert sorted(o.duration for o in options(work, 0, 14 * day)) == [7200, 7200 + 57_600, 7200 + 57_600 + 2 * day]


def test_joined() -> None:
    """Stretches that touch become one."""
    assert joined([(5, 6), (0, 2), (3, 3), (9, 9)]) == [(0, 3), (5, 6), (9, 9)]
