"""The options that several commands share. Their help stands in the catalogues (``cli.help.…``)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fong.cli.values import number_from, one_of, whole
from fong.lang import LANGUAGES


class Objective(StrEnum):
    """What can be minimised; the same names as :data:`fong.model.objective.OBJECTIVES` (a test keeps it)."""

    MAKESPAN = "makespan"
    TARDINESS = "tardiness"
    WEIGHTED_TARDINESS = "weighted_tardiness"
    LATE_ORDERS = "late_orders"
    LATE_COST = "late_cost"
    FLOW_TIME = "flow_time"


Source = Annotated[str, typer.Argument(metavar="PATH|knit|cnc", show_default=False)]
Seconds = Annotated[float, typer.Option("--seconds", min=0, parser=number_from("--seconds", 0), metavar="S")]
Iterations = Annotated[
    int | None,
    typer.Option(
        "--iterations", min=0, max=10**9, parser=whole("--iterations", 0, 10**9), metavar="I", show_default=False
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=256, parser=whole("--workers", 1, 256), metavar="N", show_default=False),
]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, parser=whole("--seed", 0, 2**31 - 1), metavar="K")]
Goal = Annotated[
    Objective | None,
    typer.Option("--objective", parser=one_of("--objective", Objective), metavar="O", show_default=False),
]
Now = Annotated[str | None, typer.Option("--now", metavar="T", show_default=False)]
Format = Annotated[str | None, typer.Option("--format", metavar="F", show_default=False)]
Out = Annotated[list[Path] | None, typer.Option("--out", metavar="FILE", show_default=False, readable=False)]
Page = Annotated[Path | None, typer.Option("--out", metavar="FILE.html", show_default=False, readable=False)]
Plan = Annotated[Path | None, typer.Option("--plan", metavar="FILE.json", show_default=False, readable=False)]


def _spoken(ctx: typer.Context, value: str) -> str:  # noqa: ARG001 - the words were looked through before (fong.cli.language)
    language: str = ctx.obj
    return language


Lang = Annotated[str, typer.Option("--lang", metavar="|".join(LANGUAGES), show_default=False, callback=_spoken)]
