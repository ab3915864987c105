"""The use case *explain*: what a plan means in words, for all orders or for one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from fong.errors import UsageError
from fong.model.message import Message, message
from fong.model.objective import job_tardiness_s
from fong.model.schedule import Schedule
from fong.plan.explain import LENGTHS, Explainer, truth
from fong.render import PlanView, view_of
from fong.workshop.planning import Planned

_SOME = 12
"""Names that are told where one is not found."""


def view(planned: Planned) -> PlanView:
    """The plan ready to be shown: each late order with its causes and its story, and the sentence of truth on top.

    Where orders are late, or length itself is the objective, the neck follows, if there is one.
    """
    schedule, problem = drawn(planned), planned.problem
    explainer = Explainer(problem, schedule)
    late = explainer.causes()
    neck = explainer.neck() if late or planned.result.objective in LENGTHS else None
    return view_of(
        problem,
        schedule,
        title=planned.ask.title,
        causes=late,
        explanations={job: explainer.story(job) for job in late},
        summary=(truth(problem, schedule, planned.result), *((neck,) if neck else ())),
        lines=planned.workshop.orders if planned.workshop else (),
        descriptions=descriptions(planned),
    )


def order_stories(planned: Planned, order: str) -> list[tuple[Message, tuple[Message, ...]]]:
    """For each line of an order: its name, and what it waits for from its start to its end.

    Raises
    ------
    UsageError
        The plan holds no such order.
    """
    explainer = Explainer(planned.problem, drawn(planned))
    jobs = {job: name for job, name in enumerate(names(planned)) if name[0] == order}
    if not jobs:
        some = dict.fromkeys(name for name, _ in names(planned))
        raise UsageError(message("cli.no_order", order=order, some=some_of(order, some)))
    return [
        (message("cli.order_line", order=order, line=line), explainer.story(job)) for job, (_, line) in jobs.items()
    ]


def some_of(wanted: str, names: Iterable[str]) -> str:
    """Some names where one is not found, one a line: first those that look most like it, then the others as they come."""
    folded = {name: name.casefold() for name in names}
    near = difflib.get_close_matches(wanted.casefold(), folded.values(), n=_SOME)
    ranked = sorted(folded, key=lambda name: near.index(folded[name]) if folded[name] in near else _SOME)
    return "\n".join(ranked[:_SOME])


def descriptions(planned: Planned) -> dict[str, str]:
    """What each item is called; nothing for a benchmark instance."""
    return {i.name: i.description for i in planned.workshop.factory.items} if planned.workshop else {}


def names(planned: Planned) -> tuple[tuple[str, int], ...]:
    """Order and line of each job; the jobs of a benchmark instance are orders by their number."""
    return planned.problem.names.orders or tuple((str(job), 1) for job in range(planned.problem.jobs))


def late_names(planned: Planned) -> list[str]:
    """The orders that end late, the one with the worst line first."""
    weights = planned.problem.job_weight_milli.tolist() or [1] * planned.problem.jobs
    late = job_tardiness_s(planned.problem, drawn(planned)).tolist()
    worst = sorted((job for job, late_s in enumerate(late) if late_s), key=lambda job: -weights[job] * late[job])
    known = names(planned)
    return list(dict.fromkeys(known[job][0] for job in worst))


def drawn(planned: Planned) -> Schedule:
    """The plan's schedule.

    Raises
    ------
    ValueError
        There is no plan: a bug of the caller.
    """
    if planned.schedule is None:
        msg = "there is no plan to show"
        raise ValueError(msg)
    return planned.schedule
