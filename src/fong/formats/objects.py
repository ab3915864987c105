"""One JSON object of tables → grids: ``{"settings": {"now": …}, "orders": [{"order": …}, …], …}``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from fong.formats.archive import refuse
from fong.formats.limits import Limits, refuse_wide, too_much
from fong.formats.raw import Odd, Raw
from fong.formats.sheets import Findings, Grid
from fong.formats.words import NOT_TABLES, plain
from fong.formats.workbook import table_of, unknown_table
from fong.model import Place

_SHOWN = 40


class _Odd(Exception):
    """What the grammar lets through and Fong does not: the fault's code and what was found."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(code)
        self.code, self.found = code, found


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    out = dict(pairs)
    if len(out) != len(pairs):
        names = [k for k, _ in pairs]
        raise _Odd("formats.doubled_json", next(n for n in names if names.count(n) > 1))
    return out


def _constant(name: str) -> object:
    raise _Odd("formats.not_finite", name)


def load_json(source: str, data: bytes, *, doubled: bool = True) -> object:
    """JSON with exact numbers; nothing that JSON does not know. ``doubled``: look for names that stand twice.

    Raises
    ------
    InputFault
        It is no JSON, or a name stands twice in one object.
    """
    try:
        text = data.decode("utf-8-sig")
        hook = _object if doubled else None
        return json.loads(text, object_pairs_hook=hook, parse_constant=_constant, parse_float=Decimal)
    except json.JSONDecodeError as fault:
        raise refuse("formats.bad_json", source, line=fault.lineno, column=fault.colno) from None
    except UnicodeDecodeError:
        raise refuse("formats.not_utf8", source) from None
    except _Odd as fault:
        raise refuse(fault.code, source, found=fault.found) from None
    except RecursionError:
        raise refuse("formats.deep_json", source) from None
    except (ValueError, ArithmeticError):
        raise refuse("formats.long_number", source) from None


def read_json(name: str, data: bytes, limits: Limits, findings: Findings) -> Iterator[Grid]:
    """The tables of a JSON object. A row's number is its place in the array, from 1.

    Raises
    ------
    InputFault
        It is no JSON object of tables.
    Limit
        It has too many cells.
    """
    whole = load_json(name, data)
    if not isinstance(whole, dict):
        raise refuse("formats.json_shape", name, found=type(whole).__name__)
    if "tasks" in whole and "orders" not in whole:
        raise refuse("formats.plan_for_workshop", name)
    for key, value in whole.items():
        if key[:1] in {"_", "$"} or plain(key) in NOT_TABLES:
            continue
        table = table_of(key)
        if table is None:
            unknown_table(findings, key)
            continue
        grid = _grid(table, key, value, limits, findings)
        if grid is not None:
            yield grid
        else:
            findings.unreadable.add(table)


def _grid(table: str, key: str, value: object, limits: Limits, findings: Findings) -> Grid | None:
    if table == "settings" and isinstance(value, dict):
        value = [{"key": k, "value": v} for k, v in value.items()]
    if not isinstance(value, list) or not all(isinstance(r, dict) for r in value):
        findings.fault("formats.json_rows", Place(table=table, source=key), found=_short(value))
        return None
    rows: Sequence[Mapping[str, object]] = value
    names = list(dict.fromkeys(k for r in rows for k in r))
    refuse_wide(key, len(names), limits)
    if len(names) * len(rows) > limits.cells:
        raise too_much("formats.too_many_cells", sheet=key, found=f"{len(names):,} × {len(rows):,}", limit=limits.cells)
    cells: list[list[Raw]] = [list(names)]
    cells += [[_raw(r.get(n)) for n in names] for r in rows]
    return Grid(table, key, cells, range(len(cells)))


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _raw(value: object) -> Raw:
    """A JSON value as a cell; a list is several names, anything deeper is shown as it is and will not be understood."""
    if isinstance(value, bool):
        return Odd("boolean", value, str(value).lower())
    if value is None or isinstance(value, str | int | Decimal):
        return value
    if isinstance(value, list) and value and all(isinstance(v, str | int) and not isinstance(v, bool) for v in value):
        return ";".join(map(str, value))
    return _short(value)
