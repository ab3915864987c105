"""Which problems the graph can express: each rule beyond it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import problem
from tests.plan.graph.served import problems

from fong.model import NEVER, Problem
from fong.model.objective import OBJECTIVES
from fong.plan.graph import serves

PLAIN: dict[str, Any] = {"jobs": [2, 1], "machines": 2, "modes": [[(0, 3)], [(0, 2), (1, 4)], [(1, 5)]]}

BEYOND: dict[str, dict[str, Any]] = {
    "calendar": {"calendars": [[(0, 9)]], "machine_calendar": [0, -1]},
    "zone": {"machine_zone": [0, -1], "zones": 1},
    "slots": {"machine_slots": [1, 2]},
    "batch": {"machine_batch_milli": [0, 2000]},
    "setter": {"step_setup_skill": [-1, 0, -1]},
    "runner": {"step_run_skill": [0, -1, -1]},
    "box": {"step_box": [0, 1, 0]},
    "longest wait": {"step_max_wait_s": [NEVER, 5, NEVER]},
    "split": {"step_split_over": [1, 2, 1]},
    "sub-lots": {"step_max_lot": [0, 1, 0]},
    "outside": {"step_outside_s": [-1, -1, 9]},
    "tool": {"step_tool": [-1, 0, -1], "tool_quantity": [1]},
    "place": {"step_place": [0, -1, -1], "place_lots": [1]},
    "variant": {"op_variant": [0, 1, 0]},
    "same machine": {"op_same": [0, 0, -1]},
    "work in progress": {"wip_op": [0], "wip_machine": [0], "wip_start_s": [-2], "wip_end_s": [3]},
    "material": {"use_ptr": [0, 1, 1, 1], "use_item": [0], "use_micro": [1]},
    "nothing to start": {"op_pieces": [0, 1, 1]},
    "handwork": {"modes": [[], [(0, 2)], [(1, 5)]]},
    "a machine twice": {"modes": [[(0, 3), (0, 2)], [(0, 2)], [(1, 5)]]},
    "too long": {"modes": [[(0, 2**29)], [(0, 2)], [(1, 5)]]},
    "set-ups without work between": {"modes": [[(0, 0, 1)], [(0, 2, 0)], [(1, 5, 0)]]},
    "weights without end": {"job_weight_milli": [2**40, 1]},
}

SILENT: dict[str, Any] = {
    "machine_calendar": [-1, -1], "machine_slots": [1, 1], "step_box": [0] * 3, "step_max_wait_s": [NEVER] * 3, "op_variant": [0] * 3,
    "step_split_over": [1] * 3, "step_run_skill": [-1] * 3, "op_same": [-1] * 3, "use_ptr": [0] * 4,
}  # fmt: skip


@given(problems(), st.sampled_from(OBJECTIVES))
def test_serves_what_the_graph_knows(p: Problem, objective: str) -> None:
    """Modes, lags, joins, lots, set-ups, releases, dates and weights are served for all objectives."""
    assert serves(p, objective)


@pytest.mark.parametrize("rule", BEYOND)
def test_refuses_each_rule_beyond_it(rule: str) -> None:
    """One column that says something which the graph does not know is enough."""
    assert serves(problem(**PLAIN), "makespan")
    assert not serves(problem(**PLAIN | BEYOND[rule]), "makespan")


def test_a_column_that_says_nothing_is_no_rule() -> None:
    """What is there but always has its default does not matter."""
    assert serves(problem(**PLAIN | SILENT), "tardiness")


def test_refuses_nothing_and_no_objective() -> None:
    """A problem without operations, and an objective that does not exist."""
    assert not serves(problem(jobs=[], machines=1), "makespan")
    assert not serves(problem(**PLAIN), "beauty")


def test_refuses_sums_over_too_many_jobs() -> None:
    """The table of tails by job must fit into memory; the makespan needs none."""
    many = problem(jobs=[1] * 2500, machines=1, modes=[[(0, 1)]] * 2500)
    assert serves(many, "makespan")
    assert not serves(many, "flow_time")
