"""Compiled: whether a lot can start on a unit now, and what starting it does."""

from __future__ import annotations

from fong._kernels import inner
from fong.model._kernels import table_wait
from fong.plan.decode._kernels_blocks import (
    keeps_waits_on,
    too_late,
)
from fong.plan.decode._kernels_flow import (
    cycles_of,
    dequeue,
    forget,
    group_of,
    has_material,
    leave_places,
    mark_person,
    mark_unit,
    may_block,
    note_end,
    note_turn,
    settle,
    setup_need,
    take_material,
)
from fong.plan.decode._kernels_layout import (
    ATTEND,
    CALL,
    CV,
    E_CHECK,
    E_END,
    E_SETUP,
    F_AFTER,
    F_LOT_OP,
    F_LOT_PIECES,
    F_LOT_PTR,
    F_MODE_CYCLE,
    F_OP_ROW,
    F_OP_SAME,
    F_POOL,
    F_RULE,
    F_SAME,
    F_TOOL,
    F_UNIT_MACHINE,
    F_WAIT_GRID,
    F_WAIT_LOG,
    FAMILY,
    FIELDS,
    G_END,
    GAP,
    L_QUEUED,
    M_CAL,
    M_ZONE,
    NEVER,
    OK,
    OVERTIME,
    PENDING,
    PERCALL,
    PERSON,
    PPM,
    R_LOSS,
    READY,
    RUN_SKILL,
    RUNNING,
    SET_UNIT,
    SETTING,
    SETUP_END,
    SETUP_PERSON,
    SETUP_SKILL,
    SETUP_START,
    SPREAD,
    START,
    STATE,
    STOP_S,
    STOPS,
    TOOL,
    U_CALLS,
    U_END,
    U_FAMILY,
    U_FROZEN,
    U_LAST_OP,
    U_LOT,
    U_MODE,
    U_NEED,
    U_PROG,
    U_RES,
    U_ROW,
    U_RUN,
    U_SERVICE,
    U_SETUP,
    U_SETUP_END,
    U_SINCE,
    U_STANDS,
    U_STATE,
    U_STEP_MS,
    UNIT,
    W_BLOCK,
    W_CLOSED,
    W_DARK,
    W_HORIZON,
    W_LIMIT,
    W_LOSS,
    W_MATERIAL,
    W_PERSON,
    W_READY,
    W_TOOL,
    Z_COMING,
    Z_LIMIT,
    Z_ON,
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
from fong.plan.decode._kernels_people import (
    choose_person,
    choose_tender,
    hold_person,
)
from fong.plan.decode._kernels_time import (
    is_open,
    push,
    work_end,
)
from fong.plan.decode._kernels_zone import (
    ATTENDED,
    advance,
    touch,
)


@inner
def calls_of(k: K, row: int) -> int:
    """0: no calls, 1: stops only, 2: attended."""
    i32, i64 = k.c, k.w
    if i64[of_step(i32, row, ATTEND)] > 0:
        return ATTENDED
    return 1 if i64[of_step(i32, row, STOPS)] > 0 and i64[of_step(i32, row, STOP_S)] > 0 else 0


@inner
def start_in_zone(k: K, u: int, lot: int, cycle: int, t: int) -> None:
    """Begin a run whose end depends on the zone."""
    i32, i64, f64 = k.c, k.w, k.f
    row = i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]]
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    advance(k, z, t)
    n = cycles_of(k, row, i32[i32[F_LOT_PIECES] + lot])
    calls = -(-n // i64[of_step(i32, row, PERCALL)])
    begin_calls(k, u, row, n, calls, cycle)
    i64[of_unit(i32, u, U_STATE)] = RUNNING
    i64[of_unit(i32, u, U_SINCE)] = t
    i64[of_zone(i32, z, Z_OPEN)] += 1
    if i64[of_unit(i32, u, U_CALLS)] > 0:
        run, service, cv = (
            i64[of_unit(i32, u, U_RUN)] / 1000.0,
            i64[of_unit(i32, u, U_SERVICE)] / 1000.0,
            i64[of_step(i32, row, CV)] / 1000.0,
        )
        f64[i32[F_POOL] + 3 * z + 0] += 1.0 / run
        f64[i32[F_POOL] + 3 * z + 1] += service / run
        f64[i32[F_POOL] + 3 * z + 2] += service * service * (1.0 + cv * cv) / run
    touch(k, z)


@inner
def begin_calls(k: K, u: int, row: int, n: int, calls: int, cycle: int) -> None:
    """Set the unit's counters for n cycles in so many calls."""
    i32, i64 = k.c, k.w
    kind = calls_of(k, row)
    unit = of_unit(i32, u, 0)
    i64[unit + U_ROW] = row
    if kind == 0:
        calls = 1
    run_ms = n * cycle * 1000 // calls
    i64[unit + U_RUN] = max(1, run_ms)
    i64[unit + U_SERVICE] = i64[of_step(i32, row, ATTEND)] * 1000 + int(
        i64[of_step(i32, row, STOPS)] * (run_ms / 3600000.0) * i64[of_step(i32, row, STOP_S)] * 1000.0 / PPM
    )
    i64[unit + U_CALLS] = kind
    i64[unit + U_NEED] = calls * CALL
    i64[unit + U_PROG] = 0
    i64[unit + U_FROZEN] = 0
    i64[unit + U_STANDS] = 0
    i64[unit + U_STEP_MS] = 0


@inner
def zone_allows(k: K, z: int, row: int, cycle: int, pieces: int, t: int, now: bool) -> int:
    """Whether one more task may open in the zone. ``now``: it starts at t; else its set-up does."""
    i32, i64, f64 = k.c, k.w, k.f
    on = i64[of_zone(i32, z, Z_ON)]
    if now and on == 0 and (i64[of_step(i32, row, ATTEND)] > 0):
        return W_DARK
    coming = 0 if now else i64[of_zone(i32, z, Z_COMING)]
    if on > 0 and i64[of_zone(i32, z, Z_OPEN)] + coming + 1 > i64[of_zone(i32, z, Z_LIMIT)]:
        return W_LIMIT
    if on > 0 and f64[i32[F_RULE] + R_LOSS] < 1.0 and (calls_of(k, row) > 0):
        n = cycles_of(k, row, pieces)
        run = n * cycle / -(-n // i64[of_step(i32, row, PERCALL)])
        service = (
            i64[of_step(i32, row, ATTEND)]
            + i64[of_step(i32, row, STOPS)] * run / 3600.0 * i64[of_step(i32, row, STOP_S)] / PPM
        )
        cv = i64[of_step(i32, row, CV)] / 1000.0
        rate = f64[i32[F_POOL] + 3 * z + 0] + 1.0 / run
        load = f64[i32[F_POOL] + 3 * z + 1] + service / run
        square = f64[i32[F_POOL] + 3 * z + 2] + service * service * (1.0 + cv * cv) / run
        tasks = i64[of_zone(i32, z, Z_OPEN)] + coming + 1
        rho = load / tasks
        mean = load / rate
        grid = f64[i32[F_WAIT_GRID] : i32[F_WAIT_GRID] + 8]
        table = f64[i32[F_WAIT_LOG] : i32[F_WAIT_LOG] + i32[FIELDS + F_WAIT_LOG]]
        f = table_wait(grid, table, on, tasks, rho, square / rate / (mean * mean) - 1.0)
        if tasks > 1 and f / (1.0 + rho + f) > f64[i32[F_RULE] + R_LOSS]:
            return W_LOSS
    return OK


@inner
def claim(k: K, lot: int, u: int, mode: int, t: int) -> None:
    """The lot gets the unit: tool, places, same-machine group, spread over machines."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    m = i32[i32[F_UNIT_MACHINE] + u]
    known = False
    for other in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        if i32[of_lot(i32, other, UNIT)] >= 0 and i32[i32[F_UNIT_MACHINE] + i32[of_lot(i32, other, UNIT)]] == m:
            known = True
    if not known:
        i32[of_op(i32, op, SPREAD)] += 1
    if i32[FIELDS + F_OP_SAME] > 0 and i32[i32[F_OP_SAME] + op] >= 0:
        i32[i32[F_SAME] + i32[i32[F_OP_SAME] + op]] = m
    if i32[of_lot(i32, lot, STATE)] == L_QUEUED:
        dequeue(k, lot)
    i32[of_lot(i32, lot, UNIT)] = u
    note_turn(k, lot)
    if i64[of_step(i32, row, TOOL)] >= 0:
        i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] -= 1
    i64[of_unit(i32, u, U_LOT)] = lot
    i64[of_unit(i32, u, U_MODE)] = mode
    leave_places(k, op)


@inner
def try_run(k: K, u: int, t: int) -> int:
    """Start the run of the lots that hold the unit; OK or why not."""
    i32, i64 = k.c, k.w
    lot = i64[of_unit(i32, u, U_LOT)]
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    mode = i64[of_unit(i32, u, U_MODE)]
    m = i32[i32[F_UNIT_MACHINE] + u]
    cal = i64[of_machine(i32, m, M_CAL)]
    if i32[of_lot(i32, lot, READY)] > t:
        return W_READY
    if too_late(k, op, t):
        return W_BLOCK
    if not has_material(k, row, i32[i32[F_LOT_PIECES] + lot]):
        return W_MATERIAL
    z = i64[of_machine(i32, m, M_ZONE)]
    cycle = i32[i32[F_MODE_CYCLE] + mode]
    who = -1
    if z >= 0 and i64[of_step(i32, row, RUN_SKILL)] < 0:
        why = zone_allows(k, z, row, cycle, i32[i32[F_LOT_PIECES] + lot], t, True)
        if why == W_DARK and i64[of_unit(i32, u, U_SETUP_END)] == t:
            why = OK
        if why != OK and why != W_LOSS:
            return why
        if not is_open(k, cal, t):
            return W_CLOSED
        take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
        start_in_zone(k, u, lot, cycle, t)
        i32[of_lot(i32, lot, START)] = t
        i32[of_lot(i32, lot, PERSON)] = -1
    else:
        need = cycles_of(k, row, i32[i32[F_LOT_PIECES] + lot]) * cycle
        gap, overtime = (i64[of_step(i32, row, GAP)], i64[of_step(i32, row, OVERTIME)])
        if i64[of_step(i32, row, RUN_SKILL)] >= 0:
            who = choose_person(k, i64[of_step(i32, row, RUN_SKILL)], cal, t, need, gap, overtime, 0)
            if who < 0:
                return W_PERSON
            end = i64[G_END]
        else:
            end = work_end(k, cal, -1, t, need, gap, overtime)
            if end == -1:
                return W_CLOSED
            if end < 0:
                return W_HORIZON
        if end > i64[of_unit(i32, u, U_RES)] or (i64[of_unit(i32, u, U_RES)] < NEVER and may_block(k, op)):
            return W_CLOSED
        if (
            z >= 0
            and i64[of_zone(i32, z, Z_ON)] > 0
            and (i64[of_zone(i32, z, Z_OPEN)] + 1 > i64[of_zone(i32, z, Z_LIMIT)])
        ):
            return W_LIMIT
        if not keeps_waits_on(k, u, lot, end, t):
            return W_BLOCK
        take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
        run_until(k, u, lot, who, t, end)
    i64[of_unit(i32, u, U_FAMILY)] = i64[of_step(i32, row, FAMILY)]
    i64[of_unit(i32, u, U_LAST_OP)] = op
    return OK


@inner
def run_until(k: K, u: int, lot: int, who: int, t: int, end: int) -> None:
    """Begin a run with a certain end."""
    i32, i64 = k.c, k.w
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    if z >= 0:
        advance(k, z, t)
        i64[of_zone(i32, z, Z_OPEN)] += 1
        touch(k, z)
    i64[of_unit(i32, u, U_STATE)] = RUNNING
    i64[of_unit(i32, u, U_SINCE)] = t
    i64[of_unit(i32, u, U_STANDS)] = 0
    i64[of_unit(i32, u, U_END)] = end
    i64[of_unit(i32, u, U_NEED)] = 0
    i64[of_unit(i32, u, U_CALLS)] = 0
    i64[of_unit(i32, u, U_STEP_MS)] = 0
    i32[of_lot(i32, lot, START)] = t
    i32[of_lot(i32, lot, PERSON)] = who
    if who >= 0:
        hold_person(k, who, end, t)
    push(k, end, E_END, u)
    note_end(k, lot, end, t)


@inner
def begin(k: K, lot: int, u: int, mode: int, t: int) -> int:
    """Set-up or run of a single lot on an idle unit; OK or why not."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    m = i32[i32[F_UNIT_MACHINE] + u]
    cal = i64[of_machine(i32, m, M_CAL)]
    if i64[of_step(i32, row, TOOL)] >= 0 and i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] <= 0:
        return W_TOOL
    if not is_open(k, cal, t):
        return W_CLOSED
    if not has_material(k, row, i32[i32[F_LOT_PIECES] + lot]):
        return W_MATERIAL
    need = setup_need(k, u, op, mode)
    z = i64[of_machine(i32, m, M_ZONE)]
    if z >= 0:
        why = zone_allows(k, z, row, i32[i32[F_MODE_CYCLE] + mode], i32[i32[F_LOT_PIECES] + lot], t, need == 0)
        if why != OK:
            return why
    if need > 0:
        return begin_setup(k, lot, u, mode, need, t)
    if i64[of_unit(i32, u, U_RES)] < NEVER and (
        z >= 0 or i64[of_step(i32, row, FAMILY)] != i64[of_unit(i32, u, U_FAMILY)]
    ):
        return W_CLOSED
    i32[of_lot(i32, lot, SETUP_START)] = -1
    i64[of_unit(i32, u, U_SETUP_END)] = -1
    before = i64[of_unit(i32, u, U_LOT)]
    i64[of_unit(i32, u, U_LOT)] = lot
    i64[of_unit(i32, u, U_MODE)] = mode
    if i32[of_lot(i32, lot, READY)] > t:
        claim(k, lot, u, mode, t)
        i64[of_unit(i32, u, U_STATE)] = PENDING
        push(k, i32[of_lot(i32, lot, READY)], E_CHECK, u)
        return OK
    tool = i64[of_step(i32, row, TOOL)]
    settle(k, lot, u)  # what is told to those that follow asks on which machine it runs, and may not take its tool
    if tool >= 0:
        i64[i32[F_TOOL] + tool] -= 1
    group = group_of(k, op)
    bound = i32[i32[F_SAME] + group] if group >= 0 else -1
    if group >= 0:
        i32[i32[F_SAME] + group] = m
    why = try_run(k, u, t)
    if tool >= 0:
        i64[i32[F_TOOL] + tool] += 1
    if why != OK:
        forget(k, lot, u)
        if group >= 0:
            i32[i32[F_SAME] + group] = bound
        i64[of_unit(i32, u, U_LOT)] = before
        return why
    claim(k, lot, u, mode, t)
    return OK


@inner
def begin_setup(k: K, lot: int, u: int, mode: int, need: int, t: int) -> int:
    """Set-up of a lot on an idle unit; OK or why not."""
    i32, i64 = k.c, k.w
    row = i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]]
    m = i32[i32[F_UNIT_MACHINE] + u]
    cal, z = (i64[of_machine(i32, m, M_CAL)], i64[of_machine(i32, m, M_ZONE)])
    gap, overtime = (i64[of_step(i32, row, GAP)], i64[of_step(i32, row, OVERTIME)])
    if gap == 2:
        gap = 0
    if i64[of_unit(i32, u, U_RES)] < NEVER:
        return W_CLOSED
    skill = i64[of_step(i32, row, SETUP_SKILL)]
    who, end, tender = (-1, 0, False)
    if skill >= 0:
        who = choose_person(k, skill, cal, t, need, gap, overtime, 0)
        end = i64[G_END]
        if z >= 0:
            other = choose_tender(k, skill, z, t, need, gap)
            if other >= 0 and (who < 0 or i64[G_END] < end):
                who, tender, end = (other, True, i64[G_END])
        if who < 0:
            return W_PERSON
    else:
        end = work_end(k, cal, -1, t, need, gap, overtime)
        if end < 0:
            return W_CLOSED if end == -1 else W_HORIZON
    claim(k, lot, u, mode, t)
    i64[of_unit(i32, u, U_STATE)] = SETTING
    i64[of_unit(i32, u, U_SETUP)] = 0
    i32[of_lot(i32, lot, SETUP_START)] = t
    i32[of_lot(i32, lot, SETUP_PERSON)] = who
    if z >= 0:
        advance(k, z, t)
        i64[of_zone(i32, z, Z_COMING)] += 1
        touch(k, z)
    if tender:
        i64[of_unit(i32, u, U_SETUP)] = need * PPM
        i64[of_person(i32, who, SET_UNIT)] = u
    else:
        if who >= 0:
            hold_person(k, who, end, t)
        push(k, end, E_SETUP, u)
    return OK


@inner
def setup_over(k: K, u: int, t: int) -> None:
    """The unit's set-up has ended: run if it can, else stand ready."""
    i32, i64 = k.c, k.w
    lot = i64[of_unit(i32, u, U_LOT)]
    i64[of_unit(i32, u, U_SETUP_END)] = t
    i64[of_unit(i32, u, U_SETUP)] = 0
    walk = lot
    while walk >= 0:
        i32[of_lot(i32, walk, SETUP_END)] = t
        walk = i32[i32[F_AFTER] + walk]
    who = i32[of_lot(i32, lot, SETUP_PERSON)]
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)]
    if z >= 0:
        i64[of_zone(i32, z, Z_COMING)] -= 1
        touch(k, z)
    if who >= 0 and i64[of_person(i32, who, SET_UNIT)] == u:
        i64[of_person(i32, who, SET_UNIT)] = -1
        mark_person(k, who)
    i64[of_unit(i32, u, U_FAMILY)] = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], FAMILY)]
    i64[of_unit(i32, u, U_STATE)] = PENDING
    if i32[of_lot(i32, lot, READY)] > t:
        push(k, i32[of_lot(i32, lot, READY)], E_CHECK, u)
    mark_unit(k, u)
