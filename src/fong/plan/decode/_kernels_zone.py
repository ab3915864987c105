"""Compiled: zones of machines that are tended together (semantics.md: fluid rates, nights, limits, set-ups by tenders)."""

from __future__ import annotations

import math

from fong._kernels import inner
from fong.model._kernels import zone_wait
from fong.plan.decode._kernels_layout import (
    ATTEND,
    CALL,
    CV,
    E_ZONE,
    F_PERSON_CAL,
    F_PERSON_MAX,
    F_POOL,
    F_TOP_UP,
    F_UNIT_MACHINE,
    F_WAIT_GRID,
    F_WAIT_LOG,
    F_ZONE_DIRTY,
    F_ZONE_TENDER,
    F_ZONE_TENDER_PTR,
    F_ZONE_UNIT,
    F_ZONE_UNIT_PTR,
    FIELDS,
    G_ZDIRTY,
    NEVER,
    PPM,
    RUNNING,
    SETTING,
    SETUP_PERSON,
    STOPS,
    U_CALLS,
    U_FROZEN,
    U_LOT,
    U_NEED,
    U_PROG,
    U_ROW,
    U_RUN,
    U_SERVICE,
    U_SETUP,
    U_SINCE,
    U_STANDS,
    U_STATE,
    U_STEP_MS,
    Z_DARK,
    Z_DIRTY,
    Z_LAST,
    Z_LIMIT,
    Z_NEXT,
    Z_ON,
    Z_OPEN,
    Z_USE,
    K,
    of_lot,
    of_machine,
    of_step,
    of_unit,
    of_zone,
)
from fong.plan.decode._kernels_time import (
    is_open,
    open_seconds,
    push,
)

_CHUNK = 1000000
ATTENDED = 2


@inner
def touch(k: K, z: int) -> None:
    """Have the zone's rates worked out again before time goes on."""
    i32, i64 = k.c, k.w
    if i64[of_zone(i32, z, Z_DIRTY)] == 0:
        i64[of_zone(i32, z, Z_DIRTY)] = 1
        i32[i32[F_ZONE_DIRTY] + i64[G_ZDIRTY]] = z
        i64[G_ZDIRTY] += 1


@inner
def gained(seconds: int, step_ms: int) -> int:
    """Progress in so many seconds at ``step_ms`` a call."""
    out = 0
    while seconds > _CHUNK:
        out += _CHUNK * 1000 * CALL // step_ms
        seconds -= _CHUNK
    return out + seconds * 1000 * CALL // step_ms


@inner
def advance(k: K, z: int, t: int) -> None:
    """Bring the zone's running tasks and its tenders' set-ups to t at the rates in force."""
    i32, i64 = k.c, k.w
    last = i64[of_zone(i32, z, Z_LAST)]
    if t <= last:
        return
    i64[of_zone(i32, z, Z_LAST)] = t
    pace = PPM - i64[of_zone(i32, z, Z_USE)]
    for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
        u = i32[i32[F_ZONE_UNIT] + i]
        row = of_unit(i32, u, 0)
        if i64[row + U_STATE] == RUNNING and i64[row + U_STEP_MS] > 0:
            since = max(last, i64[row + U_FROZEN])
            if t > since:
                i64[row + U_PROG] += gained(t - since, i64[row + U_STEP_MS])
        elif i64[row + U_STATE] == SETTING and i64[row + U_SETUP] > 0:
            who = i32[of_lot(i32, i64[row + U_LOT], SETUP_PERSON)]
            if is_open(k, i32[i32[F_PERSON_CAL] + who], last):
                i64[row + U_SETUP] -= (t - last) * pace


@inner
def night_gain(k: K, u: int, length: int) -> int:
    """Progress of the unit's task in ``length`` seconds without anybody on duty."""
    i32, i64 = k.c, k.w
    row = of_unit(i32, u, 0)
    run_s = i64[row + U_RUN] / 1000.0
    b = float(length)
    if i32[i32[F_TOP_UP]]:
        tau = min(b, run_s)
    elif b < run_s:
        tau = b - b * b / (2.0 * run_s)
    else:
        tau = run_s / 2.0
    mu = stops_per_second(k, u)
    if mu > 0.0:
        tau = (1.0 - math.exp(-mu * tau)) / mu
    return int(math.floor(tau * 1000.0 * CALL / i64[row + U_RUN]))


@inner
def dark_run(k: K, u: int, since: int, t: int) -> int:
    """Seconds of a stretch without tenders in which the unit's machine is open."""
    i32, i64 = k.c, k.w
    return open_seconds(k, i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], 0)], since, t)


@inner
def stops_per_second(k: K, u: int) -> float:
    """Stops per running second of the unit's task."""
    i32, i64 = k.c, k.w
    row = i64[of_unit(i32, u, U_ROW)]
    return i64[of_step(i32, row, STOPS)] / (PPM * 3600.0)


@inner
def end_of_night(k: K, z: int, t: int) -> None:
    """Duty begins at t: give each task what it did in the dark, and let the standing ones wait for their turn."""
    i32, i64 = k.c, k.w
    dark, on = (i64[of_zone(i32, z, Z_DARK)], i64[of_zone(i32, z, Z_ON)])
    standing, attend = (0, 0)
    for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
        u = i32[i32[F_ZONE_UNIT] + i]
        row = of_unit(i32, u, 0)
        if i64[row + U_STATE] != RUNNING or i64[row + U_CALLS] == 0 or i64[row + U_STANDS]:
            continue
        length = dark_run(k, u, max(dark, i64[row + U_SINCE]), t)
        i64[row + U_PROG] = min(i64[row + U_NEED], i64[row + U_PROG] + night_gain(k, u, length))
        i64[row + U_FROZEN] = 0
        if i64[row + U_RUN] <= length * 1000:
            standing += 1
            attend += attend_s(k, u)
            i64[row + U_FROZEN] = -1
    for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
        u = i32[i32[F_ZONE_UNIT] + i]
        if i64[of_unit(i32, u, U_STATE)] == RUNNING and i64[of_unit(i32, u, U_FROZEN)] == -1:
            a = max(float(attend_s(k, u)), attend / standing)
            i64[of_unit(i32, u, U_FROZEN)] = t + int(math.ceil((max(standing, on) + on) * a / (2.0 * on)))
    i64[of_zone(i32, z, Z_DARK)] = -1


@inner
def attend_s(k: K, u: int) -> int:
    """Service time of a call of the unit's task."""
    i32, i64 = k.c, k.w
    return i64[of_step(i32, i64[of_unit(i32, u, U_ROW)], ATTEND)]


@inner
def duty(k: K, z: int, t: int) -> tuple[int, int]:
    """Tenders on duty at t, and how many tasks they may have open."""
    i32 = k.c
    on, limit = (0, 0)
    for i in range(i32[i32[F_ZONE_TENDER_PTR] + z], i32[i32[F_ZONE_TENDER_PTR] + z + 1]):
        who = i32[i32[F_ZONE_TENDER] + i]
        if is_open(k, i32[i32[F_PERSON_CAL] + who], t):
            on += 1
            limit = (
                NEVER
                if i32[i32[F_PERSON_MAX] + who] >= NEVER or limit >= NEVER
                else limit + i32[i32[F_PERSON_MAX] + who]
            )
    return (on, limit)


@inner
def later(k: K, a: int, b: int) -> bool:
    """Whether unit a's task started after unit b's; at the same moment the later lot counts as later."""
    i32, i64 = k.c, k.w
    return i64[of_unit(i32, a, U_SINCE)] > i64[of_unit(i32, b, U_SINCE)] or (
        i64[of_unit(i32, a, U_SINCE)] == i64[of_unit(i32, b, U_SINCE)]
        and i64[of_unit(i32, a, U_LOT)] > i64[of_unit(i32, b, U_LOT)]
    )


@inner
def who_stands(k: K, z: int) -> None:
    """Mark the tasks beyond the limit: the latest started stand."""
    i32, i64 = k.c, k.w
    limit = i64[of_zone(i32, z, Z_LIMIT)]
    over = i64[of_zone(i32, z, Z_ON)] > 0 and i64[of_zone(i32, z, Z_OPEN)] > limit
    first, last = (i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1])
    for i in range(first, last):
        u = i32[i32[F_ZONE_UNIT] + i]
        i64[of_unit(i32, u, U_STANDS)] = 0
        if over and i64[of_unit(i32, u, U_STATE)] == RUNNING:
            earlier = 0
            for j in range(first, last):
                v = i32[i32[F_ZONE_UNIT] + j]
                if i64[of_unit(i32, v, U_STATE)] == RUNNING and v != u and later(k, u, v):
                    earlier += 1
            i64[of_unit(i32, u, U_STANDS)] = 1 if earlier >= limit else 0


@inner
def machine_open(k: K, u: int, t: int) -> bool:
    """Whether the unit's machine is open at t."""
    i32, i64 = k.c, k.w
    return is_open(k, i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], 0)], t)


@inner
def pool_of(k: K, z: int, t: int) -> int:
    """Sum the running tasks with calls into S.pool; returns how many they are."""
    i32, i64, f64 = k.c, k.w, k.f
    n = 0
    rate, load, square = (0.0, 0.0, 0.0)
    for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
        u = i32[i32[F_ZONE_UNIT] + i]
        row = of_unit(i32, u, 0)
        if (
            i64[row + U_STATE] == RUNNING
            and i64[row + U_CALLS] > 0
            and (i64[row + U_STANDS] == 0)
            and machine_open(k, u, t)
        ):
            n += 1
            run, service = (i64[row + U_RUN] / 1000.0, i64[row + U_SERVICE] / 1000.0)
            cv = i64[of_step(i32, i64[row + U_ROW], CV)] / 1000.0
            rate += 1.0 / run
            load += service / run
            square += service * service * (1.0 + cv * cv) / run
    f64[i32[F_POOL] + 3 * z + 0], f64[i32[F_POOL] + 3 * z + 1], f64[i32[F_POOL] + 3 * z + 2] = (rate, load, square)
    return n


@inner
def refresh(k: K, z: int, t: int) -> None:
    """Work out who is on duty, who stands, the rates, and the zone's next event."""
    i32, i64, f64 = k.c, k.w, k.f
    i64[of_zone(i32, z, Z_DIRTY)] = 0
    on, limit = duty(k, z, t)
    i64[of_zone(i32, z, Z_ON)], i64[of_zone(i32, z, Z_LIMIT)] = (on, limit)
    if on > 0 and i64[of_zone(i32, z, Z_DARK)] >= 0:
        end_of_night(k, z, t)
    elif on == 0 and i64[of_zone(i32, z, Z_DARK)] < 0:
        i64[of_zone(i32, z, Z_DARK)] = t
        for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
            i64[of_unit(i32, i32[i32[F_ZONE_UNIT] + i], U_FROZEN)] = 0
    if on > 0:
        who_stands(k, z)
    running = pool_of(k, z, t)
    wait_ms, use = (0, 0)
    if on > 0:
        wait_ms, use = zone_wait(
            f64[i32[F_WAIT_GRID] : i32[F_WAIT_GRID] + 8],
            f64[i32[F_WAIT_LOG] : i32[F_WAIT_LOG] + i32[FIELDS + F_WAIT_LOG]],
            on,
            running,
            f64[i32[F_POOL] + 3 * z + 0],
            f64[i32[F_POOL] + 3 * z + 1],
            f64[i32[F_POOL] + 3 * z + 2],
        )
    i64[of_zone(i32, z, Z_USE)] = use
    nearest = NEVER
    for i in range(i32[i32[F_ZONE_UNIT_PTR] + z], i32[i32[F_ZONE_UNIT_PTR] + z + 1]):
        u = i32[i32[F_ZONE_UNIT] + i]
        if i64[of_unit(i32, u, U_STATE)] == RUNNING:
            nearest = min(nearest, pace_of(k, u, t, on, wait_ms))
        elif i64[of_unit(i32, u, U_STATE)] == SETTING and i64[of_unit(i32, u, U_SETUP)] > 0:
            if is_open(k, i32[i32[F_PERSON_CAL] + i32[of_lot(i32, i64[of_unit(i32, u, U_LOT)], SETUP_PERSON)]], t):
                nearest = min(nearest, t - -i64[of_unit(i32, u, U_SETUP)] // (PPM - use))
    i64[of_zone(i32, z, Z_NEXT)] = max(nearest, t)
    if nearest < NEVER:
        push(k, max(nearest, t), E_ZONE, z)


@inner
def pace_of(k: K, u: int, t: int, on: int, wait_ms: int) -> int:
    """Set the pace of a unit's running task; returns when it will be done at that pace, or the end of its wait, NEVER if it stands."""
    i32, i64 = k.c, k.w
    row = of_unit(i32, u, 0)
    i64[row + U_STEP_MS] = 0
    if i64[row + U_NEED] == 0 or i64[row + U_STANDS] or (not machine_open(k, u, t)):
        return NEVER
    if i64[row + U_CALLS] == 0:
        i64[row + U_STEP_MS] = i64[row + U_RUN]
    elif on > 0:
        i64[row + U_STEP_MS] = i64[row + U_RUN] + i64[row + U_SERVICE] + wait_ms
    elif i64[row + U_CALLS] == ATTENDED:
        return NEVER
    else:
        return dark_end(k, u, t)
    left = max(0, i64[row + U_NEED] - i64[row + U_PROG])
    ms = left // CALL * i64[row + U_STEP_MS] - -(left % CALL) * i64[row + U_STEP_MS] // CALL
    return max(t, i64[row + U_FROZEN]) - -ms // 1000


@inner
def dark_end(k: K, u: int, t: int) -> int:
    """When a task that only has stops ends in the dark; NEVER if not before its magazine is empty."""
    i32, i64 = k.c, k.w
    row = of_unit(i32, u, 0)
    left = i64[row + U_NEED] - i64[row + U_PROG]
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], 1)]
    since = max(i64[of_zone(i32, z, Z_DARK)], i64[row + U_SINCE])
    most = i64[row + U_RUN] // 1000 + 1
    if night_gain(k, u, most) < left:
        return NEVER
    lo, hi = (0, most)
    while lo < hi:
        mid = lo + hi >> 1
        if night_gain(k, u, mid) >= left:
            hi = mid
        else:
            lo = mid + 1
    return max(t, t + lo - dark_run(k, u, since, t))


@inner
def is_done(k: K, u: int, t: int) -> bool:
    """Whether the unit's running task has had all its calls at t."""
    i32, i64 = k.c, k.w
    row = of_unit(i32, u, 0)
    if i64[row + U_STATE] != RUNNING or i64[row + U_NEED] == 0 or i64[row + U_STANDS]:
        return False
    z = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], 1)]
    if i64[row + U_CALLS] == ATTENDED and i64[of_zone(i32, z, Z_ON)] == 0:
        return False
    if i64[row + U_CALLS] == 1 and i64[of_zone(i32, z, Z_ON)] == 0:
        since = max(i64[of_zone(i32, z, Z_DARK)], i64[row + U_SINCE])
        return t > since and i64[row + U_PROG] + night_gain(k, u, dark_run(k, u, since, t)) >= i64[row + U_NEED]
    return t >= i64[row + U_FROZEN] and i64[row + U_PROG] >= i64[row + U_NEED]
