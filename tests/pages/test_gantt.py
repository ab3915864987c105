"""The Gantt page in a real browser, opened from a file: seen through its table, its panel and what it says of itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.model.made import plan, problem
from tests.render.plans import ORDERS, knitting, small, small_view
from tests.render.plans import rows as plan_rows
from tests.render.test_gantt import benchmark

from fong.model import message
from fong.render import day_list, gantt_page, tonight_list, view_of

pytestmark = pytest.mark.page
HEAD, ROW = 46, 30
Open = Callable[..., Page]
NASTY = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"


@pytest.fixture
def shown(page: Page, tmp_path: Path) -> Open:
    """Write a page to a file and open it from there; by default the small plan's Gantt page."""

    def run(html: str | None = None, language: str = "en") -> Page:
        file = tmp_path / "plan.html"
        file.write_text(html or gantt_page(small_view(), language), encoding="utf-8")
        page.goto(file.as_uri())
        return page

    return run


def chart(page: Page) -> Locator:
    return page.locator("#chart")


def seconds(page: Page) -> tuple[int, int]:
    """First and last second in sight, once the chart is at rest."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")
    page.wait_for_function("() => document.getElementById('chart').ariaBusy === 'false'")
    first, last = (chart(page).get_attribute("data-seconds") or "").split()
    return int(first), int(last)


def rows(page: Page) -> list[list[str]]:
    """The table's rows that exist, cell by cell."""
    found: list[list[str]] = page.locator("#list tbody tr[data-bar]").evaluate_all(
        "lines => lines.map(line => [...line.cells].map(cell => cell.textContent))"
    )
    return found


def selected(page: Page) -> str:
    return page.locator(".chosen h2").inner_text()


def place(page: Page, t: float, row: int) -> tuple[float, float]:
    """Where a second of a row lies on the screen."""
    box = chart(page).bounding_box()
    assert box
    first, last = seconds(page)
    left = 172
    return box["x"] + left + (t - first) / (last - first) * (box["width"] - left), box["y"] + HEAD + ROW * (row + 0.5)


def test_opens_on_now_with_the_worst_order(shown: Open) -> None:
    """From a file, without a request or an error: now in sight, the worst order chosen, its cause and chain told."""
    page = shown()
    first, last = seconds(page)
    assert first < 0 < last
    assert selected(page) == "Order 1001/1"
    assert page.locator(".verdict").inner_text() == "2 h late"
    assert page.locator(".cause p").all_inner_texts() == ["waits 7 h 20 min"]
    assert page.locator(".story li").all_inner_texts() == ["stands 7 h 20 min"]
    assert page.locator(".chain button b").all_inner_texts() == ["knit", "wash", "link"]
    assert page.locator(".worst button").all_inner_texts() == ["1001/1\n2 h late", "1002\n22 h 50 min late"]
    assert int(chart(page).get_attribute("data-bars") or 0) > 5
    assert page.locator("#summary").inner_text() == "Late orders: 2"


def test_late_lines_are_not_late_orders(shown: Open) -> None:
    """Two late lines of one order are one late order, and the list says both numbers."""
    page = shown(gantt_page(small_view(orders=(("9", 1), ("9", 2), ("9", 3), ("9", 4))), "en"))
    assert page.locator(".worst h2").inner_text() == "Late orders: 1 (2 lines)"
    page = shown()
    assert page.locator(".worst h2").inner_text() == "Late orders: 2"


def test_names_are_text(shown: Open) -> None:
    """A name full of mark-up runs nothing and is shown as it is written, in panel, table and sign."""
    view = small_view(orders=((NASTY, 1), *ORDERS[1:]), title=NASTY)
    page = shown(gantt_page(replace(view, steps=(NASTY,) * 4), "en"))
    assert page.evaluate("window.hacked") is None
    assert selected(page) == f"Order {NASTY}"
    assert page.locator("h1").inner_text() == NASTY
    assert any(NASTY in row[0] for row in rows(page))
    page.mouse.move(*place(page, 10_000, 0))
    expect(page.locator("#tip")).to_contain_text(NASTY)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("name", ["W" * 10_000, "\u202eעברית evil\u202c", "👩‍🏭🧶" * 50, "=cmd|'/c calc'!A0"])
@pytest.mark.parametrize("width", [1280, 360])
def test_strange_names_push_nothing_away(shown: Open, name: str, width: int) -> None:
    """Names of any length, direction or script: the page keeps its shape, and nothing runs over the edge."""
    view = small_view(orders=((name, 1), *ORDERS[1:]), title=name)
    page = shown(gantt_page(replace(view, steps=(name,) * 4), "en"))
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    top = page.locator("#summary").bounding_box()
    assert top
    assert top["y"] < 160
    heading = page.locator(".chosen h2").bounding_box()
    assert heading
    assert heading["height"] <= 120


def test_policy_refuses_what_is_added(browser: Browser, tmp_path: Path) -> None:
    """A script, a style or a picture that gets into the page later is refused by its policy."""
    file = tmp_path / "plan.html"
    file.write_text(gantt_page(small_view(), "en"), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    broken = page.evaluate(
        """async () => {
            const broken = [];
            document.addEventListener("securitypolicyviolation", (e) => broken.push(e.effectiveDirective));
            const add = (name, set) => { const e = document.createElement(name); set(e); document.body.append(e); };
            for (const [name, set] of [
                ["script", (e) => { e.textContent = "window.hacked = 1"; }],
                ["style", (e) => { e.textContent = "body { display: none }"; }],
                ["img", (e) => { e.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw="; }],
            ]) try { add(name, set); } catch (error) { broken.push(error.name); }
            try { document.body.innerHTML = "<b>x</b>"; } catch (error) { broken.push(error.name); }
            await new Promise((done) => setTimeout(done, 100));
            return broken;
        }"""
    )
    assert page.evaluate("window.hacked") is None
    assert page.locator("main").is_visible()
    assert {"TypeError", "style-src-elem", "img-src"} <= set(broken)
    page.close()


def test_wheel_zooms_scrolls_and_pans(shown: Open) -> None:
    """Ctrl and wheel zoom at the pointer, shift and wheel move in time, the wheel over the dates zooms as well."""
    page = shown()
    x, y = place(page, 20_000, 0)
    page.mouse.move(x, y)
    before = seconds(page)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    closer = seconds(page)
    assert closer[1] - closer[0] < 0.8 * (before[1] - before[0])
    assert abs(place(page, 20_000, 0)[0] - x) < 2
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 200)
    page.keyboard.up("Shift")
    moved = seconds(page)
    assert moved[0] > closer[0]
    assert abs((moved[1] - moved[0]) - (closer[1] - closer[0])) < 2
    page.mouse.move(x, y - ROW / 2 - 20)
    page.mouse.wheel(0, 100)
    wider = seconds(page)
    assert wider[1] - wider[0] > moved[1] - moved[0]


def test_dragging_moves_time(shown: Open) -> None:
    """A drag to the left shows later times and selects nothing else."""
    page = shown()
    page.click("[data-act=in]")
    before = seconds(page)
    x, y = place(page, sum(before) / 2, 0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y, steps=4)
    page.mouse.up()
    assert seconds(page)[0] > before[0]
    assert selected(page) == "Order 1001/1"


def test_pinch_zooms(browser: Browser, tmp_path: Path) -> None:
    """On a phone two fingers that part show less time, one finger moves."""
    file = tmp_path / "plan.html"
    file.write_text(gantt_page(small_view(), "zh-Hant"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(file.as_uri())
    before = seconds(page)
    chart(page).scroll_into_view_if_needed()
    box = chart(page).bounding_box()
    assert box
    x, y = box["x"] + 200, box["y"] + 150
    client = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": a, "y": b, "id": i} for i, (a, b) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (x - 20, y), (x + 20, y))
    for gap in (30, 45, 60):
        touch("touchMove", (x - gap, y), (x + gap, y))
    touch("touchEnd")
    closer = seconds(page)
    assert closer[1] - closer[0] < 0.6 * (before[1] - before[0])
    touch("touchStart", (x, y))
    touch("touchMove", (x - 30, y))
    touch("touchMove", (x - 90, y))
    touch("touchEnd")
    assert seconds(page)[0] > closer[0]
    context.close()


def test_a_click_selects_everywhere(shown: Open) -> None:
    """A click on a bar selects its order in panel and table; a click beside it lets go."""
    page = shown()
    page.mouse.click(*place(page, 14_000, 1))
    assert selected(page) == "Order 1001/2"
    current = page.locator("tr[aria-current=true]")
    assert current.locator("th").inner_text() == "1001/2"
    assert current.locator(".step").inner_text() == "knit"
    page.mouse.click(*place(page, 60_000, 1))
    assert page.locator(".chosen h2").inner_text() == "Order"
    assert page.locator("tr.chosen").count() == 0


def test_the_sign_tells_what_lies_under_the_pointer(shown: Open) -> None:
    """Order, step, pieces, times, people, and why the machine stands there."""
    page = shown()
    page.mouse.move(*place(page, 14_000, 0))
    sign = page.locator("#tip")
    expect(sign).to_contain_text("1001/1 · knit")
    expect(sign).to_contain_text("20 pieces")
    expect(sign).to_contain_text("Set-up Wed 4 Mar 10:00–10:15 Cy")
    expect(sign).not_to_contain_text("Stands")
    page.mouse.move(*place(page, 60_000, 0))
    expect(sign).to_contain_text("Stands: nobody on duty")
    page.mouse.move(5, 5)
    expect(sign).to_be_hidden()


@pytest.mark.parametrize(("view", "least"), [("machine", 13), ("person", 11), ("zone", 13), ("order", 13)])
def test_four_views(shown: Open, view: str, least: int) -> None:
    """By machine, person, zone and order: each shows its bars, and tells which is on."""
    page = shown()
    page.click("[data-act=whole]")
    page.click(f"[data-view={view}]")
    assert page.get_attribute(f"[data-view={view}]", "aria-pressed") == "true"
    page.set_viewport_size({"width": 1280, "height": 1200})
    seconds(page)
    assert int(chart(page).get_attribute("data-bars") or 0) >= least


def test_search_finds_an_order(shown: Open) -> None:
    """Part of a number is enough; what is not there is said."""
    page = shown()
    page.fill("#search", "1002")
    page.keyboard.press("Enter")
    assert selected(page) == "Order 1002"
    page.fill("#search", "9999")
    page.keyboard.press("Enter")
    assert page.get_attribute("#search", "aria-invalid") == "true"
    assert page.locator("#live").inner_text() == "No order “9999”"
    assert page.locator("#orders option").count() == 0


# The table.


def test_table_has_the_same_content(shown: Open) -> None:
    """Every bar has its row: order, step, machine, people, times, pieces, waiting and state."""
    page = shown()
    table = rows(page)
    assert len(table) == 13
    assert page.get_attribute("#list table", "aria-rowcount") == "14"
    knit = next(row for row in table if row[0] == "1001/1" and row[2] == "knit")
    assert knit == [
        "1001/1", "cardigan", "knit", "K1", "Cy", "Wed 4 Mar 10:15", "Thu 5 Mar 08:01", "20",
        "Late · stands 7 h 20 min", "15 min", "",
    ]  # fmt: skip


def test_table_sorts_and_filters(shown: Open) -> None:
    """A heading sorts, again the other way round; the choice beside it keeps late or selected orders only."""
    page = shown()
    page.click("th.pieces button")
    assert page.get_attribute("th.pieces", "aria-sort") == "ascending"
    assert [int(row[7]) for row in rows(page)] == sorted(int(row[7]) for row in rows(page))
    page.click("th.pieces button")
    assert page.get_attribute("th.pieces", "aria-sort") == "descending"
    assert rows(page)[0][7] == "20"
    page.select_option("#scope", "late")
    assert {row[0] for row in rows(page)} == {"1001/1", "1002"}
    page.select_option("#scope", "order")
    assert {row[0] for row in rows(page)} == {"1001/1"}
    assert page.locator(".count").inner_text() == "3 jobs"


def test_table_by_keys(shown: Open) -> None:
    """Arrows go from row to row, Enter selects and brings the bar into sight."""
    page = shown()
    page.locator("#list tbody tr[tabindex='0']").focus()
    page.keyboard.press("End")
    last = page.locator("tr[data-bar]:focus")
    assert last.locator("th").inner_text() == "1002"
    assert last.locator(".step").inner_text() == "plate"
    page.keyboard.press("Enter")
    assert selected(page) == "Order 1002"
    first, until = seconds(page)
    assert first < 109_400 < until
    page.keyboard.press("ArrowUp")
    assert page.locator("tr[data-bar]:focus .step").inner_text() == "link"


def test_panel_leads_to_bars(shown: Open) -> None:
    """A late order or a step of the chain, clicked in the panel, is selected and brought into sight."""
    page = shown()
    page.locator(".worst button", has_text="1002").click()
    assert selected(page) == "Order 1002"
    page.locator(".chain button", has_text="plate").click()
    first, last = seconds(page)
    assert first < 109_400 < last
    assert page.locator("tr[aria-current=true] .step").inner_text() == "plate"


# Languages, colours, sizes, hands.


@pytest.mark.parametrize(
    ("language", "late", "wait"),
    [("zh-Hant", "逾期 2 小時", "等候 7 小時 20 分鐘"), ("zh-Hans", "逾期 2 小时", "等候 7 小时 20 分钟")],
)
def test_language_changes_on_the_page(shown: Open, language: str, late: str, wait: str) -> None:
    """Everything follows: headings, verdict, reasons, table, names for those who listen; and back again."""
    page = shown()
    page.select_option("#language", language)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator(".verdict").inner_text() == late
    assert page.locator(".cause p").first.inner_text() == wait
    assert rows(page)[0][5] == "3月4日(三) 09:00"
    texts = page.locator("main").inner_text()
    for english in ("Late", "Order", "Machine", "Set-up"):
        assert english not in texts
    page.select_option("#language", "en")
    assert page.locator(".verdict").inner_text() == "2 h late"


def pixel(page: Page) -> int:
    """Brightness of a free place of the chart, 0 to 255."""
    seconds(page)
    found: int = page.evaluate(
        """() => { const canvas = document.querySelector("canvas");
            return canvas.getContext("2d").getImageData(canvas.width - 20, canvas.height - 20, 1, 1).data[0]; }"""
    )
    return found


def test_dark_follows_the_system_and_the_choice(shown: Open) -> None:
    """Dark where the system is dark, also when it changes; what is chosen on the page wins."""
    page = shown()
    assert pixel(page) > 200
    page.emulate_media(color_scheme="dark")
    assert pixel(page) < 80
    page.select_option("#theme", "light")
    assert pixel(page) > 200
    page.emulate_media(color_scheme="light")
    page.select_option("#theme", "dark")
    assert pixel(page) < 80


def test_what_is_under_way_is_counted_apart(shown: Open) -> None:
    """The table counts the plan's jobs, as the terminal does."""
    assert shown().locator(".count").inner_text() == "12 jobs + 1 under way"


def test_step_numbers_stand_on_one_line(shown: Open) -> None:
    """On a phone, too, and with two digits: the number of a step never breaks in two over the next step."""
    view = small_view()
    story = tuple(message("render.page.stands", time_s=60 * n) for n in range(1, 19))
    page = shown(gantt_page(replace(view, orders=(replace(view.orders[0], story=story), *view.orders[1:])), "en"))
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="1001/1").first.click()
    heights = page.locator(".story li").evaluate_all(
        "lines => lines.map(line => parseFloat(getComputedStyle(line, '::before').height))"
    )
    assert len(heights) == 18
    assert len(set(heights)) == 1


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1440, 1920])
def test_nothing_runs_over_the_edge(shown: Open, width: int) -> None:
    """From a small phone to a wide screen the page never scrolls sideways."""
    page = shown()
    page.set_viewport_size({"width": width, "height": 900})
    for language in ("en", "zh-Hant"):
        page.select_option("#language", language)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert chart(page).is_visible()


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    shown: Open, page: Page, axe_faults: Callable[[Page], list[str]], language: str, scheme: str
) -> None:
    """No fault of access: names, contrast, roles, order of headings."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    shown(language=language)
    assert axe_faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert axe_faults(page) == []


def test_by_keys_alone(shown: Open) -> None:
    """From the top of the page with the keyboard: to the chart, from bar to bar, select, move, zoom, and out again."""
    page = shown()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "chart":
            break
    assert page.evaluate("document.activeElement.id") == "chart"
    page.keyboard.press("Tab")
    live = page.locator("#live")
    expect(live).to_contain_text("K1. 1001/1 · knit")
    page.keyboard.press("Tab")
    expect(live).to_contain_text("K1. 1002 · knit")
    page.keyboard.press("Enter")
    assert selected(page) == "Order 1002"
    page.keyboard.press("Shift+Tab")
    expect(live).to_contain_text("K1. 1001/1 · knit")
    before = seconds(page)
    page.keyboard.press("+")
    closer = seconds(page)
    assert closer[1] - closer[0] < before[1] - before[0]
    page.keyboard.press("ArrowRight")
    assert seconds(page)[0] > closer[0]
    page.keyboard.press("End")
    assert seconds(page)[1] > 282_200
    page.keyboard.press("Home")
    first, last = seconds(page)
    assert first < 0 < last
    page.keyboard.press("0")
    first, last = seconds(page)
    assert first <= -3600
    assert last >= 282_200
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "chart"


def test_tab_leaves_after_the_last_bar(shown: Open) -> None:
    """The chart is no trap: Tab goes on behind the last bar."""
    page = shown()
    chart(page).focus()
    for _ in range(14):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "chart"


def test_those_who_want_no_motion_get_none(shown: Open) -> None:
    """With reduced motion the chart is at its goal in the next frame."""
    page = shown()
    page.emulate_media(reduced_motion="reduce")
    first, last = page.evaluate(
        """() => new Promise(done => {
            document.querySelector("[data-act=whole]").click();
            requestAnimationFrame(() => requestAnimationFrame(() =>
                done(document.getElementById("chart").dataset.seconds.split(" ").map(Number))));
        })"""
    )
    assert first <= -3600
    assert last >= 282_200


def test_on_paper(shown: Open) -> None:
    """Printed: no tools, light colours, every row of the table; and back to the screen as it was."""
    page = shown()
    page.emulate_media(color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert not page.locator(".tools").is_visible()
    assert page.locator(".legend").is_visible()
    assert len(rows(page)) == 13
    assert pixel(page) > 200
    page.set_viewport_size({"width": 1046, "height": 700})  # 277 mm: A4 lying, without its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 1046
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert pixel(page) < 80


def test_without_scripts_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    """Where scripts are off, a sentence tells where else the plan is."""
    file = tmp_path / "plan.html"
    file.write_text(gantt_page(small_view(), "en"), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    context.close()


def test_ten_thousand_bars(shown: Open) -> None:
    """A large plan opens, only the table's rows in sight exist, and its end is reached by key."""
    html = gantt_page(benchmark().synthetic(10_000, 40, 1, datetime(2026, 3, 4, tzinfo=UTC)), "en")
    page = shown(html)
    page.click("[data-act=whole]")
    seconds(page)
    assert int(chart(page).get_attribute("data-bars") or 0) > 2000
    assert len(rows(page)) < 100
    assert page.get_attribute("#list table", "aria-rowcount") == "10001"
    page.locator("#list tbody tr[tabindex='0']").first.focus()
    page.keyboard.press("End")
    assert page.locator("tr[data-bar]:focus").get_attribute("aria-rowindex") == "10001"


def test_a_benchmark_without_dates_opens(shown: Open) -> None:
    """Bare numbers on the axis and in the table; views that would be empty are not offered."""
    bare = replace(knitting(epoch=None), people=0, zones=0)
    alone = plan([r | {"person": -1, "setup_person": -1} for r in plan_rows()])
    page = shown(gantt_page(view_of(bare, alone, title="ft06"), "en"))
    assert rows(page)[1][5] == "900"
    assert page.locator("[data-view=machine]").is_visible()
    for empty in ("person", "zone"):
        assert not page.locator(f"[data-view={empty}]").is_visible()


def test_an_empty_plan_opens(shown: Open) -> None:
    """No task at all: the page stands, and says that nothing is late."""
    page = shown(gantt_page(view_of(problem(jobs=[], machines=0), plan([]), title="Empty"), "en"))
    assert page.locator(".worst .calm").inner_text() == "No order is late."
    assert page.locator(".count").inner_text() == "0 jobs"


# Lists on paper.


@pytest.fixture(params=["machine", "person", "tonight"])
def paper(request: pytest.FixtureRequest) -> Iterator[str]:
    """One of the printed lists."""
    if request.param == "tonight":
        yield tonight_list(*small(), date(2026, 3, 4), "zh-Hant", title="坊")
    else:
        yield day_list(small_view(), date(2026, 3, 4), request.param, "en")


def test_lists_open_cleanly(shown: Open, paper: str, axe_faults: Callable[[Page], list[str]]) -> None:
    """Each list opens from a file without an error, has its tables, passes axe, and fits a sheet of A4 in width."""
    page = shown(paper)
    assert page.locator("table").count() > 0
    assert axe_faults(page) == []
    page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm: A4 without its margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    assert page.pdf(format="A4").startswith(b"%PDF")
