"""Whose report it is: what the pages and the PDF wear of the school system."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.reporting import style
from transforms.reporting.catalogue import say

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


@dataclass(frozen=True)
class Branding:
    """Name, logo and colours of a report.

    ``name`` stands at the head of each page, the study's name where it is empty; ``logo`` is a ``data:`` URI
    with ``logo_text`` as its alternative text. ``accent`` colours headings and links, ``band`` the line at
    the top of a page. Marks of the pictures keep their colours: they carry meaning.
    """

    name: str = ""
    logo: str = ""
    logo_text: str = ""
    accent: str = style.ACCENT
    band: str = style.ACCENT


def contrast_problem(accent: str, band: str) -> tuple[str, str] | None:
    """The field that stands out too little from the paper, and how much is needed; None where both do."""
    for field, colour, needed in (
        ("accent_colour", accent, TEXT_CONTRAST),
        ("band_colour", band, MARK_CONTRAST),
    ):
        found = min(style.contrast(colour, behind) for behind in (style.PAPER, style.CANVAS))
        if found < needed:
            return (
                field,
                say(
                    "{colour} stands out {found:.1f}:1 from the page, {needed:.1f}:1 is needed",
                    colour=colour,
                    found=found,
                    needed=needed,
                ),
            )
    return None
