"""Strangers' files are read in a child process with limits: a hostile file can at worst kill the child.

The child starts a fresh interpreter (no module of the parent's runs again), does one job of :data:`JOBS`, and sends the result back
through a pipe. On Linux the system holds it to its memory; its time is kept everywhere; unpacked sizes are counted by the readers.
What comes back may only be made of Fong's own nouns.
"""

from __future__ import annotations

import contextlib
import copyreg
import gc
import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from fong.errors import InputFault, Limit, UsageError
from fong.formats.limits import MEGABYTE, Limits
from fong.model import (
    BillLine,
    Fault,
    Item,
    Machine,
    Message,
    OrderLine,
    Person,
    Place,
    Receipt,
    Setup,
    Speed,
    Step,
    Store,
    Tool,
    WorkEvent,
    WorkInProgress,
    message,
)

TABLE_FILES = (".csv", ".tsv")
"""Endings of the files of a folder that are read."""

_NOUNS = (
    BillLine,
    Item,
    Machine,
    OrderLine,
    Person,
    Receipt,
    Setup,
    Speed,
    Step,
    Store,
    Tool,
    WorkEvent,
    WorkInProgress,
)
"""Nouns of which there may be thousands."""
_SLOTS = {n: tuple(n.__dict__[f.name].__set__ for f in fields(n)) for n in _NOUNS}
_CHILD = "from fong.workshop.child import serve; serve()"
_SAID = 2000
_ONE_FILE = frozenset(("log", "learn", "rest", "plan"))
"""Jobs that read no folder."""

Content = bytes | dict[str, bytes]
"""A file's bytes; of a folder, those of each CSV file by its name."""
Answer = tuple[object, tuple[Message, ...]]
"""What a job makes of a file, and what its owner should know."""


# ---------------------------------------------------------------- the parent's side
def ask(job: str, path: Path, limits: Limits, **request: object) -> Answer:
    """Let the child do a job on a file or folder.

    Parameters
    ----------
    job
        One of :data:`JOBS`.
    path
        What it is to read; of a folder, its CSV files.
    limits
        What it may cost.
    request
        What else the job needs, as JSON can say it.

    Raises
    ------
    InputFault
        With every fault of the input.
    Limit
        It is too large, or takes too long.
    UsageError
        What was asked for cannot be done with it.
    """
    look(path, limits, folders=job not in _ONE_FILE)
    whole = {"job": job, "path": str(path), "limits": asdict(limits), **request}
    return _ask_child(path.name, whole, limits)


def look(path: Path, limits: Limits, *, folders: bool = True) -> None:
    """Refuse what is not there, cannot be read or is too large, before anything is read.

    Raises
    ------
    InputFault
        There is no such file or folder, it is no ordinary one, or it holds no table.
    Limit
        It is too large.
    """
    try:
        in_folder = folders and path.is_dir()
        files = [f for f in path.iterdir() if f.suffix.lower() in TABLE_FILES] if in_folder else [path]
        size = sum(f.stat().st_size for f in files)
    except OSError as error:
        raise _not_opened(path, error) from None
    if not files:
        raise _fault("formats.empty_folder", str(path))
    if not all(f.is_file() for f in files):
        raise _fault("formats.no_file", path.name, found=str(path))
    if size > limits.file_mb * MEGABYTE:
        found = round(size / MEGABYTE)
        raise Limit(message("formats.file_too_large", source=path.name, found_mb=found, limit_mb=limits.file_mb))


def _not_opened(path: Path, error: OSError) -> InputFault:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return _fault("formats.no_such_file", "", found=str(path))
    return _fault(
        "formats.not_opened", "", found=error.filename or str(path), why=error.strerror or type(error).__name__
    )


def _fault(code: str, source: str, **params: str) -> InputFault:
    return InputFault([Fault(message=message(code, **params), place=Place(source=source))])


def _ask_child(name: str, request: dict[str, object], limits: Limits) -> Answer:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads cost address space
    command = [sys.executable, "-P", "-c", _CHILD]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        try:
            answer, said = child.communicate(json.dumps(request).encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise Limit(message("formats.took_too_long", source=name, limit_s=round(limits.seconds))) from None
    return _understood(name, answer, said, child.returncode, limits)


def _understood(name: str, answer: bytes, said: bytes, code: int, limits: Limits) -> Answer:
    collecting = gc.isenabled()
    gc.disable()  # tens of thousands of nouns would wake it again and again
    try:
        kind, value, notes = _Unpickler(io.BytesIO(answer)).load()
    except Exception:  # noqa: BLE001 - whatever a child that was taken over sends, its reader lives on
        if b"memory allocation" in said[-_SAID:] or b"MemoryError" in said[-_SAID:]:
            kind, value, notes = "memory", None, ()
        else:
            kind, value, notes = "dead", None, ()
    finally:
        if collecting:
            gc.enable()
    if kind == "ok":
        return value, notes
    if kind == "fault":
        raise InputFault(value)
    if kind == "limit":
        raise Limit(value)
    if kind == "usage":
        raise UsageError(value)
    if kind == "memory":
        raise Limit(message("formats.took_too_much_memory", source=name, limit_mb=limits.memory_mb))
    if kind == "unreadable":
        raise _fault("formats.unreadable", name, found=str(value))
    raise Limit(message("formats.reader_died", source=name, found=code))


_OWN = ("fong.model.", "fong.learn.")
"""Rooms whose nouns may come back."""
_ALLOWED = {
    "builtins": {"frozenset", "set", "complex"},
    "collections": {"Counter", "defaultdict"},
    "datetime": {"date", "datetime", "timedelta", "timezone", "time"},
    "decimal": {"Decimal"},
    "fong.formats.log": {"LogNotes"},
    "fong.workshop.child": {"frozen_mapping", "restored"},
    "fong.workshop.logs": {"Gathered", "Rest"},
    "zoneinfo": {"ZoneInfo"},
    "numpy": {"ndarray", "dtype"},
    "numpy._core.numeric": {"_frombuffer"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
}


class _Unpickler(pickle.Unpickler):
    """Reads what the child says; it may name nothing but the nouns and what they are made of."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as pickle has it
        if module.startswith(_OWN) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        if name in _ALLOWED.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


# ---------------------------------------------------------------- the child's side
def _pickled(answer: object, out: BinaryIO) -> None:
    """Write mappings and time zones by what they hold, so that the reader needs no other names."""
    pickler = pickle.Pickler(out, protocol=5)
    own: dict[type, Callable[[Any], tuple[Callable[..., Any], tuple[Any, ...]]]] = {
        noun: _by_values(noun) for noun in _NOUNS
    }
    own[MappingProxyType] = lambda m: (frozen_mapping, (dict(m),))
    own[ZoneInfo] = lambda z: (ZoneInfo, (z.key,))
    pickler.dispatch_table = {**copyreg.dispatch_table, **own}
    pickler.dump(answer)


def _by_values(noun: type) -> Callable[[object], tuple[Callable[..., Any], tuple[Any, ...]]]:
    """How to write a noun: by the values of its fields, twice as fast as a dataclass does it itself."""
    values = attrgetter(*(f.name for f in fields(noun)))
    return lambda one: (restored, (noun, values(one)))


def restored(noun: type, values: tuple[object, ...]) -> object:
    """A noun from the values of its fields, which another process has checked.

    Raises
    ------
    UnpicklingError
        It is none of the nouns that the child may send.
    """
    if noun not in _SLOTS:
        raise pickle.UnpicklingError(str(noun))
    one = object.__new__(noun)
    for put, value in zip(_SLOTS[noun], values, strict=True):
        put(one, value)
    return one


def frozen_mapping(values: dict[object, object]) -> MappingProxyType[object, object]:
    """A read-only mapping; a function, for its class has no name that pickle could write down."""
    return MappingProxyType(values)


def serve() -> None:
    """The child's whole life: one request from standard input, one answer to standard output."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not disturb the answer
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    answer = _answer(request, limits)
    with out:
        _pickled(answer, out)


def _answer(request: dict[str, Any], limits: Limits) -> tuple[str, object, tuple[Message, ...]]:
    gc.disable()  # a short life, and nothing in it that only a collector could free
    _hold_to(limits)
    path = Path(request["path"])
    try:
        value, notes = JOBS[request["job"]](path.name, _content(path), request, limits)
    except InputFault as fault:
        return "fault", fault.faults, ()
    except (Limit, UsageError) as error:
        return "limit" if isinstance(error, Limit) else "usage", error.message, ()
    except MemoryError:
        return "memory", None, ()
    except OSError as error:
        return "fault", _not_opened(path, error).faults, ()
    except Exception as error:  # noqa: BLE001 - a stranger's file must never show a traceback
        return "unreadable", type(error).__name__, ()
    return "ok", value, notes


def _content(path: Path) -> Content:
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix.lower() in TABLE_FILES and f.is_file())
        return {f.name: f.read_bytes() for f in files}
    return path.read_bytes()


def _given(name: str, content: Content, request: Mapping[str, Any], limits: Limits) -> Answer:
    """A workshop or a benchmark instance. Asks for ``format`` (or None) and ``now`` (ISO, or None)."""
    from fong.formats.given import given

    now = None if request["now"] is None else datetime.fromisoformat(request["now"])
    return given(name, content, format=request["format"], now=now, limits=limits)


def _of_logs(what: str) -> Callable[[str, Content, Mapping[str, Any], Limits], Answer]:
    """Something made of a time log (:mod:`fong.workshop.logs`). Asks for what :func:`fong.workshop.learning.asked` says."""

    def job(name: str, content: Content, request: Mapping[str, Any], limits: Limits) -> Answer:
        from fong.workshop import logs

        assert isinstance(content, bytes)  # noqa: S101 - a job of _ONE_FILE
        return getattr(logs, what)(name, content, request, limits), ()

    return job


def _plan(name: str, content: Content, _request: Mapping[str, Any], _limits: Limits) -> Answer:
    """What a plan file holds, as JSON has it; what it means is asked where the workshop is known."""
    from fong.formats.plan_file import load_plan

    assert isinstance(content, bytes)  # noqa: S101 - a job of _ONE_FILE
    return load_plan(content, name), ()


JOBS: Mapping[str, Callable[[str, Content, Mapping[str, Any], Limits], Answer]] = MappingProxyType(
    {
        "given": _given,
        "log": _of_logs("gathered"),
        "learn": _of_logs("learned"),
        "rest": _of_logs("rest"),
        "plan": _plan,
    }
)
"""What the child can do: the file's name, its content, the request and the limits → what it sends back."""


def _hold_to(limits: Limits) -> None:
    """Ask the system to hold this process to its limits, where it can: no dumps, no files, no more memory than allowed."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + limits.memory_mb * MEGABYTE
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: int(limits.seconds) + 5,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for what, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is there already
            resource.setrlimit(what, (most, most))
