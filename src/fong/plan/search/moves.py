"""Small changes of the guidance: what a search tries next.

All of them begin at a job that has to do with the value (drawn by its blame) and at one of its lots that waited (drawn by its wait):
either that work is made more urgent, or work that went before it less, or it is told which machine to take.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fong.plan.decode.floor import Prepared
from fong.plan.search.player import Player
from fong.plan.search.worth import Floats, Ints, Worth

TRIES = 16
"""Draws before a move is given up: of a lot that nothing went before, there is nothing to hold back."""
BEFORE_S = 3600
"""Lots that began so long before the waiting one was ready are still held against it: they may have kept people or set-ups."""


_KINDS = ("advance job", "advance", "hold back", "hold back job", "send", "shake")
"""Moves: the lot and what follows it in its job, or it alone, becomes more urgent; one that went before it, with what follows that or
alone, becomes less so; the lot is told a machine; some jobs' urgencies change at random."""
_SHARES = np.cumsum([0.40, 0.10, 0.15, 0.15, 0.10])
"""How often each is drawn, all but the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of the guidance.

    Parameters
    ----------
    lots
        [n] lots that are changed.
    key, machine
        [n] their new guidance.
    """

    lots: Ints
    key: Floats
    machine: NDArray[np.int32]


class Neighbourhood:
    """The moves of one floor with its lots."""

    def __init__(self, prepared: Prepared) -> None:
        problem = prepared.floor.problem
        fields = prepared.fields
        self.job = fields["job_of"].astype(np.int64)[prepared.lots.op]
        self.queue = fields["op_queue"].astype(np.int64)[prepared.lots.op]
        self._of_job = _groups(self.job, problem.jobs)
        self._of_queue = _groups(self.queue, int(self.queue.max(initial=-1)) + 1)
        self._mode_ptr = fields["mode_ptr"].astype(np.int64)
        self._step = fields["op_step"].astype(np.int64)[prepared.lots.op]
        self._machines = problem.mode_machine

    def draw(self, player: Player, worth: Worth, random: np.random.Generator) -> Move | None:
        """A move at random; None if none was found in some draws."""
        total = np.cumsum(worth.blame)
        if not len(total) or total[-1] <= 0:
            return None
        for _ in range(TRIES):
            job = int(np.searchsorted(total, random.random() * total[-1], side="right"))
            lots = self._of_job[min(job, len(total) - 1)]
            if not len(lots):
                continue
            wait = np.maximum(player.begin[lots] - player.ready[lots], 0) + 1.0
            at = int(np.searchsorted(np.cumsum(wait), random.random() * wait.sum(), side="right"))
            move = self._at(player, int(lots[min(at, len(lots) - 1)]), random)
            if move is not None:
                return move
        return None

    def _at(self, player: Player, lot: int, random: np.random.Generator) -> Move | None:
        """A move at a lot that waited."""
        kind = _KINDS[int(np.searchsorted(_SHARES, random.random(), side="right"))]
        step = float(2.0 ** random.integers(-1, 4))
        if kind == "send":
            return self._sent(player, lot, random)
        if kind == "shake":
            return self._shaken(player, step, random)
        if kind.startswith("hold"):
            other = self._before(player, lot, random)
            if other is None:
                return None
            lot, step = other, -step
        return _urged(player, self._rest(player, lot) if kind.endswith("job") else np.array([lot]), step)

    def _rest(self, player: Player, lot: int) -> Ints:
        """The lot and those of its job that begin no earlier."""
        lots: Ints = self._of_job[self.job[lot]]
        out: Ints = lots[player.begin[lots] >= player.begin[lot]]
        return out

    def _before(self, player: Player, lot: int, random: np.random.Generator) -> int | None:
        """A lot of the same queue that began while this one waited, or shortly before."""
        if self.queue[lot] < 0:
            return None
        lots = self._of_queue[self.queue[lot]]
        ready = player.ready[lot] - BEFORE_S
        lots = lots[(player.begin[lots] >= ready) & (player.begin[lots] < player.begin[lot])]
        lots = lots[self.job[lots] != self.job[lot]]
        return int(lots[random.integers(len(lots))]) if len(lots) else None

    def _sent(self, player: Player, lot: int, random: np.random.Generator) -> Move | None:
        """The lot is told a machine, or that any will do."""
        step = self._step[lot]
        machines = self._machines[self._mode_ptr[step] : self._mode_ptr[step + 1]]
        if len(machines) <= 1:
            return None
        told = int(player.machine[lot])
        machine = int(machines[random.integers(len(machines))])
        if told >= 0 and (machine == told or random.integers(2)):
            machine = -1
        lots = np.array([lot])
        return Move(lots=lots, key=player.key[lots], machine=np.array([machine], np.int32))

    def _shaken(self, player: Player, step: float, random: np.random.Generator) -> Move:
        """Some jobs become more or less urgent at random."""
        jobs = random.integers(len(self._of_job), size=int(random.integers(2, 6)))
        change = np.zeros(len(self._of_job))
        change[jobs] = random.normal(0.0, step, len(jobs))
        lots = np.concatenate([self._of_job[j] for j in np.unique(jobs)])
        return Move(lots=lots, key=player.key[lots] + change[self.job[lots]], machine=player.machine[lots])


def _urged(player: Player, lots: Ints, by: float) -> Move:
    """The lots become more urgent."""
    return Move(lots=lots, key=player.key[lots] + by, machine=player.machine[lots])


def _groups(owner: Ints, count: int) -> list[Ints]:
    """Members of each owner, ascending; owner -1 has none."""
    order = np.argsort(owner, kind="stable")
    return np.split(order, np.searchsorted(owner[order], np.arange(count + 1)))[1:-1]
