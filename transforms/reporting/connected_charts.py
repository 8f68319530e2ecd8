"""The pictures of connected professional learning: one-off hours, feedback in time, self-assessments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, row_axis, row_texts, sized
from transforms.reporting.connected_rows import ConnectedReport, PracticeRow
from transforms.reporting.numerals import count, listed, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.terms import plain

if TYPE_CHECKING:
    import altair as alt

_BAR, _NARROW_BAR = 18, 14
LEVEL_COLOURS = ("#9c3a14", "#e3b79f", "#a9cfcd", "#0c5c66")
_LEVEL_TEXTS = (style.PAPER, style.INK, style.INK, style.PAPER)
_TIMING_COLOURS = (style.ACCENT, "#a9cfcd", "#9c3a14")
_TIMING_TEXTS = (style.PAPER, style.INK, style.PAPER)
_ROOM = 0.07  # a narrower part of the axis holds no number


def _axis(title: str, values: Sequence[float] | None = None, reach: tuple[float, float] = (0.0, 1.0)) -> Any:
    import altair as alt

    label = "format(abs(datum.value), '.0%')" if values is None else "format(abs(datum.value), ',.0f')"
    axis = alt.Axis(title=title, titlePadding=10, grid=False, labelExpr=label, tickCount=5)
    return lambda field: alt.X(field, scale=alt.Scale(domain=list(reach), nice=False), axis=axis)


def _segments(rows: Sequence[dict[str, Any]], x: Callable[[str], alt.X], is_narrow: bool) -> list[alt.Chart]:
    """Bars from ``from`` to ``to`` with their number inside, where there is room for it."""
    import altair as alt

    y = row_axis(is_narrow)
    base = chart_of(list(rows))
    dy = 6 if is_narrow else 0
    bars = base.mark_bar(height=_NARROW_BAR if is_narrow else _BAR, yOffset=dy).encode(
        x=x("from:Q"), x2=alt.X2("to:Q"), y=y, color=alt.Color("colour:N", scale=None)
    )
    numbers = (
        base.transform_filter("datum.number != ''")
        .mark_text(fontSize=style.SMALL_FONT_SIZE, dy=dy + 1)
        .encode(x=x("middle:Q"), y=y, text=alt.Text("number:N"), color=alt.Color("ink:N", scale=None))
    )
    return [bars, numbers]


def _segment(
    label: str, start: float, end: float, colour: str, ink: str, number: str, room: float
) -> dict[str, Any]:
    return {
        "label": label,
        "from": start,
        "to": end,
        "middle": (start + end) / 2,
        "colour": colour,
        "ink": ink,
        "number": number if abs(end - start) >= room else "",
    }


def one_off_picture(report: ConnectedReport, picture_id: str) -> Drawing:
    """Share of hours in one-off events by year as bars, of money as a mark; empty without hours."""
    hours = report.district("one_off_hours_share")
    if not hours:
        return NO_DRAWING
    money = {row.school_year: row.value for row in report.district("one_off_money_share")}
    said = [
        say(
            "{school_year} {value} of hours",
            school_year=school_year(row.school_year),
            value=percent(row.value),
        )
        + (
            say(", {money} of money", money=percent(money[row.school_year]))
            if row.school_year in money
            else ""
        )
        for row in hours
    ]
    text = say(
        "Share of professional development in one-off events by school year: {said}.", said=listed(said)
    )
    rows = [
        {
            "label": school_year(row.school_year),
            "hours": row.value,
            "rest": 1.0,
            "money": money.get(row.school_year),
            "figures": say("hours {value}", value=percent(row.value))
            + (
                say(" · money {money}", money=percent(money[row.school_year]))
                if row.school_year in money
                else ""
            ),
        }
        for row in hours
    ]
    return draw_both(lambda is_narrow: _one_off(rows, is_narrow), picture_id, text)


def _one_off(rows: Sequence[dict[str, Any]], is_narrow: bool) -> Panel:

    import altair as alt

    x, y = _axis(say("share in one-off events")), row_axis(is_narrow)
    base = chart_of(list(rows))
    dy, height = (6, _NARROW_BAR) if is_narrow else (0, _BAR)
    whole = base.mark_bar(height=height, yOffset=dy, color=style.REACH_STEPS[1]).encode(
        x=x("hours:Q"), x2=alt.X2("rest:Q"), y=y
    )
    zero = base.transform_calculate(zero="0")
    part = zero.mark_bar(height=height, yOffset=dy, color=style.LOWER).encode(
        x=x("zero:Q"), x2=alt.X2("hours:Q"), y=y
    )
    half = (
        base.transform_calculate(half="0.5")
        .mark_tick(color=style.INK, thickness=1, size=height + 8, yOffset=dy)
        .encode(x=x("half:Q"), y=y)
    )
    mark = (
        base.transform_filter("datum.money != null")
        .mark_point(
            shape="diamond", size=80, filled=True, fill=style.PAPER, stroke=style.INK, strokeWidth=1.5,
            opacity=1, yOffset=dy,
        )
        .encode(x=x("money:Q"), y=y)
    )  # fmt: skip
    return sized([whole, part, half, mark, *row_texts(base, y, is_narrow)], is_narrow)


def timing_picture(report: ConnectedReport, picture_id: str) -> Drawing:
    """Observations with feedback in time, later and never, by year and by purpose; empty without any."""
    groups = _timing_groups(report)
    if not groups:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{label}: {in_time} in time, {later} later, {never} none on record",
            label=label,
            in_time=percent(in_time),
            later=percent(later),
            never=percent(never),
        )
        for label, in_time, later, never, _ in groups
    )
    return draw_both(
        lambda is_narrow: _timing(groups, is_narrow),
        picture_id,
        say("Feedback after observations. {said}.", said=said),
    )


_Timing = tuple[str, float, float, float, int]


def _timing_groups(report: ConnectedReport) -> list[_Timing]:
    never = {
        (row.school_year, row.category): row.value
        for row in report.indicators
        if row.indicator == "feedback_never" and row.school_id is None and row.value is not None
    }
    rows = [
        row
        for row in report.indicators
        if row.indicator == "feedback_in_time"
        and row.school_id is None
        and row.value is not None
        and (row.category == "all" or row.school_year == report.year)
        and (row.school_year, row.category) in never
    ]
    rows.sort(key=lambda row: (row.category != "all", row.school_year, row.category))
    groups = []
    for row in rows:
        none, in_time = never[row.school_year, row.category] or 0.0, row.value or 0.0
        year = school_year(row.school_year)
        label = year if row.category == "all" else f"{year}: {plain(row.category).lower()}"
        later = max(0.0, 1.0 - in_time - none)
        groups.append((label, in_time, later, none, int(row.denominator or 0)))
    return groups


def _timing(groups: Sequence[_Timing], is_narrow: bool) -> Panel:

    segments, figures = [], []
    for label, in_time, later, never, n in groups:
        start = 0.0
        for share, colour, ink in zip((in_time, later, never), _TIMING_COLOURS, _TIMING_TEXTS, strict=True):
            segments.append(_segment(label, start, start + share, colour, ink, percent(share), _ROOM))
            start += share
        figures.append({"label": label, "figures": say("{n} observations", n=count(n))})
    y = row_axis(is_narrow)
    texts = row_texts(chart_of(figures), y, is_narrow)
    return sized([*_segments(segments, _axis(say("share of observations")), is_narrow), *texts], is_narrow)


def ratings_picture(practices: Sequence[PracticeRow], picture_id: str) -> Drawing:
    """Schools at each level of each practice, levels 1 and 2 to the left; empty where nobody rated any."""
    if not practices:
        return NO_DRAWING
    said = "; ".join(
        f"{row.practice}: "
        + ", ".join(
            say("{n} at level {level}", n=n, level=level) for level, n in enumerate(row.levels, start=1)
        )
        for row in practices
    )
    text = say("Schools by their own rating of each practice. {said}.", said=said)
    return draw_both(lambda is_narrow: _ratings(practices, is_narrow), picture_id, text)


def _ratings(practices: Sequence[PracticeRow], is_narrow: bool) -> Panel:

    reach = float(max(max(row.n_level_1 + row.n_level_2, row.n_level_3 + row.n_level_4) for row in practices))
    ordered = sorted(
        practices, key=lambda row: (-(row.n_level_3 + row.n_level_4) / row.n_schools, row.practice)
    )
    segments, figures = [], []
    for row in ordered:
        start = -float(row.n_low)
        for n, colour, ink in zip(row.levels, LEVEL_COLOURS, _LEVEL_TEXTS, strict=True):
            number = count(n) if n else ""
            segments.append(_segment(row.practice, start, start + n, colour, ink, number, _ROOM * reach))
            start += n
        figures.append(
            {
                "label": row.practice,
                "figures": say(
                    "{n_high} of {n_schools} at 3 or 4", n_high=row.n_high, n_schools=row.n_schools
                ),
            }
        )
    title = say("schools at 1 or 2 ← → schools at 3 or 4")
    x = _axis(title, (), (-reach, reach))
    y = row_axis(is_narrow)
    texts = row_texts(chart_of(figures), y, is_narrow)
    zero = (
        chart_of(figures)
        .transform_calculate(zero="0")
        .mark_tick(color=style.INK, thickness=1.5, size=_BAR + 8, yOffset=6 if is_narrow else 0)
        .encode(x=x("zero:Q"), y=y)
    )
    return sized([*_segments(segments, x, is_narrow), zero, *texts], is_narrow)
