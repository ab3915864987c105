"""The zones of the decoder: who is on duty and who stands, paces, nights. Against the slow zone of the tests, and plain sums."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.naive import zones as naive
from tests.naive.zones import Hours
from tests.plan.decode.bench import PLAIN, Bench

from fong.model import NEVER
from fong.plan.decode import _kernels_layout as lay

zone = PLAIN["zone"]
start = PLAIN["start"]
END = 30

hours = st.sampled_from((None, [(0, 10)], [(3, 8), (12, 30)], [(0, 5), (10, 20)], [(20, 30)]))
states = st.sampled_from((lay.RUNNING, lay.RUNNING, lay.RUNNING, lay.IDLE, lay.SETTING))


@dataclass
class Tended:
    """One task of the zone as it is drawn: times in seconds, cv and rates as the columns have them."""

    state: int
    since: int
    cycle: int
    cycles: int
    per_call: int
    attend: int
    cv_milli: int
    stops_micro: int
    stop_s: int
    stands: bool
    hall: Hours

    @property
    def calls(self) -> int:
        return -(-self.cycles // self.per_call)

    @property
    def run_ms(self) -> int:
        """C: what runs from call to call."""
        return self.cycles * self.cycle * 1000 // (self.calls if self.called else 1)

    @property
    def called(self) -> bool:
        return self.attend > 0 or self.stops_micro * self.stop_s > 0

    @property
    def serve_s(self) -> float:
        """The service of a call, and of the stops that are expected until the next one."""
        return self.attend + self.stops_micro / 1e6 * self.run_ms / 3_600_000 * self.stop_s

    def as_naive(self) -> naive.Task:
        return naive.Task(
            self.since,
            NEVER,
            run_s=self.run_ms / 1000,
            serve_s=self.serve_s,
            attend_s=self.attend,
            cv=self.cv_milli / 1000,
            stops_per_s=self.stops_micro / 3.6e9,
            hours=self.hall,
            calls=self.calls if self.called else 0,
        )


tasks = st.builds(
    Tended,
    state=states,
    since=st.integers(0, 9),
    cycle=st.integers(1, 9),
    cycles=st.integers(1, 6),
    per_call=st.integers(1, 3),
    attend=st.sampled_from((0, 1, 2, 5)),
    cv_milli=st.sampled_from((0, 500, 1000)),
    stops_micro=st.sampled_from((0, 60_000_000, 400_000_000)),
    stop_s=st.sampled_from((0, 3)),
    stands=st.sampled_from((False, False, True)),
    hall=hours,
)
crews = st.lists(st.tuples(hours, st.sampled_from((NEVER, 1, 2))), min_size=1, max_size=3)
Crew = list[tuple[Hours, int]]


def bench(some: list[Tended], crew: Crew, *, top_up: bool = True) -> Bench:
    """The zone with a machine for each task, all of them begun; the tenders after those who tend nothing."""
    calendars = [h or [(0, END)] for h in [*(t.hall for t in some), *(h for h, _ in crew)]]
    n = len(some)
    b = Bench(
        jobs=[1] * n,
        machines=n,
        modes=[[(u, t.cycle)] for u, t in enumerate(some)],
        op_pieces=[t.cycles for t in some],
        step_attend_s=[t.attend for t in some],
        step_cycles_per_call=[t.per_call for t in some],
        step_service_cv_milli=[t.cv_milli for t in some],
        step_stops_micro=[t.stops_micro for t in some],
        step_stop_s=[t.stop_s for t in some],
        machine_zone=[0] * n,
        machine_calendar=[-1 if t.hall is None else u for u, t in enumerate(some)],
        calendars=calendars,
        horizon_s=END,
        people=len(crew),
        person_zone=[0] * len(crew),
        person_calendar=[-1 if h is None else n + i for i, (h, _) in enumerate(crew)],
        person_max=[most for _, most in crew],
        tenders=[list(range(len(crew)))],
        skills=[list(range(len(crew)))],
        zones=1,
        top_up=top_up,
    )
    for u, t in enumerate(some):
        start.begin_calls(b.k, u, u, t.cycles, t.calls, t.cycle)
        b.unit[u, [lay.U_STATE, lay.U_LOT, lay.U_SINCE, lay.U_STANDS]] = t.state, u, t.since, t.stands
    return b


@given(tasks)
def test_what_a_task_asks_of_the_zone(t: Tended) -> None:
    """Its kind, C, the service of a call, how many calls: from their definitions; a task without calls is one long run."""
    b = bench([t], [(None, NEVER)])
    assert start.calls_of(b.k, 0) == (zone.ATTENDED if t.attend else int(t.called))
    row = b.unit[0]
    assert row[lay.U_RUN] == t.run_ms
    assert abs(row[lay.U_SERVICE] - t.serve_s * 1000) < 1 + 1e-6
    assert row[lay.U_NEED] == (t.calls if t.called else 1) * lay.CALL
    assert row[lay.U_PROG] == row[lay.U_FROZEN] == row[lay.U_STEP_MS] == 0
    assert zone.attend_s(b.k, 0) == t.attend
    assert zone.stops_per_second(b.k, 0) == pytest.approx(t.stops_micro / 1e6 / 3600)


@given(crews, st.integers(0, END))
def test_who_is_on_duty(crew: Crew, t: int) -> None:
    """The tenders at work, and the sum of what each may have open."""
    there = [most for h, most in crew if naive.is_open(h, t)]
    on, limit = zone.duty(bench([], crew).k, 0, t)
    assert (on, limit) == (len(there), NEVER if NEVER in there else sum(there))


@given(st.lists(tasks, max_size=5), st.integers(0, 3), st.integers(0, 4))
def test_who_stands(some: list[Tended], on: int, limit: int) -> None:
    """Beyond the limit the latest started stand, at one moment the later lot; while nobody is on duty the limit sleeps."""
    b = bench(some, [(None, NEVER)])
    running = sorted((t.since, u) for u, t in enumerate(some) if t.state == lay.RUNNING)
    b.zone[0, [lay.Z_ON, lay.Z_LIMIT, lay.Z_OPEN]] = on, limit, len(running)
    zone.who_stands(b.k, 0)
    wanted = {u for _, u in running[limit:]} if on else set()
    assert {u for u in range(len(some)) if b.unit[u, lay.U_STANDS]} == wanted
    ranks = [u for _, u in running]
    assert all(zone.later(b.k, y, x) and not zone.later(b.k, x, y) for x, y in itertools.pairwise(ranks))


@given(st.lists(tasks, max_size=4), st.integers(0, END))
def test_the_calls_that_are_pooled(some: list[Tended], t: int) -> None:
    """Sums over the running tasks that have calls, stand for no place and whose machine is open."""
    b = bench(some, [(None, NEVER)])
    running = [
        x.as_naive() for x in some if x.state == lay.RUNNING and x.called and not x.stands and naive.is_open(x.hall, t)
    ]
    assert [zone.machine_open(b.k, u, t) for u in range(len(some))] == [naive.is_open(x.hall, t) for x in some]
    assert zone.pool_of(b.k, 0, t) == len(running)
    wanted = [
        sum(1 / x.run_s for x in running),
        sum(x.serve_s / x.run_s for x in running),
        sum(x.serve_s**2 * (1 + x.cv**2) / x.run_s for x in running),
    ]
    assert b.part("pool").tolist() == pytest.approx(wanted, rel=2e-3, abs=1e-9)


@example(10**8, 100)
@given(st.integers(0, 10**8), st.integers(100, 10**8))
def test_progress_at_a_pace(seconds: int, step_ms: int) -> None:
    """So many billionths of a call in so many seconds, to one unit for each stretch of a million seconds."""
    exact = seconds * 1000 * lay.CALL // step_ms
    assert exact - seconds // 1_000_000 <= zone.gained(np.int64(seconds), np.int64(step_ms)) <= exact


@given(tasks, st.integers(0, 60), st.booleans())
def test_a_night(x: Tended, length: int, top_up: bool) -> None:  # noqa: FBT001
    """What a stretch without tenders is worth, by the formulas; the machine's open seconds count."""
    b = bench([x], [(None, NEVER)], top_up=top_up)
    counted = naive.night(length, x.as_naive(), top_up=top_up) * 1000 / x.run_ms
    assert zone.night_gain(b.k, 0, length) == pytest.approx(counted * lay.CALL, rel=1e-9, abs=1)
    assert zone.dark_run(b.k, 0, 2, 2 + length) == sum(naive.is_open(x.hall, s) for s in range(2, 2 + length))


@given(st.lists(tasks, min_size=1, max_size=4), st.integers(1, 3), st.integers(0, 6), st.integers(10, END))
def test_the_end_of_a_night(some: list[Tended], on: int, dark: int, t: int) -> None:
    """Each task with calls gets what it did in the dark; those with an empty magazine wait for their turn, half the round on average."""
    b = bench(some, [(None, NEVER)] * on)
    b.zone[0, [lay.Z_DARK, lay.Z_ON]] = dark, on
    b.unit[:, lay.U_FROZEN] = 3
    b.unit[:, lay.U_PROG] = b.unit[:, lay.U_NEED] * 4 // 5
    zone.end_of_night(b.k, 0, t)
    length = {
        u: sum(naive.is_open(x.hall, s) for s in range(max(dark, x.since), t))
        for u, x in enumerate(some)
        if x.state == lay.RUNNING and x.called and not x.stands
    }
    stood = [u for u, n in length.items() if some[u].run_ms <= 1000 * n]
    mean = sum(some[u].attend for u in stood) / max(1, len(stood))
    for u, x in enumerate(some):
        if u not in length:
            assert b.unit[u, lay.U_FROZEN] == 3
            continue
        made = naive.night(length[u], x.as_naive(), top_up=True) * 1000 / x.run_ms
        assert b.unit[u, lay.U_PROG] == pytest.approx(min(x.calls, 0.8 * x.calls + made) * lay.CALL, rel=1e-9, abs=1)
        wait = (max(len(stood), on) + on) * max(x.attend, mean) / (2 * on)
        assert b.unit[u, lay.U_FROZEN] == (t + math.ceil(wait) if u in stood else 0)
    assert b.zone[0, lay.Z_DARK] == -1


@given(st.lists(tasks, min_size=1, max_size=3), crews, st.integers(0, 9), st.integers(1, 9))
def test_a_stretch_at_the_rates_in_force(some: list[Tended], crew: Crew, last: int, more: int) -> None:
    """Running tasks gain at their pace once their wait is over; a tender's set-up at what the calls leave, while he is at work."""
    b = bench(some, crew)
    b.zone[0, [lay.Z_LAST, lay.Z_USE]] = last, 250_000
    for u, x in enumerate(some):
        b.unit[u, [lay.U_STEP_MS, lay.U_FROZEN]] = 0 if x.stands else 700 + u, last + u
        if x.state == lay.SETTING:
            b.unit[u, lay.U_SETUP] = 100 * lay.PPM
            b.lot[u, lay.SETUP_PERSON] = u % len(crew)
    zone.advance(b.k, 0, last + more)
    for u, x in enumerate(some):
        given = max(0, more - u) * 1000 / (700 + u) if x.state == lay.RUNNING and not x.stands else 0
        assert b.unit[u, lay.U_PROG] == pytest.approx(given * lay.CALL, abs=1)
        if x.state == lay.SETTING:
            worked = 0.75 * more if naive.is_open(crew[u % len(crew)][0], last) else 0
            assert b.unit[u, lay.U_SETUP] == 100 * lay.PPM - worked * lay.PPM
    before = b.state()
    zone.advance(b.k, 0, last)
    assert b.state() == before


@given(tasks, st.integers(0, 2), st.integers(0, END), st.sampled_from((0, 400)), st.integers(0, 5), st.integers(0, 9))
def test_the_pace_of_a_task(x: Tended, on: int, t: int, wait_ms: int, frozen: int, tenths: int) -> None:
    """A call takes C, its service and the wait; done as soon as so many calls are, never while it stands or in the dark."""
    x.state, x.since = lay.RUNNING, min(x.since, t)
    b = bench([x], [(None, NEVER)])
    row = b.unit[0]
    row[lay.U_PROG] = row[lay.U_NEED] * tenths // 10
    row[lay.U_FROZEN] = t + frozen if on else 0
    b.zone[0, [lay.Z_DARK, lay.Z_ON]] = -1 if on else t, on
    got = zone.pace_of(b.k, 0, t, on, wait_ms)
    left = (x.calls if x.called else 1) * (10 - tenths) / 10
    if x.stands or not naive.is_open(x.hall, t) or (x.attend and not on):
        assert (got, row[lay.U_STEP_MS]) == (NEVER, 0)
    elif on or not x.called:
        step = x.run_ms + ((row[lay.U_SERVICE] + wait_ms) if x.called else 0)
        assert row[lay.U_STEP_MS] == step
        begin = max(t, row[lay.U_FROZEN])
        assert abs(got - (begin + left * step / 1000)) < 1 + 1e-3
        assert got >= begin + left * step / 1000 - 1e-6
    else:
        run = next((n for n in range(x.run_ms // 1000 + 2) if zone.night_gain(b.k, 0, n) >= left * lay.CALL - 1), None)
        worked = naive.night(max(0, x.run_ms // 1000 + 1), x.as_naive(), top_up=True) * 1000 / x.run_ms
        assert (got == NEVER) == (run is None) == (worked < left - 1e-9)
        assert run is None or got == t + run - sum(naive.is_open(x.hall, s) for s in range(x.since, t) if s >= t)


@given(tasks, st.integers(0, 2), st.integers(5, END), st.integers(-1, 1), st.integers(-1, 1))
def test_when_a_task_is_done(x: Tended, on: int, t: int, missing: int, wait: int) -> None:
    """With all its calls made and its wait over; attended ones need somebody on duty, others may end in the dark by what it gives."""
    b = bench([x], [(None, NEVER)])
    row = b.unit[0]
    row[lay.U_PROG] = row[lay.U_NEED] - missing
    row[lay.U_FROZEN] = t + wait
    b.zone[0, [lay.Z_ON, lay.Z_DARK]] = on, -1 if on else t
    done = missing <= 0 and wait <= 0
    if x.attend and not on:
        done = False
    elif x.called and not on:
        done = False  # the dark begins now: nothing is given yet
    assert zone.is_done(b.k, 0, t) == (x.state == lay.RUNNING and not x.stands and done)


@given(tasks, st.integers(1, 9))
def test_done_in_the_dark(x: Tended, dark: int) -> None:
    """A task with stops alone ends in the dark once its machine's open seconds are worth what was left."""
    x.attend, x.state, x.stands, x.stops_micro, x.stop_s = 0, lay.RUNNING, False, 60_000_000, 3
    b = bench([x], [(None, NEVER)])
    row = b.unit[0]
    row[lay.U_PROG] = row[lay.U_NEED] - lay.CALL // 2
    b.zone[0, [lay.Z_ON, lay.Z_DARK]] = 0, dark
    begin = max(dark, x.since)
    got = zone.pace_of(b.k, 0, begin, 0, 0)
    for t in range(begin + 1, END):
        length = sum(naive.is_open(x.hall, s) for s in range(begin, t))
        worth = naive.night(length, x.as_naive(), top_up=True) * 1000 / x.run_ms
        if abs(worth - 0.5) > 1e-8:
            assert zone.is_done(b.k, 0, t) == (worth > 0.5)
        if naive.is_open(x.hall, begin) and all(naive.is_open(x.hall, s) for s in range(begin, t)):
            assert (got <= t) == (worth >= 0.5 - 1e-9)


@given(st.lists(tasks, max_size=3), crews, st.integers(0, END), st.booleans())
def test_a_zone_worked_out_anew(some: list[Tended], crew: Crew, t: int, was_dark: bool) -> None:  # noqa: FBT001
    """Duty, limit, waits by the formula, use; the next event is the earliest end at these rates; a dark stretch begins or ends."""
    b = bench(some, crew)
    b.zone[0, lay.Z_DARK] = min(2, t) if was_dark else -1
    running = [u for u, x in enumerate(some) if x.state == lay.RUNNING]
    b.zone[0, lay.Z_OPEN] = len(running)
    setters = {u: u % len(crew) for u, x in enumerate(some) if x.state == lay.SETTING}
    for u, who in setters.items():
        b.unit[u, lay.U_SETUP] = (4 + u) * lay.PPM
        b.lot[u, lay.SETUP_PERSON] = who
    zone.touch(b.k, 0)
    zone.touch(b.k, 0)
    assert b.touched() == [0]
    b.g[lay.G_ZDIRTY] = 0
    zone.refresh(b.k, 0, t)
    there = [most for h, most in crew if naive.is_open(h, t)]
    row = b.zone[0]
    assert row[[lay.Z_DIRTY, lay.Z_ON]].tolist() == [0, len(there)]
    assert (row[lay.Z_DARK] >= 0) == (not there)
    stand = {u for u in range(len(some)) if b.unit[u, lay.U_STANDS]}
    if there and NEVER not in there:
        ranked = sorted(running, key=lambda u: (some[u].since, u))
        assert stand == set(ranked[sum(there) :])
    pooled = [some[u].as_naive() for u in running if u not in stand and naive.is_open(some[u].hall, t)]
    wait, use = naive.waits([x for x in pooled if x.calls], len(there)) if there else (0.0, 0.0)
    assert row[lay.Z_USE] == pytest.approx(min(use, 0.999) * 1e6, rel=2e-3, abs=300)
    ends = []
    for u in running:
        pace = int(b.unit[u, lay.U_STEP_MS])
        if pace and some[u].called:
            assert pace == pytest.approx(some[u].run_ms + some[u].serve_s * 1000 + wait * 1000, rel=2e-3, abs=100)
        if pace:
            left = (b.unit[u, lay.U_NEED] - b.unit[u, lay.U_PROG]) * pace / 1000 / lay.CALL
            ends.append(max(t, b.unit[u, lay.U_FROZEN]) + math.ceil(left - 1e-6))
    for u, who in setters.items():
        if naive.is_open(crew[who][0], t):
            ends.append(t + math.ceil((4 + u) / (1 - int(row[lay.Z_USE]) / 1e6) - 1e-9))
    if there:
        assert row[lay.Z_NEXT] == min(ends, default=NEVER)
    assert b.events() == ([(row[lay.Z_NEXT], lay.E_ZONE, 0)] if row[lay.Z_NEXT] < NEVER else [])


callers = st.lists(tasks.filter(lambda x: x.called), max_size=4)


@settings(max_examples=250)
@given(
    callers,
    tasks,
    st.integers(0, 2),
    st.integers(0, 6),
    st.integers(0, 1),
    st.sampled_from((0.02, 0.05, 0.1, 0.2, 1.0)),
    st.booleans(),
)
def test_one_task_more(
    some: list[Tended],
    new: Tended,
    on: int,
    limit: int,
    coming: int,
    loss: float,
    now: bool,  # noqa: FBT001
) -> None:
    """Not in the dark if it is attended, not beyond the limit, not where the machines would then lose too much to waiting."""
    for x in (*some, new):
        x.state, x.stands, x.hall = lay.RUNNING, False, None
    b = bench([*some, new], [(None, NEVER)])
    n = len(some)
    b.unit[n, lay.U_STATE] = lay.IDLE
    zone.pool_of(b.k, 0, 0)
    columns = [lay.Z_ON, lay.Z_LIMIT, lay.Z_OPEN, lay.Z_COMING]
    b.zone[0, columns] = on, limit, n, coming
    b.part("rule")[lay.R_LOSS] = loss
    got = start.zone_allows(b.k, 0, n, new.cycle, new.cycles, 0, now)
    others = n + (0 if now else coming)
    if now and not on and new.attend:
        assert got == lay.W_DARK
    elif on and others + 1 > limit:
        assert got == lay.W_LIMIT
    elif on and loss < 1 and new.called and not (coming and not now):  # of those that come nobody knows the calls
        all_of_them = [x.as_naive() for x in (*some, new)]
        wait, _ = naive.waits(all_of_them, on)
        rate = sum(1 / x.run_s for x in all_of_them)
        cycle = (n + 1) / rate * (1 + sum(x.serve_s / x.run_s for x in all_of_them) / (n + 1)) + wait
        if abs(wait / cycle - loss) > 0.003:
            assert got == (lay.W_LOSS if wait / cycle > loss else lay.OK)
    elif not on or loss == 1 or not new.called:
        assert got == lay.OK


@given(callers, tasks, st.integers(10, END))
def test_a_task_begins(some: list[Tended], new: Tended, t: int) -> None:
    """It is open and runs from now on; the sums of calls are what they would be if worked out anew."""
    for x in (*some, new):
        x.state, x.stands, x.hall = lay.RUNNING, False, None
    b = bench([*some, new], [(None, NEVER)])
    n = len(some)
    b.unit[n] = 0
    b.zone[0, lay.Z_OPEN] = n
    zone.pool_of(b.k, 0, t)
    start.start_in_zone(b.k, n, n, new.cycle, t)
    sums = b.part("pool").tolist()
    assert b.unit[n, [lay.U_STATE, lay.U_SINCE]].tolist() == [lay.RUNNING, t]
    assert b.unit[n, lay.U_NEED] == (new.calls if new.called else 1) * lay.CALL
    assert b.zone[0, [lay.Z_OPEN, lay.Z_LAST]].tolist() == [n + 1, t]
    assert b.touched() == [0]
    zone.pool_of(b.k, 0, t)
    assert sums == pytest.approx(b.part("pool").tolist(), rel=1e-9)
