"""How the decoder's memory is laid out.

A kernel that passes a hundred arrays to a hundred functions takes minutes to compile (measured: more than nine), so all columns live in
three arrays: ``c`` (int32), ``w`` (int64) and ``f`` (float64). The first numbers of ``c`` are a directory: ``c[F_X]`` is where column X
begins in its array and ``c[FIELDS + F_X]`` how long it is. So ``k.c[k.c[F_JOB_DUE] + job]`` is the due date of a job, and
``k.w[of_unit(k, u, U_STATE)]`` the state of a unit. :mod:`fong.plan.decode.memory` fills the memory.

Times in seconds, -1 none. A *unit* is one slot of a machine. A *queue* holds the lots that wait for one set of machines; the queues after
those, one per skill, hold handwork.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fong._kernels import inner

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

NEVER = 2**31 - 1
CALL = 1_000_000_000
"""Progress units of one call (semantics.md: integers, one unit of rounding per breakpoint)."""
PPM = 1_000_000

# columns of P.step
(
    CYCLE, PPC, ATTEND, PERCALL, CV, STOPS, STOP_S, SETUP_SKILL, RUN_SKILL, FAMILY, BATCH, BOX, LAG, MAX_WAIT, SPLIT, GAP, OVERTIME,
    OUTSIDE, COLLECT, TOOL, PLACE, USE0, USE1,
) = range(23)  # fmt: skip
STEP_COLUMNS = 23
# columns of P.machine
M_CAL, M_ZONE, M_BATCH, M_WAIT, M_GROUP = range(5)
MACHINE_COLUMNS = 5
# columns of S.lot
STATE, START, END, UNIT, PERSON, SETUP_START, SETUP_END, SETUP_PERSON, BATCH_ID, READY, WHY, SHOWN, TURN = range(13)
LOT_COLUMNS = 13
# states of a lot
L_HIDDEN, L_QUEUED, L_TAKEN, L_DONE = range(4)
# columns of S.op
LEFT, WAIT, OP_READY, OP_END, UNSTARTED, SPREAD, LEFT_PLACE, COMMITTED = range(8)
OP_COLUMNS = 8
# columns of S.unit
(
    U_STATE, U_LOT, U_FAMILY, U_LAST_OP, U_PROG, U_NEED, U_RUN, U_SERVICE, U_STEP_MS, U_FROZEN, U_SINCE, U_SETUP, U_CALLS, U_DIRTY, U_MODE,
    U_RES, U_RES_LOT, U_END, U_STANDS, U_SETUP_END, U_ROW, U_CHECK,
) = range(22)  # fmt: skip
UNIT_COLUMNS = 22
# states of a unit
IDLE, SETTING, PENDING, RUNNING, BLOCKED = range(5)
# columns of S.person
FREE_AT, LOAD, SET_UNIT, BOOKED = range(4)  # BOOKED: how many future holds
PERSON_COLUMNS = 4
# columns of S.zone
Z_LAST, Z_NEXT, Z_ON, Z_LIMIT, Z_OPEN, Z_DARK, Z_USE, Z_DIRTY, Z_COMING, Z_ASKED = range(10)
ZONE_COLUMNS = 10
# places of S.g
(
    G_HEAP, G_BATCHES, G_DONE, G_DIRTY, G_STAMP, G_END, G_ZDIRTY, G_HDIRTY, G_EVENTS, G_FULL, G_REFUSED, G_POLLS, G_BEGUN, G_TURN,
) = range(14)  # fmt: skip
# kinds of events, in the order in which they are handled at one moment
E_ZONE, E_SETUP, E_END, E_WIP, E_HAND, E_PERSON, E_CALENDAR, E_READY, E_RECEIPT, E_RESERVED, E_CHECK = range(11)
# why a lot could not start (S.lot[:, WHY])
OK, W_PERSON, W_CLOSED, W_MATERIAL, W_TOOL, W_LIMIT, W_DARK, W_BLOCK, W_READY, W_HORIZON, W_BATCH, W_LOSS, W_PLACE = (
    range(13)
)
IN_PLACE = -1
"""LEFT of an operation that ran at the start: its lot waits in its place."""
BOOKINGS = 8
"""How many future holds a person may have at once (maximum waits)."""

TRY_S = 300
"""Step in which starts are tried for a chain with a longest wait."""
CHAIN = 64
"""Most lots in such a chain."""

LATEST = 2**30 - 1
"""No event later than this."""
STUCK = 1000
"""So often may one moment be looked at again."""
POLLS = 20_000
"""So often may lots be tried again without any being finished in between: what cannot ever start must not be tried for ever."""
TRIES = 16
"""So many lots does an idle unit try at one moment."""
BLOCKS = 2
"""So many of them may be lots whose next step would not follow soon enough: those behind them wait for the same machines."""

# rules
FIFO, EDD, SLACK, CR, ATC, SPT, ATCS, MWKR, SEQUENCE = range(9)
# places of P.rule (floats)
R_KIND, R_K, R_K2, R_P, R_SETUP, R_LOOK, R_LOSS, R_BATCH = range(8)

# columns in c (int32): constants, then state
(
    F_JOB_OF,  # [T]
    F_JOB_RELEASE,  # [J]
    F_JOB_DUE,  # [J]
    F_SUCC_PTR,  # [T+1]
    F_SUCC_OP,
    F_PRED_PTR,  # [T+1]
    F_PRED_OP,
    F_OP_ROW,  # [T] row of `step`
    F_OP_STEP,  # [T] row of `mode_ptr`
    F_OP_QUEUE,  # [T] queue; -1 outside
    F_OP_SAME,  # [T] or empty
    F_OP_TAIL,  # [T] least time from the operation's start to its job's end
    F_LOT_PTR,  # [T+1] lots of an operation
    F_LOT_OP,  # [L]
    F_LOT_PIECES,  # [L]
    F_MODE_PTR,
    F_MODE_CYCLE,
    F_MODE_SETUP,
    F_MODE_MACHINE,
    F_USE_ITEM,
    F_UNIT_MACHINE,  # [U]
    F_UNIT_QUEUE_PTR,  # [U+1] queues that a unit serves
    F_UNIT_QUEUE,
    F_UNIT_POSITION,  # place of the unit's machine among the modes of that queue's steps
    F_QUEUE_UNIT_PTR,  # [Q+1]
    F_QUEUE_UNIT,
    F_QUEUE_MACHINE,  # as queue_unit, its machine's position
    F_SHARED,  # [K] 1: the machine has several slots, and no set-up history
    F_SETUP_PTR,
    F_SETUP_TO,
    F_SETUP_S,
    F_PERSON_CAL,
    F_PERSON_ZONE,
    F_PERSON_MAX,
    F_PERSON_SKILLS,  # [N] how many skills a person has
    F_SKILL_PTR,
    F_SKILL_PERSON,
    F_PERSON_SKILL_PTR,
    F_PERSON_SKILL,
    F_ZONE_TENDER_PTR,
    F_ZONE_TENDER,
    F_ZONE_UNIT_PTR,
    F_ZONE_UNIT,
    F_CAL_PTR,
    F_WIN_OPEN,
    F_WIN_CLOSE,
    F_CAL_PERSON_PTR,
    F_CAL_PERSON,
    F_CAL_UNIT_PTR,
    F_CAL_UNIT,
    F_RES_PTR,  # queues that need a skill, then those that need a tool, then a material
    F_RES_QUEUE,
    F_PLACE_UNIT_PTR,
    F_PLACE_UNIT,
    F_RECEIPT_PTR,
    F_RECEIPT_AT,
    F_PLACE_LOTS,
    F_WIP_OP,
    F_WIP_UNIT,
    F_WIP_START,
    F_WIP_END,
    F_WIP_PIECES,
    F_WIP_CYCLE,  # cycle (s) of the running mode
    F_BLOCKS,  # [T] 1: its lots stay on their machine while their place is full
    F_BOXES,  # [T] 1: one lot, no batch machine, a certain pace: boxes can be followed
    F_QUICKEST,  # [T] shortest cycle of the operation's modes
    F_FAMILIES,  # number of set-up families
    F_TOOLS,  # number of skills; number of skills and tools
    F_TOP_UP,  # [1]
    F_HAS_WAITS,  # [1] any longest wait
    F_HAS_SETUPS,  # [1] longest set-up (s), 0: there are none
    F_HORIZON,
    F_LONGEST,  # [C+1, C+1] longest common window of two calendars, 0: none  # [1]
    F_UNIFORM,  # [Q] 1: the units of the queue are all alike, and no set-up tells them apart
    F_LOT_MACHINE,  # [L] machine that a lot must go to, -1: any; empty: no lot is told
    F_AFTER,  # [L] next in queue or batch
    F_BEFORE,  # [L]
    F_HEAD,  # [Q]
    F_TAIL,  # [Q]
    F_SAME,  # machine of a same-machine group
    F_DIRTY,  # stack of units
    F_PICKED,  # [U+1] scratch: lot picked for a marked unit, -1: none
    F_PICKED_AT,  # [U+1] scratch: the unit's place among that lot's modes
    F_ZONE_DIRTY,  # stack of zones
    F_HAND_DIRTY,  # stack of handwork queues
    F_HAND_FLAG,
    F_TODO,  # [U+1] scratch: units that are being served
    F_HAND_TODO,  # [Q+1] scratch: handwork queues that are being served
    F_CHAIN_LOT,  # [CHAIN] scratch: lots of a chain that is being reserved
    F_CHAIN_OP,  # [CHAIN] scratch: its operations
    F_LOT,  # [L, 13]
    F_OP,  # [T, 8]
) = range(92)  # fmt: skip
# columns in w (int64)
(
    F_G,  # 16 places G_*
    F_USE_MICRO,
    F_RECEIPT_MICRO,
    F_STOCK,
    F_TOOL,
    F_PLACE,
    F_SKIP,  # [L] stamp of the last failed try
    F_SKILL_OUT,  # [skills] time at which nobody was free
    F_STEP,  # [rows, 23]
    F_MACHINE,  # [K, 5]
    F_UNIT,  # [U, 22]
    F_PERSON,  # [N, 4]
    F_ZONE,  # [Z, 10]
    F_CHAIN_END,  # [CHAIN] scratch: when each operation of the chain ends
    F_BOOKING,  # [N, 8, 2] start and end of the future holds of a person
    F_HEAP,
) = range(92, 108)  # fmt: skip
# columns in f (float64)
(
    F_RULE,  # kind, k, k2, mean run, mean set-up, look-ahead (s), largest loss in a zone, share of the batch-wait limit
    F_JOB_WEIGHT,  # [J] with the perturbation of this decode
    F_LOT_KEY,  # [L] place in the order (SEQUENCE), else how much more urgent than by the rule; empty: nothing is told
    F_LOT_LOG,  # [L] rules ATC and ATCS: logarithm of each lot's usual run over its weight
    F_WAIT_GRID,
    F_WAIT_LOG,
    F_ORDER,  # [U] scratch: best key of a marked unit
    F_POOL,  # [Z, 3] Σ 1/C, Σ a/C, Σ a²(1+cv²)/C
) = range(108, 116)  # fmt: skip
FIELDS = 116
"""Number of columns; the directory has twice as many places. g stands at the head of w."""


def _columns(first: int, last: int) -> tuple[str, ...]:
    """Names of the columns with these numbers, in order."""
    names = {value: name for name, value in globals().items() if name.startswith("F_")}
    return tuple(names[i] for i in range(first, last))


ARRAYS = {"c": _columns(F_JOB_OF, F_G), "w": _columns(F_G, F_RULE), "f": _columns(F_RULE, FIELDS)}
"""Columns of each array, in order."""


class K(NamedTuple):
    """The decoder's memory: see the top of this module."""

    c: I32
    w: I64
    f: F64


@inner
def of_lot(i32: I32, i: int, column: int) -> int:
    """Where a column of a lot stands in ``c``."""
    return i32[F_LOT] + i * LOT_COLUMNS + column


@inner
def of_op(i32: I32, i: int, column: int) -> int:
    """Where a column of a operation stands in ``c``."""
    return i32[F_OP] + i * OP_COLUMNS + column


@inner
def of_step(i32: I32, i: int, column: int) -> int:
    """Where a column of a step row stands in ``w``."""
    return i32[F_STEP] + i * STEP_COLUMNS + column


@inner
def of_machine(i32: I32, i: int, column: int) -> int:
    """Where a column of a machine stands in ``w``."""
    return i32[F_MACHINE] + i * MACHINE_COLUMNS + column


@inner
def of_unit(i32: I32, i: int, column: int) -> int:
    """Where a column of a unit stands in ``w``."""
    return i32[F_UNIT] + i * UNIT_COLUMNS + column


@inner
def of_person(i32: I32, i: int, column: int) -> int:
    """Where a column of a person stands in ``w``."""
    return i32[F_PERSON] + i * PERSON_COLUMNS + column


@inner
def of_zone(i32: I32, i: int, column: int) -> int:
    """Where a column of a zone stands in ``w``."""
    return i32[F_ZONE] + i * ZONE_COLUMNS + column


@inner
def of_booking(i32: I32, who: int, i: int, side: int) -> int:
    """Where the start (0) or end (1) of a person's i-th booking stands in ``w``."""
    return i32[F_BOOKING] + (who * BOOKINGS + i) * 2 + side
