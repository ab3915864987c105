"""One stream of search: move after move, kept when the plan becomes no worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from fong._kernels import freeze
from fong.plan.decode.floor import Prepared
from fong.plan.decode.rule import Guidance, Rule
from fong.plan.search.cuts import Cuts, carried
from fong.plan.search.moves import Move, Neighbourhood
from fong.plan.search.player import Player
from fong.plan.search.stream import Found
from fong.plan.search.worth import Judge, Worth

_LOTS, _MOVES = 40_000, (2, 400)
"""Lots that a stream plays in a round, and how few or many moves that may be."""
CYCLE = 1000
"""Moves from one warming up to the next."""
WARM = 0.002
"""By so much of its value may a plan become worse at the start of a cycle; less and less after that."""
NO_PLAN = 2**62
"""Value of a play that left lots undone."""
RECUT = 0.08
"""Share of moves that change a routing variant or a number of sub-lots, where there is a choice."""
RETUNE = 0.02
"""Share of moves that change the rule itself."""


class Climb:
    """A stream: a player, where it stands, and the best that it has found.

    The same seed and the same number of moves give the same plans, however they are divided into calls of :meth:`run`.
    """

    def __init__(
        self, prepared: Prepared, rule: Rule, judge: Judge, random: np.random.Generator, goal: int = 0
    ) -> None:
        self.judge, self.random, self.goal = judge, random, goal
        self.player = Player(prepared, rule)
        self.moves = Neighbourhood(prepared)
        self.cuts = Cuts(prepared.floor.problem)
        self.tried = 0
        self.now = self._worth(complete=self.player.complete)
        self.best = self._found()

    def _worth(self, *, complete: bool) -> Worth:
        """What the last play is worth; one that left lots undone is worth less than any other."""
        worth = self.judge.worth(self.player.op)
        return worth if complete else Worth(value=NO_PLAN, guide=0.0, blame=np.ones_like(worth.blame))

    def _found(self) -> Found:
        p, (value, guide) = self.player, self.now.rank
        return Found(value=value, guide=guide, rule=p.rule, guidance=self._guidance(), prepared=p.prepared)

    @property
    def round(self) -> int:
        """Moves in a round."""
        return int(np.clip(_LOTS // max(1, len(self.player.lot)), *_MOVES))

    def _guidance(self) -> Guidance:
        return Guidance(key=self.player.key.copy(), machine=freeze(self.player.machine, np.int32))

    def step(self) -> None:
        """Try one move."""
        self.tried += 1
        warmth = WARM * (1.0 - self.tried % CYCLE / CYCLE)
        kind = self.random.random()
        if kind < RETUNE:
            self._retune(warmth)
            return
        if kind < RETUNE + RECUT and not self.cuts.none:
            self._recut(warmth)
            return
        move = self.moves.draw(self.player, self.now, self.random)
        if move is not None and len(move.lots):
            self._try(move, warmth)

    def _try(self, move: Move, warmth: float) -> None:
        p, lots = self.player, move.lots
        key, machine = p.key[lots], p.machine[lots]
        since = int(p.shown[lots].min())
        p.key[lots], p.machine[lots] = move.key, move.machine
        worth = self._worth(complete=p.play(since))
        if worth.beats(self.now, warmth):
            self._accept(worth, since)
        else:
            p.key[lots], p.machine[lots] = key, machine

    def _recut(self, warmth: float) -> None:
        """Try another routing variant of a job, or another number of sub-lots."""
        p = self.player
        drawn = self.cuts.draw(p.prepared, self.now.blame, self.random)
        if drawn is None:
            return
        prepared, like = drawn
        player = Player(prepared, p.rule, carried(self._guidance(), like))
        worth = self.judge.worth(player.op) if player.complete else None
        if worth is not None and worth.beats(self.now, warmth):
            self.player, self.moves = player, Neighbourhood(prepared)
            self._accept(worth, -1)

    def _retune(self, warmth: float) -> None:
        """Try the rule with another look-ahead, set-up factor, wait of batches or loss in zones."""
        p = self.player
        before = p.rule
        p.tune(_tuned(before, self.random))
        worth = self._worth(complete=p.play(0))
        if worth.beats(self.now, warmth):
            self._accept(worth, 0)
        else:
            p.tune(before)

    def _accept(self, worth: Worth, since: int) -> None:
        self.now = worth
        self.player.accept(since)
        if worth.rank < self.best.rank:
            self.best = self._found()

    def adopt(self, found: Found) -> None:
        """Go on from what another stream has found."""
        if found.prepared is None or found.rule is None:
            return
        self.player = p = Player(found.prepared, found.rule, found.guidance)
        self.moves = Neighbourhood(found.prepared)
        self.now = self._worth(complete=p.complete)
        self.best = self._found()

    def run(self, moves: int, stop: Callable[[], bool]) -> int:
        """Try so many moves, fewer if ``stop`` answers True between two of them; how many were tried."""
        for done in range(moves):
            if stop() or self.best.value == self.goal:
                return done
            self.step()
        return moves


def _tuned(rule: Rule, random: np.random.Generator) -> Rule:
    """The rule with one of its figures changed at random."""
    changes = (
        {"k": rule.k * float(np.exp(random.normal(0.0, 0.4)))},
        {"k2": rule.k2 * float(np.exp(random.normal(0.0, 0.6)))},
        {"batch_wait": float(random.choice((0.0, 0.25, 0.5, 1.0)))},
        {"loss": float(random.choice((1.0, 0.15, 0.1, 0.05)))},
        {"look_s": int(random.choice((0, 600, 1800, 3600)))},
    )
    return replace(rule, **changes[random.integers(len(changes))])
