"""The route of an item: its routing rows in order, and how many pieces each step must start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fong.model.columns import Index
from fong.model.factory import Step
from fong.model.problem import MICRO


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The steps of one item: numbers of its routing rows in a topological order, and who comes before whom within it."""

    steps: tuple[int, ...]
    before: tuple[tuple[int, ...], ...]  # positions in `steps`
    variant: tuple[int, ...]
    scrap_ppm: tuple[int, ...]

    def started(self, good: int) -> tuple[int, ...]:
        """Pieces to start at each step for so many good ones in the end: backwards, once, rounded up (semantics.md, scrap)."""
        wanted = [0] * len(self.steps)
        out = [0] * len(self.steps)
        for i in range(len(self.steps) - 1, -1, -1):
            out[i] = -(-(wanted[i] or good) * MICRO // (MICRO - self.scrap_ppm[i]))
            for p in self.before[i]:
                wanted[p] = max(wanted[p], out[i])
        return tuple(out)


def predecessors(steps: Sequence[Step]) -> list[tuple[int, ...]]:
    """Sequences that come before each step: its ``after``, else the previous sequence of its variant."""
    last: dict[str, int] = {}
    out: dict[int, tuple[int, ...]] = {}
    for step in sorted(steps, key=lambda s: s.sequence):
        previous = (last[step.variant],) if step.variant in last else ()
        out[step.sequence] = previous if step.after is None else step.after
        last[step.variant] = step.sequence
    return [out[s.sequence] for s in steps]


def route_of(steps: Sequence[Step], numbers: Sequence[int]) -> Route:
    """The route of an item from its routing rows.

    Raises
    ------
    ValueError
        The rows form a circle or name a sequence that is not there (``find_faults`` says it better, before).
    """
    before = dict(zip((s.sequence for s in steps), predecessors(steps), strict=True))
    by_sequence = {s.sequence: i for i, s in enumerate(steps)}
    variants = Index(sorted({s.variant for s in steps}))
    order: list[int] = []
    left = sorted(before, key=lambda q: (variants.add(steps[by_sequence[q]].variant), q))
    placed: dict[int, int] = {}
    while left:
        ready = next((q for q in left if all(p in placed for p in before[q])), None)
        if ready is None:
            msg = f"routing of {steps[0].item}: circle or missing step among {left}"
            raise ValueError(msg)
        left.remove(ready)
        placed[ready] = len(order)
        order.append(ready)
    rows = [steps[by_sequence[q]] for q in order]
    return Route(
        steps=tuple(numbers[by_sequence[q]] for q in order),
        before=tuple(tuple(placed[p] for p in before[q]) for q in order),
        variant=tuple(variants.add(r.variant) for r in rows),
        scrap_ppm=tuple(int(r.scrap_pct * 10_000) for r in rows),
    )
