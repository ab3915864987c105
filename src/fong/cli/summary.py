"""What `fong plan` says when it is done: one sentence of truth, the neck, the figures, the late orders and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fong.cli.speaking import Voice
from fong.plan.explain import LENGTHS
from fong.render import PlanView
from fong.render.view import OrderRow
from fong.workshop.planning import Planned

_SHOWN = 10
"""Late orders that are told; the Gantt page has all."""
_WORTH = frozenset(f"plan.{name}{plain}_best" for name in LENGTHS for plain in ("", "_plain"))
"""Sentences of truth that say already what the plan is worth."""


def summary(planned: Planned, shown: PlanView, voice: Voice) -> str:
    """All that is worth saying of a plan that obeys every rule."""
    lines = [voice.say(what) for what in shown.summary]
    told = any(what.code in _WORTH for what in shown.summary)
    lines += [
        "",
        *([] if told else [value_line(planned, voice)]),
        voice.tell("result.checked", rule=planned.result.rule),
    ]
    running = shown.bars.running_count
    lines.append(
        voice.tell(
            "result.counts_running" if running else "result.counts" if planned.workshop else "result.counts_instance",
            tasks=len(shown.bars) - running,
            running=running,
            orders=len(shown.orders),
            read_s=f"{planned.read_s:.1f}",
            first_s=f"{planned.first_s or 0:.1f}",
            all_s=f"{planned.elapsed_s:.1f}",
        )
    )
    lines += late_lines(shown, voice)
    lines += [voice.say(what) for what in planned.notes]
    if planned.facts:
        lines += [voice.tell("facts"), voice.faults(planned.facts)]
    return "\n".join(lines)


def value_line(planned: Planned, voice: Voice) -> str:
    """The objective's value, and how far the proven bound is from it."""
    result = planned.result
    value = _amount(planned, result.value or 0, voice)
    if result.value == result.bound:
        return voice.tell("result.optimal", value=value)
    bound, gap = _amount(planned, result.bound, voice), result.gap_pct
    if gap is None:
        return voice.tell("result.bound", value=value, bound=bound)
    return voice.tell("result.gap", value=value, bound=bound, gap=f"{gap:.1f}")


def _amount(planned: Planned, value: int, voice: Voice) -> str:
    name = planned.result.objective
    if planned.problem.epoch is None:
        return voice.tell(f"objective.plain_{name}", value=value)
    return voice.tell(f"objective.{name}", value=value)


def late_lines(shown: PlanView, voice: Voice) -> list[str]:
    """The worst of the late orders, each by its worst line with the first reasons for it."""
    orders: dict[str, list[OrderRow]] = defaultdict(list)
    for number in shown.late():
        orders[shown.orders[number].order].append(shown.orders[number])
    lines = ["", _late_head(orders, voice)] if orders else []
    for worst, *others in list(orders.values())[:_SHOWN]:
        code, end = "late.line_more" if others else "late.line", _moment(shown, worst.end_s)
        lines.append("  " + voice.tell(code, label=worst.label, late_s=worst.late_s, end=end, more=len(others)))
        lines += [f"    {voice.say(what)}" for what in worst.cause]
    if len(orders) > _SHOWN:
        lines.append("  " + voice.tell("late.more", n=len(orders) - _SHOWN))
    return lines


def _late_head(orders: Mapping[str, Sequence[OrderRow]], voice: Voice) -> str:
    lines = sum(len(rows) for rows in orders.values())
    code = "late.head" if len(orders) == lines else "late.head_lines"
    return voice.tell(code, n=len(orders), lines=lines)


def _moment(shown: PlanView, seconds: int | None) -> object:
    return seconds if shown.clock is None or seconds is None else shown.clock.at(seconds)
