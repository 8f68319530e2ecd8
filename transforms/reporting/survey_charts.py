"""The pictures of surveys: answers around the middle of the scale, and means over the years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    concat,
    draw_both,
    layer,
    row_axis,
    row_texts,
    sized,
)
from transforms.reporting.numerals import decimal, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.survey_rows import ItemRow, ScaleRow
from transforms.reporting.survey_words import construct_name, mean_with_interval

if TYPE_CHECKING:
    import altair as alt

_LOWEST, _BELOW, _MIDDLE, _ABOVE, _HIGHEST = style.LOWER, "#dba890", "#dedad0", "#8fbfc2", style.ACCENT
_PANEL, _NARROW_PANEL, _PANEL_HEIGHT = 168, 124, 150


def scales_picture(rows: Sequence[ScaleRow], picture_id: str) -> Drawing:
    """Answers to each construct of one questionnaire; empty where none may be shown."""
    shown = [row for row in rows if row.positive_share is not None and row.mean is not None]
    shown.sort(key=lambda row: (-(row.mean or 0), row.construct))
    if not shown:
        return NO_DRAWING
    data = [_datum(construct_name(row.construct), row, mean_with_interval(row)) for row in shown]
    said = "; ".join(
        say(
            "{construct_name}: {negative_share} below the middle, {neutral_share} at it,"
            " {positive_share} above, mean {mean_with_interval}",
            construct_name=construct_name(row.construct),
            negative_share=percent(row.negative_share),
            neutral_share=percent(row.neutral_share),
            positive_share=percent(row.positive_share),
            mean_with_interval=mean_with_interval(row),
        )
        for row in shown
    )
    return draw_both(
        lambda is_narrow: _diverging(data, is_narrow),
        picture_id,
        say("Answers by construct. {said}.", said=said),
    )


def items_picture(rows: Sequence[ItemRow], picture_id: str) -> Drawing:
    """Answers to each item of one questionnaire; flagged ones carry a mark beside their figures."""
    shown = [row for row in rows if row.positive_share is not None]
    if not shown:
        return NO_DRAWING
    data = [
        _datum(
            row.wording if len(row.wording) <= 32 else f"{row.wording[:30].rstrip()}…",
            row,
            say(
                "mean {mean}{words}",
                mean=decimal(row.mean),
                words=say(" · flagged") if row.flag != "none" else "",
            ),
            row.item_id,
        )
        for row in sorted(shown, key=lambda row: (row.construct or "~", row.item_id))
    ]
    lowest, highest = (choose(shown, key=lambda row: row.positive_share or 0.0) for choose in (min, max))
    said = say(
        "Answers to {n_shown} items. Most above the middle: {wording} {positive_share};"
        " fewest: {wording_2} {positive_share_2}.",
        n_shown=len(shown),
        wording=highest.wording,
        positive_share=percent(highest.positive_share),
        wording_2=lowest.wording,
        positive_share_2=percent(lowest.positive_share),
    )
    return draw_both(lambda is_narrow: _diverging(data, is_narrow), picture_id, said)


def _datum(label: str, row: ScaleRow | ItemRow, figures: str, key: str = "") -> dict[str, Any]:
    """Ends of the five pieces, the middle half to each side of zero."""
    half = (row.neutral_share or 0) / 2
    negative, positive = row.negative_share or 0, row.positive_share or 0
    return {
        "label": f"{key} {label}".strip(),
        "figures": figures,
        "negative": percent(negative),
        "positive": percent(positive),
        "lowest_from": -half - negative,
        "below_from": -half - negative + (row.floor_share or 0),
        "middle_from": -half,
        "middle_to": half,
        "above_to": half + positive - (row.ceiling_share or 0),
        "highest_to": half + positive,
    }


def _diverging(data: Sequence[dict[str, Any]], is_narrow: bool) -> Panel:

    import altair as alt

    base = chart_of(list(data))
    low = min(datum["lowest_from"] for datum in data) - 0.14
    high = max(datum["highest_to"] for datum in data) + 0.12
    x, y = _share_axis(low, high), row_axis(is_narrow)
    pieces = [
        base.mark_bar(height=14, color=colour).encode(x=x(f"{start}:Q"), x2=end, y=y)
        for start, end, colour in (
            ("lowest_from", "below_from", _LOWEST),
            ("below_from", "middle_from", _BELOW),
            ("middle_from", "middle_to", _MIDDLE),
            ("middle_to", "above_to", _ABOVE),
            ("above_to", "highest_to", _HIGHEST),
        )
    ]
    small = style.SMALL_FONT_SIZE
    left = base.mark_text(align="right", dx=-5, fontSize=small).encode(
        x=x("lowest_from:Q"), y=y, text=alt.Text("negative:N")
    )
    right = base.mark_text(align="left", dx=5, fontSize=small).encode(
        x=x("highest_to:Q"), y=y, text=alt.Text("positive:N")
    )
    return sized([*pieces, left, right, *row_texts(base, y, is_narrow)], is_narrow)


def _share_axis(low: float, high: float) -> Callable[[str], alt.X]:
    import altair as alt

    axis = alt.Axis(
        title=say("below the middle of the scale ← → above it"),
        titlePadding=10,
        grid=False,
        labels=False,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[low, high], nice=False)
    return lambda field: alt.X(field, scale=scale, axis=axis)


def years_picture(rows: Sequence[ScaleRow], picture_id: str) -> Drawing:
    """Mean of each construct over the years, a panel a construct; empty with fewer than two years."""
    shown = [row for row in rows if row.mean is not None]
    if len({row.school_year for row in shown}) < 2:
        return NO_DRAWING
    said = "; ".join(
        f"{construct_name(construct)} "
        + ", ".join(
            say("{mean} in {school_year}", mean=decimal(row.mean), school_year=school_year(row.school_year))
            for row in shown
            if row.construct == construct
        )
        for construct in dict.fromkeys(row.construct for row in shown)
    )
    return draw_both(
        lambda is_narrow: _years(shown, is_narrow),
        picture_id,
        say("Means over the years: {said}.", said=said),
    )


def _years(rows: Sequence[ScaleRow], is_narrow: bool) -> Panel:
    import altair as alt

    ends = [end for row in rows for end in (row.ci_low, row.ci_high, row.mean) if end is not None]
    room = max(0.05, 0.1 * (max(ends) - min(ends)))
    y = alt.Y(
        "mean:Q",
        scale=alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False),
        axis=alt.Axis(title=None, tickCount=4, grid=True, format=".1f", labelFontSize=style.SMALL_FONT_SIZE),
    )
    years = sorted({row.school_year for row in rows})
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[years[0] - 0.4, years[-1] + 0.4], nice=False),
        axis=alt.Axis(
            title=None,
            values=[years[0], years[-1]],
            grid=False,
            labelExpr="datum.value - 1 + '–' + slice(toString(datum.value), 2)",
        ),
    )
    constructs = list(dict.fromkeys(row.construct for row in rows))
    panels = [_year_panel([row for row in rows if row.construct == c], x, y, is_narrow) for c in constructs]
    return concat(*panels, columns=2 if is_narrow else 4, spacing=20)


def _year_panel(rows: Sequence[ScaleRow], x: alt.X, y: alt.Y, is_narrow: bool) -> Panel:
    import altair as alt

    values = [
        {"year": row.school_year, "mean": row.mean, "low": row.ci_low, "high": row.ci_high} for row in rows
    ]
    base = chart_of(values)
    layers = [
        base.mark_line(color=style.ACCENT, strokeWidth=1.5, opacity=0.6).encode(x=x, y=y),
        base.transform_filter("datum.low != null")
        .mark_rule(color=style.ACCENT, strokeWidth=2)
        .encode(x=x, y=alt.Y("low:Q", scale=y["scale"], axis=y["axis"]), y2="high"),
        base.mark_point(filled=True, color=style.ACCENT, size=46, opacity=1).encode(x=x, y=y),
    ]
    width = _NARROW_PANEL if is_narrow else _PANEL
    return layer(*layers).properties(
        width=width, height=_PANEL_HEIGHT, title=construct_name(rows[0].construct)
    )
