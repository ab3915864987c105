"""The decoder's memory: three arrays, filled anew for each decode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong.model.problem import NEVER
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.columns import Ints, full
from fong.plan.decode.floor import Prepared
from fong.plan.decode.rule import Guidance

FIELDS = {name.removeprefix("F_").lower(): array for array, names in lay.ARRAYS.items() for name in names}
"""Which array each column is in, in the order of the directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a decode has changed up to some moment: parts of the three arrays."""

    c: NDArray[np.int32]
    w: tuple[NDArray[np.int64], ...]
    f: NDArray[np.float64]

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.c.nbytes + self.f.nbytes + sum(part.nbytes for part in self.w)


class Memory:
    """The three arrays of one decode (see :mod:`fong.plan.decode._kernels_layout`), freshly filled."""

    def __init__(
        self,
        prepared: Prepared,
        rule: tuple[float, ...],
        weight: NDArray[np.float64],
        room: int,
        guidance: Guidance | None = None,
    ) -> None:
        self.prepared = prepared
        fields = prepared.fields
        sizes = self._sizes(room) | {name: len(column.ravel()) for name, column in fields.items()}
        sizes |= {"rule": 8, "job_weight": len(weight)}
        lots = 0 if guidance is None else len(prepared.lots.op)
        sizes |= {"lot_key": lots, "lot_machine": lots}
        sizes["lot_log"] = len(prepared.lots.op) if rule[0] in (lay.ATC, lay.ATCS) else 0
        self.offset: dict[str, int] = {}
        totals = {"c": 2 * lay.FIELDS, "w": 0, "f": 0}
        for name, array in FIELDS.items():
            self.offset[name] = totals[array]
            totals[array] += sizes[name]
        self.sizes = sizes
        self.k = lay.K(
            c=np.zeros(totals["c"], np.int32),
            w=np.zeros(max(1, totals["w"]), np.int64),
            f=np.zeros(max(1, totals["f"]), np.float64),
        )
        self.k.c[: lay.FIELDS] = [self.offset[name] for name in FIELDS]
        self.k.c[lay.FIELDS : 2 * lay.FIELDS] = [sizes[name] for name in FIELDS]
        for name, column in fields.items():
            self.part(name)[:] = column.ravel()
        self.part("rule")[:] = rule
        self.part("job_weight")[:] = weight
        if guidance is not None:
            self.part("lot_key")[:] = guidance.key
            self.part("lot_machine")[:] = guidance.machine
        self._state()

    def part(self, name: str) -> NDArray[np.int64]:
        """A view of one column."""
        array = getattr(self.k, FIELDS[name])
        out: NDArray[np.int64] = array[self.offset[name] : self.offset[name] + self.sizes[name]]
        return out

    def table(self, name: str, columns: int) -> NDArray[np.int64]:
        """A view of one table."""
        return self.part(name).reshape(-1, columns)

    def snapshot(self) -> Snapshot:
        """A copy of all that a decode changes; of the heap what it holds."""
        heap = slice(self.offset["heap"], self.offset["heap"] + int(self.k.w[lay.G_HEAP]))
        return Snapshot(
            c=self.k.c[self.offset["after"] :].copy(),
            w=tuple(self.k.w[part].copy() for part in (*self._changing(), heap)),
            f=self.k.f[self.offset["pool"] :].copy(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Be as at the time of the snapshot."""
        self.k.c[self.offset["after"] :] = snapshot.c
        for part, values in zip(self._changing(), snapshot.w[:-1], strict=True):
            self.k.w[part] = values
        heap = self.offset["heap"]
        self.k.w[heap : heap + len(snapshot.w[-1])] = snapshot.w[-1]
        self.k.f[self.offset["pool"] :] = snapshot.f

    def _changing(self) -> tuple[slice, ...]:
        """The parts of ``w`` that a decode changes, the heap not counted."""
        at = self.offset
        return slice(at["g"], at["g"] + self.sizes["g"]), slice(at["stock"], at["step"]), slice(at["unit"], at["heap"])

    def _sizes(self, room: int) -> dict[str, int]:
        """Sizes of the state; ``room`` multiplies the heap."""
        floor, p = self.prepared.floor, self.prepared.floor.problem
        lots, ops, units = len(self.prepared.lots.op), p.operations, len(floor.unit_machine)
        busy = p.zones > 0 or p.people > 0
        return {
            "after": lots,
            "before": lots,
            "head": floor.queues,
            "tail": floor.queues,
            "same": int(p.op_same.max()) + 1 if len(p.op_same) else 0,
            "dirty": units + 1,
            "picked": units + 1,
            "picked_at": units + 1,
            "zone_dirty": p.zones + 1,
            "hand_dirty": floor.queues + 1,
            "hand_flag": floor.queues + 1,
            "todo": units + 1,
            "hand_todo": floor.queues + 1,
            "chain_lot": lay.CHAIN,
            "chain_op": lay.CHAIN,
            "chain_end": lay.CHAIN,
            "lot": lots * lay.LOT_COLUMNS,
            "op": ops * lay.OP_COLUMNS,
            "g": 16,
            "stock": len(p.stock_micro),
            "tool": len(p.tool_quantity),
            "place": len(p.place_lots),
            "skip": lots,
            "skill_out": floor.skills,
            "unit": units * lay.UNIT_COLUMNS,
            "person": p.people * lay.PERSON_COLUMNS,
            "zone": p.zones * lay.ZONE_COLUMNS,
            "booking": p.people * lay.BOOKINGS * 2,
            "heap": room * ((6 if busy else 1) * lots + ops + 16 * (units + p.people) + len(p.win_open_s) + 1024),
            "order": units + 1,
            "pool": p.zones * 3,
        }

    def _state(self) -> None:
        """The state before the first event."""
        prepared, f = self.prepared, self.prepared.fields
        floor, p = prepared.floor, prepared.floor.problem
        for name in ("after", "before", "head", "tail", "same", "skip", "skill_out"):
            self.part(name)[:] = -1
        lot = self.table("lot", lay.LOT_COLUMNS)
        lot[:] = -1
        lot[:, lay.STATE] = lay.L_HIDDEN
        lot[:, lay.WHY] = 0
        op = self.table("op", lay.OP_COLUMNS)
        count = np.diff(prepared.lots.pointer)
        op[:, lay.LEFT] = count
        op[:, lay.UNSTARTED] = count
        op[:, lay.WAIT] = self._waits(count > 0)
        op[:, lay.OP_READY] = f["job_release"][f["job_of"]]
        unit = self.table("unit", lay.UNIT_COLUMNS)
        unit[:, [lay.U_LOT, lay.U_LAST_OP, lay.U_RES_LOT, lay.U_SETUP_END, lay.U_CHECK]] = -1
        unit[:, lay.U_RES] = NEVER
        unit[:, lay.U_FAMILY] = full(p.machine_family, p.machines, -1)[floor.unit_machine]
        self.table("person", lay.PERSON_COLUMNS)[:, lay.SET_UNIT] = -1
        zone = self.table("zone", lay.ZONE_COLUMNS)
        zone[:, lay.Z_DARK] = -1
        zone[:, lay.Z_NEXT] = NEVER
        self.part("stock")[:] = p.stock_micro
        self.part("tool")[:] = p.tool_quantity
        self.part("place")[:] = p.place_lots

    def _waits(self, there: NDArray[np.bool_]) -> Ints:
        """How many predecessors of each operation must tell when it may start."""
        f = self.prepared.fields
        there = there.copy()
        there[self.prepared.floor.problem.wip_op] = True
        total = np.concatenate([[0], np.cumsum(there[f["pred_op"]])])
        out: Ints = np.diff(total[f["pred_ptr"]])
        return out
