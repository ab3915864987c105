"""Every figure of the examples says where it comes from, and every word stands in three languages."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from fong.examples.figures import cents, figures, marked, of_day, seconds
from fong.lang import LANGUAGES

NAMES = ("knit", "cnc")
Mark = dict[str, Any]


def is_figure(node: object) -> bool:
    return isinstance(node, int | float | Decimal | time) and not isinstance(node, bool)


def found(
    node: Any, path: tuple[str, ...], mark: Mark | None, marks: dict[str, Any]
) -> Iterator[tuple[str, Any, Mark]]:
    """Every figure below ``node`` with its path and its mark ({} where it has none)."""
    if is_figure(node):
        yield ".".join(path), node, mark or {}
    elif isinstance(node, list):
        for x in node:
            yield from found(x, path, mark, marks)
    elif isinstance(node, dict) and "value" in node:
        yield from found(node["value"], path, node, marks)
    elif isinstance(node, dict):
        for key, x in node.items():
            own = mark or marks.get(path[0] if path else "", {}).get(key)
            yield from found(x, (*path, key), own, marks)


def all_figures(name: str) -> list[tuple[str, Any, Mark]]:
    tree = marked(name)
    marks = tree.pop("marks")
    return list(found(tree, (), None, marks))


def test_the_walk_sees_what_it_must() -> None:
    """A bare figure is found without a mark, also in a row of a table and in a list in it: the test below can fail."""
    tree: Mark = {"a": {"b": 3}, "rows": [{"x": [1, 2], "name": "n", "on": True}], "c": {"value": 4, "assumed": [1, 5]}}
    assert [(p, v, bool(m)) for p, v, m in found(tree, (), None, {"rows": {"y": {"assumed": [0, 1]}}})] == [
        ("a.b", 3, False),
        ("rows.x", 1, False),
        ("rows.x", 2, False),
        ("c", 4, True),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_has_one_mark(name: str) -> None:
    """Each number is either sourced or assumed: none without a mark, none with both."""
    figures_ = all_figures(name)
    assert len(figures_) > 300
    assert [p for p, _, m in figures_ if ("sourced" in m) == ("assumed" in m)] == []


@pytest.mark.parametrize("name", NAMES)
def test_assumed_figures_lie_in_their_range(name: str) -> None:
    """An assumption is a range, and the figure lies in it."""
    outside = [
        (p, v, m["assumed"])
        for p, v, m in all_figures(name)
        if "assumed" in m and not m["assumed"][0] <= v <= m["assumed"][1]
    ]
    assert outside == []


@pytest.mark.parametrize("name", NAMES)
def test_sources_are_named(name: str) -> None:
    """A sourced figure names a source of the file."""
    sources = marked(name)["sources"]
    assert {m["sourced"] for _, _, m in all_figures(name) if "sourced" in m} <= set(sources)


def words(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict) and "en" in node:
        yield path, node
    elif isinstance(node, dict):
        for key, x in node.items():
            yield from words(x, f"{path}.{key}")
    elif isinstance(node, list):
        for x in node:
            yield from words(x, path)


@pytest.mark.parametrize("name", NAMES)
def test_each_word_stands_in_three_languages(name: str) -> None:
    """Names of things, people, customers, colours and sizes exist in all three languages, and none is empty."""
    all_words = list(words(marked(name)))
    assert len(all_words) > 60
    assert [p for p, w in all_words if set(w) != set(LANGUAGES) or not all(w.values())] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stay_apart(name: str, language: str) -> None:
    """In each language the names of one table differ from each other: they are keys."""
    f = figures(name, language)
    tables = {
        "people": [p["name"] for p in f["people"]],
        "skills": list(f["skills"].values()),
        "groups": [e["group"] for e in f["equipment"]] + [g["group"] for g in f.get("gauges", {}).values()],
        "customers": [c["name"] for c in f["customers"].values()],
    }
    assert [t for t, names in tables.items() if len(set(names)) != len(names)] == []


def test_figures_come_plain() -> None:
    """Without marks a figure is its value, a word the word of the language asked for."""
    f = figures("knit", "zh-Hant")
    assert f["zone"] == {"name": "織機區", "machines_per_tender": 30}
    assert f["knitting"]["doff_min"] == Decimal("0.07")
    assert "marks" not in f
    assert "sources" not in f


def test_units() -> None:
    """Minutes become whole seconds, dollars whole cents, clock times seconds after midnight."""
    assert (seconds(Decimal("2.49")), cents(Decimal("1.5")), of_day(time(14, 30))) == (149, 150, 52_200)
