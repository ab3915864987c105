"""The compiled parts of the check against slow twins, and that each compiles once."""

import os
import random
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.check import stories
from tests.model.made import plan, problem, row
from tests.naive import hours as naive_hours
from tests.naive import zones as naive

from fong._kernels import freeze
from fong.model import Problem
from fong.model.check import _kernels as kernels
from fong.model.check import _kernels_zone as zone_kernels
from fong.model.check import check, fluid
from fong.model.check.rows import known
from fong.model.zones import wait_table

HORIZON = 400
WORDS = ("resume", "fit", "run_on", "overtime")
KINDS = {
    "ok": kernels.OK,
    "short": kernels.SHORT,
    "resume": kernels.HOURS,
    "fit": kernels.FIT,
    "run_on": kernels.RUN_ON,
}
KINDS["overtime"] = kernels.OVERTIME


@st.composite
def windows(draw: st.DrawFn, until: int = HORIZON, most: int = 5) -> list[tuple[int, int]]:
    """Sorted windows that do not touch."""
    edges = sorted(draw(st.sets(st.integers(0, until), max_size=2 * most)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def working_times(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "a": draw(st.none() | windows()),
        "b": draw(st.none() | windows()),
        "start": draw(st.integers(0, HORIZON)),
        "length": draw(st.integers(0, 200)),
        "work": draw(st.integers(0, 120)),
        "gap": draw(st.integers(0, 3)),
        "overtime": draw(st.integers(0, 40)),
    }


def calendars(*hours: list[tuple[int, int]] | None) -> tuple[kernels.Calendars, list[int]]:
    made: Problem = problem(calendars=[h or [] for h in hours])
    packed = kernels.Calendars(made.cal_ptr, made.win_open_s, made.win_close_s)
    return packed, [-1 if h is None else i for i, h in enumerate(hours)]


def column(*values: int) -> Any:
    return freeze(list(values), np.int64)


@given(working_times())
def test_working_time_is_that_of_the_slow_twin(x: dict[str, Any]) -> None:
    """Open seconds, end of work and the words on gaps, second by second."""
    cal, (a, b) = calendars(x["a"], x["b"])
    start, end = x["start"], x["start"] + x["length"]
    assert kernels.open_seconds(cal, a, b, start, end) == naive_hours.open_seconds(x["a"], x["b"], start, end)
    expected = naive_hours.work_end(x["a"], x["b"], start, x["work"], HORIZON + 400)
    got = int(kernels.work_ends(cal, column(a), column(b), column(start), column(x["work"]))[0])
    assert got == (kernels.FOREVER if expected is None else expected)
    columns = (column(v) for v in (a, b, start, end, x["work"], x["gap"], x["overtime"]))
    wrong = int(kernels.gap_faults(cal, *columns)[0])
    word = naive_hours.verdict(x["a"], x["b"], start, end, x["work"], WORDS[x["gap"]], x["overtime"])
    assert wrong == KINDS[word]


@given(working_times(), st.integers(1, 30), st.integers(1, 6))
def test_cycles_follow_working_time(x: dict[str, Any], cycle: int, count: int) -> None:
    """Each cycle begins at the first open second after the one before, and is done when it has worked its time."""
    cal, (a, b) = calendars(x["a"], x["b"])
    begin, finish = np.zeros(count, np.int64), np.zeros(count, np.int64)
    columns = (column(a), column(b), column(x["start"]), column(cycle), column(1), column(0, count))
    kernels.cycle_times(cal, *columns, begin, finish)
    t: int | None = x["start"]
    for got_begin, got_finish in zip(begin.tolist(), finish.tolist(), strict=True):
        if t is not None:
            after = naive_hours.work_end(x["a"], x["b"], t, 1, HORIZON + 400)
            assert got_begin == (kernels.FOREVER if after is None else after - 1)
            t = None if after is None else naive_hours.work_end(x["a"], x["b"], after - 1, cycle, HORIZON + 400)
        assert got_finish == (kernels.FOREVER if t is None else t)


# ------------------------------------------------------------ zones
def shifts(rnd: random.Random) -> list[tuple[int, int]] | None:
    """Windows with gaps of all lengths between; None: always open."""
    out, t = [], rnd.choice((0, 0, 90))
    for _ in range(rnd.randint(1, 4)):
        close = t + rnd.choice((1, 60, 300, 800))
        out.append((t, close))
        t = close + rnd.choice((1, 50, 200, 700))
    return out if rnd.random() < 0.8 else None


def zone_of(seed: int) -> dict[str, Any]:
    """A small zone with all that can happen in one, nights above all, and a plan that need not be lawful."""
    rnd = random.Random(seed)
    steps = [
        {
            "cycle_s": rnd.randint(10, 150),
            "attend_s": rnd.choice((0, 5, 17, 40)),
            "per_call": rnd.randint(1, 4),
            "cv_milli": rnd.choice((0, 300, 500, 1000)),
            "stops_micro": rnd.choice((0, 200_000, 5_000_000, 20_000_000)),
            "stop_s": rnd.choice((0, 8, 30)),
        }
        for _ in range(rnd.randint(1, 3))
    ]
    machines = rnd.randint(1, 4)
    tasks = []
    for machine in range(machines):
        t = rnd.randint(0, 300)
        for _ in range(rnd.randint(0, 3)):
            length = rnd.choice((1, 20, 200, 600, 1500)) + rnd.randint(0, 60)
            tasks.append((machine, rnd.randrange(len(steps)), t, t + length, rnd.randint(1, 9)))
            t += length + rnd.choice((0, 5, 250))
    common = [shifts(rnd) for _ in range(2)]
    tenders = [(rnd.choice(common), rnd.choice((None, 1, 2, 3))) for _ in range(rnd.randint(0, 3))]
    return {
        "steps": steps,
        "tasks": tasks,
        "tenders": tenders,
        "machine_hours": [shifts(rnd) if rnd.random() < 0.3 else None for _ in range(machines)],
        "top_up": rnd.random() < 0.5,
        "setups": [
            (rnd.randrange(len(tenders)), rnd.randint(0, 400)) if tenders and rnd.random() < 0.5 else None
            for _ in tasks
        ],
        "wip": rnd.random() < 0.3,
    }


def as_problem(z: dict[str, Any]) -> tuple[Problem, list[dict[str, int]]]:
    """The zone as a problem with one job a task, and its plan; with ``wip`` the first task runs since before now."""
    hours = [h or [] for h, _ in z["tenders"]] + [h or [] for h in z["machine_hours"]]
    count = len(z["tenders"])
    steps, tasks = z["steps"], z["tasks"]
    grid, table = wait_table(3, 6, (0.01, 1.0), (0.0, 3.0))
    columns: dict[str, Any] = {
        "jobs": [1] * len(tasks),
        "machines": len(z["machine_hours"]),
        "zones": 1,
        "people": count,
        "top_up": z["top_up"],
        "op_step": [s for _, s, *_ in tasks],
        "op_pieces": [n for *_, n in tasks],
        "op_total": [n for *_, n in tasks],
        "modes": [[(m, s["cycle_s"]) for m in range(len(z["machine_hours"]))] for s in steps],
        "machine_zone": [0] * len(z["machine_hours"]),
        "machine_calendar": [-1 if h is None else count + i for i, h in enumerate(z["machine_hours"])],
        "step_attend_s": [s["attend_s"] for s in steps],
        "step_cycles_per_call": [s["per_call"] for s in steps],
        "step_service_cv_milli": [s["cv_milli"] for s in steps],
        "step_stops_micro": [s["stops_micro"] for s in steps],
        "step_stop_s": [s["stop_s"] for s in steps],
        "calendars": hours,
        "person_calendar": [-1 if h is None else i for i, (h, _) in enumerate(z["tenders"])],
        "person_zone": [0] * count,
        "person_max": [2**31 - 1 if most is None else most for _, most in z["tenders"]],
        "tenders": [list(range(count))],
        "wait_grid": grid,
        "wait_log": table,
    }
    rows = [row(i, m, a, b, pieces=n) for i, (m, _, a, b, n) in enumerate(tasks)]
    for r, setup in zip(rows, z["setups"], strict=True):
        if setup:
            r |= {"setup_person": setup[0], "setup_start": max(0, r["start"] - setup[1]), "setup_end": r["start"]}
    if z["wip"] and rows:
        first = rows.pop(0)
        columns |= {"wip_op": [0], "wip_machine": [first["machine"]], "wip_start_s": [-50], "wip_end_s": [first["end"]]}
    return problem(**columns), rows


def as_naive(z: dict[str, Any]) -> naive.Zone:
    tenders = [naive.Tender(hours, most) for hours, most in z["tenders"]]
    tasks, setups = [], []
    for i, ((machine, s, start, end, pieces), setup) in enumerate(zip(z["tasks"], z["setups"], strict=True)):
        step = z["steps"][s]
        calls = -(-pieces // step["per_call"])
        run_s = int(pieces * step["cycle_s"] * 1000 / calls) / 1000
        stops = step["stops_micro"] / 1e6 / 3600
        serve_s = step["attend_s"] + int(stops * run_s * step["stop_s"] * 1000 + 1e-6) / 1000
        calling = step["attend_s"] > 0 or (stops > 0 and step["stop_s"] > 0)
        running = z["wip"] and i == 0
        task = naive.Task(
            start=-50 if running else start,
            end=end,
            run_s=run_s,
            serve_s=serve_s,
            attend_s=step["attend_s"],
            cv=step["cv_milli"] / 1000,
            stops_per_s=stops,
            hours=z["machine_hours"][machine],
            calls=calls if calling else 0,
            order=(i, 0),
        )
        tasks.append(task)
        if setup and not running:
            made = naive.SetUp(max(0, start - setup[1]), start, tenders[setup[0]], z["machine_hours"][machine])
            setups.append(made)
    return naive.Zone(tasks, tenders, setups, z["top_up"])


@given(st.integers(0, 2**32).map(zone_of))
def test_the_zone_clock_is_that_of_the_slow_twin(z: dict[str, Any]) -> None:
    """Progress at the exact wait lies between that at the least and at the longest wait that a table may hold, and these are close."""
    made, rows = as_problem(z)
    twin = as_naive(z)
    naive.play(twin, max((t.end for t in twin.tasks), default=0))
    looked = known(made, plan(rows))
    got = fluid.flow(looked, fluid.tended(looked), looked.calls)
    tasks = twin.tasks[1:] if z["wip"] else twin.tasks
    for r, task in enumerate(tasks):
        assert int(got.needed[r]) == task.calls * zone_kernels.CALL
        if not task.calls:
            assert got.given[r] == 0
            continue
        least = int(got.traces[r].slow[-1]) if len(got.traces[r].slow) else 0
        most = int(got.given[r]) + int(got.stretches[r])
        a_millisecond = zone_kernels.CALL / task.run_s / 1000 * int(got.stretches[r]) + 10
        assert least - a_millisecond <= task.done * zone_kernels.CALL <= most + a_millisecond
        tenth = 0.2 / (task.run_s + task.serve_s) + 0.002  # twice 0.1 s and 0.1 % a call
        assert most - least <= most * tenth + a_millisecond
    planned = [i for i, r in enumerate(rows) if r.get("setup_person", -1) >= 0 and r["setup_end"] > r["setup_start"]]
    given_s = [s.done_s for s in twin.setups if s.end > s.start]
    for r, done_s in zip(planned, given_s, strict=True):
        assert (
            done_s * 1e6 - 10
            <= int(got.worked[r])
            <= done_s * 1e6 + 3_000 * (rows[r]["setup_end"] - rows[r]["setup_start"]) + 10
        )


def test_night_of_case_4() -> None:
    """A night of 14 h, C = 24,000 s: the machine works 24,000 s and stands; with 0.2 stops an hour they count as 13,255 s."""
    assert zone_kernels.dark_run(50_400, 24_000_000, 0.0, True) == 24_000_000
    assert zone_kernels.dark_run(50_400, 24_000_000, 0.2 / 3600, True) == pytest.approx(13_255_000, abs=500)
    assert zone_kernels.dark_run(50_400, 24_000_000, 0.0, False) == 12_000_000
    assert zone_kernels.dark_run(12_000, 24_000_000, 0.0, False) == 9_000_000


@pytest.mark.may_skip("nothing is compiled when coverage is measured")
@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="nothing is compiled")
def test_each_kernel_compiles_once() -> None:
    """Whatever the plan, arrays come in one layout: one compilation a kernel."""
    for story in (
        stories.zone,
        partial(stories.tended_boxes, first=True),
        partial(stories.hours, 3, person=True),
        stories.boxes,
        stories.rack,
        stories.crew,
        stories.washer,
        stories.changeover,
        stories.lots,
    ):
        made = story()
        check(made.problem, plan(made.rows))
    own = (kernels.__name__, zone_kernels.__name__)
    found = (vars(kernels) | vars(zone_kernels)).items()
    compiled = {n: k.signatures for n, k in found if hasattr(k, "py_func") and k.py_func.__module__ in own}
    doors = {"find_modes", "gap_faults", "zone_flow", "starved", "pushed_off", "cycle_times", "work_ends"}
    assert {n: len(compiled[n]) for n in doors} == dict.fromkeys(doors, 1)
    assert {n: s for n, s in compiled.items() if len(s) > 1} == {}  # inner ones come compiled with those that call them
