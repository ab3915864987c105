"""Compiled: the decoder. It plays a dispatch rule forwards in time under all rules of semantics.md."""

from __future__ import annotations

import math

from fong._kernels import inner, njit
from fong.plan._kernels_batch import (
    batch_units,
    begin_batch,
    join_batch,
    key_of,
    load_run,
    start_batch,
)
from fong.plan._kernels_flow import (
    choose_person,
    cycles_of,
    dequeue,
    enqueue,
    fill_place,
    finish,
    forget,
    free_unit,
    has_material,
    has_room,
    hold_person,
    keep_room,
    leave_places,
    mark_next,
    mark_person,
    mark_queue,
    mark_resource,
    mark_unit,
    may_use,
    note_end,
    release_unit,
    setup_need,
    show,
    take_material,
    tell_successors,
    wants_room,
)
from fong.plan._kernels_layout import (
    BLOCKS,
    COLLECT,
    CYCLE,
    E_CALENDAR,
    E_CHECK,
    E_END,
    E_HAND,
    E_PERSON,
    E_READY,
    E_RECEIPT,
    E_RESERVED,
    E_SETUP,
    E_WIP,
    E_ZONE,
    END,
    F_AFTER,
    F_CAL_PERSON,
    F_CAL_PERSON_PTR,
    F_CAL_PTR,
    F_CAL_UNIT,
    F_CAL_UNIT_PTR,
    F_DIRTY,
    F_HAND_DIRTY,
    F_HAND_FLAG,
    F_HAS_SETUPS,
    F_HEAD,
    F_HORIZON,
    F_JOB_OF,
    F_LOT_OP,
    F_LOT_PIECES,
    F_LOT_PTR,
    F_MODE_CYCLE,
    F_MODE_PTR,
    F_OP_QUEUE,
    F_OP_ROW,
    F_OP_SAME,
    F_OP_STEP,
    F_ORDER,
    F_PERSON_ZONE,
    F_PICKED,
    F_PICKED_AT,
    F_PLACE,
    F_RECEIPT_AT,
    F_RECEIPT_MICRO,
    F_RECEIPT_PTR,
    F_RULE,
    F_SAME,
    F_SKILL_OUT,
    F_SKIP,
    F_STOCK,
    F_TOOL,
    F_TOOLS,
    F_UNIFORM,
    F_UNIT_MACHINE,
    F_UNIT_POSITION,
    F_UNIT_QUEUE,
    F_UNIT_QUEUE_PTR,
    F_WIP_CYCLE,
    F_WIP_END,
    F_WIP_OP,
    F_WIP_PIECES,
    F_WIP_START,
    F_WIP_UNIT,
    F_ZONE,
    F_ZONE_DIRTY,
    F_ZONE_UNIT,
    F_ZONE_UNIT_PTR,
    FAMILY,
    FIELDS,
    FREE_AT,
    G_BATCHES,
    G_DIRTY,
    G_DONE,
    G_END,
    G_EVENTS,
    G_FULL,
    G_HDIRTY,
    G_HEAP,
    G_POLLS,
    G_REFUSED,
    G_STAMP,
    G_ZDIRTY,
    GAP,
    I32,
    I64,
    IDLE,
    L_HIDDEN,
    L_QUEUED,
    LATEST,
    LEFT_PLACE,
    M_BATCH,
    M_ZONE,
    MAX_WAIT,
    NEVER,
    OK,
    OP_END,
    OUTSIDE,
    OVERTIME,
    PENDING,
    PERCALL,
    PERSON,
    PLACE,
    POLLS,
    R_LOOK,
    READY,
    RUN_SKILL,
    RUNNING,
    SET_UNIT,
    SETTING,
    SETUP_END,
    SETUP_PERSON,
    SETUP_SKILL,
    SETUP_START,
    START,
    STATE,
    STUCK,
    TOOL,
    TRIES,
    TRY_S,
    U_CALLS,
    U_CHECK,
    U_DIRTY,
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
    USE0,
    USE1,
    W_BATCH,
    W_BLOCK,
    W_DARK,
    W_HORIZON,
    W_LIMIT,
    W_LOSS,
    W_MATERIAL,
    W_PERSON,
    W_PLACE,
    W_TOOL,
    WAIT,
    WHY,
    Z_ASKED,
    Z_COMING,
    Z_NEXT,
    Z_OPEN,
    ZONE_COLUMNS,
    K,
    of_lot,
    of_machine,
    of_op,
    of_person,
    of_step,
    of_unit,
    of_zone,
)
from fong.plan._kernels_start import (
    begin,
    begin_calls,
    setup_over,
    start_in_zone,
    try_run,
)
from fong.plan._kernels_time import (
    is_open,
    next_change,
    next_open,
    peek,
    pop,
    push,
)
from fong.plan._kernels_waits import (
    keeps_waits,
    unbook,
)
from fong.plan._kernels_zone import (
    advance,
    is_done,
    refresh,
    touch,
)


@inner
def lacks(k: K, lot: int, row: int) -> bool:
    """Whether tool or material is wanting; who frees or brings it has the lot's queue looked at again."""
    i32, i64 = k.c, k.w
    tool = i64[of_step(i32, row, TOOL)]
    if tool >= 0 and i64[i32[F_TOOL] + tool] <= 0:
        i32[of_lot(i32, lot, WHY)] = W_TOOL
        return True
    if i64[of_step(i32, row, USE0)] < i64[of_step(i32, row, USE1)]:
        if not has_material(k, row, i32[i32[F_LOT_PIECES] + lot]):
            i32[of_lot(i32, lot, WHY)] = W_MATERIAL
            return True
    return False


@inner
def pick(k: K, u: int, t: int, barred: int, free: bool) -> tuple[int, int, float]:
    """The best lot for an idle unit by the rule, not tried before in this round: lot, place of the unit among its modes, key.

    ``barred``: no set-up that needs this skill (-1: any). ``free``: no lot whose next step must follow soon.
    """
    i32, i64, f64 = k.c, k.w, k.f
    best, position, best_key = (-1, 0, math.inf)
    stamp = i64[G_STAMP]
    look = int(f64[i32[F_RULE] + R_LOOK])
    held = i64[of_unit(i32, u, U_RES)] < NEVER
    for i in range(i32[i32[F_UNIT_QUEUE_PTR] + u], i32[i32[F_UNIT_QUEUE_PTR] + u + 1]):
        at = i32[i32[F_UNIT_POSITION] + i]
        walk = i32[i32[F_HEAD] + i32[i32[F_UNIT_QUEUE] + i]]
        previous = -1
        while walk >= 0:
            lot = walk
            walk = i32[i32[F_AFTER] + walk]
            op = i32[i32[F_LOT_OP] + lot]
            if op == previous:
                continue  # sub-lots of one operation fare alike: the first speaks for those behind it
            previous = op
            if i64[i32[F_SKIP] + lot] == stamp:
                continue
            row = i32[i32[F_OP_ROW] + op]
            if (free and i64[of_step(i32, row, MAX_WAIT)] < NEVER) or lacks(k, lot, row):
                continue
            late = i32[of_lot(i32, lot, READY)] - t
            if late > 0 and (not i32[i32[F_HAS_SETUPS]]) and (look == 0):
                continue
            mode = i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]] + at
            setup = setup_need(k, u, op, mode) if i32[i32[F_HAS_SETUPS]] else 0
            if late > 0 and (
                late > max(look, setup) or held or i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_BATCH)] > 0
            ):
                continue
            if setup > 0 and barred >= 0 and i64[of_step(i32, row, SETUP_SKILL)] == barred:
                continue
            skill = i64[of_step(i32, row, SETUP_SKILL)] if setup > 0 else i64[of_step(i32, row, RUN_SKILL)]
            if (
                skill >= 0
                and i64[i32[F_SKILL_OUT] + skill] == t
                and (setup == 0 or i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)] < 0)
            ):
                continue
            if not may_use(k, lot, u):
                i64[G_REFUSED] = stamp
                continue
            key = key_of(k, lot, mode, setup, t)
            if key < best_key:
                best, position, best_key = (lot, at, key)
    return (best, position, best_key)


@inner
def serve(k: K, u: int, first: int, first_at: int, t: int) -> None:
    """Give an idle unit its next lot, or have a set-up unit run.

    ``first``: what was picked for it (-1: nothing) before other units were served, its place ``first_at``. Lots have only left the
    queues since, so it is still the best if it is still there.
    """
    i32, i64 = k.c, k.w
    batch = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_BATCH)] > 0
    if i64[of_unit(i32, u, U_STATE)] == PENDING:
        why = load_run(k, u, t) if batch else try_run(k, u, t)
        if why != OK:
            asked(k, u, why, t)
        return
    if i64[of_unit(i32, u, U_STATE)] != IDLE:
        return
    q = i32[i32[F_UNIT_QUEUE] + i32[i32[F_UNIT_QUEUE_PTR] + u]]
    uniform = i32[i32[F_UNIFORM] + q] == 1
    if first < 0 and not uniform:
        return
    i64[G_STAMP] += 1
    barred, blocked = -1, 0
    for turn in range(TRIES):
        lot, position = first, first_at
        if turn > 0 or first < 0 or i32[of_lot(i32, first, STATE)] != L_QUEUED or not may_use(k, first, u):
            lot, position, _ = pick(k, u, t, barred, blocked >= BLOCKS)
        if lot < 0:
            if uniform and i64[G_REFUSED] == i64[G_STAMP]:
                mark_next(k, q, u)
            return
        if batch:
            why = begin_batch(k, lot, u, position, t)
        else:
            why = begin(k, lot, u, i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + i32[i32[F_LOT_OP] + lot]]] + position, t)
        if why == OK:
            if uniform:
                mark_queue(k, q)
            return
        i32[of_lot(i32, lot, WHY)] = why
        i64[i32[F_SKIP] + lot] = i64[G_STAMP]
        asked(k, u, why, t)
        blocked += why == W_BLOCK
        if why in (W_BATCH, W_LIMIT, W_LOSS):
            return  # another lot would fare no better
        if why == W_PERSON:
            barred = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], SETUP_SKILL)]


@inner
def asked(k: K, u: int, why: int, t: int) -> None:
    """See to it that a unit that could not start is looked at again when that may have changed."""
    i32, i64 = k.c, k.w
    if why == W_BLOCK and i64[of_unit(i32, u, U_CHECK)] <= t:
        i64[of_unit(i32, u, U_CHECK)] = t + TRY_S
        push(k, t + TRY_S, E_CHECK, u)
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    if z >= 0 and why in (W_LIMIT, W_DARK, W_LOSS):
        i64[of_zone(i32, z, Z_ASKED)] = 1


@inner
def serve_hand(k: K, q: int, t: int) -> None:
    """Start handwork: the best lots of the queue, as long as there are people."""
    i32, i64 = k.c, k.w
    i64[G_STAMP] += 1
    for _ in range(1000000):
        best, best_key = (-1, math.inf)
        walk = i32[i32[F_HEAD] + q]
        while walk >= 0:
            if i64[i32[F_SKIP] + walk] != i64[G_STAMP] and i32[of_lot(i32, walk, READY)] <= t:
                skill = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + walk]], RUN_SKILL)]
                if i64[i32[F_SKILL_OUT] + skill] == t:
                    return
                key = key_of(k, walk, -1, 0, t)
                if key < best_key:
                    best, best_key = (walk, key)
            walk = i32[i32[F_AFTER] + walk]
        if best < 0:
            return
        why = begin_hand(k, best, t)
        if why != OK:
            i32[of_lot(i32, best, WHY)] = why
            i64[i32[F_SKIP] + best] = i64[G_STAMP]
            if why == W_BLOCK:
                push(k, t + TRY_S, E_CHECK, i32[FIELDS + F_UNIT_MACHINE] + q)


@inner
def begin_hand(k: K, lot: int, t: int) -> int:
    """Start a lot of handwork; OK or why not."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    if not has_room(k, op):
        return W_PLACE
    if i64[of_step(i32, row, TOOL)] >= 0 and i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] <= 0:
        return W_TOOL
    if not has_material(k, row, i32[i32[F_LOT_PIECES] + lot]):
        return W_MATERIAL
    need = cycles_of(k, row, i32[i32[F_LOT_PIECES] + lot]) * i64[of_step(i32, row, CYCLE)]
    who = choose_person(
        k,
        i64[of_step(i32, row, RUN_SKILL)],
        -1,
        t,
        need,
        i64[of_step(i32, row, GAP)],
        i64[of_step(i32, row, OVERTIME)],
        0,
    )
    if who < 0:
        return W_PERSON
    end = i64[G_END]
    if not keeps_waits(k, lot, end, t):
        return W_BLOCK
    dequeue(k, lot)
    take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
    if i64[of_step(i32, row, TOOL)] >= 0:
        i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] -= 1
    keep_room(k, op)
    leave_places(k, op)
    i32[of_lot(i32, lot, START)] = t
    i32[of_lot(i32, lot, PERSON)] = who
    hold_person(k, who, end, t)
    push(k, end, E_HAND, lot)
    note_end(k, lot, end, t)
    return OK


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
            note_end(k, lot, t, t)
            finish(k, lot, t)
            release_unit(k, u, t)
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
    i32, i64 = k.c, k.w
    q = i32[i32[F_OP_QUEUE] + op]
    if q >= 0:
        mark_queue(k, q)
        return
    row = i32[i32[F_OP_ROW] + op]
    for lot in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        at = next_open(k, i64[of_step(i32, row, COLLECT)], t)
        if at >= NEVER:
            i32[of_lot(i32, lot, WHY)] = W_HORIZON
            return
        outside(k, lot, at, t)


@inner
def outside(k: K, lot: int, at: int, t: int) -> None:
    """A subcontracted lot leaves at ``at`` and comes back."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    end = at + i64[of_step(i32, row, OUTSIDE)]
    i32[of_lot(i32, lot, START)] = at
    take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
    keep_room(k, op)
    leave_places(k, op)
    push(k, end, E_HAND, lot)
    note_end(k, lot, end, t)


@inner
def on_receipt(k: K, item: int, t: int) -> None:
    """Material arrives."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_RECEIPT_PTR] + item], i32[i32[F_RECEIPT_PTR] + item + 1]):
        if i32[i32[F_RECEIPT_AT] + i] == t:
            i64[i32[F_STOCK] + item] += i64[i32[F_RECEIPT_MICRO] + i]
    mark_resource(k, i32[i32[F_TOOLS] + 1] + item)


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
    i64[of_unit(i32, u, U_LOT)] = lot
    i64[of_unit(i32, u, U_MODE)] = i32[of_lot(i32, lot, WHY)]
    i32[of_lot(i32, lot, WHY)] = i32[of_lot(i32, lot, WHY)] - i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]]
    if i32[FIELDS + F_OP_SAME] > 0 and i32[i32[F_OP_SAME] + op] >= 0:
        i32[i32[F_SAME] + i32[i32[F_OP_SAME] + op]] = i32[i32[F_UNIT_MACHINE] + u]
    leave_places(k, op)
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
        start_in_zone(k, u, lot, i32[i32[F_MODE_CYCLE] + i64[of_unit(i32, u, U_MODE)]], t)
        i32[of_lot(i32, lot, END)] = -1
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
def on_hand(k: K, lot: int, t: int) -> None:
    """Handwork or an outside step is over."""
    i32, i64 = k.c, k.w
    finish(k, lot, t)
    op = i32[i32[F_LOT_OP] + lot]
    if wants_room(k, op) and i32[of_op(i32, op, LEFT_PLACE)]:
        i64[i32[F_PLACE] + i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)]] += 1
        fill_place(k, i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)])


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


@inner
def on_wip(k: K, i: int, t: int) -> None:
    """Work that ran at the start is over."""
    i32, i64 = k.c, k.w
    tool = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_WIP_OP] + i]], TOOL)]
    if tool >= 0:
        i64[i32[F_TOOL] + tool] += 1
        mark_resource(k, i32[i32[F_TOOLS]] + tool)
    u = i32[i32[F_WIP_UNIT] + i]
    if u < 0:
        return
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    if z >= 0:
        advance(k, z, t)
        i64[of_zone(i32, z, Z_OPEN)] -= 1
        touch(k, z)
    free_unit(k, u)


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
        i64[G_POLLS] += 1
        mark_queue(k, ident - i32[FIELDS + F_UNIT_MACHINE])


@inner
def settle_zones(k: K, t: int) -> None:
    """Work out anew the rates of all touched zones; those who waited for the zone are looked at again."""
    i32, i64 = k.c, k.w
    while i64[G_ZDIRTY] > 0:
        i64[G_ZDIRTY] -= 1
        z = i32[i32[F_ZONE_DIRTY] + i64[G_ZDIRTY]]
        refresh(k, z, t)
        if i64[of_zone(i32, z, Z_ASKED)]:
            i64[of_zone(i32, z, Z_ASKED)] = 0
            for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
                mark_unit(k, i32[i32[F_ZONE_UNIT] + i])


@inner
def sort_marked(k: K, n: int) -> None:
    """Sort the marked units by the keys of what was picked for them, equal ones by number (Shell sort: numpy's takes 2 s to compile)."""
    i32, f64 = k.c, k.f
    unit, lot, place, key = i32[F_DIRTY], i32[F_PICKED], i32[F_PICKED_AT], i32[F_ORDER]
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            u, picked, at, x = i32[unit + i], i32[lot + i], i32[place + i], f64[key + i]
            j = i
            while j >= gap and (f64[key + j - gap] > x or (f64[key + j - gap] == x and i32[unit + j - gap] > u)):
                i32[unit + j], i32[lot + j], i32[place + j] = (
                    i32[unit + j - gap],
                    i32[lot + j - gap],
                    i32[place + j - gap],
                )
                f64[key + j] = f64[key + j - gap]
                j -= gap
            i32[unit + j], i32[lot + j], i32[place + j], f64[key + j] = (u, picked, at, x)
        gap //= 3


@inner
def dispatch(k: K, t: int) -> None:
    """Look at all marked units and handwork once, the most urgent first."""
    i32, i64, f64 = k.c, k.w, k.f
    n = i64[G_DIRTY]
    for i in range(n):
        u = i32[i32[F_DIRTY] + i]
        i32[i32[F_PICKED] + i] = -1
        f64[i32[F_ORDER] + i] = -math.inf
        if i64[of_unit(i32, u, U_STATE)] != PENDING:
            i64[G_STAMP] += 1
            lot, position, key = pick(k, u, t, -1, False)
            i32[i32[F_PICKED] + i], i32[i32[F_PICKED_AT] + i], f64[i32[F_ORDER] + i] = (lot, position, key)
    sort_marked(k, n)
    todo = i32[i32[F_DIRTY] : i32[F_DIRTY] + n].copy()
    lots = i32[i32[F_PICKED] : i32[F_PICKED] + n].copy()
    places = i32[i32[F_PICKED_AT] : i32[F_PICKED_AT] + n].copy()
    i64[G_DIRTY] = 0
    for i in range(n):
        i64[of_unit(i32, todo[i], U_DIRTY)] = 0
    for i in range(n):
        serve(k, todo[i], lots[i], places[i], t)
    hands = i64[G_HDIRTY]
    if hands > 0:
        queues = i32[i32[F_HAND_DIRTY] : i32[F_HAND_DIRTY] + hands].copy()
        i64[G_HDIRTY] = 0
        for i in range(hands):
            i32[i32[F_HAND_FLAG] + queues[i]] = 0
        for i in range(hands):
            serve_hand(k, queues[i], t)


@inner
def set_out(k: K) -> None:
    """The state at time 0: work in progress, calendars, receipts, first operations."""
    i32, i64 = k.c, k.w
    for i in range(i32[FIELDS + F_WIP_OP]):
        op, u = (i32[i32[F_WIP_OP] + i], i32[i32[F_WIP_UNIT] + i])
        i32[of_op(i32, op, OP_END)] = i32[i32[F_WIP_END] + i]
        tool = i64[of_step(i32, i32[i32[F_OP_ROW] + op], TOOL)]
        if tool >= 0:
            i64[i32[F_TOOL] + tool] -= 1
        if u >= 0:
            i64[of_unit(i32, u, U_STATE)] = RUNNING
            i64[of_unit(i32, u, U_END)] = i32[i32[F_WIP_END] + i]
            i64[of_unit(i32, u, U_SINCE)] = i32[i32[F_WIP_START] + i]
            i64[of_unit(i32, u, U_LAST_OP)] = op
            i64[of_unit(i32, u, U_FAMILY)] = i64[of_step(i32, i32[i32[F_OP_ROW] + op], FAMILY)]
            z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
            if z >= 0:
                i64[of_zone(i32, z, Z_OPEN)] += 1
                row = i32[i32[F_OP_ROW] + op]
                if i64[of_step(i32, row, RUN_SKILL)] < 0:
                    n = cycles_of(k, row, i32[i32[F_WIP_PIECES] + i])
                    calls = -(-n // i64[of_step(i32, row, PERCALL)])
                    begin_calls(k, u, row, n, calls, max(1, i32[i32[F_WIP_CYCLE] + i]))
                i64[of_unit(i32, u, U_NEED)] = 0
        push(k, i32[i32[F_WIP_END] + i], E_WIP, i)
    for cal in range(i32[FIELDS + F_CAL_PTR] - 1):
        at = next_change(k, cal, -1)
        if at < NEVER:
            push(k, max(at, 0), E_CALENDAR, cal)
    for item in range(i32[FIELDS + F_RECEIPT_PTR] - 1):
        for i in range(i32[i32[F_RECEIPT_PTR] + item], i32[i32[F_RECEIPT_PTR] + item + 1]):
            if i == i32[i32[F_RECEIPT_PTR] + item] or i32[i32[F_RECEIPT_AT] + i] != i32[i32[F_RECEIPT_AT] + i - 1]:
                push(k, i32[i32[F_RECEIPT_AT] + i], E_RECEIPT, item)
    for z in range(i32[FIELDS + F_ZONE] // ZONE_COLUMNS):
        touch(k, z)
    for i in range(i32[FIELDS + F_WIP_OP]):
        tell_successors(k, i32[i32[F_WIP_OP] + i], 0)
    for op in range(i32[FIELDS + F_JOB_OF]):
        if (
            i32[of_op(i32, op, WAIT)] == 0
            and i32[i32[F_LOT_PTR] + op] < i32[i32[F_LOT_PTR] + op + 1]
            and (i32[of_lot(i32, i32[i32[F_LOT_PTR] + op], STATE)] == L_HIDDEN)
        ):
            show(k, op, 0)
    settle_zones(k, 0)


@njit(error_model="numpy")
def decode(k: K) -> int:
    """Play the rule forwards in time under the full rules; returns the number of lots that were finished."""
    i32, i64 = k.c, k.w
    set_out(k)
    lots = i32[FIELDS + F_LOT_OP]
    last, stuck = (-1, 0)
    while i64[G_HEAP] > 0 and i64[G_DONE] < lots:
        t = peek(k)
        stuck = stuck + 1 if t == last else 0
        if (
            t > LATEST
            or stuck > STUCK
            or i64[G_POLLS] > POLLS
            or i64[G_FULL]
            or (t > i32[i32[F_HORIZON]] and i32[FIELDS + F_CAL_PTR] > 1)
        ):
            break
        last = t
        while i64[G_HEAP] > 0 and peek(k) == t:
            kind, ident = pop(k)
            handle(k, kind, ident, t)
        settle_zones(k, t)
        while i64[G_DIRTY] > 0 or i64[G_HDIRTY] > 0:
            dispatch(k, t)
            settle_zones(k, t)
    return i64[G_DONE]


@njit
def tails(succ_ptr: I32, succ_op: I32, run: I64, lag: I64, out: I64) -> None:
    """Fill ``out`` [T] with each operation's run (s) plus the longest lag and tail after it."""
    for op in range(len(run) - 1, -1, -1):
        rest = 0
        for i in range(succ_ptr[op], succ_ptr[op + 1]):
            rest = max(rest, lag[op] + out[succ_op[i]])
        out[op] = run[op] + rest
