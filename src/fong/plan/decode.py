"""The door to the compiled decoder: problem + lots + rule → schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.factory import AtGap
from fong.model.problem import I32, NEVER, Problem
from fong.model.schedule import Schedule
from fong.plan import _kernels_layout as lay
from fong.plan._kernels_decode import decode as run
from fong.plan._kernels_decode import tails
from fong.plan.lots import Lots, step_of

Ints = NDArray[np.int64]
_EMPTY_GRID = (0, 0, 0, 1, 0, 0, 1, 0)
"""Axes of a zone table that holds nothing: its steps must not be 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A dispatch rule and how it is played.

    Parameters
    ----------
    name
        fifo, edd, slack, cr, atc, spt, atcs (set-up saving) or mwkr.
    k, k2
        Look-ahead factor of ATC (> 0, in mean run times), set-up factor of ATCS.
    look_s
        A machine may wait so long for a lot that is on its way (0: it never waits, but sets up early).
    loss
        A zone takes no further task when its machines would lose more than this share to waiting (1: no limit).
    batch_wait
        Share of the batch machines' waiting limit that is used (0 to 1).
    wide
        Split lots over as many machines as allowed.
    """

    name: str
    k: float = 2.0
    k2: float = 0.5
    look_s: int = 0
    loss: float = 1.0
    batch_wait: float = 0.0
    wide: bool = False

    def __str__(self) -> str:
        """Short name with the parameters that differ from the plain rule."""
        plain = Rule(name=self.name)
        parts = [
            f"{f}={getattr(self, f):g}"
            for f in ("k", "k2", "look_s", "loss", "batch_wait")
            if getattr(self, f) != getattr(plain, f)
        ]
        return " ".join([self.name, *parts, *(["wide"] if self.wide else [])])


KINDS = {
    "fifo": lay.FIFO,
    "edd": lay.EDD,
    "slack": lay.SLACK,
    "cr": lay.CR,
    "atc": lay.ATC,
    "spt": lay.SPT,
    "atcs": lay.ATCS,
    "mwkr": lay.MWKR,
}


FIELDS = {name.removeprefix("F_").lower(): array for array, names in lay.ARRAYS.items() for name in names}
"""Which array each column is in, in the order of the directory."""


class Floor:
    """A problem laid out for the decoder. Made once, used for many decodes, from several threads.

    Parameters
    ----------
    problem
        Free of faults.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.step = step_of(problem)
        self.rows = _step_rows(problem)
        self.plain = len(self.rows) == 0
        self.op_row = np.zeros(problem.operations, np.int64) if self.plain else self.step
        self.rows = _default_row() if self.plain else self.rows
        self.unit_machine = np.repeat(np.arange(problem.machines), _full(problem.machine_slots, problem.machines, 1))
        self._queues()

    # ------------------------------------------------------------ queues
    def _queues(self) -> None:
        """A queue for each set of machines that some step names, then one for each skill (handwork)."""
        p = self.problem
        pointer, machines = _pointer(p.mode_ptr, len(p.mode_machine)), p.mode_machine
        steps = len(pointer) - 1
        if not len(p.mode_ptr):
            queue, sets = machines.astype(np.int64), [np.array([m]) for m in range(p.machines)]
        else:
            known: dict[bytes, int] = {}
            sets = []
            queue = np.full(steps, -1, np.int64)
            for s in np.flatnonzero(np.diff(pointer)):
                names = machines[pointer[s] : pointer[s + 1]]
                key = names.tobytes()
                if key not in known:
                    known[key] = len(sets)
                    sets.append(names)
                queue[s] = known[key]
        self.classes = len(sets)
        rows = self.rows
        if not self.plain:
            hand = (queue < 0) & (rows[:, lay.OUTSIDE] < 0) & (rows[:, lay.RUN_SKILL] >= 0)
            queue[hand] = self.classes + rows[hand, lay.RUN_SKILL]
        self.step_queue = queue
        self.queues = self.classes + max(0, len(p.skill_ptr) - 1)
        self._units_of_queues(sets)

    def _units_of_queues(self, sets: list[NDArray[np.int32]]) -> None:
        units: list[list[int]] = [[] for _ in range(self.problem.machines)]
        for u, m in enumerate(self.unit_machine):
            units[m].append(u)
        lists = [[(u, at) for at, m in enumerate(names) for u in units[m]] for names in sets]
        lists += [[] for _ in range(self.queues - self.classes)]
        self.queue_unit_ptr, pairs = _lists(lists)
        flat = np.array(pairs, np.int32).reshape(-1, 2)
        self.queue_unit, self.queue_position = flat[:, 0], flat[:, 1]
        owner = np.repeat(np.arange(self.queues), np.diff(self.queue_unit_ptr))
        order = np.argsort(self.queue_unit, kind="stable")
        self.unit_queue = owner[order]
        self.unit_position = self.queue_position[order]
        self.unit_queue_ptr = _counts(self.queue_unit, len(self.unit_machine))

    # ------------------------------------------------------------ parts of P
    @cached_property
    def constants(self) -> dict[str, NDArray[np.generic]]:
        """The fields of P that do not depend on lots or rule."""
        p = self.problem
        out: dict[str, NDArray[np.generic]] = {}
        out |= self._jobs() | self._graph() | self._resources() | self._people() | self._calendars()
        out["step"] = freeze(self.rows, np.int64)
        out["mode_ptr"] = freeze(_pointer(p.mode_ptr, len(p.mode_machine)), np.int32)
        for name, column in (
            ("mode_cycle", p.mode_cycle_s),
            ("mode_setup", p.mode_setup_s),
            ("mode_machine", p.mode_machine),
            ("use_item", p.use_item),
            ("setup_ptr", p.setup_ptr),
            ("setup_to", p.setup_to),
            ("setup_s", p.setup_s),
            ("receipt_ptr", _pointer(p.receipt_ptr, 0)),
            ("receipt_at", p.receipt_at_s),
            ("place_lots", p.place_lots),
            ("op_same", p.op_same),
            ("wip_op", p.wip_op),
            ("wip_start", p.wip_start_s),
            ("wip_end", p.wip_end_s),
        ):
            out[name] = freeze(column, np.int32)
        out["use_micro"] = freeze(p.use_micro, np.int64)
        out["receipt_micro"] = freeze(p.receipt_micro, np.int64)
        out["wip_pieces"] = freeze(self._total()[p.wip_op], np.int32)
        out["wip_unit"] = freeze(self._wip_units(), np.int32)
        out["wip_cycle"] = freeze(self._wip_cycles(), np.int32)
        out["top_up"] = freeze([int(p.top_up)], np.int64)
        out["has_waits"] = freeze([int((self.rows[:, lay.MAX_WAIT] < NEVER).any())], np.int64)
        out["has_setups"] = freeze([int(len(p.mode_setup_s) > 0 or len(p.setup_s) > 0)], np.int64)
        out["families"] = freeze([max(1, p.families)], np.int64)
        out["horizon"] = freeze([p.horizon_s], np.int64)
        grid = len(p.wait_grid) > 0
        out["wait_grid"] = freeze(p.wait_grid if grid else _EMPTY_GRID, np.float64)
        out["wait_log"] = freeze(p.wait_log, np.float64)
        return out

    def _total(self) -> NDArray[np.int32]:
        p = self.problem
        return p.op_total if len(p.op_total) else _full(p.op_pieces, p.operations, 1).astype(np.int32)

    def _wip_units(self) -> list[int]:
        """A unit for each machine that work in progress is on."""
        taken: set[int] = set()
        out = []
        for m in self.problem.wip_machine:
            free = [int(u) for u in np.flatnonzero(self.unit_machine == m) if int(u) not in taken] if m >= 0 else []
            out.append(free[0] if free else -1)
            taken.update(free[:1])
        return out

    def _wip_cycles(self) -> list[int]:
        """The cycle at which work in progress runs: its machine's, else that of the step's first mode."""
        p, pointer = self.problem, _pointer(self.problem.mode_ptr, len(self.problem.mode_machine))
        out = []
        for op, m in zip(p.wip_op, p.wip_machine, strict=True):
            modes = slice(int(pointer[self.step[op]]), int(pointer[self.step[op] + 1]))
            cycles = dict(zip(p.mode_machine[modes].tolist(), p.mode_cycle_s[modes].tolist(), strict=True))
            out.append(cycles.get(int(m), next(iter(cycles.values()), 0)))
        return out

    def _jobs(self) -> dict[str, NDArray[np.generic]]:
        p = self.problem
        return {
            "job_of": freeze(np.repeat(np.arange(p.jobs), np.diff(p.job_ptr)), np.int32),
            "job_release": freeze(np.maximum(0, _full(p.job_release_s, p.jobs, 0)), np.int32),
            "job_due": freeze(_full(p.job_due_s, p.jobs, NEVER), np.int32),
            "op_row": freeze(self.op_row, np.int32),
            "op_step": freeze(self.step, np.int32),
            "op_queue": freeze(self.step_queue[self.step], np.int32),
        }

    def _graph(self) -> dict[str, NDArray[np.generic]]:
        """Predecessors and successors; a chain is written out."""
        p = self.problem
        if len(p.pred_ptr):
            pointer, pred = p.pred_ptr, p.pred_op
        else:
            head = np.zeros(p.operations + 1, bool)
            head[p.job_ptr[:-1]] = True
            follows = ~head[:-1]
            pointer = np.concatenate([[0], np.cumsum(follows)]).astype(np.int32)
            pred = (np.flatnonzero(follows) - 1).astype(np.int32)
        owner = np.repeat(np.arange(p.operations, dtype=np.int32), np.diff(pointer))
        if len(p.pred_ptr):
            order = np.argsort(pred, kind="stable")
            succ = owner[order]
        else:
            succ = owner  # in a chain they are in order already
        return {
            "pred_ptr": freeze(pointer, np.int32),
            "pred_op": freeze(pred, np.int32),
            "succ_ptr": freeze(_counts(pred, p.operations), np.int32),
            "succ_op": freeze(succ, np.int32),
        }

    def _resources(self) -> dict[str, NDArray[np.generic]]:
        p = self.problem
        k = p.machines
        table = np.stack(
            [
                _full(p.machine_calendar, k, -1),
                _full(p.machine_zone, k, -1),
                _full(p.machine_batch_milli, k, 0),
                _full(p.machine_batch_wait_s, k, 0),
                _full(p.machine_group, k, 0),
            ],
            axis=1,
        )
        zone_units: list[list[int]] = [[] for _ in range(p.zones)]
        for u, z in enumerate(table[self.unit_machine, lay.M_ZONE]):
            if z >= 0:
                zone_units[z].append(u)
        zone_ptr, zone_unit = _lists(zone_units)
        res_ptr, res_queue = _lists(self._needs())
        place_ptr, place_unit = _lists(self._place_units())
        return {
            "machine": freeze(table, np.int64),
            "shared": freeze(_full(p.machine_slots, k, 1) > 1, np.int32),
            "unit_machine": freeze(self.unit_machine, np.int32),
            "unit_queue_ptr": freeze(self.unit_queue_ptr, np.int32),
            "unit_queue": freeze(self.unit_queue, np.int32),
            "unit_position": freeze(self.unit_position, np.int32),
            "queue_unit_ptr": freeze(self.queue_unit_ptr, np.int32),
            "queue_unit": freeze(self.queue_unit, np.int32),
            "queue_machine": freeze(self.queue_position, np.int32),
            "zone_unit_ptr": freeze(zone_ptr, np.int32),
            "zone_unit": freeze(zone_unit, np.int32),
            "res_ptr": freeze(res_ptr, np.int32),
            "res_queue": freeze(res_queue, np.int32),
            "uniform": freeze(self._uniform(table), np.int32),
            "tools": freeze([self.skills, self.skills + len(p.tool_quantity)], np.int64),
            "place_unit_ptr": freeze(place_ptr, np.int32),
            "place_unit": freeze(place_unit, np.int32),
        }

    @property
    def skills(self) -> int:
        """Number of skills."""
        return max(0, len(self.problem.skill_ptr) - 1)

    def _uniform(self, table: Ints) -> NDArray[np.bool_]:
        """Queues whose units serve nothing else, are of one kind, and know no set-up."""
        p = self.problem
        out = np.zeros(self.queues, bool)
        pointer = _pointer(p.mode_ptr, len(p.mode_machine))
        if self.plain or not len(p.mode_ptr):
            return out
        family = self.rows[:, lay.FAMILY] >= 0
        setup = np.zeros(len(pointer) - 1, bool)
        if len(p.mode_setup_s):
            total = np.concatenate([[0], np.cumsum(p.mode_setup_s)])
            setup = total[pointer[1:]] > total[pointer[:-1]]
        told_apart = np.zeros(self.queues, bool)
        there = self.step_queue >= 0
        told_apart[self.step_queue[there & (setup | family)]] = True
        alone = np.diff(self.unit_queue_ptr) == 1
        for q in range(self.classes):
            units = self.queue_unit[self.queue_unit_ptr[q] : self.queue_unit_ptr[q + 1]]
            kinds = table[self.unit_machine[units]][:, [lay.M_CAL, lay.M_ZONE, lay.M_BATCH]]
            plain = (kinds == kinds[0]).all() and kinds[0, 1] < 0 and kinds[0, 2] == 0
            out[q] = bool(plain and alone[units].all() and not told_apart[q])
        return out

    def _needs(self) -> list[list[int]]:
        """Queues whose steps need each skill, then each tool, then each material."""
        p, rows = self.problem, self.rows
        out: list[set[int]] = [set() for _ in range(self.skills + len(p.tool_quantity) + len(p.stock_micro))]
        for s in range(0 if self.plain else len(rows)):
            q = int(self.step_queue[s])
            if q < 0:
                continue
            for column, offset in ((lay.SETUP_SKILL, 0), (lay.RUN_SKILL, 0), (lay.TOOL, self.skills)):
                if rows[s, column] >= 0:
                    out[int(rows[s, column]) + offset].add(q)
            for i in range(rows[s, lay.USE0], rows[s, lay.USE1]):
                out[self.skills + len(p.tool_quantity) + int(p.use_item[i])].add(q)
        return [sorted(x) for x in out]

    def _place_units(self) -> list[list[int]]:
        rows = self.rows
        out: list[set[int]] = [set() for _ in self.problem.place_lots]
        for s in range(0 if self.plain or not out else len(rows)):
            place, q = int(rows[s, lay.PLACE]), int(self.step_queue[s])
            if place >= 0 and q >= 0:
                out[place].update(int(u) for u in self.queue_unit[self.queue_unit_ptr[q] : self.queue_unit_ptr[q + 1]])
        return [sorted(x) for x in out]

    def _people(self) -> dict[str, NDArray[np.generic]]:
        p = self.problem
        skill_ptr = _pointer(p.skill_ptr, 0)
        owner = np.repeat(np.arange(len(skill_ptr) - 1), np.diff(skill_ptr))
        order = np.argsort(p.skill_person, kind="stable")
        count = _counts(p.skill_person, p.people)
        return {
            "person_cal": freeze(_full(p.person_calendar, p.people, -1), np.int32),
            "person_zone": freeze(_full(p.person_zone, p.people, -1), np.int32),
            "person_max": freeze(_full(p.person_max, p.people, NEVER), np.int32),
            "person_skills": freeze(np.diff(count), np.int32),
            "skill_ptr": freeze(skill_ptr, np.int32),
            "skill_person": freeze(p.skill_person, np.int32),
            "person_skill_ptr": freeze(count, np.int32),
            "person_skill": freeze(owner[order], np.int32),
            "zone_tender_ptr": freeze(_pointer(p.tender_ptr, 0), np.int32),
            "zone_tender": freeze(p.tender_person, np.int32),
        }

    def _calendars(self) -> dict[str, NDArray[np.generic]]:
        p = self.problem
        pointer = _pointer(p.cal_ptr, 0)
        cals = len(pointer) - 1
        people: list[list[int]] = [[] for _ in range(cals)]
        units: list[list[int]] = [[] for _ in range(cals)]
        for who, c in enumerate(_full(p.person_calendar, p.people, -1)):
            if c >= 0:
                people[c].append(who)
        machine = _full(p.machine_calendar, p.machines, -1)
        for u, m in enumerate(self.unit_machine) if len(p.machine_calendar) else ():
            if machine[m] >= 0:
                units[machine[m]].append(u)
        person_ptr, person = _lists(people)
        unit_ptr, unit = _lists(units)
        return {
            "cal_ptr": freeze(pointer, np.int32),
            "win_open": freeze(p.win_open_s, np.int32),
            "win_close": freeze(p.win_close_s, np.int32),
            "cal_person_ptr": freeze(person_ptr, np.int32),
            "cal_person": freeze(person, np.int32),
            "cal_unit_ptr": freeze(unit_ptr, np.int32),
            "cal_unit": freeze(unit, np.int32),
            "longest": freeze(longest_common(p, self.rows), np.int32),
        }

    # ------------------------------------------------------------ lots
    def _per_operation(self, lots: Lots) -> dict[str, NDArray[np.generic]]:
        """Fields of P that depend on the lots."""
        p, rows = self.problem, self.rows if self.plain else self.rows[self.op_row]
        pointer = self.constants["mode_ptr"].astype(np.int64)
        quickest = _least(p.mode_cycle_s, pointer, self.rows[:, lay.CYCLE])[self.step]
        first = np.where(np.diff(pointer) > 0, pointer[:-1], 0)[self.step]
        machine = p.mode_machine[first] if len(p.mode_machine) else np.zeros(p.operations, np.int32)
        table = self.constants["machine"]
        has = np.diff(pointer)[self.step] > 0
        none = np.zeros(p.operations, bool)
        batch = has & (table[machine, lay.M_BATCH] > 0) if len(table) else none
        calls = (rows[:, lay.ATTEND] > 0) | ((rows[:, lay.STOPS] > 0) & (rows[:, lay.STOP_S] > 0))
        tended = has & (table[machine, lay.M_ZONE] >= 0) & calls if len(table) else none
        one = (np.diff(lots.pointer) == 1) & (rows[:, lay.OUTSIDE] < 0)  # an outside step comes back as a whole
        boxes = np.where(one & ~batch, np.where(tended, 2, 1), 0)
        return {
            "blocks": freeze(has & ~batch, np.int32),
            "boxes": freeze(boxes, np.int32),
            "quickest": freeze(quickest, np.int32),
            "op_tail": freeze(self._tails(lots, quickest, batch), np.int32),
        }

    def _tails(self, lots: Lots, quickest: Ints, batch: NDArray[np.bool_]) -> I32:
        """Least time from each operation's start to its job's end, waits not counted."""
        p, c = self.problem, self.constants
        rows = self.rows if self.plain else self.rows[self.op_row]
        largest = np.zeros(p.operations, np.int64)
        np.maximum.at(largest, lots.op, lots.pieces)
        run = np.where(batch, quickest, -(-largest // rows[:, lay.PPC]) * quickest)
        run = np.where(rows[:, lay.OUTSIDE] >= 0, rows[:, lay.OUTSIDE], run)
        run = np.where(largest > 0, run, 0)
        lag = np.broadcast_to(rows[:, lay.LAG], run.shape)
        out = np.zeros(p.operations, np.int64)
        tails(
            freeze(c["succ_ptr"], np.int32),
            freeze(c["succ_op"], np.int32),
            freeze(run, np.int64),
            freeze(lag, np.int64),
            out,
        )
        return np.minimum(out, 2**30).astype(np.int32)

    def prepared(self, lots: Lots) -> Prepared:
        """Everything that a decode of these lots needs, for any rule."""
        fields = {**self.constants, **self._per_operation(lots)}
        fields["lot_ptr"] = freeze(lots.pointer, np.int32)
        fields["lot_op"] = freeze(lots.op, np.int32)
        fields["lot_pieces"] = freeze(lots.pieces, np.int32)
        return Prepared(floor=self, lots=lots, fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A floor with lots cut: ready to be decoded by any rule."""

    floor: Floor
    lots: Lots
    fields: dict[str, NDArray[np.generic]]

    def decode(self, rule: Rule, weight: NDArray[np.float64]) -> Decoded:
        """Play a rule.

        Parameters
        ----------
        weight
            [J] > 0; urgency of each job, at 1 where all are alike.
        """
        room = 1
        while True:
            memory = Memory(self, self._rule(rule), weight, room)
            done = run(memory.k)
            if not memory.k.w[lay.G_FULL]:
                return Decoded(prepared=self, lot=memory.table("lot", lay.LOT_COLUMNS), done=int(done))
            room *= 4

    def _rule(self, rule: Rule) -> tuple[float, ...]:
        p = self.floor.problem
        cycles = self.fields["quickest"][self.lots.op].astype(np.int64) * self.lots.pieces
        mean = float(cycles.mean()) if len(cycles) else 1.0
        own = p.mode_setup_s if len(p.mode_setup_s) else np.zeros(1)
        setups = np.concatenate([own[own > 0], p.setup_s[p.setup_s > 0]])
        setup = float(setups.mean()) if len(setups) else 1.0
        return (
            KINDS[rule.name],
            rule.k,
            rule.k2,
            max(1.0, mean),
            max(1.0, setup),
            rule.look_s,
            rule.loss,
            rule.batch_wait,
        )


class Memory:
    """The three arrays of one decode (see :mod:`fong.plan._kernels_layout`), freshly filled."""

    def __init__(self, prepared: Prepared, rule: tuple[float, ...], weight: NDArray[np.float64], room: int) -> None:
        self.prepared = prepared
        fields = prepared.fields
        sizes = self._sizes(room) | {name: len(column.ravel()) for name, column in fields.items()}
        sizes |= {"rule": 8, "job_weight": len(weight)}
        self.offset: dict[str, int] = {}
        totals = {"c": 2 * lay.FIELDS, "w": 0, "f": 0}
        for name, array in FIELDS.items():
            self.offset[name] = totals[array]
            totals[array] += sizes[name]
        self.sizes = sizes
        self.k = lay.K(
            c=np.zeros(totals["c"], np.int32),
            w=np.zeros(max(1, totals["w"]), np.int64),
            f=np.zeros(max(1, totals["f"]), np.float64),
        )
        self.k.c[: lay.FIELDS] = [self.offset[name] for name in FIELDS]
        self.k.c[lay.FIELDS : 2 * lay.FIELDS] = [sizes[name] for name in FIELDS]
        for name, column in fields.items():
            self.part(name)[:] = column.ravel()
        self.part("rule")[:] = rule
        self.part("job_weight")[:] = weight
        self._state()

    def part(self, name: str) -> NDArray[np.int64]:
        """A view of one column."""
        array = getattr(self.k, FIELDS[name])
        out: NDArray[np.int64] = array[self.offset[name] : self.offset[name] + self.sizes[name]]
        return out

    def table(self, name: str, columns: int) -> NDArray[np.int64]:
        """A view of one table."""
        return self.part(name).reshape(-1, columns)

    def _sizes(self, room: int) -> dict[str, int]:
        """Sizes of the state; ``room`` multiplies the heap."""
        floor, p = self.prepared.floor, self.prepared.floor.problem
        lots, ops, units = len(self.prepared.lots.op), p.operations, len(floor.unit_machine)
        busy = p.zones > 0 or p.people > 0
        return {
            "after": lots,
            "before": lots,
            "head": floor.queues,
            "tail": floor.queues,
            "same": int(p.op_same.max()) + 1 if len(p.op_same) else 0,
            "dirty": units + 1,
            "picked": units + 1,
            "picked_at": units + 1,
            "zone_dirty": p.zones + 1,
            "hand_dirty": floor.queues + 1,
            "hand_flag": floor.queues + 1,
            "lot": lots * lay.LOT_COLUMNS,
            "op": ops * lay.OP_COLUMNS,
            "g": 16,
            "stock": len(p.stock_micro),
            "tool": len(p.tool_quantity),
            "place": len(p.place_lots),
            "skip": lots,
            "skill_out": floor.skills,
            "unit": units * lay.UNIT_COLUMNS,
            "person": p.people * lay.PERSON_COLUMNS,
            "zone": p.zones * lay.ZONE_COLUMNS,
            "booking": p.people * lay.BOOKINGS * 2,
            "heap": room * ((6 if busy else 1) * lots + ops + 16 * (units + p.people) + len(p.win_open_s) + 1024),
            "order": units + 1,
            "pool": p.zones * 3,
        }

    def _state(self) -> None:
        """The state before the first event."""
        prepared, f = self.prepared, self.prepared.fields
        floor, p = prepared.floor, prepared.floor.problem
        for name in ("after", "before", "head", "tail", "same", "skip", "skill_out"):
            self.part(name)[:] = -1
        lot = self.table("lot", lay.LOT_COLUMNS)
        lot[:] = -1
        lot[:, lay.STATE] = lay.L_HIDDEN
        lot[:, lay.WHY] = 0
        op = self.table("op", lay.OP_COLUMNS)
        count = np.diff(prepared.lots.pointer)
        op[:, lay.LEFT] = count
        op[:, lay.UNSTARTED] = count
        op[:, lay.WAIT] = self._waits(count > 0)
        op[:, lay.OP_READY] = f["job_release"][f["job_of"]]
        unit = self.table("unit", lay.UNIT_COLUMNS)
        unit[:, [lay.U_LOT, lay.U_LAST_OP, lay.U_RES_LOT, lay.U_SETUP_END, lay.U_CHECK]] = -1
        unit[:, lay.U_RES] = NEVER
        unit[:, lay.U_FAMILY] = _full(p.machine_family, p.machines, -1)[floor.unit_machine]
        self.table("person", lay.PERSON_COLUMNS)[:, lay.SET_UNIT] = -1
        zone = self.table("zone", lay.ZONE_COLUMNS)
        zone[:, lay.Z_DARK] = -1
        zone[:, lay.Z_NEXT] = NEVER
        self.part("stock")[:] = p.stock_micro
        self.part("tool")[:] = p.tool_quantity
        self.part("place")[:] = p.place_lots

    def _waits(self, there: NDArray[np.bool_]) -> Ints:
        """How many predecessors of each operation must tell when it may start."""
        f = self.prepared.fields
        there = there.copy()
        there[self.prepared.floor.problem.wip_op] = True
        total = np.concatenate([[0], np.cumsum(there[f["pred_op"]])])
        out: Ints = np.diff(total[f["pred_ptr"]])
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What a decode left: a plan if all lots are done."""

    prepared: Prepared
    lot: NDArray[np.int64]
    done: int

    @property
    def complete(self) -> bool:
        """Whether every lot was finished."""
        return self.done == len(self.prepared.lots.op)

    def unfinished(self) -> I32:
        """Lots that were not finished, and why not at their last try: [n, 2] operation, reason."""
        lot = self.lot
        left = np.flatnonzero(lot[:, lay.STATE] != lay.L_DONE)
        return np.stack([self.prepared.lots.op[left], lot[left, lay.WHY]], axis=1).astype(np.int32)

    def schedule(self) -> Schedule:
        """The plan as columns; those that would say nothing stay empty."""
        floor, lots, lot = self.prepared.floor, self.prepared.lots, self.lot
        unit = lot[:, lay.UNIT]
        machine = np.where(unit >= 0, floor.unit_machine[np.maximum(unit, 0)] if len(floor.unit_machine) else -1, -1)
        columns = {
            "op": lots.op,
            "machine": machine,
            "start": lot[:, lay.START],
            "end": lot[:, lay.END],
        }
        if len(lots.op) and int(np.diff(lots.pointer).max()) > 1:
            columns["sublot"] = np.arange(len(lots.op)) - lots.pointer[lots.op]
        if len(floor.problem.op_pieces):
            columns["pieces"] = lots.pieces
        if (lot[:, lay.BATCH_ID] >= 0).any():
            columns["batch"] = lot[:, lay.BATCH_ID]
        if (lot[:, lay.SETUP_START] >= 0).any():
            columns["setup_start"] = lot[:, lay.SETUP_START]
            columns["setup_end"] = np.where(lot[:, lay.SETUP_START] >= 0, lot[:, lay.SETUP_END], -1)
            columns["setup_person"] = np.where(lot[:, lay.SETUP_START] >= 0, lot[:, lay.SETUP_PERSON], -1)
        if (lot[:, lay.PERSON] >= 0).any():
            columns["person"] = lot[:, lay.PERSON]
        return Schedule(**{k: freeze(v, np.int32) for k, v in columns.items()})


# ---------------------------------------------------------------- small parts
def _full(column: NDArray[np.generic], size: int, default: int) -> NDArray[np.int64]:
    """The column as int64, or its default at full length."""
    return column.astype(np.int64) if len(column) else np.full(size, default, np.int64)


def _pointer(pointer: I32, values: int) -> I32:
    """A pointer column; without one each row has one value."""
    return pointer if len(pointer) else np.arange(values + 1, dtype=np.int32)


def _lists(rows: Sequence[Sequence[int]] | Sequence[Sequence[tuple[int, int]]]) -> tuple[I32, I32]:
    """Lists as pointer and values."""
    pointer = np.cumsum([0, *(len(r) for r in rows)]).astype(np.int32)
    return pointer, np.array([x for r in rows for x in r], np.int32)


def _counts(owner: NDArray[np.generic], size: int) -> I32:
    """Pointer of values grouped by ascending owner."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=size)[:size])]).astype(np.int32)


def _least(values: I32, pointer: Ints, default: Ints) -> Ints:
    """Smallest value of each row, the default where a row is empty."""
    counts = np.diff(pointer)
    out = np.broadcast_to(default, counts.shape).astype(np.int64)
    there = counts > 0
    if there.any():
        out[there] = np.minimum.reduceat(values, pointer[:-1][there])
    return out


_DEFAULTS = {
    lay.PPC: 1,
    lay.PERCALL: 1,
    lay.CV: 500,
    lay.BATCH: 1000,
    lay.SPLIT: 1,
    lay.MAX_WAIT: NEVER,
} | dict.fromkeys((lay.SETUP_SKILL, lay.RUN_SKILL, lay.FAMILY, lay.OUTSIDE, lay.COLLECT, lay.TOOL, lay.PLACE), -1)


def _step_rows(p: Problem) -> Ints:
    """The step table: one row a step; none if no step has anything but modes."""
    columns: dict[int, NDArray[np.signedinteger]] = {
        lay.CYCLE: p.step_cycle_s,
        lay.PPC: p.step_pieces_per_cycle,
        lay.ATTEND: p.step_attend_s,
        lay.PERCALL: p.step_cycles_per_call,
        lay.CV: p.step_service_cv_milli,
        lay.STOPS: p.step_stops_micro,
        lay.STOP_S: p.step_stop_s,
        lay.SETUP_SKILL: p.step_setup_skill,
        lay.RUN_SKILL: p.step_run_skill,
        lay.FAMILY: p.step_family,
        lay.BATCH: p.step_batch_milli,
        lay.BOX: p.step_box,
        lay.LAG: p.step_lag_s,
        lay.MAX_WAIT: p.step_max_wait_s,
        lay.SPLIT: p.step_split_over,
        lay.GAP: p.step_gap,
        lay.OVERTIME: p.step_overtime_s,
        lay.OUTSIDE: p.step_outside_s,
        lay.COLLECT: p.step_collect,
        lay.TOOL: p.step_tool,
        lay.PLACE: p.step_place,
    }
    n = max([0, *(len(c) for c in columns.values()), len(p.use_ptr) - 1])
    out = np.zeros((n, lay.STEP_COLUMNS), np.int64)
    for at, column in columns.items():
        out[:, at] = column if len(column) else _DEFAULTS.get(at, 0)
    if len(p.use_ptr):
        out[:, lay.USE0], out[:, lay.USE1] = p.use_ptr[:-1], p.use_ptr[1:]
    return out


def longest_common(p: Problem, rows: Ints) -> I32:
    """Longest common window of each pair of calendars, row and column 0 standing for "always open"; zeros where no step asks."""
    cals = max(0, len(p.cal_ptr) - 1)
    out = np.zeros((cals + 1, cals + 1), np.int64)
    if not (rows[:, lay.GAP] == AtGap.OVERTIME).any():
        return out.ravel().astype(np.int32)
    out[0, 0] = NEVER
    for a in range(cals):
        mine = slice(p.cal_ptr[a], p.cal_ptr[a + 1])
        opened, closed = p.win_open_s[mine].astype(np.int64), p.win_close_s[mine].astype(np.int64)
        out[a + 1, 0] = out[0, a + 1] = (closed - opened).max(initial=0)
        for b in range(a + 1):
            other = slice(p.cal_ptr[b], p.cal_ptr[b + 1])
            out[a + 1, b + 1] = out[b + 1, a + 1] = _overlap(opened, closed, p.win_open_s[other], p.win_close_s[other])
    return out.ravel().astype(np.int32)


def _overlap(opened: Ints, closed: Ints, others_open: I32, others_close: I32) -> int:
    """Longest stretch that lies in a window of both of two calendars."""
    if not len(others_open):
        return 0
    best = 0
    first = np.searchsorted(others_close, opened, side="right")
    for shift in range(int((np.searchsorted(others_open, closed) - first).max(initial=0))):
        at = np.minimum(first + shift, len(others_open) - 1)
        both = np.minimum(closed, others_close[at]) - np.maximum(opened, others_open[at])
        best = max(best, int(both.max(initial=0)))
    return best


def _default_row() -> Ints:
    """The one row of a problem whose steps have nothing but modes."""
    out = np.zeros((1, lay.STEP_COLUMNS), np.int64)
    for at, value in _DEFAULTS.items():
        out[0, at] = value
    return out


def weights(problem: Problem) -> NDArray[np.float64]:
    """Urgency of each job from its weight, at least a thousandth."""
    return np.maximum(0.001, _full(problem.job_weight_milli, problem.jobs, 1000) / 1000)
