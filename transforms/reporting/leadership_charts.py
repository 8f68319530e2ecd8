"""The pictures of the leadership pipeline: funnels, steps, curves, access, years around a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from transforms.reporting import style, terms
from transforms.reporting.chart_parts import draw_both, row_axis, row_texts, sized
from transforms.reporting.leadership_rows import ChangeRow, CurvePoint
from transforms.reporting.numerals import counted, percent, signed

if TYPE_CHECKING:
    import altair as alt

_PERCENT = "format(datum.value, '.0%')"
_TRUE_MINUS = "replace(format(datum.value, '.2~f'), '-', '−')"
_PANEL, _PANEL_HEIGHT = 198, 190
_NARROW_PANEL, _NARROW_HEIGHT = 264, 170


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


def funnel_picture(funnels: Mapping[str, Sequence[Bar]], picture_id: str) -> Markup:
    """Draw each pathway as bars from identified to placed; empty without any."""
    if not funnels:
        return Markup("")
    said = ". ".join(
        f"{name}: " + ", ".join(f"{bar.label.lower()} {bar.figures}" for bar in bars)
        for name, bars in funnels.items()
    )
    return draw_both(
        lambda is_narrow: _funnels(funnels, is_narrow), picture_id, f"Stages of the pathways. {said}."
    )


def _funnels(funnels: Mapping[str, Sequence[Bar]], is_narrow: bool) -> alt.TopLevelMixin:
    import altair as alt

    last = list(funnels)[-1]
    panels = [_funnel(name, bars, is_narrow, name == last) for name, bars in funnels.items()]
    return alt.vconcat(*panels, spacing=18)


def _funnel(name: str, bars: Sequence[Bar], is_narrow: bool, has_axis: bool) -> Any:
    import altair as alt

    values = [
        {
            "label": bar.label,
            "share": bar.share,
            "figures": bar.figures + (" ▼ breaks here" if bar.is_broken else ""),
            "colour": style.LOWER if bar.is_broken else style.REACH_STEPS[2],
        }
        for bar in bars
    ]
    base = alt.Chart(alt.Data(values=values))
    y = row_axis(is_narrow)
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        title="share of those identified" if has_axis else None,
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
) -> Markup:
    """Draw a row of point and interval each on an axis from 0 to ``reach`` (shares); empty without any."""
    if not any(dot.value is not None for dot in dots):
        return Markup("")
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
    base = alt.Chart(alt.Data(values=values))
    y = row_axis(is_narrow)
    axis = alt.Axis(tickCount=5, title=axis_title, labelExpr=_PERCENT, titlePadding=10, grid=True)
    colour = alt.Color("colour:N", scale=None)

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[0, reach], nice=False), axis=axis)

    shown = base.transform_filter("datum.value != null")
    whole = base.mark_rule(opacity=0).encode(x=x("low:Q"), y=y)
    span = shown.mark_rule(strokeWidth=2.5).encode(x=x("low:Q"), x2="high:Q", y=y, color=colour)
    point = shown.mark_point(size=64, filled=True, opacity=1).encode(
        x=x("value:Q"), y=y, color=colour, shape=alt.Shape("shape:N", scale=None)
    )
    return sized([whole, span, point, *row_texts(base, y, is_narrow)], is_narrow, 28)


def curves_picture(
    curves: Mapping[str, Sequence[CurvePoint]], picture_id: str, is_reached: bool, axis_title: str
) -> Markup:
    """Draw a panel a group with its band: the share still without the event, or that has reached it."""
    drawn = {name: _steps(points, is_reached) for name, points in curves.items() if points}
    if not drawn:
        return Markup("")
    said = "; ".join(
        f"{name} {percent(rows[-1]['share'])} after {rows[-1]['years']:.1f} years" for name, rows in drawn.items()
    )
    text = f"{axis_title}, with 95% band: {said}."
    return draw_both(lambda is_narrow: _curves(drawn, axis_title, is_narrow), picture_id, text)


def _steps(points: Sequence[CurvePoint], is_reached: bool) -> list[dict[str, float]]:
    rows = [{"years": 0.0, "share": 0.0 if is_reached else 1.0}]
    rows[0] |= {"low": rows[0]["share"], "high": rows[0]["share"]}
    for point in points:
        low = point.survival if point.ci_low is None else point.ci_low
        high = point.survival if point.ci_high is None else point.ci_high
        values = (point.survival, low, high)
        share, low, high = (1 - values[0], 1 - values[2], 1 - values[1]) if is_reached else values
        rows.append({"years": point.time_days / 365.25, "share": share, "low": low, "high": high})
    return rows


def _curves(drawn: Mapping[str, list[dict[str, float]]], axis_title: str, is_narrow: bool) -> Any:
    import altair as alt

    reach = max(1.0, *(rows[-1]["years"] for rows in drawn.values()))
    panels = [
        _curve(name, rows, reach, axis_title if is_narrow or not place else None, is_narrow)
        for place, (name, rows) in enumerate(drawn.items())
    ]
    return alt.concat(*panels, columns=1 if is_narrow else 3, spacing=22)


def _curve(
    name: str, rows: Sequence[dict[str, float]], reach: float, axis_title: str | None, is_narrow: bool
) -> Any:
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows)))
    x = alt.X(
        "years:Q",
        scale=alt.Scale(domain=[0, 1.06 * reach], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=6, title="years", grid=False, titlePadding=6),
    )
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        title=axis_title,
        labelExpr=_PERCENT,
        grid=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )

    def y(field: str) -> alt.Y:
        return alt.Y(field, scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)

    band = base.mark_area(interpolate="step-after", color=style.REACH_STEPS[1], opacity=0.9).encode(
        x=x, y=y("low:Q"), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", color=style.ACCENT, strokeWidth=2).encode(
        x=x, y=y("share:Q")
    )
    end = alt.Chart(alt.Data(values=[{**rows[-1], "text": percent(rows[-1]["share"])}]))
    below = 13 if rows[0]["share"] > rows[-1]["share"] else -10  # on the side that the curve does not come from
    text = end.mark_text(align="right", dy=below, fontWeight=600, fontSize=style.SMALL_FONT_SIZE).encode(
        x=x, y=y("share:Q"), text="text:N"
    )
    width, height = (_NARROW_PANEL, _NARROW_HEIGHT) if is_narrow else (_PANEL, _PANEL_HEIGHT)
    return alt.layer(band, line, text).properties(width=width, height=height, title=name)


def changes_picture(rows: Sequence[ChangeRow], picture_id: str) -> Markup:
    """Draw each year around a change of principal, a panel a subject; empty without any estimate."""
    drawn = [row for row in rows if row.period in ("lead", "lag") and row.ci_low is not None]
    if not drawn:
        return Markup("")
    subjects = list(dict.fromkeys(row.academic_subject for row in drawn))
    said = "; ".join(
        f"{terms.subject_name(subject)}: "
        + ", ".join(
            f"{_year(row.event_time or 0)} {signed(row.estimate_sd)}"
            for row in drawn
            if row.academic_subject == subject
        )
        for subject in subjects
    )
    text = f"Difference in growth in the years around a change of principal, in SD. {said}."
    return draw_both(lambda is_narrow: _changes(drawn, subjects, is_narrow), picture_id, text)


def _year(event_time: int) -> str:
    if event_time == 0:
        return "first year"
    return f"{counted(abs(event_time), 'year')} {'before' if event_time < 0 else 'after'}"


def _changes(rows: Sequence[ChangeRow], subjects: Sequence[str], is_narrow: bool) -> Any:
    import altair as alt

    reach = 1.1 * max(max(abs(row.ci_low or 0), abs(row.ci_high or 0)) for row in rows)
    panels = [
        _change([row for row in rows if row.academic_subject == subject], reach, is_narrow, is_narrow or not place)
        for place, subject in enumerate(subjects)
    ]
    return alt.concat(*panels, columns=1 if is_narrow else 2, spacing=26)


def _change(rows: Sequence[ChangeRow], reach: float, is_narrow: bool, is_titled: bool) -> Any:
    import altair as alt

    values = [
        {
            "time": row.event_time,
            "value": row.estimate_sd,
            "low": row.ci_low,
            "high": row.ci_high,
            "shape": "circle" if row.period == "lag" else "square",
            "fill": style.ACCENT if row.period == "lag" else style.PAPER,
        }
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values))
    times = sorted({-1, *(row.event_time or 0 for row in rows)})
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[times[0] - 0.5, times[-1] + 0.5], nice=False),
        axis=alt.Axis(
            values=times,
            title="years since the first year with the new principal",
            grid=False,
            labelExpr="replace(format(datum.value, 'd'), '-', '−')",
            titlePadding=6,
        ),
    )
    axis = alt.Axis(
        tickCount=5,
        title="difference in growth, SD" if is_titled else None,
        labelExpr=_TRUE_MINUS,
        grid=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )

    def y(field: str) -> alt.Y:
        return alt.Y(field, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)

    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=style.INK).encode(y=y("zero:Q"))
    change = (
        alt.Chart(alt.Data(values=[{"time": -0.5}]))
        .mark_rule(color=style.NEUTRAL, strokeDash=[4, 3])
        .encode(x=x)
    )
    span = base.mark_rule(strokeWidth=2, color=style.ACCENT).encode(x=x, y=y("low:Q"), y2="high:Q")
    point = base.mark_point(size=60, strokeWidth=2, opacity=1, stroke=style.ACCENT).encode(
        x=x, y=y("value:Q"), shape=alt.Shape("shape:N", scale=None), fill=alt.Fill("fill:N", scale=None)
    )
    before = (
        alt.Chart(alt.Data(values=[{"time": -1, "value": 0}]))
        .mark_point(size=60, shape="cross", color=style.INK, filled=True, opacity=1)
        .encode(x=x, y=y("value:Q"))
    )
    width, height = (_NARROW_PANEL, _NARROW_HEIGHT) if is_narrow else (300, 220)
    title = terms.subject_name(rows[0].academic_subject)
    return alt.layer(zero, change, span, point, before).properties(width=width, height=height, title=title)
