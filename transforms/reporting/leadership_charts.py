"""The pictures of the leadership pipeline that count people: funnels, and shares with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transforms.reporting import style
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, row_axis, row_texts, sized, vconcat
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_PERCENT = "format(datum.value, '.0%')"


@dataclass(frozen=True)
class Bar:
    """A stage of a funnel: its share of those identified, and the figures beside it."""

    label: str
    share: float
    figures: str
    is_broken: bool = False


@dataclass(frozen=True)
class Dot:
    """An estimate with its interval; ``is_marked`` where the rule says that it stands out."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    figures: str
    is_marked: bool = False


def funnel_picture(funnels: Mapping[str, Sequence[Bar]], picture_id: str) -> Drawing:
    """Draw each pathway as bars from identified to placed; empty without any."""
    if not funnels:
        return NO_DRAWING
    said = ". ".join(
        f"{name}: " + ", ".join(f"{bar.label.lower()} {bar.figures}" for bar in bars)
        for name, bars in funnels.items()
    )
    return draw_both(
        lambda is_narrow: _funnels(funnels, is_narrow),
        picture_id,
        say("Stages of the pathways. {said}.", said=said),
    )


def _funnels(funnels: Mapping[str, Sequence[Bar]], is_narrow: bool) -> Panel:

    last = list(funnels)[-1]
    panels = [_funnel(name, bars, is_narrow, name == last) for name, bars in funnels.items()]
    return vconcat(*panels, spacing=18)


def _funnel(name: str, bars: Sequence[Bar], is_narrow: bool, has_axis: bool) -> Any:
    import altair as alt

    values = [
        {
            "label": bar.label,
            "share": bar.share,
            "figures": bar.figures + (say(" ▼ breaks here") if bar.is_broken else ""),
            "colour": style.LOWER if bar.is_broken else style.REACH_STEPS[2],
        }
        for bar in bars
    ]
    base = chart_of(values)
    y = row_axis(is_narrow)
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        title=say("share of those identified") if has_axis else None,
        labelExpr=_PERCENT,
        labels=has_axis,
        ticks=has_axis,
        titlePadding=8,
    )
    bar = base.mark_bar(height=15).encode(
        x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=axis),
        y=y,
        color=alt.Color("colour:N", scale=None),
    )
    return sized([bar, *row_texts(base, y, is_narrow)], is_narrow, 26).properties(title=name)


def dots_picture(
    dots: Sequence[Dot], picture_id: str, alternative_text: str, axis_title: str, reach: float = 1.0
) -> Drawing:
    """Draw a row of point and interval each on an axis from 0 to ``reach`` (shares); empty without any."""
    if not any(dot.value is not None for dot in dots):
        return NO_DRAWING
    return draw_both(
        lambda is_narrow: _dots(dots, is_narrow, axis_title, reach), picture_id, alternative_text
    )


def _dots(dots: Sequence[Dot], is_narrow: bool, axis_title: str, reach: float) -> Any:
    import altair as alt

    values = [
        {
            "label": dot.label,
            "value": dot.value,
            "low": dot.low,
            "high": dot.high,
            "figures": dot.figures,
            "colour": style.LOWER if dot.is_marked else style.ACCENT,
            "shape": "triangle-down" if dot.is_marked else "circle",
        }
        for dot in dots
    ]
    base = chart_of(values)
    y = row_axis(is_narrow)
    axis = alt.Axis(tickCount=5, title=axis_title, labelExpr=_PERCENT, titlePadding=10, grid=True)
    colour = alt.Color("colour:N", scale=None)

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[0, reach], nice=False), axis=axis)

    shown = base.transform_filter("datum.value != null")
    whole = base.mark_rule(opacity=0).encode(x=x("low:Q"), y=y)
    span = shown.mark_rule(strokeWidth=2.5).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour)
    point = shown.mark_point(size=64, filled=True, opacity=1).encode(
        x=x("value:Q"), y=y, color=colour, shape=alt.Shape("shape:N", scale=None)
    )
    return sized([whole, span, point, *row_texts(base, y, is_narrow)], is_narrow, 28)
