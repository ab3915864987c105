"""Each compiled function has a slow twin in the tests, or a written reason why not: docs/dev/kernels.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "fong"
TABLE = ROOT / "docs" / "dev" / "kernels.md"
NAMES = re.compile(r"`([^`]+)`")

Kernel = tuple[str, str]
"""Module and name."""


def kernels() -> Iterator[Kernel]:
    """All functions of the package that are declared as kernels."""
    for file in sorted(PACKAGE.rglob("_kernels*.py")):
        module = file.relative_to(PACKAGE).with_suffix("").as_posix()
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
                if any(isinstance(mark, ast.Name) and mark.id in {"njit", "inner"} for mark in marks):
                    yield module, node.name


def rows() -> Iterator[tuple[Kernel, str]]:
    """What the table says of each kernel."""
    module = ""
    for line in TABLE.read_text(encoding="utf-8").partition("## Table")[2].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0] != "module" and not cells[0].startswith("---"):
            module = NAMES.findall(cells[0])[0] if cells[0] else module
            for name in NAMES.findall(cells[1]):
                yield (module, name), cells[2]


ROWS = list(rows())


def test_each_kernel_has_one_row() -> None:
    """Nothing compiled is missing, nothing is told twice, nothing is told that is gone."""
    assert sorted(kernel for kernel, _ in ROWS) == sorted(kernels())


@pytest.mark.parametrize(("kernel", "twin"), ROWS, ids=[f"{module}.{name}" for (module, name), _ in ROWS])
def test_the_twin_is_there(kernel: Kernel, twin: str) -> None:
    """The file of tests calls the kernel, or who calls it; what it is a part of has a twin itself; or there is a reason."""
    first, *rest = NAMES.findall(twin)
    if twin.startswith("through "):
        verdicts = [said for (_, name), said in ROWS if name == first]
        assert any(said.startswith("`tests/") for said in verdicts), f"{first} has no twin"
        return
    text = (ROOT / first).read_text(encoding="utf-8")
    if twin.startswith("whole "):
        assert len(twin.partition(": ")[2]) > 20, "say why"
        return
    called = rest[0] if " by " in twin else kernel[1]
    assert re.search(rf"\b{called}\(|\.{called}\b|\b{called}\[", text), f"{first} does not call {called}"
