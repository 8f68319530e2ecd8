"""Pictures of cost: what a student reached cost, by ingredient, and growth per money with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    draw_both,
    row_axis,
    row_texts,
    sized,
    vconcat,
    zero_line,
)
from transforms.reporting.cost_rows import CostReport, IngredientRow, RatioRow
from transforms.reporting.cost_words import cost_of_growth, money, ratio_name
from transforms.reporting.numerals import counted, percent
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.words import Verdict

if TYPE_CHECKING:
    import altair as alt

# Parts of a bar from left to right: words, classes of ingredients, tint.
PARTS = (
    (noted("time of participants"), ("teacher_time",), style.REACH_STEPS[4]),
    (
        noted("time of facilitators and others"),
        ("facilitator", "substitutes", "other_personnel"),
        style.REACH_STEPS[3],
    ),
    (noted("materials and places"), ("materials", "facilities"), style.REACH_STEPS[2]),
    (noted("travel, fees, other"), ("travel", "fees", "other"), style.REACH_STEPS[1]),
    (noted("not classified"), ("unclassified",), style.PAPER),
)
_SHAPES = {Verdict.HIGHER: "triangle-up", Verdict.LOWER: "triangle-down"}
_COLOURS = {Verdict.HIGHER: style.ACCENT, Verdict.LOWER: style.LOWER}
_TRUE_MINUS = "replace(format(datum.value, '.2~f'), '-', '\u2212')"


def spending_picture(costs: CostReport, picture_id: str) -> Drawing:
    """Draw the cost per student reached of each kind of PD, stacked by ingredients; empty without any."""
    rows = [row for row in costs.types if row.cost_per_student]
    ordered = sorted(rows, key=lambda row: (-(row.cost_per_student or 0), row.pd_type))
    data = [
        datum
        for row in ordered
        for datum in _stack(
            terms.pd_type_name(row.pd_type),
            row.cost_per_student or 0.0,
            [found for found in costs.ingredients if found.pd_type == row.pd_type],
            costs.currency,
        )
    ]
    if not data:
        return NO_DRAWING
    said = "; ".join(
        f"{terms.pd_type_name(row.pd_type)} {money(row.cost_per_student, costs.currency)}" for row in ordered
    )
    title = say("cost per student reached, {currency}", currency=costs.currency)
    text = say("Cost per student reached: {said}.", said=said)
    return draw_both(lambda is_narrow: _spending(data, title, is_narrow), picture_id, text)


def _stack(
    label: str, total: float, ingredients: Sequence[IngredientRow], currency: str
) -> list[dict[str, Any]]:
    """The parts of one bar that are there, each with where it begins and ends."""
    data, start = [], 0.0
    for part, classes, _ in say_each(PARTS):
        share = sum(row.share or 0.0 for row in ingredients if row.ingredient_class in classes)
        if share > 0:
            data.append({"label": label, "part": part, "start": start, "end": start + share * total})
            start += share * total
    first = sum(row.share or 0.0 for row in ingredients if row.ingredient_class == "teacher_time")
    amount = money(total, currency)
    figures = {
        "figures": say("{amount} · {first} participants' time", amount=amount, first=percent(first)),
        "short_figures": amount,
    }
    return [{**datum, **figures} for datum in data]


def _spending(data: Sequence[dict[str, Any]], title: str, is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of(list(data))
    largest = max(datum["end"] for datum in data)
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[0, largest * 1.03], nice=False),
        axis=alt.Axis(title=title, tickCount=5, titlePadding=10),
    )
    there = [part for part in say_each(PARTS) if any(datum["part"] == part[0] for datum in data)]
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=[part[0] for part in there], range=[part[2] for part in there]),
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=1 if is_narrow else 2,
            labelLimit=300,
            columnPadding=22,
            labelFontSize=style.SMALL_FONT_SIZE,
            symbolType="square",
            symbolStrokeColor=style.NEUTRAL,
        ),
    )
    y = row_axis(is_narrow)
    bars = base.mark_bar(height=13, stroke=style.NEUTRAL, strokeWidth=0.75).encode(
        x=x, x2=alt.X2("end:Q"), y=y, color=colour
    )
    firsts = base.transform_filter("datum.start == 0")
    if is_narrow:
        firsts = firsts.transform_calculate(figures="datum.short_figures")
    return sized([bars, *row_texts(firsts, y, is_narrow)], is_narrow)


def ratio_picture(rows: Sequence[RatioRow], currency: str, picture_id: str) -> Drawing:
    """Draw growth per money with 90 % intervals, a panel a subject; empty where nothing was compared."""
    shown = [row for row in rows if row.has_ratio and not row.is_suppressed]
    if not shown:
        return NO_DRAWING
    said = "; ".join(f"{ratio_name(row)} {cost_of_growth(row, currency)}" for row in shown)
    text = say("Cost of 0.01 SD of growth per student, with 90% intervals: {said}.", said=said)
    unit = money_unit(shown)
    return draw_both(lambda is_narrow: _ratios(shown, unit, currency, is_narrow), picture_id, text)


def money_unit(rows: Sequence[RatioRow]) -> int:
    """The power of ten nearest to what a student costs, so that growth per it is near the growth itself."""
    usual = median(row.cost_per_student or 1.0 for row in rows)
    return int(10 ** max(0, round(math.log10(max(usual, 1.0)))))


def _ratios(rows: Sequence[RatioRow], unit: int, currency: str, is_narrow: bool) -> Panel:

    reach = _reach(rows, unit)
    subjects = list(dict.fromkeys(row.academic_subject for row in rows))
    panels = []
    for position, subject in enumerate(subjects):
        of_subject = sorted(
            (row for row in rows if row.academic_subject == subject),
            key=lambda row: (-(row.sd_per_1000 or 0), row.pd_type),
        )
        data = [_ratio_datum(row, unit, reach, currency) for row in of_subject]
        title = say(
            "growth per {removesuffix} a student, SD", removesuffix=money(unit, currency).removesuffix(".00")
        )
        x = _axis(reach, title if position == len(subjects) - 1 else None)
        panels.append(_panel(data, x, is_narrow).properties(title=terms.subject_name(subject)))
    return vconcat(*panels, spacing=14)


def _reach(rows: Sequence[RatioRow], unit: int) -> float:
    """Half-width of the axis: all intervals, unless one is so wide that it would flatten the others."""
    ends = sorted(max(abs(row.sd_per_1000_ci_low or 0), abs(row.sd_per_1000_ci_high or 0)) for row in rows)
    usual = ends[(3 * (len(ends) - 1)) // 4]
    largest_estimate = max(abs(row.sd_per_1000 or 0) for row in rows)
    return unit / 1000 * max(min(ends[-1] * 1.05, max(1.6 * usual, 1.3 * largest_estimate)), 1e-6)


def _ratio_datum(row: RatioRow, unit: int, reach: float, currency: str) -> dict[str, Any]:
    scale = unit / 1000
    low, high = scale * (row.sd_per_1000_ci_low or 0), scale * (row.sd_per_1000_ci_high or 0)
    colour = _COLOURS.get(row.verdict, style.NEUTRAL)
    return {
        "label": terms.pd_type_name(row.pd_type),
        "estimate": max(-reach, min(reach, scale * (row.sd_per_1000 or 0))),
        "low": max(low, -reach),
        "high": min(high, reach),
        "figures": cost_of_growth(row, currency),
        "shape": _SHAPES.get(row.verdict, "circle"),
        "colour": colour,
        "fill": colour if row.verdict.is_clear else style.PAPER,
        "beyond_low": "◂" if low < -reach else "",
        "beyond_high": "▸" if high > reach else "",
    }


def _axis(reach: float, title: str | None) -> Callable[[str], alt.X]:
    import altair as alt

    axis = alt.Axis(
        tickCount=5,
        title=title,
        titlePadding=10,
        labels=title is not None,
        ticks=title is not None,
        domain=title is not None,
        labelExpr=_TRUE_MINUS,
    )
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    return lambda field: alt.X(field, scale=scale, axis=axis)


def _panel(data: Sequence[dict[str, Any]], x: Callable[[str], alt.X], is_narrow: bool) -> Panel:
    import altair as alt

    base, y = chart_of(list(data)), row_axis(is_narrow)
    colour = alt.Color("colour:N", scale=None)
    span = base.mark_rule(strokeWidth=2.5).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour)
    point = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x=x("estimate:Q"),
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
    )
    beyond = [
        base.mark_text(fontSize=14, dx=shift).encode(
            x=x(f"{end}:Q"), y=y, text=alt.Text(f"beyond_{end}:N"), color=colour
        )
        for end, shift in (("low", -2), ("high", 2))
    ]
    return sized([zero_line(x), span, point, *beyond, *row_texts(base, y, is_narrow)], is_narrow)


def ratio_title(rows: Sequence[RatioRow]) -> str:
    """What to see in the picture of growth per money."""
    shown = [row for row in rows if row.has_ratio and not row.is_suppressed]
    n_priced = sum(row.is_clear_and_priced for row in shown)
    if not n_priced:
        return say("What growth costs is known for no kind of PD")
    return say(
        "What growth costs is known for {n_priced} of {n_comparisons}",
        n_priced=n_priced,
        n_comparisons=counted(len(shown), "comparison"),
    )


def spending_title(costs: CostReport) -> str:
    """What to see in the picture of spending."""
    rows = [row for row in costs.types if row.cost_per_student is not None]
    if not rows:
        return ""
    ends = (
        min(rows, key=lambda row: (row.cost_per_student or 0, row.pd_type)),
        max(rows, key=lambda row: (row.cost_per_student or 0, row.pd_type)),
    )
    low, high = (money(row.cost_per_student, costs.currency) for row in ends)
    if len(rows) == 1:
        return say("A student reached cost {low}", low=low)
    names = [terms.pd_type_in_sentence(row.pd_type) for row in ends]
    return say(
        "A student reached cost from {low} ({names}) to {high} ({names_2})",
        low=low,
        names=names[0],
        high=high,
        names_2=names[1],
    )
