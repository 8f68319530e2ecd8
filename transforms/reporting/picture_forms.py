"""Pictures that are drawn again and again, of one thing after the other: compiled once, filled with rows.

Altair and the compiler of Vega-Lite take twice as long as drawing itself. A form is what they make,
with a place for the rows; a picture of one school is the form with that school's rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.reporting.chart_parts import Panel, drawable, specification_of
from transforms.reporting.drawing_workers import drawn
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.svg import embed

ROWS = "rows"


@dataclass(frozen=True)
class Form:
    """A picture in Vega's words without its rows, wide and narrow."""

    wide: Mapping[str, Any]
    narrow: Mapping[str, Any]


@dataclass(frozen=True)
class Sketch:
    """A picture to be drawn: a form, the rows to fill it with, and what stands beside it."""

    picture_id: str
    form: Form
    rows: Sequence[Mapping[str, object]]
    alternative_text: str


def form_of(draw: Callable[[bool], Panel]) -> Form:
    """Compile what ``draw`` makes, wide and narrow; its marks take their data from ``ROWS`` by name."""
    import vl_convert
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        wide, narrow = (
            vl_convert.vegalite_to_vega(specification_of(draw, is_narrow)) for is_narrow in (False, True)
        )
    return Form(wide, narrow)


def draw_sketches(sketches: Sequence[Sketch]) -> list[Drawing]:
    """Draw all ``sketches`` in their order; one without rows is an empty drawing."""
    filled = [
        _filled(form, sketch.rows)
        for sketch in sketches
        if sketch.rows
        for form in (sketch.form.wide, sketch.form.narrow)
    ]
    pictures = iter(drawn(filled))
    return [
        _drawing(sketch, next(pictures), next(pictures)) if sketch.rows else NO_DRAWING for sketch in sketches
    ]


def _filled(form: Mapping[str, Any], rows: Sequence[Mapping[str, object]]) -> str:
    data = [
        {**source, "values": drawable(rows)} if source["name"] == ROWS else source for source in form["data"]
    ]
    return json.dumps({**form, "data": data}, allow_nan=False)


def _drawing(sketch: Sketch, wide: str, narrow: str) -> Drawing:
    text = sketch.alternative_text
    return Drawing.of(
        embed(wide, f"{sketch.picture_id}-wide", text, "wide"),
        embed(narrow, f"{sketch.picture_id}-narrow", text, "narrow"),
        text,
    )
