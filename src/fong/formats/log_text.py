"""Bytes of a time log → rows of cells: which encoding, which separator."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from fong.errors import InputFault
from fong.formats.limits import Limits, refuse_wide, too_much
from fong.formats.log_columns import KNOWN, key
from fong.model.message import Fault, Place, message

LIMITS = Limits()
MOST_CELLS = 10_000_000
"""Cells of a log that are read at most."""
_COMMON = {"big5": range(0xA4, 0xC7), "gb18030": range(0xB0, 0xD8)}  # first bytes of everyday characters
_GB2312_SECOND = 0xA0
_CODECS = {"big5": "big5hkscs", "gb18030": "gb18030"}


def decode(data: bytes, wish: str) -> tuple[str, str]:
    """The text and the name of its encoding; ``wish``: the one that its owner named, or "".

    Raises
    ------
    InputFault
        It is no text, or not in the encoding named.
    """
    if wish:
        return _decoded_as(data, wish), wish
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded_as(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    tries = [(_words(data, name), name) for name in ("big5", "gb18030")]
    best = max(tries, key=lambda t: t[0])
    if best[0] < 0:
        raise InputFault([Fault(message=message("learn.log_encoding"), place=Place(table="log"))])
    return data.decode(_CODECS[best[1]]), best[1]


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(_CODECS.get(encoding.lower(), encoding))
    except (UnicodeDecodeError, LookupError):
        fault = Fault(message=message("learn.log_encoding_wrong", wanted=encoding), place=Place(table="log"))
        raise InputFault([fault]) from None


def _words(data: bytes, encoding: str) -> float:
    """How well an encoding explains the bytes: known headers count most, then everyday characters. -1: not at all."""
    try:
        text = data.decode(_CODECS[encoding])
    except UnicodeDecodeError:
        return -1.0
    first = next((line for line in text.splitlines() if line.strip()), "")
    headers = sum(key(cell.strip('"')) in KNOWN for cell in re.split(r"[,;\t]", first))
    far = [c for c in text[:20_000] if ord(c) > 127]  # noqa: PLR2004 - outside ASCII
    usual = sum("\u4e00" <= c <= "\u9fff" and _everyday(c, encoding) for c in far)
    return headers * 10 + usual / max(1, len(far))


def _everyday(character: str, encoding: str) -> bool:
    """Whether a character stands in the encoding's block of common ones (Big5 level 1, GB 2312 level 1)."""
    code = character.encode(_CODECS[encoding])
    return code[0] in _COMMON[encoding] and (encoding == "big5" or (len(code) > 1 and code[1] > _GB2312_SECOND))


def separator_of(text: str) -> str:
    """The one of ``, ; tab`` that most lines have, and have equally often."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def score(mark: str) -> tuple[int, int]:
        counts = Counter(line.count(mark) for line in lines)
        number, lines_with = max(counts.items(), key=lambda c: (c[0] > 0, c[1], c[0]), default=(0, 0))
        return (lines_with if number else 0, number)

    return max((",", ";", "\t"), key=score)


def rows_of(text: str, separator: str, *, name: str = "", cells: int = MOST_CELLS) -> list[tuple[int, list[str]]]:
    """All records with their row numbers (1 is the first).

    Raises
    ------
    InputFault
        It is no table.
    Limit
        It has more cells than allowed.
    """
    rows: list[list[str]] = []
    count = 0
    try:
        for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator):
            rows.append(row)
            refuse_wide(name, len(row), LIMITS)
            count += len(row)
            if count > cells:
                raise too_much("formats.too_many_cells", sheet=name, found=f"{count:,}", limit=cells)
    except csv.Error as error:
        place = Place(table="log", row=len(rows) + 1)
        if "field limit" in str(error):
            raise InputFault([Fault(message=message("formats.long_cell", found=len(rows) + 1), place=place)]) from None
        raise InputFault([Fault(message=message("learn.log_not_csv", found=str(error)), place=place)]) from None
    return list(enumerate(rows, start=1))
