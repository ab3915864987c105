"""Plays a rule with guidance through the decoder, again and again, each time from the last moment before anything changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.problem import NEVER
from fong.model.schedule import Schedule
from fong.plan.decode import Decoded
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode._kernels_decode import decode
from fong.plan.decode.floor import Prepared
from fong.plan.decode.memory import Memory, Snapshot
from fong.plan.decode.rule import Guidance, Rule, figures, weights

MARKS = 32
"""Most moments from which a play can go on."""
ROOM = 256 * 2**20
"""Bytes that the snapshots of all marks may take."""


class Player:
    """The decoder with its memory kept, and marks in time from which it can go on.

    Nothing happens to a lot before it is shown to its queue. So a play whose first changed lot was shown at ``since`` is the accepted
    one up to there, and begins at the last mark before. Marks are taken on the way to ``since``, where the play still *is* the
    accepted one; they are void when a play is accepted that left it before (:meth:`accept`).

    Attributes
    ----------
    key, machine
        [L] guidance; change them, then :meth:`play`.
    lot, op
        [L, ...] and [T, ...]: the decoder's tables after the last play.
    shown, ready, begin
        [L] of the accepted play: when each lot came to its queue, when it might start, when its set-up or run began (s).
    complete
        Whether the accepted play finished all lots.
    """

    def __init__(self, prepared: Prepared, rule: Rule, guidance: Guidance | None = None) -> None:
        self.prepared = prepared
        self.weight = weights(prepared.floor.problem)
        self._room = 1
        count = len(prepared.lots.op)
        self.key = np.zeros(count) if guidance is None else guidance.key.copy()
        self.machine = np.full(count, -1, np.int32) if guidance is None else guidance.machine.copy()
        self.rule = rule
        self._marks: list[int] = []
        self._renew()
        self.complete = self.play(0)
        begin = self._begins()
        size = self._snapshots[-1].bytes
        count = int(np.clip(ROOM // size, 1, MARKS))
        at = np.quantile(begin, np.linspace(0, 1, count + 2)[1:-1]) if len(begin) else ()
        self._marks = sorted({int(t) for t in at if t >= 1})  # lots that are shown at 0 are shown before any mark
        self.accept(-1)

    def tune(self, rule: Rule) -> None:
        """Play by this rule, of the same name, from the next play on."""
        self.rule = rule
        self.memory.part("rule")[:] = figures(rule, self.prepared.figures())

    def _renew(self) -> None:
        guidance = Guidance(key=self.key, machine=freeze(self.machine, np.int32))
        row = figures(self.rule, self.prepared.figures())
        self.memory = Memory(self.prepared, row, self.weight, self._room, guidance)
        self.lot = self.memory.table("lot", lay.LOT_COLUMNS)
        self.op = self.memory.table("op", lay.OP_COLUMNS)
        self._snapshots: dict[int, Snapshot] = {-1: self.memory.snapshot()}

    def _begins(self) -> NDArray[np.int64]:
        setup = self.lot[:, lay.SETUP_START]
        out: NDArray[np.int64] = np.where(setup >= 0, setup, self.lot[:, lay.START]).astype(np.int64)
        return out

    def play(self, since: int) -> bool:
        """Play key and machine as they stand; no lot that was shown before ``since`` has changed. Whether all lots were finished."""
        self.memory.part("lot_key")[:] = self.key
        self.memory.part("lot_machine")[:] = self.machine
        first = max(t for t in self._snapshots if t <= since)
        self.memory.restore(self._snapshots[first])
        for mark in self._marks:
            if first < mark <= since:
                decode(self.memory.k, mark)
                self._snapshots[mark] = self.memory.snapshot()
        done = decode(self.memory.k, NEVER)
        if self.memory.k.w[lay.G_FULL]:
            self._room *= 4
            self._renew()
            return self.play(0)
        return int(done) == len(self.lot)

    def accept(self, since: int) -> None:
        """What was played last is the accepted play from now on; it left the one before at ``since``."""
        for mark in [t for t in self._snapshots if t > since >= 0]:
            del self._snapshots[mark]
        self.shown = self.lot[:, lay.SHOWN].astype(np.int64)
        self.ready = self.lot[:, lay.READY].astype(np.int64)
        self.begin = self._begins()

    def schedule(self) -> Schedule:
        """What was played last, as a plan."""
        done = int((self.lot[:, lay.STATE] == lay.L_DONE).sum())
        return Decoded(prepared=self.prepared, lot=self.lot, done=done).schedule()
