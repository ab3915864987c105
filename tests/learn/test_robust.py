"""Figures: unmoved by slips of the pen, true to the sum otherwise, drawn together where there are few."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.learn.robust import effects, line, location, ratio, shrunk, spread

values = st.lists(st.floats(1, 1000), min_size=1, max_size=30)


@given(values, st.floats(0.1, 50))
def test_location_moves_with_its_unit(given: list[float], unit: float) -> None:
    """Minutes or seconds: the same figure; and it lies among the values."""
    assert location([v * unit for v in given]) == pytest.approx(location(given) * unit)
    assert min(given) - 1e-9 <= location(given) <= max(given) + 1e-9


def test_location_is_the_mean_where_nothing_is_odd() -> None:
    """So that hours add up."""
    assert location([10, 11, 12, 13, 16]) == pytest.approx(12.4)


def test_location_forgets_a_slip() -> None:
    """One value a thousand times too large moves it by nothing, also among equals."""
    assert location([10, 11, 12, 13, 12_000]) == pytest.approx(11.5)
    assert location([10, 10, 10, 10, 10, 10, 10, 10, 9000]) == pytest.approx(10)


def test_ratio_is_sum_over_sum_without_slips() -> None:
    """100 s a piece, and one lot whose clock ran over the weekend."""
    assert ratio([1000, 2050, 3000, 980, 200_000], [10, 20, 30, 10, 10]) == pytest.approx(7030 / 70)


def test_spread_of_a_normal_sample() -> None:
    """The deviation is near the true one, slips or not."""
    sample = np.random.default_rng(3).normal(50, 4, 400).tolist()
    assert spread([*sample, 1e6, 1e6]) == pytest.approx(4, rel=0.1)


def test_line_finds_fixed_part_and_slope() -> None:
    """Half an hour and two minutes a piece, through a slip."""
    pieces = [10.0, 20, 30, 40, 50, 60]
    times = [1800 + 120 * q for q in pieces]
    times[2] = 99_999
    assert line(times, pieces) == pytest.approx((1800, 120))


@given(st.lists(st.tuples(st.floats(0, 1e5), st.integers(1, 99)), min_size=1, max_size=12))
def test_line_is_never_negative(lots: list[tuple[float, int]]) -> None:
    """Neither part, whatever the lots."""
    fixed, slope = line([t for t, _ in lots], [float(q) for _, q in lots])
    assert fixed >= 0
    assert slope >= 0


def test_few_samples_lean_on_the_whole() -> None:
    """Among noisy groups one sample is drawn further to the middle than forty; alike groups keep less than half of their luck."""
    rng = np.random.default_rng(5)
    groups = {f"g{i}": (rng.normal(0, 1) + rng.normal(0, 1, 40)).tolist() for i in range(12)} | {"one": [2.0]}
    out = shrunk(groups)
    assert abs(out["one"]) < 0.7 * 2.0
    assert all(abs(out[f"g{i}"]) > 0.9 * abs(float(np.median(groups[f"g{i}"]))) for i in range(12))
    alike = {f"g{i}": rng.normal(0, 1, 10).tolist() for i in range(40)}
    assert max(abs(v) for v in shrunk(alike).values()) < 0.5 * max(abs(float(np.median(v))) for v in alike.values())


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.floats(-50, 50), min_size=1, max_size=6), min_size=1))
def test_shrinking_never_overshoots(groups: dict[str, list[float]]) -> None:
    """Each lies between 0 and its own median."""
    for name, value in shrunk(groups).items():
        own = float(np.median(groups[name]))
        assert min(0.0, own) - 1e-9 <= value <= max(0.0, own) + 1e-9


def test_groups_of_one_have_no_effect() -> None:
    """Nothing tells noise from difference."""
    assert shrunk({"a": [3.0], "b": [-3.0]}) == {"a": 0.0, "b": 0.0}


def test_effects_part_item_from_machine() -> None:
    """Items take 100 or 200, the slow machine a quarter more: found on the log scale within 3 %."""
    rng = np.random.default_rng(7)
    items = [("a", "b")[int(i)] for i in rng.integers(2, size=400)]
    machines = [("fast", "slow")[int(i)] for i in rng.integers(2, size=400)]
    true = [
        math.log({"a": 100, "b": 200}[i] * {"fast": 1, "slow": 1.25}[m]) for i, m in zip(items, machines, strict=True)
    ]
    fit = effects([t + rng.normal(0, 0.1) for t in true], items, machines)
    for item, machine, t in zip(items, machines, true, strict=True):
        assert fit.at(item, machine) == pytest.approx(t, abs=0.03)
