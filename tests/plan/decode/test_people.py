"""People of the decoder: who is free, who is chosen, who is held or booked. Second by second over all of them."""

from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.naive import hours as naive
from tests.naive.hours import Hours
from tests.plan.decode.bench import PLAIN, Bench

from fong.model import NEVER
from fong.plan.decode import _kernels_layout as lay

people = PLAIN["people"]
waits = PLAIN["waits"]
time = PLAIN["time"]
END = 24
WORDS = ("resume", "fit", "run_on", "overtime")

hours = st.sampled_from((None, [(0, 12)], [(0, 6), (9, 24)], [(3, 10), (11, 20)], [(8, 24)]))
spans = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda x: (x[0], x[0] + x[1]))


@dataclass
class Worker:
    """A person as he is drawn."""

    hours: Hours
    zone: int
    free_at: int
    load: int
    skills: int
    setting: bool = False
    booked: list[tuple[int, int]] = field(default_factory=list)


workers = st.builds(
    Worker,
    hours=hours,
    zone=st.sampled_from((-1, -1, -1, 0)),
    free_at=st.integers(0, 8),
    load=st.integers(0, 2),
    skills=st.integers(1, 3),
    setting=st.sampled_from((False, False, True)),
    booked=st.lists(spans, max_size=2),
)


def bench(some: list[Worker], hall: Hours) -> Bench:
    """All of them have skill 0, and as many more as drawn; the hall is the last calendar."""
    b = Bench(
        jobs=[1],
        machines=1,
        modes=[[(0, 1)]],
        step_gap=[3],
        people=len(some),
        person_zone=[w.zone for w in some],
        person_calendar=[-1 if w.hours is None else i for i, w in enumerate(some)],
        skills=[[i for i, w in enumerate(some) if w.skills > n] for n in range(3)],
        zones=1,
        tenders=[[i for i, w in enumerate(some) if w.zone == 0]],
        calendars=[*(w.hours or [] for w in some), hall or []],
        horizon_s=END,
    )
    for i, w in enumerate(some):
        b.person[i, [lay.FREE_AT, lay.LOAD]] = w.free_at, w.load
        if w.setting:
            b.person[i, lay.SET_UNIT] = 0
        for begin, end in w.booked:
            waits.book(b.k, i, begin, end)
    return b


def closing(h: Hours, t: int) -> int:
    """When the person goes home after t, at work now."""
    return next((s for s in range(t, END + 1) if not naive.is_open(h, s)), NEVER) if h is not None else NEVER


@settings(max_examples=150)
@given(
    st.lists(workers, min_size=1, max_size=4),
    hours,
    st.integers(0, 12),
    st.integers(0, 6),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_who_is_chosen(some: list[Worker], hall: Hours, t: int, need: int, gap: int, overtime: int) -> None:
    """Of those free, at work, of no zone and not booked meanwhile, who ends first; then fewest skills, least load, listed first."""
    b = bench(some, hall)
    cal = -1 if hall is None else len(some)
    there, able = [], []
    for i, w in enumerate(some):
        if w.zone >= 0 or w.free_at > t or not naive.is_open(w.hours, t):
            continue
        there.append(i)
        # the end itself has its own twin (test_time.py)
        end = time.work_end(b.k, cal, -1 if w.hours is None else i, t, need, gap, overtime)
        if end >= 0 and not any(x < end and t < y for x, y in w.booked):
            able.append((end, w.skills, w.load, i))
    got = people.choose_person(b.k, 0, cal, t, need, gap, overtime, 0)
    assert got == (min(able)[-1] if able else -1)
    assert b.g[lay.G_END] == (min(able)[0] if able else NEVER)
    assert (b.part("skill_out")[0] == t) == (not there)


def ends(h: Hours, t: int, takes: int) -> int:
    """When so much work is over that begins at t, at the hours of one person; NEVER: not before the last of them."""
    end = naive.work_end(h, None, t, takes, 100)
    return NEVER if end is None else end


tenders = st.builds(
    Worker,
    hours=hours,
    zone=st.sampled_from((0, 0, 0, -1)),
    free_at=st.just(0),
    load=st.just(0),
    skills=st.sampled_from((1, 1, 1, 2)),
    setting=st.sampled_from((False, False, False, True)),
)
EARLY, LATE = [(0, 12)], [(8, 24)]


@settings(max_examples=200)
@example([Worker(EARLY, 0, 0, 0, 1), Worker(EARLY, 0, 0, 0, 1)], 0, 3, 1, 0)
@example([Worker([(0, 6), (9, 24)], 0, 0, 0, 1), Worker(LATE, 0, 0, 0, 1)], 5, 6, 0, 0)
@given(
    st.lists(tenders, min_size=1, max_size=4),
    st.integers(0, 12),
    st.integers(1, 6),
    st.integers(0, 3),
    st.sampled_from((0, 300_000, 500_000)),
)
def test_which_tender_sets_up(some: list[Worker], t: int, need: int, gap: int, use: int) -> None:
    """Of the zone's tenders at work who set up nothing, who ends first; under `fit` with room for four times the work before she goes.

    Nobody, if one who comes later would end sooner than who must leave it undone when she goes.
    """
    b = bench(some, None)
    b.zone[0, lay.Z_USE] = use
    takes = next(n for n in range(100) if n * (1_000_000 - use) >= need * 1_000_000)
    idle = [i for i, w in enumerate(some) if w.zone == 0 and not w.setting]
    there = [i for i in idle if naive.is_open(some[i].hours, t)]
    if WORDS[gap] == "fit":
        there = [i for i in there if t + 4 * need <= closing(some[i].hours, t)]
    end, who = min(((ends(some[i].hours, t, takes), i) for i in there), default=(NEVER, -1))
    if end == NEVER or (end > closing(some[who].hours, t) and comes(some, idle, t, takes, end)):
        end, who = NEVER, -1
    assert people.choose_tender(b.k, 0, 0, t, need, gap) == who
    assert b.g[lay.G_END] == end


def comes(some: list[Worker], idle: list[int], t: int, takes: int, end: int) -> bool:
    """Whether one of them who is away now begins later, and ends before ``end``."""
    away = [some[i].hours for i in idle if not naive.is_open(some[i].hours, t)]
    return any(naive.is_open(h, s) and ends(h, s, takes) < end for h in away for s in range(t, END))


@given(st.lists(tenders, min_size=1, max_size=4), st.integers(0, 12), st.integers(1, 8), st.integers(1, 30))
def test_who_comes_in_time(some: list[Worker], t: int, takes: int, end: int) -> None:
    """A tender who is away and sets up nothing, and would be done with it sooner."""
    b = bench(some, None)
    idle = [i for i, w in enumerate(some) if w.zone == 0 and not w.setting]
    assert people.comes_in_time(b.k, 0, 0, t, takes, end) == comes(some, idle, t, takes, end)


def test_a_set_up_is_left_to_the_next_shift() -> None:
    """The last minute of a shift: who comes when it ends is done with it tonight. Without her it goes on tomorrow; a short one is done."""
    early, late = Worker([(0, 8), (20, 24)], 0, 0, 0, 1), Worker([(8, 16)], 0, 0, 0, 1)
    for some, need, who, end in (([early, late], 4, -1, NEVER), ([early], 4, 0, 23), ([early, late], 1, 0, 8)):
        b = bench(some, None)
        assert people.choose_tender(b.k, 0, 0, 7, need, 0) == who
        assert b.g[lay.G_END] == end
    late.setting = True
    assert people.choose_tender(bench([early, late], None).k, 0, 0, 7, 4, 0) == 0


@settings(max_examples=150)
@given(workers, spans)
def test_bookings(w: Worker, span: tuple[int, int]) -> None:
    """Booked whenever a booking overlaps; free for a span of working time without any; what is taken back is gone."""
    begin, end = span
    b = bench([w], None)
    overlaps = any(any(x <= s < y for s in range(begin, end)) for x, y in w.booked)
    assert people.booked(b.k, 0, begin, end) == overlaps
    there = all(naive.is_open(w.hours, s) for s in range(begin, end))
    free = w.zone < 0 and w.free_at <= begin and there and not overlaps
    assert waits.free_for(b.k, 0, begin, end) == free
    for x, _ in reversed(w.booked):
        same = [y for s, y in w.booked if s == x]
        assert waits.unbook(b.k, 0, x) in same
    assert b.person[0, lay.BOOKED] == 0
    assert not people.booked(b.k, 0, 0, 100)
    assert waits.unbook(b.k, 0, begin) == begin


def test_so_many_bookings() -> None:
    """Who has as many as a person may have gets no more."""
    b = bench([Worker(None, -1, 0, 0, 1)], None)
    for i in range(lay.BOOKINGS):
        assert waits.free_for(b.k, 0, 10 * i, 10 * i + 5)
        waits.book(b.k, 0, 10 * i, 10 * i + 5)
    assert not waits.free_for(b.k, 0, 1000, 1001)


@given(st.lists(workers, min_size=1, max_size=4), spans)
def test_someone_for_a_span(some: list[Worker], span: tuple[int, int]) -> None:
    """The first who is free for all of it."""
    b = bench(some, None)
    able = [i for i in range(len(some)) if waits.free_for(b.k, i, *span)]
    assert waits.someone_for(b.k, 0, *span) == (able[0] if able else -1)


@given(workers, st.integers(0, 9), st.integers(0, 9))
def test_a_hold(w: Worker, t: int, length: int) -> None:
    """Not free before its end, when he is looked at again; the load grows by its length."""
    b = bench([w], None)
    people.hold_person(b.k, 0, t + length, t)
    assert b.person[0, [lay.FREE_AT, lay.LOAD]].tolist() == [t + length, w.load + length]
    assert b.events() == [(t + length, lay.E_PERSON, 0)]
