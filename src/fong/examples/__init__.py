"""The two example workshops: ``knit``, a knitwear cell, and ``cnc``, a machine shop. Figures in TOML, orders from a seed, no clock read."""

from collections.abc import Callable
from datetime import datetime

from fong.errors import UsageError
from fong.examples.cnc import cnc
from fong.examples.hours import midweek
from fong.examples.knit import knit
from fong.model import Workshop, message

__all__ = ["EXAMPLES", "cnc", "knit", "load", "midweek"]

EXAMPLES: dict[str, Callable[..., Workshop]] = {"knit": knit, "cnc": cnc}
"""The examples by name."""


def load(name: str, now: datetime, seed: int = 1, *, language: str = "en") -> Workshop:
    """An example workshop by name.

    Parameters
    ----------
    name
        ``knit`` or ``cnc``.
    now
        An aware moment. The example starts on Wednesday, 10:20, of its week (:func:`midweek`), and all its dates follow from that.
    seed
        Which order book.
    language
        ``en``, ``zh-Hant`` or ``zh-Hans``.

    Raises
    ------
    UsageError
        There is no example of that name.
    """
    if name not in EXAMPLES:
        raise UsageError(message("examples.unknown", found=name, wanted=", ".join(EXAMPLES)))
    return EXAMPLES[name](now, seed, language=language)
