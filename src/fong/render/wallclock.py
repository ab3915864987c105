"""Seconds after now, read on the clock on the workshop's wall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClock:
    """The workshop's clock: ``epoch`` is the plan's now (aware); its time zone is the workshop's."""

    epoch: datetime

    @property
    def zone(self) -> tzinfo:
        """The workshop's time zone."""
        return self.epoch.tzinfo or UTC

    @property
    def zone_name(self) -> str:
        """Its IANA name, or ``UTC+08:00`` where only the distance is known."""
        key = getattr(self.zone, "key", None)
        return str(key) if key else str(self.epoch.tzname())

    @property
    def epoch_s(self) -> int:
        """Whole seconds of the epoch since 1970-01-01 UTC."""
        return math.floor(self.epoch.timestamp())

    def at(self, moment_s: int) -> datetime:
        """The aware local time at ``moment_s`` seconds after the epoch."""
        return datetime.fromtimestamp(self.epoch_s + moment_s, self.zone)

    def naive(self, moment_s: int) -> datetime:
        """What the clock on the wall shows, without its zone: what spreadsheets hold."""
        return self.at(moment_s).replace(tzinfo=None)

    def offset_s(self, moment_s: int) -> int:
        """Local time minus UTC."""
        return int((self.at(moment_s).utcoffset() or timedelta()).total_seconds())

    def seconds(self, wall: datetime) -> int:
        """Seconds after the epoch of an aware moment, or of a naive one on this clock."""
        aware = wall if wall.tzinfo else wall.replace(tzinfo=self.zone)
        return math.floor(aware.timestamp()) - self.epoch_s

    def day(self, day: date) -> tuple[int, int]:
        """First second of a day and of the next one."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return self.seconds(midnight), self.seconds(midnight + timedelta(days=1))

    def offsets(self, begin_s: int, end_s: int) -> tuple[tuple[int, int], ...]:
        """From which second on which offset holds, within [begin_s, end_s]: what a page needs to keep local time."""
        out = [(begin_s, self.offset_s(begin_s))]
        at = begin_s
        while at < end_s:
            after = min(at + DAY_S, end_s)
            if self.offset_s(after) != out[-1][1]:
                turn = self._turn(at, after)
                out.append((turn, self.offset_s(turn)))
            at = after
        return tuple(out)

    def _turn(self, before: int, after: int) -> int:
        """The first second in (before, after] with another offset."""
        old = self.offset_s(before)
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if self.offset_s(middle) == old else (before, middle)
        return after
