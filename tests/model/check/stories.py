"""Small workshops, each with a lawful plan; what the mutations of the tests start from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from tests.model.made import Row, problem, row

from fong._kernels import freeze
from fong.model import Problem

H = 3600


class Story(NamedTuple):
    """A problem with a plan that breaks no rule."""

    problem: Problem
    rows: Sequence[Row]


def lots() -> Story:
    """Ten pieces split over two of three machines in lots of at most five, then whole on a fourth; one operation is done."""
    p = problem(
        jobs=[2, 1],
        machines=4,
        modes=[[(0, 10), (1, 10), (3, 10)], [(2, 10)], [(0, 10)]],
        op_pieces=[10, 10, 0],
        step_max_lot=[5, 0, 0],
        step_split_over=[2, 1, 1],
    )
    return Story(
        p,
        [
            row(0, 0, 0, 50, pieces=5),
            row(0, 1, 0, 50, pieces=5, sublot=1),
            row(1, 2, 60, 160, pieces=10),
        ],
    )


def variants() -> Story:
    """Two steps, or one other step instead."""
    p = problem(
        jobs=[3], machines=2, modes=[[(0, 10)], [(1, 10)], [(1, 30)]], op_variant=[0, 0, 1], preds=[[], [0], []]
    )
    return Story(p, [row(0, 0, 0, 10), row(1, 1, 10, 20)])


def chain() -> Story:
    """Released at 100; dry ten seconds after the first step; the third within 100 s of the second. A set-up may come early."""
    p = problem(
        jobs=[3],
        machines=3,
        modes=[[(0, 50)], [(1, 50)], [(2, 50)]],
        job_release_s=[100],
        step_lag_s=[10, 0, 0],
        step_max_wait_s=[2**31 - 1, 100, 2**31 - 1],
    )
    return Story(p, [row(0, 0, 100, 150, setup_start=20, setup_end=90), row(1, 1, 160, 210), row(2, 2, 310, 360)])


def after_running() -> Story:
    """The first step runs until 300; the second needs ten seconds of lag and begins within 100 s."""
    p = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 50)], [(1, 50)]],
        op_pieces=[0, 1],
        op_total=[1, 1],
        step_lag_s=[10, 0],
        step_max_wait_s=[100, 2**31 - 1],
        wip_op=[0],
        wip_machine=[0],
        wip_start_s=[-500],
        wip_end_s=[300],
    )
    return Story(p, [row(1, 1, 310, 360)])


def boxes() -> Story:
    """A hundred pieces at 60 s in boxes of 20, carried for 40 s; the next step takes 30 s a piece."""
    p = problem(
        jobs=[2],
        machines=3,
        modes=[[(0, 60), (2, 60)], [(1, 30)]],
        op_pieces=[100, 100],
        step_box=[20, 0],
        step_lag_s=[40, 0],
        step_max_lot=[50, 0],
        step_split_over=[2, 0],
    )
    # Each of two machines makes 50 pieces: boxes of 40 at 1,240 and 2,440, the last 20 at 3,040.
    return Story(
        p,
        [
            row(0, 0, 0, 3000, pieces=50),
            row(0, 2, 0, 3000, pieces=50, sublot=1),
            row(1, 1, 1240, 4240, pieces=100),
        ],
    )


def tended_boxes(*, first: bool) -> Story:
    """Ten pieces in boxes of five; the first or the second step runs in a zone, 100 s and 20 s of attendance a piece."""
    p = problem(
        jobs=[2],
        machines=2,
        modes=[[(0, 100)], [(1, 100 if not first else 30)]],
        op_pieces=[10, 10],
        step_box=[5, 0],
        machine_zone=[0, -1] if first else [-1, 0],
        zones=1,
        step_attend_s=[20, 0] if first else [0, 20],
        people=1,
        person_zone=[0],
        person_calendar=[0],
        calendars=[[(0, 700), (1000, 9000)]],
        tenders=[[0]],
    )
    # First in the zone: 5.83 pieces by 700, one in the dark, 20 s of waiting for the tender: boxes at 600 and 1,400.
    # Second in the zone: boxes at 500 and 1,000; its sixth piece begins at 1,300.
    rows = [row(0, 0, 0, 1500, pieces=10), row(1, 1, 1250, 1600, pieces=10)]
    return Story(p, rows if first else [row(0, 0, 0, 1000, pieces=10), row(1, 1, 500, 2200, pieces=10)])


def pair() -> Story:
    """Three jobs on a machine, the third one on a machine of two slots; the first two belong together."""
    p = problem(
        jobs=[1, 1, 1, 1],
        machines=3,
        modes=[[(0, 50), (2, 50)], [(0, 50), (2, 50)], [(1, 50)], [(1, 50)]],
        op_same=[0, 0, -1, -1],
        machine_slots=[1, 2, 1],
    )
    return Story(p, [row(0, 0, 0, 50), row(1, 0, 50, 100), row(2, 1, 0, 50), row(3, 1, 10, 60)])


def hours(gap: int, *, person: bool, work_s: int = H) -> Story:
    """Work (an hour) by a word on gaps, where the machine's or the person's day is 08–12 and 13–17 h."""
    day = [(8 * H, 12 * H), (13 * H, 17 * H)]
    p = problem(
        jobs=[1],
        machines=1,
        modes=[[(0, work_s)]],
        step_gap=[gap],
        step_overtime_s=[600],
        calendars=[day],
        machine_calendar=[-1 if person else 0],
        step_run_skill=[0 if person else -1],
        people=1,
        person_calendar=[0],
        skills=[[0]],
    )
    who = {"person": 0} if person else {}
    return Story(p, [row(0, 0, 8 * H, 8 * H + work_s, **who)])


def changeover(gap: int = 0) -> Story:
    """Machine 0 is set up for family 0; families 0, 1, 0: 30 min to 1 by the matrix, 20 min back, 10 min by the step itself."""
    p = problem(
        jobs=[1, 1, 1, 1],
        machines=2,
        modes=[[(0, 600, 600)], [(0, 600, 600)], [(0, 600, 600)], [(1, 600, 600)]],
        step_family=[0, 1, 0, -1],
        step_setup_skill=[0, 0, 0, 0],
        step_gap=[gap] * 4,
        step_overtime_s=[600] * 4,
        families=2,
        machine_family=[0, 0],
        setup_ptr=[0, 1, 2],
        setup_to=[1, 0],
        setup_s=[1800, 1200],
        calendars=[[(0, 2 * H), (3 * H, 5 * H), (6 * H, 9 * H)]],
        people=3,
        person_calendar=[0, 0, -1],
        skills=[[0, 2], [1]],
    )
    return Story(
        p,
        [
            row(0, 0, 0, 600),
            row(1, 0, 2400, 3000, setup_start=600, setup_end=2400, setup_person=0),
            row(2, 0, 4200, 4800, setup_start=3000, setup_end=4200, setup_person=0),
            row(3, 1, 3600, 4200, setup_start=3000, setup_end=3600, setup_person=2),
        ],
    )


def crew() -> Story:
    """Handwork by one person, a person-paced machine by another; a tender who may do neither."""
    p = problem(
        jobs=[1, 1, 1],
        machines=1,
        modes=[[], [(0, 600)], []],
        step_cycle_s=[600, 600, 600],
        step_run_skill=[0, 0, 0],
        people=4,
        zones=1,
        person_zone=[-1, -1, 0, -1],
        tenders=[[2]],
        calendars=[[(0, 2 * H), (3 * H, 5 * H)]],
        person_calendar=[0, 0, -1, -1],
        skills=[[0, 1, 2]],
    )
    return Story(p, [row(0, -1, 0, 600, person=0), row(1, 0, 0, 600, person=1), row(2, -1, 600, 1200, person=0)])


def washer() -> Story:
    """Lots of 8, 9 and 7 kg, the first two of one family, in a washer of 20 kg; loading takes five minutes of a person."""
    p = problem(
        jobs=[1, 1, 1],
        machines=2,
        modes=[[(0, H), (1, H)], [(0, H), (1, H)], [(0, H), (1, H)]],
        op_pieces=[8, 9, 7],
        machine_batch_milli=[20_000, 20_000],
        step_family=[0, 0, 1],
        families=2,
        step_run_skill=[0, 0, 0],
        step_attend_s=[300, 300, 240],
        people=2,
        calendars=[[(0, 2 * H + 200), (4 * H, 5 * H)]],
        person_calendar=[0, 0],
        skills=[[0, 1]],
    )
    return Story(
        p,
        [
            row(0, 0, 0, H, pieces=8, batch=1, person=0),
            row(1, 0, 0, H, pieces=9, batch=1, person=0),
            row(2, 0, H + 100, 2 * H + 100, pieces=7, batch=2, person=0),
        ],
    )


def washing_now() -> Story:
    """Two lots of one batch run; the second ends later, and only then is the washer free."""
    p = problem(
        jobs=[1, 1, 1],
        machines=1,
        modes=[[(0, 100)]] * 3,
        op_pieces=[0, 0, 1],
        op_total=[1, 1, 1],
        machine_batch_milli=[20_000],
        wip_op=[0, 1],
        wip_machine=[0, 0],
        wip_start_s=[-50, -50],
        wip_end_s=[100, 200],
    )
    return Story(p, [row(2, 0, 200, 300)])


def mixed_loads() -> Story:
    """A batch of two lots; the second asks for a skill of its own, but for no time of it."""
    p = problem(
        jobs=[1, 1],
        machines=1,
        modes=[[(0, H)]] * 2,
        machine_batch_milli=[20_000],
        step_run_skill=[0, 1],
        step_attend_s=[300, 0],
        people=2,
        skills=[[0], [1]],
    )
    return Story(p, [row(0, 0, 0, H, batch=1, person=0), row(1, 0, 0, H, batch=1, person=0)])


def zone(people: int = 1, most: int = 2) -> Story:
    """Three machines tended 08–18 h; two tasks of ten cycles of 2,400 s with 60 s of attendance each."""
    p = problem(
        jobs=[1, 1, 1],
        machines=3,
        modes=[[(m, 2400, 900) for m in range(3)]] * 3,
        op_pieces=[10, 10, 10],
        machine_zone=[0, 0, 0],
        zones=1,
        step_attend_s=[60, 60, 60],
        step_family=[0, 0, 0],
        step_setup_skill=[0, 0, 0],
        families=1,
        machine_family=[0, 0, 0],
        people=people + 1,
        person_zone=[0] * people + [-1],
        person_max=[most] * people + [2**31 - 1],
        person_calendar=[0] * people + [-1],
        calendars=[[(0, 36_000), (86_400, 122_400)]],
        tenders=[list(range(people))],
        skills=[list(range(people + 1))],
    )
    return Story(
        p,
        [
            row(0, 0, 0, 24_650, pieces=10),
            row(1, 1, 0, 24_650, pieces=10),
            row(2, 0, 86_400, 111_000, pieces=10),
        ],
    )


def tended_setup() -> Story:
    """A tender sets up the third machine while two others run."""
    story = zone(most=3)
    rebuilt = replace(story.problem, families=2, step_family=freeze([0, 0, 1], np.int32))
    rows = [*story.rows[:2], row(2, 2, 1000, 30_000, pieces=10, setup_start=0, setup_end=1000, setup_person=0)]
    return Story(rebuilt, rows)


def outside() -> Story:
    """Sent out for two hours at the daily collection, then packed."""
    p = problem(
        jobs=[2],
        machines=1,
        modes=[[], [(0, 600)]],
        step_outside_s=[2 * H, -1],
        step_collect=[0, -1],
        calendars=[[(H, 2 * H), (5 * H, 6 * H)]],
        people=1,
    )
    return Story(p, [row(0, -1, H, 3 * H), row(1, 0, 3 * H, 3 * H + 600)])


def stock() -> Story:
    """Five of the material now, five at 1,000 s; two jobs take three each, a third four."""
    p = problem(
        jobs=[1, 1, 1],
        machines=3,
        modes=[[(0, 100)], [(1, 100)], [(2, 100)]],
        op_pieces=[3, 3, 4],
        use_ptr=[0, 1, 2, 3],
        use_item=[0, 0, 0],
        use_micro=[10**6] * 3,
        stock_micro=[5 * 10**6],
        receipt_ptr=[0, 1],
        receipt_at_s=[1000],
        receipt_micro=[5 * 10**6],
    )
    return Story(p, [row(0, 0, 0, 300, pieces=3), row(1, 1, 1000, 1300, pieces=3), row(2, 2, 1100, 1500, pieces=4)])


def fixture() -> Story:
    """Two machines, one fixture; it is held from the set-up on."""
    p = problem(
        jobs=[1, 1],
        machines=2,
        modes=[[(0, 600, 300)], [(1, 600, 300)]],
        step_tool=[0, 0],
        tool_quantity=[1],
    )
    return Story(
        p, [row(0, 0, 300, 900, setup_start=0, setup_end=300), row(1, 1, 1200, 1800, setup_start=900, setup_end=1200)]
    )


def rack() -> Story:
    """Two machines feed a third over a rack for one lot; a lot may also wait on its machine while nobody needs that."""
    p = problem(
        jobs=[2, 2, 2, 1],
        machines=3,
        modes=[[(0, 100)], [(2, 500)], [(1, 100)], [(2, 500)], [(1, 100)], [(2, 500)], [(0, 100)]],
        step_place=[0, -1, 0, -1, 0, -1, -1],
        place_lots=[1],
    )
    return Story(
        p,
        [
            row(0, 0, 0, 100),  # machine 0 goes on at 150: the lot waits on the rack until 600
            row(1, 2, 600, 1100),
            row(2, 1, 0, 100),  # taken at once
            row(3, 2, 100, 600),
            row(4, 1, 200, 300),  # waits on machine 1, which has no more to do
            row(5, 2, 1100, 1600),
            row(6, 0, 150, 250),
        ],
    )
