"""Compiled: the decoder. It plays a dispatch rule forwards in time under all rules of semantics.md."""

from __future__ import annotations

from fong._kernels import (
    inner,
    njit,
)
from fong.plan.decode._kernels_batch import (
    fill_logs,
)
from fong.plan.decode._kernels_blocks import (
    block,
)
from fong.plan.decode._kernels_events import (
    handle,
)
from fong.plan.decode._kernels_flow import (
    cycles_of,
    mark_unit,
    show,
    tell_successors,
)
from fong.plan.decode._kernels_layout import (
    E_CALENDAR,
    E_RECEIPT,
    E_WIP,
    F_CAL_PTR,
    F_HAS_WAITS,
    F_HORIZON,
    F_JOB_OF,
    F_LOT_OP,
    F_LOT_PTR,
    F_OP_ROW,
    F_OP_SAME,
    F_RECEIPT_AT,
    F_RECEIPT_PTR,
    F_SAME,
    F_TOOL,
    F_UNIT_MACHINE,
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
    G_BEGUN,
    G_DIRTY,
    G_DONE,
    G_FULL,
    G_HDIRTY,
    G_HEAP,
    G_POLLS,
    G_ZDIRTY,
    I32,
    I64,
    L_HIDDEN,
    LATEST,
    M_ZONE,
    MAX_WAIT,
    NEVER,
    OP_END,
    PERCALL,
    POLLS,
    RUN_SKILL,
    RUNNING,
    STATE,
    STUCK,
    TOOL,
    U_END,
    U_FAMILY,
    U_LAST_OP,
    U_NEED,
    U_SINCE,
    U_STATE,
    WAIT,
    Z_ASKED,
    Z_OPEN,
    ZONE_COLUMNS,
    K,
    of_lot,
    of_machine,
    of_op,
    of_step,
    of_unit,
    of_zone,
)
from fong.plan.decode._kernels_pick import (
    dispatch,
)
from fong.plan.decode._kernels_start import (
    begin_calls,
)
from fong.plan.decode._kernels_time import (
    next_change,
    peek,
    pop,
    push,
)
from fong.plan.decode._kernels_zone import (
    refresh,
    touch,
)


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
def set_out(k: K) -> None:
    """The state at time 0: work in progress, calendars, receipts, first operations."""
    i32, i64 = k.c, k.w
    fill_logs(k)
    for i in range(i32[FIELDS + F_WIP_OP]):
        op, u = (i32[i32[F_WIP_OP] + i], i32[i32[F_WIP_UNIT] + i])
        i32[of_op(i32, op, OP_END)] = i32[i32[F_WIP_END] + i]
        tool = i64[of_step(i32, i32[i32[F_OP_ROW] + op], TOOL)]
        if tool >= 0:
            i64[i32[F_TOOL] + tool] -= 1
        if u >= 0:
            i64[of_unit(i32, u, U_STATE)] = RUNNING
            i64[of_unit(i32, u, U_END)] = max(i64[of_unit(i32, u, U_END)], i32[i32[F_WIP_END] + i])
            i64[of_unit(i32, u, U_SINCE)] = i32[i32[F_WIP_START] + i]
            i64[of_unit(i32, u, U_LAST_OP)] = op
            if i32[FIELDS + F_OP_SAME] > 0 and i32[i32[F_OP_SAME] + op] >= 0:
                i32[i32[F_SAME] + i32[i32[F_OP_SAME] + op]] = i32[i32[F_UNIT_MACHINE] + u]
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
        op = i32[i32[F_WIP_OP] + i]
        if i32[i32[F_HAS_WAITS]] and i64[of_step(i32, i32[i32[F_OP_ROW] + op], MAX_WAIT)] < NEVER:
            block(k, op, i32[i32[F_WIP_END] + i], 0)
        tell_successors(k, i32[i32[F_WIP_OP] + i], 0)
    for op in range(i32[FIELDS + F_JOB_OF]):
        if (
            i32[of_op(i32, op, WAIT)] == 0
            and i32[i32[F_LOT_PTR] + op] < i32[i32[F_LOT_PTR] + op + 1]
            and (i32[of_lot(i32, i32[i32[F_LOT_PTR] + op], STATE)] == L_HIDDEN)
        ):
            show(k, op, 0)
    settle_zones(k, 0)


@njit(error_model="numpy", allocates=False)
def decode(k: K, until: int) -> int:
    """Play the rule forwards in time under the full rules, up to the last event before ``until``; returns how many lots are finished.

    Called again, it goes on where it stopped: the plan is the same as if it had not.
    """
    i32, i64 = k.c, k.w
    if i64[G_BEGUN] == 0:
        i64[G_BEGUN] = 1
        set_out(k)
    lots = i32[FIELDS + F_LOT_OP]
    last, stuck = (-1, 0)
    while i64[G_HEAP] > 0 and i64[G_DONE] < lots:
        t = peek(k)
        if t >= until:
            break
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
