"""The third noun: what is intended (ISA-95: operations schedule), as columns. One row per lot or sub-lot and step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fong.model.problem import I32


def _none() -> I32:
    a = np.zeros(0, np.int32)
    a.setflags(write=False)
    return a


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Who and which machine does which task when (L rows). Seconds after the problem's epoch; -1 means none.

    Columns after ``end`` may be zero-length where the problem has no such feature. Rows may stand in any order.
    """

    op: I32  # [L] operation
    machine: I32  # [L] -1: by hand or outside
    start: I32  # [L] run start
    end: I32  # [L] run end
    sublot: I32 = field(default_factory=_none)  # [L] or empty: 0
    pieces: I32 = field(default_factory=_none)  # [L] or empty: the operation's pieces
    batch: I32 = field(default_factory=_none)  # [L] or empty: -1. Lots of one batch share an id
    setup_start: I32 = field(default_factory=_none)  # [L] or empty: -1 no set-up
    setup_end: I32 = field(default_factory=_none)
    setup_person: I32 = field(default_factory=_none)
    person: I32 = field(default_factory=_none)  # [L] or empty: -1. Held for the run (a batch: while it is loaded)

    def __len__(self) -> int:
        return len(self.op)

    def filled(self, name: str, default: int) -> NDArray[np.int32]:
        """Column ``name`` at full length, ``default`` where it is absent."""
        column: I32 = getattr(self, name)
        return column if len(column) == len(self.op) else np.full(len(self.op), default, np.int32)
