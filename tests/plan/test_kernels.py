"""The compiled parts of the bounds against slow twins."""

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import problem
from tests.naive import hours as naive_hours

from fong._kernels import freeze
from fong.model import Problem
from fong.plan.bounds import _kernels_bounds as bounds
from fong.plan.bounds import _kernels_least as least
from fong.plan.bounds.least import least as least_figures
from fong.plan.decode import _kernels_decode as decoder

END = 60

Rates = list[tuple[int, int]]
"""(seconds, units a second), one stretch after the other."""

rates = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), min_size=1, max_size=4)


def capacity(stretches: Rates) -> bounds.Capacity:
    """The stretches as the kernels take them; the last one lasts for ever."""
    t = np.cumsum([0, *(n for n, _ in stretches[:-1])])
    cum = np.cumsum([0, *(n * r for n, r in stretches[:-1])])
    return bounds.Capacity(*(freeze(c, np.int64) for c in (t, cum, [r for _, r in stretches])))


def given_by(stretches: Rates, amount: int) -> int:
    """The second by which so much has been given; the last change of capacity where it never is."""
    second = [r for n, r in stretches for _ in range(n)] + [stretches[-1][1]] * 200
    t = total = 0
    while total < amount:
        if t == len(second):
            return sum(n for n, _ in stretches[:-1])
        total += second[t]
        t += 1
    return t


@given(rates, st.integers(0, 60))
def test_when_an_amount_is_given(stretches: Rates, amount: int) -> None:
    """Second by second."""
    assert bounds.given_at(capacity(stretches), amount) == given_by(stretches, amount)


@st.composite
def jobs(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Release, work and key of some items, each key once."""
    n = draw(st.integers(1, 6))
    keys = draw(st.permutations(range(n)))
    return [(draw(st.integers(0, 15)), draw(st.integers(1, 7)), key) for key in keys]


def served(items: list[tuple[int, int, int]], *, by_rest: bool) -> list[int]:
    """Unit by unit the most urgent of those released; ends in units given."""
    rest, done, clock = [w for _, w, _ in items], [0] * len(items), 0
    while any(rest):
        ready = [i for i, (release, _, _) in enumerate(items) if release <= clock and rest[i]]
        clock += 1
        if ready:
            i = min(ready, key=lambda i: (rest[i] if by_rest else items[i][2], i))
            rest[i] -= 1
            done[i] = clock if rest[i] == 0 else 0
    return done


@given(jobs(), rates, st.booleans(), st.integers(5, 100))
def test_interrupted_at_will(items: list[tuple[int, int, int]], stretches: Rates, by_rest: bool, last: int) -> None:  # noqa: FBT001
    """The one with the least key, or the least rest, is always served: the same ends as unit by unit."""
    release, work, key = (np.array(c, np.int64) for c in zip(*items, strict=True))
    order = np.argsort(release, kind="stable")
    done = np.zeros(len(items), np.int64)
    columns = (
        order,
        release,
        work.copy(),
        key,
    )  # writable, as the planner passes them: another layout would be compiled anew
    bounds.preemptive(capacity(stretches), last, *columns, by_rest, done)
    wanted = [min(given_by(stretches, amount), last) for amount in served(items, by_rest=by_rest)]
    assert (sorted(done.tolist()) if by_rest else done.tolist()) == (sorted(wanted) if by_rest else wanted)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9)), max_size=7))
def test_fewest_late(items: list[tuple[int, int]]) -> None:
    """Of all choices of items that can be on time together the largest; deadlines ascend."""
    energy = [e for e, _ in items]
    room = np.cumsum([r for _, r in items]).tolist()

    def on_time(chosen: tuple[int, ...]) -> bool:
        return all(sum(energy[j] for j in chosen if j <= i) <= room[i] for i in chosen)

    n = len(items)
    most = max(k for k in range(n + 1) if any(on_time(c) for c in combinations(range(n), k)))
    got = bounds.late_count(freeze(range(n), np.int64), freeze(energy, np.int64), freeze(room, np.int64))
    assert got == n - most


# ------------------------------------------------------------ heads, tails, ends
@st.composite
def windows(draw: st.DrawFn) -> list[tuple[int, int]]:
    edges = sorted(draw(st.sets(st.integers(0, END), min_size=4, max_size=8)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def workshops(draw: st.DrawFn) -> dict[str, Any]:
    """Jobs with a graph of steps, on machines with calendars, by all words on gaps, with lags and work in progress."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    n, first = sum(sizes), 0
    preds: list[list[int]] = []
    for size in sizes:
        preds += [sorted(draw(st.sets(st.integers(first, first + i - 1)))) if i else [] for i in range(size)]
        first += size
    steps = range(n)
    return {
        "jobs": sizes,
        "preds": preds,
        "machines": 2,
        "modes": [[(m, draw(st.integers(0, 6))) for m in draw(st.sampled_from([(0,), (1,), (0, 1)]))] for _ in steps],
        "op_pieces": [draw(st.sampled_from([1, 1, 2, 5, 0])) for _ in steps],
        "op_total": [9] * n,
        "op_variant": [draw(st.sampled_from([0, 0, 1])) for _ in steps],
        "step_lag_s": [draw(st.integers(0, 4)) for _ in steps],
        "step_gap": [draw(st.integers(0, 3)) for _ in steps],
        "step_overtime_s": [draw(st.integers(0, 5)) for _ in steps],
        "step_pieces_per_cycle": [draw(st.integers(1, 2)) for _ in steps],
        "job_release_s": [draw(st.integers(-5, 12)) for _ in sizes],
        "calendars": [draw(windows()), draw(windows())],
        "machine_calendar": [draw(st.integers(-1, 1)) for _ in range(2)],
        "horizon_s": END,
    }


def earliest(c: dict[str, Any], t: int, ready: int) -> tuple[int, int] | None:
    """Earliest start and end of operation t by any of its machines, alone in the workshop; None: not within the calendars."""
    cycles = -(-c["op_pieces"][t] // c["step_pieces_per_cycle"][t])
    found = []
    for machine, cycle in c["modes"][t]:
        calendar = c["machine_calendar"][machine]
        hours = None if calendar < 0 else c["calendars"][calendar]
        word = ("resume", "fit", "run_on", "overtime")[c["step_gap"][t]]
        work = cycles * cycle
        for start in range(ready, END):
            if not naive_hours.is_open(hours, start):
                continue
            ends = range(start + work, max(start + work, END + 5) + 1)  # no window or overtime reaches further
            verdict = (naive_hours.verdict(hours, None, start, e, work, word, c["step_overtime_s"][t]) for e in ends)
            end = next((e for e, v in zip(ends, verdict, strict=False) if v == "ok"), None)
            if end is not None:
                found.append((start, end))
                break
    return (min(s for s, _ in found), min(e for _, e in found)) if len(found) == len(c["modes"][t]) else None


@given(workshops())
def test_heads_tails_and_ends(c: dict[str, Any]) -> None:
    """Forwards the earliest start and end of each operation alone, backwards the longest rest; at the calendars' end: not later."""
    p: Problem = problem(**c)
    got = least_figures(p)
    loose: set[int] = set()
    start, end = [-1] * p.operations, [-1] * p.operations
    for t in range(p.operations):
        if c["op_pieces"][t] == 0:
            assert got.start[t] == got.end[t] == -1
            continue
        job = int(np.searchsorted(p.job_ptr, t, "right")) - 1
        before = [a for a in c["preds"][t] if c["op_variant"][a] == c["op_variant"][t] and c["op_pieces"][a]]
        ready = max([0, c["job_release_s"][job], *(end[a] + c["step_lag_s"][a] for a in before)])
        alone = None if loose & set(before) else earliest(c, t, ready)
        if alone is None:
            loose.add(t)  # its hours are over: any figure that is not later will do
            start[t], end[t] = int(got.start[t]), int(got.end[t])
            continue
        start[t], end[t] = alone
        assert (int(got.start[t]), int(got.end[t])) == alone
    tail = [0] * p.operations
    for t in reversed(range(p.operations)):
        for a in c["preds"][t]:
            if c["op_variant"][a] == c["op_variant"][t] and c["op_pieces"][t]:
                tail[a] = max(tail[a], c["step_lag_s"][a] + int(got.length[t]) + tail[t])
    live = [t for t in range(p.operations) if c["op_pieces"][t]]
    assert [int(got.tail[t]) for t in live] == [tail[t] for t in live]
    for j in range(p.jobs):
        ops = range(int(p.job_ptr[j]), int(p.job_ptr[j + 1]))
        ends = [max(int(got.end[t]) for t in ops if c["op_variant"][t] == v) for v in {c["op_variant"][t] for t in ops}]
        assert got.job_end[j] == min((e for e in ends if e >= 0), default=-1)


@given(st.lists(windows(), min_size=1, max_size=2), st.integers(1, 25), st.booleans())
def test_shortest_span(some: list[list[tuple[int, int]]], work: int, union: bool) -> None:  # noqa: FBT001
    """From any second on, in any of the calendars or in all together; the work itself where no start is early enough."""
    both = [(t, t + 1) for t in range(END) if any(naive_hours.is_open(h, t) for h in some)]
    p = problem(calendars=[*some, both])
    hours = least.Hours(
        ptr=p.cal_ptr,
        opens=p.win_open_s,
        closes=p.win_close_s,
        before=p.win_before_s,
        list_ptr=freeze([0, len(some)], np.int32),
        list_cal=freeze(range(len(some)), np.int32),
        list_union=freeze([len(some)], np.int32),
        **{name: freeze([], np.int32) for name in ("way_ptr", "way_sort", "way_cycle_s", "way_list", "way_cal")},
        way_batch_milli=freeze([], np.int64),
    )
    spans = []
    for open_hours in [both] if union else some:
        for t in range(END):
            end = naive_hours.work_end(open_hours, None, t, work, END)
            spans += [] if end is None else [end - t]
    assert least.shortest_span(hours, 0, union, work) == min(spans, default=work)


@given(st.data())
def test_rests_of_the_decoder(data: st.DataObject) -> None:
    """Run and the longest lag and rest after it, along all paths."""
    n = data.draw(st.integers(1, 7))
    after = [sorted(data.draw(st.sets(st.integers(a + 1, n - 1)))) if a < n - 1 else [] for a in range(n)]
    run, lag = ([data.draw(st.integers(0, 9)) for _ in range(n)] for _ in range(2))

    def rest(a: int) -> int:
        return run[a] + max((lag[a] + rest(b) for b in after[a]), default=0)

    out = np.zeros(n, np.int64)
    ptr, op = np.cumsum([0, *(len(x) for x in after)]), [b for x in after for b in x]
    decoder.tails(freeze(ptr, np.int32), freeze(op, np.int32), freeze(run, np.int64), freeze(lag, np.int64), out)
    assert out.tolist() == [rest(a) for a in range(n)]


def test_overtime_that_fits_no_window_resumes() -> None:
    """Eighteen seconds of work, windows of at most twelve, no overtime: 0-1, 28-36 and nine seconds from 38 on."""
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, 18)]],
        step_gap=[3],
        calendars=[[(0, 1), (28, 36), (38, 50), (53, 59)]],
        machine_calendar=[0],
        horizon_s=60,
    )
    got = least_figures(p)
    assert (int(got.start[0]), int(got.end[0])) == (0, 47)
