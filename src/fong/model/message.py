"""What pure rooms say: a code and its parameters, never a sentence. :mod:`fong.lang` makes the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

Param = str | int | float | datetime
"""A parameter of a message. Names end in their unit (``wait_s``, ``cost_cents``) so that a catalogue can format them."""

_NONE: Mapping[str, Param] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """A statement of a pure room, in no language.

    Parameters
    ----------
    code
        Key of the sentence in the catalogues, ``room.name`` (``plan.waits_machine``).
    params
        Values for the sentence's places.
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=lambda: _NONE)

    def __str__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self.params.items())
        return f"{self.code}({shown})"


def message(code: str, **params: Param) -> Message:
    """Make a :class:`Message` from keyword parameters."""
    return Message(code, MappingProxyType(params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the input something stands, as its owner would look for it.

    Parameters
    ----------
    table
        Canonical table name (``routing``).
    source
        The sheet's or file's own name, if it differs (``製程``, ``routing.csv``).
    row
        Row number as a spreadsheet shows it (the header is row 1), or None.
    column
        The column's own header as found, or its canonical name.
    index
        Position in the noun's tuple (0-based), where the fault was found in the model; a reader turns it into ``row``.
    """

    table: str = ""
    source: str = ""
    row: int | None = None
    column: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of the input: where, what, what to do.

    ``message.params`` holds ``found`` and ``wanted`` where they make sense. The advice is the catalogue entry ``<code>.how``.
    """

    message: Message
    place: Place = Place()

    def __str__(self) -> str:
        p = self.place
        where = " ".join(s for s in (p.source or p.table, f"row {p.row}" if p.row else "", p.column) if s)
        return f"{where}: {self.message}" if where else str(self.message)
