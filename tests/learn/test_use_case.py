"""From files to files: the use cases that learn and compare."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fong.errors import InputFault, UsageError
from fong.formats.log_columns import LogColumns
from fong.formats.nouns import to_workshop
from fong.formats.reading import read_tables
from fong.learn import learn
from fong.model.message import Fault, message
from fong.model.performance import Performance
from fong.workshop.learning import LogOptions, compare_log, gather, learn_log, write_page

COLUMNS = ("order", "step", "machine", "person", "start", "end", "good", "scrap", "kind", "item", "order_quantity")


def as_csv(log: Performance, columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(columns)
    rows.writerows([getattr(e, c) for c in columns] for e in log.events)
    return text.getvalue().encode()


@pytest.fixture
def file(tmp_path: Path, log: Performance) -> Path:
    path = tmp_path / "log.csv"
    path.write_bytes(as_csv(log))
    return path


def folder_of(path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in path.iterdir()}


def test_the_folder_holds_what_was_learned(file: Path, log: Performance, tmp_path: Path) -> None:
    """Tables that read back as the very same workshop, and the number behind each figure beside them."""
    learned = learn_log(file, tmp_path / "shop")
    assert (learned.factory, learned.orders) == (learn(log).factory, learn(log).orders)
    files = folder_of(tmp_path / "shop")
    assert to_workshop(read_tables("shop", files)) == learned.workshop
    rows = list(csv.DictReader(io.StringIO(files["_samples.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(learned.samples)
    (turn,) = [r for r in rows if (r["figure"], r["step"], r["item"], r["machine"]) == ("cycle_s", "Turn", "", "")]
    assert int(turn["samples"]) == sum(1 for o in learned.orders if o.item in {"bolt", "plate"})


def test_a_workbook_holds_the_same(file: Path, tmp_path: Path) -> None:
    """The ending decides."""
    learned = learn_log(file, tmp_path / "shop.xlsx")
    read = to_workshop(read_tables("shop.xlsx", (tmp_path / "shop.xlsx").read_bytes()))
    assert (read.factory.people, read.orders) == (learned.factory.people, learned.orders)


def test_what_was_read_is_said_first(file: Path) -> None:
    """The reading's notes stand before the assumptions."""
    learned = learn_log(file, None)
    assert learned.assumptions[0].code == "learn.log_read"
    assert learned.assumptions[0].params["kept"] == learned.assumptions[0].params["rows"]


def test_old_tables_are_not_mixed_in(file: Path, tmp_path: Path) -> None:
    """A folder with another table is refused, and nothing is written; learning again into the same folder is fine."""
    shop = tmp_path / "shop"
    learn_log(file, shop)
    before = folder_of(shop)
    learn_log(file, shop)
    assert folder_of(shop) == before
    (shop / "tools.csv").write_text("tool,quantity\nx,1\n", encoding="utf-8")
    with pytest.raises(UsageError):
        learn_log(file, shop)


def test_an_impossible_folder(file: Path, tmp_path: Path) -> None:
    """A name that no system takes is a fault, not a crash."""
    with pytest.raises(InputFault):
        learn_log(file, tmp_path / ("x" * 300))


def test_tables_that_were_not_learned_stay(file: Path, tmp_path: Path) -> None:
    """A folder whose tables are the owner's own work is not written over, though the names are the same."""
    (tmp_path / "mine").mkdir()
    mine = tmp_path / "mine" / "orders.csv"
    mine.write_bytes(b"a year of work")
    with pytest.raises(UsageError):
        learn_log(file, tmp_path / "mine")
    assert [p.name for p in mine.parent.iterdir()] == ["orders.csv"]
    assert mine.read_bytes() == b"a year of work"


def test_a_file_is_no_folder(file: Path, tmp_path: Path) -> None:
    """Neither is a log that is not there a log."""
    with pytest.raises(UsageError):
        learn_log(file, file)
    with pytest.raises(InputFault):
        learn_log(tmp_path / "nothing.csv", None)


def test_faults_name_their_file(tmp_path: Path) -> None:
    """Of two logs the owner must know which one is meant."""
    path = tmp_path / "shop-floor.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputFault) as caught:
        learn_log(path, None)
    assert {f.place.source for f in caught.value.faults if isinstance(f, Fault)} == {"shop-floor.csv"}


def test_two_logs(file: Path, log: Performance, tmp_path: Path) -> None:
    """A raw log and a richer one on another clock teach what the whole log teaches."""
    raw = tmp_path / "raw.csv"
    raw.write_bytes(as_csv(log, ("order", "step", "person", "start", "end")))
    late = timedelta(minutes=420)
    rich = tmp_path / "rich.csv"
    rich.write_bytes(
        as_csv(Performance(events=tuple(replace(e, start=e.start - late, end=e.end - late) for e in log.events)))
    )
    options = LogOptions(enrich=rich, shifts_min=(480, 420), enrich_columns=LogColumns(machine="3"))
    gathered = gather(raw, options)
    assert gathered.joined is not None
    assert gathered.joined.matched == len(log.events)
    assert learn_log(raw, None, options).factory == learn_log(file, None).factory


@pytest.fixture
def short(tmp_path: Path, play: Callable[..., Performance]) -> Path:
    path = tmp_path / "short.csv"
    path.write_bytes(as_csv(play(orders=60)))
    return path


@pytest.mark.slow
def test_the_rest_is_planned_and_compared(short: Path, tmp_path: Path) -> None:
    """A plan that the check accepts, a figure for every order of the rest, and a page."""
    compared = compare_log(short)
    comparison = compared.comparison
    assert comparison is not None
    assert compared.faults == ()
    assert {f.order for f in comparison.flows} == compared.parts.rest_orders
    assert sum(w.planned_s for w in comparison.weeks) == pytest.approx(
        sum(w.happened_s for w in comparison.weeks), rel=0.15
    )
    write_page(compared, tmp_path / "page.html", "short", "zh-Hant")
    assert "計劃" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_real_shop_is_planned(shared: Path) -> None:
    """A real job shop's last 73 orders: planned, accepted by the check, and set beside what happened."""
    folder = shared / "data" / "factory" / "production_4tu"
    options = LogOptions(enrich=folder / "production_enriched.csv", shifts_min=(420, 480))
    compared = compare_log(folder / "production_start_end.csv", options)
    assert compared.faults == ()
    assert compared.comparison is not None
    assert (len(compared.comparison.flows), compared.comparison.known) == (73, 147)
    hours = [sum(w.planned_s for w in compared.comparison.weeks), sum(w.happened_s for w in compared.comparison.weeks)]
    assert 0.5 < hours[0] / hours[1] < 2


def test_a_workbook_that_is_there_stays(file: Path, tmp_path: Path) -> None:
    """A file may be somebody's own work: what is learned does not overwrite it."""
    there = tmp_path / "shop.xlsx"
    there.write_bytes(b"mine")
    with pytest.raises(UsageError) as said:
        learn_log(file, there)
    assert said.value.message == message("learn.out_exists", path=str(there))
    assert there.read_bytes() == b"mine"
