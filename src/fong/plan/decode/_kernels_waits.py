"""Compiled: longest waits. Machines and people are reserved for what must follow soon."""

from __future__ import annotations

from fong._kernels import inner
from fong.plan.decode._kernels_flow import (
    cycles_of,
    forget,
    group_of,
    has_material,
    may_block,
    may_use,
    op_on,
    settle,
    setup_need,
    take_material,
    ungroup,
)
from fong.plan.decode._kernels_layout import (
    ATTEND,
    BOOKED,
    BOOKINGS,
    COLLECT,
    CYCLE,
    END,
    F_AFTER,
    F_LOT_OP,
    F_LOT_PIECES,
    F_MODE_CYCLE,
    F_MODE_PTR,
    F_OP_QUEUE,
    F_OP_ROW,
    F_OP_STEP,
    F_PERSON_CAL,
    F_PERSON_ZONE,
    F_QUEUE_MACHINE,
    F_QUEUE_UNIT,
    F_QUEUE_UNIT_PTR,
    F_SAME,
    F_SKILL_PERSON,
    F_SKILL_PTR,
    F_STOCK,
    F_TOOL,
    F_UNIT_MACHINE,
    F_USE_ITEM,
    F_USE_MICRO,
    FREE_AT,
    GAP,
    IDLE,
    L_HIDDEN,
    L_TAKEN,
    M_BATCH,
    M_CAL,
    M_ZONE,
    NEVER,
    OUTSIDE,
    OVERTIME,
    PERSON,
    RUN_SKILL,
    RUNNING,
    SETUP_PERSON,
    SETUP_SKILL,
    SETUP_START,
    START,
    STATE,
    TOOL,
    TRY_S,
    U_END,
    U_NEED,
    U_RES,
    U_RES_LOT,
    U_STATE,
    UNIT,
    USE0,
    USE1,
    WHY,
    K,
    of_booking,
    of_lot,
    of_machine,
    of_person,
    of_step,
    of_unit,
)
from fong.plan.decode._kernels_people import (
    booked,
)
from fong.plan.decode._kernels_time import (
    closes,
    is_open,
    next_open,
    work_end,
)
from fong.plan.decode._kernels_zone import (
    duty,
)


@inner
def free_for(k: K, who: int, a: int, b: int) -> bool:
    """Whether the person is at work and unbooked in all of [a, b)."""
    i32, i64 = k.c, k.w
    if (
        i32[i32[F_PERSON_ZONE] + who] >= 0
        or i64[of_person(i32, who, FREE_AT)] > a
        or i64[of_person(i32, who, BOOKED)] >= BOOKINGS
        or booked(k, who, a, b)
    ):
        return False
    cal = i32[i32[F_PERSON_CAL] + who]
    return is_open(k, cal, a) and closes(k, cal, a) >= b


@inner
def someone_for(k: K, skill: int, a: int, b: int) -> int:
    """A person with the skill for all of [a, b); -1 if none."""
    i32 = k.c
    for i in range(i32[i32[F_SKILL_PTR] + skill], i32[i32[F_SKILL_PTR] + skill + 1]):
        if free_for(k, i32[i32[F_SKILL_PERSON] + i], a, b):
            return i32[i32[F_SKILL_PERSON] + i]
    return -1


@inner
def book(k: K, who: int, a: int, b: int) -> None:
    """Book a person for [a, b)."""
    i32, i64 = k.c, k.w
    for i in range(BOOKINGS):
        if i64[of_booking(i32, who, i, 1)] == 0:
            i64[of_booking(i32, who, i, 0)] = a
            i64[of_booking(i32, who, i, 1)] = b
            i64[of_person(i32, who, BOOKED)] += 1
            return


@inner
def unbook(k: K, who: int, a: int) -> int:
    """Take back the booking that begins at a; returns its end."""
    i32, i64 = k.c, k.w
    for i in range(BOOKINGS):
        if i64[of_booking(i32, who, i, 1)] > 0 and i64[of_booking(i32, who, i, 0)] == a:
            end = i64[of_booking(i32, who, i, 1)]
            i64[of_booking(i32, who, i, 0)] = 0
            i64[of_booking(i32, who, i, 1)] = 0
            i64[of_person(i32, who, BOOKED)] -= 1
            return end
    return a


@inner
def unit_from(k: K, u: int, t: int) -> int:
    """From when the unit can be reserved; NEVER if that is not known."""
    i32, i64 = k.c, k.w
    if i64[of_unit(i32, u, U_RES)] < NEVER:
        return NEVER
    if i64[of_unit(i32, u, U_STATE)] == IDLE:
        return t
    if (
        i64[of_unit(i32, u, U_STATE)] == RUNNING
        and i64[of_unit(i32, u, U_NEED)] == 0
        and (i64[of_unit(i32, u, U_END)] > t)
        and not may_block(k, op_on(k, u))
    ):
        return i64[of_unit(i32, u, U_END)]
    return NEVER


@inner
def run_hold(k: K, row: int, machine_batch: int, need: int) -> int:
    """How long a run's person is held: while a batch is loaded, else the whole run."""
    i32, i64 = k.c, k.w
    return i64[of_step(i32, row, ATTEND)] if machine_batch > 0 else need


@inner
def sibling(k: K, op: int, u: int) -> int:
    """The last of the operation's sub-lots that the unit is reserved for, after which one more may run; -1 if none.

    In a zone the end of a run is not known, and a lot whose place is full stays on its machine: nothing can be reserved behind those.
    """
    i32, i64 = k.c, k.w
    last = i64[of_unit(i32, u, U_RES_LOT)]
    if (
        i64[of_unit(i32, u, U_RES)] >= NEVER
        or last < 0
        or i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_ZONE)] >= 0
        or may_block(k, op)
    ):
        return -1
    if i32[i32[F_LOT_OP] + last] != op:
        return -1
    while i32[i32[F_AFTER] + last] >= 0:
        last = i32[i32[F_AFTER] + last]
    return last


@inner
def reserve_on(k: K, lot: int, u: int, position: int, low: int, high: int, t: int) -> bool:
    """Reserve unit and people so that the lot's run starts in [low, high]."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    m = i32[i32[F_UNIT_MACHINE] + u]
    before = sibling(k, op, u)
    start = i32[of_lot(i32, before, END)] if before >= 0 else unit_from(k, u, t)
    if start > high or not may_use(k, lot, u):
        return False
    mode = i32[i32[F_MODE_PTR] + i32[i32[F_OP_STEP] + op]] + position
    batch = i64[of_machine(i32, m, M_BATCH)]
    need = (
        i32[i32[F_MODE_CYCLE] + mode]
        if batch > 0
        else cycles_of(k, row, i32[i32[F_LOT_PIECES] + lot]) * i32[i32[F_MODE_CYCLE] + mode]
    )
    setup = 0 if before >= 0 else setup_need(k, u, op, mode)
    cal, z = (i64[of_machine(i32, m, M_CAL)], i64[of_machine(i32, m, M_ZONE)])
    gap = i64[of_step(i32, row, GAP)]
    at = max(low, start + setup)
    while at <= high:
        if setup == 0 or (is_open(k, cal, at - setup) and closes(k, cal, at - setup) >= at):
            setter = -1
            if setup > 0 and i64[of_step(i32, row, SETUP_SKILL)] >= 0:
                setter = someone_for(k, i64[of_step(i32, row, SETUP_SKILL)], at - setup, at)
            if setup == 0 or i64[of_step(i32, row, SETUP_SKILL)] < 0 or setter >= 0:
                skill = i64[of_step(i32, row, RUN_SKILL)]
                tended = z >= 0 and skill < 0
                end = at if tended else work_end(k, cal, -1, at, need, gap, i64[of_step(i32, row, OVERTIME)])
                who, ok = (-1, end >= 0 and (z < 0 or duty(k, z, at)[0] > 0))
                hold = run_hold(k, row, batch, end - at)
                if ok and skill >= 0:
                    who = someone_for(k, skill, at, at + hold)
                    ok = who >= 0 and who != setter
                if ok and batch > 0 and (end < at + need):
                    ok = False
                if ok:
                    fix(
                        k,
                        lot,
                        u,
                        mode,
                        at - setup if setup > 0 else -1,
                        setter,
                        at,
                        end,
                        who,
                        hold,
                    )
                    return True
        at += TRY_S
    return False


@inner
def fix(k: K, lot: int, u: int, mode: int, setup: int, setter: int, at: int, end: int, who: int, hold: int) -> None:
    """Write a reservation down. ``setup`` -1: none."""
    i32, i64 = k.c, k.w
    row = i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]]
    i32[of_lot(i32, lot, STATE)] = L_TAKEN
    i32[of_lot(i32, lot, UNIT)] = -1
    if u >= 0:
        if group_of(k, i32[i32[F_LOT_OP] + lot]) >= 0:
            i32[i32[F_SAME] + group_of(k, i32[i32[F_LOT_OP] + lot])] = i32[i32[F_UNIT_MACHINE] + u]
        settle(k, lot, u)  # a reservation counts at once, or the next sub-lot would be let on to another machine
    i32[of_lot(i32, lot, SETUP_START)] = setup
    i32[of_lot(i32, lot, SETUP_PERSON)] = setter
    i32[of_lot(i32, lot, START)] = at
    i32[of_lot(i32, lot, END)] = end
    i32[of_lot(i32, lot, PERSON)] = who
    if setter >= 0:
        book(k, setter, setup, at)
    if who >= 0 and hold > 0:
        book(k, who, at, at + hold)
    if u >= 0:
        i32[of_lot(i32, lot, WHY)] = mode
        i32[i32[F_AFTER] + lot] = -1
        before = sibling(k, i32[i32[F_LOT_OP] + lot], u)
        if before >= 0:
            i32[i32[F_AFTER] + before] = lot
        else:
            i64[of_unit(i32, u, U_RES)] = setup if setup >= 0 else at
            i64[of_unit(i32, u, U_RES_LOT)] = lot
    take_material(k, row, i32[i32[F_LOT_PIECES] + lot])
    if i64[of_step(i32, row, TOOL)] >= 0:
        i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] -= 1


@inner
def unfix(k: K, lot: int) -> None:
    """Take a reservation back."""
    i32, i64 = k.c, k.w
    row = i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]]
    if i32[of_lot(i32, lot, SETUP_PERSON)] >= 0:
        unbook(k, i32[of_lot(i32, lot, SETUP_PERSON)], i32[of_lot(i32, lot, SETUP_START)])
    if i32[of_lot(i32, lot, PERSON)] >= 0:
        unbook(k, i32[of_lot(i32, lot, PERSON)], i32[of_lot(i32, lot, START)])
    u = i32[of_lot(i32, lot, UNIT)]
    if u >= 0:
        i64[of_unit(i32, u, U_RES)] = NEVER
        i64[of_unit(i32, u, U_RES_LOT)] = -1
        i32[i32[F_AFTER] + lot] = -1
        forget(k, lot, u)
        ungroup(k, i32[i32[F_LOT_OP] + lot])
    for i in range(i64[of_step(i32, row, USE0)], i64[of_step(i32, row, USE1)]):
        i64[i32[F_STOCK] + i32[i32[F_USE_ITEM] + i]] += i32[i32[F_LOT_PIECES] + lot] * i64[i32[F_USE_MICRO] + i]
    if i64[of_step(i32, row, TOOL)] >= 0:
        i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] += 1
    i32[of_lot(i32, lot, STATE)] = L_HIDDEN
    for column in (UNIT, PERSON, SETUP_START, SETUP_PERSON, START, END):
        i32[of_lot(i32, lot, column)] = -1


@inner
def reserve_lot(k: K, lot: int, low: int, high: int, t: int) -> bool:
    """Reserve whatever the lot needs to start in [low, high]."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    row = i32[i32[F_OP_ROW] + op]
    if not has_material(k, row, i32[i32[F_LOT_PIECES] + lot]) or (
        i64[of_step(i32, row, TOOL)] >= 0 and i64[i32[F_TOOL] + i64[of_step(i32, row, TOOL)]] <= 0
    ):
        return False
    q = i32[i32[F_OP_QUEUE] + op]
    if q < 0:
        at = next_open(k, i64[of_step(i32, row, COLLECT)], low)
        if at > high:
            return False
        fix(k, lot, -1, 0, -1, -1, at, at + i64[of_step(i32, row, OUTSIDE)], -1, 0)
        return True
    for i in range(i32[i32[F_QUEUE_UNIT_PTR] + q], i32[i32[F_QUEUE_UNIT_PTR] + q + 1]):
        if reserve_on(k, lot, i32[i32[F_QUEUE_UNIT] + i], i32[i32[F_QUEUE_MACHINE] + i], low, high, t):
            return True
    if i32[i32[F_QUEUE_UNIT_PTR] + q] < i32[i32[F_QUEUE_UNIT_PTR] + q + 1]:
        return False
    need = cycles_of(k, row, i32[i32[F_LOT_PIECES] + lot]) * i64[of_step(i32, row, CYCLE)]
    at = low
    while at <= high:
        who = someone_for(k, i64[of_step(i32, row, RUN_SKILL)], at, at + need)
        if who >= 0:
            fix(k, lot, -1, 0, -1, -1, at, at + need, who, need)
            return True
        at += TRY_S
    return False
