"""Fong 坊: the operating system of a smart micro-factory.

The nouns stand here in the window, and load on first use, so that ``import fong`` costs next to nothing::

    import fong

    fong.Factory, fong.Schedule

"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fong.errors import FongError, InputFault, Limit, UsageError
    from fong.model import Factory, Message, OrderLine, Performance, Problem, Schedule, State, Workshop

__version__ = "0.1.0"

_HOME = {
    "Factory": "fong.model",
    "FongError": "fong.errors",
    "InputFault": "fong.errors",
    "Limit": "fong.errors",
    "Message": "fong.model",
    "OrderLine": "fong.model",
    "Performance": "fong.model",
    "Problem": "fong.model",
    "Schedule": "fong.model",
    "State": "fong.model",
    "UsageError": "fong.errors",
    "Workshop": "fong.model",
}
"""Where each public name lives."""

__all__ = [
    "Factory",
    "FongError",
    "InputFault",
    "Limit",
    "Message",
    "OrderLine",
    "Performance",
    "Problem",
    "Schedule",
    "State",
    "UsageError",
    "Workshop",
    "__version__",
]


if not TYPE_CHECKING:  # a type checker shall see the imports above, and so find a misspelt name

    def __getattr__(name: str) -> object:
        """Load a public name from the room where it lives, once."""
        home = _HOME.get(name)
        if home is None:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value: object = getattr(import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List what is public."""
    return __all__
