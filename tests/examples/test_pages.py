"""The pages of the examples show what the examples are: their tables are computed here again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fong.examples.figures import marked
from fong.model import Workshop
from fong.model.zones import exact_wait

DOCS = Path(__file__).resolve().parents[2] / "docs"


def block(page: str, name: str) -> str:
    """The text between two marks of a page."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", (DOCS / page).read_text("utf-8"), re.DOTALL)
    assert found, f"{page} has no block {name}"
    return found.group(1).strip()


@pytest.mark.parametrize(("example", "variant"), [("knit", "A"), ("cnc", "A")])
def test_load_tables(example: str, variant: str, loads: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    """The load table of a page is that of the workshop with seed 1."""
    workshop: Workshop = request.getfixturevalue(f"{example}_1")
    assert block(f"examples/{example}.md", "load") == loads(workshop, variant).table()


def test_tending_table(knit_1: Workshop) -> None:
    """The figures of machine interference are those of the flat machines at 40 minutes a garment."""
    step = next(s for s in knit_1.factory.routing if s.stops_per_hour and s.sequence == 20)
    garments = step.unattended_cycles + 1
    run = 40 * 60.0 * garments
    service = step.attend_s + 0.2 * step.stop_s * garments
    rows = []
    for k in (10, 30, 50, 60, 80):
        zone = exact_wait(1, [run] * k, [service] * k, [float(step.service_cv)] * k)
        made = k * garments * 3600 / (run + service + zone.wait_s)
        rows.append(f"| {k} | {made:.1f} | {zone.use:.0%} | {zone.wait_s:,.0f} |")
    assert block("concepts/zones.md", "tending").splitlines()[2:] == rows


def test_every_source_is_on_its_page() -> None:
    """A page cites the sources of its example."""
    for example in ("knit", "cnc"):
        page = (DOCS / "examples" / f"{example}.md").read_text("utf-8")
        for source in marked(example)["sources"].values():
            address = re.search(r"https://[^\s:]+|Int\. J\. [A-Za-z ]+ \d+|Ta Kung Pao", source)
            assert address, source
            assert address.group(0) in page, source


@pytest.mark.parametrize("page", sorted(p.relative_to(DOCS) for p in DOCS.rglob("*.md")), ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """Links and pictures of a page that stay within the docs exist."""
    text = (DOCS / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link]
    assert [link for link in links if not ((DOCS / page).parent / link).exists()] == []


@pytest.mark.parametrize("example", ["knit", "cnc"])
def test_orders_named_on_a_page_exist(example: str, request: pytest.FixtureRequest) -> None:
    """Each order number that a page names is one of seed 1."""
    workshop: Workshop = request.getfixturevalue(f"{example}_1")
    page = (DOCS / "examples" / f"{example}.md").read_text("utf-8")
    assert set(re.findall(r"order (\d{4})\b", page)) <= {o.order for o in workshop.orders}
