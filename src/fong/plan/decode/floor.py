"""A problem laid out for the decoder: queues, who serves them, and all figures in columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.model.problem import I32, NEVER, Problem
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode._kernels_decode import tails
from fong.plan.decode.columns import (
    Ints,
    counts,
    default_row,
    full,
    least,
    listed,
    longest_common,
    pointer_of,
    step_rows,
)
from fong.plan.lots import Lots, step_of

_EMPTY_GRID = (0, 0, 0, 1, 0, 0, 1, 0)
"""Axes of a zone table that holds nothing: its steps must not be 0."""


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
        self.rows = step_rows(problem)
        self.plain = len(self.rows) == 0
        self.op_row = np.zeros(problem.operations, np.int64) if self.plain else self.step
        self.rows = default_row() if self.plain else self.rows
        self.unit_machine = np.repeat(np.arange(problem.machines), full(problem.machine_slots, problem.machines, 1))
        self._queues()

    # ------------------------------------------------------------ queues
    def _queues(self) -> None:
        """A queue for each set of machines that some step names, then one for each skill (handwork)."""
        p = self.problem
        pointer, machines = pointer_of(p.mode_ptr, len(p.mode_machine)), p.mode_machine
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
        rows = [[(u, at) for at, m in enumerate(names) for u in units[m]] for names in sets]
        rows += [[] for _ in range(self.queues - self.classes)]
        self.queue_unit_ptr, pairs = listed(rows)
        flat = np.array(pairs, np.int32).reshape(-1, 2)
        self.queue_unit, self.queue_position = flat[:, 0], flat[:, 1]
        owner = np.repeat(np.arange(self.queues), np.diff(self.queue_unit_ptr))
        order = np.argsort(self.queue_unit, kind="stable")
        self.unit_queue = owner[order]
        self.unit_position = self.queue_position[order]
        self.unit_queue_ptr = counts(self.queue_unit, len(self.unit_machine))

    # ------------------------------------------------------------ parts of P
    @cached_property
    def constants(self) -> dict[str, NDArray[np.generic]]:
        """The fields of P that do not depend on lots or rule."""
        p = self.problem
        out: dict[str, NDArray[np.generic]] = {}
        out |= self._jobs() | self._graph() | self._resources() | self._people() | self._calendars()
        out["step"] = freeze(self.rows, np.int64)
        out["mode_ptr"] = freeze(pointer_of(p.mode_ptr, len(p.mode_machine)), np.int32)
        for name, column in (
            ("mode_cycle", p.mode_cycle_s),
            ("mode_setup", p.mode_setup_s),
            ("mode_machine", p.mode_machine),
            ("use_item", p.use_item),
            ("setup_ptr", p.setup_ptr),
            ("setup_to", p.setup_to),
            ("setup_s", p.setup_s),
            ("receipt_ptr", pointer_of(p.receipt_ptr, 0)),
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
        out["has_setups"] = freeze([max(int(s.max(initial=0)) for s in (p.mode_setup_s, p.setup_s))], np.int64)
        out["families"] = freeze([max(1, p.families)], np.int64)
        out["horizon"] = freeze([p.horizon_s], np.int64)
        grid = len(p.wait_grid) > 0
        out["wait_grid"] = freeze(p.wait_grid if grid else _EMPTY_GRID, np.float64)
        out["wait_log"] = freeze(p.wait_log, np.float64)
        return out

    def _total(self) -> NDArray[np.int32]:
        p = self.problem
        return p.op_total if len(p.op_total) else full(p.op_pieces, p.operations, 1).astype(np.int32)

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
        p, pointer = self.problem, pointer_of(self.problem.mode_ptr, len(self.problem.mode_machine))
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
            "job_release": freeze(np.maximum(0, full(p.job_release_s, p.jobs, 0)), np.int32),
            "job_due": freeze(full(p.job_due_s, p.jobs, NEVER), np.int32),
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
            "succ_ptr": freeze(counts(pred, p.operations), np.int32),
            "succ_op": freeze(succ, np.int32),
        }

    def _resources(self) -> dict[str, NDArray[np.generic]]:
        p = self.problem
        k = p.machines
        table = np.stack(
            [
                full(p.machine_calendar, k, -1),
                full(p.machine_zone, k, -1),
                full(p.machine_batch_milli, k, 0),
                full(p.machine_batch_wait_s, k, 0),
                full(p.machine_group, k, 0),
            ],
            axis=1,
        )
        zone_units: list[list[int]] = [[] for _ in range(p.zones)]
        for u, z in enumerate(table[self.unit_machine, lay.M_ZONE]):
            if z >= 0:
                zone_units[z].append(u)
        zone_ptr, zone_unit = listed(zone_units)
        res_ptr, res_queue = listed(self._needs())
        place_ptr, place_unit = listed(self._place_units())
        return {
            "machine": freeze(table, np.int64),
            "shared": freeze(full(p.machine_slots, k, 1) > 1, np.int32),
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
        pointer = pointer_of(p.mode_ptr, len(p.mode_machine))
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
        skill_ptr = pointer_of(p.skill_ptr, 0)
        owner = np.repeat(np.arange(len(skill_ptr) - 1), np.diff(skill_ptr))
        order = np.argsort(p.skill_person, kind="stable")
        count = counts(p.skill_person, p.people)
        return {
            "person_cal": freeze(full(p.person_calendar, p.people, -1), np.int32),
            "person_zone": freeze(full(p.person_zone, p.people, -1), np.int32),
            "person_max": freeze(full(p.person_max, p.people, NEVER), np.int32),
            "person_skills": freeze(np.diff(count), np.int32),
            "skill_ptr": freeze(skill_ptr, np.int32),
            "skill_person": freeze(p.skill_person, np.int32),
            "person_skill_ptr": freeze(count, np.int32),
            "person_skill": freeze(owner[order], np.int32),
            "zone_tender_ptr": freeze(pointer_of(p.tender_ptr, 0), np.int32),
            "zone_tender": freeze(p.tender_person, np.int32),
        }

    def _calendars(self) -> dict[str, NDArray[np.generic]]:
        p = self.problem
        pointer = pointer_of(p.cal_ptr, 0)
        cals = len(pointer) - 1
        people: list[list[int]] = [[] for _ in range(cals)]
        units: list[list[int]] = [[] for _ in range(cals)]
        for who, c in enumerate(full(p.person_calendar, p.people, -1)):
            if c >= 0:
                people[c].append(who)
        machine = full(p.machine_calendar, p.machines, -1)
        for u, m in enumerate(self.unit_machine) if len(p.machine_calendar) else ():
            if machine[m] >= 0:
                units[machine[m]].append(u)
        person_ptr, person = listed(people)
        unit_ptr, unit = listed(units)
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
        quickest = least(p.mode_cycle_s, pointer, self.rows[:, lay.CYCLE])[self.step]
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

    def figures(self) -> tuple[float, float]:
        """Mean run and mean set-up in seconds, at least 1: what the factors of ATC and ATCS count in."""
        p = self.floor.problem
        cycles = self.fields["quickest"][self.lots.op].astype(np.int64) * self.lots.pieces
        mean = float(cycles.mean()) if len(cycles) else 1.0
        own = p.mode_setup_s if len(p.mode_setup_s) else np.zeros(1)
        setups = np.concatenate([own[own > 0], p.setup_s[p.setup_s > 0]])
        setup = float(setups.mean()) if len(setups) else 1.0
        return max(1.0, mean), max(1.0, setup)
