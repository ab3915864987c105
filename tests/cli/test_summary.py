"""What `fong plan` says when it is done, line by line."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.render.plans import small_view

from fong.cli.speaking import Voice
from fong.cli.summary import late_lines, summary
from fong.workshop import planning
from fong.workshop.loading import Ask


def test_each_late_order_is_told_once() -> None:
    """By its worst line, with how many more are late; no order is hidden by the many lines of another."""
    view = small_view()
    first, second, *rest = view.orders
    many = tuple(replace(second, label=f"1001/{n}", line=n, due_s=0) for n in range(2, 15))
    lines = late_lines(replace(view, orders=(first, *many, *rest)), Voice("en"))
    heads = [line for line in lines if line.startswith("  ") and line[2] != " "]
    assert lines[1] == "Late orders: 2 (15 lines)"
    assert len(heads) == 2
    assert heads[0].startswith("  1001/1: 2 h late")
    assert heads[0].endswith(" (+13 lines)")
    assert heads[1].startswith("  1002: ")
    assert not heads[1].endswith("lines)")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "12 jobs + 1 under way for 4 order lines"),
        ("zh-Hant", "12 項工作，另有 1 項進行中"),
        ("zh-Hans", "12 项作业，另有 1 项进行中"),
    ],
)
def test_what_is_under_way_is_no_job_of_the_plan(shop: Path, language: str, said: str) -> None:
    """The plan's tasks are counted, as `--json` and `check --plan` count them, and work in progress beside them."""
    planned = planning.plan(Ask(source=str(shop), language=language))
    assert said in summary(planned, small_view(), Voice(language))
