"""The compiled decoder against the slow one, start by start."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.model.made import problem
from tests.naive.decoder import Play
from tests.plan import tiny

from fong.model import NEVER
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Guidance, Rule, weights
from fong.plan.lots import split

Column = Callable[..., list[int]]
OFTEN = st.sampled_from((True, True, False))


@st.composite
def workshops(draw: st.DrawFn) -> dict[str, Any]:
    """A tiny workshop with most of the rules that the slow decoder plays."""
    jobs = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    n, machines = sum(jobs), draw(st.integers(1, 3))
    everywhere = draw(st.booleans())  # all steps by all machines, so that these may be alike

    def column(*values: int) -> list[int]:
        return [draw(st.sampled_from(values)) for _ in range(n)]

    c: dict[str, Any] = {"jobs": jobs, "machines": machines, "horizon_s": tiny.HORIZON, "modes": []}
    setups = draw(OFTEN)
    for _ in range(n):
        names = range(machines) if everywhere else draw(st.sets(st.integers(0, machines - 1), min_size=1, max_size=2))
        modes = [(m, draw(st.integers(1, 7)), draw(st.integers(0, 5)) if setups else 0) for m in sorted(names)]
        c["modes"].append(modes)
    c["job_release_s"] = [draw(st.integers(-3, 12)) for _ in jobs]
    c["job_due_s"] = [draw(st.one_of(st.integers(-5, 40), st.just(NEVER))) for _ in jobs]
    # quotients by these weights are exact, so that equal keys are equal in both
    c["job_weight_milli"] = [draw(st.sampled_from((500, 1000, 2000))) for _ in jobs]
    c["step_lag_s"] = column(0, 0, 3)
    if draw(OFTEN):
        tiny.add_calendars(draw, c)
        c["step_gap"], c["step_overtime_s"] = column(0, 1, 2, 3), column(0, 2, 4)
    if setups and draw(OFTEN):
        add_families(draw, c, column)
    if draw(OFTEN):
        add_people(draw, c, column)
    if draw(st.booleans()):
        c["op_pieces"], c["step_pieces_per_cycle"] = column(1, 2, 3), column(1, 2)
    if draw(st.booleans()):
        add_graph(draw, c)
    if draw(st.booleans()):
        tiny.add_material(draw, c)
    if draw(st.booleans()):
        tiny.add_tools(draw, c)
    return c


def add_families(draw: st.DrawFn, c: dict[str, Any], column: Column) -> None:
    """What the machines are set up for, what steps want, and a matrix with holes."""
    c["families"], c["step_family"] = 2, column(0, 0, 1, 1, -1)
    c["machine_family"] = [draw(st.integers(-1, 1)) for _ in range(c["machines"])]
    cells = [draw(st.booleans()) for _ in range(4)]
    c["setup_ptr"] = [0, cells[0] + cells[1], sum(cells)]
    c["setup_to"] = [i % 2 for i, there in enumerate(cells) if there]
    c["setup_s"] = [draw(st.integers(0, 6)) for there in cells if there]


def add_people(draw: st.DrawFn, c: dict[str, Any], column: Column) -> None:
    """Two or three people of two skills, in the hours of the machines or others; some steps by hand."""
    c["people"] = draw(st.integers(2, 3))
    c["skills"] = [[x for x in range(c["people"]) if x == skill or draw(st.booleans())] for skill in range(2)]
    c["step_setup_skill"], c["step_run_skill"] = column(-1, 0, 1), column(-1, -1, 0, 1)
    c["step_cycle_s"] = column(1, 3, 6)
    hand = [skill >= 0 and draw(st.booleans()) for skill in c["step_run_skill"]]
    c["modes"] = [[] if by_hand else modes for modes, by_hand in zip(c["modes"], hand, strict=True)]
    if "calendars" in c:
        c["person_calendar"] = [draw(st.integers(-1, len(c["calendars"]) - 1)) for _ in range(c["people"])]


def add_graph(draw: st.DrawFn, c: dict[str, Any]) -> None:
    """What follows what within a job."""
    preds: list[list[int]] = []
    for n in c["jobs"]:
        first = len(preds)
        preds += [sorted(draw(st.sets(st.integers(first, first + i - 1)))) if i else [] for i in range(n)]
    c["preds"] = preds


TWO_SKILLS: dict[str, Any] = {
    "jobs": [1, 1, 1],
    "machines": 2,
    "modes": [[(0, 20, 0)], [(1, 5, 0)], [(1, 5, 3)]],
    "horizon_s": 120,
    "job_due_s": [1, 2, 30],
    "people": 2,
    "skills": [[0], [1]],
    "step_run_skill": [0, 0, -1],
    "step_setup_skill": [-1, 1, 1],
    "step_lag_s": [0, 0, 0],
}
"""The second lot lacks its worker, and would need no set-up; the third one's setter is free."""


PLAIN: dict[str, Any] = {"jobs": [1, 1], "machines": 1, "horizon_s": 120, "job_due_s": [1, 2], "step_lag_s": [0, 0]}
ALIKE = PLAIN | {"machines": 2, "modes": [[(0, 5, 0), (1, 5, 0)]] * 2}
"""Two machines that are all alike start two lots at once."""
FAMILIES = PLAIN | {
    "modes": [[(0, 3, 0)], [(0, 3, 4)]],
    "families": 2,
    "step_family": [1, 1],
    "machine_family": [0],
}
"""The first lot needs no time to be set up; the machine is set up for the second all the same."""
BARRED = PLAIN | {
    "modes": [[(0, 3, 5)], [(0, 3, 2)]],
    "people": 1,
    "skills": [[0]],
    "step_setup_skill": [0, 0],
    "step_gap": [1, 1],
    "calendars": [[(0, 3), (10, 120)]],
    "person_calendar": [0],
}
"""The setter goes home before the first lot's set-up would end: the second one's, which would fit, is not tried."""


@settings(max_examples=150)
@example(TWO_SKILLS, "edd", 0)
@example(ALIKE, "edd", 0)
@example(FAMILIES, "edd", 0)
@example(BARRED, "edd", 0)
@given(workshops(), st.sampled_from(sorted(KINDS)), st.sampled_from((0, 0, 3, 10)))
def test_the_decoder_plays_as_the_slow_one(c: dict[str, Any], name: str, look: int) -> None:
    """The same machines and people, set-ups, starts and ends, to the second."""
    agree(c, Rule(name=name, look_s=look))


@settings(max_examples=100)
@given(
    workshops(),
    st.sampled_from([*sorted(KINDS), "sequence", "sequence", "sequence"]),
    st.sampled_from((0, 10)),
    st.data(),
)
def test_it_does_as_it_is_told(c: dict[str, Any], name: str, look: int, data: st.DataObject) -> None:
    """The same with guidance: an order, or more urgency than by the rule, and machines that lots must go to."""
    told = [data.draw(st.integers(-4, 4)) / 2.0 for _ in c["modes"]]
    machine = [data.draw(st.sampled_from([-1, *(m for m, *_ in modes)])) for modes in c["modes"]]
    agree(c, Rule(name=name, look_s=look), told, machine)


def agree(c: dict[str, Any], rule: Rule, told: list[float] | None = None, machine: list[int] | None = None) -> None:
    """Decoder and slow twin make the same plan."""
    made = problem(**c)
    guidance = (
        None if told is None or machine is None else Guidance(key=np.array(told), machine=np.array(machine, np.int32))
    )
    out = decode(Floor(made).prepared(split(made, wide=False)), rule, weights(made), guidance)
    wanted = Play(c, rule.name, look=rule.look_s, told=told, machine=machine).lots
    rows = out.lot.tolist()
    assert len(rows) == len(wanted)
    for row, lot in zip(rows, wanted, strict=True):
        got = [row[x] for x in (lay.START, lay.END, lay.PERSON, lay.SETUP_START, lay.SETUP_PERSON)]
        assert got == [lot.start, lot.end, lot.person, lot.setup_start, lot.setup_person]
        assert max(-1, row[lay.UNIT]) == lot.machine
        assert row[lay.SETUP_START] < 0 or row[lay.SETUP_END] == lot.setup_end
    assert out.complete == all(lot.done for lot in wanted)
