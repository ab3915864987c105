"""What the rounds of a search ask of a stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fong.model.schedule import Schedule
from fong.plan.decode.floor import Prepared
from fong.plan.decode.rule import Guidance, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best that a stream has found.

    Parameters
    ----------
    value, guide
        The objective's value; what tells equal ones apart. Less is better.
    rule, guidance, prepared
        Decoded, they give the plan; None where ``schedule`` is the plan.
    """

    value: int
    guide: float = 0.0
    rule: Rule | None = None
    guidance: Guidance | None = None
    prepared: Prepared | None = None
    schedule: Schedule | None = None

    @property
    def rank(self) -> tuple[int, float]:
        """Less is better."""
        return self.value, self.guide


class Stream(Protocol):
    """A search that goes on from where it stands, the same for the same seed, however it is cut into runs."""

    @property
    def best(self) -> Found:
        """The best so far."""

    @property
    def round(self) -> int:
        """Moves in a round: a fraction of a second's work, the same on every machine."""

    def run(self, moves: int, stop: Callable[[], bool]) -> int:
        """Try so many moves, fewer if ``stop`` answers True between some of them; how many were tried."""

    def adopt(self, found: Found) -> None:
        """Go on from what another stream has found."""
