"""The tree of exceptions that Fong raises on purpose.

::

    FongError
    ├── InputFault      what came in cannot be used: carries *all* faults found (exit code 1)
    ├── UsageError      the call itself is wrong: unknown option, value out of range (exit code 2)
    └── Limit           a resource limit was met: time, memory, unpacked size (exit code 1)

Anything else that escapes is a bug. Exceptions carry :class:`fong.model.Message` values (as plain objects here, because this
module knows nothing above it); doors turn them into sentences.
"""

from __future__ import annotations

from collections.abc import Iterable


class FongError(Exception):
    """Base of everything that Fong raises on purpose."""


class InputFault(FongError):
    """The input cannot be used. ``faults`` holds every fault found, each with its place and what to do.

    Parameters
    ----------
    faults
        One or more :class:`fong.model.Fault`.
    """

    def __init__(self, faults: Iterable[object]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            msg = "an InputFault needs at least one fault"
            raise ValueError(msg)
        super().__init__("; ".join(str(f) for f in self.faults[:5]))


class UsageError(FongError):
    """The call is wrong. ``message`` is a :class:`fong.model.Message`."""

    def __init__(self, message: object) -> None:
        self.message = message
        super().__init__(str(message))


class Limit(FongError):
    """A limit on time, memory or size was met. ``message`` is a :class:`fong.model.Message`."""

    def __init__(self, message: object) -> None:
        self.message = message
        super().__init__(str(message))
