"""A knitting corner of two machines, a washer, three people and four order lines, with its plan, small enough to work by hand.

It is Wednesday, 4 March 2026, 10:00. Everybody works 08:00–18:00. Ann tends the knitting zone, Ben links, Cy sets up and washes.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.model.made import plan, problem, row

from fong.model import Names, OrderLine, Problem, Schedule, message
from fong.render import PlanView, view_of

H = 3600
NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Hong_Kong"))
K1, K2, W1 = range(3)
ANN, BEN, CY = range(3)
DAYS = [(0, 8 * H), *((day * 24 * H - 2 * H, day * 24 * H + 8 * H) for day in range(1, 10))]
ORDERS = (("1001", 1), ("1001", 2), ("1002", 1), ("1003", 1))
LINES = (
    OrderLine(order="1001", line=1, customer="Cloudline", item="cardigan", quantity=20, colour="navy", size="M"),
    OrderLine(order="1001", line=2, customer="Cloudline", item="cardigan", quantity=10, colour="navy", size="L"),
)


def knitting(orders: tuple[tuple[str, int], ...] = ORDERS, epoch: datetime | None = NOW) -> Problem:
    """Knit, wash, link; the third order goes to an outside plater in the end; the fourth is on K2 now."""
    return problem(
        epoch=epoch,
        horizon_s=10 * 24 * H,
        names=Names(
            orders=orders,
            items=("cardigan", "cardigan", "scarf", "hat"),
            sequences=(10, 20, 30, 40),
            steps=("knit", "wash", "link", "plate"),
            machines=("K1", "K2", "W1"),
            people=("Ann", "Ben", "Cy"),
            skills=("set up", "link", "wash"),
            groups=("flat", "washers"),
            zones=("knitting",),
        ),
        jobs=[3, 3, 4, 3],
        job_due_s=[90_000, 100_000, 200_000, 2**31 - 1],
        job_weight_milli=[20_000, 1000, 1000, 1000],
        job_pieces=[20, 10, 8, 2],
        op_step=[0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2],
        op_pieces=[20, 20, 20, 10, 10, 10, 8, 8, 8, 8, 0, 2, 2],
        op_total=[20, 20, 20, 10, 10, 10, 8, 8, 8, 8, 2, 2, 2],
        wip_op=[10],
        wip_machine=[K2],
        wip_start_s=[-H],
        wip_end_s=[900],
        modes=[[(K1, 2400, 900), (K2, 2400, 900)], [(W1, H)], [], []],
        step_cycle_s=[0, 0, 600, 0],
        step_attend_s=[60, 600, 0, 0],
        step_cycles_per_call=[10, 1, 1, 1],
        step_setup_skill=[0, -1, -1, -1],
        step_run_skill=[-1, 2, 1, -1],
        step_outside_s=[-1, -1, -1, 48 * H],
        machines=3,
        machine_zone=[0, 0, -1],
        machine_group=[0, 0, 1],
        machine_batch_milli=[0, 0, 20_000],
        people=3,
        person_calendar=[0, 0, 0],
        person_zone=[0, -1, -1],
        person_max=[3, 2**31 - 1, 2**31 - 1],
        skills=[[CY], [BEN], [CY]],
        zones=1,
        tenders=[[ANN]],
        calendars=[DAYS],
    )


def rows() -> list[dict[str, int]]:
    """The plan: order 1001/1 runs through the night and stands until 08:00; 1001/2 and 1003 are washed in one batch."""
    return [
        row(0, K1, 900, 79_260, pieces=20, setup_start=0, setup_end=900, setup_person=CY),
        row(1, W1, 79_500, 83_100, pieces=20, batch=1, person=CY),
        row(2, -1, 85_200, 97_200, pieces=20, person=BEN),
        row(3, K2, 1800, 26_000, pieces=10, setup_start=900, setup_end=1800, setup_person=CY),
        row(4, W1, 26_400, 30_000, pieces=10, batch=0, person=CY),
        row(5, -1, 79_200, 85_200, pieces=10, person=BEN),
        row(6, K1, 81_000, 100_800, pieces=8, setup_start=79_260, setup_end=80_160, setup_person=CY),
        row(7, W1, 101_000, 104_600, pieces=8, batch=2, person=CY),
        row(8, -1, 104_600, 109_400, pieces=8, person=BEN),
        row(9, -1, 109_400, 282_200, pieces=8),
        row(11, W1, 26_400, 30_000, pieces=2, batch=0, person=CY),
        row(12, -1, 97_200, 98_400, pieces=2, person=BEN),
    ]


def small() -> tuple[Problem, Schedule]:
    """The knitting corner and its plan."""
    return knitting(), plan(rows())


def small_view(
    orders: tuple[tuple[str, int], ...] = ORDERS, epoch: datetime | None = NOW, title: str = "Corner"
) -> PlanView:
    """The same, ready to be shown, with a cause for the late order 1001/1."""
    return view_of(
        knitting(orders, epoch),
        plan(rows()),
        title=title,
        lines=LINES,
        causes={0: (message("render.page.waits", wait_s=26_400),)},
        explanations={0: (message("render.page.stands", time_s=26_400),)},
        summary=(message("render.page.late_orders", n=2),),
    )
