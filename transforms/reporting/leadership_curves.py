"""The pictures of the leadership pipeline over time: curves with bands, and years around a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import chart_of, concat, draw_both, layer
from transforms.reporting.leadership_rows import ChangeRow, CurvePoint
from transforms.reporting.numerals import counted, percent, signed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_PERCENT = "format(datum.value, '.0%')"
_TRUE_MINUS = "replace(format(datum.value, '.2~f'), '-', '−')"
_PANEL, _PANEL_HEIGHT = 198, 190
_NARROW_PANEL, _NARROW_HEIGHT = 264, 170


def curves_picture(
    curves: Mapping[str, Sequence[CurvePoint]], picture_id: str, is_reached: bool, axis_title: str
) -> Drawing:
    """Draw a panel a group with its band: the share still without the event, or that has reached it."""
    drawn = {name: _steps(points, is_reached) for name, points in curves.items() if points}
    if not drawn:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{name} {rows} after {rows_2:.1f} years",
            name=name,
            rows=percent(rows[-1]["share"]),
            rows_2=rows[-1]["years"],
        )
        for name, rows in drawn.items()
    )
    text = say("{axis_title}, with 95% band: {said}.", axis_title=axis_title, said=said)
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

    reach = max(1.0, *(rows[-1]["years"] for rows in drawn.values()))
    panels = [
        _curve(name, rows, reach, axis_title if is_narrow or not place else None, is_narrow)
        for place, (name, rows) in enumerate(drawn.items())
    ]
    return concat(*panels, columns=1 if is_narrow else 3, spacing=22)


def _curve(
    name: str, rows: Sequence[dict[str, float]], reach: float, axis_title: str | None, is_narrow: bool
) -> Any:
    import altair as alt

    base = chart_of(list(rows))
    x = alt.X(
        "years:Q",
        scale=alt.Scale(domain=[0, 1.06 * reach], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=6, title=say("years"), grid=False, titlePadding=6),
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
        x=x, y=y("low:Q"), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(interpolate="step-after", color=style.ACCENT, strokeWidth=2).encode(
        x=x, y=y("share:Q")
    )
    end = chart_of([{**rows[-1], "text": percent(rows[-1]["share"])}])
    below = (
        13 if rows[0]["share"] > rows[-1]["share"] else -10
    )  # on the side that the curve does not come from
    text = end.mark_text(align="right", dy=below, fontWeight=600, fontSize=style.SMALL_FONT_SIZE).encode(
        x=x, y=y("share:Q"), text=alt.Text("text:N")
    )
    width, height = (_NARROW_PANEL, _NARROW_HEIGHT) if is_narrow else (_PANEL, _PANEL_HEIGHT)
    return layer(band, line, text).properties(width=width, height=height, title=name)


def changes_picture(rows: Sequence[ChangeRow], picture_id: str) -> Drawing:
    """Draw each year around a change of principal, a panel a subject; empty without any estimate."""
    drawn = [row for row in rows if row.period in ("lead", "lag") and row.ci_low is not None]
    if not drawn:
        return NO_DRAWING
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
    text = say("Difference in growth in the years around a change of principal, in SD. {said}.", said=said)
    return draw_both(lambda is_narrow: _changes(drawn, subjects, is_narrow), picture_id, text)


def _year(event_time: int) -> str:
    if event_time == 0:
        return say("first year")
    return f"{counted(abs(event_time), 'year')} {(say('before') if event_time < 0 else say('after'))}"


def _changes(rows: Sequence[ChangeRow], subjects: Sequence[str], is_narrow: bool) -> Any:

    reach = 1.1 * max(max(abs(row.ci_low or 0), abs(row.ci_high or 0)) for row in rows)
    panels = [
        _change(
            [row for row in rows if row.academic_subject == subject], reach, is_narrow, is_narrow or not place
        )
        for place, subject in enumerate(subjects)
    ]
    return concat(*panels, columns=1 if is_narrow else 2, spacing=26)


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
    base = chart_of(values)
    times = sorted({-1, *(row.event_time or 0 for row in rows)})
    x = alt.X(
        "time:Q",
        scale=alt.Scale(domain=[times[0] - 0.5, times[-1] + 0.5], nice=False),
        axis=alt.Axis(
            values=times,
            title=say("years since the first year with the new principal"),
            grid=False,
            labelExpr="replace(format(datum.value, 'd'), '-', '−')",
            titlePadding=6,
        ),
    )
    axis = alt.Axis(
        tickCount=5,
        title=say("difference in growth, SD") if is_titled else None,
        labelExpr=_TRUE_MINUS,
        grid=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )

    def y(field: str) -> alt.Y:
        return alt.Y(field, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)

    zero = chart_of([{"zero": 0}]).mark_rule(color=style.INK).encode(y=y("zero:Q"))
    change = chart_of([{"time": -0.5}]).mark_rule(color=style.NEUTRAL, strokeDash=[4, 3]).encode(x=x)
    span = base.mark_rule(strokeWidth=2, color=style.ACCENT).encode(x=x, y=y("low:Q"), y2=alt.Y2("high:Q"))
    point = base.mark_point(size=60, strokeWidth=2, opacity=1, stroke=style.ACCENT).encode(
        x=x, y=y("value:Q"), shape=alt.Shape("shape:N", scale=None), fill=alt.Fill("fill:N", scale=None)
    )
    before = (
        chart_of([{"time": -1, "value": 0}])
        .mark_point(size=60, shape="cross", color=style.INK, filled=True, opacity=1)
        .encode(x=x, y=y("value:Q"))
    )
    width, height = (_NARROW_PANEL, _NARROW_HEIGHT) if is_narrow else (300, 220)
    title = terms.subject_name(rows[0].academic_subject)
    return layer(zero, change, span, point, before).properties(width=width, height=height, title=title)
