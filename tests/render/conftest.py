"""What the tests of this room share: the small plan, and a Node process that answers for the page's modules."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.render.plans import small_view

from fong.render import PlanView

JS = Path(__file__).resolve().parent.parent / "js"
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def view() -> PlanView:
    return small_view()


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node; the page needs none, only these tests do."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("no Node found: the page's pure modules are tested by the browser alone")
    return path


@pytest.fixture(scope="session")
def ask(node: str) -> Iterator[Ask]:
    """Return a function that calls one of the page's pure functions by name."""
    with subprocess.Popen([node, JS / "ask.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        to, back = process.stdin, process.stdout

        def call(name: str, *args: object) -> Any:
            to.write(json.dumps([name, args]).encode() + b"\n")
            to.flush()
            said = json.loads(back.readline())
            assert "error" not in said, said["error"]
            return said.get("ok")

        yield call
        to.close()
