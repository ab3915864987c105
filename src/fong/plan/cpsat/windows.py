"""A part of a plan planned anew, the rest of it left where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fong.model import Problem, Schedule
from fong.model.objective import OBJECTIVES, evaluate
from fong.plan.cpsat.draft import Held
from fong.plan.cpsat.goal import Goal
from fong.plan.cpsat.model import Model
from fong.plan.cpsat.race import Limits, Race
from fong.plan.cpsat.shop import Lot, Shop
from fong.plan.cpsat.size import too_large


def window(
    problem: Problem,
    schedule: Schedule,
    operations: Iterable[int],
    objective: str,
    seconds: float,
    seed: int = 0,
    *,
    effort: float | None = None,
) -> Schedule | None:
    """Plan some operations anew, all others left where they are.

    What the model cannot know, it takes from the plan: variants stay, lots stay as they were cut, and a run with calls takes as long as it did.

    Parameters
    ----------
    problem, schedule
        A legal plan.
    operations
        Those that may move, by number.
    objective
        One of :data:`fong.model.objective.OBJECTIVES`.
    seconds, effort
        Most time, by the clock and in the solver's deterministic seconds.
    seed
        Of the solver.

    Returns
    -------
    Schedule or None
        A better plan without faults; None: none was found.

    Raises
    ------
    ValueError
        Unknown objective.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective {objective!r}: wanted one of {', '.join(OBJECTIVES)}")
    shop = Shop(problem)
    free = set(operations)
    rows = _Rows(shop, schedule)
    held = {i: at for i, at in enumerate(rows.held) if rows.lots[i].op not in free}
    moving = frozenset(range(len(rows.lots))) - held.keys()
    for i, at in held.items():
        rows.lots[i] = replace(rows.lots[i], ways=tuple(w for w in rows.lots[i].ways if w.machine == at.machine)[:1])
    if not moving or too_large(shop, rows.lots, moving):
        return None
    longer = {i: at.end - at.start for i, at in enumerate(rows.held) if i not in held and rows.calls(i)}

    def make(goal: Goal, upper: int | None, least: int) -> Model:
        return Model(shop, goal, rows.lots, upper, least=least, held=held, least_run=longer)

    limits = Limits(seconds=seconds, workers=1, seed=seed, clock=lambda: 0.0, stop=lambda: False, effort=effort)
    value = evaluate(problem, schedule, objective)
    return Race(shop, objective, limits, make, upper=value, bound=0).run(schedule).schedule


class _Rows:
    """The rows of a plan as lots, and where each lies."""

    def __init__(self, shop: Shop, schedule: Schedule) -> None:
        columns = [schedule.op, schedule.machine, schedule.start, schedule.end]
        more = [schedule.filled(c, -1) for c in ("setup_start", "setup_end", "setup_person", "person", "batch")]
        pieces = schedule.pieces.tolist() or [shop.at("op_pieces", op, 1) for op in schedule.op.tolist()]
        sublots = schedule.filled("sublot", 0).tolist()
        self.lots: list[Lot] = []
        self.held: list[Held] = []
        for row, (op, machine, start, end, begin, ready, setter, person, batch) in enumerate(
            zip(*(c.tolist() for c in (*columns, *more)), strict=True)
        ):
            self.lots.append(shop.lot(op, sublots[row], pieces[row], loose=False))
            self.held.append(
                Held(
                    machine=machine,
                    start=start,
                    end=end,
                    begin=start if begin < 0 else begin,
                    ready=start if begin < 0 else ready,
                    person=person,
                    setter=setter,
                    batch=batch,
                )
            )

    def calls(self, i: int) -> bool:
        """Whether a lot calls for tenders where it lies."""
        machine = self.held[i].machine
        return any(w.calls and w.machine == machine for w in self.lots[i].ways)
