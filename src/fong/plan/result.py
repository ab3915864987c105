"""What a planner returns."""

from __future__ import annotations

from dataclasses import dataclass

from fong.model.message import Message
from fong.model.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One plan that was tried: by which rule, its value, when it was there (seconds of work, not of the plan)."""

    rule: str
    value: int | None
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A plan and what is known of it.

    Parameters
    ----------
    schedule
        The best plan found, or None.
    objective
        Name of the objective, one of :data:`fong.model.objective.OBJECTIVES`.
    value
        The plan's value, or None.
    bound
        No plan can be better than this (a proven lower bound under the whole rules).
    status
        ``optimal`` (value = bound), ``feasible`` or ``none``.
    trace
        All plans tried, in order.
    reasons
        Why there is no plan.
    iterations
        Moves that the search tried; with the same seed and workers they repeat the result.
    """

    schedule: Schedule | None
    objective: str
    value: int | None
    bound: int
    status: str
    trace: tuple[Trial, ...] = ()
    reasons: tuple[Message, ...] = ()
    iterations: int = 0
    rule: str = ""

    @property
    def gap_pct(self) -> float | None:
        """How far the value may be above the best, in percent of the value; None where that has no meaning."""
        if self.value is None or self.value <= 0:
            return 0.0 if self.value is not None and self.value == self.bound else None
        return 100.0 * (self.value - self.bound) / self.value
