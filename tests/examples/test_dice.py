"""Draws of the examples: the same for ever, and no more random than they must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.examples.dice import Dice, quantities, shares


def test_draws_never_change() -> None:
    """The first draws of seed 1, written down: whoever changes them changes every plan of the examples."""
    dice = Dice(1)
    assert [dice.below(1000) for _ in range(5)] == [127, 86, 885, 778, 689]
    assert Dice(1).shuffled("abcdef") == Dice(1).shuffled("abcdef")
    assert Dice(1).shuffled(range(50)) != Dice(2).shuffled(range(50))


@given(st.integers(0, 2**63), st.lists(st.integers(), max_size=30))
def test_shuffled_keeps_all(seed: int, values: list[int]) -> None:
    """A shuffle loses and adds nothing."""
    assert sorted(Dice(seed).shuffled(values)) == sorted(values)


@given(st.integers(0, 2**63))
def test_part_lies_in_the_unit_interval(seed: int) -> None:
    """A part is at least 0 and less than 1."""
    dice = Dice(seed)
    assert all(0 <= dice.part() < 1 for _ in range(20))


def test_quantities_have_median_and_ends() -> None:
    """Half of the orders lie below the median; none lies beyond the ends."""
    sizes = quantities(60, 52, 1.0, 5, 300)
    assert sizes == sorted(sizes)
    assert (min(sizes), max(sizes), sum(q < 52 for q in sizes)) == (5, 300, 30)


@given(st.integers(0, 5000), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_shares_add_up(total: int, weights: list[int]) -> None:
    """No piece is lost, and no share is off by a whole piece."""
    out = shares(total, weights)
    assert sum(out) == total
    assert all(abs(n - total * w / sum(weights)) < 1 for n, w in zip(out, weights, strict=True))


@pytest.mark.parametrize(("total", "expected"), [(10, [1, 3, 4, 2]), (1, [0, 0, 1, 0]), (0, [0, 0, 0, 0])])
def test_shares_by_largest_remainder(total: int, expected: list[int]) -> None:
    """Rest pieces go to the largest remainders, the first of equals."""
    assert shares(total, [1, 3, 4, 2]) == expected
