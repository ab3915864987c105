"""The reference page of the input tables, made from the column table: ``docs/reference/tables.md`` is just this text."""

from __future__ import annotations

from collections.abc import Iterator

from fong import lang
from fong.formats.tables import SETTINGS, TABLES, Table
from fong.formats.words import COLUMN_WORDS, SETTING_WORDS, TABLE_WORDS
from fong.formats.writing import default_text, kind_text

_WORDS = 14

_BEFORE = """\
# Input tables and plan files

<!-- Made from the column table by `fong.formats.reference.reference`; a test keeps it true. -->

The same tables are sheets of one workbook (`.xlsx`), CSV files of one folder (`<table>.csv`) or arrays of one JSON object.
Names of tables, columns and words of choice may be the canonical ones below or any of their synonyms in English, 繁體 and 简体, in
any case, with blanks or underscores, in any order; a sheet may have titles above its header, and a header of two rows or two
languages. An empty cell means the default; so does a lone dash, `none`, `n/a` or `無` for a name, number or date. Unknown columns and sheets are faults; a column `note` is for people in every table.
Sheets that are hidden, begin with `_`, or are called readme, notes or 說明 are not read, nor are hidden rows and columns.

**Durations** are minutes unless the name says otherwise. A unit in the header (`setup (hr)`, `cycle sec`, `分/件`) or in the cell
(`90 s`, `1.5 h`) is converted. They become whole seconds once, on reading.

**Dates** are dates of the spreadsheet, `2026-03-06`, `2026/3/6`, `6.3.2026`, `6 Mar 2026`, `2026年3月6日`, or in ROC years: `115/3/6`,
`民國115年3月6日`, `1150306`. What can be read in two ways (`6/3/2026`) or has no full year is a fault. Times are local to `settings.time_zone`;
`due` without a time is the end of that day, `release`, `date` and the like its beginning.

**Numbers** may have thousands separators, full-width digits, currency and per cent signs. In CSV files with `;` between cells a
comma is the decimal sign.

**CSV** files are UTF-8 (with or without mark), UTF-16, Big5 or GB18030, with `,`, `;` or tab between cells. An apostrophe before
`=`, `+`, `-`, `@` or a tab keeps a spreadsheet from taking text for a formula; it is taken off on reading.

**Sizes.** The orders may be a matrix: columns whose headers are sizes (`S M L XL`, `36 38 40`, `均碼`, or anything under a merged header
`size` / `尺碼`) hold pieces, and a row becomes one order line for each size with pieces. Empty cells and 0 make no line.
Lines are numbered in the order of rows and, within a row, of sizes, after the row's own `line` if it has one. `quantity` may stand
beside as the total and must then be right; `late_cost_per_day` is shared out by pieces.
"""

_AFTER = """\
## A plan file

`fong plan … --out x.json` writes one JSON object:
`{"epoch": moment with offset (= `now`), "unit": "s", "objective": …, "bound": …, "tasks": […], …}`. Times are whole seconds
after `epoch`. One task for each lot or sub-lot and step has `order`, `line`, `sequence`, `sublot` (0 …), `quantity` (started
pieces, scrap included), `machine` (null when outside or by hand), `batch` (an id that the lots of one batch share, or null), `setup_start`, `setup_end`,
`setup_person` (null without set-up), `start`, `end` (of the run), `person` (held for the run, or null).

For benchmark instances it is `{"tasks": [{"job", "step", "machine", "person", "start", "end"}, …], …}` with the instance's own
numbers from 0 and its own unit of time.

## Benchmark instances

`jsp`: a line `jobs machines`, then a line for each job of `machine duration` pairs, machines from 0; a job may visit a machine
several times or not at all, lines then end with `-1 -1` or with the line. `fjsp` (`.fjs`): a line `jobs machines [flexibility]`,
then for each job the number of its operations, for each operation the number of alternatives and `machine duration` pairs, machines from 1.
Files packed by xz are unpacked.
"""


def reference() -> str:
    """The page in Markdown: what goes in, what a plan file holds."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _BEFORE.removesuffix("\n")
    for table in TABLES.values():
        yield ""
        yield f"## {table.name}"
        yield ""
        yield lang.text(f"formats.table.{table.name}", {}, "en")
        yield ""
        yield f"*Also called:* {_short(TABLE_WORDS[table.name])}."
        yield ""
        if table.name == "settings":
            yield from _columns(SETTINGS, "settings", SETTING_WORDS)
        else:
            yield from _columns(table, table.name, COLUMN_WORDS[table.name])
    yield ""
    yield _AFTER.removesuffix("\n")


def _columns(table: Table, name: str, words: object) -> Iterator[str]:
    assert hasattr(words, "get")  # noqa: S101 - a mapping of words by column
    yield "| column | holds | empty means | also called |"
    yield "|---|---|---|---|"
    for column in table.columns:
        meaning = lang.text(f"formats.column.{name}.{column.name}", {}, "en")
        kind = kind_text(column, "en")
        empty = "**needed**" if column.required else default_text(name, column).replace("|", "\\|") or "–"
        also = _short(words.get(column.name, ""))
        yield f"| `{column.name}` | {' '.join(s for s in (meaning, kind) if s)} | {empty} | {also} |"


def _short(words: str) -> str:
    """The first synonyms, enough to give the idea."""
    found = [w.replace("|", "") for w in words.split("|") if w]
    return ", ".join(found[:_WORDS]) + (" …" if len(found) > _WORDS else "")
