"""Compiled: which lot an idle machine or a free person takes next."""

from __future__ import annotations

import math

from fong._kernels import (
    inner,
)
from fong.plan.decode._kernels_batch import (
    begin_batch,
    key_of,
    load_run,
)
from fong.plan.decode._kernels_blocks import (
    keeps_waits_by_hand,
    too_late,
)
from fong.plan.decode._kernels_flow import (
    cycles_of,
    dequeue,
    has_material,
    has_room,
    keep_room,
    leave_places,
    mark_next,
    mark_queue,
    may_use,
    note_end,
    note_turn,
    ranked,
    setup_need,
    take_material,
)
from fong.plan.decode._kernels_layout import (
    BLOCKS,
    CYCLE,
    E_CHECK,
    E_HAND,
    F_AFTER,
    F_DIRTY,
    F_HAND_DIRTY,
    F_HAND_FLAG,
    F_HAND_TODO,
    F_HAS_SETUPS,
    F_HEAD,
    F_LOT_KEY,
    F_LOT_OP,
    F_LOT_PIECES,
    F_MODE_PTR,
    F_OP_ROW,
    F_OP_STEP,
    F_ORDER,
    F_PICKED,
    F_PICKED_AT,
    F_RULE,
    F_SKILL_OUT,
    F_SKIP,
    F_TODO,
    F_TOOL,
    F_UNIFORM,
    F_UNIT_MACHINE,
    F_UNIT_POSITION,
    F_UNIT_QUEUE,
    F_UNIT_QUEUE_PTR,
    FIELDS,
    G_DIRTY,
    G_END,
    G_HDIRTY,
    G_REFUSED,
    G_STAMP,
    GAP,
    IDLE,
    L_QUEUED,
    M_BATCH,
    M_ZONE,
    MAX_WAIT,
    NEVER,
    OK,
    OVERTIME,
    PENDING,
    PERSON,
    R_LOOK,
    READY,
    RUN_SKILL,
    SETUP_SKILL,
    START,
    STATE,
    TOOL,
    TRIES,
    TRY_S,
    U_CHECK,
    U_DIRTY,
    U_RES,
    U_STATE,
    USE0,
    USE1,
    W_BATCH,
    W_BLOCK,
    W_DARK,
    W_LIMIT,
    W_LOSS,
    W_MATERIAL,
    W_PERSON,
    W_PLACE,
    W_TOOL,
    WHY,
    Z_ASKED,
    K,
    of_lot,
    of_machine,
    of_step,
    of_unit,
    of_zone,
)
from fong.plan.decode._kernels_people import (
    choose_person,
    hold_person,
)
from fong.plan.decode._kernels_start import (
    begin,
    try_run,
)
from fong.plan.decode._kernels_time import (
    push,
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
    m = i32[i32[F_UNIT_MACHINE] + u]
    setups = i32[i32[F_HAS_SETUPS]]
    reach = max(look, setups)
    if i64[of_unit(i32, u, U_RES)] < NEVER or i64[of_machine(i32, m, M_BATCH)] > 0:
        reach = 0
    in_order = ranked(k)
    for i in range(i32[i32[F_UNIT_QUEUE_PTR] + u], i32[i32[F_UNIT_QUEUE_PTR] + u + 1]):
        at = i32[i32[F_UNIT_POSITION] + i]
        walk = i32[i32[F_HEAD] + i32[i32[F_UNIT_QUEUE] + i]]
        previous = -1
        while walk >= 0:
            lot = walk
            walk = i32[i32[F_AFTER] + walk]
            op = i32[i32[F_LOT_OP] + lot]
            if in_order:
                if f64[i32[F_LOT_KEY] + lot] >= best_key:
                    break  # those behind it come later in the sequence
            elif op == previous:
                continue  # sub-lots of one operation fare alike: the first speaks for those behind it
            previous = op
            late = i32[of_lot(i32, lot, READY)] - t
            if late > max(0, reach) or i64[i32[F_SKIP] + lot] == stamp:
                continue
            row = i32[i32[F_OP_ROW] + op]
            if (free and i64[of_step(i32, row, MAX_WAIT)] < NEVER) or lacks(k, lot, row):
                continue
            mode = i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]] + at
            setup = setup_need(k, u, op, mode) if setups else 0
            if late > max(look, setup):
                continue
            if setup > 0 and barred >= 0 and i64[of_step(i32, row, SETUP_SKILL)] == barred:
                continue
            skill = i64[of_step(i32, row, SETUP_SKILL)] if setup > 0 else i64[of_step(i32, row, RUN_SKILL)]
            if (
                skill >= 0
                and i64[i32[F_SKILL_OUT] + skill] == t
                and (setup == 0 or i64[of_machine(i32, m, M_ZONE)] < 0)
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
        op = i32[i32[F_LOT_OP] + lot]
        mode = i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]] + position
        why = begin_batch(k, lot, u, position, t) if batch else begin(k, lot, u, mode, t)
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
        if why == W_PERSON and setup_need(k, u, op, mode) > 0:
            barred = i64[of_step(i32, i32[i32[F_OP_ROW] + op], SETUP_SKILL)]


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
                if best >= 0 and ranked(k):
                    break
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
    if too_late(k, op, t):
        return W_BLOCK
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
    if not keeps_waits_by_hand(k, lot, row, end, t):
        return W_BLOCK
    dequeue(k, lot)
    take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
    keep_room(k, op)
    leave_places(k, op)
    i32[of_lot(i32, lot, START)] = t
    note_turn(k, lot)
    i32[of_lot(i32, lot, PERSON)] = who
    hold_person(k, who, end, t)
    push(k, end, E_HAND, lot)
    note_end(k, lot, end, t)
    return OK


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
    i64[G_DIRTY] = 0
    for i in range(n):  # serving marks units anew
        u = i32[i32[F_DIRTY] + i]
        i32[i32[F_TODO] + i] = u
        i64[of_unit(i32, u, U_DIRTY)] = 0
    for i in range(n):
        serve(k, i32[i32[F_TODO] + i], i32[i32[F_PICKED] + i], i32[i32[F_PICKED_AT] + i], t)
    hands = i64[G_HDIRTY]
    if hands > 0:
        i64[G_HDIRTY] = 0
        for i in range(hands):
            q = i32[i32[F_HAND_DIRTY] + i]
            i32[i32[F_HAND_TODO] + i] = q
            i32[i32[F_HAND_FLAG] + q] = 0
        for i in range(hands):
            serve_hand(k, i32[i32[F_HAND_TODO] + i], t)
