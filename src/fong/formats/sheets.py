"""From a grid of cells to a table: where its header stands, what each column means, which rows hold data.

:class:`Grid` is what a reader of a file hands in; :class:`Sheet` has columns of raw cells with their meaning; :class:`Tables` is
a whole input, with every fault of form found on the way.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fong.formats.headers import Meaning, meaning, unit_of
from fong.formats.raw import Odd, Raw, empty, shown
from fong.formats.tables import TABLES, Kind
from fong.formats.words import SIZE_TITLES, SIZES, column_index, plain, setting_index
from fong.model import Fault, Message, Param, Place, message

_HEADER_WITHIN = 30
"""The header stands in one of the first so many rows with anything in them."""
_MERGED_WITHIN = 100
_MARKS = frozenset(
    map(
        plain,
        (
            "required",
            "optional",
            "必填",
            "選填",
            "可選",
            "选填",
            "可选",
            "text",
            "number",
            "date",
            "文字",
            "數字",
            "数字",
        ),
    )
)
_LARGEST_SIZE = 300
_MERGE_FILLS = frozenset((Kind.NAME, Kind.TEXT, Kind.START, Kind.END, Kind.CHOICE, Kind.DAY))

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells: positions in the grid."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of cells. ``numbers``: the row number of each row as its owner sees it; ``source``: the sheet's or file's name."""

    table: str
    source: str
    rows: Sequence[Sequence[Raw]]
    numbers: Sequence[int]
    merges: Sequence[Merge] = ()
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A column of a sheet: its meaning, its header's own words, its cells. ``column`` is empty for a size of a size matrix."""

    column: str
    header: str
    values: list[Raw]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as found. ``numbers``: the owner's row number by row. ``broken``: faults of form make its content doubtful."""

    table: str
    source: str
    columns: Mapping[str, Found]
    numbers: Sequence[int]
    sizes: Sequence[Found] = ()
    comma: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """A whole input before it becomes nouns.

    ``notes``: what was left out on purpose (hidden rows …). ``unreadable``: tables that are there, but of which nothing can be read.
    """

    sheets: Mapping[str, Sheet]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Message, ...] = ()
    unreadable: frozenset[str] = frozenset()


@dataclass(slots=True)
class Findings:
    """Faults and notes as they are found."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def fault(self, code: str, place: Place, **params: Param) -> None:
        """Remember a fault."""
        self.faults.append(Fault(message=message(code, **params), place=place))


def nearest(word: str, known: Mapping[str, str]) -> str:
    """The canonical name whose synonym looks most like ``word``, empty if none does."""
    close = difflib.get_close_matches(plain(word)[:100], known, n=1, cutoff=0.72)
    return known[close[0]] if close else ""


def sheet_of(grid: Grid, findings: Findings) -> Sheet:
    """Find the header and the columns of a grid; what is wrong goes to ``findings``."""
    return _Finder(grid, findings).sheet()


class _Finder:
    """Reads one grid."""

    def __init__(self, grid: Grid, findings: Findings) -> None:
        self.grid, self.findings = grid, findings
        self.table = grid.table
        self.width = max((len(r) for r in grid.rows), default=0)
        self.top_left = {
            (r, c): (r1, c1)
            for r1, c1, r2, c2 in [m for m in grid.merges if m[0] < _MERGED_WITHIN][:1000]
            for r in range(r1, min(r2, r1 + 50) + 1)
            for c in range(c1, min(c2, c1 + 200) + 1)
        }
        self.broken = False

    def place(self, row: int | None = None, column: str = "") -> Place:
        number = None if row is None or row < 0 else self.grid.numbers[row]
        return Place(table=self.table, source=self.grid.source, row=number, column=column)

    def fault(self, code: str, row: int | None = None, column: str = "", **params: Param) -> None:
        self.broken = True
        self.findings.fault(code, self.place(row, column), **params)

    def cell(self, row: int, column: int) -> Raw:
        cells = self.grid.rows[row]
        return cells[column] if column < len(cells) else None

    def words(self, row: int, column: int) -> str:
        """The words of a header cell; of a merged one, those of its top left corner."""
        at = self.top_left.get((row, column), (row, column))
        raw = self.cell(*at)
        return "" if empty(raw) else shown(raw).strip()

    # ------------------------------------------------------------ the whole
    def sheet(self) -> Sheet:
        header = self.header_row()
        if header is None:
            return self.without_header()
        first = header + 1
        while first < len(self.grid.rows) and self.continues(header, first):
            first += 1
        heads = [self.head(header, first, c) for c in range(self.width)]
        return self.with_columns(header, first, heads)

    def without_header(self) -> Sheet:
        if self.table == "settings" and any(self.setting_key(r) for r in self.grid.rows):
            heads: list[tuple[str, Meaning | None, bool]] = [
                ("key", Meaning("key"), False),
                ("value", Meaning("value"), False),
            ]
            return self.with_columns(-1, 0, heads + [("", None, False)] * (self.width - 2))
        if any(not empty(c) for r in self.grid.rows for c in r):
            needed = [c.name for c in TABLES[self.table].columns if c.required] or ["key", "value"]
            self.fault("formats.no_header", wanted=", ".join(needed))
        return Sheet(self.table, self.grid.source, MappingProxyType({}), (), broken=self.broken)

    def setting_key(self, row: Sequence[Raw]) -> bool:
        return bool(row) and isinstance(row[0], str) and plain(row[0]) in setting_index()

    # ------------------------------------------------------------ the header
    def header_row(self) -> int | None:
        """The row with most known headers, the first of equals; at least two, or all that it holds."""
        best, most, looked = None, 0, 0
        for i, row in enumerate(self.grid.rows):
            filled = [c for c in row if not empty(c)]
            if not filled:
                continue
            known = {m.column for c in filled if isinstance(c, str) and (m := meaning(self.table, c))}
            if len(known) > most and (len(known) > 1 or len(known) == len(filled)):
                best, most = i, len(known)
            looked += 1
            if looked >= _HEADER_WITHIN:
                break
        return best

    def continues(self, header: int, row: int) -> bool:
        """Whether a row goes on with the header: the same in another language, units, sizes, marks such as "required"."""
        words, others = 0, 0
        for c in range(self.width):
            raw = self.cell(row, c)
            if empty(raw) or self.top_left.get((row, c), (row, c))[0] <= header:
                continue
            if not self.continues_in(header, raw, c):
                return False
            if meaning(self.table, shown(raw)):
                words += 1
            else:
                others += 1
        return others > 0 or words > 1  # one word alone may be data: a tool that is called "fixture"

    def continues_in(self, header: int, raw: Raw, c: int) -> bool:
        word = shown(raw)
        above = self.words(header, c)
        known = meaning(self.table, above) if above else None
        here = meaning(self.table, word)
        if here is not None and (known is None or here.column == known.column):
            return True
        if self.is_size_below(header, raw, c):
            return True
        if known is None:
            return False
        return (
            plain(word) in _MARKS
            or set(word.strip()) == {"*"}
            or bool(unit_of(TABLES[self.table].column(known.column), word.strip("()[]（） ")))
        )

    def head(self, header: int, first: int, c: int) -> tuple[str, Meaning | None, bool]:
        """The words of column ``c``, its meaning, and whether it is a size of a matrix."""
        words = self.words(header, c)
        known = meaning(self.table, words) if words else None
        for r in range(header + 1, first):
            below = self.cell(r, c)
            if empty(below):
                continue
            if self.is_size_below(header, below, c):
                return shown(below).strip(), None, True
            known = known or meaning(self.table, shown(below))
            words = words or shown(below).strip()
            if (
                known is not None
                and not known.unit
                and (unit := unit_of(TABLES[self.table].column(known.column), shown(below).strip("()[]（） ")))
            ):
                known = Meaning(known.column, unit)
        if known is None and words and self.table == "orders" and self.size_head(header, c):
            return _size_label(words), None, True
        if known is None and header > 0:
            known = self.from_parent(header, c, words)
        return words, known, False

    def from_parent(self, header: int, c: int, words: str) -> Meaning | None:
        """A header that makes sense only with the one above it: 時間(分) over 準備."""
        parent = self.words(header - 1, c)
        if not parent or parent == words:
            return None
        if not words:
            return meaning(self.table, parent) if (header - 1, c) not in self.top_left else None
        return meaning(self.table, f"{parent} {words}") or meaning(self.table, f"{words} {parent}")

    # ------------------------------------------------------------ size matrices
    def is_size(self, raw: Raw) -> bool:
        if isinstance(raw, Odd):
            return raw.kind == "padded"
        if isinstance(raw, int | float):
            return 0 <= raw <= _LARGEST_SIZE
        word = shown(raw).strip()
        number = word.replace(".", "", 1)
        return plain(word) in SIZES or (number.isdigit() and float(word) <= _LARGEST_SIZE)

    def is_size_below(self, header: int, raw: Raw, c: int) -> bool:
        """Whether a cell under the header is a size: below a title "size", a size word, or any word if the title is merged."""
        if self.table != "orders" or not self.under_sizes(header, c):
            return False
        return self.is_size(raw) or (header, c) in self.top_left

    def under_sizes(self, header: int, c: int) -> bool:
        """Whether the header cell, or the nearest one to its left over blanks, says "size"."""
        while c > 0 and not self.words(header, c):
            c -= 1
        return plain(self.words(header, c)) in SIZE_TITLES

    def size_head(self, header: int, c: int) -> bool:
        """Whether an unknown header is a size: a size word, a number, or anything under a title "size" in the row above."""
        words = self.words(header, c)
        if self.is_size(self.cell(header, c)) or plain(_size_label(words)) in SIZES:
            return True
        return header > 0 and self.under_sizes(header - 1, c)

    # ------------------------------------------------------------ columns and rows
    def with_columns(self, header: int, first: int, heads: list[tuple[str, Meaning | None, bool]]) -> Sheet:
        by_name: dict[str, tuple[int, str, str]] = {}
        sizes: list[tuple[int, str]] = []
        unknown: list[tuple[int, str]] = []
        for c, (words, known, is_size) in enumerate(heads):
            if is_size:
                sizes.append((c, words))
            elif known is None:
                unknown.append((c, words))
            elif known.column in by_name:
                other = by_name[known.column][1]
                self.fault("formats.two_columns", header, words, found=words, other=other, wanted=known.column)
            else:
                by_name[known.column] = (c, words, known.unit)
        self.check_unknown(header, first, unknown)
        self.check_required(header, by_name, sized=bool(sizes))
        used = [c for name, (c, _, _) in by_name.items() if name != "note"] + [c for c, _ in sizes]
        keep = [r for r in range(first, len(self.grid.rows)) if self.filled(self.grid.rows[r], used)]
        cells = self.by_column(keep)
        columns = {n: Found(n, words, cells[c], unit) for n, (c, words, unit) in by_name.items()}
        found_sizes = [Found("", words, cells[c]) for c, words in sizes]
        self.fill_merged(first, keep, {c: n for n, (c, _, _) in by_name.items()}, columns)
        numbers = [self.grid.numbers[r] for r in keep]
        return Sheet(
            self.table, self.grid.source, MappingProxyType(columns), numbers, found_sizes, self.grid.comma, self.broken
        )

    def filled(self, row: Sequence[Raw], used: Sequence[int]) -> bool:
        """Whether a row holds anything in the columns that are read."""
        width = len(row)
        return any(c < width and not empty(row[c]) for c in used)

    def by_column(self, keep: list[int]) -> list[list[Raw]]:
        """The cells of the rows to keep, column by column, short rows filled up."""
        rows = (self.grid.rows[r] for r in keep)
        blank = [None] * self.width
        full = [r if len(r) == self.width else [*r, *blank[len(r) :]] for r in rows]
        return [list(c) for c in zip(*full, strict=True)] if full else [[] for _ in blank]

    def check_unknown(self, header: int, first: int, unknown: list[tuple[int, str]]) -> None:
        known = column_index(self.table)
        for c, words in unknown:
            if words:
                near = nearest(words, known)
                code = "formats.unknown_column_near" if near else "formats.unknown_column"
                names = ", ".join(x.name for x in TABLES[self.table].columns)
                self.fault(code, header, words, found=words, wanted=near or names)
                continue
            row = next((r for r in range(first, len(self.grid.rows)) if not empty(self.cell(r, c))), None)
            if row is not None:
                self.fault("formats.nameless_column", row, found=shown(self.cell(row, c)), wanted=_letters(c))

    def check_required(self, header: int, by_name: Mapping[str, object], *, sized: bool) -> None:
        table = TABLES[self.table]
        needed = [c.name for c in table.columns if c.required] if self.table != "settings" else ["key", "value"]
        for name in needed:
            if name not in by_name and not (name == "quantity" and sized):
                words = ", ".join(w for w in by_name)
                self.fault("formats.missing_column", header, name, found=words, wanted=name)

    def fill_merged(self, first: int, keep: list[int], names: Mapping[int, str], columns: Mapping[str, Found]) -> None:
        """Names, words and dates merged downwards stand for every row; a number does not, for whose would it be."""
        at = {r: i for i, r in enumerate(keep)}
        for r1, c1, r2, c2 in self.grid.merges:
            across = [names[c] for c in range(c1, min(c2, self.width) + 1) if c in names]
            if r1 < first or not across or r1 not in at or empty(self.cell(r1, c1)):
                continue
            name = across[0]
            if len(across) > 1:
                self.fault(
                    "formats.merged_across",
                    r1,
                    columns[name].header,
                    found=shown(self.cell(r1, c1)),
                    wanted=", ".join(across),
                )
            elif r2 > r1 and TABLES[self.table].column(name).kind in _MERGE_FILLS:
                for r in range(r1 + 1, min(r2, len(self.grid.rows)) + 1):
                    if r in at:
                        columns[name].values[at[r]] = self.cell(r1, c1)
            elif r2 > r1 and any(r in at for r in range(r1 + 1, min(r2, len(self.grid.rows)) + 1)):
                self.fault("formats.merged_number", r1, columns[name].header, found=shown(self.cell(r1, c1)))


def _size_label(words: str) -> str:
    """The size of a header that says so: ``size S`` is S, ``尺碼 M`` is M."""
    for title in ("size", "尺碼", "尺码"):
        if words.casefold().startswith(title) and words[len(title) :].strip(" :_-"):
            return words[len(title) :].strip(" :_-")
    return words


def _letters(c: int) -> str:
    """A column's letters as a spreadsheet shows them."""
    out = ""
    c += 1
    while c:
        c, rest = divmod(c - 1, 26)
        out = chr(65 + rest) + out
    return out
