"""The pictures of growth percentiles: their spread in groups, and status against growth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
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
from transforms.reporting.growth_labels import LINE, Mark, placed_labels
from transforms.reporting.growth_rows import DistributionRow, QuadrantRow, subjects_of
from transforms.reporting.growth_words import (
    Direction,
    direction,
    group_label,
    median_with_interval,
    quadrant_counts,
)
from transforms.reporting.numerals import count, counted
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

LARGEST_GROUPS = 30  # more rows than a page is tall; the table has all
_SHAPES = {Direction.HIGHER: "triangle-up", Direction.LOWER: "triangle-down", Direction.UNCLEAR: "circle"}
_COLOURS = {
    Direction.HIGHER: style.ACCENT,
    Direction.LOWER: style.LOWER,
    Direction.UNCLEAR: style.NEUTRAL,
}
_PANEL, _PANEL_HEIGHT = 392, 340
_NARROW_PANEL, _NARROW_HEIGHT = 272, 280
_CORNER_LINE = 14


def largest_groups(rows: Sequence[DistributionRow]) -> list[DistributionRow]:
    """The groups that a picture shows: those with most students, withheld ones left out."""
    shown = [row for row in rows if row.sgp_p50 is not None]
    return sorted(shown, key=lambda row: (-(row.n_students or 0), row.group_name))[:LARGEST_GROUPS]


def distribution_picture(rows: Sequence[DistributionRow], picture_id: str) -> Drawing:
    """Draw how growth percentiles spread in each group of one subject; empty where none may be shown."""
    largest = sorted(largest_groups(rows), key=lambda row: (-(row.sgp_p50 or 0), row.group_name))
    if not largest:
        return NO_DRAWING
    ends = [largest[0]] if len(largest) == 1 else [largest[0], largest[-1]]
    said = say("; lowest ").join(f"{group_label(row)} {median_with_interval(row)}" for row in ends)
    text = say(
        "Growth percentiles in {subject_in_sentence}, {n_groups}, median with 95% interval: highest {said}.",
        subject_in_sentence=terms.subject_in_sentence(largest[0].academic_subject),
        n_groups=counted(len(largest), "group"),
        said=said,
    )
    return draw_both(lambda is_narrow: _distributions(largest, is_narrow), picture_id, text)


def _distribution_datum(row: DistributionRow, is_narrow: bool) -> dict[str, Any]:
    told = direction(row)
    students = count(row.n_students) if is_narrow else counted(row.n_students, "student")
    return {
        "label": group_label(row),
        "p10": row.sgp_p10,
        "p25": row.sgp_p25,
        "p50": row.sgp_p50,
        "p75": row.sgp_p75,
        "p90": row.sgp_p90,
        "low": row.median_sgp_ci_low,
        "high": row.median_sgp_ci_high,
        "figures": f"{median_with_interval(row)} · {students}",
        "shape": _SHAPES[told],
        "colour": _COLOURS[told],
        "fill": style.PAPER if told is Direction.UNCLEAR else _COLOURS[told],
    }


def _percentile_axis(is_narrow: bool) -> Callable[[str], alt.X]:
    import altair as alt

    title = say("growth percentile of a student")
    if not is_narrow:
        title = say("lower growth ← growth percentile of a student → higher growth")
    axis = alt.Axis(values=[10, 25, 50, 75, 90], title=title, titlePadding=10, grid=False)
    scale = alt.Scale(domain=[0, 100], nice=False)
    return lambda field: alt.X(field, scale=scale, axis=axis)


def _distributions(rows: Sequence[DistributionRow], is_narrow: bool) -> Panel:

    base = chart_of([_distribution_datum(row, is_narrow) for row in rows])
    x, y = _percentile_axis(is_narrow), row_axis(is_narrow)
    most = base.mark_rule(color=style.NEUTRAL, strokeWidth=1).encode(x=x("p10:Q"), x2="p90:Q", y=y)
    half = base.mark_bar(
        height=11, color=style.REACH_STEPS[1], stroke=style.NEUTRAL, strokeWidth=0.75, cornerRadius=2
    ).encode(x=x("p25:Q"), x2="p75:Q", y=y)
    middle = _middle_line(base, x, y, is_narrow)
    return sized([most, half, middle, *_medians(base, x, y), *row_texts(base, y, is_narrow)], is_narrow, 24)


def _middle_line(base: alt.Chart, x: Callable[[str], alt.X], y: alt.Y, is_narrow: bool) -> alt.Chart:
    """The line at 50; on a phone in pieces, as names and figures stand above each row."""

    if is_narrow:
        pieces = base.transform_calculate(middle="50").mark_tick(color=style.INK, thickness=1, size=20)
        return pieces.encode(x=x("middle:Q"), y=y)
    line = chart_of([{"middle": 50}])
    return line.mark_rule(color=style.INK, strokeWidth=1).encode(x=x("middle:Q"))


def _medians(base: alt.Chart, x: Callable[[str], alt.X], y: alt.Y) -> list[alt.Chart]:
    import altair as alt

    colour = alt.Color("colour:N", scale=None)
    known = base.transform_filter("datum.low != null")
    return [
        known.mark_rule(strokeWidth=3).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour),
        base.mark_point(size=62, strokeWidth=2, opacity=1).encode(
            x=x("p50:Q"),
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=colour,
        ),
    ]


def quadrant_picture(rows: Sequence[QuadrantRow], picture_id: str) -> Drawing:
    """Draw status against growth, a panel a subject and a point a school; empty where none may be shown."""
    drawn = [row for row in rows if row.is_drawn]
    if not drawn:
        return NO_DRAWING
    said = "; ".join(
        f"{terms.subject_name(subject)}, "
        + quadrant_counts([row for row in drawn if row.academic_subject == subject])
        for subject in subjects_of(drawn)
    )
    text = say("Status against growth of schools. {said}.", said=said)
    return draw_both(lambda is_narrow: _quadrants(drawn, is_narrow), picture_id, text)


def _quadrants(rows: Sequence[QuadrantRow], is_narrow: bool) -> Panel:

    reach = _status_reach(rows), _growth_reach(rows)
    panels = []
    for position, subject in enumerate(subjects_of(rows)):
        of_subject = [row for row in rows if row.academic_subject == subject]
        is_first = is_narrow or position % 2 == 0
        panels.append(_quadrant_panel(of_subject, reach, is_narrow, is_first))
    return concat(*panels, columns=1 if is_narrow else 2, spacing=28)


def _status_reach(rows: Sequence[QuadrantRow]) -> float:
    return max(0.3, 1.12 * max(abs(row.mean_score_sd or 0) for row in rows))


def _growth_reach(rows: Sequence[QuadrantRow]) -> float:
    """Half the height of the picture in percentiles: all intervals, 50 in the middle."""
    ends = [row.median_sgp_ci_low for row in rows] + [row.median_sgp_ci_high for row in rows]
    medians = [row.median_sgp or 50 for row in rows]
    return min(50.0, max(12.0, 6 + max(abs((end or 50) - 50) for end in [*ends, *medians])))


def _quadrant_panel(
    rows: Sequence[QuadrantRow], reach: tuple[float, float], is_narrow: bool, is_first: bool
) -> Panel:
    x, y = _status_axis(reach[0]), _growth_axis(reach[1], is_first)
    width, height = (_NARROW_PANEL, _NARROW_HEIGHT) if is_narrow else (_PANEL, _PANEL_HEIGHT)
    labels = _quadrant_labels(rows, reach, width, height)
    layers: list[alt.Chart | Panel] = [
        *_cross(x, y),
        *_corners(width, height),
        *_schools(rows, x, y),
        label_texts(labels),
    ]
    title = terms.subject_name(rows[0].academic_subject)
    return layer(*layers).properties(width=width, height=height, title=title)


def _status_axis(reach: float) -> alt.X:
    import altair as alt

    axis = alt.Axis(
        tickCount=5,
        grid=False,
        titlePadding=8,
        title=say("where students stand: mean score, SD"),
        labelExpr="replace(format(datum.value, '.2~f'), '-', '−')",
    )
    return alt.X("status:Q", scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)


def _growth_axis(reach: float, is_titled: bool) -> Callable[[str], alt.Y]:
    import altair as alt

    title = say("how they grow: median percentile") if is_titled else None
    axis = alt.Axis(
        tickCount=6,
        grid=False,
        title=title,
        titlePadding=8,
        ticks=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )
    scale = alt.Scale(domain=[50 - reach, 50 + reach], nice=False)
    return lambda field: alt.Y(field, scale=scale, axis=axis)


def _cross(x: alt.X, y: Callable[[str], alt.Y]) -> list[alt.Chart]:

    middle = chart_of([{"status": 0, "growth": 50}])
    return [
        middle.mark_rule(color=style.INK, strokeWidth=1).encode(x=x),
        middle.mark_rule(color=style.INK, strokeWidth=1).encode(y=y("growth:Q")),
    ]


def _corners(width: int, height: int) -> list[alt.Chart]:
    """What each quadrant means, in its corner; in two lines where it is narrow."""
    import altair as alt

    corners = [
        (side, end, say("{scores} scores,", scores=scores), say("{growth} growth", growth=growth))
        for side, scores in (("left", say("lower")), ("right", say("higher")))
        for end, growth in (("top", say("higher")), ("bottom", say("lower")))
    ]
    return [
        chart_of([{"text": [*lines] if width < _PANEL else " ".join(lines)}])
        .mark_text(
            align=side,  # type: ignore[arg-type]
            baseline="line-top" if end == "top" else "line-bottom",
            dy=-_CORNER_LINE if end == "bottom" and width < _PANEL else 0,
            lineHeight=_CORNER_LINE,
            fontSize=style.SMALL_FONT_SIZE,
            fontStyle="italic",
            color=style.MUTED,
        )
        .encode(
            x=alt.XValue(4 if side == "left" else width - 4),
            y=alt.YValue(2 if end == "top" else height - 2),
            text=alt.Text("text:N"),
        )
        for side, end, *lines in corners
    ]


def _schools(rows: Sequence[QuadrantRow], x: alt.X, y: Callable[[str], alt.Y]) -> list[alt.Chart]:
    import altair as alt

    base = chart_of([_school_datum(row) for row in rows])
    colour = alt.Color("colour:N", scale=None)
    is_crowded = len(rows) > LARGEST_GROUPS
    span = (
        base.transform_filter("datum.low != null")
        .mark_rule(strokeWidth=1, opacity=0.45 if is_crowded else 0.8)
        .encode(x=x, y=y("low:Q"), y2=alt.Y2("high:Q"), color=colour)
    )
    point = base.mark_point(size=34 if is_crowded else 60, strokeWidth=1.75, opacity=1).encode(
        x=x,
        y=y("growth:Q"),
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=colour,
    )
    return [span, point]


def _school_datum(row: QuadrantRow) -> dict[str, Any]:
    told = direction(row)
    return {
        "status": row.mean_score_sd,
        "growth": row.median_sgp,
        "low": row.median_sgp_ci_low,
        "high": row.median_sgp_ci_high,
        "shape": _SHAPES[told],
        "colour": _COLOURS[told],
        "fill": style.PAPER if told is Direction.UNCLEAR else _COLOURS[told],
    }


def _quadrant_labels(
    rows: Sequence[QuadrantRow], reach: tuple[float, float], width: int, height: int
) -> list[dict[str, Any]]:
    """Names beside points, in pixels: all schools where few, else the extreme ones that find room."""
    marks = [
        Mark(
            row.school,
            (1 + (row.mean_score_sd or 0) / reach[0]) / 2 * width,
            (1 - ((row.median_sgp or 50) - 50) / reach[1]) / 2 * height,
            tuple((1 - (end - 50) / reach[1]) / 2 * height for end in _ends(row)),
        )
        for row in rows
    ]
    return [
        {"text": [*label.lines], "left": label.left, "top": label.first_line, "align": label.align}
        for label in placed_labels(marks, width, height)
    ]


def _ends(row: QuadrantRow) -> tuple[float, float]:
    """Upper and lower end of the line through a school's point."""
    median = row.median_sgp or 50
    low, high = row.median_sgp_ci_low, row.median_sgp_ci_high
    return (median if high is None else high, median if low is None else low)


def label_texts(labels: Sequence[dict[str, Any]]) -> Panel:
    """Names with a rim of paper, so that a line behind does not run through them."""
    import altair as alt

    texts = []
    for align in ("left", "right"):
        base = chart_of([label for label in labels if label["align"] == align]).encode(
            x=alt.X("left:Q", scale=None, axis=None),
            y=alt.Y("top:Q", scale=None, axis=None),
            text=alt.Text("text:N"),
        )
        mark: dict[str, Any] = {
            "align": align,
            "baseline": "middle",
            "lineHeight": LINE,
            "fontSize": style.SMALL_FONT_SIZE,
        }
        texts += [base.mark_text(stroke=style.PAPER, strokeWidth=4, **mark), base.mark_text(**mark)]
    return layer(*texts)
