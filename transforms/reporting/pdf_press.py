"""Typst at work: a template and values in, a tagged PDF (PDF/UA-1) out, the same bytes on every system.

Values reach typst as JSON only, so that no text of a study is ever read as markup. Its root is a temporary
folder with the templates and the values; its fonts are those of this package and, for a few signs, typst's
own; it has no packages.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

REPLACEMENT = "□"  # for a character that the fonts do not have: PDF/UA-1 forbids an undefined glyph
_BREAK = "\u200b"  # a place where a line may end
_LONG_WORD = 18
_BREAKABLE = re.compile(rf"[^\s<>]{{{_LONG_WORD},}}")
_PACKAGE = files("transforms.reporting")


class PdfError(RuntimeError):
    """Typst refused the document; the message is its own."""


def press(
    template: str, values: Mapping[str, object], path: Path, attachments: Mapping[str, bytes] | None = None
) -> Path:
    """Set ``values`` by ``template`` ("brief.typ") and write the PDF to ``path``; return ``path``.

    ``attachments`` are files that the template reads by name. PdfError where typst refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _lay_out(root, values, attachments or {})
        path.write_bytes(_compile(root, template))
    return path


def _lay_out(root: Path, values: Mapping[str, object], attachments: Mapping[str, bytes]) -> None:
    for file in _PACKAGE.joinpath("templates").iterdir():
        if file.name.endswith(".typ"):
            (root / file.name).write_bytes(file.read_bytes())
    data = {"values": printable(values), "lacks_glyphs": _lacks_glyphs(values)}
    (root / "data.json").write_text(json.dumps(data, allow_nan=False), encoding="utf-8")
    for name, content in attachments.items():
        (root / name).write_bytes(content)


def _compile(root: Path, template: str) -> bytes:
    import typst

    compiler = typst.Compiler(
        root / template,
        root=root,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[_font_folder()]
        ),
        ignore_system_fonts=True,
        package_path=root,
        package_cache_path=root,
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        raise PdfError(str(error)) from error
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst gave {type(pdf).__name__} for one PDF")
    return pdf


def printable(value: object) -> object:
    """``value`` with every text in it as the fonts can print it, texts of mappings and lists included.

    Characters are composed; what the fonts lack stands as REPLACEMENT, controls are dropped, and long words
    get places where a line may end. Markup of pictures keeps its words whole.
    """
    if isinstance(value, str):
        text = _covered(value)
        return text if text.startswith("<svg") else _BREAKABLE.sub(_with_breaks, text)
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value


def _with_breaks(match: re.Match[str]) -> str:
    word = re.sub(r"(?<=[/_.,;:@=&?|-])(?=\w)", _BREAK, match[0])
    return re.sub(rf"([^{_BREAK}]{{{_LONG_WORD}}})(?=[^{_BREAK}])", rf"\1{_BREAK}", word)


def _covered(text: str) -> str:
    return _not_in_fonts().sub(_stand_in, unicodedata.normalize("NFC", text))


def _stand_in(match: re.Match[str]) -> str:
    character = match[0]
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Mn") else REPLACEMENT


def _lacks_glyphs(value: object) -> bool:
    """Whether a character of ``value`` stands as REPLACEMENT."""
    if isinstance(value, str):
        return _covered(value).count(REPLACEMENT) > value.count(REPLACEMENT)
    items = (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    )
    return any(_lacks_glyphs(item) for item in items)


@cache
def _not_in_fonts() -> re.Pattern[str]:
    """Any character that one of the styles of the sans serif lacks; it stands in for the serif's gaps."""
    lines = _PACKAGE.joinpath("fonts", "characters.txt").read_text(encoding="ascii").split()
    ranges = [line.split("-") for line in lines]
    covered = "".join(rf"\U{int(first, 16):08x}-\U{int(last, 16):08x}" for first, last in ranges)
    return re.compile(f"[^{covered}]")


def _font_folder() -> str:
    return os.fspath(Path(str(_PACKAGE.joinpath("fonts"))))
