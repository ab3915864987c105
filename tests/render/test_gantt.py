"""The Gantt page as a text: what it may do, what it weighs, that nothing gets out of its place."""

import base64
import hashlib
import importlib.util
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import plan, problem
from tests.render.plans import small_view

from fong.lang import LANGUAGES
from fong.render import PlanView, gantt_page, view_of
from fong.render.packing import packed

ROOT = Path(__file__).resolve().parents[2]


def benchmark() -> ModuleType:
    """The benchmark's own file, for its synthetic plan."""
    spec = importlib.util.spec_from_file_location("bench_gantt", ROOT / "benchmarks" / "gantt.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parts(html: str) -> tuple[str, str, str, str]:
    """Policy, style, data, script."""
    found = re.fullmatch(
        r'.*?http-equiv="Content-Security-Policy" content="([^"]*)".*?<style>(.*?)</style>'
        r'.*?<script type="application/json" id="plan">(.*?)</script>\s*<script>(.*?)</script>.*',
        html,
        re.DOTALL,
    )
    assert found
    return found.group(1), found.group(2), found.group(3), found.group(4)


def test_policy_allows_only_its_own_script_and_style(view: PlanView) -> None:
    """Nothing is allowed but the one script and the one style, by their hashes."""
    policy, style, _, script = parts(gantt_page(view, "en"))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for name, content in (("style-src", style), ("script-src", script)):
        assert rules.pop(name) == f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
    assert rules == {
        "default-src": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_page_needs_nothing_else(view: PlanView) -> None:
    """No address, no handler or style within the markup: the policy would refuse them."""
    html = gantt_page(view, "en")
    _, _, data, script = parts(html)
    markup = html.replace(data, "").replace(script, "")
    assert not re.search(r"https?://|src=|href=|\son\w+=|style=", markup)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_opens_in_its_language_and_holds_all_three(view: PlanView, language: str) -> None:
    """The page begins in the language asked for; all texts are in it."""
    html = gantt_page(view, language)
    data = json.loads(parts(html)[2])
    assert f'<html lang="{language}"' in html
    assert data["language"] == language
    assert set(data["words"]) == set(data["templates"]) == set(LANGUAGES)


NAMES = st.text(max_size=20) | st.sampled_from(
    ["</script><script>alert(1)</script>", "<!--", "<script", "]]>", "\u2028", "&lt;", '"', "\ud800", "$title", "{x}"]
)


@given(name=NAMES, title=NAMES)
def test_no_name_leaves_its_place(name: str, title: str) -> None:
    """Whatever a name holds, the page keeps its parts, its policy holds, and the name arrives as it is."""
    html = gantt_page(small_view(orders=((name, 1), ("b", 1), ("c", 1), ("d", 1)), title=title), "en")
    html.encode()
    policy, _, data, script = parts(html)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy
    assert "<" not in data
    assert json.loads(data)["orders"][0][0] == name.encode("utf-8", "replace").decode()
    assert html.count("<script") == 2


def test_same_plan_same_page(view: PlanView) -> None:
    """Nothing of the page depends on when or where it was made."""
    assert gantt_page(view, "en") == gantt_page(small_view(), "en")


def test_empty_page_is_light() -> None:
    """Without a plan the page weighs at most 100 kB."""
    empty = view_of(problem(jobs=[], machines=0), plan([]), title="")
    assert len(gantt_page(empty, "en").encode()) <= 100_000


def test_ten_thousand_bars_weigh_little() -> None:
    """10,000 bars with names and late orders: at most 1.5 MB."""
    view = benchmark().synthetic(10_000, 40, 1, datetime(2026, 3, 4, tzinfo=UTC))
    assert len(view.bars) == 10_000
    assert len(view.late()) > 5
    assert len(gantt_page(view, "en").encode()) <= 1_500_000


def test_constant_columns_are_one_number(view: PlanView) -> None:
    """A column that says the same everywhere is sent as one number."""
    sent = json.loads(packed(view, "en"))["bars"]
    assert sent["sublot"] == 0
    assert len(sent["start"]) == len(view.bars)


def test_undated_plan_has_no_clock() -> None:
    """A benchmark's page says that it has no dates."""
    data = json.loads(packed(small_view(epoch=None), "en"))
    assert (data["epoch"], data["offsets"], data["zone"]) == (None, [], "")


def test_unknown_message_is_a_bug() -> None:
    """A message that no catalogue knows is not passed over."""
    from fong.model import message

    broken = view_of(problem(jobs=[], machines=0), plan([]), title="", summary=(message("render.nonsense"),))
    with pytest.raises(KeyError):
        gantt_page(broken, "en")
