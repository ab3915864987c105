"""Which language the door speaks. Light: loaded for ``--help``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fong.errors import UsageError
from fong.lang import LANGUAGES

_TRADITIONAL = ("hk", "tw", "mo", "hant", "hong kong", "taiwan", "macao", "macau", "traditional")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(locale_name: str) -> str:
    """The language of a locale: ``zh_HK.UTF-8`` or Windows' ``Chinese (Traditional)_Hong Kong SAR``; English if unknown."""
    name = locale_name.lower().replace("-", "_")
    if not name.startswith(("zh", "chinese")):
        return "en"
    return "zh-Hant" if any(word in name for word in _TRADITIONAL) else "zh-Hans"


def locale_in(environment: Mapping[str, str]) -> str:
    """The locale that the environment asks for, by the order that POSIX gives its variables; empty if none does."""
    return next((environment[name] for name in _VARIABLES if environment.get(name)), "")


def chosen_language(arguments: Sequence[str], default: str) -> str:
    """What ``--lang X`` or ``--lang=X`` says, wherever it stands among the arguments; the last one counts.

    Help and faults of the call need the language before the arguments are parsed.

    Raises
    ------
    UsageError
        No such language.
    """
    language = default
    for number, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--lang":
            language = _known(next(iter(arguments[number + 1 :]), ""))
        elif word.startswith("--lang="):
            language = _known(word.removeprefix("--lang="))
    return language


def _known(name: str) -> str:
    by_lower = {language.lower(): language for language in LANGUAGES}
    found = by_lower.get(name.lower().replace("_", "-"))
    if found is None:
        from fong.model.message import message

        raise UsageError(message("cli.unknown_language", found=name, wanted=", ".join(LANGUAGES)))
    return found
