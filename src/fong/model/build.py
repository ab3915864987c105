"""Factory + orders + state → :class:`Problem`. The only place where names become indices."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fong._kernels import freeze
from fong.model.calendars import DAY_S, pack, windows
from fong.model.factory import Factory, Machine, Step
from fong.model.order import OrderLine, WorkInProgress, Workshop
from fong.model.problem import MICRO, NEVER, Feature, Names, Problem
from fong.model.zones import wait_table

K = TypeVar("K", bound=Hashable)
Columns = dict[str, NDArray[np.generic]]


class Index(Generic[K]):
    """Names in order of first use, each with its number."""

    def __init__(self, names: Iterable[K] = ()) -> None:
        self.number: dict[K, int] = {}
        for name in names:
            self.add(name)

    def add(self, name: K | None) -> int:
        """The name's number, new if need be; None is -1."""
        return -1 if name is None else self.number.setdefault(name, len(self.number))

    def names(self) -> tuple[K, ...]:
        """All names by number."""
        return tuple(self.number)

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The steps of one item: numbers of its routing rows in a topological order, and who comes before whom within it."""

    steps: tuple[int, ...]
    before: tuple[tuple[int, ...], ...]  # positions in `steps`
    variant: tuple[int, ...]
    scrap_ppm: tuple[int, ...]

    def started(self, good: int) -> tuple[int, ...]:
        """Pieces to start at each step for so many good ones in the end: backwards, once, rounded up (semantics.md, scrap)."""
        wanted = [0] * len(self.steps)
        out = [0] * len(self.steps)
        for i in range(len(self.steps) - 1, -1, -1):
            out[i] = -(-(wanted[i] or good) * MICRO // (MICRO - self.scrap_ppm[i]))
            for p in self.before[i]:
                wanted[p] = max(wanted[p], out[i])
        return tuple(out)


def predecessors(steps: Sequence[Step]) -> list[tuple[int, ...]]:
    """Sequences that come before each step: its ``after``, else the previous sequence of its variant."""
    last: dict[str, int] = {}
    out: dict[int, tuple[int, ...]] = {}
    for step in sorted(steps, key=lambda s: s.sequence):
        previous = (last[step.variant],) if step.variant in last else ()
        out[step.sequence] = previous if step.after is None else step.after
        last[step.variant] = step.sequence
    return [out[s.sequence] for s in steps]


def route_of(steps: Sequence[Step], numbers: Sequence[int]) -> Route:
    """The route of an item from its routing rows.

    Raises
    ------
    ValueError
        The rows form a circle or name a sequence that is not there (``find_faults`` says it better, before).
    """
    before = dict(zip((s.sequence for s in steps), predecessors(steps), strict=True))
    by_sequence = {s.sequence: i for i, s in enumerate(steps)}
    variants = Index(sorted({s.variant for s in steps}))
    order: list[int] = []
    left = sorted(before, key=lambda q: (variants.add(steps[by_sequence[q]].variant), q))
    placed: dict[int, int] = {}
    while left:
        ready = next((q for q in left if all(p in placed for p in before[q])), None)
        if ready is None:
            msg = f"routing of {steps[0].item}: circle or missing step among {left}"
            raise ValueError(msg)
        left.remove(ready)
        placed[ready] = len(order)
        order.append(ready)
    rows = [steps[by_sequence[q]] for q in order]
    return Route(
        steps=tuple(numbers[by_sequence[q]] for q in order),
        before=tuple(tuple(placed[p] for p in before[q]) for q in order),
        variant=tuple(variants.add(r.variant) for r in rows),
        scrap_ppm=tuple(int(r.scrap_pct * 10_000) for r in rows),
    )


def build(workshop: Workshop, *, horizon_days: int | None = None) -> Problem:
    """Compile a workshop into columns.

    Parameters
    ----------
    workshop
        Free of faults (see :func:`fong.model.faults.find_faults`).
    horizon_days
        How far calendars are laid out; None: the settings' own.
    """
    return _Builder(workshop, horizon_days or workshop.factory.settings.horizon_days).problem()


class _Builder:
    """One build: indices first, then one method per group of columns."""

    def __init__(self, workshop: Workshop, horizon_days: int) -> None:
        self.factory: Factory = workshop.factory
        self.workshop = workshop
        self.now = self.factory.settings.now
        self.horizon_s = min(horizon_days * DAY_S, 2**30)
        f = self.factory
        self.machines = Index(m.name for m in f.machines)
        self.calendars = Index(c.name for c in f.calendars)
        self.groups = Index(m.group for m in f.machines)
        self.zones = Index(m.zone for m in f.machines if m.zone)
        asked = (skill for s in f.routing for skill in (s.setup_skill, s.run_skill) if skill)
        self.skills = Index(asked)  # by the routing, not by name: a plan must not depend on the language of its names
        for skill in sorted({s for p in f.people for s in p.skills}):
            self.skills.add(skill)
        self.families: Index[str] = Index()
        self.tools = Index(t.name for t in f.tools)
        self.places = Index(p.name for p in f.places)
        self.materials = Index(sorted({b.component for b in f.bill}))
        self.columns: Columns = {}
        self.by_item: dict[str, list[int]] = defaultdict(list)
        for i, s in enumerate(f.routing):
            self.by_item[s.item].append(i)
        self.lines = [o for o in workshop.orders if o.status == "open" and o.item in self.by_item]

    # ------------------------------------------------------------ whole
    def problem(self) -> Problem:
        self.steps()
        self.modes()
        self.bills()
        self.equipment()
        self.matrix()
        self.crew()
        self.hours()
        self.stock()
        jobs = self.jobs()
        self.zone_table()
        return Problem(
            epoch=self.now,
            horizon_s=self.horizon_s,
            names=self.names(jobs),
            features=self.features(),
            top_up=self.factory.settings.top_up,
            machines=len(self.machines),
            people=len(self.factory.people),
            zones=len(self.zones),
            families=len(self.families),
            **self.columns,  # type: ignore[arg-type]
        )

    def put(self, name: str, values: Iterable[object], dtype: DTypeLike = np.int32, default: object = None) -> None:
        """Store a column; one that holds only its default stays zero-length."""
        column = np.fromiter(values, dtype) if not isinstance(values, np.ndarray) else values.astype(dtype)
        if default is not None and len(column) and bool((column == default).all()):
            column = column[:0]
        self.columns[name] = freeze(column, dtype)

    def seconds(self, moment: datetime) -> int:
        """Seconds after now, within ±2³⁰."""
        s = math.floor((moment - self.now).total_seconds())
        return max(-(2**30), min(2**30, s))

    # ------------------------------------------------------------ steps
    def steps(self) -> None:
        r = self.factory.routing
        self.put("step_cycle_s", (s.cycle_s for s in r), default=0)
        self.put("step_pieces_per_cycle", (s.pieces_per_cycle for s in r), default=1)
        self.put("step_attend_s", (s.attend_s for s in r), default=0)
        self.put("step_cycles_per_call", (s.unattended_cycles + 1 for s in r), default=1)
        self.put("step_service_cv_milli", (int(s.service_cv * 1000) for s in r), default=500)
        self.put("step_stops_micro", (int(s.stops_per_hour * MICRO) for s in r), default=0)
        self.put("step_stop_s", (s.stop_s for s in r), default=0)
        self.put("step_setup_skill", (self.skills.add(s.setup_skill) for s in r), default=-1)
        self.put("step_run_skill", (self.skills.add(s.run_skill) for s in r), default=-1)
        self.put("step_family", (self.families.add(s.setup_family) for s in r), default=-1)
        self.put("step_batch_milli", (_scaled(s.batch_per_piece, 1000) for s in r), np.int64, 1000)
        self.put("step_box", (s.transfer_batch or 0 for s in r), default=0)
        self.put("step_lag_s", (s.lag_s for s in r), default=0)
        self.put("step_max_wait_s", (NEVER if s.max_wait_s is None else s.max_wait_s for s in r), default=NEVER)
        self.put("step_split_over", (s.split_over for s in r), default=1)
        self.put("step_max_lot", (s.max_lot or 0 for s in r), default=0)
        self.put("step_gap", (int(s.at_gap) for s in r), np.int8, 0)
        self.put("step_overtime_s", (s.overtime_s for s in r), default=0)
        self.put("step_outside_s", (-1 if s.outside_s is None else s.outside_s for s in r), default=-1)
        self.put("step_collect", (self.calendars.add(s.collect) for s in r), default=-1)
        self.put("step_tool", (self.tools.add(s.tool) for s in r), default=-1)
        self.put("step_place", (self.places.add(s.place) for s in r), default=-1)

    def modes(self) -> None:
        speeds = {(s.item, s.sequence, s.machine): s for s in self.factory.speeds}
        pointer, machine, cycle, setup = [0], [], [], []
        for s in self.factory.routing:
            for name in s.machines if s.outside_s is None else ():
                own = speeds.get((s.item, s.sequence, name))
                machine.append(self.machines.number[name])
                cycle.append(s.cycle_s if own is None or own.cycle_s is None else own.cycle_s)
                setup.append(s.setup_s if own is None or own.setup_s is None else own.setup_s)
            pointer.append(len(machine))
        self.put("mode_ptr", pointer)
        self.put("mode_machine", machine)
        self.put("mode_cycle_s", cycle)
        self.put("mode_setup_s", setup, default=0)

    def bills(self) -> None:
        first: dict[tuple[str, str], int] = {}
        for s in self.factory.routing:
            key = (s.item, s.variant)
            first[key] = min(first.get(key, s.sequence), s.sequence)
        lines: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for b in self.factory.bill:
            use = (self.materials.number[b.component], _scaled(b.quantity, MICRO))
            at = [b.sequence] if b.sequence is not None else [q for (i, _), q in first.items() if i == b.item]
            for sequence in at:
                lines[b.item, sequence].append(use)
        if not lines:
            return
        pointer, item, micro = [0], [], []
        for s in self.factory.routing:
            for i, m in lines.get((s.item, s.sequence), ()):
                item.append(i)
                micro.append(m)
            pointer.append(len(item))
        self.put("use_ptr", pointer)
        self.put("use_item", item)
        self.put("use_micro", micro, np.int64)

    # ------------------------------------------------------------ resources
    def equipment(self) -> None:
        ms = self.factory.machines
        self.put("machine_calendar", (self.calendars.add(m.calendar) for m in ms), default=-1)
        self.put("machine_zone", (self.zones.add(m.zone) for m in ms), default=-1)
        self.put("machine_slots", (_slots(m) for m in ms), default=1)
        self.put("machine_batch_milli", (_scaled(m.capacity, 1000) if m.batch_unit else 0 for m in ms), np.int64, 0)
        self.put("machine_batch_wait_s", (m.batch_wait_s for m in ms), default=0)
        self.put("machine_family", (self.families.add(m.present_family) for m in ms), default=-1)
        self.put("machine_group", (self.groups.add(m.group) for m in ms), default=0)

    def matrix(self) -> None:
        rows = [s for s in self.factory.setups if s.group in self.groups.number]
        cells = sorted(
            {
                (self.groups.add(s.group), self.families.add(s.from_family), self.families.add(s.to_family)): s.setup_s
                for s in rows
            }.items()
        )
        if not cells:
            return
        n = len(self.families)
        counts = np.zeros(len(self.groups) * n + 1, np.int64)
        for (g, a, _), _s in cells:
            counts[g * n + a + 1] += 1
        self.put("setup_ptr", np.cumsum(counts))
        self.put("setup_to", (c[2] for c, _ in cells))
        self.put("setup_s", (s for _, s in cells))

    def crew(self) -> None:
        ps = self.factory.people
        self.put("person_calendar", (self.calendars.add(p.calendar) for p in ps), default=-1)
        self.put("person_zone", (self.zones.add(p.tends) for p in ps), default=-1)
        self.put("person_max", (NEVER if p.max_machines is None else p.max_machines for p in ps), default=NEVER)
        self.lists(
            "skill", "skill_person", [[i for i, p in enumerate(ps) if s in p.skills] for s in self.skills.names()]
        )
        self.lists(
            "tender", "tender_person", [[i for i, p in enumerate(ps) if p.tends == z] for z in self.zones.names()]
        )

    def lists(self, pointer: str, values: str, rows: list[list[int]]) -> None:
        """Store a list of lists as pointer and values."""
        self.put(f"{pointer}_ptr", np.cumsum([0, *(len(r) for r in rows)]))
        self.put(values, (x for r in rows for x in r))

    def hours(self) -> None:
        found = {c.name: c for c in self.factory.calendars}
        packed = pack(windows(found[n], self.now, self.horizon_s) if n in found else [] for n in self.calendars.names())
        pointer, opened, closed, before = packed
        self.put("cal_ptr", pointer)
        self.put("win_open_s", opened)
        self.put("win_close_s", closed)
        self.put("win_before_s", before, np.int64)

    def stock(self) -> None:
        on_hand = {i.name: i.on_hand for i in self.factory.items}
        coming: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for r in self.factory.receipts:
            coming[r.item].append((max(0, self.seconds(r.at)), int(r.quantity * MICRO)))
        if not len(self.materials):
            return
        names = self.materials.names()
        self.put("stock_micro", (int(on_hand.get(n, Decimal(0)) * MICRO) for n in names), np.int64)
        rows = [sorted(coming[n]) for n in names]
        self.put("receipt_ptr", np.cumsum([0, *(len(r) for r in rows)]))
        self.put("receipt_at_s", (t for r in rows for t, _ in r))
        self.put("receipt_micro", (q for r in rows for _, q in r), np.int64)

    def tools_and_places(self) -> None:
        self.put("tool_quantity", (t.quantity for t in self.factory.tools))
        self.put("place_lots", (p.capacity for p in self.factory.places))

    # ------------------------------------------------------------ jobs
    def jobs(self) -> list[OrderLine]:
        self.tools_and_places()
        work: dict[tuple[str, int], list[WorkInProgress]] = defaultdict(list)
        for w in self.workshop.state.work:
            work[w.order, w.line].append(w)
        routes = {item: route_of([self.factory.routing[i] for i in rows], rows) for item, rows in self.by_item.items()}
        started: dict[tuple[str, int], tuple[int, ...]] = {}
        ops = _Operations(self)
        for line in self.lines:
            key = (line.item, line.quantity)
            if key not in started:
                started[key] = routes[line.item].started(line.quantity)
            ops.add_job(routes[line.item], started[key], work.get((line.order, line.line), []))
        ops.store()
        lines = self.lines
        self.put("job_release_s", (self.seconds(o.release) if o.release else 0 for o in lines), default=0)
        self.put("job_due_s", (self.seconds(o.due) if o.due else NEVER for o in lines), default=NEVER)
        self.put("job_weight_milli", (o.weight_milli for o in lines), np.int64, 1000)
        self.put("job_late_cents_day", (o.late_cost_per_day_cents for o in lines), np.int64, 0)
        self.put("job_pieces", (o.quantity for o in lines), default=1)
        return lines

    def names(self, lines: list[OrderLine]) -> Names:
        r = self.factory.routing
        return Names(
            orders=tuple((o.order, o.line) for o in lines),
            items=tuple(o.item for o in lines),
            sequences=tuple(s.sequence for s in r),
            steps=tuple(s.name or str(s.sequence) for s in r),
            machines=self.machines.names(),
            people=tuple(p.name for p in self.factory.people),
            skills=self.skills.names(),
            families=self.families.names(),
            groups=self.groups.names(),
            zones=self.zones.names(),
            calendars=self.calendars.names(),
            materials=self.materials.names(),
            tools=self.tools.names(),
            places=self.places.names(),
            variants=tuple(sorted({s.variant for s in r})),
        )

    # ------------------------------------------------------------ features, zones
    def features(self) -> Feature:
        c = self.columns
        some = {
            Feature.PEOPLE: _any(c, "step_setup_skill", "step_run_skill"),
            Feature.SETUPS: _any(c, "mode_setup_s", "setup_s"),
            Feature.CALENDARS: _any(c, "machine_calendar"),
            Feature.ZONES: _any(c, "machine_zone"),
            Feature.BATCHES: _any(c, "machine_batch_milli"),
            Feature.TRANSFER: _any(c, "step_box"),
            Feature.LAGS: _any(c, "step_lag_s"),
            Feature.MAX_WAIT: _any(c, "step_max_wait_s"),
            Feature.MATERIALS: _any(c, "use_ptr"),
            Feature.TOOLS: _any(c, "step_tool"),
            Feature.PLACES: _any(c, "step_place"),
            Feature.SPLITTING: _any(c, "step_split_over", "step_max_lot"),
            Feature.OUTSIDE: _any(c, "step_outside_s"),
            Feature.VARIANTS: _any(c, "op_variant"),
            Feature.SAME_MACHINE: _any(c, "op_same"),
            Feature.GRAPH: _any(c, "pred_ptr"),
            Feature.WORK_IN_PROGRESS: _any(c, "wip_op"),
        }
        out = Feature(0)
        for feature, there in some.items():
            out |= feature if there else Feature(0)
        return out

    def zone_table(self) -> None:
        sizes: dict[str, int] = defaultdict(int)
        for m in self.factory.machines:
            if m.zone:
                sizes[m.zone] += _slots(m)
        tended = {m.name for m in self.factory.machines if m.zone}
        rho: list[float] = []
        service: list[float] = []
        cv2: list[float] = []
        cycles = {(s.item, s.sequence, s.machine): s.cycle_s for s in self.factory.speeds if s.cycle_s}
        for s in self.factory.routing:
            for name in tended.intersection(s.machines) if s.attend_s or (s.stops_per_hour and s.stop_s) else ():
                cycle = cycles.get((s.item, s.sequence, name), s.cycle_s) or 1
                stops = float(s.stops_per_hour) * s.stop_s / 3600
                for run in (cycle, cycle * (s.unattended_cycles + 1)):
                    rho.append(s.attend_s / run + stops)
                    service.append(s.attend_s + stops * run)
                cv2.append(float(s.service_cv) ** 2)
        if not rho:
            return
        tenders = [sum(p.tends == z for p in self.factory.people) for z in self.zones.names()]
        least, most = min(service), max(service)
        spread = (most + least) ** 2 / (4 * most * least)  # Kantorovich: E[a²] ≤ spread·E[a]²
        top = (1 + max(cv2)) * spread - 1
        grid, table = wait_table(
            max(1, min(8, max(tenders, default=1))),
            max(2, min(120, max(sizes.values()))),
            (min(rho), max(rho)),
            (min(cv2), min(top, 6.0)),
        )
        self.put("wait_grid", grid, np.float64)
        self.put("wait_log", table, np.float64)


class _Operations:
    """Collects the operations of all jobs."""

    def __init__(self, builder: _Builder) -> None:
        self.b = builder
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
        routing = self.b.factory.routing
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
        machine = self.b.machines.number[now.machine] if now.machine else -1
        since = min(0, self.b.seconds(now.started)) if now.started else 0
        self.wip.append((op, machine, since, max(0, self.b.seconds(now.ends or self.b.now))))

    def store(self) -> None:
        b = self.b
        b.put("job_ptr", self.pointer)
        b.put("op_step", self.step)
        b.put("op_pieces", self.pieces)
        total = np.array(self.total, np.int32)
        b.put("op_total", total if (total != np.array(self.pieces, np.int32)).any() else total[:0])
        b.put("op_variant", self.variant, np.int8, 0)
        b.put("op_same", self.same, default=-1)
        if not self._chain():
            b.put("pred_ptr", self.pred_ptr)
            b.put("pred_op", self.pred)
        self.wip.sort()
        if self.wip:
            for i, name in enumerate(("wip_op", "wip_machine", "wip_start_s", "wip_end_s")):
                b.put(name, (w[i] for w in self.wip))

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


def _any(columns: Columns, *names: str) -> bool:
    return any(len(columns.get(n, ())) for n in names)


def _slots(machine: Machine) -> int:
    return 1 if machine.batch_unit else max(1, int(machine.capacity))


def _scaled(value: Decimal, scale: int) -> int:
    """A quantity in whole small units, rounded up."""
    return int((value * scale).to_integral_value(ROUND_CEILING))
