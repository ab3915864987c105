"""The comparison page: self-contained, safe, the same figures in three languages."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fong.lang import LANGUAGES
from fong.model.comparison import Comparison, OrderFlow, Quantile, StartOrder, StepLoad, WeekLoad
from fong.model.message import message
from fong.render.comparison import comparison_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOUR = 3600
EVIL = "<script>alert(1)</script>&\"'"


def flow(number: int, *, known: bool) -> OrderFlow:
    return OrderFlow(
        order=f"O{number}",
        item=EVIL,
        planned_s=number * 5 * HOUR,
        happened_s=number * 20 * HOUR,
        worked_s=2 * HOUR,
        route_known=known,
    )


def comparison(flows: int = 6) -> Comparison:
    """A small one; names as bad as names can be."""
    monday = date(2026, 1, 5)
    return Comparison(
        at=datetime.fromisoformat("2026-01-05T08:00"),
        objective="flow_time",
        status="feasible",
        known=12,
        rest=flows,
        running=2,
        new_routes=1,
        new_routes_of_item=3,
        flows=tuple(flow(i, known=i % 2 == 0) for i in range(1, flows + 1)),
        quantiles=(Quantile(share=0.5, planned_s=17 * HOUR, happened_s=70 * HOUR),) if flows else (),
        flow_tau=-0.25 if flows else None,
        machines=(
            StartOrder(name=EVIL, planned=4, happened=5, common=3, tau=1.0),
            StartOrder(name="M2", planned=1, happened=0, common=0, tau=None),
        ),
        steps=(StartOrder(name="Mill", planned=6, happened=6, common=6, tau=-1.0),),
        weeks=tuple(
            WeekLoad(
                monday=monday + timedelta(weeks=i),
                planned_s=i * 30 * HOUR,
                happened_s=41 * HOUR,
                running_planned_s=0,
                running_happened_s=HOUR,
            )
            for i in range(3)
        ),
        step_loads=(StepLoad(step="Mill", planned_s=90 * HOUR, happened_s=123 * HOUR),),
        same_machine=2,
        machine_tasks=4,
        cut_off=flows // 2,
        statements=(message("learn.compare_blind"),),
    )


class Outline(HTMLParser):
    """Tags, and attributes that could fetch or run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.risky: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.risky += [a for a in attrs if a[0] in {"src", "href", "style", "srcset"} or a[0].startswith("on")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flows", [0, 1, 6])
def test_page_holds_all_it_needs(language: str, flows: int) -> None:
    """One style under its own hash, no script, nothing fetched, no inline style; also with nothing to compare."""
    page = comparison_page(comparison(flows), EVIL, language)
    outline = Outline(page)
    assert outline.risky == []
    assert "script" not in outline.tags
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'")
    assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert f'<html lang="{language}">' in page


def test_the_figures_are_on_the_page() -> None:
    """Sentence of truth, every order, taus, weeks: the reader needs no picture."""
    page = comparison_page(comparison(), "log", "en")
    assert "Half of the 6 orders flow through the plan in 17 h or less; in reality it was 2 d 22 h." in page
    assert all(f'<th scope="row">O{i}</th>' in page for i in range(1, 7))
    assert page.count("<circle") == page.count('class="point new"') == 3
    assert "1 of 6 have a route that no earlier order had; 3 of 6" in page
    assert "The log ends before 3 of 6 do" in page
    assert "−1.00" in page
    assert '<th scope="row">2026-01-12</th><td>30</td><td>41</td><td>0</td><td>1</td>' in page


@pytest.mark.parametrize(
    "objective", ["makespan", "tardiness", "weighted_tardiness", "late_orders", "late_cost", "flow_time"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_objective_has_a_name(objective: str, language: str) -> None:
    """In words, never the code's own name."""
    page = comparison_page(replace(comparison(), objective=objective), "log", language)
    assert objective not in page


@pytest.mark.page
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_page_in_a_browser(
    page: "Page", axe_faults: "Callable[[Page], list[str]]", tmp_path: Path, language: str, width: int
) -> None:
    """It opens from a file under its own policy, fits the screen, and axe finds nothing."""
    file = tmp_path / "comparison.html"
    file.write_text(comparison_page(comparison(), EVIL, language), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('.brand b')).display") == "grid"
    page.locator("summary").click()
    assert page.get_by_role("rowheader", name="O6").is_visible()
    assert axe_faults(page) == []
