"""What runs at the start was begun by somebody who was there, early enough for what is done, in any week and for any seed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong.examples import load
from fong.examples.hours import count_back
from fong.model import Calendar, Step, WorkInProgress, Workshop

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
WEEKS = [datetime(*day, 9, 0, tzinfo=HONG_KONG) for day in ((2026, 3, 2), (2026, 11, 25), (2026, 12, 30), (2028, 3, 1))]
MINUTE = timedelta(minutes=1)


def is_open(calendar: Calendar | None, moment: datetime) -> bool:
    """Whether working time begins or goes on at the moment."""
    if calendar is None:
        return True
    day = moment.date()
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    return any(a <= second < b for a, b in calendar.dates.get(day, calendar.week[day.weekday()]))


class Log:
    """Minutes of one machine since its lot was begun."""

    def __init__(self, w: Workshop, row: WorkInProgress) -> None:
        calendars: dict[str | None, Calendar | None] = {c.name: c for c in w.factory.calendars} | {None: None}
        machine = next(m for m in w.factory.machines if m.name == row.machine)
        item = next(o.item for o in w.orders if (o.order, o.line) == (row.order, row.line))
        self.step: Step = next(s for s in w.factory.routing if s.item == item and s.sequence == row.sequence)
        people = [
            p for p in w.factory.people if p.tends == machine.zone and (machine.zone or self.step.run_skill in p.skills)
        ]
        assert row.started
        self.duty: list[bool] = []
        self.runs: list[bool] = []
        moment = row.started
        while moment < w.factory.settings.now:
            self.runs.append(is_open(calendars[machine.calendar], moment))
            self.duty.append(self.runs[-1] and any(is_open(calendars[p.calendar], moment) for p in people))
            moment += MINUTE

    def most_s(self) -> int:
        """Seconds that it can have run: on duty, and each time off duty until the magazine is empty."""
        magazine = self.step.cycle_s * (self.step.unattended_cycles + 1)
        out = dark = 0
        for there, runs in zip(self.duty, self.runs, strict=True):
            dark = 0 if there else dark + 60 * runs
            out += 60 if there else 60 * runs if dark <= magazine else 0
        return out


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("week", WEEKS, ids=lambda week: f"{week:%Y-%m-%d}")
@pytest.mark.parametrize("name", ["knit", "cnc"])
def test_somebody_began_what_runs(name: str, week: datetime, seed: int) -> None:
    """Somebody of the machine was on duty and the machine open; what is done fits into the time since, without days of idling."""
    w = load(name, week, seed)
    running = [r for r in w.state.work if r.machine]
    logs = [Log(w, r) for r in running]
    assert len(running) >= 10
    assert [(r.machine, f"{r.started:%a %H:%M}") for r, log in zip(running, logs, strict=True) if not log.duty[0]] == []
    for r, log in zip(running, logs, strict=True):
        done = -(-r.done_pieces // log.step.pieces_per_cycle)
        assert log.most_s() >= done * log.step.cycle_s
        assert sum(log.duty) * 60 <= (done + 2) * log.step.cycle_s + 60


SPANS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=4)


@given(SPANS, st.integers(0, 20), st.integers(1, 40), st.integers(0, 9), st.integers(1, 9))
def test_counting_back(spans: list[tuple[int, int]], closed: int, work: int, magazine: int, least: int) -> None:
    """The last second on duty with ``least`` seconds of it to come, from which the work was possible; the machine opened ``closed`` ago."""
    duty, at = [], 0
    for gap, length in spans:
        at -= gap + length
        duty.append((at, at + length))
    duty.reverse()
    machine = [(at, -closed)] if at < -closed else []
    duty = [(a, min(b, -closed)) for a, b in duty if a < -closed]

    def possible(begin: int) -> bool:
        done = dark = 0
        for s in range(begin, 0):
            there, runs = any(a <= s < b for a, b in duty), any(a <= s < b for a, b in machine)
            dark = 0 if there else dark + runs
            done += there or (runs and dark <= magazine)
        return done >= work

    begins = [s for a, b in duty for s in range(a, b - least + 1) if possible(s)]
    if begins:
        assert count_back(duty, machine, work, magazine, least) == max(begins)
    else:
        with pytest.raises(ValueError, match="do not fit"):
            count_back(duty, machine, work, magazine, least)
