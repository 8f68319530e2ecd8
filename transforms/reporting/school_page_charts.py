"""The pictures of a school's page: forms that are compiled once, and the rows that one school fills in.

Scales are the same on the pages of all schools, so that two pages can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from transforms.reporting import style
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import PANEL_WIDTH, Panel, layer, sized
from transforms.reporting.picture_forms import ROWS, Form, form_of

if TYPE_CHECKING:
    import altair as alt

_ROW = 34
_NAME_WIDTH = 240
_ABOVE = -16  # of names on a phone, from the middle of a row
_BELOW = 9  # of the line of comparable schools, from the middle of a row
_YEARS_WIDTH, _YEARS_HEIGHT = 344, 150
_LEAST_SPAN = 20.0
EXPECTED = 50.0


@dataclass(frozen=True)
class SchoolForms:
    """One form a picture of the page."""

    reach: Form
    growth: Form
    drivers: Form
    fit: Form


def school_forms(growth_medians: Sequence[float]) -> SchoolForms:
    """The forms of all pages; ``growth_medians`` are all numbers that any page draws of growth, 1 to 99."""
    span = max((abs(number - EXPECTED) for number in growth_medians), default=_LEAST_SPAN)
    return _forms(min(EXPECTED, max(_LEAST_SPAN, span + 2.0)))


@cache
def _forms(growth_span: float) -> SchoolForms:
    return SchoolForms(
        reach=form_of(_reach),
        growth=form_of(lambda is_narrow: _growth(is_narrow, growth_span)),
        drivers=form_of(_drivers),
        fit=form_of(_fit),
    )


def _rows() -> alt.Chart:
    import altair as alt

    return alt.Chart(alt.NamedData(ROWS))


def _row_texts(base: alt.Chart, y: alt.Y, is_narrow: bool) -> list[alt.Chart]:
    """Names and figures of rows, the names at the left or above.

    As labels of an axis, or cut by the renderer, names take up to half the time of a picture.
    """
    import altair as alt

    size = style.SMALL_FONT_SIZE if is_narrow else style.FONT_SIZE
    lift = _ABOVE if is_narrow else 0
    name = base.mark_text(align="left", dy=lift, fontSize=size, fontWeight=600 if is_narrow else 400).encode(
        x=alt.value(0 if is_narrow else -_NAME_WIDTH),
        y=y,
        text=alt.Text("short:N" if is_narrow else "name:N"),
    )
    figures = base.mark_text(align="right" if is_narrow else "left", dy=lift, fontSize=size).encode(
        x=alt.value(PANEL_WIDTH[is_narrow] if is_narrow else PANEL_WIDTH[is_narrow] + 16),
        y=y,
        text=alt.Text("figures:N"),
    )
    return [name, figures]


def _reach(is_narrow: bool) -> Panel:
    import altair as alt

    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(
        format=".0%", tickCount=5, title=say("share of teachers"), titlePadding=8, gridDash=[2, 2]
    )
    return _strip(is_narrow, scale, axis)


def _drivers(is_narrow: bool) -> Panel:
    import altair as alt

    scale = alt.Scale(domain=[1, 5], nice=False)
    axis = alt.Axis(values=[1, 2, 3, 4, 5], title=say("mean answer, 1 to 5"), titlePadding=8, gridDash=[2, 2])
    return _strip(is_narrow, scale, axis)


def _strip(is_narrow: bool, scale: alt.Scale, axis: alt.Axis) -> Panel:
    """A dot a row with its interval; below it the middle half of comparable schools and their median."""
    import altair as alt

    base, y = _rows(), alt.Y("place:O", axis=None)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    peers = base.transform_filter("datum.quarter_low != null")
    half = peers.mark_rule(color=style.NEUTRAL, strokeWidth=2, yOffset=_BELOW).encode(
        x=x("quarter_low"), x2=alt.X2("quarter_high:Q"), y=y
    )
    median = (
        base.transform_filter("datum.middle_low != null")
        .mark_rule(color=style.NEUTRAL, strokeWidth=9, yOffset=_BELOW)
        .encode(x=x("middle_low"), x2=alt.X2("middle_high:Q"), y=y)
    )
    interval = (
        base.transform_filter("datum.low != null")
        .mark_rule(color=style.ACCENT, strokeWidth=2.5)
        .encode(x=x("low"), x2=alt.X2("high:Q"), y=y)
    )
    dot = (
        base.transform_filter("datum.value != null")
        .mark_point(shape="circle", filled=True, size=90, color=style.ACCENT, opacity=1)
        .encode(x=x("value"), y=y)
    )
    return sized([half, median, interval, dot, *_row_texts(base, y, is_narrow)], is_narrow, row=_ROW)


def _fit(is_narrow: bool) -> Panel:
    """Need and fit of each priority on one line: the longer the line, the further apart."""
    import altair as alt

    base, y = _rows(), alt.Y("place:O", axis=None)
    scale = alt.Scale(domain=[0.8, 5.1], nice=False)  # a mark at an end would lie on the name of its row
    axis = alt.Axis(values=[1, 2, 3, 4, 5], title=say("rated, 1 to 5"), titlePadding=8, gridDash=[2, 2])

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    line = base.mark_rule(color=style.NEUTRAL, strokeWidth=2).encode(x=x("need"), x2=alt.X2("fit:Q"), y=y)
    need = base.mark_point(shape="diamond", filled=True, size=150, color=style.LOWER, opacity=1).encode(
        x=x("need"), y=y
    )
    fit = base.mark_point(
        shape="circle",
        filled=True,
        size=95,
        fill=style.PAPER,
        stroke=style.ACCENT,
        strokeWidth=2.5,
        opacity=1,
    ).encode(x=x("fit"), y=y)
    return sized([line, need, fit, *_row_texts(base, y, is_narrow)], is_narrow, row=_ROW)


def _growth(is_narrow: bool, span: float) -> Panel:
    """A panel a subject, a year beside the other: median growth percentile with its interval."""
    import altair as alt

    base = alt.Chart()  # the rows of its panel
    width = PANEL_WIDTH[is_narrow] if is_narrow else _YEARS_WIDTH
    scale = alt.Scale(domain=[EXPECTED - span, EXPECTED + span], nice=False)
    # the line of 50 is a line of the grid: a mark would be drawn once a row
    is_expected = f"datum.value == {EXPECTED:g}"
    axis = alt.Axis(
        values=[10, 30, EXPECTED, 70, 90],
        title=None,
        grid=True,
        gridColor=alt.condition(is_expected, alt.value(style.INK), alt.value(style.LINE)),
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )
    x = alt.X("year:N", axis=None)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    peers = (
        base.transform_filter("datum.middle != null")
        .mark_tick(color=style.NEUTRAL, thickness=3, orient="horizontal", size=13, xOffset=12, opacity=1)
        .encode(x=x, y=y("middle"))
    )
    interval = (
        base.transform_filter("datum.low != null")
        .mark_rule(color=style.ACCENT, strokeWidth=2.5)
        .encode(x=x, y=y("low"), y2=alt.Y2("high:Q"))
    )
    dot = base.mark_point(shape="circle", filled=True, size=80, color=style.ACCENT, opacity=1).encode(
        x=x, y=y("value")
    )
    figures = base.mark_text(fontSize=style.SMALL_FONT_SIZE, align="right", dx=-8).encode(
        x=x, y=y("value"), text=alt.Text("figures:N")
    )
    # names of years are marks for the reason that names of rows are
    years = base.mark_text(fontSize=style.SMALL_FONT_SIZE, color=style.MUTED).encode(
        x=x, y=alt.value(_YEARS_HEIGHT + 14), text=alt.Text("year:N")
    )
    return (
        layer(peers, interval, dot, figures, years)
        .properties(width=width, height=_YEARS_HEIGHT)
        .facet(ROWS, "subject", columns=1 if is_narrow else 2)
    )
