"""A small sound workshop as rows of cells, and ways to turn it into files."""

import copy
import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from fong.errors import InputFault
from fong.formats.nouns import to_workshop
from fong.formats.reading import read_tables
from fong.model import Fault, Workshop

Tables = dict[str, list[list[Any]]]

BASE: Tables = {
    "settings": [["key", "value"], ["now", "2026-03-02T08:00"]],
    "machines": [["machine", "group", "zone"], ["K1", "knit", "hall"], ["K2", "knit", "hall"]],
    "people": [["person", "calendar", "skills", "tends"], ["Mei", "day", "setup", "hall"], ["Ka", "day", "link", None]],
    "calendars": [["calendar", "day", "start", "end"], ["day", "Mon-Fri", "08:00", "18:00"]],
    "items": [["item", "type", "on_hand"], ["A", "make", None], ["yarn", "buy", 100]],
    "bom": [["item", "component", "quantity"], ["A", "yarn", 0.5]],
    "routing": [
        ["item", "sequence", "step", "group", "setup_min", "setup_skill", "cycle_min", "attend_min", "run_skill"],
        ["A", 10, "knit", "knit", 15, "setup", 40, 1, None],
        ["A", 20, "link", None, None, None, 12, None, "link"],
    ],
    "orders": [["order", "item", "quantity", "due"], ["1001", "A", 20, "2026-03-06"], ["1002", "A", 8, "2026-03-09"]],
}


def make_book(tables: Tables, touch: Callable[[Any], None] | None = None) -> bytes:
    """A workbook as openpyxl saves it; ``touch`` may change it before."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if touch is not None:
        touch(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_csv(tables: Tables, encoding: str = "utf-8", delimiter: str = ",") -> dict[str, bytes]:
    """A folder of CSV files."""
    out = {}
    for name, rows in tables.items():
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
        out[f"{name}.csv"] = text.getvalue().encode(encoding)
    return out


def workshop_of(data: bytes | dict[str, bytes], name: str = "x") -> Workshop:
    """What an input says."""
    return to_workshop(read_tables(name, data))


def faults_of(data: bytes | dict[str, bytes], name: str = "x") -> list[Fault]:
    """What is wrong with an input."""
    try:
        workshop_of(data, name)
    except InputFault as found:
        return [f for f in found.faults if isinstance(f, Fault)]
    return []


@pytest.fixture
def base() -> Tables:
    return copy.deepcopy(BASE)


@pytest.fixture
def book() -> Callable[..., bytes]:
    return make_book


@pytest.fixture
def folder() -> Callable[..., dict[str, bytes]]:
    return make_csv


@pytest.fixture
def workshop() -> Callable[..., Workshop]:
    return workshop_of


@pytest.fixture
def faults() -> Callable[..., list[Fault]]:
    return faults_of
