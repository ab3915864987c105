"""Columns of what is to be done: steps with their modes and bills, operations, jobs."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from fong.model.columns import Columns, Index, scaled
from fong.model.order import WorkInProgress
from fong.model.problem import MICRO, NEVER
from fong.model.route import Route, route_of


def steps(c: Columns) -> None:
    """Routing rows."""
    r = c.factory.routing
    c.put("step_cycle_s", (s.cycle_s for s in r), default=0)
    c.put("step_pieces_per_cycle", (s.pieces_per_cycle for s in r), default=1)
    c.put("step_attend_s", (s.attend_s for s in r), default=0)
    c.put("step_cycles_per_call", (s.unattended_cycles + 1 for s in r), default=1)
    c.put("step_service_cv_milli", (int(s.service_cv * 1000) for s in r), default=500)
    c.put("step_stops_micro", (int(s.stops_per_hour * MICRO) for s in r), default=0)
    c.put("step_stop_s", (s.stop_s for s in r), default=0)
    c.put("step_setup_skill", (c.skills.add(s.setup_skill) for s in r), default=-1)
    c.put("step_run_skill", (c.skills.add(s.run_skill) for s in r), default=-1)
    c.put("step_family", (c.families.add(s.setup_family) for s in r), default=-1)
    c.put("step_batch_milli", (scaled(s.batch_per_piece, 1000) for s in r), np.int64, 1000)
    c.put("step_box", (s.transfer_batch or 0 for s in r), default=0)
    c.put("step_lag_s", (s.lag_s for s in r), default=0)
    c.put("step_max_wait_s", (NEVER if s.max_wait_s is None else s.max_wait_s for s in r), default=NEVER)
    c.put("step_split_over", (s.split_over for s in r), default=1)
    c.put("step_max_lot", (s.max_lot or 0 for s in r), default=0)
    c.put("step_gap", (int(s.at_gap) for s in r), np.int8, 0)
    c.put("step_overtime_s", (s.overtime_s for s in r), default=0)
    c.put("step_outside_s", (-1 if s.outside_s is None else s.outside_s for s in r), default=-1)
    c.put("step_collect", (c.calendars.add(s.collect) for s in r), default=-1)
    c.put("step_tool", (c.tools.add(s.tool) for s in r), default=-1)
    c.put("step_place", (c.places.add(s.place) for s in r), default=-1)


def modes(c: Columns) -> None:
    """Machines that can do each step, and how fast."""
    speeds = {(s.item, s.sequence, s.machine): s for s in c.factory.speeds}
    pointer, machine, cycle, setup = [0], [], [], []
    for s in c.factory.routing:
        for name in s.machines if s.outside_s is None else ():
            own = speeds.get((s.item, s.sequence, name))
            machine.append(c.machines.number[name])
            cycle.append(s.cycle_s if own is None or own.cycle_s is None else own.cycle_s)
            setup.append(s.setup_s if own is None or own.setup_s is None else own.setup_s)
        pointer.append(len(machine))
    c.put("mode_ptr", pointer)
    c.put("mode_machine", machine)
    c.put("mode_cycle_s", cycle)
    c.put("mode_setup_s", setup, default=0)


def bills(c: Columns) -> None:
    """Material that each step takes."""
    first: dict[tuple[str, str], int] = {}
    for s in c.factory.routing:
        key = (s.item, s.variant)
        first[key] = min(first.get(key, s.sequence), s.sequence)
    lines: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for b in c.factory.bill:
        use = (c.materials.number[b.component], scaled(b.quantity, MICRO))
        at = [b.sequence] if b.sequence is not None else [q for (i, _), q in first.items() if i == b.item]
        for sequence in at:
            lines[b.item, sequence].append(use)
    if not lines:
        return
    pointer, item, micro = [0], [], []
    for s in c.factory.routing:
        for i, m in lines.get((s.item, s.sequence), ()):
            item.append(i)
            micro.append(m)
        pointer.append(len(item))
    c.put("use_ptr", pointer)
    c.put("use_item", item)
    c.put("use_micro", micro, np.int64)


def jobs(c: Columns) -> None:
    """Order lines and their operations."""
    work: dict[tuple[str, int], list[WorkInProgress]] = defaultdict(list)
    for w in c.workshop.state.work:
        work[w.order, w.line].append(w)
    routes = {item: route_of([c.factory.routing[i] for i in rows], rows) for item, rows in c.by_item.items()}
    started: dict[tuple[str, int], tuple[int, ...]] = {}
    ops = _Operations(c)
    for line in c.lines:
        key = (line.item, line.quantity)
        if key not in started:
            started[key] = routes[line.item].started(line.quantity)
        ops.add_job(routes[line.item], started[key], work.get((line.order, line.line), []))
    ops.store()
    lines = c.lines
    c.put("job_release_s", (c.seconds(o.release) if o.release else 0 for o in lines), default=0)
    c.put("job_due_s", (c.seconds(o.due) if o.due else NEVER for o in lines), default=NEVER)
    c.put("job_weight_milli", (o.weight_milli for o in lines), np.int64, 1000)
    c.put("job_late_cents_day", (o.late_cost_per_day_cents for o in lines), np.int64, 0)
    c.put("job_pieces", (o.quantity for o in lines), default=1)


class _Operations:
    """Collects the operations of all jobs."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.pointer: list[int] = [0]
        self.step: list[int] = []
        self.pieces: list[int] = []
        self.total: list[int] = []
        self.variant: list[int] = []
        self.same: list[int] = []
        self.same_index: Index[tuple[int, str]] = Index()
        self.pred_ptr: list[int] = [0]
        self.pred: list[int] = []
        self.wip: list[tuple[int, int, int, int]] = []

    def add_job(self, route: Route, started: tuple[int, ...], work: list[WorkInProgress]) -> None:
        """Add the operations of one order line."""
        routing = self.columns.factory.routing
        by_sequence = {w.sequence: w for w in work}
        first, job = len(self.step), len(self.pointer) - 1
        done = _behind(route, [routing[s].sequence for s in route.steps], by_sequence, started)
        taken = {route.variant[i] for i, s in enumerate(route.steps) if routing[s].sequence in by_sequence}
        at: dict[int, int] = {}
        for i, s in enumerate(route.steps):
            if taken and route.variant[i] not in taken:
                continue  # work in progress has chosen the variant
            row, now = routing[s], by_sequence.get(routing[s].sequence)
            at[i] = len(self.step)
            self.step.append(s)
            self.total.append(started[i])
            self.variant.append(0 if taken else route.variant[i])
            self.same.append(-1 if row.same_machine is None else self.same_index.add((job, row.same_machine)))
            self.pred.extend(at[p] for p in route.before[i])
            self.pred_ptr.append(len(self.pred))
            if now is not None and now.ends is not None:
                self.running(at[i], now)
            self.pieces.append(0 if i in done else started[i] - (now.done_pieces if now else 0))
        self.pointer.append(len(self.step))
        assert len(self.step) >= first  # noqa: S101

    def running(self, op: int, now: WorkInProgress) -> None:
        """Note what runs now."""
        machine = self.columns.machines.number[now.machine] if now.machine else -1
        since = min(0, self.columns.seconds(now.started)) if now.started else 0
        self.wip.append((op, machine, since, max(0, self.columns.seconds(now.ends or self.columns.now))))

    def store(self) -> None:
        """Make columns of all of it."""
        c = self.columns
        c.put("job_ptr", self.pointer)
        c.put("op_step", self.step)
        c.put("op_pieces", self.pieces)
        total = np.array(self.total, np.int32)
        c.put("op_total", total if (total != np.array(self.pieces, np.int32)).any() else total[:0])
        c.put("op_variant", self.variant, np.int8, 0)
        c.put("op_same", self.same, default=-1)
        if not self._chain():
            c.put("pred_ptr", self.pred_ptr)
            c.put("pred_op", self.pred)
        self.wip.sort()
        if self.wip:
            for i, name in enumerate(("wip_op", "wip_machine", "wip_start_s", "wip_end_s")):
                c.put(name, (w[i] for w in self.wip))

    def _chain(self) -> bool:
        """Whether each operation follows just the one before it in its job."""
        pointer, pred = np.array(self.pred_ptr), np.array(self.pred, np.int64)
        heads = np.zeros(len(self.step), bool)
        heads[[p for p in self.pointer[:-1] if p < len(self.step)]] = True
        counts = np.diff(pointer)
        return bool((counts == ~heads).all() and (pred == np.flatnonzero(~heads) - 1).all())


def _behind(route: Route, sequences: list[int], work: dict[int, WorkInProgress], started: tuple[int, ...]) -> set[int]:
    """Positions of steps of which nothing is left to plan: running, finished, or before such a step."""
    out: set[int] = set()
    for i in range(len(sequences) - 1, -1, -1):
        now = work.get(sequences[i])
        if now is not None and (now.ends is not None or now.done_pieces >= started[i]):
            out.add(i)
        if i in out:
            out.update(p for p in route.before[i] if sequences[p] not in work)
    return out
