"""Compiled: what happens at each event."""

from __future__ import annotations

from fong._kernels import (
    inner,
)
from fong.plan.decode._kernels_blocks import (
    block,
    has_followers,
)
from fong.plan.decode._kernels_flow import (
    fill_place,
    finish,
    free_unit,
    mark_person,
    mark_queue,
    mark_resource,
    mark_unit,
    may_block,
    note_end,
    release_unit,
    wants_room,
)
from fong.plan.decode._kernels_layout import (
    BLOCKED,
    E_CALENDAR,
    E_END,
    E_HAND,
    E_PERSON,
    E_READY,
    E_RECEIPT,
    E_RESERVED,
    E_SETUP,
    E_WIP,
    E_ZONE,
    F_AFTER,
    F_CAL_PERSON,
    F_CAL_PERSON_PTR,
    F_CAL_UNIT,
    F_CAL_UNIT_PTR,
    F_HEAD,
    F_LOT_OP,
    F_OP_QUEUE,
    F_OP_ROW,
    F_PERSON_ZONE,
    F_PLACE,
    F_RECEIPT_AT,
    F_RECEIPT_MICRO,
    F_RECEIPT_PTR,
    F_STOCK,
    F_TOOL,
    F_TOOLS,
    F_UNIT_MACHINE,
    F_WIP_OP,
    F_WIP_UNIT,
    F_ZONE_UNIT,
    F_ZONE_UNIT_PTR,
    FIELDS,
    FREE_AT,
    G_EVENTS,
    G_POLLS,
    IN_PLACE,
    LEFT,
    LEFT_PLACE,
    M_BATCH,
    M_ZONE,
    NEVER,
    PLACE,
    SET_UNIT,
    SETTING,
    SETUP_PERSON,
    TOOL,
    U_END,
    U_LOT,
    U_SETUP,
    U_STATE,
    Z_ASKED,
    Z_NEXT,
    Z_OPEN,
    K,
    of_lot,
    of_machine,
    of_op,
    of_person,
    of_step,
    of_unit,
    of_zone,
)
from fong.plan.decode._kernels_outside import (
    collect_at,
    send_out,
)
from fong.plan.decode._kernels_reserved import (
    on_reserved,
    on_setup,
)
from fong.plan.decode._kernels_start import (
    setup_over,
)
from fong.plan.decode._kernels_time import (
    is_open,
    next_change,
    push,
)
from fong.plan.decode._kernels_zone import (
    advance,
    is_done,
    touch,
)


@inner
def on_zone(k: K, z: int, t: int) -> None:
    """Some tasks or set-ups of the zone may be over."""
    i32, i64 = k.c, k.w
    if i64[of_zone(i32, z, Z_NEXT)] != t:
        return
    advance(k, z, t)
    for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
        u = i32[i32[F_ZONE_UNIT] + i]
        if is_done(k, u, t):
            lot = i64[of_unit(i32, u, U_LOT)]
            i64[of_zone(i32, z, Z_OPEN)] -= 1
            finish(k, lot, t)
            release_unit(k, u, t)
            if has_followers(
                k, lot
            ):  # the end of a task with calls is not known before: too late to wait with its start
                block(k, i32[i32[F_LOT_OP] + lot], t, t)
            note_end(k, lot, t, t)
        elif i64[of_unit(i32, u, U_STATE)] == SETTING and i64[of_unit(i32, u, U_SETUP)] <= 0 and by_tender(k, u):
            setup_over(k, u, t)
    touch(k, z)


@inner
def by_tender(k: K, u: int) -> bool:
    """Whether the unit is being set up by a tender of its zone."""
    i32, i64 = k.c, k.w
    who = i32[of_lot(i32, i64[of_unit(i32, u, U_LOT)], SETUP_PERSON)]
    return who >= 0 and i64[of_person(i32, who, SET_UNIT)] == u


@inner
def give_room(k: K, op: int) -> None:
    """A lot of the operation has ended for which room was kept: if its next step has begun meanwhile, it needs none."""
    i32, i64 = k.c, k.w
    if wants_room(k, op) and i32[of_op(i32, op, LEFT_PLACE)]:
        place = i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)]
        i64[i32[F_PLACE] + place] += 1
        fill_place(k, place)


@inner
def on_end(k: K, u: int, t: int) -> None:
    """A run with a certain end is over; a batch with all its lots."""
    i32, i64 = k.c, k.w
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    if z >= 0:
        advance(k, z, t)
        i64[of_zone(i32, z, Z_OPEN)] -= 1
        touch(k, z)
    if i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_BATCH)] == 0:
        finish(k, i64[of_unit(i32, u, U_LOT)], t)
        release_unit(k, u, t)
        return
    walk = i64[of_unit(i32, u, U_LOT)]
    while walk >= 0:
        finish(k, walk, t)
        give_room(k, i32[i32[F_LOT_OP] + walk])
        walk = i32[i32[F_AFTER] + walk]
    free_unit(k, u)


@inner
def on_calendar(k: K, cal: int, t: int) -> None:
    """A calendar opens or closes: people come or go, machines too."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_CAL_PERSON_PTR] + cal], i32[i32[F_CAL_PERSON_PTR] + cal + 1]):
        who = i32[i32[F_CAL_PERSON] + i]
        if i32[i32[F_PERSON_ZONE] + who] >= 0:
            z = i32[i32[F_PERSON_ZONE] + who]
            advance(k, z, t)
            touch(k, z)
            i64[of_zone(i32, z, Z_ASKED)] = 1
        if i64[of_person(i32, who, FREE_AT)] <= t and is_open(k, cal, t):
            mark_person(k, who)
    for i in range(i32[i32[F_CAL_UNIT_PTR] + cal], i32[i32[F_CAL_UNIT_PTR] + cal + 1]):
        u = i32[i32[F_CAL_UNIT] + i]
        z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
        if z >= 0:
            advance(k, z, t)
            touch(k, z)
        mark_unit(k, u)
    following = next_change(k, cal, t)
    if following < NEVER:
        push(k, following, E_CALENDAR, cal)


@inner
def on_ready(k: K, op: int, t: int) -> None:
    """The operation may start."""
    i32 = k.c
    q = i32[i32[F_OP_QUEUE] + op]
    if q >= 0:
        mark_queue(k, q)
    else:
        collect_at(k, op, t)


@inner
def on_receipt(k: K, item: int, t: int) -> None:
    """Material arrives."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_RECEIPT_PTR] + item], i32[i32[F_RECEIPT_PTR] + item + 1]):
        if i32[i32[F_RECEIPT_AT] + i] == t:
            i64[i32[F_STOCK] + item] += i64[i32[F_RECEIPT_MICRO] + i]
    mark_resource(k, i32[i32[F_TOOLS] + 1] + item)


@inner
def on_hand(k: K, lot: int, t: int) -> None:
    """Handwork or an outside step is over."""
    finish(k, lot, t)
    give_room(k, k.c[k.c[F_LOT_OP] + lot])


@inner
def on_wip(k: K, i: int, t: int) -> None:
    """Work that ran at the start is over; of a batch the last lot frees the machine."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_WIP_OP] + i]
    tool = i64[of_step(i32, i32[i32[F_OP_ROW] + op], TOOL)]
    if tool >= 0:
        i64[i32[F_TOOL] + tool] += 1
        mark_resource(k, i32[i32[F_TOOLS]] + tool)
    u = i32[i32[F_WIP_UNIT] + i]
    placed = not may_block(k, op)
    place = i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)]
    if not placed and (u < 0 or i64[i32[F_PLACE] + place] > 0):
        i64[i32[F_PLACE] + place] -= 1
        i32[of_op(i32, op, LEFT)] = IN_PLACE
        placed = True
    if u < 0 or i64[of_unit(i32, u, U_END)] > t:
        return
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    if z >= 0:
        advance(k, z, t)
        i64[of_zone(i32, z, Z_OPEN)] -= 1
        touch(k, z)
    if placed:
        free_unit(k, u)
    else:
        i64[of_unit(i32, u, U_STATE)] = BLOCKED


@inner
def handle(k: K, kind: int, ident: int, t: int) -> None:
    """One event."""
    i32, i64 = k.c, k.w
    i64[G_EVENTS] += 1
    if kind == E_ZONE:
        on_zone(k, ident, t)
    elif kind == E_SETUP:
        on_setup(k, ident, t)
    elif kind == E_END:
        on_end(k, ident, t)
    elif kind == E_HAND:
        on_hand(k, ident, t)
    elif kind == E_PERSON:
        if i64[of_person(i32, ident, FREE_AT)] <= t:
            mark_person(k, ident)
    elif kind == E_CALENDAR:
        on_calendar(k, ident, t)
    elif kind == E_READY:
        on_ready(k, ident, t)
    elif kind == E_RECEIPT:
        on_receipt(k, ident, t)
    elif kind == E_RESERVED:
        on_reserved(k, ident, t)
    elif kind == E_WIP:
        on_wip(k, ident, t)
    elif ident < i32[FIELDS + F_UNIT_MACHINE]:
        i64[G_POLLS] += 1
        mark_unit(k, ident)
    else:
        queue = ident - i32[FIELDS + F_UNIT_MACHINE]
        if queue < i32[FIELDS + F_HEAD]:
            i64[G_POLLS] += 1
            mark_queue(k, queue)
        else:
            send_out(k, queue - i32[FIELDS + F_HEAD], t)
