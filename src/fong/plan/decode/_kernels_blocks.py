"""Compiled: longest waits. What must follow soon is reserved as a block when its predecessor starts."""

from __future__ import annotations

from fong._kernels import inner
from fong.plan.decode._kernels_flow import note_turn, take_material
from fong.plan.decode._kernels_layout import (
    CHAIN,
    COMMITTED,
    E_RESERVED,
    END,
    F_CHAIN_END,
    F_CHAIN_LOT,
    F_CHAIN_OP,
    F_HAS_WAITS,
    F_LOT_OP,
    F_LOT_PIECES,
    F_LOT_PTR,
    F_OP_QUEUE,
    F_OP_ROW,
    F_PRED_OP,
    F_PRED_PTR,
    F_SUCC_OP,
    F_SUCC_PTR,
    F_TOOL,
    F_UNIT_MACHINE,
    F_WIP_OP,
    FAMILY,
    FIELDS,
    LAG,
    M_ZONE,
    MAX_WAIT,
    NEVER,
    OP_END,
    OP_READY,
    RUNNING,
    SETUP_START,
    START,
    TOOL,
    U_END,
    U_FAMILY,
    U_LAST_OP,
    U_NEED,
    U_STATE,
    UNIT,
    UNSTARTED,
    WAIT,
    K,
    of_lot,
    of_machine,
    of_op,
    of_step,
    of_unit,
)
from fong.plan.decode._kernels_time import push
from fong.plan.decode._kernels_waits import (
    reserve_lot,
    unfix,
)


@inner
def has_followers(k: K, lot: int) -> bool:
    """Whether the lot is the last of its operation to start, and a longest wait follows."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    if not i32[i32[F_HAS_WAITS]] or i64[of_step(i32, i32[i32[F_OP_ROW] + op], MAX_WAIT)] >= NEVER:
        return False
    return i32[of_op(i32, op, UNSTARTED)] <= 1


@inner
def too_late(k: K, op: int, t: int) -> bool:
    """Whether an operation that nobody has reserved would start longer after one before it than that allows."""
    i32, i64 = k.c, k.w
    if not i32[i32[F_HAS_WAITS]]:
        return False
    for i in range(i32[i32[F_PRED_PTR] + op], i32[i32[F_PRED_PTR] + op + 1]):
        a = i32[i32[F_PRED_OP] + i]
        most = i64[of_step(i32, i32[i32[F_OP_ROW] + a], MAX_WAIT)]
        there = i32[i32[F_LOT_PTR] + a] < i32[i32[F_LOT_PTR] + a + 1]
        for w in range(i32[FIELDS + F_WIP_OP]):
            there = there or i32[i32[F_WIP_OP] + w] == a
        if there and most < NEVER and t > i32[of_op(i32, a, OP_END)] + most:
            return True
    return False


@inner
def keeps_waits(k: K, lot: int, end: int, t: int) -> bool:
    """If the lot is the last of its operation to start and a longest wait follows: reserve what comes after, the chain as a block.

    False, and nothing reserved, if that cannot be done.
    """
    i32 = k.c
    op = i32[i32[F_LOT_OP] + lot]
    if not has_followers(k, lot):
        return True
    own, pieces = (i32[i32[F_OP_ROW] + op], i32[i32[F_LOT_PIECES] + lot])
    take_material(k, own, pieces)  # not there for those that follow
    good = block(k, op, end, t)
    take_material(k, own, -pieces)
    return good


@inner
def block(k: K, op: int, end: int, t: int) -> bool:
    """Reserve what must follow an operation that ends at ``end``, and what must follow that; all or nothing."""
    i32, i64 = k.c, k.w
    done, ops, ends = i32[F_CHAIN_LOT], i32[F_CHAIN_OP], i32[F_CHAIN_END]
    count = 0
    i32[ops], i64[ends] = (op, max(i32[of_op(i32, op, OP_END)], end))
    depth, at = (1, 0)
    good = True
    while good and at < depth:
        a, last = (i32[ops + at], i64[ends + at])
        at += 1
        row = i32[i32[F_OP_ROW] + a]
        if i64[of_step(i32, row, MAX_WAIT)] >= NEVER:
            continue
        for i in range(i32[i32[F_SUCC_PTR] + a], i32[i32[F_SUCC_PTR] + a + 1]):
            b = i32[i32[F_SUCC_OP] + i]
            first, stop = (i32[i32[F_LOT_PTR] + b], i32[i32[F_LOT_PTR] + b + 1])
            if i32[of_op(i32, b, COMMITTED)] or first == stop:
                continue
            low = max(last + i64[of_step(i32, row, LAG)], i32[of_op(i32, b, OP_READY)])
            high = last + i64[of_step(i32, row, MAX_WAIT)]
            if i32[of_op(i32, b, WAIT)] > 1 or low > high or depth >= CHAIN or (count + stop - first > CHAIN):
                good = False
                break
            latest = low
            for other in range(first, stop):
                if not reserve_lot(k, other, low, high, t):
                    good = False
                    break
                i32[done + count] = other
                count += 1
                latest = max(latest, i32[of_lot(i32, other, END)])
            if not good:
                break
            if (
                i32[i32[F_OP_QUEUE] + b] >= 0
                and i64[of_step(i32, i32[i32[F_OP_ROW] + b], MAX_WAIT)] < NEVER
                and in_zone(k, first)
            ):
                continue  # its end is not known yet: what must follow it is reserved then
            i32[ops + depth], i64[ends + depth] = (b, latest)
            depth += 1
    if not good:
        for i in range(count):
            unfix(k, i32[done + i])
        return False
    for i in range(count):
        commit(k, i32[done + i])
    return True


@inner
def keeps_waits_on(k: K, u: int, lot: int, end: int, t: int) -> bool:
    """:func:`keeps_waits` for a run that begins now: what follows finds the unit taken until the end, and set up for the lot."""
    i32, i64 = k.c, k.w
    row, op = (of_unit(i32, u, 0), i32[i32[F_LOT_OP] + lot])
    state, until, need = (i64[row + U_STATE], i64[row + U_END], i64[row + U_NEED])
    family, last = (i64[row + U_FAMILY], i64[row + U_LAST_OP])
    i64[row + U_STATE], i64[row + U_END], i64[row + U_NEED] = (RUNNING, end, 0)
    i64[row + U_FAMILY], i64[row + U_LAST_OP] = (i64[of_step(i32, i32[i32[F_OP_ROW] + op], FAMILY)], op)
    if keeps_waits(k, lot, end, t):
        return True
    i64[row + U_STATE], i64[row + U_END], i64[row + U_NEED] = (state, until, need)
    i64[row + U_FAMILY], i64[row + U_LAST_OP] = (family, last)
    return False


@inner
def keeps_waits_by_hand(k: K, lot: int, row: int, end: int, t: int) -> bool:
    """:func:`keeps_waits` for handwork and outside steps, which take their tool here if so."""
    i32, i64 = k.c, k.w
    tool = i64[of_step(i32, row, TOOL)]
    if tool >= 0:
        i64[i32[F_TOOL] + tool] -= 1
    good = keeps_waits(k, lot, end, t)
    if tool >= 0 and not good:
        i64[i32[F_TOOL] + tool] += 1
    return good


@inner
def in_zone(k: K, lot: int) -> bool:
    """Whether the lot's unit stands in a zone."""
    i32, i64 = k.c, k.w
    return (
        i32[of_lot(i32, lot, UNIT)] >= 0
        and i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + i32[of_lot(i32, lot, UNIT)]], M_ZONE)] >= 0
    )


@inner
def commit(k: K, lot: int) -> None:
    """A reservation holds: have it carried out when its time comes."""
    i32 = k.c
    note_turn(k, lot)
    i32[of_op(i32, i32[i32[F_LOT_OP] + lot], COMMITTED)] = 1
    at = i32[of_lot(i32, lot, SETUP_START)] if i32[of_lot(i32, lot, SETUP_START)] >= 0 else i32[of_lot(i32, lot, START)]
    u = i32[of_lot(i32, lot, UNIT)]
    push(k, at, E_RESERVED, u if u >= 0 else i32[FIELDS + F_UNIT_MACHINE] + lot)
