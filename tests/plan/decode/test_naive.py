"""The compiled decoder against the slow one, start by start."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.model.made import problem
from tests.naive.decoder import Play
from tests.plan import tiny

from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Rule, weights
from fong.plan.lots import split


def add_pieces(draw: st.DrawFn, c: tiny.Columns) -> None:
    c["op_pieces"] = tiny.column(draw, c, st.integers(1, 4))
    c["step_pieces_per_cycle"] = tiny.column(draw, c, st.integers(1, 2))


def add_lags(draw: st.DrawFn, c: tiny.Columns) -> None:
    c["step_lag_s"] = tiny.column(draw, c, st.integers(0, 5))


def add_graph(draw: st.DrawFn, c: tiny.Columns) -> None:
    preds: list[list[int]] = []
    for n in c["jobs"]:
        first = len(preds)
        preds += [sorted(draw(st.sets(st.integers(first, first + i - 1)))) if i else [] for i in range(n)]
    c["preds"] = preds


ADDITIONS = {
    "calendars": tiny.add_calendars,
    "setups": tiny.add_setups,
    "people": tiny.add_people,
    "pieces": add_pieces,
    "lags": add_lags,
    "graph": add_graph,
    "material": tiny.add_material,
    "tools": tiny.add_tools,
}


@st.composite
def workshops(draw: st.DrawFn) -> dict[str, Any]:
    """A tiny workshop with some of the rules that the slow decoder plays."""
    c = tiny.base(draw)
    if draw(st.booleans()):
        c["jobs"] = [*c["jobs"], *draw(st.sampled_from([[1, 2], [3], [1, 1, 1]]))]
        more = sum(c["jobs"]) - len(c["modes"])
        c["modes"] += [[(draw(st.integers(0, c["machines"] - 1)), draw(st.integers(1, 8)))] for _ in range(more)]
        for name in ("job_release_s", "job_due_s", "job_weight_milli", "job_late_cents_day"):
            c[name] = [c[name][i % len(c[name])] for i in range(len(c["jobs"]))]
    left_out = draw(st.sets(st.sampled_from(sorted(ADDITIONS)), min_size=2))
    for name, add in ADDITIONS.items():
        if name not in left_out:
            add(draw, c)
    # quotients by these weights are exact, so that equal keys are equal in both
    c["job_weight_milli"] = [draw(st.sampled_from((500, 1000, 2000))) for _ in c["jobs"]]
    c.setdefault("step_lag_s", [0] * len(c["modes"]))
    return c


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


@settings(max_examples=120)
@example(TWO_SKILLS, "edd", 0)
@given(workshops(), st.sampled_from(sorted(KINDS)), st.sampled_from((0, 0, 3, 10)))
def test_the_decoder_plays_as_the_slow_one(c: dict[str, Any], name: str, look: int) -> None:
    """The same machines and people, set-ups, starts and ends, to the second."""
    made = problem(**c)
    out = decode(Floor(made).prepared(split(made, wide=False)), Rule(name=name, look_s=look), weights(made))
    wanted = Play(c, name, look=look).lots
    rows = out.lot.tolist()
    assert len(rows) == len(wanted)
    for row, lot in zip(rows, wanted, strict=True):
        got = [row[x] for x in (lay.START, lay.END, lay.PERSON, lay.SETUP_START, lay.SETUP_PERSON)]
        assert got == [lot.start, lot.end, lot.person, lot.setup_start, lot.setup_person]
        assert max(-1, row[lay.UNIT]) == lot.machine
        assert row[lay.SETUP_START] < 0 or row[lay.SETUP_END] == lot.setup_end
    assert out.complete == all(lot.done for lot in wanted)
