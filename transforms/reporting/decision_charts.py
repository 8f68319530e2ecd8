"""The pictures of recommendations: what is found of each type, and how sure against how widespread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    draw_both,
    growth_axis,
    layer,
    row_axis,
    row_texts,
    sized,
    zero_line,
)
from transforms.reporting.decision_rows import RecommendationRow
from transforms.reporting.decision_words import ACTION_ORDER, effect_words, in_100
from transforms.reporting.growth_labels import LINE, Mark, placed_labels
from transforms.reporting.numerals import count, percent
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_SHAPES = {
    "scale": "triangle-up",
    "sustain": "square",
    "adapt": "diamond",
    "study": "circle",
    "pause": "cross",
    "stop": "triangle-down",
}
_COLOURS = {
    "scale": style.ACCENT,
    "sustain": style.ACCENT,
    "adapt": style.CAUTION,
    "study": style.NEUTRAL,
    "pause": style.LOWER,
    "stop": style.LOWER,
}
SHAPE_KEY = noted("▲ scale, ■ sustain, ◆ adapt, ○ study, ✚ pause, ▼ stop.")
_WIDTH, _HEIGHT = 620, 380
_NARROW_WIDTH, _NARROW_HEIGHT = 272, 400
_MOST_LABELS = 16


def by_action(rows: Sequence[RecommendationRow]) -> list[RecommendationRow]:
    """Rows in the order in which actions are read, the largest estimate of an action first."""
    return sorted(
        rows,
        key=lambda row: (ACTION_ORDER.index(row.action), -(row.expected_effect_sd or -9.0), row.pd_type),
    )


def _mark(row: RecommendationRow) -> dict[str, Any]:
    colour = _COLOURS[row.action]
    return {
        "shape": _SHAPES[row.action],
        "colour": colour,
        "fill": style.PAPER if row.action == "study" else colour,
    }


def estimates_picture(rows: Sequence[RecommendationRow], picture_id: str) -> Drawing:
    """Draw the estimate of each type with its interval, zero and the smallest difference worth having."""
    drawn = [row for row in by_action(rows) if row.expected_effect_sd is not None]
    if not drawn:
        return NO_DRAWING
    said = "; ".join(f"{terms.pd_type_name(row.pd_type)} {effect_words(row)}, {row.action}" for row in drawn)
    text = say("Difference in growth with 95% interval, and what is recommended: {said}.", said=said)
    return draw_both(lambda is_narrow: _estimates(drawn, is_narrow), picture_id, text)


def _estimates(rows: Sequence[RecommendationRow], is_narrow: bool) -> Panel:
    import altair as alt

    ends = [abs(end) for row in rows for end in (row.ci_low, row.ci_high) if end is not None]
    x, y = growth_axis(1.08 * max([*ends, 0.05]), is_narrow), row_axis(is_narrow)
    base = chart_of([_estimate_datum(row) for row in rows])
    colour = alt.Color("colour:N", scale=None)
    threshold = (
        chart_of([{"threshold": rows[0].effect_threshold_sd}])
        .mark_rule(color=style.INK, strokeWidth=1, strokeDash=[4, 3])
        .encode(x=x("threshold:Q"))
    )
    span = base.mark_rule(strokeWidth=3).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour)
    point = base.mark_point(size=70, strokeWidth=2, opacity=1).encode(
        x=x("estimate:Q"),
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=colour,
    )
    return sized([zero_line(x), threshold, span, point, *row_texts(base, y, is_narrow)], is_narrow, 28)


def _estimate_datum(row: RecommendationRow) -> dict[str, Any]:
    chance = "" if row.probability_positive is None else f" · {in_100(row.probability_positive)}"
    return {
        "label": terms.pd_type_name(row.pd_type),
        "estimate": row.expected_effect_sd,
        "low": row.ci_low,
        "high": row.ci_high,
        "figures": f"{row.action}{chance}",
        **_mark(row),
    }


def has_costs(rows: Sequence[RecommendationRow]) -> bool:
    """Whether every type with an estimate has a cost per student."""
    estimated = [row for row in rows if row.probability_positive is not None]
    return bool(estimated) and all(row.cost_per_student is not None for row in estimated)


def chance_picture(rows: Sequence[RecommendationRow], picture_id: str) -> Drawing:
    """Draw how sure it is that growth is higher against cost per student, or reach without costs."""
    is_cost = has_costs(rows)
    drawn = [row for row in by_action(rows) if _across(row, is_cost) is not None]
    if len(drawn) < 2:
        return NO_DRAWING
    what = say("cost per student") if is_cost else say("share of teachers reached")
    said = "; ".join(f"{terms.pd_type_name(row.pd_type)} {_chance_words(row, is_cost)}" for row in drawn)
    text = say("Chance that growth is higher, against {what}: {said}.", what=what, said=said)
    return draw_both(lambda is_narrow: _chances(drawn, is_cost, is_narrow), picture_id, text)


def _across(row: RecommendationRow, is_cost: bool) -> float | None:
    if row.probability_positive is None:
        return None
    return row.cost_per_student if is_cost else row.reach_share


def _chance_words(row: RecommendationRow, is_cost: bool) -> str:
    across = count(round(row.cost_per_student or 0)) if is_cost else percent(row.reach_share)
    return f"{in_100(row.probability_positive or 0.0)}, {across}"


def _chances(rows: Sequence[RecommendationRow], is_cost: bool, is_narrow: bool) -> Panel:
    import altair as alt

    width, height = (_NARROW_WIDTH, _NARROW_HEIGHT) if is_narrow else (_WIDTH, _HEIGHT)
    reach = 1.15 * max([_across(row, is_cost) or 0.0 for row in rows] + [0.1])
    x, y = _across_axis(reach, is_cost), _chance_axis()
    base = chart_of([_chance_datum(row, is_cost) for row in rows])
    point = base.mark_point(size=70, strokeWidth=2, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Color("colour:N", scale=None),
    )
    even = (
        chart_of([{"chance": 0.5}]).mark_rule(color=style.INK, strokeWidth=1, strokeDash=[4, 3]).encode(y=y)
    )
    layers = [even, point, *_labels(rows, is_cost, reach, width, height)]
    return layer(*layers).properties(width=width, height=height)


def _chance_scale() -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=[-0.1, 1.1], nice=False)


def _chance_datum(row: RecommendationRow, is_cost: bool) -> dict[str, Any]:
    return {"across": _across(row, is_cost), "chance": row.probability_positive, **_mark(row)}


def _across_axis(reach: float, is_cost: bool) -> alt.X:
    import altair as alt

    title = say("cost per student →") if is_cost else say("share of teachers reached →")
    axis = alt.Axis(title=title, tickCount=5, grid=False, titlePadding=8, format=",.0f" if is_cost else ".0%")
    return alt.X("across:Q", scale=alt.Scale(domain=[0, reach], nice=False), axis=axis)


def _chance_axis() -> alt.Y:
    import altair as alt

    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        labelExpr="format(datum.value * 100, '.0f')",
        title=say("chance in 100 that growth is higher"),
        ticks=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
        titlePadding=8,
    )
    return alt.Y("chance:Q", scale=_chance_scale(), axis=axis)


def _labels(
    rows: Sequence[RecommendationRow], is_cost: bool, reach: float, width: int, height: int
) -> list[alt.Chart]:
    import altair as alt

    marks = [
        Mark(
            terms.pd_type_name(row.pd_type),
            (_across(row, is_cost) or 0.0) / reach * width,
            (1.1 - (row.probability_positive or 0.0)) / 1.2 * height,
            ((1.1 - (row.probability_positive or 0.0)) / 1.2 * height,),
        )
        for row in rows
    ]
    placed = placed_labels(marks, width, height, most=_MOST_LABELS)
    texts = []
    for align in ("left", "right"):
        data = [
            {"text": [*label.lines], "left": label.left, "top": label.first_line}
            for label in placed
            if label.align == align
        ]
        base = chart_of(data).encode(
            x=alt.X("left:Q", scale=None, axis=None),
            y=alt.Y("top:Q", scale=None, axis=None),
            text=alt.Text("text:N"),
        )
        texts.append(
            base.mark_text(align=align, baseline="middle", lineHeight=LINE, fontSize=style.SMALL_FONT_SIZE)
        )
    return texts
