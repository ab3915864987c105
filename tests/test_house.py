"""The house itself: what may import what, what loads when, that the compiled code never goes stale, that pages open."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fong
from fong import _kernels
from fong._kernels import freeze

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "fong"
SOURCES = sorted(PACKAGE.rglob("*.py"))
CLI = (PACKAGE / "cli" / "__init__.py").exists()


def imports(file: Path) -> Iterator[str]:
    """Every module that the file imports, wherever in it, as a dotted name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and hold what it said."""
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, encoding="utf-8", check=False, **options
    )


def named(file: Path) -> str:
    """A name for a file in the list of tests."""
    return file.relative_to(PACKAGE).as_posix()


# The window.


@pytest.mark.parametrize("name", fong.__all__)
def test_public_name_loads(name: str) -> None:
    """Each name in the window is there, and stays there."""
    assert getattr(fong, name) is getattr(fong, name)


def test_window_and_table_agree() -> None:
    """The table of homes, the list of public names and `dir` say the same, in order; types see the same names."""
    assert sorted([*fong._HOME, "__version__"]) == fong.__all__ == dir(fong)
    assert list(fong._HOME) == sorted(fong._HOME)
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert typed == fong._HOME


def test_unknown_name_is_refused() -> None:
    """A name that is not there raises what Python expects."""
    with pytest.raises(AttributeError, match="module 'fong' has no attribute 'Fatcory'"):
        fong.Fatcory  # type: ignore[attr-defined]  # noqa: B018


def test_version_is_in_the_changelog() -> None:
    """The changelog speaks of the version that this is."""
    assert f"## {fong.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# What may import what (the layers themselves are kept by import-linter).


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_only_kernel_files_import_numba(file: Path) -> None:
    """Numba is met in `_kernels*.py` alone, so that one hash covers all compiled code."""
    heavy = {name for name in imports(file) if name.split(".")[0] in {"numba", "llvmlite"}}
    assert not heavy or file.name.startswith("_kernels")


@pytest.mark.parametrize("file", [file for file in SOURCES if file.name.startswith("_kernels")], ids=named)
def test_kernel_files_import_only_kernel_files(file: Path) -> None:
    """Compiled code holds nothing of Fong from outside the hashed files: a constant changed elsewhere would go stale."""
    own = [name for name in imports(file) if name.split(".")[0] == "fong"]
    assert [name for name in own if "._kernels" not in name] == []


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_only_cpsat_imports_ortools(file: Path) -> None:
    """The exact solver is met in `plan/cpsat*` alone, and inside functions: it takes a quarter of a second to load."""
    if not any(name.split(".")[0] == "ortools" for name in imports(file)):
        return
    assert file.relative_to(PACKAGE).as_posix().startswith("plan/cpsat")
    top = ast.parse(file.read_text(encoding="utf-8")).body
    assert "ortools" not in {
        name.split(".")[0]
        for node in top
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }


BANNED = {
    "clock": "import time\n",
    "today": "import datetime\n\nx = datetime.date.today()\n",
    "environment": "import os\n\nx = os.environ['HOME']\n",
    "environment by name": "from os import environ\n",
    "random": "from random import random\n",
    "numpy's global random": "import numpy as np\n\nnp.random.seed(1)\n",
    "numpy's old random": "import numpy as np\n\nx = np.random.rand(3)\n",
    "open": "x = open('file.txt')\n",
    "path": "from pathlib import Path\n",
    "process": "import subprocess\n",
    "print": "print('hello')\n",
}


@pytest.mark.parametrize("room", ["model", "plan", "formats", "learn", "render", "examples", "a_room_of_tomorrow"])
def test_pure_rooms_touch_nothing(room: str) -> None:
    """The linter refuses a clock, the environment, files and global randomness in every pure room."""
    text = "".join(BANNED.values())
    assert lint_lines(text, f"src/fong/{room}/x.py") == set(BANNED)


@pytest.mark.parametrize("room", ["cli", "workshop"])
def test_doors_may_touch_the_world(room: str) -> None:
    """The doors and the workshop read clocks and settings."""
    assert lint_lines("import os\nimport time\n", f"src/fong/{room}/x.py") == set()


def lint_lines(text: str, name: str) -> set[str]:
    """Lint a text as if it lay there; return which of BANNED were found."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    found = run(
        ruff, "check", "--select=TID251,PTH123,NPY002,T201", "--output-format=json", "--stdin-filename", name, "-",
        input=text, cwd=ROOT,
    )  # fmt: skip
    rows = {fault["location"]["row"] for fault in json.loads(found.stdout)}
    ends, hit = 0, set()
    for what, snippet in BANNED.items():
        start, ends = ends, ends + snippet.count("\n")
        if any(start < row <= ends for row in rows):
            hit.add(what)
    return hit


# What loads when.


@pytest.mark.skipif(not CLI, reason="the command line is not written yet")
@pytest.mark.may_skip("the command line is not written yet")
def test_help_is_quick_and_light() -> None:
    """`fong --help` answers within 0.3 s (the best of five) and loads neither numba nor numpy, ortools or openpyxl."""
    script = (
        "import sys\n"
        "from fong.cli import main\n"
        "sys.argv = ['fong', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'numba', 'numpy', 'ortools', 'openpyxl', 'pydantic'} & set(sys.modules)\n"
        "print(f'HEAVY={sorted(heavy)}')\n"
    )
    done = run(sys.executable, "-c", script)
    assert done.returncode == 0, done.stderr
    assert "HEAVY=[]" in done.stdout
    command = Path(sys.executable).parent / ("fong.exe" if os.name == "nt" else "fong")
    best = min(elapsed(command, "--help") for _ in range(5))
    assert best < 0.3


def elapsed(*command: str | Path) -> float:
    """Seconds that a command takes."""
    start = time.perf_counter()
    assert run(*command).returncode == 0
    return time.perf_counter() - start


def test_import_is_light() -> None:
    """`import fong` loads no room and nothing heavy."""
    done = run(sys.executable, "-c", "import sys, fong; print([m for m in sys.modules if m[:5] in ('fong.', 'numpy')])")
    assert done.stdout.strip() == "[]"


def test_planning_loads_no_openpyxl() -> None:
    """Only who reads or writes a workbook waits for openpyxl."""
    done = run(sys.executable, "-c", "import sys, fong.cli.planning; print('openpyxl' in sys.modules)")
    assert done.stdout.strip() == "False"


# The one door for arrays.


def test_freeze_gives_the_one_layout() -> None:
    """Whatever comes in, a read-only C-contiguous array of the type asked for comes out."""
    for given_ in ([3, 1, 2], np.arange(6)[::2], np.asfortranarray(np.eye(3)), np.array([1.0, 2.0], ">f8"), [], 7):
        frozen = freeze(given_, np.int64)
        assert frozen.dtype == np.int64
        assert frozen.flags.c_contiguous
        assert not frozen.flags.writeable
        assert frozen.tolist() == np.asarray(given_).tolist()


def test_freeze_does_not_share_what_can_be_written() -> None:
    """A later write to the source, or through a writable base, does not reach a frozen array."""
    source = np.arange(5)
    view = source[:]
    view.flags.writeable = False
    frozen, from_view = freeze(source, np.int64), freeze(view, np.int64)
    source[0] = 99
    assert frozen[0] == from_view[0] == 0


def test_freeze_returns_frozen_as_it_is() -> None:
    """A frozen array, or a slice of one, is not copied again."""
    frozen = freeze([1, 2, 3], np.int64)
    part = frozen[1:]
    assert freeze(frozen, np.int64) is frozen
    assert freeze(part, np.int64) is part


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1.5], np.int64),
        ([float("nan")], np.int64),
        ([1e300], np.int64),
        ([300], np.int8),
        ([-1], np.uint32),
        ([2], np.bool_),
    ],
)
def test_freeze_refuses_what_does_not_fit(values: list[float], dtype: type) -> None:
    """A number that the type cannot hold is refused, never cut."""
    with pytest.raises(ValueError, match="does not fit into"):
        freeze(values, dtype)


@pytest.mark.parametrize("values", [["12"], [None], [object()]])
def test_freeze_refuses_what_is_no_number(values: list[Any]) -> None:
    """Text is not read as numbers here."""
    with pytest.raises(TypeError, match="freeze takes numbers"):
        freeze(values, np.int64)


@given(st.lists(st.integers(-(2**31), 2**31 - 1)), st.sampled_from([np.int32, np.int64, np.float64]))
def test_freeze_keeps_values(values: list[int], dtype: type) -> None:
    """What goes in comes out."""
    assert freeze(values, dtype).tolist() == values


# The cache of compiled code, tried on a small package of its own.

INNER = "from tiny._kernels import njit\n\n\n@njit\ndef twice(x):\n    return x * 2\n"
OUTER = (
    "from tiny._kernels import njit\nfrom tiny.inner._kernels import twice\n\n\n"
    "@njit\ndef plus_one(x):\n    return twice(x) + 1\n"
)
CALL = (
    "import json\nfrom tiny._kernels import cache_folder, cold\nfrom tiny.outer._kernels import plus_one\n"
    "was_cold = cold()\n"
    "value = plus_one(5)\nstats = plus_one.stats\n"
    "print(json.dumps({'value': value, 'hits': sum(stats.cache_hits.values()), 'misses': sum(stats.cache_misses.values()),"
    " 'folder': str(cache_folder()), 'cold': was_cold, 'signatures': len(plus_one.signatures)}))\n"
)


class Tiny:
    """A package of two kernel files over a copy of Fong's base, run in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.write("__init__.py", "")
        self.write("_kernels.py", (PACKAGE / "_kernels.py").read_text(encoding="utf-8"))
        self.write("inner/_kernels.py", INNER)
        self.write("outer/_kernels.py", OUTER)

    def write(self, name: str, text: str) -> None:
        """Write a file of the package."""
        file = self.folder / "tiny" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def call(self, **more: str) -> dict[str, Any]:
        """Call the outer kernel with 5 in a new process; return what it said of itself."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
        # The same three variables name the user's cache on Linux, on Windows and on a Mac.
        home = {"XDG_CACHE_HOME": str(self.cache), "LOCALAPPDATA": str(self.cache), "HOME": str(self.folder)}
        # Python's own cache looks at whole seconds and sizes: an edit of one digit within a second would not be seen by it.
        home["PYTHONDONTWRITEBYTECODE"] = "1"
        done = run(sys.executable, "-c", CALL, cwd=self.folder, env=kept | home | more)
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)


@pytest.mark.slow
def test_edit_in_a_callee_is_seen(tiny: Tiny) -> None:
    """After an edit in the file of a called kernel, the caller gives the new result, although its own file is the same."""
    first = tiny.call()
    assert (first["value"], first["hits"], first["cold"]) == (11, 0, True)
    tiny.write("inner/_kernels.py", INNER.replace("x * 2", "x * 3"))
    second = tiny.call()
    assert (second["value"], second["hits"], second["cold"]) == (16, 0, True)
    assert first["folder"] != second["folder"]


@pytest.mark.slow
def test_second_process_compiles_nothing(tiny: Tiny) -> None:
    """What one process compiled, the next one loads, in the folder of this user."""
    first, second = tiny.call(), tiny.call()
    assert (first["hits"], first["misses"]) == (0, 1)
    assert (second["hits"], second["misses"], second["cold"]) == (1, 0, False)
    assert first["folder"] == second["folder"]
    assert Path(first["folder"]).is_relative_to(tiny.folder)
    assert second["signatures"] == 1


@pytest.mark.slow
def test_only_the_newest_caches_stay(tiny: Tiny) -> None:
    """A new folder drives out all but two older ones."""
    kernels = Path(tiny.call()["folder"]).parent
    for age in range(1, 5):
        old = kernels / f"old{age}"
        old.mkdir()
        os.utime(old, (time.time() - 1000 * age,) * 2)
    tiny.write("inner/_kernels.py", INNER + "\n# another\n")
    newest = Path(tiny.call()["folder"])
    assert len(list(kernels.iterdir())) == _kernels._KEPT
    assert newest.is_dir()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has another temporary place")
@pytest.mark.may_skip("Windows has another temporary place")
def test_unwritable_cache_falls_back(tiny: Tiny) -> None:
    """Where the user's cache cannot be written, a private temporary folder serves, and not numba's unhashed one."""
    tiny.cache.write_text("a file, where a folder should be", encoding="utf-8")
    (tiny.folder / "Library").write_text("on a Mac as well", encoding="utf-8")
    temporary = tiny.folder / "temporary"
    temporary.mkdir()
    said = tiny.call(TMPDIR=str(temporary))
    assert said["value"] == 11
    folder = Path(said["folder"])
    assert folder.is_relative_to(temporary)
    assert (temporary / folder.relative_to(temporary).parts[0]).stat().st_mode & 0o077 == 0
    assert list(tiny.folder.rglob("tiny/**/*.nbi")) == []
    assert list(folder.rglob("*.nbi"))


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
@pytest.mark.may_skip("Windows knows no such modes")
def test_open_temporary_folder_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that others may write to, or a link laid there, is not taken: what is cached there will be run."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    trusted = _kernels._private_temporary()
    assert trusted is not None
    trusted.chmod(0o777)
    assert _kernels._private_temporary() is None
    trusted.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    trusted.symlink_to(tmp_path / "elsewhere")
    assert _kernels._private_temporary() is None


# The tests themselves.

LAZY = (
    "import pytest\n\n\ndef test_lazy():\n    pytest.skip('no time')\n\n\n"
    "@pytest.mark.may_skip('no such thing here')\ndef test_excused():\n    pytest.skip('absent')\n\n\n"
    "@pytest.mark.xfail(reason='known')\ndef test_known():\n    assert 0\n\n\n"
    "def test_shared(shared):\n    assert 0\n"
)


@pytest.mark.parametrize(
    ("ci", "line"), [("true", "1 failed, 2 skipped, 1 xfailed"), ("", "3 skipped, 1 xfailed")], ids=["ci", "at home"]
)
def test_skips_fail_under_ci(tmp_path: Path, ci: str, line: str) -> None:
    """Under CI a skip is a failure unless it is excused; absent sample data is."""
    project = tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", project)
    shutil.copy(ROOT / "tests" / "conftest.py", project / "tests")
    (project / "tests" / "test_lazy.py").write_text(LAZY, encoding="utf-8")
    done = run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", cwd=project, env={**os.environ, "CI": ci})
    assert line in done.stdout.splitlines()[-1]


# The repository.


def test_locks_name_no_index() -> None:
    """Each locked package has hashes; no lock file names an address."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index" not in re.sub(r"(?m)^\s*#.*$", "", text)
        pins = re.findall(r"(?m)^[a-z0-9].*$", text)
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins)


def test_locks_agree() -> None:
    """What runs is what was tested: the development lock holds every runtime and build pin unchanged."""
    pins = {
        name: set(re.findall(r"(?m)^([a-z0-9][^ ]*==[^ ]+)", (ROOT / name).read_text(encoding="utf-8")))
        for name in ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
    }
    assert pins["requirements.lock"] | pins["requirements-build.lock"] <= pins["requirements-dev.lock"]


@pytest.mark.page
def test_browser_shows_chinese(page: "Page", axe_faults: "Callable[[Page], list[str]]") -> None:
    """The page tests have a real browser with real Chinese glyphs: two characters give two pictures, no empty boxes."""
    page.set_content("<!doctype html><html lang=zh-Hant><title>坊</title><main><h1>坊</h1></main></html>")
    heading = page.locator("h1")
    workshop = heading.screenshot()
    heading.evaluate("e => { e.textContent = '織' }")
    assert heading.screenshot() != workshop
    assert axe_faults(page) == []
