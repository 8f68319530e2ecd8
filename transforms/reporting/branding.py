"""Whose report it is: what the pages and the PDF wear of the school system."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.reporting import style


@dataclass(frozen=True)
class Branding:
    """Name, logo, colour and language of a report.

    ``name`` stands at the head of each page, the study's name where it is empty; ``logo`` is a ``data:`` URI
    with ``logo_text`` as its alternative text; ``accent`` stands out 4.5:1 from the paper; ``language`` is
    the language of the one-page brief ("en", "es") beside the English one.
    """

    name: str = ""
    logo: str = ""
    logo_text: str = ""
    accent: str = style.ACCENT
    language: str = "en"
