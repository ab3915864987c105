"""What is told of a plan by hand, in short: codes without their room, and seconds."""

from collections.abc import Sequence

from tests.model.made import Row, plan

from fong.model import Problem
from fong.model.message import Message
from fong.plan.explain import Explainer

H = 3600
LENGTHS = ("wait_s", "work_s", "stand_s")
Told = list[tuple[str, int]]


def story(made: Problem, rows: Sequence[Row], job: int = 0) -> tuple[Message, ...]:
    """The messages."""
    return Explainer(made, plan(rows)).story(job)


def told(made: Problem, rows: Sequence[Row], job: int = 0) -> Told:
    """Code and length of each message."""
    return [
        (m.code.removeprefix("plan."), int(str(m.params[name])))
        for m in story(made, rows, job)
        for name in LENGTHS
        if name in m.params
    ]
