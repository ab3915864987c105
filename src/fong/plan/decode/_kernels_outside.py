"""Compiled: steps that are done outside. Their lots leave when they are collected, with all that they take along."""

from __future__ import annotations

from fong._kernels import inner
from fong.plan.decode._kernels_blocks import (
    keeps_waits_by_hand,
    too_late,
)
from fong.plan.decode._kernels_flow import (
    has_room,
    keep_room,
    leave_places,
    note_end,
    take_material,
)
from fong.plan.decode._kernels_layout import (
    COLLECT,
    E_CHECK,
    E_HAND,
    F_HEAD,
    F_LOT_OP,
    F_LOT_PIECES,
    F_LOT_PTR,
    F_OP_ROW,
    F_RECEIPT_AT,
    F_RECEIPT_PTR,
    F_UNIT_MACHINE,
    F_USE_ITEM,
    FIELDS,
    G_POLLS,
    NEVER,
    OK,
    OUTSIDE,
    START,
    TRY_S,
    USE0,
    USE1,
    W_BLOCK,
    W_HORIZON,
    W_MATERIAL,
    W_PLACE,
    WHY,
    K,
    of_lot,
    of_step,
)
from fong.plan.decode._kernels_pick import lacks
from fong.plan.decode._kernels_time import next_open, push


@inner
def collect_at(k: K, op: int, t: int) -> None:
    """Have a subcontracted operation's lots sent out when they are next collected, after the receipts of that moment."""
    i32, i64 = k.c, k.w
    at = next_open(k, i64[of_step(i32, i32[i32[F_OP_ROW] + op], COLLECT)], t)
    if at < NEVER:
        push(k, at, E_CHECK, i32[FIELDS + F_UNIT_MACHINE] + i32[FIELDS + F_HEAD] + op)
        return
    for lot in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        if i32[of_lot(i32, lot, START)] < 0:
            i32[of_lot(i32, lot, WHY)] = W_HORIZON


@inner
def send_out(k: K, op: int, t: int) -> None:
    """Send out the lots of a subcontracted operation; those that still lack something are tried again."""
    i32, i64 = k.c, k.w
    for lot in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        if i32[of_lot(i32, lot, START)] >= 0:
            continue
        why = outside(k, lot, t)
        if why != OK:
            i32[of_lot(i32, lot, WHY)] = why
            i64[G_POLLS] += 1
            again = next_receipt(k, i32[i32[F_OP_ROW] + op], t) if why == W_MATERIAL else t + TRY_S
            if again < NEVER:
                collect_at(k, op, again)
            return


@inner
def next_receipt(k: K, row: int, t: int) -> int:
    """When something of a step's material comes in after t; NEVER if nothing does."""
    i32, i64 = k.c, k.w
    at = NEVER
    for use in range(i64[of_step(i32, row, USE0)], i64[of_step(i32, row, USE1)]):
        item = i32[i32[F_USE_ITEM] + use]
        for i in range(i32[i32[F_RECEIPT_PTR] + item], i32[i32[F_RECEIPT_PTR] + item + 1]):
            if i32[i32[F_RECEIPT_AT] + i] > t:
                at = min(at, i32[i32[F_RECEIPT_AT] + i])
    return at


@inner
def outside(k: K, lot: int, t: int) -> int:
    """A subcontracted lot leaves, with what it takes along, and comes back; OK or why not."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    if too_late(k, op, t):
        return W_BLOCK
    if not has_room(k, op):
        return W_PLACE
    if lacks(k, lot, row):
        return i32[of_lot(i32, lot, WHY)]
    end = t + i64[of_step(i32, row, OUTSIDE)]
    if not keeps_waits_by_hand(k, lot, row, end, t):
        return W_BLOCK
    i32[of_lot(i32, lot, START)] = t
    take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
    keep_room(k, op)
    leave_places(k, op)
    push(k, end, E_HAND, lot)
    note_end(k, lot, end, t)
    return OK
