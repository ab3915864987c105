"""Knowledge → Factory: machines, people, calendars; and the routing rows of any route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fong.learn.hours import joined
from fong.learn.learned import Knowledge
from fong.learn.people import Manner
from fong.learn.times import StepTimes, stranger
from fong.model.factory import Calendar, Machine, Person, Speed, Step

_UNMANNED = frozenset((Manner.OVERLAPS, Manner.HANDED_OVER, Manner.NOBODY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Machines, people and calendars, as tables hold them."""

    machines: tuple[Machine, ...]
    people: tuple[Person, ...]
    calendars: tuple[Calendar, ...]


def capability(known: Knowledge, machine_hours: Mapping[str, Calendar]) -> Capability:
    """The means of the shop.

    Parameters
    ----------
    known
        What was learned.
    machine_hours
        Calendars of machines in a log that names no people; else empty, and a machine that runs alone is open whenever one of those
        who work on it is.
    """
    people = _people(known)
    calendars = {c.name: c for c in known.hours.calendars} | {c.name: c for c in machine_hours.values()}
    machines: list[Machine] = []
    together: dict[tuple[str, ...], Calendar] = {}
    for name in sorted(known.group):
        calendar = machine_hours.get(name) or _open_with_people(known, name, people, calendars, together)
        machines.append(
            Machine(
                name=name,
                group=known.group[name],
                calendar=calendar.name if calendar else None,
                capacity=Decimal(known.centres.get(name, 1)),
                mtbf_h=_hours(b.busy_s / b.number) if (b := known.breakdowns.get(name)) else None,
                mttr_h=_hours(b.down_s / b.number) if b else None,
            )
        )
    calendars |= {c.name: c for c in together.values()}
    used = {p.calendar for p in people} | {m.calendar for m in machines}
    return Capability(
        machines=tuple(machines), people=people, calendars=tuple(c for n, c in calendars.items() if n in used)
    )


def _hours(seconds: float) -> float:
    return round(seconds / 3600, 2)


def _people(known: Knowledge) -> tuple[Person, ...]:
    """People with their skills; whoever has no hours of their own has those of most others, or (if nobody has) any hour."""
    of, hours = known.skills.of, known.hours.of
    usual = Counter(hours.values()).most_common(1)
    other = usual[0][0] if usual else None
    return tuple(Person(name=p, calendar=hours.get(p, other), skills=of[p]) for p in sorted(of))


def _open_with_people(
    known: Knowledge,
    machine: str,
    people: Sequence[Person],
    calendars: Mapping[str, Calendar],
    together: dict[tuple[str, ...], Calendar],
) -> Calendar | None:
    """Hours of a machine that runs alone: those of all who can do one of its steps. None: only held runs, people decide.

    ``together``: calendars of several by their names; a new one is added.
    """
    steps = [s for s, names in known.machines.items() if machine in names]
    if not any(manner(known, s) in _UNMANNED for s in steps):
        return None
    skills = {skill for s in steps for skill in (known.skills.run.get(s), known.skills.setup.get(s)) if skill}
    names = tuple(sorted({p.calendar for p in people if p.calendar and p.skills & skills}))
    if not names:
        return None
    if len(names) == 1:
        return calendars[names[0]]
    if names not in together:
        together[names] = joined(f"machines-{len(together) + 1}", [calendars[n] for n in names])
    return together[names]


def manner(known: Knowledge, step: str) -> Manner:
    """How people and the step's run belong together; a step never seen is nobody's."""
    return known.evidence[step].manner if step in known.evidence else Manner.NOBODY


def steps_of(known: Knowledge, item: str, name: str, route: Iterable[str]) -> tuple[list[Step], list[Speed]]:
    """Routing rows and machine speeds of one route.

    Parameters
    ----------
    known
        What was learned.
    item
        Whose times count ("" if the log names no items).
    name
        Item name in the tables.
    route
        Steps in order; sequences are 10, 20, …
    """
    rows: list[Step] = []
    speeds: list[Speed] = []
    for i, step in enumerate(route, start=1):
        times = known.times.get(step) or stranger(known.times, step)
        rows.append(_step(known, times, item, name, i * 10))
        speeds += _speeds(known, times, item, rows[-1])
    return rows, speeds


def _step(known: Knowledge, times: StepTimes, item: str, name: str, sequence: int) -> Step:
    figures = times.figures(item)
    skill = known.skills.run.get(times.step)
    machines = known.machines.get(times.step, ())
    held = manner(known, times.step) is Manner.HELD
    return Step(
        item=name,
        sequence=sequence,
        name=times.step,
        machines=machines,
        setup_s=figures.setup_s,
        setup_skill=known.skills.setup.get(times.step) if figures.setup_s else None,
        cycle_s=figures.cycle_s,
        pieces_per_cycle=figures.pieces_per_cycle,
        run_skill=skill if held or not machines else None,
        scrap_pct=known.scrap_pct.get(times.step, Decimal(0)),
        outside_s=figures.cycle_s if not machines and skill is None else None,
    )


def _speeds(known: Knowledge, times: StepTimes, item: str, row: Step) -> list[Speed]:
    """Machines whose times differ from the step's."""
    out: list[Speed] = []
    for machine in known.machines.get(times.step, ()):
        own = times.figures(item, machine)
        if (own.setup_s, own.cycle_s) != (row.setup_s, row.cycle_s):
            out.append(
                Speed(
                    item=row.item,
                    sequence=row.sequence,
                    machine=machine,
                    cycle_s=None if own.cycle_s == row.cycle_s else own.cycle_s,
                    setup_s=None if own.setup_s == row.setup_s else own.setup_s,
                )
            )
    return out
