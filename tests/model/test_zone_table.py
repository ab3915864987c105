"""The zone table against its slow twin: the formula, the table made of it, and the pooled figures of a zone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.naive import zones as naive

from fong._kernels import freeze
from fong.model import _kernels as kernels
from fong.model.zones import wait_table

TENDERS, TASKS = 3, 7
GRID, TABLE = wait_table(TENDERS, TASKS, (0.01, 1.0), (0.0, 2.0))

tenders = st.integers(1, TENDERS)
tasks = st.integers(1, TASKS)
loads = st.floats(0.01, 1.0)
spreads = st.sampled_from((0.0, 1e-12)) | st.floats(0.001, 2.0)


def twin(r: int, k: int, rho: float, c2: float) -> float:
    """Mean wait of a call in mean runs, by the plain sums."""
    if k <= r:
        return 0.0
    if r == 1:
        return 1 / naive.one_tender(k, rho, c2) - 1 - rho

    def one(x: float) -> float:
        return 1 / naive.one_tender(k, rho / r, x) - 1 - rho / r

    return (1 / naive.many_tenders(k, r, rho) - 1 - rho) * one(c2) / one(1.0)


@given(tenders, tasks, loads, spreads)
def test_the_formula_is_that_of_the_slow_twin(r: int, k: int, rho: float, c2: float) -> None:
    """Takács for one tender, the corrected M/M/R for several."""
    assert kernels.relative_wait(r, k, rho, c2) == pytest.approx(twin(r, k, rho, c2), rel=1e-6, abs=1e-9)


@given(st.integers(1, 4), st.integers(1, 9), st.floats(0.005, 1.5), spreads)
def test_the_table_is_as_near_as_it_promises(r: int, k: int, rho: float, c2: float) -> None:
    """Within 0.1 % of the formula on its grid, and the formula itself beyond its edges."""
    f = kernels.table_wait(GRID, TABLE, r, k, rho, c2)
    assert f == pytest.approx(twin(r, k, rho, c2), rel=1e-3, abs=1e-7)


calls = st.tuples(st.floats(10, 5000), st.floats(1, 300), st.floats(0, 1.5))


@given(tenders, st.lists(calls, min_size=1, max_size=TASKS))
def test_wait_and_use_of_pooled_calls(r: int, drawn: list[tuple[float, float, float]]) -> None:
    """Wait in ms and use in millionths, of tasks that call at different rates, within the table's promise."""
    running = [naive.Task(0, 1, run_s=run, serve_s=service, cv=cv) for run, service, cv in drawn]
    rate = sum(1 / t.run_s for t in running)
    load = sum(t.serve_s / t.run_s for t in running)
    square = sum(t.serve_s**2 * (1 + t.cv**2) / t.run_s for t in running)
    wait_ms, use = kernels.zone_wait(GRID, TABLE, r, len(running), rate, load, square)
    wait_s, share = naive.waits(running, r)
    assert wait_ms == pytest.approx(wait_s * 1000, rel=1e-3, abs=100)
    assert use == pytest.approx(min(share, 0.999) * 1e6, rel=1e-3, abs=2)


def test_nobody_waits_for_nothing() -> None:
    """No calls, or calls that take no time."""
    assert kernels.zone_wait(GRID, TABLE, 1, 0, 0.0, 0.0, 0.0) == (0, 0)
    assert kernels.zone_wait(GRID, TABLE, 1, 3, 0.1, 0.0, 0.0) == (0, 0)


def test_nodes_hold_the_formula() -> None:
    """Each number of the table is ln f at its node, in the order R, k, ρ, c²."""
    grid = freeze([2, 3, math.log(0.2), 0.5, 2, 0.0, 0.25, 2], float)
    table = freeze([0.0] * 16, float).copy()
    kernels.fill_waits(grid, table)
    nodes = [(r, k, i, j) for r in (1, 2) for k in (2, 3) for i in (0, 1) for j in (0, 1)]
    for value, (r, k, i, j) in zip(table.tolist(), nodes, strict=True):
        f = twin(r, k, 0.2 * math.exp(0.5 * i), math.expm1(0.25 * j))
        assert value == pytest.approx(math.log(f) if f > 0 else -700.0, rel=1e-6)
