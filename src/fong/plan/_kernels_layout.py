"""How the decoder's memory is laid out.

A kernel that passes a hundred arrays to a hundred functions takes minutes to compile (measured: more than nine), so all columns live in
three arrays: ``c`` (int32), ``w`` (int64) and ``f`` (float64). The first numbers of ``c`` are a directory: ``c[F_X]`` is where column X
begins in its array and ``c[FIELDS + F_X]`` how long it is. So ``k.c[k.c[F_JOB_DUE] + job]`` is the due date of a job, and
``k.w[of_unit(k, u, U_STATE)]`` the state of a unit. :mod:`fong.plan.decode` fills the memory.

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
STATE, START, END, UNIT, PERSON, SETUP_START, SETUP_END, SETUP_PERSON, BATCH_ID, READY, WHY = range(11)
LOT_COLUMNS = 11
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
G_HEAP, G_BATCHES, G_DONE, G_DIRTY, G_STAMP, G_END, G_ZDIRTY, G_HDIRTY, G_EVENTS, G_FULL, G_REFUSED, G_POLLS = range(12)
# kinds of events, in the order in which they are handled at one moment
E_ZONE, E_SETUP, E_END, E_HAND, E_PERSON, E_CALENDAR, E_READY, E_RECEIPT, E_RESERVED, E_CHECK, E_WIP = range(11)
# why a lot could not start (S.lot[:, WHY])
OK, W_PERSON, W_CLOSED, W_MATERIAL, W_TOOL, W_LIMIT, W_DARK, W_BLOCK, W_READY, W_HORIZON, W_BATCH, W_LOSS, W_PLACE = (
    range(13)
)
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

# rules
FIFO, EDD, SLACK, CR, ATC, SPT, ATCS, MWKR = range(8)
# places of P.rule (floats)
R_KIND, R_K, R_K2, R_P, R_SETUP, R_LOOK, R_LOSS, R_BATCH = range(8)

# columns in c (int32): constants, then state
F_JOB_OF = 0  # [T]
F_JOB_RELEASE = 1  # [J]
F_JOB_DUE = 2  # [J]
F_SUCC_PTR = 3  # [T+1]
F_SUCC_OP = 4
F_PRED_PTR = 5  # [T+1]
F_PRED_OP = 6
F_OP_ROW = 7  # [T] row of `step`
F_OP_STEP = 8  # [T] row of `mode_ptr`
F_OP_QUEUE = 9  # [T] queue; -1 outside
F_OP_SAME = 10  # [T] or empty
F_OP_TAIL = 11  # [T] least time from the operation's start to its job's end
F_LOT_PTR = 12  # [T+1] lots of an operation
F_LOT_OP = 13  # [L]
F_LOT_PIECES = 14  # [L]
F_MODE_PTR = 15
F_MODE_CYCLE = 16
F_MODE_SETUP = 17
F_MODE_MACHINE = 18
F_USE_ITEM = 19
F_UNIT_MACHINE = 20  # [U]
F_UNIT_QUEUE_PTR = 21  # [U+1] queues that a unit serves
F_UNIT_QUEUE = 22
F_UNIT_POSITION = 23  # place of the unit's machine among the modes of that queue's steps
F_QUEUE_UNIT_PTR = 24  # [Q+1]
F_QUEUE_UNIT = 25
F_QUEUE_MACHINE = 26  # as queue_unit, its machine's position
F_SHARED = 27  # [K] 1: the machine has several slots, and no set-up history
F_SETUP_PTR = 28
F_SETUP_TO = 29
F_SETUP_S = 30
F_PERSON_CAL = 31
F_PERSON_ZONE = 32
F_PERSON_MAX = 33
F_PERSON_SKILLS = 34  # [N] how many skills a person has
F_SKILL_PTR = 35
F_SKILL_PERSON = 36
F_PERSON_SKILL_PTR = 37
F_PERSON_SKILL = 38
F_ZONE_TENDER_PTR = 39
F_ZONE_TENDER = 40
F_ZONE_UNIT_PTR = 41
F_ZONE_UNIT = 42
F_CAL_PTR = 43
F_WIN_OPEN = 44
F_WIN_CLOSE = 45
F_CAL_PERSON_PTR = 46
F_CAL_PERSON = 47
F_CAL_UNIT_PTR = 48
F_CAL_UNIT = 49
F_RES_PTR = 50  # queues that need a skill, then those that need a tool, then a material
F_RES_QUEUE = 51
F_PLACE_UNIT_PTR = 52
F_PLACE_UNIT = 53
F_RECEIPT_PTR = 54
F_RECEIPT_AT = 55
F_PLACE_LOTS = 56
F_WIP_OP = 57
F_WIP_UNIT = 58
F_WIP_START = 59
F_WIP_END = 60
F_WIP_PIECES = 61
F_WIP_CYCLE = 62  # cycle (s) of the running mode
F_BLOCKS = 63  # [T] 1: its lots stay on their machine while their place is full
F_BOXES = 64  # [T] 1: one lot, no batch machine, a certain pace: boxes can be followed
F_QUICKEST = 65  # [T] shortest cycle of the operation's modes
F_FAMILIES = 66  # number of set-up families
F_TOOLS = 67  # number of skills; number of skills and tools
F_TOP_UP = 68  # [1]
F_HAS_WAITS = 69  # [1] any longest wait
F_HAS_SETUPS = 70  # [1] any set-up
F_HORIZON = 71
F_LONGEST = 72  # [C+1, C+1] longest common window of two calendars, 0: none  # [1]
F_UNIFORM = 73  # [Q] 1: the units of the queue are all alike, and no set-up tells them apart
F_AFTER = 74  # [L] next in queue or batch
F_BEFORE = 75  # [L]
F_HEAD = 76  # [Q]
F_TAIL = 77  # [Q]
F_SAME = 78  # machine of a same-machine group
F_DIRTY = 79  # stack of units
F_ZONE_DIRTY = 80  # stack of zones
F_HAND_DIRTY = 81  # stack of handwork queues
F_HAND_FLAG = 82
F_LOT = 83  # [L, 11]
F_OP = 84  # [T, 8]
# columns in w (int64)
F_G = 85  # 16 places G_*
F_USE_MICRO = 86
F_RECEIPT_MICRO = 87
F_STOCK = 88
F_TOOL = 89
F_PLACE = 90
F_SKIP = 91  # [L] stamp of the last failed try
F_SKILL_OUT = 92  # [skills] time at which nobody was free
F_STEP = 93  # [rows, 23]
F_MACHINE = 94  # [K, 5]
F_UNIT = 95  # [U, 22]
F_PERSON = 96  # [N, 4]
F_ZONE = 97  # [Z, 10]
F_BOOKING = 98  # [N, 8, 2] start and end of the future holds of a person
F_HEAP = 99
# columns in f (float64)
F_RULE = (
    100  # kind, k, k2, mean run, mean set-up, look-ahead (s), largest loss in a zone, share of the batch-wait limit
)
F_JOB_WEIGHT = 101  # [J] with the perturbation of this decode
F_WAIT_GRID = 102
F_WAIT_LOG = 103
F_ORDER = 104  # [U] scratch: best key of a marked unit
F_POOL = 105  # [Z, 3] Σ 1/C, Σ a/C, Σ a²(1+cv²)/C
FIELDS = 106
"""Number of columns; the directory has twice as many places. g stands at the head of w."""


ARRAYS = {
    "c": tuple(sorted((n for n, v in globals().items() if n.startswith("F_") and v < 85), key=globals().__getitem__)),
    "w": tuple(
        sorted((n for n, v in globals().items() if n.startswith("F_") and 85 <= v < 100), key=globals().__getitem__)
    ),
    "f": tuple(sorted((n for n, v in globals().items() if n.startswith("F_") and v >= 100), key=globals().__getitem__)),
}
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
