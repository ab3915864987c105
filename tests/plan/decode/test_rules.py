"""The dispatch rules' keys by the formulas of their books, and the order in which units are served."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.decode.bench import PLAIN, Bench

from fong.model import NEVER
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.rule import KINDS, Guidance, Rule

pick = PLAIN["pick"]
batch = PLAIN["batch"]


@st.composite
def lots(draw: st.DrawFn) -> dict[str, Any]:
    """A job of two steps, the second after a lag; the first on a machine (maybe a washer) or by hand."""
    washer, hand = draw(st.booleans()), draw(st.booleans())
    return {
        "jobs": [2],
        "machines": 2,
        "modes": [[] if hand else [(0, draw(st.integers(1, 9)))], [(1, draw(st.integers(1, 9)))]],
        "step_cycle_s": [draw(st.integers(1, 9)), 1],
        "step_run_skill": [0, -1],
        "people": 1,
        "skills": [[0]],
        "machine_batch_milli": [50_000 if washer and not hand else 0, 0],
        "op_pieces": [draw(st.integers(1, 5)), draw(st.integers(1, 5))],
        "step_pieces_per_cycle": [draw(st.integers(1, 2)), draw(st.integers(1, 2))],
        "step_lag_s": [draw(st.integers(0, 9)), 0],
        "job_due_s": [draw(st.one_of(st.integers(-5, 60), st.just(NEVER)))],
        "job_weight_milli": [draw(st.sampled_from((0, 500, 1000, 3000)))],
    }


@settings(max_examples=150)
@given(
    lots(),
    st.sampled_from([*sorted(KINDS), "sequence"]),
    st.integers(0, 30),
    st.integers(0, 12),
    st.integers(0, 5),
    st.floats(0.5, 4),
    st.sampled_from((None, 0.0, 1.5, -2.0)),
)
def test_keys(c: dict[str, Any], name: str, t: int, ready: int, setup: int, k: float, told: float | None) -> None:
    """First in first out by ready time; due date, slack, critical ratio, processing time by weight; most work left; ATC and ATCS.

    What is told of a lot: its place in a sequence; e-folds of weight where keys are logarithms or quotients; else mean run times.
    """
    told = 3.25 if name == "sequence" else told
    guidance = None if told is None else Guidance(key=np.full(2, told), machine=np.full(2, -1, np.int32))
    b = Bench(Rule(name=name, k=k, k2=0.7), guidance=guidance, **c)
    b.lot[0, lay.READY] = ready
    b.part("rule")[[lay.R_P, lay.R_SETUP]] = 6.0, 2.5
    batch.fill_logs(b.k)
    more = told or 0.0
    hand, washer = not c["modes"][0], c["machine_batch_milli"][0] > 0
    weight = max(c["job_weight_milli"][0] / 1000, 0.001)
    due = c["job_due_s"][0]
    cycles = [math.ceil(q / p) for q, p in zip(c["op_pieces"], c["step_pieces_per_cycle"], strict=True)]
    cycle = c["step_cycle_s"][0] if hand else c["modes"][0][0][1]
    length = cycle if washer else cycles[0] * cycle
    rest = length + c["step_lag_s"][0] + cycles[1] * c["modes"][1][0][1]
    busy = length + setup + max(0, ready - t)
    key = float(batch.key_of(b.k, 0, -1 if hand else 0, setup, t))
    plain = {
        "sequence": more,
        "fifo": ready - more * 6.0,
        "edd": due / weight - more * 6.0,
        "slack": (due - rest - t) / weight - more * 6.0,
        "cr": (due - t) / rest / weight - more,
        "spt": busy / weight / math.exp(more),
        "mwkr": -rest * weight - more * 6.0,
    }
    if name in plain:
        assert key == pytest.approx(plain[name], rel=1e-9)
        return
    urgency = min(1.0, math.exp(-(due - rest - t) / (k * 6.0)) if due - rest - t < 4000 else 0.0)
    index = math.exp(more) * weight / busy * urgency * (math.exp(-setup / (0.7 * 2.5)) if name == "atcs" else 1.0)
    assert math.exp(-min(key, 700.0)) == pytest.approx(index, rel=1e-6, abs=1e-280)


@given(st.lists(st.tuples(st.sampled_from((-math.inf, 0.0, 1.0, 1.0, 2.5, math.inf)), st.integers(0, 9)), max_size=45))
def test_who_is_served_first(some: list[tuple[float, int]]) -> None:
    """By key, equal ones by number; what was picked goes along."""
    n = len(some)
    b = Bench(jobs=[1], machines=50, modes=[[(0, 1)]])
    units = [(i * 37 + 5) % 50 for i in range(n)]
    rows = [(key, u, lot, u % 7) for (key, lot), u in zip(some, units, strict=True)]
    for name, column in (("order", 0), ("dirty", 1), ("picked", 2), ("picked_at", 3)):
        b.part(name)[:n] = [row[column] for row in rows]
    pick.sort_marked(b.k, n)
    got = zip(*(b.part(name)[:n].tolist() for name in ("order", "dirty", "picked", "picked_at")), strict=True)
    assert list(got) == sorted(rows)


@given(st.integers(-1, 0), st.integers(0, 1), st.integers(0, 2), st.integers(0, 5))
def test_what_is_wanting(tool: int, tools: int, use: int, stock: int) -> None:
    """A tool that is out, or too little material: the lot is told which."""
    b = Bench(
        jobs=[1],
        machines=1,
        modes=[[(0, 1)]],
        op_pieces=[2],
        step_tool=[tool],
        tool_quantity=[tools],
        use_ptr=[0, 1],
        use_item=[0],
        use_micro=[use],
        stock_micro=[stock],
    )
    why = lay.W_TOOL if tool == 0 and tools == 0 else lay.W_MATERIAL if 2 * use > stock else 0
    assert pick.lacks(b.k, 0, 0) == (why > 0)
    assert b.lot[0, lay.WHY] == why


@given(st.sampled_from((*range(13), *[lay.W_BLOCK] * 5)), st.booleans(), st.sampled_from((-1, 5, 9, 400)))
def test_when_it_is_looked_at_again(why: int, zone: bool, check: int) -> None:  # noqa: FBT001
    """For want of what must follow after the step of tries, unless that is due already; for want of tenders with the zone."""
    b = Bench(
        jobs=[1],
        machines=1,
        modes=[[(0, 1)]],
        machine_zone=[0 if zone else -1],
        zones=1,
        people=0,
        tenders=[[]],
    )
    b.unit[0, lay.U_CHECK] = check
    pick.asked(b.k, 0, why, 9)
    again = why == lay.W_BLOCK and check <= 9
    assert b.events() == ([(9 + lay.TRY_S, lay.E_CHECK, 0)] if again else [])
    assert b.unit[0, lay.U_CHECK] == (9 + lay.TRY_S if again else check)
    assert b.zone[0, lay.Z_ASKED] == int(zone and why in {lay.W_LIMIT, lay.W_DARK, lay.W_LOSS})
