"""The template and the annotations: what a new user opens first."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from fong import lang
from fong.formats.nouns import to_workshop
from fong.formats.reading import read_tables
from fong.formats.tables import SETTINGS, TABLES
from fong.formats.template import example, template
from fong.formats.writing import write_csv, write_workbook
from fong.model.faults import find_faults

NOW = datetime(2026, 3, 4, 10, 20, tzinfo=ZoneInfo("Asia/Hong_Kong"))


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_template_is_the_example(language: str) -> None:
    """The template is read back as its example, in whatever language its comments are; nothing is left out of it."""
    tables = read_tables("workshop.xlsx", template(NOW, language=language))
    assert to_workshop(tables) == example(NOW)
    assert tables.notes == ()


@pytest.mark.parametrize(
    "now",
    [NOW, datetime(2027, 12, 31, 23, 59, tzinfo=ZoneInfo("Asia/Taipei")), datetime(2026, 7, 1, tzinfo=ZoneInfo("UTC"))],
)
def test_example_is_sound_at_any_time(now: datetime) -> None:
    """The example never ages: planned from any moment it has no fault."""
    assert find_faults(example(now)) == ()


def test_example_is_what_the_docs_promise() -> None:
    """Three machines, three people, two items to make, four orders."""
    made = example(NOW)
    assert len(made.factory.machines) == len(made.factory.people) == 3
    assert sum(i.make for i in made.factory.items) == 2
    assert len({o.order for o in made.orders}) == 4


def test_every_column_stands_in_the_template_with_its_comment() -> None:
    """Each sheet has all its columns, a comment at each header, and keeps the header in sight."""
    book = openpyxl.load_workbook(io.BytesIO(template(NOW, language="zh-Hant")))
    assert book.sheetnames == ["readme", *TABLES]
    for table in TABLES.values():
        sheet = book[table.name]
        heads = {c.value: c.comment.text for c in sheet[1]}
        # In the routing a note is kept, and so written; elsewhere it is the user's to add.
        assert list(heads) == [c.name for c in table.columns if c.name != "note" or table.name == "routing"]
        assert all(heads.values())
        assert sheet.freeze_panes == "A2"
        assert all(sheet.column_dimensions[c.column_letter].width >= 8 for c in sheet[1])
        if table.name == "routing":
            assert "單位 min" in heads["cycle_min"]
    settings = {r[0].value: r[0].comment.text for r in book["settings"].iter_rows(min_row=2)}
    assert list(settings) == [c.name for c in SETTINGS.columns]


def test_readme_speaks_three_languages() -> None:
    """The first sheet says the same in English, 繁體 and 简体."""
    book = openpyxl.load_workbook(io.BytesIO(template(NOW)))
    said = [r[0].value for r in book["readme"].iter_rows() if r[0].value]
    assert len(said) == 18
    assert all(any(word in line for line in said) for word in ("your workshop", "工場", "工作簿"))


def test_choices_are_offered_but_not_forced() -> None:
    """Choice columns have a list to choose from, and still take other words that the readers know."""
    sheet = openpyxl.load_workbook(io.BytesIO(template(NOW)))["orders"]
    rules = {str(r.sqref).split(":")[0]: r for r in sheet.data_validations.dataValidation}
    status = next(c.column_letter for c in sheet[1] if c.value == "status")
    assert rules[f"{status}2"].formula1 == '"open,held,done"'
    assert not rules[f"{status}2"].showErrorMessage


def test_same_moment_same_bytes() -> None:
    """The template holds nothing of the moment at which it is written."""
    assert template(NOW) == template(NOW)


def test_tables_without_rows_are_left_out_of_the_folder() -> None:
    """Tables that may be absent have no file if they have no rows; the others have a header at least."""
    bare = example(NOW)
    names = set(write_csv(bare))
    assert "orders.csv" in names
    assert "wip.csv" not in names


def test_moments_of_other_zones_are_written_in_the_workshops() -> None:
    """A moment given in UTC is written as the workshop's own time."""
    made = example(NOW.astimezone(UTC).astimezone(ZoneInfo("Asia/Tokyo")))
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(made)))["settings"]
    assert sheet["B2"].value == datetime(2026, 3, 4, 11)  # noqa: DTZ001 - a cell


def test_a_skill_may_be_called_like_a_machine() -> None:
    """A person who can do "W1" has that skill, not one named after the group that the machine W1 is all of."""
    made = example(NOW)
    person = replace(made.factory.people[0], skills=frozenset({"W1"}))
    workshop = replace(made, factory=replace(made.factory, people=(person, *made.factory.people[1:])))
    assert b",day,W1," in write_csv(workshop)["people.csv"]
