"""The column table, its words, and all that is said about it elsewhere."""

import ast
import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

import fong
from fong import lang
from fong.formats.cells import Context, reader
from fong.formats.reference import reference
from fong.formats.tables import SETTINGS, TABLES, Column, Kind, Table
from fong.formats.words import (
    CHOICE_WORDS,
    COLUMN_WORDS,
    SETTING_WORDS,
    TABLE_WORDS,
    choice_index,
    column_index,
    plain,
    table_index,
)
from fong.formats.writing import default_text, describe

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(fong.__file__).parent
NOUN_TABLES = [t for t in (*TABLES.values(), SETTINGS) if t.noun is not None]
COLUMNS = [(t, c) for t in TABLES.values() for c in t.columns]


def each(pair: Table | Column) -> str:
    return pair.name


@pytest.mark.parametrize("table", NOUN_TABLES, ids=each)
def test_columns_are_the_fields(table: Table) -> None:
    """Each field of a noun has just one column, and each column's field is there."""
    assert table.noun is not None
    held = [c.field for c in table.columns if c.field]
    also = {"overtime_s"} if table.name == "routing" else set()  # it stands within at_gap
    assert sorted({*held, *also}) == sorted(f.name for f in fields(table.noun))
    assert len(held) == len(set(held))


@pytest.mark.parametrize("table", NOUN_TABLES, ids=each)
def test_a_field_without_default_is_needed(table: Table) -> None:
    """A column may be empty only if its field has a default; a person without calendar is always there."""
    assert table.noun is not None
    bare = {f.name for f in fields(table.noun) if f.default is MISSING and f.default_factory is MISSING}
    assert bare - {c.field for c in table.columns if c.required} <= ({"calendar"} if table.name == "people" else set())


@pytest.mark.parametrize("table", NOUN_TABLES, ids=each)
def test_default_reads_as_itself(table: Table) -> None:
    """The default that the reference page names is what an empty cell means."""
    for column in table.columns:
        text = default_text("settings" if table is SETTINGS else table.name, column)
        if text:
            value = reader(column, "", Context())(text)
            value = value != "buy" if column.name == "type" else value[0] if column.kind is Kind.GAP else value  # type: ignore[index]
            assert value == table.default(column), column.name


def double_words(entries: dict[str, str]) -> list[tuple[str, str, str]]:
    """Words that mean two things."""
    seen: dict[str, str] = {}
    pairs = [(plain(w), name) for name, words in entries.items() for w in (name, *words.split("|"))]
    return [(w, seen[w], name) for w, name in pairs if seen.setdefault(w, name) != name]


@pytest.mark.parametrize("table", TABLES)
def test_no_word_means_two_columns(table: str) -> None:
    """No synonym leads to two columns of one table, and every column has its entry."""
    words = {c.name: COLUMN_WORDS[table].get(c.name, c.name) for c in TABLES[table].columns}
    assert double_words(words) == []
    assert set(COLUMN_WORDS[table]) == set(words)


def test_no_word_means_two_tables_settings_or_choices() -> None:
    """The same for sheets, settings and words of choice."""
    assert double_words(dict(TABLE_WORDS)) == []
    assert double_words(dict(SETTING_WORDS)) == []
    assert set(TABLE_WORDS) == set(TABLES)
    assert set(SETTING_WORDS) == {c.name for c in SETTINGS.columns}
    for column, words in CHOICE_WORDS.items():
        assert double_words(dict(words)) == [], column


def test_choices_are_the_columns_words() -> None:
    """The words of a choice column and its synonyms have the same canonical names."""
    for _, column in COLUMNS:
        if column.words:
            assert set(CHOICE_WORDS[column.name]) == set(column.words)
            assert {choice_index(column.name)[plain(w)] for w in column.words} == set(column.words)


@pytest.mark.parametrize(
    ("table", "words"),
    {
        "orders": {
            "order": "SO no.|訂單編號|落單號|製令|订单号|Order_ID|ＯＲＤＥＲ",
            "item": "part no.|SKU|品號|料號|款號|品号|货号",
            "due": "Due Date|delivery deadline|交期|貨期|货期",
            "quantity": "Qty|數量|件數|数量",
        },
        "routing": {
            "sequence": "op no.|序號|序号",
            "step": "operation|工序|製程|制程",
            "group": "work center|workstation|機台群|机台组",
            "setup_min": "setup min|準備時間|准备时间",
            "cycle_min": "run min per piece|cycle time|單件工時|单件工时",
            "attend_min": "attended min per piece|人工時間",
            "setup_family": "setup family|換線群組",
        },
        "machines": {"machine": "機台|机台", "cost_per_hour": "機時費率|cost per hour", "calendar": "shift calendar"},
        "people": {"max_machines": "max machines|看機台數", "calendar": "shift|班別", "person": "人員|姓名"},
        "bom": {"item": "parent|母件", "component": "part used|子件", "quantity": "用量"},
        "items": {"unit": "UoM|單位", "on_hand": "庫存", "lead_time_days": "前置天數", "type": "make/buy"},
    }.items(),
)
def test_words_of_the_trade_are_known(table: str, words: dict[str, str]) -> None:
    """What other products and Hong Kong, Taiwan and the Mainland call these columns is understood."""
    for column, synonyms in words.items():
        for word in synonyms.split("|"):
            assert column_index(table)[plain(word)] == column, word


@pytest.mark.parametrize(
    ("word", "table"),
    [
        ("訂單", "orders"),
        ("工單", "orders"),
        ("品項", "items"),
        ("物料清單", "bom"),
        ("製程", "routing"),
        ("工序", "routing"),
        ("機台", "machines"),
        ("人員", "people"),
        ("行事曆", "calendars"),
        ("換線", "setups"),
        ("设备", "machines"),
    ],
)
def test_sheet_names_are_known(word: str, table: str) -> None:
    """Sheets may have the trade's names."""
    assert table_index()[plain(word)] == table


# What is said about the columns.


def test_reference_page_is_true() -> None:
    """`docs/reference/tables.md` is what the column table says; `fong.formats.reference.reference()` writes it anew."""
    assert (ROOT / "docs" / "reference" / "tables.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_every_column_is_described(language: str) -> None:
    """Each column and setting has its sentence in each language."""
    said = [describe(t.name, c, language) for t, c in COLUMNS] + [
        describe("settings", c, language) for c in SETTINGS.columns
    ]
    assert all(said)


def codes_in(folder: str, prefix: str) -> set[str]:
    """Codes of messages that the sources of a room name: whole strings that begin with the prefix."""
    found: set[str] = set()
    for file in (PACKAGE / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(rf"^{re.escape(prefix)}[a-z_]+$", node.value))
    return found


def test_every_code_has_its_sentence_and_advice() -> None:
    """Each fault that the readers can find has a sentence, and one that says what to do, in all languages."""
    known = set(lang.catalogue("en"))
    codes = codes_in("formats", "formats.") | codes_in("workshop", "formats.")
    codes |= {f"formats.{c}{i}" for c in ("too_small", "too_large", "must_exceed") for i in ("", "_in")}
    codes |= {"formats.plan_machine", "formats.plan_person"}
    said = {c for c in codes if not c.endswith("_") and "note_" not in c} - {"formats.needed", "formats.default"}
    assert {c for c in said if c not in known or f"{c}.how" not in known} == set()
    assert len(said) > 60


@pytest.mark.parametrize("room", ["formats", "model_faults"])
def test_catalogues_agree(room: str) -> None:
    """The three languages have the same entries with the same places in them."""
    entries = [
        {
            k: sorted(re.findall(r"{(\w+)", re.sub(r"{{|}}", "", v)))
            for k, v in lang.catalogue(each_).items()
            if k.startswith(f"{room}.")
        }
        for each_ in lang.LANGUAGES
    ]
    for other in entries[1:]:
        assert other.keys() == entries[0].keys()
        differ = {k for k in other if set(other[k]) != set(entries[0][k])}
        assert differ == set()
