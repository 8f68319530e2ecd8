"""A drawn figure with its words."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Picture:
    """A drawn figure with the title that says what to see and the caption that says how to read it."""

    id: str
    title: str
    svg: Markup
    caption: str
