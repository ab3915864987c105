"""The commands with which people begin: ``new``."""

from __future__ import annotations

from pathlib import Path

from fong.cli.speaking import Voice
from fong.workshop.templates import start


def new(folder: Path, language: str) -> int:
    """Write the workbook, and say what comes next."""
    voice = Voice(language)
    path = start(folder, language)
    voice.out(voice.tell("wrote", path=path), voice.tell("new_done", path=path))
    return 0
