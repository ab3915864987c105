"""A shop whose truth is known: it plays simple shifts and logs what it did."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pytest

from fong.model.performance import Performance, WorkEvent

MONDAY = datetime.fromisoformat("2026-01-05")
DAY = ((8, 12), (13, 17))
EARLY, LATE = ((6, 14),), ((14, 22),)
Shift = tuple[tuple[int, int], ...]


@dataclass
class Truth:
    """What is to be learned back: seconds; ``speed``: factor on both times of a machine; ``shifts`` by week, then again from the first."""

    machines: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"Turn": ("L1", "L2"), "Mill": ("M1", "M2", "M3"), "Pack": ()}
    )
    speed: dict[str, float] = field(default_factory=lambda: {"L2": 1.25, "M3": 0.8})
    items: dict[str, tuple[tuple[str, int, int], ...]] = field(
        default_factory=lambda: {
            "bolt": (("Turn", 1800, 90), ("Pack", 0, 20)),
            "plate": (("Mill", 2400, 150), ("Turn", 1200, 60), ("Pack", 0, 30)),
            "cover": (("Mill", 1200, 240), ("Pack", 0, 45)),
        }
    )
    people: dict[str, tuple[set[str], tuple[Shift, ...]]] = field(
        default_factory=lambda: {
            "An": ({"Turn"}, (DAY,)),
            "Bo": ({"Turn", "Mill"}, (DAY,)),
            "Cy": ({"Mill"}, (DAY,)),
            "Di": ({"Mill"}, (DAY,)),
            "Ed": ({"Pack"}, (DAY,)),
        }
    )
    orders: int = 300
    noise: float = 0.1
    flags: bool = True
    scrap: float = 0.0


class Player:
    """Plays a truth: first come, first served; a person stays with a lot from set-up to its end."""

    def __init__(self, truth: Truth, seed: int) -> None:
        self.truth = truth
        self.rng = np.random.default_rng(seed)
        self.free = {name: 0 for names in truth.machines.values() for name in names} | dict.fromkeys(truth.people, 0)
        self.on = {person: self.windows(shifts) for person, (_, shifts) in truth.people.items()}
        self.events: list[WorkEvent] = []

    def windows(self, shifts: tuple[Shift, ...]) -> list[tuple[int, int]]:
        return [
            (day * 86400 + a * 3600, day * 86400 + b * 3600)
            for day in range(700)
            if day % 7 < 5
            for a, b in shifts[day // 7 % len(shifts)]
        ]

    def spend(self, person: str, start: int, seconds: float) -> list[tuple[int, int]]:
        left, out = round(seconds), []
        windows = self.on[person]
        for i in range(bisect_right(windows, start, key=lambda w: w[1]), len(windows)):
            a, b = windows[i]
            a = max(a, start)
            if b > a and left > 0:
                out.append((a, min(b, a + left)))
                left -= out[-1][1] - out[-1][0]
            if left <= 0:
                return out
        raise AssertionError("no time left")

    def play(self) -> Performance:
        names = list(self.truth.items)
        draws = [(int(self.rng.integers(len(names))), int(self.rng.integers(20, 80))) for _ in range(self.truth.orders)]
        ready = [(i * 60, f"O{i:03d}", names[item], quantity, 0) for i, (item, quantity) in enumerate(draws)]
        while ready:
            ready.sort()
            at, order, item, quantity, place = ready.pop(0)
            end = self.lot(at, order, item, quantity, self.truth.items[item][place])
            if place + 1 < len(self.truth.items[item]):
                ready.append((end, order, item, quantity, place + 1))
        self.events.sort(key=lambda e: (e.start, e.end, e.order))
        return Performance(events=tuple(self.events))

    def lot(self, at: int, order: str, item: str, quantity: int, step: tuple[str, int, int]) -> int:
        name, setup, cycle = step
        machines = self.truth.machines[name] or ("",)
        people = [p for p, (skills, _) in self.truth.people.items() if name in skills]
        machine = min(machines, key=lambda m: (self.free.get(m, 0), m))
        person = min(people, key=lambda p: (self.spend(p, max(at, self.free[p]), 60)[0], p))
        start = max(at, self.free.get(machine, 0), self.free[person])
        speed = self.truth.speed.get(machine, 1.0)
        for kind, seconds in (("setup", setup * speed), ("run", cycle * quantity * speed)):
            parts = self.spend(person, start, seconds * self.rng.lognormal(0, self.truth.noise)) if seconds else []
            for i, (a, b) in enumerate(parts):
                last = kind == "run" and i == len(parts) - 1
                self.write(order, item, quantity, name, machine, person, kind, (a, b), last=last)
                start = b
        self.free[person] = start
        if machine:
            self.free[machine] = start
        return start

    def write(
        self,
        order: str,
        item: str,
        quantity: int,
        step: str,
        machine: str,
        person: str,
        kind: str,
        at: tuple[int, int],
        *,
        last: bool,
    ) -> None:
        scrap = int(self.rng.binomial(quantity, self.truth.scrap)) if last else 0
        self.events.append(
            WorkEvent(
                order=order,
                step=step,
                start=MONDAY + timedelta(seconds=at[0]),
                end=MONDAY + timedelta(seconds=at[1]),
                machine=machine,
                person=person,
                kind=kind if self.truth.flags else "",
                good=quantity - scrap if last else 0,
                scrap=scrap,
                item=item,
                order_quantity=quantity,
            )
        )


@pytest.fixture(scope="session")
def play() -> Callable[..., Performance]:
    """Play a shop; keyword arguments change its truth."""

    def run(seed: int = 1, **changes: object) -> Performance:
        return Player(Truth(**changes), seed).play()  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def truth() -> Callable[..., Truth]:
    """The truth that `play` plays, with the same changes."""
    return Truth


@pytest.fixture(scope="session")
def log(play: Callable[..., Performance]) -> Performance:
    """The usual shop's log: ten weeks or so."""
    return play()


def at(day: int, clock: str) -> datetime:
    """A moment by day number (0: a Monday) and clock."""
    hour, minute = clock.split(":")
    return MONDAY + timedelta(days=day, hours=int(hour), minutes=int(minute))


@pytest.fixture(scope="session")
def event() -> Callable[..., WorkEvent]:
    """One event on day ``day`` (0: a Monday) from ``start`` to ``end`` (HH:MM)."""

    def make(order: str, step: str, start: str, end: str, *, day: int = 0, **more: object) -> WorkEvent:
        return WorkEvent(order=order, step=step, start=at(day, start), end=at(day, end), **more)  # type: ignore[arg-type]

    return make
