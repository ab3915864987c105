"""What varies about a workshop, in columns: for the simulator alone. No planner ever sees it, so no plan can be made of its own future."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fong._kernels import freeze
from fong.model.factory import Factory
from fong.model.problem import I32, MICRO

_HOUR_S = 3600


def _none() -> I32:
    return freeze([], np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variability:
    """Randomness by the same indices as :class:`~fong.model.problem.Problem`: S routing rows, K machines.

    A zero-length column stands for its default throughout. All columns int32, read-only.
    """

    step_service_cv_milli: I32 = field(
        default_factory=_none
    )  # [S] or empty: 500. Coefficient of variation of a service, in 1/1000
    step_stops_micro: I32 = field(default_factory=_none)  # [S] or empty: 0. Stops per running hour, in 1/1,000,000
    step_stop_s: I32 = field(default_factory=_none)  # [S] or empty: 0. Mean service of a stop (s)
    step_scrap_micro: I32 = field(
        default_factory=_none
    )  # [S] or empty: 0. Probability that a piece is scrap, in 1/1,000,000
    machine_mtbf_s: I32 = field(
        default_factory=_none
    )  # [K] or empty: 0, never. Mean running time between breakdowns (s)
    machine_mttr_s: I32 = field(default_factory=_none)  # [K] or empty: 0. Mean time to repair (s)


def variability_of(factory: Factory) -> Variability:
    """The variability that a factory's tables state: services, stops, scrap and breakdowns.

    Parameters
    ----------
    factory
        Free of faults (see :func:`fong.model.faults.find_faults`). Rows keep the order of its routing and machines, as in ``Problem``.
    """
    steps, machines = factory.routing, factory.machines
    return Variability(
        step_service_cv_milli=_column([int(s.service_cv * 1000) for s in steps], 500),
        step_stops_micro=_column([int(s.stops_per_hour * MICRO) for s in steps], 0),
        step_stop_s=_column([s.stop_s for s in steps], 0),
        step_scrap_micro=_column([int(s.scrap_pct * (MICRO // 100)) for s in steps], 0),
        machine_mtbf_s=_column([round((m.mtbf_h or 0) * _HOUR_S) for m in machines], 0),
        machine_mttr_s=_column([round((m.mttr_h or 0) * _HOUR_S) for m in machines], 0),
    )


def _column(values: list[int], default: int) -> I32:
    """A column; one that holds only its default stays zero-length."""
    column: I32 = freeze([] if all(v == default for v in values) else values, np.int32)
    return column
