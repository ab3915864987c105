"""What varies stands in columns of its own, by the indices of the problem."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from hypothesis import given
from tests.examples.conftest import NOW
from tests.strategies import workshops

from fong.examples.knit import knit
from fong.model import Workshop, variability_of
from fong.model.build import build


@given(workshops())
def test_rows_are_those_of_the_problem(workshop: Workshop) -> None:
    """Services and stops agree with the problem, whose rows they share; a column is whole or empty."""
    problem, varies = build(workshop), variability_of(workshop.factory)
    assert np.array_equal(varies.step_service_cv_milli, problem.step_service_cv_milli)
    assert np.array_equal(varies.step_stops_micro, problem.step_stops_micro)
    assert np.array_equal(varies.step_stop_s, problem.step_stop_s)
    assert len(varies.step_scrap_micro) in {0, len(workshop.factory.routing)}
    assert len(varies.machine_mtbf_s) in {0, problem.machines}


def test_knit_varies() -> None:
    """The flat machines of `knit` fail every 160 hours and stand for three; a garment in some hundred is scrap."""
    factory = knit(NOW).factory
    varies = variability_of(factory)
    flat = [i for i, m in enumerate(factory.machines) if m.name.startswith("K")]
    assert set(varies.machine_mtbf_s[flat].tolist()) == {160 * 3600}
    assert set(varies.machine_mttr_s[flat].tolist()) == {3 * 3600}
    assert varies.machine_mtbf_s[len(flat)] == 0
    scrap = {int(s.scrap_pct * 10_000) for s in factory.routing}
    assert set(varies.step_scrap_micro.tolist()) == scrap


def test_nothing_varies() -> None:
    """Defaults leave every column empty."""
    factory = knit(NOW).factory
    calm = replace(
        factory,
        machines=tuple(replace(m, mtbf_h=None, mttr_h=None) for m in factory.machines),
        routing=tuple(
            replace(s, service_cv=Decimal("0.5"), stops_per_hour=Decimal(0), stop_s=0, scrap_pct=Decimal(0))
            for s in factory.routing
        ),
    )
    varies = variability_of(calm)
    assert all(len(getattr(varies, name)) == 0 for name in varies.__slots__)
