"""Lists on paper: the day of machines and people, and what to load tonight."""

import html
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.made import plan
from tests.render.plans import H, knitting, rows, small, small_view

from fong.errors import UsageError
from fong.lang import LANGUAGES
from fong.render import PlanView, day_list, nights, tonight_list
from fong.render.holds import days, holds, next_bars
from fong.render.paper import Block, Column, sheet
from fong.render.wallclock import WallClock

TODAY, TOMORROW = date(2026, 3, 4), date(2026, 3, 5)


def blocks(page: str) -> dict[str, list[list[str]]]:
    """Title → rows of cells, without marks-up."""
    out = {}
    for section in re.findall(r"<section[^>]*>(.*?)</section>", page, re.DOTALL):
        title = html.unescape(re.findall(r"<h2>(.*?)</h2>", section)[0])
        lines = re.findall(r"<tr>(.*?)</tr>", section.split("<tbody>")[1], re.DOTALL)
        cells = [[html.unescape(c) for c in re.findall(r"<td[^>]*>(.*?)</td>", line)] for line in lines]
        out[title] = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in cells]
    return out


def test_machines_of_a_day(view: PlanView) -> None:
    """Each machine with its jobs of the day by time, who sets up, and where the lot goes next."""
    found = blocks(day_list(view, TODAY, "machine", "en"))
    assert list(found) == ["K1", "K2", "W1"]
    assert found["K1"] == [
        ["10:00 – Thu 08:01", "1001/1", "cardigan navy M", "20", "10:00 – 10:15 Cy", "wash, W1, Thu 08:05"]
    ]
    assert [row[:2] for row in found["K2"]] == [["09:00 – 10:15", "1003"], ["10:15 – 17:13", "1001/2"]]
    assert [row[1] for row in found["W1"]] == ["1001/2", "1003"]


def test_people_of_a_day(view: PlanView) -> None:
    """Each person with holds by time: set-ups, loading (one line for a batch), handwork; tenders with their zone."""
    page = day_list(view, TODAY, "person", "en")
    found = blocks(page)
    assert "Tends knitting" in page
    assert "On duty 10:00 – 18:00" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert [(row[0], row[1], row[6]) for row in found["Cy"]] == [
        ("10:00 – 10:15", "1001/1", "Set-up"),
        ("10:15 – 10:30", "1001/2", "Set-up"),
        ("17:20 – 17:30", "1001/2, 1003", "Loading"),
    ]
    tomorrow = blocks(day_list(view, TOMORROW, "person", "en"))
    assert [(row[1], row[-1]) for row in tomorrow["Ben"]] == [
        ("1001/2", "last step"),
        ("1001/1", "last step"),
        ("1003", "last step"),
        ("1002", "plate, outside, 16:23"),
    ]


def test_a_day_without_work_says_so(view: PlanView) -> None:
    """A day beyond the plan: machines have nothing, and the page says it."""
    assert "Nothing is planned for this day." in day_list(view, date(2026, 5, 1), "machine", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["machine", "person"])
def test_lists_in_every_language(view: PlanView, language: str, by: str) -> None:
    """A list in each language, with the right language told, and a policy that allows its style alone."""
    page = day_list(view, TODAY, by, language)  # type: ignore[arg-type]
    assert f'lang="{language}"' in page
    assert "script-src" not in page
    assert "default-src 'none'" in page


def test_an_undated_plan_has_no_days() -> None:
    """A benchmark has no days: the call is refused with a reason."""
    with pytest.raises(UsageError, match="no_dates"):
        day_list(small_view(epoch=None), TODAY, "machine", "en")
    with pytest.raises(UsageError, match="no_dates"):
        tonight_list(knitting(epoch=None), plan(rows()), TODAY, "en")


def test_names_are_text_on_paper() -> None:
    """Mark-up in a name shows as it is written."""
    view = small_view(orders=(("<b>&", 1), ("b", 1), ("c", 1), ("d", 1)), title="<i>")
    page = day_list(view, TODAY, "machine", "en")
    assert "<b>" not in page
    assert "<i>" not in page
    assert blocks(page)["K1"][0][1] == "<b>&"


def test_what_lies_on_the_machines_tonight() -> None:
    """K1 works on into the night: 20 of 20 are not done at 18:00, the magazine lasts 10 cycles, then it stands."""
    (night,) = nights(*small(), TODAY)
    assert (night.zone, night.leave_s, night.back_s) == ("knitting", 8 * H, 22 * H)
    k1, k2 = night.loads
    # 900 s of set-up, then 27,900 s of 51,960 s of work before 18:00; 24,000 s more after it.
    assert (k1.machine, k1.running, k1.until_s, k1.stands_until_s) == ("K1", True, 8 * H + 24_000, 22 * H)
    assert k1.bar is not None
    assert k1.bar.order.label == "1001/1"
    assert (k1.left, k1.pieces, k1.cycles, k1.magazine) == (10, 9, 10, 10)
    assert (k2.running, k2.bar) == (False, None)


def test_tonight_on_paper() -> None:
    """The page names the hour of leaving, what to put on, what comes of it, how far it gets and what is left; idle machines too."""
    page = tonight_list(*small(), TODAY, "en", title="Corner")
    assert "Load before leaving at 18:00" in page
    found = blocks(page)["knitting"]
    assert found[0] == ["K1", "1001/1", "cardigan", "10", "9", "Thu 00:40", "10"]
    assert found[1][:3] == ["K2", "", "nothing planned"]


def test_a_machine_takes_what_the_lot_still_needs() -> None:
    """To be put on: a full magazine of ten, or the last four pieces of a lot; nothing on a machine that has none."""
    (night,) = nights(*small(), TODAY)
    assert [load.fill for load in night.loads] == [10, 0]
    problem, schedule = small()
    (night,) = nights(
        replace(problem, step_cycles_per_call=np.array([4] * problem.operations, np.int32)), schedule, TODAY
    )
    assert night.loads[0].fill == 4


def test_a_step_shared_by_all_rows_stands_in_the_heading(view: PlanView) -> None:
    """K1 only knits: the step stands beside its name and its table has no column of it."""
    page = day_list(view, TODAY, "machine", "en")
    k1 = page.split("<h2>K1</h2>")[1].split("</section>")[0]
    assert "<p>knit</p>" in k1
    assert 'class="step"' not in k1


def test_a_long_block_may_go_over_the_page(view: PlanView) -> None:
    """What cannot fit on one page must not leave the page before it empty."""
    columns = [Column(head=kind, kind=kind) for kind in ("order", "step")]
    page = sheet("t", "", columns, [Block(title="z", notes=(), rows=[(str(i), str(i)) for i in range(60)])], "en")
    assert '<section class="long">' in page
    assert '<section class="long' not in day_list(view, TODAY, "machine", "en")


def test_an_idle_machine_names_what_comes_next() -> None:
    """On the evening before it begins, the next job of a machine is named."""
    moved = [r | {"setup_start": 79_200, "setup_end": 80_100, "start": 80_100, "end": 104_400} if r["op"] == 3 else r
             for r in rows()]  # fmt: skip
    (night,) = nights(knitting(), plan(moved), TODAY)
    assert night.loads[1].bar is not None
    assert (night.loads[1].running, night.loads[1].bar.begin_s) == (False, 79_200)


def test_a_zone_that_is_never_left_has_no_night() -> None:
    """With somebody there day and night, or nobody on that day, there is nothing to load for."""
    assert nights(*small(), date(2026, 6, 1)) == ()


# What the lists are made of.


def test_set_up_and_run_by_one_person_are_one_hold() -> None:
    """A person who sets up and then runs is held once, for both."""
    changed = [r | {"setup_person": 1, "person": 1} if r["op"] == 3 else r for r in rows()]
    view = small_view()
    assert {h.kind for h in holds(view)} == {"setup", "run"}
    from fong.render import view_of

    both = [h for h in holds(view_of(knitting(), plan(changed), title="")) if h.kind == "both"]
    assert [(h.person, h.from_s, h.to_s) for h in both] == [("Ben", 900, 26_000)]


def test_next_is_the_first_bar_of_the_next_step(view: PlanView) -> None:
    """Each bar but the last of its order leads to the next step."""
    after = next_bars(view)
    for i in range(len(view.bars)):
        if i in after:
            assert view.bars.order[after[i]] == view.bars.order[i]
            assert view.bars.operation[after[i]] == view.bars.operation[i] + 1
    assert len(after) == len(view.bars) - len(view.orders)


@given(start=st.integers(-(10**6), 10**6), length=st.integers(1, 10**6))
def test_days_cut_without_loss(start: int, length: int) -> None:
    """The parts of a stretch lie each within its day, follow each other and sum to the whole."""
    clock = WallClock(epoch=datetime(2026, 3, 28, 12, tzinfo=small_view().clock.zone))  # type: ignore[union-attr]
    cut = list(days(clock, start, start + length))
    assert (cut[0][1], cut[-1][2]) == (start, start + length)
    assert all(a[2] == b[1] and b[0] - a[0] == timedelta(days=1) for a, b in pairwise(cut))
    assert all(clock.at(a).date() == clock.at(b - 1).date() == day for day, a, b in cut)
