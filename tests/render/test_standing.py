"""When machines stand: the golden nights and limits of the rules, worked by hand."""

import pytest
from tests.model.made import plan, problem, row

from fong.model import NEVER, AtGap, Problem, Schedule
from fong.render import view_of
from fong.render.view import Why

H = 3600


def stands(p: Problem, s: Schedule) -> list[tuple[int, int, int, Why]]:
    """Bar, from, to, why."""
    found = view_of(p, s, title="").standing
    columns = zip(found.bar.tolist(), found.begin.tolist(), found.end.tolist(), found.why.tolist(), strict=True)
    return [(bar, a, b, Why(why)) for bar, a, b, why in columns]


def night(**more: object) -> Problem:
    """Ten cycles of 2,400 s a magazine; duty ends after 10 h and begins again 14 h later."""
    columns = {
        "horizon_s": 10**6,
        "jobs": [1],
        "op_pieces": [40],
        "machines": 1,
        "machine_zone": [0],
        "modes": [[(0, 2400)]],
        "step_attend_s": [60],
        "step_cycles_per_call": [10],
        "zones": 1,
        "tenders": [[0]],
        "people": 1,
        "person_calendar": [0],
        "person_max": [NEVER],
        "calendars": [[(0, 10 * H), (24 * H, 34 * H)]],
    }
    return problem(**(columns | more))


def test_a_filled_magazine_works_on_into_the_night() -> None:
    """Golden case 4: from 18:00 a machine works 24,000 s alone, to 00:40, and stands until 08:00."""
    assert stands(night(), plan([row(0, 0, 0, 33 * H, pieces=40)])) == [(0, 10 * H + 24_000, 24 * H, Why.NOBODY)]


def test_stops_shorten_the_night() -> None:
    """Golden case 4: with 0.2 stops an hour those 24,000 s count as 13,255."""
    assert stands(night(step_stops_micro=[200_000], step_stop_s=[90]), plan([row(0, 0, 0, 33 * H, pieces=40)])) == [
        (0, 10 * H + 13_255, 24 * H, Why.NOBODY)
    ]


def test_without_top_up_half_a_magazine_is_left() -> None:
    """Nobody filled up before leaving: C/2 = 12,000 s on average."""
    assert stands(night(top_up=False), plan([row(0, 0, 0, 33 * H, pieces=40)])) == [
        (0, 10 * H + 12_000, 24 * H, Why.NOBODY)
    ]


def test_a_short_absence_without_top_up() -> None:
    """An hour away: B − B²/2C = 3,600 − 270 s of it are worked."""
    p = night(top_up=False, calendars=[[(0, 4 * H), (5 * H, 10 * H)]])
    assert stands(p, plan([row(0, 0, 0, 8 * H, pieces=20)])) == [(0, 4 * H + 3330, 5 * H, Why.NOBODY)]


def test_a_lot_smaller_than_the_magazine_ends_sooner() -> None:
    """Four pieces are 4 cycles a call: 9,600 s, and the unloading waits for the morning."""
    assert stands(night(), plan([row(0, 0, 9 * H, 24 * H + 60, pieces=4)])) == [(0, 10 * H + 9600, 24 * H, Why.NOBODY)]


def test_set_up_and_not_begun() -> None:
    """Between the end of the set-up and the start of the run the machine stands."""
    p = problem(jobs=[1], machines=1, modes=[[(0, 60)]])
    assert stands(p, plan([row(0, 0, 500, 560, setup_start=0, setup_end=300)])) == [(0, 300, 500, Why.SET_UP)]


@pytest.mark.parametrize(
    ("gap", "wanted"), [(AtGap.RESUME, [(0, 600, 4200, Why.NOBODY)]), (AtGap.RUN_ON, []), (AtGap.FIT, [])]
)
def test_lunch(gap: AtGap, wanted: list[object]) -> None:
    """Golden case 2: `resume` stands over lunch; `run_on` needs nobody and works on."""
    p = problem(
        horizon_s=10**6,
        jobs=[1],
        machines=1,
        machine_calendar=[0],
        modes=[[(0, 60)]],
        step_gap=[gap],
        calendars=[[(0, 600), (4200, 9000)]],
    )
    assert stands(p, plan([row(0, 0, 0, 4500)])) == wanted


def test_a_set_up_pauses_with_its_setter() -> None:
    """A set-up that is not done by lunch goes on after it."""
    p = problem(
        horizon_s=10**6,
        jobs=[1],
        machines=1,
        modes=[[(0, 60)]],
        people=1,
        person_calendar=[0],
        calendars=[[(0, 600), (4200, 9000)]],
    )
    s = plan([row(0, 0, 4500, 4560, setup_start=0, setup_end=4500, setup_person=0)])
    assert stands(p, s) == [(0, 600, 4200, Why.NOBODY)]


def test_handwork_rests_with_its_person() -> None:
    """Handwork stands still over lunch; an outside step does not."""
    columns = {
        "horizon_s": 10**6,
        "jobs": [1],
        "modes": [[]],
        "people": 1,
        "person_calendar": [0],
        "calendars": [[(0, 600), (4200, 9000)]],
    }
    s = plan([row(0, -1, 0, 4500, person=0)])
    assert stands(problem(**columns), s) == [(0, 600, 4200, Why.NOBODY)]
    assert stands(problem(**columns, step_outside_s=[4500]), plan([row(0, -1, 0, 4500)])) == []


def test_a_batch_holds_its_person_only_while_it_is_loaded() -> None:
    """A washer runs on when the person who loaded it goes to lunch."""
    p = problem(
        horizon_s=10**6,
        jobs=[1],
        machines=1,
        machine_batch_milli=[9000],
        modes=[[(0, 3600)]],
        step_attend_s=[300],
        people=1,
        person_calendar=[0],
        calendars=[[(0, 600), (4200, 9000)]],
    )
    view = view_of(p, plan([row(0, 0, 0, 3600, person=0, batch=0)]), title="")
    assert len(view.standing) == 0
    assert view.bars.held_until.tolist() == [300]


def test_the_latest_started_stand_over_the_limit() -> None:
    """Golden case 10: three machines each, two tenders until 4 h, one after: of six tasks the three latest stand."""
    p = problem(
        horizon_s=NEVER,
        jobs=[1] * 6,
        op_pieces=[99] * 6,
        machines=6,
        machine_zone=[0] * 6,
        modes=[[(m, 600)] for m in range(6)],
        step_attend_s=[10] * 6,
        zones=1,
        tenders=[[0, 1]],
        people=2,
        person_calendar=[0, 1],
        person_max=[3, 3],
        calendars=[[(0, 4 * H)], [(0, 8 * H)]],
    )
    ends = [7 * H, 7 * H, 6 * H, 7 * H, 7 * H, 7 * H]
    s = plan([row(m, m, m * 60, ends[m], pieces=99) for m in range(6)])
    # At 6 h a place becomes free for the third latest.
    assert stands(p, s) == [
        (3, 4 * H, 6 * H, Why.LIMIT),
        (4, 4 * H, 7 * H, Why.LIMIT),
        (5, 4 * H, 7 * H, Why.LIMIT),
    ]


def test_stretches_that_meet_are_one() -> None:
    """Set up in the evening, begun in the morning: one stretch, for its first reason."""
    p = night()
    s = plan([row(0, 0, 24 * H, 33 * H, pieces=12, setup_start=9 * H, setup_end=10 * H)])
    assert stands(p, s) == [(0, 10 * H, 24 * H, Why.SET_UP)]
