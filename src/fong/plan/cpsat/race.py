"""Provers side by side: solvers of one thread each, with different settings, all looking for a plan better than the best one known.

The best plan known cuts the model before it is solved: no job may end so late that the plan could not be better, so that most starts
have few choices left. Whoever finds a better plan ends the round, and all begin anew below it; whoever finds that there is none ends
the race.

Source: the settings (no linear relaxation, strong propagation of what must not overlap) are from measurements on published job shops,
see ``benchmarks/prove.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from fong.model import Schedule
from fong.model.check import check
from fong.model.objective import evaluate
from fong.plan.cpsat.goal import Goal
from fong.plan.cpsat.model import Model
from fong.plan.cpsat.proof import Proof, Status, read_out
from fong.plan.cpsat.shop import Shop

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

_TICK_S = 0.02
"""So often is looked whether somebody found something, or wants to stop."""
_SETTLE_S = 0.5
_SETTLE_SHARE = 0.3
"""All begin anew when no better plan has come for so long, or for such a share of the time so far: better plans come in flocks, and a
prover that is interrupted again and again proves nothing."""


Run: TypeAlias = "tuple[cp_model.CpSolverStatus, cp_model.CpSolver]"
"""How a solver ended, and the solver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to end. ``effort``: the solver's own deterministic seconds of each prover, None: no limit."""

    seconds: float
    workers: int
    seed: int
    clock: Callable[[], float]
    stop: Callable[[], bool]
    effort: float | None = None


@dataclass(slots=True)
class _Round:
    """Solvers at work on one model."""

    model: Model
    solvers: list[cp_model.CpSolver]
    found: SimpleQueue[list[int]]
    runs: list[Future[Run]] = field(default_factory=list)

    def stop(self) -> None:
        """Ask all to end; one that has not begun yet does not hear it."""
        for solver in self.solvers:
            solver.stop_search()


Make: TypeAlias = Callable[[Goal, "int | None", int], Model]
"""Makes the model of plans better than a value (None: of all); the last number is a value that no plan beats."""


class Race:
    """One proof."""

    def __init__(
        self, shop: Shop, objective: str, limits: Limits, make: Make, *, upper: int | None, bound: int
    ) -> None:
        self.shop = shop
        self.goal = Goal(shop, objective)
        self.objective = objective
        self.make = make
        self.limits = limits
        self.upper = upper
        self.bound = bound
        self.best: Schedule | None = None
        self.effort = limits.effort
        self.begun = limits.clock()
        self.until = self.begun + limits.seconds
        self.impossible = False
        self.refused = False
        self.below = self._from_below()

    def run(self, hint: Schedule | None) -> Proof:
        """Race until the best is proven, or the time is over."""
        with ThreadPoolExecutor(self.limits.workers) as pool:
            while not self._over():
                model = self.make(self.goal, self.upper, self.bound)
                if model.sheet.absurd:
                    self.refused = True
                    break
                if model.sheet.broken:
                    self._none_below(self.upper)
                    break
                if (known := self.best or hint) is not None:
                    model.sheet.hint(hints(model, known))
                if not self._round(model, pool):
                    break
        return self._proof()

    def _from_below(self) -> int:
        """Which provers raise the bound instead of looking for plans: 0 the even ones, 1 the odd ones, -1 none.

        With a choice of machines the bound is mostly the best value, and found at once from below; sums over jobs need both; on a plain
        job shop the bound comes last, when nothing better is left.
        """
        if self.objective != "makespan":
            return 1
        return 0 if any(len(lot.ways) > 1 for lot in self.shop.whole) else -1

    # ------------------------------------------------------------ rounds
    def _round(self, model: Model, pool: ThreadPoolExecutor) -> bool:
        """Let all provers work on one model; whether another round is worth while."""
        now = _Round(model, [], SimpleQueue())
        before = self.upper
        for k in range(self.limits.workers):
            solver = self._solver(k)
            now.solvers.append(solver)
            now.runs.append(pool.submit(_solve, solver, model, now.found))
        try:
            ended = self._watch(now, before)
        finally:  # also when somebody interrupts
            while wait(now.runs, timeout=_TICK_S)[1]:
                now.stop()
        self._take(now)
        if self.effort is not None:
            self.effort -= max(run.result()[1].response_proto.deterministic_time for run in now.runs)
        return not ended and self.upper != before and self.limits.workers > 1

    def _watch(self, now: _Round, before: int | None) -> bool:
        """Look on until all have ended, or enough is known; whether the race is decided."""
        better_at: float | None = None
        ended = False
        while True:
            done, left = wait(now.runs, timeout=_TICK_S)
            if self._take(now):
                better_at = self.limits.clock()
            for run in done:
                ended |= self._conclude(now, run, before)
            if not left:
                return ended
            if ended or self._over() or self._settled(better_at):
                now.stop()

    def _settled(self, better_at: float | None) -> bool:
        """Whether the last better plan of this round is old enough for all to begin anew below it."""
        if better_at is None or self.limits.workers == 1:
            return False
        now = self.limits.clock()
        return now - better_at > max(_SETTLE_S, _SETTLE_SHARE * (now - self.begun))

    def _solver(self, k: int) -> cp_model.CpSolver:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - takes a third of a second to load

        solver = cp_model.CpSolver()
        p = solver.parameters
        p.num_workers = 1
        p.random_seed = (self.limits.seed * 64 + k) % 2**31
        p.linearization_level = 0
        p.use_strong_propagation_in_disjunctive = True
        if k % 2 == self.below:
            p.use_objective_lb_search = True
            p.linearization_level = 1
        elif k % 2 == 0 or self.below >= 0:
            p.cp_model_probing_level = 0
            p.symmetry_level = 0
        p.max_time_in_seconds = max(0.0, self.until - self.limits.clock())
        if self.effort is not None:
            p.max_deterministic_time = max(0.0, self.effort)
        return solver

    def _take(self, now: _Round) -> bool:
        """Look at the plans that were found; whether one is better and breaks no rule."""
        better = False
        while not now.found.empty():
            better |= self._keep(now.model, now.found.get())
        return better

    def _keep(self, model: Model, values: list[int]) -> bool:
        schedule = read_out(model, values)
        if schedule is None:
            return False
        value = evaluate(self.shop.problem, schedule, self.objective)
        if (self.upper is not None and value >= self.upper) or check(self.shop.problem, schedule).faults:
            return False
        self.best, self.upper = schedule, value
        return True

    def _conclude(self, now: _Round, run: Future[Run], before: int | None) -> bool:
        """What a prover that has ended knows; whether it ends the race."""
        from ortools.sat.python import cp_model  # noqa: PLC0415 - is loaded by now

        status, solver = run.result()
        response = solver.response_proto
        if status == cp_model.MODEL_INVALID:
            self.refused = True  # numbers beyond what the solver adds up
            return True
        if status == cp_model.INFEASIBLE:
            self._none_below(before)
            return True
        if now.model.sheet.proto.objective.vars:
            self._raise(self.goal.value(response.inner_objective_lower_bound), before)
        elif status == cp_model.OPTIMAL:
            self._raise(0, before)
        return bool(status == cp_model.OPTIMAL)

    def _raise(self, bound: int, before: int | None) -> None:
        """A bound holds for the plans below ``before``; others cost that at least."""
        self.bound = max(self.bound, bound if before is None else min(bound, before))

    def _none_below(self, upper: int | None) -> None:
        if upper is None:
            self.impossible = True
        else:
            self.bound = max(self.bound, upper)

    def _over(self) -> bool:
        spent = self.effort is not None and self.effort <= 0
        met = self.upper is not None and self.bound >= self.upper
        return met or spent or self.limits.stop() or self.limits.clock() >= self.until

    def _proof(self) -> Proof:
        proven = self.upper is not None and self.bound >= self.upper
        status: Status = "open"
        if self.best is not None:
            status = "optimal" if proven else "better"
        elif proven:
            status = "closed"
        elif self.impossible:
            status = "impossible"
        elif self.refused:
            status = "refused"
        return Proof(
            schedule=self.best,
            value=self.upper if self.best is not None else None,
            bound=self.bound if self.upper is None else min(self.bound, self.upper),
            status=status,
        )


def _solve(solver: cp_model.CpSolver, model: Model, found: SimpleQueue[list[int]]) -> Run:
    """Run one solver; its solutions go into the queue."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - is loaded by now

    class Told(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            found.put(list(self.response_proto.solution))

    return solver.solve(model.sheet.model, Told()), solver


def hints(model: Model, schedule: Schedule) -> dict[int, int]:
    """Values of the variables that a plan says: starts, ends, machines. Lots are matched by operation and sub-lot."""
    sublots, people = schedule.filled("sublot", 0), schedule.filled("person", -1)
    rows = {(op, s): row for row, (op, s) in enumerate(zip(schedule.op.tolist(), sublots.tolist(), strict=True))}
    out: dict[int, int] = {}
    for placed in model.placed:
        row = rows.get((placed.lot.op, placed.lot.sublot))
        if row is None:
            continue
        for at, moment in ((placed.start, int(schedule.start[row])), (placed.end, int(schedule.end[row]))):
            if at.var >= 0:
                out[at.var] = min(max(moment, model.sheet.low(at)), model.sheet.high(at)) - at.offset
        for k, when in placed.ways.items():
            if len(placed.ways) > 1:
                out[when[0]] = int(placed.lot.ways[k].machine == int(schedule.machine[row]))
        for crew, when in placed.run_by.items():
            if len(placed.run_by) > 1:
                out[when[0]] = int(int(people[row]) in model.shop.crews[crew].people)
    return out
