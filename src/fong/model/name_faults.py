"""Names that are used and that nobody has."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fong.model.directory import Directory, fault
from fong.model.message import Fault


def name_faults(d: Directory) -> Iterator[Fault]:
    """Every reference that leads nowhere, with the name that looks most like it."""
    yield from _machines(d)
    yield from _people(d)
    yield from _materials(d)
    yield from _routing(d)
    yield from _speeds_and_setups(d)
    for i, o in d.open_lines:
        if o.item not in d.items:
            yield _no_such(d, "item", ("orders", "item"), i, o.item, d.items)
        elif o.item not in d.sequences:
            yield fault("no_routing", "orders", "item", i, found=o.item)


def _no_such(d: Directory, what: str, where: tuple[str, str], index: int, name: str, known: Collection[str]) -> Fault:
    """``what``: the kind of name, as in the code ``no_such_<what>``; ``where``: table and column."""
    nearest = d.nearest(what, name, known)
    code = f"no_such_{what}_near" if nearest else f"no_such_{what}"
    return fault(code, *where, index, found=name, wanted=nearest)


def _machines(d: Directory) -> Iterator[Fault]:
    for i, m in enumerate(d.factory.machines):
        if m.calendar is not None and m.calendar not in d.calendars:
            yield _no_such(d, "calendar", ("machines", "calendar"), i, m.calendar, d.calendars)
        if m.zone is not None and m.zone not in d.tenders:
            yield _no_such(d, "tender", ("machines", "zone"), i, m.zone, d.tenders)
        if m.batch_unit is None and m.capacity != int(m.capacity):
            yield fault("part_capacity", "machines", "capacity", i, found=str(m.capacity))


def _people(d: Directory) -> Iterator[Fault]:
    for i, p in enumerate(d.factory.people):
        if p.calendar is not None and p.calendar not in d.calendars:
            yield _no_such(d, "calendar", ("people", "calendar"), i, p.calendar, d.calendars)
        if p.tends is not None and p.tends not in d.zones:
            yield _no_such(d, "zone", ("people", "tends"), i, p.tends, d.zones)


def _materials(d: Directory) -> Iterator[Fault]:
    for i, r in enumerate(d.factory.receipts):
        if r.item not in d.items:
            yield _no_such(d, "item", ("receipts", "item"), i, r.item, d.items)
    for i, b in enumerate(d.factory.bill):
        for column, name in (("item", b.item), ("component", b.component)):
            if name not in d.items:
                yield _no_such(d, "item", ("bom", column), i, name, d.items)
        if b.item == b.component:
            yield fault("made_of_itself", "bom", "component", i, found=b.item)
        if b.sequence is not None and b.sequence not in d.sequences.get(b.item, {}):
            yield fault("no_such_sequence", "bom", "sequence", i, found=b.sequence, item=b.item)


def _routing(d: Directory) -> Iterator[Fault]:
    tools = frozenset(t.name for t in d.factory.tools)
    places = frozenset(p.name for p in d.factory.places)
    machines = frozenset(d.machines) | d.groups
    for i, s in enumerate(d.factory.routing):
        if s.item not in d.items:
            yield _no_such(d, "item", ("routing", "item"), i, s.item, d.items)
        for name in d.equipment(s.machines).unknown:
            yield _no_such(d, "machine", ("routing", "group"), i, name, machines)
        for column, skill in (("setup_skill", s.setup_skill), ("run_skill", s.run_skill)):
            if skill is not None and skill not in d.skilled:
                yield _no_such(d, "skill", ("routing", column), i, skill, d.skilled)
        if s.tool is not None and s.tool not in tools:
            yield _no_such(d, "tool", ("routing", "tool"), i, s.tool, tools)
        if s.place is not None and s.place not in places:
            yield _no_such(d, "place", ("routing", "place"), i, s.place, places)
        if s.collect is not None and s.collect not in d.calendars:
            yield _no_such(d, "calendar", ("routing", "collect"), i, s.collect, d.calendars)


def _speeds_and_setups(d: Directory) -> Iterator[Fault]:
    for i, s in enumerate(d.factory.speeds):
        step = d.sequences.get(s.item, {}).get(s.sequence)
        if s.item not in d.items:
            yield _no_such(d, "item", ("speeds", "item"), i, s.item, d.items)
        elif step is None:
            yield fault("no_such_sequence", "speeds", "sequence", i, found=s.sequence, item=s.item)
        elif s.machine not in d.machines:
            yield _no_such(d, "machine", ("speeds", "machine"), i, s.machine, d.machines)
        elif s.machine not in step.machines:
            yield fault("other_machine", "speeds", "machine", i, found=s.machine, item=s.item, sequence=s.sequence)
    for i, m in enumerate(d.factory.setups):
        if m.group not in d.groups:
            yield _no_such(d, "group", ("setups", "group"), i, m.group, d.groups)
