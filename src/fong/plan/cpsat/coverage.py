"""Which rules of the shop the model has exactly, and which it leaves weaker; the second make its best a bound, not a plan."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from fong.model import Problem
from fong.model.objective import OBJECTIVES
from fong.plan.cpsat.changeovers import Changeovers
from fong.plan.cpsat.machines import BATCH_PAIRS
from fong.plan.cpsat.order import plain_boxes
from fong.plan.cpsat.shop import Shop


class Cover(enum.Enum):
    """How the model has a rule."""

    EXACT = "exact"
    RELAXED = "relaxed"


RULES = (
    "makespan",
    "tardiness",
    "weighted_tardiness",
    "late_orders",
    "late_cost",
    "flow_time",
    "modes",
    "slots",
    "same_machine",
    "precedence",
    "lag",
    "max_wait",
    "transfer",
    "release",
    "calendars",
    "setups",
    "people",
    "batches",
    "zones",
    "outside",
    "materials",
    "tools",
    "places",
    "sublots",
    "variants",
    "work_in_progress",
)
"""All rules that a coverage tells of, objectives first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the model has each rule for one problem, and whether its solutions are plans as they are.

    A rule that the problem does not use is exact. ``legal``: every rule is.
    """

    rules: Mapping[str, Cover]

    @property
    def legal(self) -> bool:
        """Whether each solution is a legal plan, and the model's best therefore the best of all."""
        return all(c is Cover.EXACT for c in self.rules.values())

    @property
    def relaxed(self) -> tuple[str, ...]:
        """The rules that the model leaves weaker."""
        return tuple(r for r, c in self.rules.items() if c is Cover.RELAXED)


def covers(problem: Problem, objective: str) -> Coverage:
    """How the model has each rule of a problem.

    Raises
    ------
    ValueError
        No such objective.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective {objective!r}: wanted one of {', '.join(OBJECTIVES)}")
    return coverage(Shop(problem))


def coverage(shop: Shop) -> Coverage:
    """The same for a shop that is read already."""
    weak = {
        "transfer": _transfer(shop),
        "setups": bool(Changeovers(shop, shop.whole).relaxed) or _tenders_set_up(shop),
        "people": _people(shop),
        "batches": _batches(shop),
        "zones": any(w.calls for lot in shop.whole for w in lot.ways),
        "materials": _loose_with(shop, "use_ptr"),
        "tools": _loose_with(shop, "step_tool"),
        "places": len(shop.problem.step_place) > 0,
        "sublots": any(lot.loose for lot in shop.whole),
        "same_machine": any(lot.loose and shop.at("op_same", lot.op, -1) >= 0 for lot in shop.whole),
    }
    return Coverage(rules={rule: Cover.RELAXED if weak.get(rule) else Cover.EXACT for rule in RULES})


def _loose_with(shop: Shop, column: str) -> bool:
    """Whether something that may be cut at will asks for what a column tells of."""
    if column == "use_ptr":
        return any(
            lot.loose and shop.at("use_ptr", lot.step, 0) < shop.at("use_ptr", lot.step + 1, 0) for lot in shop.whole
        )
    return any(lot.loose and shop.of(column, lot.op, -1) >= 0 for lot in shop.whole)


def _transfer(shop: Shop) -> bool:
    """Boxes between lots that do not keep an even pace."""
    of = {lot.op: lot for lot in shop.whole}
    moved = [(a, b) for a, b in shop.pairs if shop.of("step_box", a, 0) > 0 and a in of and b in of]
    return any(not plain_boxes(shop, of[a], of[b]) for a, b in moved)


def _tenders_set_up(shop: Shop) -> bool:
    """Whether a tender may do a set-up, whose pace hangs on the calls of his zone."""
    return any(shop.crews[c].zone >= 0 for lot in shop.whole for c in shop.setters(lot))


def _people(shop: Shop) -> bool:
    """People who load batches, who run what may be cut at will, or who are held on some machines of a step only."""
    for lot in shop.whole:
        batch, loaded = [w.batch for w in lot.ways], shop.of("step_attend_s", lot.op, 0) > 0
        if any(batch) and shop.of("step_run_skill", lot.op, -1) >= 0 and (loaded or not all(batch)):
            return True
    return _loose_with(shop, "step_run_skill") or _loose_with(shop, "step_setup_skill")


def _batches(shop: Shop) -> bool:
    """So many lots on a batch machine that pairs are not told apart."""
    count: dict[int, int] = {}
    for lot in shop.whole:
        for w in lot.ways:
            if w.batch:
                count[w.machine] = count.get(w.machine, 0) + 1
    return any(n * (n - 1) // 2 > BATCH_PAIRS for n in count.values())
