"""The pictures of a school's page. They are drawn once, narrow enough for a phone: on a desk two stand
side by side, and a district has hundreds of schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from transforms.reporting import style, terms
from transforms.reporting.chart_parts import Panel, chart_of, draw_once, layer, vconcat
from transforms.reporting.learning_rows import ScoreRow, driver_name
from transforms.reporting.numerals import decimal, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.school_page_rows import SchoolGrowthRow, SchoolReachRow

if TYPE_CHECKING:
    import altair as alt

_WIDTH, _ROW = 320, 38
_YEAR_HEIGHT = 96
_MOST_YEARS = 6
_LONGEST = 30


def _strip(rows: Sequence[Mapping[str, object]], scale: alt.Scale, axis: alt.Axis) -> Panel:
    """Rows with a mark, where known its interval, and a tick for comparable schools; names above."""
    import altair as alt

    base = chart_of(rows)
    y = alt.Y("label:N", sort=None, axis=None)
    x = alt.X("value:Q", scale=scale, axis=axis)
    line = base.mark_rule(color=style.LINE, strokeWidth=1).encode(
        x=alt.X("start:Q", scale=scale, axis=axis), x2=alt.X2("end:Q"), y=y
    )
    span = (
        base.transform_filter("datum.low != null")
        .mark_rule(color=style.ACCENT, strokeWidth=2.5)
        .encode(x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q"), y=y)
    )
    peers = (
        base.transform_filter("datum.peer != null")
        .mark_tick(color=style.INK, thickness=2, size=15)
        .encode(x=alt.X("peer:Q", scale=scale, axis=axis), y=y)
    )
    mark = (
        base.transform_filter("datum.value != null")
        .mark_point(shape="circle", filled=True, size=75, color=style.ACCENT, opacity=1)
        .encode(x=x, y=y)
    )
    name = base.mark_text(align="left", dy=-14, fontSize=style.SMALL_FONT_SIZE, fontWeight=600).encode(
        x=alt.XValue(0), y=y, text=alt.Text("label:N")
    )
    figures = base.mark_text(align="right", dy=-14, fontSize=style.SMALL_FONT_SIZE).encode(
        x=alt.XValue(_WIDTH), y=y, text=alt.Text("figures:N")
    )
    return layer(line, span, peers, mark, name, figures).properties(width=_WIDTH, height=alt.Step(_ROW))


def reach_strip(rows: Sequence[SchoolReachRow], picture_id: str) -> Drawing:
    """Draw the share of teachers each type reached, beside schools of the level; hidden shares left out."""
    import altair as alt

    shown = [row for row in rows if row.share_of_teachers is not None]
    if not any(row.share_of_teachers for row in shown):
        return NO_DRAWING
    ordered = sorted(shown, key=lambda row: (-(row.share_of_teachers or 0.0), row.pd_type))
    values = [
        {
            "label": shorten(terms.pd_type_name(row.pd_type), _LONGEST, placeholder="…"),
            "value": row.share_of_teachers,
            "peer": row.peer_share,
            "low": None,
            "high": None,
            "start": 0,
            "end": 1,
            "figures": percent(row.share_of_teachers),
        }
        for row in ordered
    ]
    said = "; ".join(
        f"{terms.pd_type_name(row.pd_type)} {percent(row.share_of_teachers)}"
        + ("" if row.peer_share is None else f", in the middle of such schools {percent(row.peer_share)}")
        for row in ordered
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format=".0%", tickCount=3, title="share of teachers", titlePadding=6, grid=False)
    return draw_once(
        lambda: _strip(values, scale, axis), picture_id, f"Share of teachers reached by kind of PD: {said}."
    )


def drivers_strip(rows: Sequence[ScoreRow], district: Sequence[ScoreRow], picture_id: str) -> Drawing:
    """Draw teachers' mean answers with intervals, beside the district's; empty where none may be shown."""
    import altair as alt

    shown = [row for row in rows if row.mean_score is not None]
    if not shown:
        return NO_DRAWING
    means = {row.driver: row.mean_score for row in district}
    values = [
        {
            "label": driver_name(row.driver),
            "value": row.mean_score,
            "peer": means.get(row.driver),
            "low": row.ci_low,
            "high": row.ci_high,
            "start": 1,
            "end": 5,
            "figures": decimal(row.mean_score, 1),
        }
        for row in shown
    ]
    said = "; ".join(
        f"{driver_name(row.driver)} {decimal(row.mean_score, 1)}, district"
        f" {decimal(means.get(row.driver), 1)}"
        for row in shown
    )
    scale = alt.Scale(domain=[1, 5], nice=False)
    axis = alt.Axis(values=[1, 2, 3, 4, 5], title="mean answer, 1 to 5", titlePadding=6, grid=False)
    return draw_once(
        lambda: _strip(values, scale, axis), picture_id, f"Mean answers of teachers, 1 to 5: {said}."
    )


def growth_years(rows: Sequence[SchoolGrowthRow], picture_id: str) -> Drawing:
    """Draw median growth percentiles by year with intervals, a panel a subject; hidden years left out."""
    shown = [row for row in rows if row.median_sgp is not None]
    if not shown:
        return NO_DRAWING
    years = sorted({row.school_year for row in shown})[-_MOST_YEARS:]
    subjects = list(dict.fromkeys(row.academic_subject for row in shown))
    panels = {
        subject: [row for row in shown if row.academic_subject == subject and row.school_year in years]
        for subject in subjects
    }
    said = "; ".join(
        f"{terms.subject_name(subject)}: "
        + ", ".join(f"{school_year(row.school_year)} {decimal(row.median_sgp, 0)}" for row in of_subject)
        for subject, of_subject in panels.items()
    )
    reach = max(
        abs((end if end is not None else 50.0) - 50.0)
        for row in shown
        for end in (row.median_sgp, row.median_sgp_ci_low, row.median_sgp_ci_high)
    )
    span = min(50.0, max(15.0, reach + 3.0))

    def draw() -> Panel:
        drawn = [
            _years_panel(rows, years, span).properties(title=terms.subject_name(subject))
            for subject, rows in panels.items()
            if rows
        ]
        return vconcat(*drawn, spacing=14)

    return draw_once(draw, picture_id, f"Median growth percentile by school year: {said}.")


def _years_panel(rows: Sequence[SchoolGrowthRow], years: Sequence[int], span: float) -> Panel:
    import altair as alt

    base = chart_of(
        [
            {
                "year": school_year(row.school_year),
                "median": row.median_sgp,
                "low": None if row.median_sgp_ci_low is None else max(50 - span, row.median_sgp_ci_low),
                "high": None if row.median_sgp_ci_high is None else min(50 + span, row.median_sgp_ci_high),
            }
            for row in rows
        ]
    )
    scale = alt.Scale(domain=[50 - span, 50 + span], nice=False)
    axis = alt.Axis(tickCount=3, title=None, grid=False, labelColor=style.MUTED, labelFontSize=12)
    x = alt.X(
        "year:N",
        scale=alt.Scale(domain=[school_year(year) for year in years]),
        axis=alt.Axis(title=None, labelAngle=0, grid=False),
    )
    middle = (
        chart_of([{"median": 50}])
        .mark_rule(color=style.INK, strokeWidth=1)
        .encode(y=alt.Y("median:Q", scale=scale, axis=axis))
    )
    line = base.mark_rule(color=style.ACCENT, strokeWidth=2.5).encode(
        x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2=alt.Y2("high:Q")
    )
    mark = base.mark_point(shape="circle", filled=True, size=60, color=style.ACCENT, opacity=1).encode(
        x=x, y=alt.Y("median:Q", scale=scale, axis=axis)
    )
    return layer(middle, line, mark).properties(width=_WIDTH - 30, height=_YEAR_HEIGHT)
