"""A drawn figure with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from markupsafe import Markup


class Drawing(Markup):
    """A figure drawn twice, wide for a desk or paper and narrow for a phone, as markup for a page.

    ``wide`` and ``narrow`` are whole SVG elements; ``alternative_text`` says in words what they show. An
    empty drawing is false: there was nothing to draw.
    """

    wide: Markup
    narrow: Markup
    alternative_text: str

    @classmethod
    def of(cls, wide: Markup, narrow: Markup, alternative_text: str) -> Self:
        """Both drawings of one figure."""
        drawing = cls(wide + narrow)
        drawing.wide, drawing.narrow, drawing.alternative_text = wide, narrow, alternative_text
        return drawing


NO_DRAWING = Drawing.of(Markup(""), Markup(""), "")


@dataclass(frozen=True)
class Picture:
    """A drawn figure with the title that says what to see and the caption that says how to read it."""

    id: str
    title: str
    svg: Drawing
    caption: str
