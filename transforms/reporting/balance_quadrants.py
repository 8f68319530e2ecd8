"""The picture of quadrants: alignment against differentiation, a panel a school level, a point a school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from transforms.improvement.balance_rules import ON_THE_LINE, QUADRANTS
from transforms.reporting import style
from transforms.reporting.balance_rows import BalanceRow, level_name, levels_of
from transforms.reporting.catalogue import noted, say
from transforms.reporting.chart_parts import Panel, chart_of, concat, draw_both, layer
from transforms.reporting.growth_charts import label_texts
from transforms.reporting.growth_labels import Mark, placed_labels
from transforms.reporting.numerals import counted, listed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_SHAPES = {
    QUADRANTS[True, True]: ("triangle-up", style.ACCENT, style.ACCENT),
    QUADRANTS[True, False]: ("square", style.INK, style.INK),
    QUADRANTS[False, True]: ("diamond", style.INK, style.PAPER),
    QUADRANTS[False, False]: ("triangle-down", style.LOWER, style.LOWER),
    ON_THE_LINE: ("circle", style.NEUTRAL, style.PAPER),
}
KEY = noted(
    "A ring around a point: look at first. ▲ aligned and differentiated, ■ aligned, ◇"
    " differentiated, ▼ neither, ○ on the line. The two lines are the cuts of the level."
)
_WIDE, _HEIGHT = 392, 340
_NARROW, _NARROW_HEIGHT = 272, 290
_CORNER_LINE = 14


def quadrant_picture(rows: Sequence[BalanceRow], picture_id: str) -> Drawing:
    """Draw alignment against differentiation; empty where no school may be shown."""
    drawn = [row for row in rows if row.is_drawn and row.alignment_cut is not None]
    if not drawn:
        return NO_DRAWING
    counts = ((name, sum(row.quadrant == name for row in drawn)) for name in _SHAPES)
    said = listed([f"{n} {name}" for name, n in counts if n])
    text = say(
        "Alignment against differentiation of {n_schools}: {said}.",
        n_schools=counted(len(drawn), "school"),
        said=said,
    )
    return draw_both(lambda is_narrow: _panels(drawn, is_narrow), picture_id, text)


def _panels(rows: Sequence[BalanceRow], is_narrow: bool) -> Panel:

    panels = [
        _panel([row for row in rows if row.school_level == level], is_narrow, is_narrow or place % 2 == 0)
        for place, level in enumerate(levels_of(rows))
    ]
    return concat(*panels, columns=1 if is_narrow else 2, spacing=28)


def _reach(values: Sequence[float], share: float) -> tuple[float, float]:
    """From below the least to above the greatest; ``share`` of the range at both ends is room for names."""
    low, high = min(values), max(values)
    room = max(0.06, share * (high - low))
    return max(-0.02, low - room), min(1.02, high + room)


def _panel(rows: Sequence[BalanceRow], is_narrow: bool, is_first: bool) -> Panel:
    import altair as alt

    width, height = (_NARROW, _NARROW_HEIGHT) if is_narrow else (_WIDE, _HEIGHT)
    cuts = rows[0].alignment_cut or 0.0, rows[0].differentiation_cut or 0.0
    x_reach = _reach([cuts[0], *(row.alignment or 0.0 for row in rows)], 0.45)
    y_reach = _reach([cuts[1], *(row.differentiation or 0.0 for row in rows)], 0.22)
    x = _axis(alt.X, say("aligned: hours on district priorities"), x_reach)
    y = _axis(alt.Y, say("differentiated: hours chosen locally") if is_first else None, y_reach)
    labels = _labels(rows, x_reach, y_reach, width, height)
    layers: list[alt.Chart | Panel] = [
        *_cross(cuts, x, y),
        *_corners(width, height),
        *_schools(rows, x, y),
        label_texts(labels),
    ]
    return layer(*layers).properties(width=width, height=height, title=level_name(rows[0].school_level))


def _axis(channel: Any, title: str | None, reach: tuple[float, float]) -> Any:
    import altair as alt

    axis = alt.Axis(
        tickCount=5,
        format=".0%",
        grid=False,
        title=title,
        titlePadding=8,
        ticks=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )
    scale = alt.Scale(domain=list(reach), nice=False)
    return lambda field: channel(field, scale=scale, axis=axis)


def _cross(cuts: tuple[float, float], x: Any, y: Any) -> list[alt.Chart]:

    base = chart_of([{"x": cuts[0], "y": cuts[1]}])
    rule = base.mark_rule(color=style.INK, strokeWidth=1)
    return [rule.encode(x=x("x:Q")), rule.encode(y=y("y:Q"))]


def _corners(width: int, height: int) -> list[alt.Chart]:
    import altair as alt

    corners = [
        ("left", "top", QUADRANTS[False, True]),
        ("right", "top", QUADRANTS[True, True]),
        ("left", "bottom", QUADRANTS[False, False]),
        ("right", "bottom", QUADRANTS[True, False]),
    ]
    drawn = []
    for side, end, name in corners:
        lines = name.split(" and ")
        text = [say("{lines} and", lines=lines[0]), lines[1]] if width < _WIDE and len(lines) > 1 else [name]
        drawn.append(
            chart_of([{"text": text}])
            .mark_text(
                align=side,  # type: ignore[arg-type]
                baseline="line-top" if end == "top" else "line-bottom",
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
        )
    return drawn


def _schools(rows: Sequence[BalanceRow], x: Any, y: Any) -> list[alt.Chart]:
    import altair as alt

    base = chart_of([_datum(row) for row in rows]).encode(x=x("x:Q"), y=y("y:Q"))
    ring = base.transform_filter("datum.is_first").mark_point(
        shape="circle", size=260, strokeWidth=1.5, opacity=1, color=style.LOWER
    )
    point = base.mark_point(size=60, strokeWidth=1.75, opacity=1).encode(
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("stroke:N", scale=None),
    )
    return [ring, point]


def _datum(row: BalanceRow) -> dict[str, Any]:
    shape, stroke, fill = _SHAPES[row.quadrant]
    return {
        "x": row.alignment,
        "y": row.differentiation,
        "shape": shape,
        "stroke": stroke,
        "fill": fill,
        "is_first": row.is_to_look_at_first,
    }


def _labels(
    rows: Sequence[BalanceRow],
    x_reach: tuple[float, float],
    y_reach: tuple[float, float],
    width: int,
    height: int,
) -> list[dict[str, Any]]:
    """Names beside points, in pixels: those that the page speaks of first, then the extreme ones."""

    def place(value: float | None, reach: tuple[float, float]) -> float:
        return ((value or 0.0) - reach[0]) / (reach[1] - reach[0])

    marks = [
        Mark(
            row.school,
            place(row.alignment, x_reach) * width,
            (1 - place(row.differentiation, y_reach)) * height,
            ((1 - place(row.differentiation, y_reach)) * height,),
        )
        for row in rows
    ]
    first = [
        row.school
        for row in rows
        if row.is_to_look_at_first or row.is_worth_a_visit or row.quadrant == QUADRANTS[True, True]
    ]
    return [
        {"text": [*label.lines], "left": label.left, "top": label.first_line, "align": label.align}
        for label in placed_labels(marks, width, height, first)
    ]
