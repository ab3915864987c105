"""Names become indices: what a row of people, an implied step and a scrap rate turn into."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from tests.strategies import MONDAY, workshops

from fong.model import Factory, Machine, OrderLine, Person, Settings, State, Step, WorkInProgress, Workshop
from fong.model.build import build

FACTORY = Factory(
    settings=Settings(now=MONDAY),
    machines=(Machine(name="M1", group="M"),),
    people=(
        Person(name="Ann", calendar=None, tends=None, skills=frozenset({"press"})),
        Person(name="Ann", calendar=None, skills=frozenset({"pack"})),
    ),
    routing=(
        Step(item="A", sequence=10, machines=("M1",), cycle_s=60, scrap_pct=Decimal(3)),
        Step(item="A", sequence=20, machines=("M1",), cycle_s=60, scrap_pct=Decimal(2)),
    ),
)
ORDER = OrderLine(order="1", item="A", quantity=100)


def test_a_person_of_two_rows_is_two_resources() -> None:
    """Tender in one shift and finisher in another is two rows; neither is lost."""
    problem = build(Workshop(factory=FACTORY, orders=(ORDER,)))
    assert problem.people == 2
    assert problem.names.people == ("Ann", "Ann")
    assert sorted(problem.skill_person.tolist()) == [0, 1]


def test_scrap_is_counted_backwards_once() -> None:
    """100 good ones, 2 % then 3 % lost: 103 started at the second step, 107 at the first (golden case 8)."""
    problem = build(Workshop(factory=FACTORY, orders=(ORDER,)))
    assert problem.op_pieces.tolist() == [107, 103]


def test_what_lies_before_running_work_is_done() -> None:
    """A step that runs now leaves nothing to plan before it, and itself ends when the row says."""
    work = WorkInProgress(order="1", sequence=20, machine="M1", ends=MONDAY.replace(hour=9))
    problem = build(Workshop(factory=FACTORY, orders=(ORDER,), state=State(work=(work,))))
    assert problem.op_pieces.tolist() == [0, 0]
    assert problem.wip_end_s.tolist() == [3600]


def test_finished_pieces_are_not_started_again() -> None:
    """A row without an end: the rest of the pieces is planned."""
    work = WorkInProgress(order="1", sequence=10, done_pieces=7)
    problem = build(Workshop(factory=FACTORY, orders=(ORDER,), state=State(work=(work,))))
    assert problem.op_pieces.tolist() == [100, 103]
    assert problem.op_total.tolist() == [107, 103]


@given(workshops())
def test_a_problem_is_read_only(workshop: Workshop) -> None:
    """Nobody can write into a problem's columns, and held orders are not in it."""
    problem = build(workshop)
    assert all(not column.flags.writeable for _, column in problem.columns())
    held = replace(workshop, orders=tuple(replace(o, status="held") for o in workshop.orders), state=State())
    assert build(held).jobs == 0
