"""The pictures of one PD type: who started it, its reach by year and school, hours and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, layer, row_axis, row_texts, sized
from transforms.reporting.decision_rows import ReviewRow
from transforms.reporting.kind_rows import ProfileRow
from transforms.reporting.numerals import count, decimal, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import DistrictReachRow, ReachRow

if TYPE_CHECKING:
    import altair as alt

# Parts of a bar from left to right: who started the hours, and the tint.
STARTERS = (
    ("district_share", noted("the district"), style.REACH_STEPS[4]),
    ("school_share", noted("schools"), style.REACH_STEPS[2]),
    ("teacher_share", noted("teachers"), style.PAPER),
)
_STRIP = 620
_NARROW_STRIP = 316


def started_picture(rows: Sequence[ProfileRow], picture_id: str) -> Drawing:
    """Draw who started the hours, a bar a school year; empty where no year may be shown or is on record."""
    shown = [row for row in sorted(rows, key=lambda row: row.school_year) if any(started(row))]
    if not shown:
        return NO_DRAWING
    said = "; ".join(f"{school_year(row.school_year)} {_started_figures(row)}" for row in shown)
    text = say("Shares of hours by who started them: {said}.", said=said)
    data = [datum for row in shown for datum in _started_data(row)]
    return draw_both(lambda is_narrow: _started(data, is_narrow), picture_id, text)


def started(row: ProfileRow) -> tuple[float, float, float]:
    """Shares of hours that the district, schools and teachers started; zeros where hidden or not known."""
    return row.district_share or 0.0, row.school_share or 0.0, row.teacher_share or 0.0


def _started_figures(row: ProfileRow) -> str:
    shares = zip(started(row), say_each(STARTERS), strict=True)
    return ", ".join(f"{name} {percent(share)}" for share, (_, name, _) in shares if share)


def _started_data(row: ProfileRow) -> list[dict[str, Any]]:
    data, start = [], 0.0
    figures = " · ".join(percent(share) for share in started(row))
    for share, (_, name, _) in zip(started(row), say_each(STARTERS), strict=True):
        if share:
            bar = {"part": name, "start": start, "end": start + share}
            data.append({"label": school_year(row.school_year), "figures": figures, **bar})
        start += share
    return data


def _started(data: Sequence[Mapping[str, Any]], is_narrow: bool) -> Panel:
    import altair as alt

    base, y = chart_of(data), row_axis(is_narrow)
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, title=say("share of hours"), titlePadding=10),
    )
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(
            domain=[name for _, name, _ in say_each(STARTERS)],
            range=[colour for _, _, colour in say_each(STARTERS)],
        ),
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=3,
            columnPadding=24,
            labelFontSize=style.SMALL_FONT_SIZE,
            symbolType="square",
            symbolStrokeColor=style.NEUTRAL,
        ),
    )
    bars = base.mark_bar(height=13, stroke=style.NEUTRAL, strokeWidth=0.75).encode(
        x=x, x2=alt.X2("end:Q"), y=y, color=colour
    )
    firsts = chart_of(list({datum["label"]: datum for datum in data}.values()))
    return sized([bars, *row_texts(firsts, y, is_narrow)], is_narrow, row=26)


def reach_by_year_picture(rows: Sequence[DistrictReachRow], picture_id: str) -> Drawing:
    """Draw the share of all teachers reached, a bar a school year; empty where none may be shown."""
    shown = sorted((row for row in rows if row.share is not None), key=lambda row: row.school_year)
    if not shown:
        return NO_DRAWING
    said = "; ".join(f"{school_year(row.school_year)} {percent(row.share)}" for row in shown)
    data = [
        {
            "label": school_year(row.school_year),
            "amount": row.share,
            "figures": say(
                "{share} · {n_participants} teachers",
                share=percent(row.share),
                n_participants=count(row.n_participants),
            ),
        }
        for row in shown
    ]
    text = say("Share of teachers reached by year: {said}.", said=said)
    return draw_both(
        lambda is_narrow: _bars(data, say("share of teachers"), ".0%", 0.1, is_narrow), picture_id, text
    )


def decided_picture(
    rows: Sequence[DistrictReachRow], reviews: Sequence[ReviewRow], picture_id: str
) -> Drawing:
    """Draw hours by school year, with what was decided in a year beside it; empty without both."""
    shown = sorted((row for row in rows if row.hours is not None), key=lambda row: row.school_year)
    if not shown or not reviews:
        return NO_DRAWING
    decided: dict[int, list[str]] = {}
    for review in reviews:
        decided.setdefault(review.school_year, []).append(review.action)
    data = [
        {
            "label": school_year(row.school_year),
            "amount": row.hours,
            "figures": " · ".join((f"{decimal(row.hours, 0)} h", *_decided(decided.get(row.school_year)))),
        }
        for row in shown
    ]
    said = "; ".join(f"{datum['label']} {datum['figures']}" for datum in data)
    text = say("Hours by school year, with what was decided: {said}.", said=said)
    return draw_both(
        lambda is_narrow: _bars(data, say("hours of all people together"), ",.0f", 1.0, is_narrow),
        picture_id,
        text,
    )


def _decided(actions: Sequence[str] | None) -> tuple[str, ...]:
    return (say("decided: {listed}", listed=", ".join(actions)),) if actions else ()


def _bars(data: Sequence[Mapping[str, Any]], title: str, number: str, least: float, is_narrow: bool) -> Panel:
    """A bar a year; the axis reaches ``least`` at least."""
    import altair as alt

    base, y = chart_of(data), row_axis(is_narrow)
    largest = max(float(datum["amount"]) for datum in data)
    x = alt.X(
        "amount:Q",
        scale=alt.Scale(domain=[0, max(least, 1.05 * largest)], nice=False),
        axis=alt.Axis(format=number, tickCount=5, title=title, titlePadding=10),
    )
    bar = base.mark_bar(height=12, color=style.ACCENT, cornerRadiusEnd=2).encode(x=x, y=y)
    return sized([bar, *row_texts(base, y, is_narrow)], is_narrow, row=26)


def reach_by_school_picture(rows: Sequence[ReachRow], picture_id: str) -> Drawing:
    """Draw the share of each school's teachers as a strip of ticks; empty with fewer than two schools."""
    shares = sorted(row.share for row in rows if row.share is not None)
    if len(shares) < 2:
        return NO_DRAWING
    middle = shares[len(shares) // 2]
    text = say(
        "Share of teachers reached in {n_shares} schools: from {shares} to {shares_2}, in the"
        " middle {middle}.",
        n_shares=len(shares),
        shares=percent(shares[0]),
        shares_2=percent(shares[-1]),
        middle=percent(middle),
    )
    return draw_both(lambda is_narrow: _schools(shares, middle, is_narrow), picture_id, text)


def _schools(shares: Sequence[float], middle: float, is_narrow: bool) -> Panel:
    import altair as alt

    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format=".0%", tickCount=5, title=say("share of a school's teachers"), titlePadding=10)
    x = alt.X("share:Q", scale=scale, axis=axis)
    ticks = (
        chart_of([{"share": share} for share in shares])
        .mark_tick(color=style.ACCENT, thickness=2, size=26, opacity=1)
        .encode(x=x, y=alt.YValue(36))
    )
    median = chart_of([{"share": middle, "text": say("middle school {middle}", middle=percent(middle))}])
    mark = _middle(median, x)
    is_right = middle > 0.6
    name = median.mark_text(
        align="right" if is_right else "left", dx=-9 if is_right else 9, fontSize=style.SMALL_FONT_SIZE
    ).encode(x=x, y=alt.YValue(8), text=alt.Text("text:N"))
    return layer(ticks, mark, name).properties(width=_NARROW_STRIP if is_narrow else _STRIP, height=56)


def _middle(median: alt.Chart, x: alt.X) -> alt.Chart:
    import altair as alt

    mark = median.mark_point(shape="triangle-down", size=90, filled=True, color=style.INK, opacity=1)
    return mark.encode(x=x, y=alt.YValue(8))
