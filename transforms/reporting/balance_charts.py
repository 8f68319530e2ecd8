"""The pictures of balance: quadrants, need and fit, hours by initiator, hours and need, coherence."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from transforms.improvement.balance_rules import points
from transforms.reporting import style
from transforms.reporting.balance_rows import BalanceReport, BalanceRow, level_name, levels_of
from transforms.reporting.balance_words import INITIATOR_FILLS, INITIATORS, initiator_name
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, layer, row_axis, row_texts, sized
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import counted, decimal, interval, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

LARGEST_GAPS = 20  # more rows than a page is tall; the table has all
_LABEL_FROM, _NAME_FROM = 0.07, 0.2
_LONGEST_NARROW = 24  # characters that find room beside the figures of a row on a phone


def need_fit_picture(rows: Sequence[BalanceRow], picture_id: str) -> Drawing:
    """Draw need against fit of the schools with the largest gaps; empty where none may be shown."""
    rated = sorted(
        (row for row in rows if row.mean_gap is not None), key=lambda row: (-(row.mean_gap or 0), row.school)
    )[:LARGEST_GAPS]
    if not rated:
        return NO_DRAWING
    said = "; ".join(f"{row.school} {_gap_figures(row)}" for row in rated[:5])
    return draw_both(
        lambda is_narrow: _need_fit(rated, is_narrow),
        picture_id,
        say(
            "Rated need and fit of {n_schools}, largest gap first: {said}.",
            n_schools=counted(len(rated), "school"),
            said=said,
        ),
    )


def _gap_figures(row: BalanceRow) -> str:
    return say(
        "{points} · need {mean_need}, fit {mean_fit}",
        points=points(row.mean_gap or 0),
        mean_need=decimal(row.mean_need, 1),
        mean_fit=decimal(row.mean_fit, 1),
    )


def _need_fit(rows: Sequence[BalanceRow], is_narrow: bool) -> Panel:
    import altair as alt

    values = [
        {
            "label": _label(row.school, is_narrow),
            "need": row.mean_need,
            "fit": row.mean_fit,
            "figures": points(row.mean_gap or 0) if is_narrow else _gap_figures(row),
        }
        for row in rows
    ]
    base = chart_of(values)
    y = row_axis(is_narrow)
    axis = alt.Axis(values=[1, 2, 3, 4, 5], title=say("rating, 1 to 5"), titlePadding=10, grid=True)

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[0.8, 5.2], nice=False), axis=axis)

    span = base.mark_rule(strokeWidth=2, color=style.NEUTRAL).encode(x=x("fit:Q"), x2=alt.X2("need:Q"), y=y)
    need = base.mark_point(
        shape="diamond", size=90, filled=True, opacity=1, color=style.LOWER, stroke=style.LOWER
    ).encode(x=x("need:Q"), y=y)
    fit = base.mark_point(shape="circle", size=70, strokeWidth=2, opacity=1).encode(
        x=x("fit:Q"), y=y, fill=alt.FillValue(style.PAPER), stroke=alt.StrokeValue(style.ACCENT)
    )
    return sized([span, fit, need, *row_texts(base, y, is_narrow)], is_narrow, 25)


def _label(name: str, is_narrow: bool) -> str:
    return shorten(name, _LONGEST_NARROW, placeholder="…") if is_narrow else name


def initiator_picture(report: BalanceReport, picture_id: str) -> Drawing:
    """Draw hours by initiator, a bar a year; empty where no initiator is on record."""
    years = [
        year
        for year in report.years("hours_by_initiator")
        if report.value("hours_by_initiator", "district", year) is not None
    ]
    if not years:
        return NO_DRAWING
    bars = [_segments(report, year) for year in years]
    said = "; ".join(
        f"{bar[0]['label']}: " + ", ".join(f"{one['name']} {percent(one['share'])}" for one in bar)
        for bar in bars
    )
    segments = [segment for bar in bars for segment in bar]
    return draw_both(
        lambda is_narrow: _bars(segments, is_narrow),
        picture_id,
        say("Share of PD hours by initiator. {said}.", said=said),
    )


def _segments(report: BalanceReport, year: int) -> list[dict[str, Any]]:
    start, segments = 0.0, []
    for place, code in enumerate(INITIATORS):
        share = report.value("hours_by_initiator", code, year) or 0.0
        if share or code != "unknown":
            segments.append(
                {
                    "label": school_year(year),
                    "name": initiator_name(code),
                    "share": share,
                    "start": start,
                    "end": start + share,
                    "fill": INITIATOR_FILLS[place],
                    "ink": style.PAPER if place == 0 else style.INK,
                }
            )
        start += share
    return segments


def _bars(segments: Sequence[dict[str, Any]], is_narrow: bool) -> Panel:
    import altair as alt

    values = [
        {**one, "text": _segment_text(one, is_narrow), "middle": (one["start"] + one["end"]) / 2}
        for one in segments
    ]
    base = chart_of(values)
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1], format="%", title=say("share of PD hours"), titlePadding=8, grid=False
    )

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)

    y = alt.Y("label:N", sort=None, axis=alt.Axis(title=None, labelPadding=8))
    bar = base.mark_bar(height=22, stroke=style.NEUTRAL, strokeWidth=0.75).encode(
        x=x("start:Q"), x2=alt.X2("end:Q"), y=y, fill=alt.Fill("fill:N", scale=None)
    )
    text = base.mark_text(fontSize=style.SMALL_FONT_SIZE).encode(
        x=x("middle:Q"), y=y, text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
    )
    return layer(bar, text).properties(width=260 if is_narrow else 620, height=alt.Step(30))


def _segment_text(segment: dict[str, Any], is_narrow: bool) -> str:
    share = segment["share"]
    if share < _LABEL_FROM:
        return ""
    if is_narrow or share < _NAME_FROM:
        return percent(share)
    return f"{segment['name']} {percent(share)}"


def correlation_picture(rows: Sequence[tuple[str, IndicatorRow]], picture_id: str) -> Drawing:
    """Draw the rank correlation of need and hours, a row a priority; empty where there is none."""
    known = [(label, row) for label, row in rows if row.value is not None]
    if not known:
        return NO_DRAWING
    said = "; ".join(f"{label} {_correlation_figures(row)}" for label, row in known)
    return draw_both(
        lambda is_narrow: _correlations(known, is_narrow),
        picture_id,
        say(
            "Rank correlation of need and hours per teacher across schools, with 95% intervals: {said}.",
            said=said,
        ),
    )


def _correlation_figures(row: IndicatorRow) -> str:
    return f"{decimal(row.value)} ({interval(row.ci_low, row.ci_high)})"


def _correlations(rows: Sequence[tuple[str, IndicatorRow]], is_narrow: bool) -> Panel:
    import altair as alt

    values = [
        {
            "label": _label(label, is_narrow),
            "value": row.value,
            "low": row.ci_low,
            "high": row.ci_high,
            "figures": _correlation_figures(row),
        }
        for label, row in rows
    ]
    base = chart_of(values)
    title = [say("fewer hours where need is high ← 0"), say("→ more hours where need is high")]
    axis = alt.Axis(
        values=[-1, -0.5, 0, 0.5, 1],
        title=title if is_narrow else " ".join(title),
        titlePadding=10,
        labelExpr="replace(format(datum.value, '.1~f'), '-', '−')",
    )

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[-1, 1], nice=False), axis=axis)

    y = row_axis(is_narrow)
    zero = base.transform_calculate(zero="0").mark_tick(color=style.INK, thickness=1, size=24)
    span = base.mark_rule(strokeWidth=2, color=style.NEUTRAL).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y)
    point = base.mark_point(size=64, filled=True, opacity=1, color=style.ACCENT).encode(x=x("value:Q"), y=y)
    return sized([zero.encode(x=x("zero:Q"), y=y), span, point, *row_texts(base, y, is_narrow)], is_narrow)


def coherence_picture(rows: Sequence[BalanceRow], picture_id: str) -> Drawing:
    """Draw the share of hours on two priorities, a row a level and a point a school; empty without any."""
    known = [row for row in rows if row.coherence is not None]
    if not known:
        return NO_DRAWING
    said = "; ".join(_level_range(known, level) for level in levels_of(known))
    return draw_both(
        lambda is_narrow: _coherence(known, is_narrow),
        picture_id,
        say("Share of hours on the two largest priorities of each school. {said}.", said=said),
    )


def _level_range(rows: Sequence[BalanceRow], level: str) -> str:
    shares = [row.coherence or 0.0 for row in rows if row.school_level == level]
    return say(
        "{level_name}: from {min} to {max}",
        level_name=level_name(level),
        min=percent(min(shares)),
        max=percent(max(shares)),
    )


def _coherence(rows: Sequence[BalanceRow], is_narrow: bool) -> Panel:
    import altair as alt

    first_of_level = {level: next(r for r in rows if r.school_level == level) for level in levels_of(rows)}
    values = [
        {
            "label": level_name(row.school_level),
            "share": row.coherence,
            "median": row.coherence_median if row is first_of_level[row.school_level] else None,
            "figures": say("median {coherence_median}", coherence_median=percent(row.coherence_median))
            if row is first_of_level[row.school_level]
            else "",
        }
        for row in rows
    ]
    base = chart_of(values)
    first = base.transform_filter("datum.median != null")
    reach = min(1.0, 1.1 * max(row.coherence or 0.0 for row in rows) + 0.02)
    axis = alt.Axis(
        tickCount=5, format=".0%", title=say("share of hours on the two largest priorities"), titlePadding=10
    )

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[0, reach], nice=False), axis=axis)

    y = row_axis(is_narrow)
    point = base.mark_point(size=60, strokeWidth=1.5, opacity=0.9, color=style.ACCENT).encode(
        x=x("share:Q"), y=y
    )
    median = first.mark_tick(color=style.INK, thickness=2.5, size=24).encode(x=x("median:Q"), y=y)
    return sized([point, median, *row_texts(first, y, is_narrow)], is_narrow, 44)
