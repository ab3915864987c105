"""Compiled: the rules' keys, and batch machines."""

from __future__ import annotations

import math

from fong._kernels import inner
from fong.plan.decode._kernels_blocks import (
    keeps_waits,
    keeps_waits_on,
    too_late,
)
from fong.plan.decode._kernels_flow import (
    cycles_of,
    dequeue,
    enqueue,
    forget,
    has_material,
    has_room,
    keep_room,
    leave_places,
    may_use,
    note_end,
    note_turn,
    ranked,
    setup_need,
    take_material,
)
from fong.plan.decode._kernels_layout import (
    ATC,
    ATCS,
    ATTEND,
    BATCH,
    BATCH_ID,
    CR,
    CYCLE,
    E_CHECK,
    E_END,
    E_SETUP,
    EDD,
    END,
    F_AFTER,
    F_HEAD,
    F_JOB_DUE,
    F_JOB_OF,
    F_JOB_WEIGHT,
    F_LOT_KEY,
    F_LOT_LOG,
    F_LOT_OP,
    F_LOT_PIECES,
    F_LOT_PTR,
    F_MODE_CYCLE,
    F_MODE_MACHINE,
    F_MODE_PTR,
    F_OP_ROW,
    F_OP_SAME,
    F_OP_STEP,
    F_OP_TAIL,
    F_RULE,
    F_SAME,
    F_TOOL,
    F_UNIT_MACHINE,
    F_UNIT_POSITION,
    F_UNIT_QUEUE,
    F_UNIT_QUEUE_PTR,
    FAMILY,
    FIELDS,
    FIFO,
    G_BATCHES,
    G_END,
    GAP,
    IDLE,
    M_BATCH,
    M_CAL,
    M_WAIT,
    NEVER,
    OK,
    OVERTIME,
    PERSON,
    R_BATCH,
    R_K,
    R_K2,
    R_KIND,
    R_P,
    R_SETUP,
    READY,
    RUN_SKILL,
    RUNNING,
    SEQUENCE,
    SETTING,
    SETUP_END,
    SETUP_PERSON,
    SETUP_SKILL,
    SETUP_START,
    SLACK,
    SPREAD,
    SPT,
    START,
    TOOL,
    U_CALLS,
    U_CHECK,
    U_END,
    U_FAMILY,
    U_LAST_OP,
    U_LOT,
    U_NEED,
    U_RES,
    U_SETUP,
    U_SETUP_END,
    U_SINCE,
    U_STATE,
    U_STEP_MS,
    UNIT,
    W_BATCH,
    W_BLOCK,
    W_CLOSED,
    W_HORIZON,
    W_MATERIAL,
    W_PERSON,
    W_PLACE,
    W_READY,
    W_TOOL,
    WHY,
    K,
    of_lot,
    of_machine,
    of_op,
    of_step,
    of_unit,
)
from fong.plan.decode._kernels_people import (
    choose_person,
    hold_person,
)
from fong.plan.decode._kernels_time import (
    is_open,
    push,
    work_end,
)


@inner
def key_of(k: K, lot: int, mode: int, setup: int, t: int) -> float:
    """The key of a lot on a mode now, by the rule and by what is told of the lot: the smallest goes first."""
    i32, f64 = k.c, k.f
    kind = f64[i32[F_RULE] + R_KIND]
    told = f64[i32[F_LOT_KEY] + lot] if i32[FIELDS + F_LOT_KEY] > 0 else 0.0
    if kind == SEQUENCE:
        return told
    if kind in (ATC, ATCS):
        return apparent(k, lot, mode, setup, t) - told
    key = plain_key(k, lot, mode, setup, t)
    if told == 0.0:
        return key
    if kind == SPT:
        return key * math.exp(-told)
    return key - told * (1.0 if kind == CR else f64[i32[F_RULE] + R_P])


@inner
def plain_key(k: K, lot: int, mode: int, setup: int, t: int) -> float:
    """The key of the rules without a look ahead."""
    i32, f64 = k.c, k.f
    op = i32[i32[F_LOT_OP] + lot]
    job = i32[i32[F_JOB_OF] + op]
    kind = f64[i32[F_RULE] + R_KIND]
    if kind == FIFO:
        return float(i32[of_lot(i32, lot, READY)])
    weight = f64[i32[F_JOB_WEIGHT] + job]
    if kind == SPT:
        run = float(run_of(k, lot, cycle_on(k, op, mode), mode))
        return (run + setup + max(0, i32[of_lot(i32, lot, READY)] - t)) / weight
    due, tail = (float(i32[i32[F_JOB_DUE] + job]), float(i32[i32[F_OP_TAIL] + op]))
    if kind == EDD:
        return due / weight
    if kind == SLACK:
        return (due - tail - t) / weight
    if kind == CR:
        return (due - t) / max(1.0, tail) / weight
    return -tail * weight


@inner
def apparent(k: K, lot: int, mode: int, setup: int, t: int) -> float:
    """The key of ATC and ATCS: less the logarithm of the apparent urgency."""
    i32, f64 = k.c, k.f
    op = i32[i32[F_LOT_OP] + lot]
    job = i32[i32[F_JOB_OF] + op]
    due, tail = (float(i32[i32[F_JOB_DUE] + job]), float(i32[i32[F_OP_TAIL] + op]))
    cycle = cycle_on(k, op, mode)
    more = setup + max(0, i32[of_lot(i32, lot, READY)] - t)
    if more == 0 and cycle == usual_cycle(k, op):
        key = f64[i32[F_LOT_LOG] + lot]
    else:
        key = math.log(max(1.0, float(run_of(k, lot, cycle, mode) + more)) / f64[i32[F_JOB_WEIGHT] + job])
    key += max(0.0, due - tail - t) / (f64[i32[F_RULE] + R_K] * f64[i32[F_RULE] + R_P])
    if f64[i32[F_RULE] + R_KIND] == ATCS:
        key += setup / (f64[i32[F_RULE] + R_K2] * f64[i32[F_RULE] + R_SETUP])
    return key


@inner
def cycle_on(k: K, op: int, mode: int) -> int:
    """Cycle (s) of an operation on a mode; of handwork (-1) the step's."""
    i32, i64 = k.c, k.w
    return i32[i32[F_MODE_CYCLE] + mode] if mode >= 0 else i64[of_step(i32, i32[i32[F_OP_ROW] + op], CYCLE)]


@inner
def usual_cycle(k: K, op: int) -> int:
    """Cycle (s) of an operation on its first mode; of handwork the step's."""
    i32 = k.c
    step = i32[i32[F_OP_STEP] + op]
    first = i32[i32[F_MODE_PTR] + step]
    return cycle_on(k, op, first if first < i32[i32[F_MODE_PTR] + step + 1] else -1)


@inner
def run_of(k: K, lot: int, cycle: int, mode: int) -> int:
    """Seconds that the lot runs; in a batch one cycle."""
    i32, i64 = k.c, k.w
    if mode >= 0 and i64[of_machine(i32, i32[i32[F_MODE_MACHINE] + mode], M_BATCH)] > 0:
        return cycle
    return cycles_of(k, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], i32[i32[F_LOT_PIECES] + lot]) * cycle


@inner
def fill_logs(k: K) -> None:
    """Logarithms that ATC asks for again and again: of each lot's usual run over its weight."""
    i32, f64 = k.c, k.f
    for lot in range(i32[FIELDS + F_LOT_LOG]):
        op = i32[i32[F_LOT_OP] + lot]
        step = i32[i32[F_OP_STEP] + op]
        mode = i32[i32[F_MODE_PTR] + step] if i32[i32[F_MODE_PTR] + step] < i32[i32[F_MODE_PTR] + step + 1] else -1
        run = max(1.0, float(run_of(k, lot, cycle_on(k, op, mode), mode)))
        f64[i32[F_LOT_LOG] + lot] = math.log(run / f64[i32[F_JOB_WEIGHT] + i32[i32[F_JOB_OF] + op]])


@inner
def batch_units(k: K, lot: int) -> int:
    """Thousandths of a batch unit that the lot fills."""
    i32, i64 = k.c, k.w
    return i32[i32[F_LOT_PIECES] + lot] * i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], BATCH)]


@inner
def goes_with(k: K, lot: int, seed: int, room: int, t: int) -> bool:
    """Whether the lot may join the seed's batch now."""
    i32, i64 = k.c, k.w
    a, b = (i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + seed]])
    if lot == seed or i32[of_lot(i32, lot, READY)] > t or batch_units(k, lot) > room:
        return False
    same = (
        i64[of_step(i32, a, FAMILY)] == i64[of_step(i32, b, FAMILY)]
        and i64[of_step(i32, a, GAP)] == i64[of_step(i32, b, GAP)]
    )
    same = (
        same
        and i64[of_step(i32, a, RUN_SKILL)] == i64[of_step(i32, b, RUN_SKILL)]
        and (i64[of_step(i32, a, SETUP_SKILL)] == i64[of_step(i32, b, SETUP_SKILL)])
    )
    same = same and i64[of_step(i32, a, OVERTIME)] == i64[of_step(i32, b, OVERTIME)]
    if not same or (i64[of_step(i32, a, TOOL)] >= 0 and i64[i32[F_TOOL] + i64[of_step(i32, a, TOOL)]] <= 0):
        return False
    return has_material(k, a, i32[i32[F_LOT_PIECES] + lot]) and has_room(k, i32[i32[F_LOT_OP] + lot])


@inner
def load_run(k: K, u: int, t: int) -> int:
    """Start the run of the batch that holds the unit; OK or why not. Members that must not go now go back to their queue."""
    i32, i64 = k.c, k.w
    lot = i64[of_unit(i32, u, U_LOT)]
    row = i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]]
    cal = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_CAL)]
    if i32[of_lot(i32, lot, READY)] > t:
        return W_READY
    need, attend = (0, 0)
    walk = lot
    while walk >= 0:
        op = i32[i32[F_LOT_OP] + walk]
        need = max(
            need, i32[i32[F_MODE_CYCLE] + i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]] + i32[of_lot(i32, walk, WHY)]]
        )
        attend = max(attend, i64[of_step(i32, i32[i32[F_OP_ROW] + op], ATTEND)])
        walk = i32[i32[F_AFTER] + walk]
    if too_late(k, i32[i32[F_LOT_OP] + lot], t):
        return W_BLOCK
    if not has_material(k, row, i32[i32[F_LOT_PIECES] + lot]):
        return W_MATERIAL
    if not has_room(k, i32[i32[F_LOT_OP] + lot]):
        return W_PLACE
    end = work_end(k, cal, -1, t, need, i64[of_step(i32, row, GAP)], i64[of_step(i32, row, OVERTIME)])
    if end < 0:
        return W_CLOSED if end == -1 else W_HORIZON
    who = -1
    if i64[of_step(i32, row, RUN_SKILL)] >= 0:
        who = choose_person(k, i64[of_step(i32, row, RUN_SKILL)], cal, t, attend, 1, 0, 1)
        if who < 0:
            return W_PERSON
    if not keeps_waits_on(k, u, lot, end, t):
        return W_BLOCK
    i64[G_BATCHES] += 1
    drop_members(k, u, lot, end, t)
    if who >= 0 and attend > 0:
        hold_person(k, who, t + attend, t)
    start_batch(k, u, lot, who, t, end)
    return OK


@inner
def drop_members(k: K, u: int, lot: int, end: int, t: int) -> None:
    """Members whose longest wait could not be kept, or whose material went to another member, go back to their queue."""
    i32, i64 = k.c, k.w
    take_material(k, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], i32[i32[F_LOT_PIECES] + lot])
    keep_room(k, i32[i32[F_LOT_OP] + lot])
    note_end(k, lot, end, t)
    last, walk = (lot, i32[i32[F_AFTER] + lot])
    while walk >= 0:
        following = i32[i32[F_AFTER] + walk]
        op = i32[i32[F_LOT_OP] + walk]
        row = i32[i32[F_OP_ROW] + op]
        fits = has_material(k, row, i32[i32[F_LOT_PIECES] + walk]) and has_room(k, op) and not too_late(k, op, t)
        if fits and keeps_waits(k, walk, end, t):
            take_material(k, row, i32[i32[F_LOT_PIECES] + walk])
            keep_room(k, op)
            note_end(k, walk, end, t)
            last = walk
        else:
            i32[i32[F_AFTER] + last] = following
            if i64[of_step(i32, row, TOOL)] >= 0:
                i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] += 1
            forget(k, walk, u)
            for column in (SETUP_START, SETUP_END, SETUP_PERSON):
                i32[of_lot(i32, walk, column)] = -1
            enqueue(k, walk)
        walk = following


@inner
def start_batch(k: K, u: int, lot: int, who: int, t: int, end: int) -> None:
    """Write down the start of a batch whose members are final."""
    i32, i64 = k.c, k.w
    i64[of_unit(i32, u, U_STATE)] = RUNNING
    i64[of_unit(i32, u, U_SINCE)] = t
    i64[of_unit(i32, u, U_END)] = end
    i64[of_unit(i32, u, U_NEED)] = 0
    i64[of_unit(i32, u, U_CALLS)] = 0
    i64[of_unit(i32, u, U_STEP_MS)] = 0
    i64[of_unit(i32, u, U_FAMILY)] = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], FAMILY)]
    i64[of_unit(i32, u, U_LAST_OP)] = i32[i32[F_LOT_OP] + lot]
    walk = lot
    while walk >= 0:
        i32[of_lot(i32, walk, BATCH_ID)] = i64[G_BATCHES]
        i32[of_lot(i32, walk, START)] = t
        i32[of_lot(i32, walk, END)] = end
        i32[of_lot(i32, walk, PERSON)] = who
        i32[of_lot(i32, walk, SETUP_START)] = i32[of_lot(i32, lot, SETUP_START)]
        i32[of_lot(i32, walk, SETUP_END)] = i32[of_lot(i32, lot, SETUP_END)]
        i32[of_lot(i32, walk, SETUP_PERSON)] = i32[of_lot(i32, lot, SETUP_PERSON)]
        walk = i32[i32[F_AFTER] + walk]
    push(k, end, E_END, u)


@inner
def join_batch(k: K, u: int, seed: int, room: int, slowest: int, t: int) -> int:
    """Add ready lots of the unit's queues, best key first, to the batch of ``seed``; returns the room left.

    ``slowest`` bounds the cycle of those who join.
    """
    i32, f64 = k.c, k.f
    m = i32[i32[F_UNIT_MACHINE] + u]
    last = seed
    while i32[i32[F_AFTER] + last] >= 0:
        last = i32[i32[F_AFTER] + last]
    while room > 0:
        best, best_key, best_at = (-1, math.inf, 0)
        for i in range(i32[i32[F_UNIT_QUEUE_PTR] + u], i32[i32[F_UNIT_QUEUE_PTR] + u + 1]):
            walk = i32[i32[F_HEAD] + i32[i32[F_UNIT_QUEUE] + i]]
            while walk >= 0:
                if ranked(k) and f64[i32[F_LOT_KEY] + walk] >= best_key:
                    break
                mode = (
                    i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + i32[i32[F_LOT_OP] + walk]]]
                    + i32[i32[F_UNIT_POSITION] + i]
                )
                if (
                    i32[i32[F_MODE_CYCLE] + mode] <= slowest
                    and goes_with(k, walk, seed, room, t)
                    and may_use(k, walk, u)
                ):
                    key = key_of(k, walk, mode, 0, t)
                    if key < best_key:
                        best, best_key, best_at = (walk, key, i32[i32[F_UNIT_POSITION] + i])
                walk = i32[i32[F_AFTER] + walk]
        if best < 0:
            break
        take_into(k, best, u, best_at, m)
        i32[i32[F_AFTER] + last] = best
        last = best
        room -= batch_units(k, best)
    return room


@inner
def take_into(k: K, lot: int, u: int, position: int, m: int) -> None:
    """Take a lot out of its queue into a unit's batch."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    dequeue(k, lot)
    known = False
    for other in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        if (
            other != lot
            and i32[of_lot(i32, other, UNIT)] >= 0
            and (i32[i32[F_UNIT_MACHINE] + i32[of_lot(i32, other, UNIT)]] == m)
        ):
            known = True
    if not known:
        i32[of_op(i32, op, SPREAD)] += 1
    if i32[FIELDS + F_OP_SAME] > 0 and i32[i32[F_OP_SAME] + op] >= 0:
        i32[i32[F_SAME] + i32[i32[F_OP_SAME] + op]] = m
    i32[of_lot(i32, lot, UNIT)] = u
    note_turn(k, lot)
    i32[of_lot(i32, lot, WHY)] = position
    if i64[of_step(i32, row, TOOL)] >= 0:
        i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] -= 1


@inner
def begin_batch(k: K, seed: int, u: int, position: int, t: int) -> int:
    """Form a batch round a seed on an idle unit and set up or run; OK or why not."""
    i32, i64, f64 = k.c, k.w, k.f
    op = i32[i32[F_LOT_OP] + seed]
    row = i32[i32[F_OP_ROW] + op]
    m = i32[i32[F_UNIT_MACHINE] + u]
    cal = i64[of_machine(i32, m, M_CAL)]
    room = i64[of_machine(i32, m, M_BATCH)] - batch_units(k, seed)
    if room < 0 or i64[of_unit(i32, u, U_RES)] < NEVER:
        return W_CLOSED
    if not is_open(k, cal, t):
        return W_CLOSED
    if i64[of_step(i32, row, TOOL)] >= 0 and i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] <= 0:
        return W_TOOL
    if not has_material(k, row, i32[i32[F_LOT_PIECES] + seed]):
        return W_MATERIAL
    limit = int(i64[of_machine(i32, m, M_WAIT)] * f64[i32[F_RULE] + R_BATCH])
    if limit > 0 and should_wait(k, u, seed, room, limit, t):
        return W_BATCH
    mode = i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]] + position
    need = setup_need(k, u, op, mode)
    who, end = (-1, t)
    if need > 0:
        gap = i64[of_step(i32, row, GAP)]
        if gap == 2:
            gap = 0
        if i64[of_step(i32, row, SETUP_SKILL)] >= 0:
            who = choose_person(
                k, i64[of_step(i32, row, SETUP_SKILL)], cal, t, need, gap, i64[of_step(i32, row, OVERTIME)], 0
            )
            if who < 0:
                return W_PERSON
            end = i64[G_END]
        else:
            end = work_end(k, cal, -1, t, need, gap, i64[of_step(i32, row, OVERTIME)])
            if end < 0:
                return W_CLOSED if end == -1 else W_HORIZON
    elif not loader_there(k, row, cal, t):
        return W_PERSON
    take_into(k, seed, u, position, m)
    join_batch(k, u, seed, room, NEVER, t)
    i64[of_unit(i32, u, U_LOT)] = seed
    i64[of_unit(i32, u, U_SETUP)] = 0
    i32[of_lot(i32, seed, SETUP_START)] = t if need > 0 else -1
    i32[of_lot(i32, seed, SETUP_PERSON)] = who
    if need > 0:
        i64[of_unit(i32, u, U_STATE)] = SETTING
        if who >= 0:
            hold_person(k, who, end, t)
        push(k, end, E_SETUP, u)
        depart(k, seed)
        return OK
    i64[of_unit(i32, u, U_SETUP_END)] = -1
    why = load_run(k, u, t)
    if why != OK:
        put_back(k, u, seed)
        return why
    depart(k, seed)
    return OK


@inner
def depart(k: K, lot: int) -> None:
    """The members of a batch leave the places where they waited."""
    i32 = k.c
    while lot >= 0:
        leave_places(k, i32[i32[F_LOT_OP] + lot])
        lot = i32[i32[F_AFTER] + lot]


@inner
def put_back(k: K, u: int, lot: int) -> None:
    """Undo the forming of a batch."""
    i32, i64 = k.c, k.w
    i64[of_unit(i32, u, U_STATE)] = IDLE
    i64[of_unit(i32, u, U_LOT)] = -1
    while lot >= 0:
        following = i32[i32[F_AFTER] + lot]
        tool = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], TOOL)]
        if tool >= 0:
            i64[i32[F_TOOL] + tool] += 1
        forget(k, lot, u)
        i32[of_lot(i32, lot, SETUP_START)] = -1
        i32[of_lot(i32, lot, SETUP_PERSON)] = -1
        enqueue(k, lot)
        lot = following


@inner
def loader_there(k: K, row: int, cal: int, t: int) -> bool:
    """Whether somebody could load a batch now."""
    i32, i64 = k.c, k.w
    skill = i64[of_step(i32, row, RUN_SKILL)]
    return skill < 0 or choose_person(k, skill, cal, t, i64[of_step(i32, row, ATTEND)], 1, 0, 1) >= 0


@inner
def should_wait(k: K, u: int, seed: int, room: int, limit: int, t: int) -> bool:
    """The waiting limit of batch machines: an unfilled batch waits so long after its first lot for others."""
    i32, i64 = k.c, k.w
    first = i32[of_lot(i32, seed, READY)]
    for i in range(i32[i32[F_UNIT_QUEUE_PTR] + u], i32[i32[F_UNIT_QUEUE_PTR] + u + 1]):
        walk = i32[i32[F_HEAD] + i32[i32[F_UNIT_QUEUE] + i]]
        while walk >= 0:
            if goes_with(k, walk, seed, room, t):
                room -= batch_units(k, walk)
                first = min(first, i32[of_lot(i32, walk, READY)])
            walk = i32[i32[F_AFTER] + walk]
    if room * 10 <= i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_BATCH)]:
        return False
    until = max(first, 0) + limit
    if until <= t:
        return False
    if i64[of_unit(i32, u, U_CHECK)] <= t or i64[of_unit(i32, u, U_CHECK)] > until:
        i64[of_unit(i32, u, U_CHECK)] = until
        push(k, until, E_CHECK, u)
    return True
