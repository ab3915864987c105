"""Learn a known shop back from its log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from fong.errors import InputFault, UsageError
from fong.lang import LANGUAGES, text
from fong.learn import Learned, LearnOptions, learn
from fong.learn.people import Manner
from fong.model.build import build
from fong.model.factory import Factory, Step
from fong.model.faults import find_faults
from fong.model.message import Message
from fong.model.performance import Performance, WorkEvent

Play = Callable[..., Performance]
Event = Callable[..., WorkEvent]
HOUR = 3600


@pytest.fixture(scope="module")
def learned(log: Performance) -> Learned:
    return learn(log)


def step_of(factory: Factory, item: str, name: str) -> Step:
    return next(s for s in factory.routing if (s.item, s.name) == (item, name))


def times_of(factory: Factory, item: str, name: str, machine: str) -> tuple[int, int]:
    """Set-up and cycle of a step on a machine."""
    row = step_of(factory, item, name)
    own = next((s for s in factory.speeds if (s.item, s.sequence, s.machine) == (item, row.sequence, machine)), None)
    setup = row.setup_s if own is None or own.setup_s is None else own.setup_s
    return setup, row.cycle_s if own is None or own.cycle_s is None else own.cycle_s


def codes(messages: tuple[Message, ...]) -> list[str]:
    return [m.code.removeprefix("learn.") for m in messages]


def truth_of(truth: Any) -> list[tuple[str, str, str, float, float]]:
    """(item, step, machine, set-up, cycle) of a known shop."""
    return [
        (item, step, m, setup * truth.speed.get(m, 1), cycle * truth.speed.get(m, 1))
        for item, steps in truth.items.items()
        for step, setup, cycle in steps
        for m in truth.machines[step] or ("",)
    ]


# ------------------------------------------------------------------ times


def test_times_by_step_and_machine(learned: Learned, truth: Callable[..., Any]) -> None:
    """Every set-up within 10 %, every cycle within 6 % of the truth (noise of a single lot: 10 %)."""
    for item, step, machine, setup, cycle in truth_of(truth()):
        found = times_of(learned.factory, item, step, machine)
        assert found[0] == pytest.approx(setup, rel=0.10)
        assert found[1] == pytest.approx(cycle, rel=0.06, abs=1)


def test_hours_add_up(learned: Learned, log: Performance) -> None:
    """Planned hours of the same orders are the hours that happened, within 2 %."""
    planned = sum(
        s.setup_s + s.cycle_s * o.quantity for o in learned.orders for s in learned.factory.routing if s.item == o.item
    )
    assert planned == pytest.approx(sum((e.end - e.start).total_seconds() for e in log.events), rel=0.02)


def test_slips_of_the_pen_move_little(log: Performance, truth: Callable[..., Any]) -> None:
    """One row in forty lasts an hour to a day too long: cycles stay within 10 %, the noise of the rest included."""
    rng = np.random.default_rng(11)
    events = [
        replace(e, end=e.end + timedelta(hours=float(rng.uniform(1, 24)))) if i in set(range(0, 40_000, 40)) else e
        for i, e in enumerate(log.events)
    ]
    factory = learn(Performance(events=tuple(events))).factory
    for item, step, machine, _, cycle in truth_of(truth()):
        assert times_of(factory, item, step, machine)[1] == pytest.approx(cycle, rel=0.10, abs=3)


def test_without_flags_lots_of_all_sizes_tell_setup_from_run(play: Play, truth: Callable[..., Any]) -> None:
    """The fixed part of a lot is its set-up: within a third; cycles within 15 %. It is said."""
    found = learn(play(flags=False))
    for item, step, machine, setup, cycle in truth_of(truth()):
        row = step_of(found.factory, item, step)
        assert row.setup_s == pytest.approx(setup / truth().speed.get(machine, 1), rel=0.34, abs=60)
        assert times_of(found.factory, item, step, machine)[1] == pytest.approx(cycle, rel=0.15, abs=2)
    assert [m.params["step"] for m in found.assumptions if m.code == "learn.time_split"] == ["Mill", "Turn"]


def test_time_that_does_not_grow_with_the_pieces(event: Event) -> None:
    """An hour a lot of 5 or 500: one cycle for the whole lot."""
    events = [
        event(f"O{d}", "Pack", "08:00", "09:00", day=d, person="Ed", good=q, item="x", order_quantity=q)
        for d, q in enumerate([5, 500, 40, 200, 90, 10, 350])
    ]
    row = step_of(learn(Performance(events=tuple(events))).factory, "x", "Pack")
    assert (row.cycle_s, row.pieces_per_cycle) == (HOUR, 1000)


def test_samples_stand_behind_every_figure(learned: Learned) -> None:
    """Lots by step, item and machine; they add up."""
    lots = {(s.step, s.item, s.machine): s.samples for s in learned.samples if s.figure == "cycle_s"}
    for step in ("Turn", "Mill", "Pack"):
        assert lots[step, "", ""] == sum(n for (s, item, _), n in lots.items() if s == step and item)
    assert lots["Turn", "", ""] == lots["Turn", "", "L1"] + lots["Turn", "", "L2"]
    assert {s.figure for s in learned.samples} == {"cycle_s", "setup_s", "skill", "hours"}
    assert all(s.samples > 0 for s in learned.samples if s.value and s.figure != "setup_s")


def test_scrap_where_enough_is_seen(play: Play) -> None:
    """3 % within one point; a single row of it makes no rate but is told."""
    found = learn(play(scrap=0.03))
    assert all(abs(s.scrap_pct - 3) < 1 for s in found.factory.routing)
    few = play()
    events = [replace(few.events[-1], good=50, scrap=1), *few.events[:-1]]
    found = learn(Performance(events=tuple(events)))
    assert {s.scrap_pct for s in found.factory.routing} == {Decimal(0)}
    assert "unknown_scrap_few" in codes(found.unknowns)


def test_breakdowns(event: Event) -> None:
    """Four breakdowns of half an hour in forty hours of work; two on another machine make no figure."""
    run = [
        event(f"O{d}{m}", "Mill", "08:00", "12:00", day=d, machine=m, kind="run", person="An")
        for d in range(10)
        for m in ("M1", "M2")
    ]
    down = [event(f"O{d}M1", "Mill", "12:00", "12:30", day=d, machine="M1", kind="down") for d in range(4)]
    few = [event(f"O{d}M2", "Mill", "12:00", "12:30", day=d, machine="M2", kind="down") for d in range(2)]
    found = learn(Performance(events=(*run, *down, *few)))
    assert {m.name: (m.mtbf_h, m.mttr_h) for m in found.factory.machines} == {"M1": (10.0, 0.5), "M2": (None, None)}
    assert {s.samples for s in found.samples if s.figure in {"mtbf_h", "mttr_h"}} == {4}


# ------------------------------------------------------------------ machines and people


def test_groups_and_routes(learned: Learned) -> None:
    """Machines of a step, steps of an item, in order."""
    factory = learned.factory
    assert {m.name: m.group for m in factory.machines} == {
        "L1": "Turn",
        "L2": "Turn",
        "M1": "Mill",
        "M2": "Mill",
        "M3": "Mill",
    }
    assert [(s.sequence, s.name) for s in factory.routing if s.item == "plate"] == [
        (10, "Mill"),
        (20, "Turn"),
        (30, "Pack"),
    ]
    assert {frozenset(s.machines) for s in factory.routing if s.name == "Mill"} == {frozenset({"M1", "M2", "M3"})}
    assert all(not s.machines and s.run_skill == "Pack" for s in factory.routing if s.name == "Pack")
    assert all(r.usual for r in learned.routes)


def test_skills_are_exact(learned: Learned, truth: Callable[..., Any]) -> None:
    """Everybody can do just what they did."""
    assert {p.name: set(p.skills) for p in learned.factory.people} == {n: s for n, (s, _) in truth().people.items()}


def test_two_stretches_make_no_skill(log: Performance) -> None:
    """A person who lent a hand twice cannot do the step, and it is said; if nobody did it more often, they can."""
    helper = [replace(e, person="Fay") for e in log.events[:2]]
    found = learn(Performance(events=(*helper, *log.events[2:])))
    assert "Fay" not in {p.name for p in found.factory.people}
    assert {"people_left_out", "skills_left_out"} <= set(codes(found.assumptions))
    rare = [replace(log.events[9], step="Etch", machine=""), *log.events]
    found = learn(Performance(events=tuple(rare)))
    assert [p.name for p in found.factory.people if "Etch" in p.skills] == [log.events[9].person]
    assert "skill_on_little" in codes(found.assumptions)


def test_setters_are_told_from_runners(event: Event) -> None:
    """Where other people set up than run, set-up is a skill of its own."""
    events = [
        e
        for d in range(10)
        for e in (
            event(f"O{d}", "Mill", "08:00", "09:00", day=d, person="Sam", machine="M1", kind="setup", good=0, item="x"),
            event(f"O{d}", "Mill", "09:00", "12:00", day=d, person="Rae", machine="M1", kind="run", good=10, item="x"),
        )
    ]
    factory = learn(Performance(events=tuple(events))).factory
    row = step_of(factory, "x", "Mill")
    skills = {p.name: p.skills for p in factory.people}
    assert skills == {"Sam": {row.setup_skill}, "Rae": {"Mill"}}
    assert row.setup_skill != "Mill"


def test_a_bench_is_no_machine(event: Event) -> None:
    """Several orders at once at one place: handwork there, and a person's time is shared among them."""
    events = [
        event(f"O{d}{k}", "Check", "08:00", "10:00", day=d, person="Quin", machine="Desk", good=10, item="x")
        for d in range(6)
        for k in range(4)
    ]
    found = learn(Performance(events=tuple(events)))
    row = step_of(found.factory, "x", "Check")
    assert not found.factory.machines
    assert (row.machines, row.run_skill) == ((), "Check")
    assert row.cycle_s * 10 // row.pieces_per_cycle in range(1790, 1811) or row.cycle_s == 1800
    assert "bench" in codes(found.assumptions)


def tending_log(event: Event, *, at_once: bool) -> Performance:
    """One person; either two machines all morning, or one after the other."""
    hours = (("08:00", "12:00"), ("08:00", "12:00")) if at_once else (("08:00", "10:00"), ("10:00", "12:00"))
    return Performance(
        events=tuple(
            event(f"O{d}{k}", "Mill", *hours[k], day=d, person="An", machine=f"M{k}", kind="run", good=10, item="x")
            for d in range(12)
            for k in range(2)
        )
    )


def test_runs_beside_other_work_need_no_person(event: Event) -> None:
    """Decided by the step's own evidence, and printed with it."""
    alone = learn(tending_log(event, at_once=True))
    held = learn(tending_log(event, at_once=False))
    assert alone.knowledge.evidence["Mill"].manner is Manner.OVERLAPS
    assert step_of(alone.factory, "x", "Mill").run_skill is None
    assert step_of(held.factory, "x", "Mill").run_skill == "Mill"
    (said,) = [m for m in alone.assumptions if m.code == "learn.run_overlaps"]
    assert (said.params["overlap"], said.params["hours"]) == (100, 96)
    machine = alone.factory.machines[0]
    assert machine.calendar == alone.factory.people[0].calendar


def test_lots_handed_over_hold_nobody(event: Event) -> None:
    """Two people take turns at every lot: no one person is held for its whole run."""
    events = [
        event(f"O{d}", "Mill", *at, day=d, person=person, machine="M1", kind="run", good=5, item="x")
        for d in range(10)
        for person, at in (("An", ("06:00", "14:00")), ("Bo", ("14:00", "22:00")))
    ]
    found = learn(Performance(events=tuple(events)))
    assert found.knowledge.evidence["Mill"].manner is Manner.HANDED_OVER
    assert step_of(found.factory, "x", "Mill").run_skill is None


def test_machines_at_once(event: Event) -> None:
    """Hours with one, two, three machines, over time; the same machine twice counts once."""
    events = [
        event("A", "Mill", "08:00", "12:00", person="An", machine="M1"),
        event("B", "Mill", "09:00", "11:00", person="An", machine="M2"),
        event("C", "Mill", "10:00", "11:00", person="An", machine="M3"),
        event("D", "Mill", "11:30", "12:00", person="An", machine="M1"),
    ]
    found = learn(Performance(events=tuple(events)))
    assert dict(found.tending) == {1: 2 * HOUR, 2: HOUR, 3: HOUR}


def test_nothing_is_made_up_about_attention(learned: Learned) -> None:
    """No zones, no attention, and both are said."""
    assert {(s.attend_s, s.unattended_cycles) for s in learned.factory.routing} == {(0, 0)}
    assert {m.zone for m in learned.factory.machines} == {None}
    assert {"unknown_attention", "unknown_zones"} <= set(codes(learned.unknowns))


# ------------------------------------------------------------------ hours


def test_hours_with_their_break(learned: Learned) -> None:
    """Monday to Friday 8–12 and 13–17 for everyone: one calendar, exact to a quarter of an hour."""
    (calendar,) = learned.factory.calendars
    day = ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))
    assert calendar.week == (day,) * 5 + ((),) * 2
    assert not calendar.dates


def test_alternating_shifts(play: Play) -> None:
    """Early one week, late the next: found, laid out as dates to come, and opposite crews apart."""
    early, late = ((6, 14),), ((14, 22),)
    people = {
        "An": ({"Turn"}, (early, late)),
        "Bo": ({"Turn", "Mill"}, (late, early)),
        "Cy": ({"Mill"}, (early, late)),
        "Di": ({"Mill"}, (late, early)),
        "Ed": ({"Pack"}, (((8, 12), (13, 17)),)),
    }
    found = learn(play(people=people))
    calendars = {c.name: c for c in found.factory.calendars}
    of = {p.name: p.calendar for p in found.factory.people}
    assert of["An"] == of["Cy"] != of["Bo"] == of["Di"]
    for weeks_on in (0, 1, 6, 7, 12, 13):
        monday = datetime.fromisoformat("2026-01-05") + timedelta(weeks=weeks_on)
        for person, first in (("An", 6), ("Bo", 14)):
            calendar = calendars[str(of[person])]
            hour = first if weeks_on % 2 == 0 else 20 - first
            spans = calendar.dates.get(monday.date(), calendar.week[0])
            assert spans == ((hour * HOUR, (hour + 8) * HOUR),)
    assert "calendar_alternates" in codes(found.assumptions)


def test_a_day_on_which_nobody_came(log: Performance) -> None:
    """A working day without anyone of those expected is closed."""
    gone = datetime.fromisoformat("2026-01-21").date()
    found = learn(Performance(events=tuple(e for e in log.events if e.start.date() != gone)))
    assert {c.dates.get(gone) for c in found.factory.calendars} == {()}
    assert [m.params["date"] for m in found.assumptions if m.code == "learn.closed"] == ["2026-01-21"]


def test_night_shift_runs_past_midnight(event: Event) -> None:
    """22:00 to 06:00 is one span of the day on which it begins."""
    events = []
    for d in (d for d in range(21) if d % 7 < 4):
        first = event(
            f"O{d}", "Mill", "22:00", "22:00", day=d, person="Nan", machine="M1", good=9, item="x", kind="run"
        )
        events.append(replace(first, end=first.start + timedelta(hours=8)))
    (calendar,) = learn(Performance(events=tuple(events))).factory.calendars
    assert calendar.week == (((22 * HOUR, 30 * HOUR),),) * 4 + ((),) * 3


def test_what_begins_after_midnight_is_the_next_days(event: Event) -> None:
    """An evening at work, a pause, and the small hours: calendars hold clock times of their own day."""
    events = [
        e
        for d in (d for d in range(21) if d % 7 < 4)
        for e in (
            event(f"O{d}", "Mill", "18:00", "23:00", day=d, person="Nan", machine="M1", good=9, item="x", kind="run"),
            event(
                f"P{d}", "Mill", "01:00", "04:00", day=d + 1, person="Nan", machine="M1", good=9, item="x", kind="run"
            ),
        )
    ]
    (calendar,) = learn(Performance(events=tuple(events))).factory.calendars
    evening, small_hours = (18 * HOUR, 23 * HOUR), (1 * HOUR, 4 * HOUR)
    assert calendar.week == ((evening,), *[(small_hours, evening)] * 3, (small_hours,), (), ())


def test_machines_that_ran_on_do_not_make_long_days(event: Event) -> None:
    """Twenty hours under one name are a machine's, not a person's, and are said."""
    events = [event(f"O{d}", "Mill", "08:00", "16:00", day=d, person="An", machine="M1") for d in range(10)]
    over = replace(events[-1], order="L", start=events[-1].start + timedelta(days=2))
    events.append(replace(over, end=over.start + timedelta(hours=20)))
    found = learn(Performance(events=tuple(events)))
    assert {b for c in found.factory.calendars for day in c.week for _, b in day} == {16 * HOUR}
    (said,) = [m for m in found.assumptions if m.code == "learn.long_attendance"]
    assert said.params["hours"] == 20


# ------------------------------------------------------------------ poorer logs


def test_a_log_without_people(log: Performance) -> None:
    """Machines get the hours; no skill is asked for; what the log lacks is said."""
    found = learn(Performance(events=tuple(replace(e, person="") for e in log.events)))
    assert not found.factory.people
    assert {s.run_skill for s in found.factory.routing} | {s.setup_skill for s in found.factory.routing} == {None}
    assert all(m.calendar for m in found.factory.machines)
    assert {m.name for m in found.factory.machines} == {"L1", "L2", "M1", "M2", "M3", "Pack"}
    assert "unknown_person" in codes(found.unknowns)
    assert not find_faults(found.workshop)


def test_a_log_of_order_step_and_times_alone(log: Performance) -> None:
    """Each step becomes a work centre that holds as many lots as it really held."""
    bare = [WorkEvent(order=e.order, step=e.step, start=e.start, end=e.end) for e in log.events]
    found = learn(Performance(events=tuple(bare)))
    capacity = {m.name: int(m.capacity) for m in found.factory.machines}
    assert capacity == {"Turn": 2, "Mill": 3, "Pack": 1}
    assert {o.quantity for o in found.orders} == {1}
    assert {"no_quantity", "no_item", "centre"} <= set(codes(found.assumptions))
    assert not find_faults(found.workshop)


# ------------------------------------------------------------------ orders


def test_due_and_release(learned: Learned, log: Performance) -> None:
    """Release is the first start; due is that plus 1.5 median flow times of the item."""
    first = {o.order: min(e.start for e in log.events if e.order == o.order) for o in learned.orders}
    last = {o.order: max(e.end for e in log.events if e.order == o.order) for o in learned.orders}
    flows = [(last[o.order] - first[o.order]).total_seconds() for o in learned.orders if o.item == "bolt"]
    for o in learned.orders:
        assert o.release is not None
        assert o.due is not None
        assert o.release.replace(tzinfo=None) == first[o.order]
        if o.item == "bolt":
            assert (o.due - o.release).total_seconds() == pytest.approx(1.5 * np.median(flows), abs=60)


def test_an_odd_way_is_kept_as_it_went(log: Performance) -> None:
    """An order that skipped a step has a routing of its own, with its item's times."""
    skipped = next(
        o for o in sorted({e.order for e in log.events}) if any(e.order == o and e.item == "plate" for e in log.events)
    )
    events = tuple(e for e in log.events if not (e.order == skipped and e.step == "Turn"))
    found = learn(Performance(events=events))
    own = next(o.item for o in found.orders if o.order == skipped)
    assert own == "plate #2"
    assert [s.name for s in found.factory.routing if s.item == own] == ["Mill", "Pack"]
    assert step_of(found.factory, own, "Mill").cycle_s == step_of(found.factory, "plate", "Mill").cycle_s
    assert [r.steps for r in found.routes if not r.usual] == [("Mill", "Pack")]


def test_order_book_of_a_moment(log: Performance) -> None:
    """Before it done, after it open, across it work in progress that is consistent with what was reported."""
    now = datetime.fromisoformat("2026-01-20T10:30")
    found = learn(log, LearnOptions(now=now))
    first = {e.order: e.start for e in reversed(log.events)}
    last: dict[str, datetime] = {}
    for e in log.events:
        last[e.order] = max(last.get(e.order, e.end), e.end)
    assert {o.order: o.status for o in found.orders} == {o: "done" if last[o] <= now else "open" for o in first}
    under_way = {o for o in first if first[o] < now < last[o]}
    assert {w.order for w in found.state.work} == under_way
    assert under_way
    assert not find_faults(found.workshop)
    problem = build(found.workshop)
    assert problem.jobs == sum(o.status == "open" for o in found.orders)
    left = int(problem.op_pieces.sum()) if len(problem.op_pieces) else problem.operations
    assert left < sum(o.quantity * 3 for o in found.orders if o.status == "open")


def test_learned_shop_can_be_planned(learned: Learned) -> None:
    """No fault of the tables, and it compiles with all orders open."""
    assert not find_faults(learned.workshop)
    assert build(learned.workshop).jobs == 300


# ------------------------------------------------------------------ words and refusals


def test_everything_said_has_words(play: Play) -> None:
    """Assumptions and unknowns of rich and poor logs are sentences in each language."""
    rich = play(scrap=0.03)
    poor = Performance(events=tuple(replace(e, person="", machine="", kind="") for e in play(flags=False).events))
    for log in (rich, poor):
        found = learn(log)
        for m in (*found.assumptions, *found.unknowns):
            assert all(text(m.code, m.params, language) for language in LANGUAGES)


def test_empty_logs_and_odd_options_are_refused(log: Performance) -> None:
    """Nothing to learn from; a factor of nothing."""
    with pytest.raises(InputFault):
        learn(Performance())
    with pytest.raises(UsageError):
        learn(log, LearnOptions(due_factor=0))
    for zone in ("Mars/Olympus", "", "../etc", "Asia"):
        with pytest.raises(UsageError):
            learn(log, LearnOptions(time_zone=zone))


def test_moments_with_a_zone_are_read_on_the_shops_clock(log: Performance, learned: Learned) -> None:
    """The same log written in Greenwich time teaches the same."""
    shop = ZoneInfo("Asia/Hong_Kong")
    events = [
        replace(e, start=e.start.replace(tzinfo=shop).astimezone(UTC), end=e.end.replace(tzinfo=shop).astimezone(UTC))
        for e in log.events
    ]
    found = learn(Performance(events=tuple(events)))
    assert (found.factory, found.orders) == (learned.factory, learned.orders)


def test_learning_is_repeatable(log: Performance, learned: Learned) -> None:
    """The same log, in any order, teaches the same."""
    again = learn(Performance(events=tuple(reversed(log.events))))
    assert (again.factory, again.orders) == (learned.factory, learned.orders)
