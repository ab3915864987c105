"""A plan beside what happened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.lang import LANGUAGES, text
from fong.learn import Cut, Learned, RestPlan, compare, cut, kendall, learn, plan_rest
from fong.model.build import build
from fong.model.comparison import Comparison
from fong.model.performance import Performance, WorkEvent
from fong.model.schedule import Schedule

HOUR = 3600
Event = Callable[..., WorkEvent]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=12))
def test_kendall_against_counting_pairs(pairs: list[tuple[int, int]]) -> None:
    """Concordant less discordant pairs over the geometric mean of untied ones."""
    both = [(a, b) for i, a in enumerate(pairs) for b in pairs[:i]]
    sign = [((x > u) - (x < u), (y > v) - (y < v)) for (x, y), (u, v) in both]
    untied = sum(s != 0 for s, _ in sign) * sum(t != 0 for _, t in sign)
    found = kendall([float(x) for x, _ in pairs], [float(y) for _, y in pairs])
    assert found == (pytest.approx(sum(s * t for s, t in sign) / untied**0.5) if untied else None)


def test_kendall_at_its_ends() -> None:
    """The same order is 1, the reverse −1."""
    assert kendall([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert kendall([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)


def small(event: Event) -> Performance:
    """Twelve lots of one item, an hour a day, M1 and M2 in turn, packed the next morning."""
    events = []
    for d in range(12):
        machine = "M1" if d % 2 == 0 else "M2"
        shared = {"item": "x", "good": 10, "order_quantity": 10}
        events.append(
            event(f"O{d:02}", "Mill", "08:00", "12:00", day=d, person="An", machine=machine, kind="run", **shared)
        )
        events.append(event(f"O{d:02}", "Pack", "09:00", "10:00", day=d + 1, person="Ed", kind="run", **shared))
    return Performance(events=tuple(sorted(events, key=lambda e: (e.start, e.end, e.order))))


@pytest.fixture
def cut_small(event: Event) -> tuple[Cut, Learned, RestPlan]:
    parts = cut(small(event), Fraction(2, 3))
    learned = learn(parts.known)
    return parts, learned, plan_rest(learned, parts)


def compared(
    cut_small: tuple[Cut, Learned, RestPlan], delay: timedelta = timedelta(0), *, swap: bool = False
) -> Comparison:
    """The plan that is what happened, with the packing later by `delay`; or with the machines exchanged."""
    parts, learned, rest = cut_small
    problem = build(rest.workshop)
    machines = problem.names.machines
    people = problem.names.people
    epoch = rest.workshop.factory.settings.now.replace(tzinfo=None)
    rows = []
    for op in range(problem.operations):
        job = int(np.searchsorted(problem.job_ptr, op, side="right")) - 1
        order, step = problem.names.orders[job][0], problem.names.steps[int(problem.op_step[op])]
        for e in (*parts.rest.events, *parts.later.events):
            if (e.order, e.step) == (order, step):
                moved = delay if step == "Pack" else timedelta(0)
                start, end = ((t + moved - epoch).total_seconds() for t in (e.start, e.end))
                name = {"M1": "M2", "M2": "M1"}[e.machine] if swap and e.machine else e.machine
                rows.append((op, machines.index(name) if name else -1, start, end, people.index(e.person)))
    columns = [np.array(c, np.int32) for c in zip(*rows, strict=True)]
    schedule = Schedule(op=columns[0], machine=columns[1], start=columns[2], end=columns[3], person=columns[4])
    return compare(parts, rest, learned.knowledge, problem, schedule, objective="flow_time", status="feasible")


def test_a_plan_that_came_true(cut_small: tuple[Cut, Learned, RestPlan]) -> None:
    """Flow times are equal, the order of starts is the same, on the same machines, with the same load."""
    found = compared(cut_small)
    assert (found.known, found.rest, found.running) == (8, 4, 1)
    assert found.at.replace(tzinfo=None) == datetime.fromisoformat("2026-01-13T08:00")
    assert {(f.planned_s, f.happened_s) for f in found.flows} == {(26 * HOUR, 26 * HOUR)}
    assert all(q.planned_s == q.happened_s == 26 * HOUR for q in found.quantiles)
    assert {(s.name, s.common, s.tau) for s in found.machines} == {("M1", 2, 1.0), ("M2", 2, 1.0)}
    assert {(s.name, s.common, s.tau) for s in found.steps} == {("Mill", 4, 1.0), ("Pack", 4, 1.0)}
    assert (found.same_machine, found.machine_tasks) == (4, 4)
    assert {(w.monday, w.planned_s, w.happened_s) for w in found.weeks} == {(date(2026, 1, 12), 20 * HOUR, 20 * HOUR)}
    assert {s.step: (s.planned_s, s.happened_s) for s in found.step_loads} == {
        "Mill": (16 * HOUR, 16 * HOUR),
        "Pack": (4 * HOUR, 4 * HOUR),
    }
    assert found.flows[0].worked_s == 5 * HOUR


def test_a_plan_that_is_late(cut_small: tuple[Cut, Learned, RestPlan]) -> None:
    """Packing a week later: longer flows, load in another week, the same order."""
    found = compared(cut_small, timedelta(days=7))
    assert {f.planned_s - f.happened_s for f in found.flows} == {7 * 24 * HOUR}
    assert [(w.planned_s // HOUR, w.happened_s // HOUR) for w in found.weeks] == [(16, 20), (4, 0)]
    assert [w.running_planned_s // HOUR for w in found.weeks] == [0, 1]
    assert {s.tau for s in found.steps} == {1.0}


def test_a_plan_on_other_machines(cut_small: tuple[Cut, Learned, RestPlan]) -> None:
    """No order on its machine: nothing in common there, while the steps keep their order."""
    found = compared(cut_small, swap=True)
    assert found.same_machine == 0
    assert {(s.name, s.common, s.tau) for s in found.machines} == {("M1", 0, None), ("M2", 0, None)}
    assert {s.tau for s in found.steps} == {1.0}


def test_statements_have_words(cut_small: tuple[Cut, Learned, RestPlan]) -> None:
    """What the reader must know, in each language."""
    for m in compared(cut_small).statements:
        assert all(text(m.code, m.params, language) for language in LANGUAGES)


def test_double_booking_counts_once(event: Event) -> None:
    """The same stretch logged twice is one stretch of work."""
    log = small(event)
    doubled = Performance(events=tuple(sorted((*log.events, *log.events), key=lambda e: (e.start, e.end, e.order))))
    parts = cut(doubled, Fraction(2, 3))
    learned = learn(parts.known)
    assert {s.cycle_s for s in learned.factory.routing if s.name == "Mill"} in ({720}, {1440})
    found = compared((parts, learned, plan_rest(learned, parts)))
    assert sum(w.happened_s for w in found.weeks) == 20 * HOUR
