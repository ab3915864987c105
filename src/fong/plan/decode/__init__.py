"""The door to the compiled decoder: a prepared problem and a rule become a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.problem import I32, NEVER
from fong.model.schedule import Schedule
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode._kernels_decode import decode as run
from fong.plan.decode.floor import Prepared
from fong.plan.decode.memory import Memory
from fong.plan.decode.rule import Guidance, Rule, figures


def decode(prepared: Prepared, rule: Rule, weight: NDArray[np.float64], guidance: Guidance | None = None) -> Decoded:
    """Play a rule.

    Parameters
    ----------
    weight
        [J] > 0; urgency of each job, at 1 where all are alike.
    guidance
        What is told of single lots; the rule ``sequence`` needs it.
    """
    room = 1
    while True:
        memory = Memory(prepared, figures(rule, prepared.figures()), weight, room, guidance)
        done = run(memory.k, NEVER)
        if not memory.k.w[lay.G_FULL]:
            return Decoded(prepared=prepared, lot=memory.table("lot", lay.LOT_COLUMNS), done=int(done))
        room *= 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a decode left: a plan if all lots are done."""

    prepared: Prepared
    lot: NDArray[np.int64]
    done: int

    @property
    def complete(self) -> bool:
        """Whether every lot was finished."""
        return self.done == len(self.prepared.lots.op)

    def unfinished(self) -> I32:
        """Lots that were not finished, and why not at their last try: [n, 2] operation, reason."""
        lot = self.lot
        left = np.flatnonzero(lot[:, lay.STATE] != lay.L_DONE)
        return np.stack([self.prepared.lots.op[left], lot[left, lay.WHY]], axis=1).astype(np.int32)

    def schedule(self) -> Schedule:
        """The plan as columns; those that would say nothing stay empty."""
        floor, lots, lot = self.prepared.floor, self.prepared.lots, self.lot
        unit = lot[:, lay.UNIT]
        machine = np.where(unit >= 0, floor.unit_machine[np.maximum(unit, 0)] if len(floor.unit_machine) else -1, -1)
        columns = {
            "op": lots.op,
            "machine": machine,
            "start": lot[:, lay.START],
            "end": lot[:, lay.END],
        }
        if len(lots.op) and int(np.diff(lots.pointer).max()) > 1:
            columns["sublot"] = np.arange(len(lots.op)) - lots.pointer[lots.op]
        if len(floor.problem.op_pieces):
            columns["pieces"] = lots.pieces
        if (lot[:, lay.BATCH_ID] >= 0).any():
            columns["batch"] = lot[:, lay.BATCH_ID]
        if (lot[:, lay.SETUP_START] >= 0).any():
            columns["setup_start"] = lot[:, lay.SETUP_START]
            columns["setup_end"] = np.where(lot[:, lay.SETUP_START] >= 0, lot[:, lay.SETUP_END], -1)
            columns["setup_person"] = np.where(lot[:, lay.SETUP_START] >= 0, lot[:, lay.SETUP_PERSON], -1)
        if (lot[:, lay.PERSON] >= 0).any():
            columns["person"] = lot[:, lay.PERSON]
        return Schedule(**{k: freeze(v, np.int32) for k, v in columns.items()})
