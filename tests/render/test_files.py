"""The plan as CSV, workbook and calendar: the right cells, no formulas, nothing that a strict reader refuses."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tests.counts import examples
from tests.model.made import plan
from tests.render.plans import NOW, ORDERS, knitting, rows, small_view

from fong.errors import UsageError
from fong.lang import LANGUAGES, text
from fong.model.factory import AtGap
from fong.render import PlanView, plan_csv, plan_ics, plan_xlsx, view_of
from fong.render.plantable import job_table, safe_text

HOSTILE = st.text(max_size=12) | st.builds(
    str.__add__,
    st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "\x00", " =", "＝", "＋", "－", "＠", "\ufeff=", "\x01=", "\ud800"]),
    st.text(max_size=8),
)  # fmt: skip


def hostile(name: str) -> PlanView:
    """The small plan where order, product, customer, people, machines and steps all have that name."""
    view = small_view(orders=((name, 1), *ORDERS[1:]))
    return replace(
        view,
        orders=tuple(replace(o, item=name, customer=name) for o in view.orders),
        people=tuple(replace(p, name=name) for p in view.people),
        machines=tuple(replace(m, name=name) for m in view.machines),
        steps=(name,) * len(view.steps),
    )


def wall(*parts: int) -> datetime:
    """What the clock on the wall shows."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# Texts.


@given(words=HOSTILE)
def test_no_text_is_a_formula(words: str) -> None:
    """What a spreadsheet would run begins with a quotation mark; what any file can hold is kept; nothing is torn."""
    safe = safe_text(words)
    safe.encode()
    assert safe.lstrip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
    assert safe[:1] not in {"\t", "\r", "\n", "\x00"}
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", safe)
    assert len(safe.removeprefix("'")) in {len(words), len(words) - 1}


def test_plain_texts_stay_as_they_are() -> None:
    """Harmless texts are not touched."""
    for words in ("1001/2", "knit – 12", "a=b", "", "羊毛", "7104-CAM"):
        assert safe_text(words) == words


# CSV.


def test_csv_says_what_the_plan_says(view: PlanView) -> None:
    """A mark of UTF-8, headings, one row a job, moments on the wall clock."""
    data = plan_csv(view, "en")
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    head, *lines = read_csv(data)
    assert len(lines) == len(view.bars)
    row = dict(zip(head, next(line for line in lines if line[0] == "1001" and line[7] == "knit"), strict=True))
    assert row["Start"] == "2026-03-04 10:15:00"
    assert row["Set-up start"] == "2026-03-04 10:00:00"
    assert (row["Line"], row["Colour"], row["Pieces"], row["Machine"], row["Set-up by"]) == (
        "1",
        "navy",
        "20",
        "K1",
        "Cy",
    )
    assert row["Late (h)"] == "2.0"


@given(name=HOSTILE)
@settings(max_examples=examples(25))
def test_csv_holds_no_formula(name: str) -> None:
    """Whatever the names are, no text cell begins as a formula, and the rows stay whole."""
    view = hostile(name)
    head, *lines = read_csv(plan_csv(view, "en"))
    assert len(lines) == len(view.bars)
    for line in lines:
        assert len(line) == len(head)
        for cell in line:
            assert not re.match(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n\x00]", cell)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_differ_by_language_only(view: PlanView, language: str) -> None:
    """Headings are all different within a table; the cells of moments are the same in every language."""
    table, english = job_table(view, language), job_table(view, "en")
    assert len(set(table.heads)) == len(table.heads)
    moments = [[cell for cell in row if isinstance(cell, datetime)] for row in table.rows]
    assert moments == [[cell for cell in row if isinstance(cell, datetime)] for row in english.rows]
    assert (table.heads == english.heads) == (language == "en")


def test_undated_plan_has_numbers() -> None:
    """A benchmark's file has its own units instead of dates."""
    head, *lines = read_csv(plan_csv(small_view(epoch=None), "en"))
    assert lines[1][head.index("Start")] == "900"


# Workbook.


def test_workbook_has_four_sheets(view: PlanView) -> None:
    """Jobs, days of machines, days of people, late orders: real dates, headings frozen, filters on."""
    book = load_workbook(io.BytesIO(plan_xlsx(view, "en")))
    assert book.sheetnames == ["Jobs", "Machines by day", "People by day", "Late orders"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
    jobs = list(book["Jobs"].values)
    assert len(jobs) == len(view.bars) + 1
    row = dict(zip(jobs[0], next(line for line in jobs if line[0] == "1001" and line[7] == "knit"), strict=True))
    assert row["Start"] == wall(2026, 3, 4, 10, 15)
    assert row["Pieces"] == 20
    late = list(book["Late orders"].values)
    assert [line[0] for line in late[1:]] == ["1001", "1002"]
    assert late[1][-1] == "waits 7 h 20 min"


def test_workbook_prints_as_wide_as_the_page(view: PlanView) -> None:
    """Each sheet lies on A4, shrunk to the page's width, its headings on every page."""
    for sheet in load_workbook(io.BytesIO(plan_xlsx(view, "en"))):
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"


def test_a_job_over_midnight_stands_on_each_day(view: PlanView) -> None:
    """The long job of K1 has a row today and one tomorrow, cut at midnight."""
    values = list(load_workbook(io.BytesIO(plan_xlsx(view, "en")))["Machines by day"].values)
    long = [row[1:4] for row in values if row[0] == "K1" and row[5] == "1001" and row[4] == "Run"]
    midnight = wall(2026, 3, 5)
    assert long == [
        (wall(2026, 3, 4), wall(2026, 3, 4, 10, 15), midnight),
        (midnight, midnight, wall(2026, 3, 5, 8, 1)),
    ]


def test_another_reader_agrees(view: PlanView) -> None:
    """A second, stricter reader sees the same dates and texts."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(plan_xlsx(view, "en"))).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "1003"
    assert wall(2026, 3, 4, 9) in rows[1]
    days = CalamineWorkbook.from_filelike(io.BytesIO(plan_xlsx(view, "en"))).get_sheet_by_index(1).to_python()
    assert days[1][1] == date(2026, 3, 4)


@given(name=HOSTILE)
@settings(max_examples=examples(10))
def test_workbook_holds_no_formula(name: str) -> None:
    """Whatever the names are, no cell is a formula and the workbook opens."""
    book = load_workbook(io.BytesIO(plan_xlsx(hostile(name), "en")))
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and re.match(r"\s*[=+\-@＝＋－＠]", cell.value))


@given(name=HOSTILE)
@settings(max_examples=examples(10))
def test_workbook_keeps_every_cell(name: str) -> None:
    """Both readers get out what went in: numbers, moments, and texts with blanks, line breaks and signs of mark-up."""
    view = hostile(f"{name} <&> ")
    data, rows = plan_xlsx(view, "en"), job_table(view, "en").rows
    read = list(load_workbook(io.BytesIO(data))["Jobs"].values)[1:]
    assert [[None if cell == "" else cell for cell in row] for row in rows] == [list(row) for row in read]
    again = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    assert [row[3] for row in again] == [row[3] for row in rows]


def test_same_plan_same_workbook(view: PlanView) -> None:
    """The bytes do not depend on the hour at which they are written."""
    assert plan_xlsx(view, "zh-Hant") == plan_xlsx(small_view(), "zh-Hant")


# Calendar.


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def events(data: bytes) -> list[dict[str, str]]:
    """Properties of each event."""
    out: list[dict[str, str]] = []
    for line in unfolded(data):
        if line == "BEGIN:VEVENT":
            out.append({})
        elif out and ":" in line:
            name, value = line.split(":", 1)
            out[-1].setdefault(name, value)
    return out


def test_calendar_of_people(view: PlanView) -> None:
    """One event a hold, in UTC; a batch is loaded once."""
    found = events(plan_ics(view, "en"))
    first = found[0]
    assert (first["DTSTART"], first["DTEND"]) == ("20260304T020000Z", "20260304T021500Z")
    assert first["SUMMARY"] == "Cy: set-up for 1001/1 knit\\, 20 pcs"
    assert first["LOCATION"] == "K1"
    assert first["DESCRIPTION"] == "Set-up\\ncardigan navy M"
    assert sum("1001/2\\, 1003" in e["SUMMARY"] for e in found) == 1
    start = datetime.strptime(first["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert start == NOW


def test_calendar_of_one_machine(view: PlanView) -> None:
    """Only the machine asked for, each of its jobs from set-up to end."""
    found = events(plan_ics(view, "zh-Hant", by="machine", only="K2"))
    assert [e["DTSTART"] for e in found] == ["20260304T010000Z", "20260304T021500Z"]
    assert not any("K2" in e["SUMMARY"] for e in found)


def test_calendar_rests_with_the_shift() -> None:
    """Who begins at 17:00 what takes until 09:20 has two events and a night between them; so has the job at the machine."""
    view = night_view(link_end=83_520)
    wanted = [("20260304T090000Z", "20260304T100000Z"), ("20260305T000000Z", "20260305T011200Z")]
    for by, only in (("person", "Ben"), ("machine", "link")):
        found = events(plan_ics(view, "en", by=by, only=only))[:2]  # type: ignore[arg-type]
        assert [(e["DTSTART"], e["DTEND"]) for e in found] == wanted
        assert {e["SUMMARY"] for e in found} == {"1001/1 link\\, 20 pcs"}
        assert len({e["UID"] for e in found}) == 2


def test_overtime_stays_in_the_calendar() -> None:
    """What ends after closing time was worked until then: one event, not cut at 18:00."""
    found = events(plan_ics(night_view(link_end=30_000), "en", only="Ben"))
    assert (found[0]["DTSTART"], found[0]["DTEND"]) == ("20260304T090000Z", "20260304T102000Z")


def test_nobody_stays_for_what_runs_on_alone() -> None:
    """Ben starts it and goes home at 18:00; the job itself goes on until 20:00."""
    view = night_view(link_end=36_000, gap=AtGap.RUN_ON)
    person, work = (plan_ics(view, "en", by=by, only=only) for by, only in (("person", "Ben"), ("machine", "link")))  # type: ignore[arg-type]
    assert [events(data)[0]["DTEND"] for data in (person, work)] == ["20260304T100000Z", "20260304T120000Z"]


def night_view(link_end: int, gap: AtGap = AtGap.RESUME) -> PlanView:
    """The small plan where Ben begins to link order 1001/1 an hour before he goes home."""
    made = rows()
    made[2] |= {"start": 7 * 3600, "end": link_end}
    shop = replace(knitting(), step_gap=np.array([0, 0, gap, 0], np.int8))
    return view_of(shop, plan(made), title="Corner")


@pytest.mark.parametrize("language", LANGUAGES)
def test_set_ups_and_names_in_titles(language: str, view: PlanView) -> None:
    """A set-up is one in its title; a calendar of one person does not repeat the name."""
    titles = [e["SUMMARY"] for e in events(plan_ics(view, language, only="Cy"))]
    word = {"en": "set-up"}.get(language, text("render.page.setup", {}, language))
    assert [word in title for title in titles] == [True, True, False, True, False, False]
    assert not any("Cy" in title for title in titles)


def test_uids_are_stable_and_single(view: PlanView) -> None:
    """Every event has its own UID, and keeps it when the plan moves it."""
    uids = [e["UID"] for e in events(plan_ics(view, "en"))]
    assert len(set(uids)) == len(uids)
    later = replace(view, clock=replace(view.clock, epoch=NOW + timedelta(days=1)))  # type: ignore[type-var]
    assert [e["UID"] for e in events(plan_ics(later, "en"))] == uids


@given(name=HOSTILE | st.text(";,\\\n線", max_size=60))
@settings(max_examples=examples(40))
def test_calendar_lines_obey_the_standard(name: str) -> None:
    """RFC 5545: lines end in CRLF and have at most 75 octets, no character is torn, texts are escaped, blocks match."""
    data = plan_ics(hostile(name), "en")
    assert data.endswith(b"\r\n")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert b"\n" not in line
        assert b"\r" not in line
    whole = [line for line in unfolded(data) if line]
    assert all(re.match(r"[A-Z-]+:", line) for line in whole)
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT")
    for summary in (line.removeprefix("SUMMARY:") for line in whole if line.startswith("SUMMARY:")):
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", summary)


def test_undated_plan_has_no_calendar() -> None:
    """A benchmark has no dates: refused with a reason."""
    with pytest.raises(UsageError, match="no_dates"):
        plan_ics(small_view(epoch=None), "en")
