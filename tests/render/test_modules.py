"""The page's modules: their own tests under Node, how they are joined, and that they say what the package says."""

import json
import re
import subprocess
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.conftest import JS, Ask
from tests.render.plans import small_view

from fong.lang import LANGUAGES, duration, moment, text
from fong.model import message
from fong.render.gantt import MODULES, asset, joined_script, style_sheet
from fong.render.packing import packed
from fong.render.phrases import Phrases, page_words

PAGE = Path(__file__).resolve().parents[2] / "src" / "fong" / "render" / "page"
may_skip = pytest.mark.may_skip("Node is not needed to use Fong, only to test the page's modules apart from a browser")
SETTINGS = st.tuples(st.integers(-50_000, 50_000), st.integers(1, 5000), st.integers(50, 2000))


@may_skip
def test_modules_pass_their_own_tests(node: str) -> None:
    """`node --test` is content with the pure modules."""
    done = subprocess.run(
        [node, "--test", *map(str, sorted(JS.glob("*.test.mjs")))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


# How they are joined.


def test_every_module_is_joined() -> None:
    """No module is forgotten, and each stands before those that use it at once."""
    assert {f"{name}.mjs" for name in MODULES} == {file.name for file in PAGE.glob("*.mjs")}


def test_joined_script_has_no_imports() -> None:
    """A page opened from a file may not import: what is joined has none, and asks for nothing."""
    script = joined_script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert not re.search(r"fetch\(|XMLHttpRequest|importScripts|eval\(|innerHTML|https?:", script)
    assert "</script" not in script
    assert "//" not in script  # a remark that stayed would swallow what is joined to its line


def test_module_names_do_not_meet() -> None:
    """Joined, all modules share one scope: no top name stands twice."""
    names = [
        name
        for module in MODULES
        for found in re.findall(
            r"^(?:export )?(?:const|let|class|function) (?:\[([^\]]+)\]|(\w+|\$))", asset(f"{module}.mjs"), re.MULTILINE
        )
        for name in re.split(r",\s*", "".join(found))
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_scripts_and_styles_stay_small() -> None:
    """Joined: at most 60 kB of script, 25 kB of style; a module stays within 250 lines."""
    assert len(joined_script().encode()) <= 60_000
    assert len(style_sheet("tokens.css", "page.css").encode()) <= 25_000
    assert max(len(asset(f"{name}.mjs").splitlines()) for name in MODULES) <= 250


def test_no_text_spans_lines() -> None:
    """Indents are taken off when the modules are joined, so no template may run over the end of a line."""
    for name in MODULES:
        assert all(line.count("`") % 2 == 0 for line in asset(f"{name}.mjs").splitlines()), name


def test_every_text_of_the_page_is_known() -> None:
    """What the page asks for is in the catalogue, and what the catalogue holds is asked for."""
    sources = "".join(asset(f"{name}.mjs") for name in MODULES)
    html = asset("page.html")
    asked = set(re.findall(r'data-(?:t|label)="(\w+)"', html)) | set(re.findall(r"word_(\w+)", html))
    asked |= set(re.findall(r'(?:text|names)\("(\w+)"', sources)) | set(re.findall(r'"([a-z_]{3,})"', sources))
    asked |= set(re.findall(r"texts\[this\.language\]\.(\w+)", sources))
    asked |= {f"column_{name}" for name in re.findall(r'"(\w+)"', re.findall(r"COLUMNS = \[(.*?)\]", sources)[0])}
    # Named as keys of an object.
    asked |= {"customer", "due", "weight", "machine", "hand", "outside"}
    assert set(page_words()["en"]) - asked == set()
    assert set(re.findall(r'data-(?:t|label)="(\w+)"', html)) <= set(page_words()["en"])
    assert set(re.findall(r'\.text\("(\w+)"', sources)) <= set(page_words()["en"])


# What they say.


@may_skip
@given(seconds=st.integers(-(10**8), 10**8), language=st.sampled_from(LANGUAGES))
def test_lengths_of_time_are_the_packages_own(ask: Ask, seconds: int, language: str) -> None:
    """The page and the package say a length of time alike."""
    assert ask("duration", page_words(), language, seconds) == duration(seconds, language)


@may_skip
@given(when=st.datetimes(), with_time=st.booleans())
@pytest.mark.parametrize("language", LANGUAGES)
def test_moments_are_the_packages_own(ask: Ask, language: str, when: datetime, with_time: bool) -> None:  # noqa: FBT001
    """The page and the package say a moment alike."""
    local = int(when.replace(tzinfo=UTC, microsecond=0).timestamp())
    assert ask("moments", page_words(), language, local, with_time) == moment(when, language, with_time=with_time)


MESSAGES = st.one_of(
    st.builds(lambda n: message("render.page.waits", wait_s=n), st.integers(0, 10**7)),
    st.builds(lambda n: message("render.page.n_pieces", n=n), st.integers(0, 3)),
    st.builds(lambda s: message("render.page.not_found", text=s), st.text()),
    st.builds(lambda s: message("render.page.times_in", zone=s), st.text()),
    st.builds(lambda t: message("render.tonight.next", at=t), st.datetimes()),
    st.builds(lambda x: message("render.page.times_in", zone=x), st.floats(allow_nan=False) | st.integers()),
)


@may_skip
@given(said=st.lists(MESSAGES, min_size=1, max_size=4))
@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_the_packages_own(ask: Ask, language: str, said: list[object]) -> None:
    """A message that was sent to the page becomes the sentence that the package makes of it."""
    phrases = Phrases()
    sent = [phrases.send(m) for m in said]  # type: ignore[arg-type]
    templates = phrases.templates()
    for m, one in zip(said, sent, strict=True):
        wanted = text(m.code, m.params, language)  # type: ignore[attr-defined]
        # A lone surrogate cannot pass through a pipe as it is; the page's own text is mended in the end as well.
        assert ask("message", page_words(), templates, language, one) == wanted


# What they make of a view.


@may_skip
def test_columns_arrive_as_they_were(ask: Ask) -> None:
    """Packed and unpacked, every column of bars and standing is as in the view."""
    view = small_view()
    model = ask("decode", json.loads(packed(view, "en")))
    bars, sent = view.bars, model["bars"]
    for name in ("start", "end", "order", "row", "person", "pieces", "sublot", "batch", "step", "tended", "operation"):
        assert sent[name] == getattr(bars, name).tolist(), name
    assert sent["until"] == bars.held_until.tolist()
    assert sent["wait"] == bars.wait_s.tolist()
    begin = np.where(bars.setup_start >= 0, bars.setup_start, bars.start)
    assert sent["begin"] == begin.tolist()
    assert sent["ready"] == np.where(bars.setup_start >= 0, bars.setup_end, bars.start).tolist()
    for name in ("bar", "begin", "end", "why"):
        assert model["stand"][name] == getattr(view.standing, name).tolist(), name


@may_skip
@pytest.mark.parametrize("shown", ["machine", "person", "zone", "order"])
def test_lanes_hold_everything_once_and_apart(ask: Ask, shown: str) -> None:
    """In each view pieces of a lane follow each other without overlap, and every bar is there."""
    view = small_view()
    laid = ask("layout", json.loads(packed(view, "en")), shown)
    tops = [row["top"] for row in laid["rows"]]
    assert tops == sorted(tops)
    seen = set()
    for row in laid["rows"]:
        for lane in row["lanes"]:
            assert all(a <= b for a, b in zip(lane["to"], lane["from"][1:], strict=False))
            assert all(a < b for a, b in zip(lane["from"], lane["to"], strict=True))
            seen |= set(lane["bar"])
    held = {i for i in range(len(view.bars)) if view.bars.person[i] >= 0 or view.bars.setup_person[i] >= 0}
    assert seen == (held if shown == "person" else set(range(len(view.bars))))


ITEMS = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30)), max_size=30)


@may_skip
@given(items=ITEMS)
def test_lanes_are_as_few_as_can_be(ask: Ask, items: list[tuple[int, int]]) -> None:
    """As many lanes as items overlap at most, and none overlap in one."""
    given_ = sorted(({"from": a, "to": a + n} for a, n in items), key=lambda i: i["from"])
    count, laid = ask("lanes", given_)
    most = max((sum(i["from"] <= t < i["to"] for i in given_) for t in range(131)), default=1)
    assert count == max(1, most)
    for lane in range(count):
        mine = [i for i in laid if i["lane"] == lane]
        assert all(a["to"] <= b["from"] for a, b in pairwise(mine))


@may_skip
@given(settings=SETTINGS, x=st.floats(0, 1), factor=st.floats(0.1, 10), end=st.integers(1, 10**6))
def test_zooming_stays_in_bounds(ask: Ask, settings: tuple[int, int, int], x: float, factor: float, end: int) -> None:
    """Whatever was shown: after a zoom the plan is in sight, closer or further, and never finer than a second a pixel."""
    t0, per, width = settings
    shown = ask("panned", {"t0": t0, "per": per, "width": width}, 0, 0, end)
    after = ask("zoomed", shown, x * width, factor, 0, end)
    assert after["width"] == width
    assert after["per"] >= 1
    assert after["per"] * width <= max(1.08 * end, width) * 1.001
    seen = after["per"] * width
    assert after["t0"] < end
    assert after["t0"] + seen > 0
    if factor >= 1:
        assert after["per"] <= shown["per"] + 1e-9


# Hong Kong; London around both changes of its clocks.
CLOCKS = [
    (1772589600, [[-(10**7), 28_800]]),
    (1774742400, [[-(10**7), 0], [3600, 3600]]),
    (1792886400, [[-(10**7), 3600], [3600, 0]]),
]


@may_skip
@given(t=st.integers(-200_000, 200_000), per=st.floats(1, 60_000), width=st.integers(50, 2000))
@pytest.mark.parametrize("clock", CLOCKS)
def test_marks_lie_where_the_wall_says(
    ask: Ask, clock: tuple[int, list[list[int]]], t: int, per: float, width: int
) -> None:
    """Each mark's moment shows its own wall time; marks go up; day marks are midnights."""
    epoch, offsets = clock
    made = ask("marks", {"t0": t, "per": per, "width": width}, epoch, offsets)
    for mark in made["minor"] + made["major"]:
        assert ask("local", epoch, offsets, mark["t"]) == mark["local"]
        assert mark["kind"] == "hour" or mark["local"] % 86_400 == 0
    for marks in (made["minor"], made["major"]):
        times = [mark["t"] for mark in marks]
        assert times == sorted(set(times))


@may_skip
@given(local=st.integers(1774742400 - 10**5, 1774742400 + 10**5))
@pytest.mark.parametrize("clock", CLOCKS)
def test_wall_time_leads_back(ask: Ask, clock: tuple[int, list[list[int]]], local: int) -> None:
    """A wall time that exists leads to a moment that shows it, the first of two."""
    epoch, offsets = clock
    t = ask("moment", epoch, offsets, local)
    shows = ask("local", epoch, offsets, t)
    if shows == local:
        assert ask("local", epoch, offsets, t - 3600) != local
    else:
        assert all(ask("local", epoch, offsets, t + d) != local for d in (-7200, -3600, 3600, 7200))
