"""The neck: named where it is known by construction, with its load, alone only where nothing comes near, and never where nothing is busy."""

from dataclasses import replace
from typing import Any

import pytest
from tests.model.made import problem

from fong.lang import LANGUAGES, text
from fong.model import Message, Names
from fong.plan.explain import Explainer
from fong.plan.solve import solve

H = 3600


def neck(**columns: Any) -> Message | None:
    """The neck of a plan by dispatching rules."""
    made = problem(**columns)
    schedule = solve(made, objective="makespan").schedule
    assert schedule is not None
    return Explainer(made, schedule).neck()


def saws_and_press(saws: int, lots: int, saw_s: int) -> dict[str, Any]:
    """Each lot goes to one of the saws, then for an hour to the only press."""
    machines = tuple(f"S{m}" for m in range(saws))
    return {
        "names": Names(groups=("saws", "press"), machines=(*machines, "P"), steps=("saw", "press") * lots),
        "jobs": [2] * lots,
        "machines": saws + 1,
        "machine_group": [0] * saws + [1],
        "modes": [[(m, saw_s) for m in range(saws)], [(saws, H)]] * lots,
    }


def test_the_only_press_is_the_neck() -> None:
    """Half an hour at a saw, then an hour at the press: it works in nine hours of the nine and a half that nine lots of ten take."""
    said = neck(**saws_and_press(2, 10, H // 2))
    assert said is not None
    assert (said.code, said.params["name"]) == ("plan.neck_group", "press")
    assert (said.params["load_pct"], said.params["until_at"]) == (95, 9 * H + H // 2)


def test_what_has_more_work_is_named_as_no_neck() -> None:
    """Forty hours of work for sixteen saws, twenty for the press: the saws, done after three rounds, are not the neck."""
    said = neck(**saws_and_press(16, 20, 2 * H))
    assert said is not None
    assert (said.code, said.params["name"], said.params["other"]) == ("plan.neck_group_most", "press", "saws")
    assert (said.params["load_pct"], said.params["other_pct"]) == (90, 12)


def test_without_groups_a_machine_is_the_neck() -> None:
    """An instance has machines only: the one with ten minutes a job, not the one with one."""
    said = neck(jobs=[2] * 20, machines=2, modes=[[(0, 60)], [(1, 600)]] * 20)
    assert said is not None
    assert (said.code, said.params["name"], said.params["load_pct"]) == ("plan.neck_machine", "1", 99)


HANDS: dict[str, Any] = {
    "names": Names(
        groups=("presses",), machines=("A", "B", "C", "D"), skills=("pressing", "packing"), people=("Ann", "Bo")
    ),
    "jobs": [1] * 12,
    "machines": 4,
    "machine_group": [0] * 4,
    "modes": [[(m, H) for m in range(4)]] * 12,
    "people": 2,
    "skills": [[0], [1]],
    "step_run_skill": [0] * 12,
}


def test_one_pair_of_hands_is_the_neck_of_four_presses() -> None:
    """Ann presses all day; a press is in use for a quarter of it."""
    said = neck(**HANDS)
    assert said is not None
    assert (said.code, said.params["name"], said.params["load_pct"]) == ("plan.neck_people_most", "pressing", 100)
    assert (said.params["other"], said.params["other_pct"]) == ("presses", 25)


def test_hours_off_shift_are_no_room() -> None:
    """Who works in all of the four hours a day that she is there is the neck, though the presses are open day and night."""
    shifts = [(d * 24 * H, d * 24 * H + 4 * H) for d in range(10)]
    said = neck(**HANDS, calendars=[shifts], person_calendar=[0, 0], horizon_s=240 * H)
    assert said is not None
    assert (said.params["name"], said.params["load_pct"]) == ("pressing", 100)


def test_a_skill_that_is_a_smaller_part_of_the_work_is_not_named() -> None:
    """Ann and Bo pack all day, and press a little in between: packing is the neck."""
    said = neck(**HANDS | {"skills": [[0, 1], [0, 1]], "step_run_skill": [0] * 2 + [1] * 10})
    assert said is not None
    assert said.params["name"] == "packing"


def test_who_keeps_machines_waiting_is_the_neck() -> None:
    """Ten machines that each want ten minutes an hour of one tender: they stand for him two hours of five, and he never does."""
    said = neck(
        names=Names(groups=("mills",), zones=("hall",), machines=tuple("ABCDEFGHIJ"), people=("Ann",)),
        jobs=[1] * 10,
        machines=10,
        machine_group=[0] * 10,
        modes=[[(m, 50 * 60)] for m in range(10)],
        op_pieces=[24] * 10,
        step_attend_s=[600] * 10,
        machine_zone=[0] * 10,
        zones=1,
        people=1,
        skills=[],
        person_zone=[0],
        tenders=[[0]],
    )
    assert said is not None
    assert (said.code, said.params["name"], said.params["other"]) == ("plan.neck_zone_most", "hall", "mills")
    assert int(str(said.params["load_pct"])) > 90
    assert int(str(said.params["other_pct"])) < 65


def test_nothing_that_waits_for_orders_is_the_neck() -> None:
    """A lot every two hours for a press that takes one: it stands half of the time."""
    assert neck(**saws_and_press(2, 10, H // 2), job_release_s=[2 * H * n for n in range(10)]) is None


def test_a_straggler_does_not_hide_the_neck() -> None:
    """The last lot of ten comes a month later, and the press is still the neck of the others."""
    late = [0] * 9 + [30 * 24 * H]
    said = neck(**saws_and_press(2, 10, H // 2), job_release_s=late)
    assert said is not None
    assert (said.params["name"], said.params["load_pct"]) == ("press", 95)


def test_an_empty_plan_has_no_neck() -> None:
    """Nothing is left to do."""
    assert neck(jobs=[1], machines=1, modes=[[(0, H)]], op_pieces=[0], op_total=[1]) is None


def two_presses(second_s: int, others: int = 1) -> dict[str, Any]:
    """Each lot goes for an hour to the press, and then for a while to other machines, one after the other."""
    names = Names(groups=("press", *(f"mill {n}" for n in range(others))), machines=tuple("PABC"[: others + 1]))
    return {
        "names": replace(names, steps=("press", *("mill",) * others) * 40),
        "jobs": [1 + others] * 40,
        "machines": 1 + others,
        "machine_group": list(range(1 + others)),
        "modes": [[(0, H)], *([(1 + n, second_s)] for n in range(others))] * 40,
    }


def test_what_comes_near_is_named_too() -> None:
    """Less than ten points apart nothing is the one neck: both are named, with both loads; further apart, one is."""
    said = neck(**two_presses(57 * 60))
    assert said is not None
    assert (said.code, said.params["name"], said.params["other"]) == ("plan.neck_both", "press", "mill 0")
    assert int(str(said.params["load_pct"])) - int(str(said.params["other_pct"])) < 10
    apart = neck(**two_presses(48 * 60))
    assert apart is not None
    assert (apart.code, apart.params["name"]) == ("plan.neck_group", "press")


def test_two_are_named_of_many() -> None:
    """The two busiest of three, and that one more comes near."""
    said = neck(**two_presses(58 * 60, others=2))
    assert said is not None
    assert (said.code, said.params["name"], said.params["more"]) == ("plan.neck_both_more", "press", 1)


def test_the_same_people_are_not_two_necks() -> None:
    """Ann alone presses and packs, as much of each: one neck, however many words there are for her."""
    said = neck(**HANDS | {"skills": [[0], [0]], "step_run_skill": [0] * 6 + [1] * 6})
    assert said is not None
    assert said.code == "plan.neck_people_most"


ALONE = ("group", "group_most", "machine", "people", "people_most", "zone", "zone_most")
KINDS = (*ALONE, "both", "both_more", "machines", "machines_more")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_neck_is_told_with_its_load(kind: str, language: str) -> None:
    """In three languages, as a load and not as a cause, and with the load of what else is named."""
    params = {"name": "X", "load_pct": 91, "until_at": 7, "other": "Y", "other_pct": 53, "more": 2}
    said = text(f"plan.neck_{kind}", params, language)
    assert "X" in said
    assert "91 %" in said
    assert ("53 %" in said) == (kind.endswith("_most") or kind not in ALONE)
    assert not any(word in said for word in ("neck", "樽頸", "瓶颈"))
