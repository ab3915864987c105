"""Tonight's loading list: what to put on each tended machine before the last tender leaves, and how far it will get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fong.errors import UsageError
from fong.lang import moment
from fong.model import NEVER, OrderLine, Problem, Schedule, message
from fong.render.hours import duty_hours
from fong.render.paper import Block, Column, say, sheet, when
from fong.render.standing import Lot, calls_for_tenders, cycle_s, value
from fong.render.view import Bar, PlanView
from fong.render.viewing import view_of
from fong.render.wallclock import WallClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One machine when its zone is left alone. Seconds after the epoch; pieces and cycles are what the plan expects.

    ``bar`` is what lies on it, or what comes next; ``running`` tells which. ``until_s``: it works until then. ``stands_until_s``: it
    stands until then, None where it works through. ``left``: pieces not made when the last tender leaves, of which ``pieces`` in
    ``cycles`` cycles are made before somebody is back; ``magazine``: cycles that one filling lasts; ``fill``: pieces to put on, so many
    as the magazine holds and the lot still needs.
    """

    machine: str
    bar: Bar | None
    running: bool = False
    until_s: int = 0
    stands_until_s: int | None = None
    left: int = 0
    pieces: int = 0
    cycles: int = 0
    magazine: int = 1
    fill: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A zone from when its last tender of the day leaves until somebody is back (None: not within the plan)."""

    zone: str
    leave_s: int
    back_s: int | None
    loads: tuple[Load, ...]


def nights(problem: Problem, schedule: Schedule, day: date) -> tuple[Night, ...]:
    """What lies on each machine of each zone when its last shift that began on ``day`` ends.

    Zones with nobody on duty that day, or with somebody day and night, have no such moment and are left out.
    """
    return tuple(_nights(problem, view_of(problem, schedule, title=""), day))


def tonight_list(
    problem: Problem,
    schedule: Schedule,
    day: date,
    language: str,
    *,
    title: str = "",
    lines: Sequence[OrderLine] = (),
    descriptions: Mapping[str, str] | None = None,
) -> str:
    """A page for A4: one block a zone, one row a machine.

    Raises
    ------
    UsageError
        The plan has no dates.
    """
    view = view_of(problem, schedule, title=title, lines=lines, descriptions=descriptions)
    if view.clock is None:
        raise UsageError(message("render.no_dates"))
    blocks = [_block(night, view.clock, language) for night in _nights(problem, view, day)]
    kinds = ("machine", "order", "item", "step", "load", "made", "until", "left")
    columns = [Column(head=say(f"sheet.{kind}", language), kind=kind) for kind in kinds]
    midnight = datetime(day.year, day.month, day.day, tzinfo=view.clock.zone)
    heading = f"{say('tonight.title', language)} · {moment(midnight, language, with_time=False)}"
    return sheet(heading, title, columns, blocks, language)


def _nights(problem: Problem, view: PlanView, day: date) -> Iterator[Night]:
    if view.clock is None:
        return
    first, after = view.clock.day(day)
    for zone, row in enumerate(view.zones):
        hours = duty_hours(problem, zone)
        today = [i for i, (opened, _) in enumerate(hours) if max(first, 0) <= opened < after]
        if not today or hours[today[-1]][1] == NEVER:
            continue
        leave = hours[today[-1]][1]
        back = hours[today[-1] + 1][0] if today[-1] + 1 < len(hours) else None
        machines = [m for m, machine in enumerate(view.machines) if machine.zone == zone]
        loads = tuple(_load(problem, view, m, leave, back) for m in machines)
        yield Night(zone=row.name, leave_s=leave, back_s=back, loads=loads)


def _load(problem: Problem, view: PlanView, machine: int, leave: int, back: int | None) -> Load:
    bars = [view.bar(int(i)) for i in (view.bars.row == machine).nonzero()[0]]
    bars.sort(key=lambda bar: bar.begin_s)
    on = next((bar for bar in bars if bar.begin_s <= leave < bar.run[1]), None)
    if on is None:
        after = next((bar for bar in bars if bar.begin_s > leave), None)
        return Load(machine=view.machines[machine].name, bar=after)
    lot = _lot(problem, view, on, machine)
    stretches = _stands(view, on)
    stands = next(((a, b) for a, b in stretches if b > leave), None)
    until = min(on.run[1], back or NEVER, max(leave, stands[0]) if stands else NEVER)
    made = _made(on, stretches, leave)
    cycle = max(1, cycle_s(problem, lot))
    tonight = _made(on, stretches, until)
    left = on.pieces - int(made * on.pieces)
    magazine = value(problem, "step_cycles_per_call", lot.step, 1) if calls_for_tenders(problem, lot) else 0
    return Load(
        machine=view.machines[machine].name,
        bar=on,
        running=True,
        until_s=until,
        stands_until_s=stands[1] if stands and stands[0] < (back or NEVER) else None,
        left=left,
        pieces=int(tonight * on.pieces + 1e-9) - int(made * on.pieces),
        cycles=max(0, until - max(leave, on.run[0])) // cycle,
        magazine=magazine,
        fill=min(left, magazine * value(problem, "step_pieces_per_cycle", lot.step, 1)),
    )


def _lot(problem: Problem, view: PlanView, bar: Bar, machine: int) -> Lot:
    operation = int(problem.job_ptr[view.bars.order[bar.index]] + view.bars.operation[bar.index])
    step = int(problem.op_step[operation]) if len(problem.op_step) else operation
    return Lot(step=step, machine=machine, person=-1, setup_person=-1, pieces=bar.pieces)


def _stands(view: PlanView, bar: Bar) -> list[tuple[int, int]]:
    rows = (view.standing.bar == bar.index).nonzero()[0]
    return [(int(view.standing.begin[i]), int(view.standing.end[i])) for i in rows]


def _made(bar: Bar, stands: list[tuple[int, int]], moment_s: int) -> float:
    """Share of a run's working time that lies before a moment, 0 to 1."""

    def worked(until: int) -> int:
        return until - bar.run[0] - sum(max(0, min(b, until) - max(a, bar.run[0])) for a, b in stands)

    whole = worked(bar.run[1])
    return min(1.0, max(0, worked(max(bar.run[0], moment_s))) / whole) if whole > 0 else 0.0


def _block(night: Night, clock: WallClock, language: str) -> Block:
    day = clock.day(clock.at(night.leave_s - 1).date())[0]
    notes = [say("tonight.leave", language, at=when(clock, night.leave_s, day, language))]
    if night.back_s is not None:
        notes.append(say("tonight.back", language, at=when(clock, night.back_s, day, language)))
    rows = [_row(load, night, clock, day, language) for load in night.loads]
    return Block(title=night.zone, notes=tuple(notes), rows=rows)


def _row(load: Load, night: Night, clock: WallClock, day: int, language: str) -> tuple[str, ...]:
    bar = load.bar
    if bar is None:
        return (load.machine, "", say("tonight.empty", language), "", "", "", "", "")
    order = bar.order
    item = order.product
    if not load.running:
        next_ = say("tonight.next", language, at=when(clock, bar.begin_s, day, language))
        return (load.machine, order.label, item, bar.step, "", "", next_, f"{bar.pieces:,}")
    return (
        load.machine,
        order.label,
        item,
        bar.step,
        f"{load.fill:,}" if load.fill else "",
        f"{load.pieces:,}",
        _until(load, night, clock, day, language),
        f"{load.left:,}",
    )


def _until(load: Load, night: Night, clock: WallClock, day: int, language: str) -> str:
    """Until when it runs, and until when it then stands, where that is not the hour at which somebody is back."""
    runs = load.until_s > night.leave_s
    until = when(clock, load.until_s, day, language) if runs else say("tonight.still", language)
    if load.stands_until_s in {None, night.back_s}:
        return until
    stands = when(clock, load.stands_until_s or 0, day, language)
    return say("tonight.then" if runs else "tonight.still_until", language, until=until, stands=stands)
