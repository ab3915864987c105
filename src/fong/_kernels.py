"""The base of all compiled code: where it is cached, how a kernel is declared, how an array becomes fit for one.

Numba's own cache looks at the file of the kernel that is called, not at the files of the kernels which that one calls: after
an edit there, the old result comes back. So Fong caches under a name made of *all* its kernel files (``_kernels*.py``), of
the versions of numba and numpy, and of the processor. For that to hold, a kernel file imports nothing of Fong but other kernel
files (a test keeps it), and only kernel files import numba.

Numba itself is loaded when the first kernel is declared, so that :func:`freeze` costs no more than numpy.
"""

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, ParamSpec, Protocol, TypeVar, cast, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")

_KEPT = 3
"""Cache folders that stay when a new one is made: the new one and the newest others."""


class Kernel(Protocol[P, R_co]):
    """A compiled function: called like the plain one, which stays at hand as ``py_func``."""

    @property
    def py_func(self) -> Callable[P, R_co]:
        """The plain Python function."""

    @property
    def signatures(self) -> list[tuple[object, ...]]:
        """One entry for each combination of argument types that was compiled; more than one hints at a missed freeze."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Run it, after compiling or loading it at the first call."""


@overload
def njit(function: Callable[P, R], /) -> Kernel[P, R]: ...
@overload
def njit(
    *,
    inline: Literal["never", "always"] = "never",
    error_model: Literal["python", "numpy"] = "python",
    inner: bool = False,
    borrows: bool = False,
) -> Callable[[Callable[P, R]], Kernel[P, R]]: ...
def njit(
    function: Callable[P, R] | None = None,
    /,
    *,
    inline: Literal["never", "always"] = "never",
    error_model: Literal["python", "numpy"] = "python",
    inner: bool = False,
    borrows: bool = False,
) -> Kernel[P, R] | Callable[[Callable[P, R]], Kernel[P, R]]:
    """Declare a kernel: compiled at its first call, cached, and running without the interpreter's lock.

    Parameters
    ----------
    inline
        "always" pastes it into its callers before they are compiled.
    error_model
        "numpy" takes out the check for division by zero: only where the divisor cannot be zero.
    inner
        Called by other kernels only: it gets no door for Python and no place in the cache of its own (a third less to compile).
    borrows
        Its arrays are its caller's, and it makes none: nobody counts who holds them, which a small kernel that others call often
        spends most of its time on.

    """

    def declare(plain: Callable[P, R]) -> Kernel[P, R]:
        import numba  # noqa: PLC0415 - loaded by the first kernel, not by freeze

        from fong import _kernels_parts as parts  # noqa: PLC0415 - as above

        options: dict[str, Any] = {"cache": not inner, "nogil": True, "inline": inline, "error_model": error_model}
        options["pipeline_class"] = parts.InnerCompiler if inner else parts.OuterCompiler
        if borrows:
            options["_nrt"] = False
        doors: dict[str, Any] = {"no_cpython_wrapper": inner, "no_cfunc_wrapper": inner}  # unknown to numba's own types
        with _numba_cache_in(cache_folder()):
            kernel = numba.njit(**options, **doors)(plain)
        if inner and hasattr(kernel, "get_call_template"):  # not so with NUMBA_DISABLE_JIT=1
            parts.typed_once(kernel)
        return cast("Kernel[P, R]", kernel)

    return declare if function is None else declare(function)


def inner(function: Callable[P, R], /) -> Kernel[P, R]:
    """Declare a part of a kernel, called by kernels only; its divisors are never zero."""
    return njit(inner=True, error_model="numpy")(function)


def borrower(function: Callable[P, R], /) -> Kernel[P, R]:
    """Declare a part of a kernel that makes no arrays: as :func:`inner`, but without a count of who holds which array."""
    return njit(inner=True, error_model="numpy", borrows=True)(function)


def freeze(values: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """Make a read-only, C-contiguous array that nobody else can write to; one that is so already is returned as it is.

    Each other layout (writable, strided, another width) would compile each kernel once more. Numbers that ``dtype`` cannot hold
    are refused, not cut.

    Parameters
    ----------
    values
        Numbers or booleans in any shape.
    dtype
        The type wanted.

    Raises
    ------
    ValueError
        A value does not fit: too large, or a fraction where whole numbers are wanted.
    TypeError
        The values are not numbers.

    """
    wanted = np.dtype(dtype)
    given = np.asarray(values)
    if given.dtype == wanted and _is_frozen(given):
        return given
    if given.dtype.kind not in "biuf":
        text = f"freeze takes numbers, not {given.dtype} (wanted {wanted})"
        raise TypeError(text)
    with np.errstate(invalid="ignore", over="ignore"):
        frozen = np.array(given, dtype=wanted, order="C", copy=True)
    if wanted.kind != "f" and given.dtype != wanted and not np.array_equal(frozen, given):
        text = f"{given[frozen != given].flat[0]} does not fit into {wanted}"
        raise ValueError(text)
    frozen.flags.writeable = False
    return frozen


def cold() -> bool:
    """Tell whether nothing is compiled yet, so that the first plan takes its time and people deserve a word about it."""
    return next(cache_folder().rglob("*.nbi"), None) is None


@cache
def cache_folder() -> Path:
    """Return the folder for this very code on this very processor; makes it, and drops the oldest of its like."""
    name = _fingerprint(Path(__file__).parent)
    for root in _cache_roots():
        folder = root / "kernels" / name
        try:
            fresh = not folder.exists()
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)  # the newest are those last used
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        if fresh:
            _drop_old(folder.parent)
        return folder
    return Path(tempfile.mkdtemp(prefix="fong-kernels-"))


def _fingerprint(package: Path) -> str:
    """Hash all that decides what machine code comes out."""
    import llvmlite.binding as llvm  # noqa: PLC0415 - comes with numba, and as late
    import numba  # noqa: PLC0415 - as above

    digest = hashlib.sha256()
    features = llvm.get_host_cpu_features().flatten()
    for fact in (numba.__version__, np.__version__, llvm.get_host_cpu_name(), features):
        digest.update(f"{fact}\n".encode())
    for file in sorted(package.rglob("_kernels*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(package).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _cache_roots() -> Iterator[Path]:
    """Yield the places for a cache, the best first: the user's own, then a private one among the temporary files."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        base = base if Path(base).is_absolute() else "~/.cache"
    with contextlib.suppress(RuntimeError):  # no home
        if (root := Path(base).expanduser()).is_absolute():
            yield root / "fong"
    if (private := _private_temporary()) is not None:
        yield private


def _private_temporary() -> Path | None:
    """Return a folder in the shared temporary place if it is this user's alone: what is cached there will be run."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(tempfile.gettempdir()) / f"fong-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode):
        return None
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        return None
    return folder


def _drop_old(parent: Path) -> None:
    """Remove all but the newest cache folders; what cannot be removed stays."""
    with contextlib.suppress(OSError):
        newest_first = sorted(parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in newest_first[_KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _numba_cache_in(folder: Path) -> Iterator[None]:
    """Point numba at the folder while a kernel is declared, which is when it decides; other users of numba keep theirs."""
    from numba.core import config  # noqa: PLC0415 - loaded by the first kernel

    settings = cast("Any", config)
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        settings.CACHE_DIR = before


def _is_frozen(array: NDArray[Any]) -> bool:
    """Tell whether the array has the one layout, and whether all that it looks into is read-only as well."""
    flags = array.flags
    if flags.writeable or not flags.c_contiguous or not flags.aligned:
        return False
    owner = array.base
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return False
        owner = owner.base
    return owner is None
