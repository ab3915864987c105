"""The routing of an example by item: which steps there are, and how many pieces each must start."""

from __future__ import annotations

from collections import defaultdict

from fong.model import Factory, Step
from fong.model.route import Route, route_of


class Routes:
    """All routes of one factory."""

    def __init__(self, factory: Factory) -> None:
        self.steps: dict[str, list[Step]] = defaultdict(list)
        for s in factory.routing:
            self.steps[s.item].append(s)
        self.routes: dict[str, Route] = {i: route_of(rows, range(len(rows))) for i, rows in self.steps.items()}

    def step(self, item: str, sequence: int) -> Step:
        """One step of an item."""
        return next(s for s in self.steps[item] if s.sequence == sequence)

    def started(self, item: str, quantity: int) -> dict[int, int]:
        """Pieces that each step must start for ``quantity`` good ones, by sequence."""
        rows, route = self.steps[item], self.routes[item]
        return {rows[i].sequence: n for i, n in zip(route.steps, route.started(quantity), strict=True)}
