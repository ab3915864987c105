"""What all tests share: hypothesis profiles, no silent skips under CI, and a browser for the page tests."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

CI = os.environ.get("CI") == "true"
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# A compiling kernel makes the first example slow, hence no deadline. Under CI the examples are the same at each run.
settings.register_profile("dev", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if CI else "dev")
# `make quick` asks for this one (--hypothesis-profile); every other run draws all examples.
settings.register_profile("quick", settings.default, max_examples=10)


def _why(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI a skip is a failure, unless the test is marked `may_skip`."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("may_skip") is None:
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid}: skipped under CI ({_why(report.longrepr)}); mark it may_skip(reason) or mend it"
        )
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Under CI a whole file that skips itself is a failure as well."""
    report = yield
    if CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid}: skipped under CI ({_why(report.longrepr)})"
    return report


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> Path:
    """The folder of sample data beside the checkout; tests that want it are skipped where it is absent."""
    if not SHARED.is_dir():
        reason = f"no sample data at {SHARED}"
        request.node.add_marker(pytest.mark.may_skip(reason))
        pytest.skip(reason)
    return SHARED


def find_chromium() -> str | None:
    """Return the path of a Chromium: the one that `make pages` found, or one on the path."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("FONG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A headless Chromium for the whole run."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found; `make pages` installs it where it can")
    from playwright.sync_api import sync_playwright

    # Root has no sandbox; the rest keeps the browser from calling home.
    arguments = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    arguments += ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A fresh page of 1280 × 800. It asks for nothing outside this machine, and no script error goes unseen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", accept_downloads=True)
    context.set_default_timeout(10_000)
    faults: list[str] = []

    def guard(route: "Route") -> None:
        address = route.request.url
        if address.startswith(("http://127.0.0.1", "http://localhost", "https://127.0.0.1", "https://localhost")):
            route.continue_()
        else:
            faults.append(f"asks for {address}")
            route.abort()

    def listen(message: "ConsoleMessage") -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    context.route(lambda address: address.startswith(("http:", "https:", "ws:", "wss:")), guard)
    context.on("console", listen)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    yield context.new_page()
    context.close()
    assert not faults, faults


@pytest.fixture
def axe_faults() -> "Callable[[Page], list[str]]":
    """Return a function that lists what axe finds wrong with a page: rule, and the first place."""

    def run(page: "Page") -> list[str]:
        from axe_playwright_python.sync_playwright import Axe

        found: list[dict[str, Any]] = Axe().run(page).response["violations"]
        return [f"{rule['id']}: {rule['help']} at {rule['nodes'][0]['target']}" for rule in found]

    return run
