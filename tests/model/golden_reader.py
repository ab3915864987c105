"""Reads the golden cases: clean CSV tables with canonical names, and plan files."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.model.made import plan

from fong.model import (
    AtGap,
    Calendar,
    Factory,
    Item,
    Machine,
    OrderLine,
    Person,
    Problem,
    Schedule,
    Settings,
    Step,
    Workshop,
)
from fong.model.build import build

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Cells = Mapping[str, str]


class Golden(NamedTuple):
    """One case: the problem, and what is expected of it."""

    problem: Problem
    expected: Mapping[str, Any]

    def schedule(self, tasks: Sequence[Mapping[str, Any]]) -> Schedule:
        """The plan file's tasks as a schedule."""
        names = self.problem.names
        jobs = {key: j for j, key in enumerate(names.orders)}
        machines = {name: i for i, name in enumerate(names.machines)}
        people = {name: i for i, name in enumerate(names.people)}
        rows = []
        for t in tasks:
            first, last = self.problem.job_ptr[jobs[t["order"], t["line"]] :][:2]
            steps = [names.sequences[s] for s in self.problem.op_step[first:last]]
            numbers = {
                k: -1 if t[k] is None else t[k] for k in ("start", "end", "sublot", "batch", "setup_start", "setup_end")
            }
            row = {
                "op": int(first) + steps.index(t["sequence"]),
                "machine": machines.get(t["machine"], -1),
                "pieces": t["quantity"],
                "setup_person": people.get(t["setup_person"], -1),
                "person": people.get(t["person"], -1),
            }
            rows.append(row | numbers)
        return plan(rows)


def read(folder: Path) -> Golden:
    """Read one case."""
    tables = {f.stem: list(csv.DictReader(f.read_text("utf-8").splitlines())) for f in folder.glob("*.csv")}
    return Golden(build(workshop(tables)), json.loads((folder / "expected.json").read_text("utf-8")))


def workshop(tables: Mapping[str, Sequence[Cells]]) -> Workshop:
    """The tables as nouns."""
    settings = {r["key"]: r["value"] for r in tables["settings"]}
    zone = ZoneInfo(settings["time_zone"])
    now = datetime.fromisoformat(settings["now"]).replace(tzinfo=zone)
    machines = tuple(_machine(r) for r in tables["machines"])
    return Workshop(
        factory=Factory(
            settings=Settings(now=now, time_zone=settings["time_zone"], horizon_days=int(settings["horizon_days"])),
            machines=machines,
            people=tuple(_person(r) for r in tables["people"]),
            calendars=_calendars(tables["calendars"]),
            items=tuple(Item(name=r["item"]) for r in tables["items"]),
            routing=tuple(_step(r, machines) for r in tables["routing"]),
        ),
        orders=tuple(_order(r, zone) for r in tables["orders"]),
    )


def _machine(r: Cells) -> Machine:
    return Machine(
        name=r["machine"],
        group=r["group"],
        zone=r.get("zone") or None,
        capacity=Decimal(r.get("capacity") or 1),
        batch_unit=r.get("batch_unit") or None,
        batch_wait_s=_seconds(r.get("batch_wait_min")),
    )


def _person(r: Cells) -> Person:
    skills = frozenset(filter(None, r["skills"].split(";")))
    return Person(name=r["person"], calendar=r["calendar"], skills=skills, tends=r.get("tends") or None)


def _calendars(rows: Sequence[Cells]) -> tuple[Calendar, ...]:
    weeks: dict[str, list[list[tuple[int, int]]]] = defaultdict(lambda: [[] for _ in DAYS])
    for r in rows:
        start, end = (int(t[:2]) * 3600 + int(t[3:]) * 60 for t in (r["start"], r["end"]))
        weeks[r["calendar"]][DAYS.index(r["day"])].append((start, end))
    return tuple(Calendar(name=name, week=tuple(tuple(day) for day in week)) for name, week in weeks.items())


def _step(r: Cells, machines: Sequence[Machine]) -> Step:
    return Step(
        item=r["item"],
        sequence=int(r["sequence"]),
        name=r["step"],
        machines=tuple(m.name for m in machines if m.group == r["group"]),
        setup_s=_seconds(r.get("setup_min")),
        setup_skill=r.get("setup_skill") or None,
        setup_family=r.get("setup_family") or None,
        cycle_s=_seconds(r["cycle_min"]),
        attend_s=_seconds(r.get("attend_min")),
        unattended_cycles=int(r.get("unattended_cycles") or 0),
        service_cv=Decimal(r.get("service_cv") or "0.5"),
        stops_per_hour=Decimal(r.get("stops_per_hour") or 0),
        stop_s=_seconds(r.get("stop_min")),
        run_skill=r.get("run_skill") or None,
        batch_per_piece=Decimal(r.get("batch_per_piece") or 1),
        transfer_batch=int(r["transfer_batch"]) if r.get("transfer_batch") else None,
        max_wait_s=_seconds(r["max_wait_min"]) if r.get("max_wait_min") else None,
        scrap_pct=Decimal(r.get("scrap_pct") or 0),
        at_gap=AtGap[(r.get("at_gap") or "resume").upper()],
    )


def _order(r: Cells, zone: ZoneInfo) -> OrderLine:
    due = datetime.fromisoformat(r["due"]).replace(tzinfo=zone) + timedelta(days=1)
    release = datetime.fromisoformat(r["release"]).replace(tzinfo=zone) if r.get("release") else None
    return OrderLine(order=r["order"], item=r["item"], quantity=int(r["quantity"]), due=due, release=release)


def _seconds(minutes: str | None) -> int:
    return int(Decimal(minutes or 0) * 60)
