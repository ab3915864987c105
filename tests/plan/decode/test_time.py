"""The heap of events and work in calendars: second by second."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.naive import hours as naive
from tests.naive.hours import Hours
from tests.plan.decode.bench import PLAIN, Bench, Event

from fong.model import NEVER
from fong.plan.decode import _kernels_layout as lay

time = PLAIN["time"]
END = 21
WORDS = ("resume", "fit", "run_on", "overtime")


@st.composite
def windows(draw: st.DrawFn, least: int = 0) -> list[tuple[int, int]]:
    """Short windows that do not touch, at short intervals; none now and then."""
    out: list[tuple[int, int]] = []
    t = 0
    for gap, length in draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=least, max_size=3)):
        out.append((t + gap - (not out), t + gap - (not out) + length))
        t = out[-1][1]
    return out


hours = st.one_of(windows(2), windows(2), windows(), st.none())
seconds = st.integers(0, END + 3)


def bench(*some: Hours) -> tuple[Bench, list[int]]:
    """A workshop with these calendars, and their numbers; -1: always open."""
    made = Bench(jobs=[1], machines=1, modes=[[(0, 1)]], step_gap=[3], calendars=[h or [] for h in some], horizon_s=END)
    return made, [-1 if h is None else i for i, h in enumerate(some)]


def first(there: Any, begin: int, until: int = END + 5) -> int:
    """The first second from ``begin`` on for which it holds; NEVER if none."""
    return next((t for t in range(begin, until) if there(t)), NEVER)


@settings(max_examples=100)
@given(windows(), seconds)
def test_one_calendar(some: list[tuple[int, int]], t: int) -> None:
    """Open or not, the next change, the next open second, the window, its close: from the windows' definition."""
    b, (cal,) = bench(some)

    def is_open(x: int) -> bool:
        return naive.is_open(some, x)

    assert time.is_open(b.k, cal, t) == is_open(t)
    assert time.next_change(b.k, cal, t) == first(lambda x: is_open(x) != is_open(x - 1), t + 1)
    assert time.next_open(b.k, cal, t) == first(is_open, t)
    assert time.window_at(b.k, cal, t) == sum(close <= t for _, close in some)
    if is_open(t):
        assert time.closes(b.k, cal, t) == first(lambda x: not is_open(x), t)


@given(seconds, st.integers(0, 9))
def test_without_a_calendar(t: int, length: int) -> None:
    """Always open."""
    b, _ = bench(None)
    assert time.is_open(b.k, -1, t)
    assert time.next_open(b.k, -1, t) == t
    assert time.closes(b.k, -1, t) == NEVER
    assert time.open_seconds(b.k, -1, t, t + length) == length


@settings(max_examples=100)
@given(windows(), seconds, st.integers(0, END))
def test_open_seconds(some: list[tuple[int, int]], t: int, length: int) -> None:
    """Second by second."""
    b, (cal,) = bench(some)
    assert time.open_seconds(b.k, cal, t, t + length) == naive.open_seconds(some, None, t, t + length)


@settings(max_examples=100)
@given(windows(), hours)
def test_longest_common_window(x: list[tuple[int, int]], y: Hours) -> None:
    """Second by second."""
    b, (first_cal, second_cal) = bench(x, y)
    assert time.longest(b.k, first_cal, second_cal) == naive.longest(x, y, END + 3)


@settings(max_examples=300)
@example([(0, 4)], None, 1, 5, 3, 1)
@given(hours, hours, st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(0, 4))
def test_end_of_work(x: Hours, y: Hours, t: int, need: int, gap: int, overtime: int) -> None:
    """By each of the words on gaps: the end; -1 if it cannot start now; -2 if the calendars end before it does."""
    b, (first_cal, second_cal) = bench(x, y)
    wanted = naive.end_of(x, y, t, need, WORDS[gap], overtime)
    assert time.work_end(b.k, first_cal, second_cal, t, need, gap, overtime) == wanted


EVENTS = st.tuples(st.integers(0, 3), st.integers(0, 10), st.integers(0, 5))


@example([(1, 0, 0), (0, 0, 0)], 1)
@given(st.lists(st.none() | EVENTS, max_size=30), st.integers(1, 9))
def test_events(moves: list[Event | None], room: int) -> None:
    """Pushed in any order (None: take one), they come by time, kind and number; a full heap says so and takes no more."""
    b, _ = bench(None)
    b.k.c[lay.FIELDS + lay.F_HEAP] = room
    there: list[Event] = []
    lost = False
    for move in moves:
        if move is None:
            if there:
                there.sort()
                t, *wanted = there.pop(0)
                assert time.peek(b.k) == t
                assert time.pop(b.k) == tuple(wanted)
            continue
        time.push(b.k, *move)
        if len(there) < room:
            there.append(move)
        else:
            lost = True
    assert b.events() == sorted(there)
    assert bool(b.g[lay.G_FULL]) == lost


def test_far_events() -> None:
    """The latest moment, the last kind and the largest number keep apart."""
    b, _ = bench(None)
    far = [(lay.LATEST, 15, (1 << 27) - 1), (lay.LATEST, 15, 0), (lay.LATEST, 0, (1 << 27) - 1), (0, 15, (1 << 27) - 1)]
    for event in far:
        time.push(b.k, *event)
    assert [(int(time.peek(b.k)), *time.pop(b.k)) for _ in far] == sorted(far)


def test_columns() -> None:
    """Each column of a row stands where the table of the memory has it."""
    b = Bench(
        jobs=[1, 1, 1],
        machines=3,
        modes=[[(0, 1)], [(1, 1)], [(2, 1)]],
        people=3,
        skills=[[0, 1, 2]],
        zones=2,
        tenders=[[], []],
        machine_zone=[0, 1, 1],
        step_lag_s=[0, 0, 0],
    )
    tables = {
        "c": (("lot", lay.LOT_COLUMNS), ("op", lay.OP_COLUMNS)),
        "w": tuple(
            (name, getattr(lay, f"{name.upper()}_COLUMNS")) for name in ("step", "machine", "unit", "person", "zone")
        ),
    }
    for array, some in tables.items():
        memory = getattr(b.k, array)
        memory[2 * lay.FIELDS :] = range(1000, 1000 + len(memory) - 2 * lay.FIELDS)
        for name, columns in some:
            table = b.memory.table(name, columns)
            assert len(table) >= 2
            for i, column in ((i, c) for i in range(len(table)) for c in range(columns)):
                assert memory[getattr(PLAIN["layout"], f"of_{name}")(b.k.c, i, column)] == table[i, column]
    for who, i, side in ((w, i, s) for w in range(3) for i in range(lay.BOOKINGS) for s in range(2)):
        assert b.k.w[PLAIN["layout"].of_booking(b.k.c, who, i, side)] == b.booking[who, i, side]
