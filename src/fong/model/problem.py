"""The workshop as columns: what every solver, the simulator and ``check`` read.

A :class:`Problem` is read-only integer arrays. Names have become indices (in :mod:`fong.model.build` and its columns only; the names stand in
:class:`Names`). **Absent features are zero-length arrays** of the same dtype, so that a plain job shop of a million operations
costs 16 bytes a task: readers must ask ``len(column)`` before they index, or look at ``features``.

Units: times are seconds after ``epoch`` (= now), durations seconds, money cents, material micro-units (10⁻⁶ of the item's unit),
batch units thousandths, weights thousandths, rates as named. Index -1 means "none".
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_A = TypeVar("_A", bound=NDArray[np.generic])
I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

NEVER = 2**31 - 1
"""A time after every other: no due date, no end."""
MICRO = 1_000_000


class Feature(enum.IntFlag):
    """What a problem has; kernels skip what it has not."""

    PEOPLE = enum.auto()  # any hold
    SETUPS = enum.auto()  # any set-up time
    CALENDARS = enum.auto()  # any machine that is not always open
    ZONES = enum.auto()  # any step with calls on a machine of a zone
    BATCHES = enum.auto()
    TRANSFER = enum.auto()
    LAGS = enum.auto()
    MAX_WAIT = enum.auto()
    MATERIALS = enum.auto()
    TOOLS = enum.auto()
    PLACES = enum.auto()
    SPLITTING = enum.auto()
    OUTSIDE = enum.auto()
    VARIANTS = enum.auto()
    SAME_MACHINE = enum.auto()
    GRAPH = enum.auto()  # a routing that is not a chain
    WORK_IN_PROGRESS = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by index. Empty tuples for benchmark instances (then the index is the name).

    ``orders``: (order, line) by job; ``sequences``: sequence number by step; ``steps``: step name by step.
    """

    orders: tuple[tuple[str, int], ...] = ()
    items: tuple[str, ...] = ()  # by job
    sequences: tuple[int, ...] = ()
    steps: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


def _i8() -> I8:
    return _read_only(np.zeros(0, np.int8))


def _i32() -> I32:
    return _read_only(np.zeros(0, np.int32))


def _i64() -> I64:
    return _read_only(np.zeros(0, np.int64))


def _f64() -> F64:
    return _read_only(np.zeros(0, np.float64))


def _read_only(a: _A) -> _A:
    a.setflags(write=False)
    return a


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One planning problem as columns (J jobs, T operations, S steps, K machines, N people, Z zones, C calendars).

    A *job* is one order line. An *operation* is that line at one routing step, with all its pieces; a plan may split it into
    sub-lots. Operations of a job are contiguous and topologically ordered. A *step* is a routing row, shared by the operations of
    all lines of its item; an empty ``op_step`` says that operation t has step t of its own.
    """

    epoch: datetime | None = None
    horizon_s: int = NEVER
    names: Names = Names()
    features: Feature = Feature(0)
    top_up: bool = True

    # jobs
    job_ptr: I32 = field(default_factory=_i32)  # [J+1] operations of a job
    job_release_s: I32 = field(default_factory=_i32)  # [J] or empty: 0. Binds run starts
    job_due_s: I32 = field(default_factory=_i32)  # [J] or empty. NEVER: none
    job_weight_milli: I64 = field(default_factory=_i64)  # [J] or empty: 1000
    job_late_cents_day: I64 = field(default_factory=_i64)  # [J] or empty: 0
    job_pieces: I32 = field(default_factory=_i32)  # [J] or empty: 1. Good pieces wanted

    # operations
    op_step: I32 = field(default_factory=_i32)  # [T] or empty: identity
    op_pieces: I32 = field(
        default_factory=_i32
    )  # [T] or empty: 1. Pieces still to be started, scrap included; 0: nothing to plan
    op_total: I32 = field(
        default_factory=_i32
    )  # [T] or empty: op_pieces. Pieces started in all, finished ones included
    op_variant: I8 = field(
        default_factory=_i8
    )  # [T] or empty: 0. A plan holds the operations of one variant of each job
    op_same: I32 = field(default_factory=_i32)  # [T] or empty. Same-machine group, unique over jobs; -1 none
    pred_ptr: I32 = field(default_factory=_i32)  # [T+1] or empty: each operation follows the one before it in its job
    pred_op: I32 = field(default_factory=_i32)  # [E]
    wip_op: I32 = field(
        default_factory=_i32
    )  # [W] operations that run now; the whole lot ends at wip_end_s, nothing is planned
    wip_machine: I32 = field(default_factory=_i32)  # [W] -1: by hand or outside
    wip_start_s: I32 = field(default_factory=_i32)  # [W] <= 0
    wip_end_s: I32 = field(default_factory=_i32)  # [W]

    # steps
    mode_ptr: I32 = field(default_factory=_i32)  # [S+1] or empty: one mode a step
    mode_machine: I32 = field(
        default_factory=_i32
    )  # [M] machines that can do the step; a step without modes is handwork or outside
    mode_cycle_s: I32 = field(default_factory=_i32)  # [M]
    mode_setup_s: I32 = field(default_factory=_i32)  # [M] or empty: 0. Where the set-up matrix has no row
    step_cycle_s: I32 = field(default_factory=_i32)  # [S] or empty. The step's own cycle, for handwork
    step_pieces_per_cycle: I32 = field(default_factory=_i32)  # [S] or empty: 1
    step_attend_s: I32 = field(default_factory=_i32)  # [S] or empty: 0. Service of a call; on a batch machine: loading
    step_cycles_per_call: I32 = field(default_factory=_i32)  # [S] or empty: 1
    step_service_cv_milli: I32 = field(default_factory=_i32)  # [S] or empty: 500
    step_stops_micro: I32 = field(default_factory=_i32)  # [S] or empty: 0. Stops per running hour, millionths
    step_stop_s: I32 = field(default_factory=_i32)  # [S] or empty: 0
    step_setup_skill: I32 = field(default_factory=_i32)  # [S] or empty: -1
    step_run_skill: I32 = field(default_factory=_i32)  # [S] or empty: -1
    step_family: I32 = field(default_factory=_i32)  # [S] or empty: -1
    step_batch_milli: I64 = field(default_factory=_i64)  # [S] or empty: 1000. Batch units a piece, thousandths
    step_box: I32 = field(default_factory=_i32)  # [S] or empty: 0. Transfer batch; 0: the whole lot
    step_lag_s: I32 = field(default_factory=_i32)  # [S] or empty: 0. Least time from run end to each next run start
    step_max_wait_s: I32 = field(default_factory=_i32)  # [S] or empty: NEVER. Longest such time
    step_split_over: I32 = field(default_factory=_i32)  # [S] or empty: 1. Machines that a lot may be split over
    step_max_lot: I32 = field(default_factory=_i32)  # [S] or empty: 0. Largest sub-lot; 0: no limit
    step_gap: I8 = field(default_factory=_i8)  # [S] or empty: 0. AtGap
    step_overtime_s: I32 = field(default_factory=_i32)  # [S] or empty: 0
    step_outside_s: I32 = field(default_factory=_i32)  # [S] or empty: -1. Elapsed time of a subcontracted step
    step_collect: I32 = field(
        default_factory=_i32
    )  # [S] or empty: -1. Calendar in whose windows an outside step may start
    step_tool: I32 = field(default_factory=_i32)  # [S] or empty: -1
    step_place: I32 = field(default_factory=_i32)  # [S] or empty: -1. Where the lot waits after the step
    use_ptr: I32 = field(default_factory=_i32)  # [S+1] or empty: no material
    use_item: I32 = field(default_factory=_i32)  # [U]
    use_micro: I64 = field(default_factory=_i64)  # [U] micro-units a started piece, taken at run start

    # machines
    machines: int = 0
    machine_calendar: I32 = field(default_factory=_i32)  # [K] or empty: -1 always open
    machine_zone: I32 = field(default_factory=_i32)  # [K] or empty: -1
    machine_slots: I32 = field(default_factory=_i32)  # [K] or empty: 1. Tasks at once; 1 on a batch machine (one batch)
    machine_batch_milli: I64 = field(
        default_factory=_i64
    )  # [K] or empty: 0. Capacity in thousandths of a batch unit; 0: no batches
    machine_batch_wait_s: I32 = field(default_factory=_i32)  # [K] or empty: 0
    machine_family: I32 = field(default_factory=_i32)  # [K] or empty: -1. Present set-up
    machine_group: I32 = field(default_factory=_i32)  # [K] or empty: 0. Row block of the set-up matrix
    families: int = 0
    setup_ptr: I32 = field(
        default_factory=_i32
    )  # [G*F+1] or empty. Matrix rows of (group, from family): group*F + from
    setup_to: I32 = field(default_factory=_i32)  # [R] ascending within a row
    setup_s: I32 = field(default_factory=_i32)  # [R]

    # people
    people: int = 0
    person_calendar: I32 = field(default_factory=_i32)  # [N] or empty: -1 always
    person_zone: I32 = field(default_factory=_i32)  # [N] or empty: -1. Zone that the person tends
    person_max: I32 = field(default_factory=_i32)  # [N] or empty. NEVER: no limit
    skill_ptr: I32 = field(default_factory=_i32)  # [Q+1] people of a skill
    skill_person: I32 = field(default_factory=_i32)
    zones: int = 0
    tender_ptr: I32 = field(default_factory=_i32)  # [Z+1] people that tend a zone
    tender_person: I32 = field(default_factory=_i32)

    # calendars: windows half-open, sorted, merged, clipped to [0, horizon_s)
    cal_ptr: I32 = field(default_factory=_i32)  # [C+1]
    win_open_s: I32 = field(default_factory=_i32)
    win_close_s: I32 = field(default_factory=_i32)
    win_before_s: I64 = field(default_factory=_i64)  # open seconds of the calendar before the window

    # materials, tools, places
    stock_micro: I64 = field(default_factory=_i64)  # [I]
    receipt_ptr: I32 = field(default_factory=_i32)  # [I+1]
    receipt_at_s: I32 = field(default_factory=_i32)  # ascending within an item, >= 0
    receipt_micro: I64 = field(default_factory=_i64)
    tool_quantity: I32 = field(default_factory=_i32)
    place_lots: I32 = field(default_factory=_i32)

    # the zone table of semantics.md (see fong.model.zones)
    wait_grid: F64 = field(default_factory=_f64)  # [8] its axes
    wait_log: F64 = field(default_factory=_f64)  # flattened table

    @property
    def jobs(self) -> int:
        """Number of order lines."""
        return max(0, len(self.job_ptr) - 1)

    @property
    def operations(self) -> int:
        """Number of operations."""
        return int(self.job_ptr[-1]) if len(self.job_ptr) else 0

    def columns(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """All arrays with their names."""
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                yield f.name, value

    @property
    def nbytes(self) -> int:
        """Bytes of all columns."""
        return sum(a.nbytes for _, a in self.columns())
