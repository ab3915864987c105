"""Two logs of the same work become one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from fong.formats.log import read_log
from fong.lang import LANGUAGES, text
from fong.learn import Joined, join_logs
from fong.model.performance import Performance, WorkEvent

Event = Callable[..., WorkEvent]


def parted(log: Performance, shift: timedelta, keep: float, seed: int = 2) -> tuple[Performance, Performance]:
    """A log as a raw one, and a richer one with part of its rows and another clock."""
    raw = [replace(e, machine="", kind="", good=None, scrap=None, item="", order_quantity=None) for e in log.events]
    rng = np.random.default_rng(seed)
    rich = [replace(e, start=e.start - shift, end=e.end - shift) for e in log.events if rng.random() < keep]
    return Performance(events=tuple(raw)), Performance(events=tuple(rich))


def test_a_whole_join_gives_the_log_back(log: Performance) -> None:
    """Nothing is lost, nothing invented, whatever the clocks."""
    raw, rich = parted(log, timedelta(minutes=420), keep=1.0)
    joined = join_logs(raw, rich, (480, 420))
    assert joined.performance == log
    assert (joined.matched, joined.unmatched, joined.by_shift) == (len(log.events), 0, {420: len(log.events)})


def test_raw_times_and_steps_stay(log: Performance) -> None:
    """Part of the rows: the others stay as they were, but for what the order's rows say of the order."""
    raw, rich = parted(log, timedelta(minutes=420), keep=0.5)
    joined = join_logs(raw, rich, (420,))
    assert [(e.order, e.step, e.person, e.start, e.end) for e in joined.performance.events] == [
        (e.order, e.step, e.person, e.start, e.end) for e in raw.events
    ]
    assert joined.matched == len(rich.events) == len(raw.events) - joined.without_kind
    known = {e.order for e in rich.events}
    assert {e.order for e in joined.performance.events if e.item} == known == joined.orders


def test_the_stretch_of_the_same_length_wins(event: Event) -> None:
    """Two events of one person end together; each takes the row of its own length, and each row serves once."""
    raw = Performance(
        events=(event("A", "Mill", "08:00", "10:00", person="An"), event("A", "Mill", "09:00", "10:00", person="An"))
    )
    rich = Performance(
        events=(
            event("A", "Mill - M2", "09:00", "10:00", person="An", machine="M2", kind="run"),
            event("A", "Mill - M1", "08:00", "10:00", person="An", machine="M1", kind="setup"),
            event("A", "Mill - M1", "07:00", "10:00", person="An", machine="M3", kind="setup"),
        )
    )
    joined = join_logs(raw, rich)
    assert [(e.machine, e.kind) for e in joined.performance.events] == [("M1", "setup"), ("M2", "run")]
    assert (joined.matched, joined.unmatched, joined.ambiguous) == (2, 1, 3)


def test_what_the_raw_log_says_stays(event: Event) -> None:
    """The richer log fills gaps, it corrects nothing."""
    raw = Performance(events=(event("A", "Mill", "08:00", "10:00", machine="M9", good=4, order_quantity=7),))
    rich = Performance(
        events=(event("A", "Mill", "08:00", "10:00", machine="M1", good=5, kind="run", order_quantity=9),)
    )
    (joined,) = join_logs(raw, rich).performance.events
    assert (joined.machine, joined.good, joined.kind, joined.order_quantity) == ("M9", 4, "run", 7)


def test_the_join_has_words(log: Performance) -> None:
    """Its messages are sentences in each language."""
    raw, rich = parted(log, timedelta(minutes=420), keep=0.5)
    for m in join_logs(raw, rich, (420,)).messages():
        assert all(text(m.code, m.params, language) for language in LANGUAGES)


@pytest.fixture
def real(shared: Path) -> Joined:
    folder = shared / "data" / "factory" / "production_4tu"
    raw, _ = read_log((folder / "production_start_end.csv").read_bytes())
    rich, _ = read_log((folder / "production_enriched.csv").read_bytes())
    return join_logs(raw, rich, (420, 480))


def test_a_real_shop(real: Joined) -> None:
    """The figures of the join of two logs of a real job shop, 420 minutes apart, 480 in summer time."""
    assert (real.matched, real.enriched, real.unmatched) == (2433, 2489, 56)
    assert len(real.performance.events) == 4503
    assert len(real.orders) == 220
    assert (real.without_machine, real.without_kind) == (2073, 2070)
    assert real.by_shift == {420: 2286, 480: 147}
    late = [e for e in real.performance.events if e.kind and e.end.month == 3 and e.end.day > 25]
    assert len(late) >= 100
