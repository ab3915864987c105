"""The Gantt page: one HTML file that holds all it needs, opens from anywhere and asks for nothing.

Its content policy allows just the one script and the one style of the file, by their hashes: whatever else a name or a message may
hold is text. The script is this package's modules, joined; a server may serve the same modules as they are.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from importlib import resources
from string import Template

from fong.lang import text
from fong.render.packing import packed
from fong.render.view import PlanView

MODULES = ("scale", "words", "layout", "brush", "frame", "draw", "input", "mirror", "panel", "board", "page")
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_REMARK = re.compile(r"^ *(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
_REMARK_BEHIND = re.compile(r" +// [^\n\"'`]*$", re.MULTILINE)
_CSS_REMARK = re.compile(r"^/\*.*?\*/\n", re.MULTILINE | re.DOTALL)
_BLANK = re.compile(r"\n\s+")
_LOOSE = re.compile(r"(?<=[{(\[,])\n|;?\n(?=[})\]])")


def gantt_page(view: PlanView, language: str) -> str:
    """The plan as a page.

    Parameters
    ----------
    view
        What :func:`fong.render.view_of` made.
    language
        The language in which the page opens (``en``, ``zh-Hant``, ``zh-Hans``); it can be changed on the page.
    """
    script, style = joined_script(), style_sheet("tokens.css", "page.css")
    return fill(
        "page.html",
        language=language,
        policy=content_policy(style, script),
        title=html.escape(view.title),
        style=style,
        script=script,
        data=packed(view, language),
        word_language=html.escape(text("render.page.language", {}, language)),
        word_noscript=html.escape(text("render.noscript", {}, language)),
    )


def fill(template: str, **values: str) -> str:
    """A page from its template. Lone surrogates, which no file can hold, become question marks."""
    page = Template(asset(template)).substitute(values)
    return page.encode("utf-8", "replace").decode("utf-8")


@cache
def asset(name: str) -> str:
    """One file of the page's own parts."""
    return resources.files(__package__).joinpath("page", name).read_text("utf-8")


@cache
def joined_script() -> str:
    """All modules as one script: no imports, because a page opened from a file may not have any. Remarks, indents and idle line ends stay behind."""
    parts = [_EXPORT.sub("", _IMPORT.sub("", asset(f"{name}.mjs"))) for name in MODULES]
    code = _REMARK_BEHIND.sub("", _REMARK.sub("", "\n".join(parts)))
    return '(() => {\n"use strict";\n' + _LOOSE.sub("", _BLANK.sub("\n", code)) + "})();\n"


@cache
def style_sheet(*names: str) -> str:
    """Style sheets as one."""
    return "\n" + _BLANK.sub("\n", _CSS_REMARK.sub("", "\n".join(asset(name) for name in names)))


def content_policy(style: str, script: str | None = None) -> str:
    """What a page may do: run this script, wear this style, and nothing else.

    Source: Content Security Policy Level 3 (W3C), hash sources; Trusted Types keep even this script from making markup of text.
    """
    allowed = [f"style-src {_source(style)}"]
    if script is not None:
        allowed += [f"script-src {_source(script)}", "require-trusted-types-for 'script'", "trusted-types 'none'"]
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _source(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
