"""For each rule changes of a lawful plan that break only it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from tests.model.check import stories
from tests.model.check.stories import H, Story
from tests.model.made import Row

from fong._kernels import freeze

RESUME, FIT, RUN_ON, OVERTIME = range(4)


class Mutation(NamedTuple):
    """A change of a story's plan; ``code`` None: the plan stays lawful."""

    code: str | None
    story: Callable[[], Story]
    changes: Mapping[int, Row]
    drop: tuple[int, ...] = ()


def at_gap(gap: int, *, person: bool) -> Callable[[], Story]:
    return lambda: stories.hours(gap, person=person)


def moved(start: float, end: float) -> Mapping[int, Row]:
    return {0: {"start": int(start * H), "end": int(end * H)}}


def long_run() -> Story:
    return stories.hours(OVERTIME, person=True, work_s=5 * H)


SETUP = {1: {"setup_start": -1, "setup_end": -1, "setup_person": -1}}

MUTATIONS = [
    # coverage, lots
    Mutation("missing", stories.lots, {}, drop=(2,)),
    Mutation("unwanted", stories.lots, {3: {"op": 2, "machine": 0, "start": 50, "end": 60}}),
    Mutation("variants", stories.variants, {2: {"op": 2, "machine": 1, "start": 20, "end": 50}}),
    Mutation("missing", stories.variants, {}, drop=(0,)),
    Mutation("pieces", stories.lots, {1: {"pieces": 4}}),
    Mutation("pieces", stories.lots, {2: {"pieces": 9}}),
    Mutation("sublots", stories.lots, {1: {"sublot": 2}}),
    Mutation("sublots", stories.lots, {2: {"sublot": 1}}),
    Mutation(
        "split",
        stories.lots,
        {2: {"pieces": 5}, 3: {"op": 1, "machine": 2, "start": 160, "end": 210, "pieces": 5, "sublot": 1}},
    ),
    Mutation("lot_size", stories.lots, {0: {"pieces": 6, "end": 60}, 1: {"pieces": 4}}),
    Mutation("lot_size", stories.lots, {3: {"op": 0, "machine": 1, "start": 55, "end": 55, "pieces": 0, "sublot": 2}}),
    Mutation(
        "split_over",
        stories.lots,
        {0: {"pieces": 3}, 3: {"op": 0, "machine": 3, "start": 0, "end": 50, "pieces": 2, "sublot": 2}},
    ),
    Mutation(
        None,
        stories.lots,
        {
            0: {"pieces": 3},
            2: {"start": 70, "end": 170},
            3: {"op": 0, "machine": 1, "start": 50, "end": 70, "pieces": 2, "sublot": 2},
        },
    ),
    # machines
    Mutation("mode", stories.lots, {2: {"machine": 1}}),
    Mutation("mode", stories.crew, {0: {"machine": 0, "start": 600, "end": 1200, "person": 1}}),
    Mutation("machine_overlap", stories.pair, {1: {"start": 49, "end": 99}}),
    Mutation("machine_overlap", stories.pair, {1: {"setup_start": 49, "setup_end": 50}}),
    Mutation("same_machine", stories.pair, {1: {"machine": 2}}),
    # time
    Mutation("before_now", stories.chain, {0: {"setup_start": -1 - 5, "setup_end": -6}}),
    Mutation("release", stories.chain, {0: {"start": 99}}),
    Mutation("precedence", stories.chain, {1: {"start": 149, "end": 210}}),
    Mutation("lag", stories.chain, {1: {"start": 159}}),
    Mutation("max_wait", stories.chain, {2: {"start": 311, "end": 361}}),
    Mutation("precedence", stories.after_running, {0: {"start": 299}}),
    Mutation("lag", stories.after_running, {0: {"start": 309}}),
    Mutation("max_wait", stories.after_running, {0: {"start": 401, "end": 460}}),
    Mutation("transfer", stories.boxes, {2: {"start": 1239}}),
    Mutation("transfer", stories.boxes, {1: {"start": 601, "end": 3601}}),
    Mutation("transfer", partial(stories.tended_boxes, first=True), {1: {"start": 1249}}),
    Mutation("transfer", partial(stories.tended_boxes, first=False), {1: {"start": 499}}),
    Mutation(None, partial(stories.tended_boxes, first=True), {}),
    Mutation(None, partial(stories.tended_boxes, first=False), {}),
    # runs: too short, and each word on gaps by the machine's and by the person's hours
    Mutation("run_short", stories.chain, {2: {"end": 359}}),
    Mutation("run_short", stories.crew, {0: {"end": 599}}),
    Mutation("run_short", stories.washer, {2: {"end": 2 * H + 99}}),
    *(
        Mutation(code, at_gap(gap, person=person), moved(start, end))
        for person in (False, True)
        for code, gap, start, end in (
            (None, RESUME, 11.5, 13.5),
            ("run_hours", RESUME, 11.5, 13.4),
            (None, FIT, 11, 12),
            ("run_fit", FIT, 11.5, 13.5),
            ("run_fit", FIT, 7.5, 9),
            (None, RUN_ON, 11.5, 12.5),
            ("run_on", RUN_ON, 12, 13),
            (None, OVERTIME, 11.1, 12.1),
            ("run_overtime", OVERTIME, 11.2, 12.2),
            ("run_overtime", OVERTIME, 12.5, 14),
        )
    ),
    # a run that no window holds resumes, but its person begins on shift
    Mutation(None, long_run, moved(8, 14)),
    Mutation("shift", long_run, moved(7, 14)),
    Mutation("run_hours", long_run, moved(8, 13.9)),
    # set-ups
    Mutation("setup_missing", stories.changeover, SETUP),
    Mutation("setup_late", stories.changeover, {1: {"setup_end": 2401}}),
    Mutation("setup_short", stories.changeover, {1: {"setup_start": 601}}),
    Mutation("setup_short", stories.changeover, {2: {"setup_end": 4199}}),
    Mutation("setup_short", stories.changeover, {3: {"setup_end": 3599}}),
    Mutation("setup_person", stories.changeover, {1: {"setup_person": -1}}),
    Mutation("skill", stories.changeover, {1: {"setup_person": 1}}),
    Mutation(
        "setup_hours",
        stories.changeover,
        {2: {"setup_start": 2 * H - 600, "setup_end": 3 * H + 500, "start": 4 * H, "end": 5 * H}},
    ),
    Mutation(
        None,
        stories.changeover,
        {2: {"setup_start": 2 * H - 600, "setup_end": 3 * H + 600, "start": 4 * H, "end": 5 * H}},
    ),
    *(
        Mutation(
            code,
            partial(stories.changeover, gap),
            {2: {"setup_start": start, "setup_end": end, "start": end, "end": end + 600}},
        )
        for code, gap, start, end in (
            ("setup_fit", FIT, 2 * H - 600, 3 * H + 600),
            ("setup_fit", FIT, 2 * H, 3 * H + 1200),
            (None, FIT, 3 * H, 3 * H + 1200),
            ("setup_overtime", OVERTIME, 2 * H - 500, 2 * H + 700),
            (None, OVERTIME, 2 * H - 600, 2 * H + 600),
            ("setup_hours", RUN_ON, 2 * H - 600, 2 * H + 600),
            ("shift", RUN_ON, 2 * H, 3 * H + 1200),
        )
    ),
    # people
    Mutation("person_missing", stories.crew, {0: {"person": -1}}),
    Mutation("skill", stories.crew, {0: {"person": 3}}),
    Mutation("tender", stories.crew, {0: {"person": 2}}),
    Mutation("person_overlap", stories.crew, {1: {"person": 0}}),
    Mutation(
        "person_overlap", stories.changeover, {3: {"setup_person": 0, "setup_start": 2999, "start": 3700, "end": 4300}}
    ),
    Mutation("shift", stories.crew, {2: {"start": 2 * H, "end": 4 * H}}),
    # batches
    Mutation("batch_apart", stories.washer, {1: {"start": 1, "end": H + 1}}),
    Mutation("batch_apart", stories.washer, {1: {"machine": 1, "person": 1}}),
    Mutation("batch_apart", stories.washer, {1: {"person": 1}}),
    Mutation("batch_family", stories.washer, {1: {"start": H + 100, "end": 2 * H + 100, "batch": 2}}),
    Mutation("batch_capacity", lambda: heavier(stories.washer()), {}),
    Mutation("person_missing", stories.washer, {2: {"person": -1}}),
    Mutation("loading", stories.washer, {2: {"start": 2 * H, "end": 4 * H}}),
    Mutation("shift", stories.washer, {2: {"start": 3 * H, "end": 5 * H}}),
    Mutation("machine_overlap", stories.washer, {1: {"batch": 3, "person": 1}}),
    Mutation("machine_overlap", stories.washing_now, {0: {"start": 150, "end": 250}}),
    Mutation("skill", stories.mixed_loads, {0: {"person": 1}, 1: {"person": 1}}),
    # zones
    Mutation("zone_run", stories.zone, {0: {"end": 24_600}}),
    Mutation("max_machines", stories.zone, {2: {"machine": 2, "start": 24_000, "end": 122_000}}),
    Mutation("night_start", stories.zone, {2: {"start": 50_000, "end": 122_000}}),
    Mutation("night_end", stories.zone, {2: {"start": 30_000, "end": 122_401}}),
    Mutation(None, stories.zone, {2: {"start": 30_000, "end": 122_400}}),
    Mutation(
        None,
        stories.zone,
        {2: {"start": 50_000, "end": 122_000, "setup_start": 49_000, "setup_end": 50_000, "setup_person": 1}},
    ),
    Mutation(  # nobody loads it by a set-up that nobody does and nothing asks for
        "night_start", stories.zone, {2: {"start": 50_000, "end": 122_000, "setup_start": 49_999, "setup_end": 50_000}}
    ),
    Mutation("setup_pace", stories.tended_setup, {2: {"setup_end": 930}}),
    Mutation(
        "setup_pace",
        stories.tended_setup,
        {2: {"setup_start": 35_500, "setup_end": 86_700, "start": 86_700, "end": 122_000}},
    ),
    # outside
    Mutation("outside_short", stories.outside, {0: {"end": 3 * H - 1}}),
    Mutation("collect", stories.outside, {0: {"start": H - 1}}),
    Mutation("outside_person", stories.outside, {0: {"person": 0}}),
    # materials, tools, places
    Mutation("stock", stories.stock, {1: {"start": 999, "end": 1300}}),
    Mutation("tools", stories.fixture, {1: {"setup_start": 899}}),
    Mutation(
        "place",
        stories.rack,
        {3: {"start": 250, "end": 750}, 1: {"start": 750, "end": 1250}, 5: {"start": 1250, "end": 1750}},
    ),
]


def heavier(story: Story) -> Story:
    return Story(replace(story.problem, machine_batch_milli=freeze([16_999, 16_999], np.int64)), story.rows)
