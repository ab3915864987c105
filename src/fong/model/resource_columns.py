"""Columns of what there is: machines, set-up matrix, people, working hours, stock, tools, places, the table of zones."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np

from fong.model.calendars import pack, windows
from fong.model.columns import Columns, scaled, slots
from fong.model.problem import MICRO, NEVER
from fong.model.zones import wait_table


def equipment(c: Columns) -> None:
    """Machines."""
    ms = c.factory.machines
    c.put("machine_calendar", (c.calendars.add(m.calendar) for m in ms), default=-1)
    c.put("machine_zone", (c.zones.add(m.zone) for m in ms), default=-1)
    c.put("machine_slots", (slots(m) for m in ms), default=1)
    c.put("machine_batch_milli", (scaled(m.capacity, 1000) if m.batch_unit else 0 for m in ms), np.int64, 0)
    c.put("machine_batch_wait_s", (m.batch_wait_s for m in ms), default=0)
    c.put("machine_family", (c.families.add(m.present_family) for m in ms), default=-1)
    c.put("machine_group", (c.groups.add(m.group) for m in ms), default=0)


def matrix(c: Columns) -> None:
    """Set-ups from family to family, by machine group."""
    rows = [s for s in c.factory.setups if s.group in c.groups.number]
    cells = sorted(
        {
            (c.groups.add(s.group), c.families.add(s.from_family), c.families.add(s.to_family)): s.setup_s for s in rows
        }.items()
    )
    if not cells:
        return
    n = len(c.families)
    counts = np.zeros(len(c.groups) * n + 1, np.int64)
    for (g, a, _), _s in cells:
        counts[g * n + a + 1] += 1
    c.put("setup_ptr", np.cumsum(counts))
    c.put("setup_to", (c[2] for c, _ in cells))
    c.put("setup_s", (s for _, s in cells))


def crew(c: Columns) -> None:
    """People, who has which skill, and who tends which zone."""
    ps = c.factory.people
    c.put("person_calendar", (c.calendars.add(p.calendar) for p in ps), default=-1)
    c.put("person_zone", (c.zones.add(p.tends) for p in ps), default=-1)
    c.put("person_max", (NEVER if p.max_machines is None else p.max_machines for p in ps), default=NEVER)
    c.lists("skill", "skill_person", [[i for i, p in enumerate(ps) if s in p.skills] for s in c.skills.names()])
    c.lists("tender", "tender_person", [[i for i, p in enumerate(ps) if p.tends == z] for z in c.zones.names()])


def hours(c: Columns) -> None:
    """Working hours as windows."""
    found = {calendar.name: calendar for calendar in c.factory.calendars}
    packed = pack(windows(found[n], c.now, c.horizon_s) if n in found else [] for n in c.calendars.names())
    pointer, opened, closed, before = packed
    c.put("cal_ptr", pointer)
    c.put("win_open_s", opened)
    c.put("win_close_s", closed)
    c.put("win_before_s", before, np.int64)


def stock(c: Columns) -> None:
    """Material on hand and on its way."""
    on_hand = {i.name: i.on_hand for i in c.factory.items}
    coming: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for r in c.factory.receipts:
        coming[r.item].append((max(0, c.seconds(r.at)), int(r.quantity * MICRO)))
    if not len(c.materials):
        return
    names = c.materials.names()
    c.put("stock_micro", (int(on_hand.get(n, Decimal(0)) * MICRO) for n in names), np.int64)
    rows = [sorted(coming[n]) for n in names]
    c.put("receipt_ptr", np.cumsum([0, *(len(r) for r in rows)]))
    c.put("receipt_at_s", (t for r in rows for t, _ in r))
    c.put("receipt_micro", (q for r in rows for _, q in r), np.int64)


def tools_and_places(c: Columns) -> None:
    """How many tools of a kind there are, and how many lots a place holds."""
    c.put("tool_quantity", (t.quantity for t in c.factory.tools))
    c.put("place_lots", (p.capacity for p in c.factory.places))


def zone_table(c: Columns) -> None:
    """The table of waiting times, as wide as this workshop needs it."""
    sizes: dict[str, int] = defaultdict(int)
    for m in c.factory.machines:
        if m.zone:
            sizes[m.zone] += slots(m)
    tended = {m.name for m in c.factory.machines if m.zone}
    rho: list[float] = []
    service: list[float] = []
    cv2: list[float] = []
    cycles = {(s.item, s.sequence, s.machine): s.cycle_s for s in c.factory.speeds if s.cycle_s}
    for s in c.factory.routing:
        for name in tended.intersection(s.machines) if s.attend_s or (s.stops_per_hour and s.stop_s) else ():
            cycle = cycles.get((s.item, s.sequence, name), s.cycle_s) or 1
            stops = float(s.stops_per_hour) * s.stop_s / 3600
            for run in (cycle, cycle * (s.unattended_cycles + 1)):
                rho.append(s.attend_s / run + stops)
                service.append(s.attend_s + stops * run)
            cv2.append(float(s.service_cv) ** 2)
    if not rho:
        return
    tenders = [sum(p.tends == z for p in c.factory.people) for z in c.zones.names()]
    least, most = min(service), max(service)
    spread = (most + least) ** 2 / (4 * most * least)  # Kantorovich: E[a²] ≤ spread·E[a]²
    top = (1 + max(cv2)) * spread - 1
    grid, table = wait_table(
        max(1, min(8, max(tenders, default=1))),
        max(2, min(120, max(sizes.values()))),
        (min(rho), max(rho)),
        (min(cv2), min(top, 6.0)),
    )
    c.put("wait_grid", grid, np.float64)
    c.put("wait_log", table, np.float64)
