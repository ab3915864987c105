"""Compiled: the moments of what was reserved before, so that a longest wait is kept."""

from __future__ import annotations

from fong._kernels import (
    inner,
)
from fong.plan.decode._kernels_batch import (
    batch_units,
    join_batch,
    start_batch,
)
from fong.plan.decode._kernels_blocks import (
    keeps_waits,
)
from fong.plan.decode._kernels_flow import (
    enqueue,
    forget,
    has_material,
    has_room,
    keep_room,
    leave_places,
    note_end,
    take_material,
)
from fong.plan.decode._kernels_layout import (
    E_END,
    E_HAND,
    E_SETUP,
    END,
    F_AFTER,
    F_LOT_OP,
    F_LOT_PIECES,
    F_MODE_CYCLE,
    F_MODE_PTR,
    F_OP_ROW,
    F_OP_SAME,
    F_OP_STEP,
    F_SAME,
    F_TOOL,
    F_UNIT_MACHINE,
    FAMILY,
    FIELDS,
    G_BATCHES,
    IDLE,
    M_BATCH,
    M_ZONE,
    NEVER,
    OK,
    PENDING,
    PERSON,
    RUN_SKILL,
    RUNNING,
    SETTING,
    SETUP_END,
    SETUP_PERSON,
    SETUP_START,
    START,
    TOOL,
    U_CALLS,
    U_END,
    U_FAMILY,
    U_LAST_OP,
    U_LOT,
    U_MODE,
    U_NEED,
    U_RES,
    U_RES_LOT,
    U_SETUP,
    U_SINCE,
    U_STATE,
    W_PLACE,
    WHY,
    Z_ASKED,
    Z_COMING,
    Z_OPEN,
    K,
    of_lot,
    of_machine,
    of_step,
    of_unit,
    of_zone,
)
from fong.plan.decode._kernels_people import (
    hold_person,
)
from fong.plan.decode._kernels_start import (
    setup_over,
    try_run,
)
from fong.plan.decode._kernels_time import (
    push,
)
from fong.plan.decode._kernels_waits import (
    unbook,
)
from fong.plan.decode._kernels_zone import (
    advance,
    touch,
)


@inner
def on_reserved(k: K, ident: int, t: int) -> None:
    """The time of a reservation has come."""
    i32, i64 = k.c, k.w
    units = i32[FIELDS + F_UNIT_MACHINE]
    if ident >= units:
        run_reserved_hand(k, ident - units, t)
        return
    u = ident
    lot = i64[of_unit(i32, u, U_RES_LOT)]
    op = i32[i32[F_LOT_OP] + lot]
    leave_places(k, op)  # maybe the very lot that stands on this unit for want of a place
    if i64[of_unit(i32, u, U_STATE)] != IDLE:
        i32[of_lot(i32, lot, WHY)] = W_PLACE  # another lot stands on the unit: this rule gives no plan
        return
    i64[of_unit(i32, u, U_LOT)] = lot
    i64[of_unit(i32, u, U_MODE)] = i32[of_lot(i32, lot, WHY)]
    i32[of_lot(i32, lot, WHY)] = i32[of_lot(i32, lot, WHY)] - i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]]
    if i32[FIELDS + F_OP_SAME] > 0 and i32[i32[F_OP_SAME] + op] >= 0:
        i32[i32[F_SAME] + i32[i32[F_OP_SAME] + op]] = i32[i32[F_UNIT_MACHINE] + u]
    i64[of_unit(i32, u, U_RES)] = NEVER
    if i32[of_lot(i32, lot, SETUP_START)] == t and i32[of_lot(i32, lot, START)] > t:
        i64[of_unit(i32, u, U_STATE)] = SETTING
        i64[of_unit(i32, u, U_SETUP)] = 0
        who = i32[of_lot(i32, lot, SETUP_PERSON)]
        z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
        if z >= 0:
            i64[of_zone(i32, z, Z_COMING)] += 1
        if who >= 0:
            unbook(k, who, t)
            hold_person(k, who, i32[of_lot(i32, lot, START)], t)
        push(k, i32[of_lot(i32, lot, START)], E_SETUP, u)
    else:
        run_reserved(k, u, t)


@inner
def run_in_zone(k: K, u: int, lot: int, row: int, t: int) -> None:
    """Start a reserved run with calls, or have it wait on its machine until the zone's tenders may take it on."""
    i32, i64 = k.c, k.w
    take_material(k, row, -i32[i32[F_LOT_PIECES] + lot])  # it is taken at the start
    i32[of_lot(i32, lot, START)] = -1
    i32[of_lot(i32, lot, END)] = -1
    i64[of_unit(i32, u, U_STATE)] = PENDING
    if try_run(k, u, t) != OK:
        i64[of_zone(i32, i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)], Z_ASKED)] = 1


@inner
def run_reserved(k: K, u: int, t: int) -> None:
    """Start the run of a reservation on its unit."""
    i32, i64 = k.c, k.w
    lot = i64[of_unit(i32, u, U_RES_LOT)]
    following = i32[i32[F_AFTER] + lot]
    i32[i32[F_AFTER] + lot] = -1  # from here on it links the members of a batch
    i64[of_unit(i32, u, U_RES_LOT)] = following
    if following >= 0:
        i64[of_unit(i32, u, U_RES)] = i32[of_lot(i32, following, START)]
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    who = i32[of_lot(i32, lot, PERSON)]
    m = i32[i32[F_UNIT_MACHINE] + u]
    if who >= 0:
        until = unbook(k, who, t)
        if until > t:
            hold_person(k, who, until, t)
    if i64[of_machine(i32, m, M_BATCH)] > 0:
        end = i32[of_lot(i32, lot, END)]
        i64[G_BATCHES] += 1
        keep_room(k, op)
        note_end(k, lot, end, t)
        room = i64[of_machine(i32, m, M_BATCH)] - batch_units(k, lot)
        i64[of_unit(i32, u, U_STATE)] = RUNNING
        join_batch(k, u, lot, room, i32[i32[F_MODE_CYCLE] + i64[of_unit(i32, u, U_MODE)]], t)
        follow(k, u, lot, end, t)
        start_batch(k, u, lot, who, t, end)
    elif i64[of_machine(i32, m, M_ZONE)] >= 0 and i64[of_step(i32, row, RUN_SKILL)] < 0:
        run_in_zone(k, u, lot, row, t)
        return
    else:
        end = i32[of_lot(i32, lot, END)]
        i64[of_unit(i32, u, U_STATE)] = RUNNING
        i64[of_unit(i32, u, U_SINCE)] = t
        i64[of_unit(i32, u, U_END)] = end
        i64[of_unit(i32, u, U_NEED)] = 0
        i64[of_unit(i32, u, U_CALLS)] = 0
        z = i64[of_machine(i32, m, M_ZONE)]
        if z >= 0:
            advance(k, z, t)
            i64[of_zone(i32, z, Z_OPEN)] += 1
            touch(k, z)
        push(k, end, E_END, u)
        note_end(k, lot, end, t)
    i64[of_unit(i32, u, U_FAMILY)] = i64[of_step(i32, row, FAMILY)]
    i64[of_unit(i32, u, U_LAST_OP)] = op


@inner
def follow(k: K, u: int, lot: int, end: int, t: int) -> None:
    """Those who joined a reserved batch: keep them, or send them back, as in any batch."""
    i32, i64 = k.c, k.w
    last, walk = (lot, i32[i32[F_AFTER] + lot])
    while walk >= 0:
        following = i32[i32[F_AFTER] + walk]
        row = i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + walk]]
        if (
            has_material(k, row, i32[i32[F_LOT_PIECES] + walk])
            and has_room(k, i32[i32[F_LOT_OP] + walk])
            and keeps_waits(k, walk, end, t)
        ):
            take_material(k, row, i32[i32[F_LOT_PIECES] + walk])
            keep_room(k, i32[i32[F_LOT_OP] + walk])
            leave_places(k, i32[i32[F_LOT_OP] + walk])
            note_end(k, walk, end, t)
            last = walk
        else:
            i32[i32[F_AFTER] + last] = following
            if i64[of_step(i32, row, TOOL)] >= 0:
                i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] += 1
            forget(k, walk, u)
            enqueue(k, walk)
        walk = following


@inner
def run_reserved_hand(k: K, lot: int, t: int) -> None:
    """Start reserved handwork or an outside step."""
    i32 = k.c
    leave_places(k, i32[i32[F_LOT_OP] + lot])
    keep_room(k, i32[i32[F_LOT_OP] + lot])
    who = i32[of_lot(i32, lot, PERSON)]
    if who >= 0:
        until = unbook(k, who, t)
        hold_person(k, who, until, t)
    end = i32[of_lot(i32, lot, END)]
    push(k, end, E_HAND, lot)
    note_end(k, lot, end, t)


@inner
def on_setup(k: K, u: int, t: int) -> None:
    """A set-up with a certain end is over."""
    i32, i64 = k.c, k.w
    if i64[of_unit(i32, u, U_RES_LOT)] >= 0 and i64[of_unit(i32, u, U_RES_LOT)] == i64[of_unit(i32, u, U_LOT)]:
        i32[of_lot(i32, i64[of_unit(i32, u, U_LOT)], SETUP_END)] = t
        z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
        if z >= 0:
            i64[of_zone(i32, z, Z_COMING)] -= 1
        run_reserved(k, u, t)
        return
    setup_over(k, u, t)
