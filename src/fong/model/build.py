"""Factory + orders + state → :class:`Problem`. The only place where names become indices.

What there is comes from :mod:`fong.model.resource_columns`, what is to be done from :mod:`fong.model.task_columns`.
"""

from __future__ import annotations

from fong.model import resource_columns as resources
from fong.model import task_columns as tasks
from fong.model.columns import Columns
from fong.model.order import Workshop
from fong.model.problem import Feature, Names, Problem


def build(workshop: Workshop, *, horizon_days: int | None = None) -> Problem:
    """Compile a workshop into columns.

    Parameters
    ----------
    workshop
        Free of faults (see :func:`fong.model.faults.find_faults`).
    horizon_days
        How far calendars are laid out; None: the settings' own.
    """
    c = Columns(workshop, horizon_days or workshop.factory.settings.horizon_days)
    tasks.steps(c)
    tasks.modes(c)
    tasks.bills(c)
    resources.equipment(c)
    resources.matrix(c)
    resources.crew(c)
    resources.hours(c)
    resources.stock(c)
    resources.tools_and_places(c)
    tasks.jobs(c)
    resources.zone_table(c)
    return Problem(
        epoch=c.now,
        horizon_s=c.horizon_s,
        names=_names(c),
        features=_features(c),
        top_up=c.factory.settings.top_up,
        machines=len(c.machines),
        people=len(c.factory.people),
        zones=len(c.zones),
        families=len(c.families),
        **c.made,  # type: ignore[arg-type]
    )


def _names(c: Columns) -> Names:
    r = c.factory.routing
    return Names(
        orders=tuple((o.order, o.line) for o in c.lines),
        items=tuple(o.item for o in c.lines),
        sequences=tuple(s.sequence for s in r),
        steps=tuple(s.name or str(s.sequence) for s in r),
        machines=c.machines.names(),
        people=tuple(p.name for p in c.factory.people),
        skills=c.skills.names(),
        families=c.families.names(),
        groups=c.groups.names(),
        zones=c.zones.names(),
        calendars=c.calendars.names(),
        materials=c.materials.names(),
        tools=c.tools.names(),
        places=c.places.names(),
        variants=tuple(sorted({s.variant for s in r})),
    )


def _features(c: Columns) -> Feature:
    some = {
        Feature.PEOPLE: c.any("step_setup_skill", "step_run_skill"),
        Feature.SETUPS: c.any("mode_setup_s", "setup_s"),
        Feature.CALENDARS: c.any("machine_calendar"),
        Feature.ZONES: c.any("machine_zone"),
        Feature.BATCHES: c.any("machine_batch_milli"),
        Feature.TRANSFER: c.any("step_box"),
        Feature.LAGS: c.any("step_lag_s"),
        Feature.MAX_WAIT: c.any("step_max_wait_s"),
        Feature.MATERIALS: c.any("use_ptr"),
        Feature.TOOLS: c.any("step_tool"),
        Feature.PLACES: c.any("step_place"),
        Feature.SPLITTING: c.any("step_split_over", "step_max_lot"),
        Feature.OUTSIDE: c.any("step_outside_s"),
        Feature.VARIANTS: c.any("op_variant"),
        Feature.SAME_MACHINE: c.any("op_same"),
        Feature.GRAPH: c.any("pred_ptr"),
        Feature.WORK_IN_PROGRESS: c.any("wip_op"),
    }
    out = Feature(0)
    for feature, there in some.items():
        out |= feature if there else Feature(0)
    return out
