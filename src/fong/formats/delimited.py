"""CSV files → grids: UTF-8 with or without mark, UTF-16, Big5 (cp950, HKSCS) and GB18030; ``,`` ``;`` or tab between cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from fong.errors import InputFault
from fong.formats.archive import refuse
from fong.formats.headers import meaning
from fong.formats.limits import Limits, refuse_wide, too_much
from fong.formats.raw import Raw
from fong.formats.sheets import Findings, Grid
from fong.formats.words import NOT_TABLES, plain, setting_index
from fong.formats.workbook import table_of, unknown_table

_SAMPLE = 200_000
_BIG5_COMMON = range(0xA4, 0xC7)
_GB_COMMON = range(0xB0, 0xD8)
_MADE_SAFE = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = (",", ";", "\t")


def read_folder(files: Sequence[tuple[str, bytes]], limits: Limits, findings: Findings) -> Iterator[Grid]:
    """The tables of a folder: one grid for each file that is a table.

    Raises
    ------
    Limit
        A file has too many cells.
    """
    for name, data in files:
        stem = PurePath(name).stem
        table = table_of(stem)
        if table is None:
            if stem[:1] not in {"_", "."} and plain(stem) not in NOT_TABLES and data.strip():
                unknown_table(findings, name, stem)
            continue
        try:
            yield read_csv(table, name, data, limits)
        except InputFault as fault:
            findings.unreadable.add(table)
            findings.faults.extend(fault.faults)  # type: ignore[arg-type]  # errors knows no Fault; readers raise nothing else


def read_csv(table: str, name: str, data: bytes, limits: Limits) -> Grid:
    """One CSV file as a grid.

    Raises
    ------
    InputFault
        It is no text, or a quotation mark is never closed.
    Limit
        It has too many cells.
    """
    text = decode(name, data, table)
    delimiter, text = _delimiter(text, table)
    rows: list[list[Raw]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cells = 0
    try:
        for row in lines:
            rows.append([_bare(c) if c[:1] == "'" else c for c in row])
            refuse_wide(name, len(row), limits)
            cells += len(row)
            if cells > limits.cells:
                raise too_much("formats.too_many_cells", sheet=name, found=f"{cells:,}", limit=limits.cells)
    except csv.Error as error:
        code = "formats.long_cell" if "field limit" in str(error) else "formats.open_quote"
        raise refuse(code, name, found=len(rows) + 1) from None
    return Grid(table, name, rows, range(1, len(rows) + 1), comma=delimiter == ";")


def _bare(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if _MADE_SAFE.match(cell) else cell


def decode(name: str, data: bytes, table: str) -> str:
    """The text of a file in the encoding that it was most likely written in.

    Raises
    ------
    InputFault
        It is text in none of them.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        codecs: tuple[str, ...] = ("utf-16",)
    elif data[:3] == b"\xef\xbb\xbf":
        codecs = ("utf-8-sig",)
    else:
        codecs = ("utf-8", *_chinese(data, table))
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise refuse("formats.encoding", name)


def _chinese(data: bytes, table: str) -> tuple[str, ...]:
    """Big5 and GB18030, the likelier first: the one in which more header words are known, else more characters are common.

    Both encodings put their common characters into certain rows of their tables, so the first bytes tell.
    """
    sample = data[:_SAMPLE]
    head = sample[:4000]
    big5, gb = (_known_words(head.decode(codec, "replace"), table) for codec in ("cp950", "gb18030"))
    if big5 == gb:
        pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", sample)
        big5 = sum(p[0] in _BIG5_COMMON for p in pairs)
        gb = sum(p[0] in _GB_COMMON and p[1] > 0xA0 for p in pairs)  # noqa: PLR2004 - GB 2312's second bytes
    return ("cp950", "big5hkscs", "gb18030") if big5 >= gb else ("gb18030", "cp950", "big5hkscs")


def _known_words(text: str, table: str) -> int:
    words = {w.strip() for line in text.splitlines()[:10] for w in re.split(r"[,;\t]", line)}
    return sum(meaning(table, w) is not None or plain(w) in setting_index() for w in words if w)


def _delimiter(text: str, table: str) -> tuple[str, str]:
    """What stands between cells: what Excel's ``sep=`` line says, else what gives most known headers, else most cells."""
    if text[:4].lower() == "sep=" and text[4:5]:
        return text[4], text.partition("\n")[2].removeprefix("\r")
    head = text[:20_000]
    scores = []
    for delimiter in _DELIMITERS:
        words = [w.strip().strip('"') for line in head.splitlines()[:15] for w in line.split(delimiter)]
        known = sum(meaning(table, w) is not None for w in words if w)
        scores.append((known, head.count(delimiter), delimiter))
    return max(scores, key=lambda s: s[:2])[2], text
