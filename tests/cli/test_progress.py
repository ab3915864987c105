"""What the progress bar says of the best plan so far."""

import pytest

from fong.cli.planning import amount_of
from fong.cli.speaking import Voice
from fong.workshop.loading import Ask


@pytest.mark.parametrize(
    ("source", "objective", "words"),
    [
        ("knit", None, "weighted tardiness 1 d 1 h"),
        ("my.xlsx", "late_orders", "late orders 90000"),
        ("my.XLSX", "makespan", "makespan 1 d 1 h"),
    ],
)
def test_the_best_value_has_its_unit(source: str, objective: str | None, words: str) -> None:
    """Seconds are told as days and hours, counts as they are, as in the summary below."""
    amount = amount_of(Ask(source=source, objective=objective), Voice("en"))
    assert amount is not None
    assert amount(90_000) == words


def test_a_benchmark_has_no_unit() -> None:
    """What may be a bare instance is not told in hours that it does not have."""
    assert amount_of(Ask(source="ft06.jsp"), Voice("en")) is None
