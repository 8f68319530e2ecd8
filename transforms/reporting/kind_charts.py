"""The pictures of one PD type's reach: by year, and by school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from transforms.reporting import style
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, layer, row_axis, row_texts, sized
from transforms.reporting.numerals import count, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import DistrictReachRow, ReachRow

if TYPE_CHECKING:
    pass


def reach_by_year_picture(rows: Sequence[DistrictReachRow], picture_id: str) -> Drawing:
    """Draw the share of all teachers reached, a bar a school year; empty where none may be shown."""
    shown = sorted((row for row in rows if row.share is not None), key=lambda row: row.school_year)
    if not shown:
        return NO_DRAWING
    said = "; ".join(f"{school_year(row.school_year)} {percent(row.share)}" for row in shown)
    return draw_both(
        lambda is_narrow: _years(shown, is_narrow), picture_id, f"Share of teachers reached by year: {said}."
    )


def _years(rows: Sequence[DistrictReachRow], is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of(
        [
            {
                "label": school_year(row.school_year),
                "share": row.share,
                "figures": f"{percent(row.share)} · {count(row.n_participants)} teachers",
            }
            for row in rows
        ]
    )
    largest = max(row.share or 0.0 for row in rows)
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, max(0.1, 1.05 * largest)], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, title="share of teachers", titlePadding=10),
    )
    y = row_axis(is_narrow)
    bar = base.mark_bar(height=12, color=style.ACCENT, cornerRadiusEnd=2).encode(x=x, y=y)
    return sized([bar, *row_texts(base, y, is_narrow)], is_narrow, row=26)


def reach_by_school_picture(rows: Sequence[ReachRow], picture_id: str) -> Drawing:
    """Draw the share of each school's teachers as a strip of ticks; empty with fewer than two schools."""
    shares = sorted(row.share for row in rows if row.share is not None)
    if len(shares) < 2:
        return NO_DRAWING
    middle = shares[len(shares) // 2]
    text = (
        f"Share of teachers reached in {len(shares)} schools: from {percent(shares[0])} to"
        f" {percent(shares[-1])}, in the middle {percent(middle)}."
    )
    return draw_both(lambda is_narrow: _schools(shares, middle, is_narrow), picture_id, text)


def _schools(shares: Sequence[float], middle: float, is_narrow: bool) -> Panel:
    import altair as alt

    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format=".0%", tickCount=5, title="share of a school's teachers", titlePadding=10)
    x = alt.X("share:Q", scale=scale, axis=axis)
    ticks = (
        chart_of([{"share": share} for share in shares])
        .mark_tick(color=style.ACCENT, thickness=2, size=26, opacity=1)
        .encode(x=x)
    )
    median = chart_of([{"share": middle, "text": f"middle school {percent(middle)}"}])
    mark = median.mark_point(shape="triangle-down", size=90, filled=True, color=style.INK, opacity=1).encode(
        x=x, y=alt.value(4)
    )
    is_right = middle > 0.6
    name = median.mark_text(
        align="right" if is_right else "left", dx=-9 if is_right else 9, fontSize=style.SMALL_FONT_SIZE
    ).encode(x=x, y=alt.value(4), text=alt.Text("text:N"))
    width = 316 if is_narrow else 620
    return layer(ticks, mark, name).properties(width=width, height=58)
