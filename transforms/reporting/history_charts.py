"""The picture of comparisons in two reports: then above now, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    draw_both,
    growth_axis,
    row_axis,
    row_texts,
    sized,
    vconcat,
    zero_line,
)
from transforms.reporting.charts import axis_reach
from transforms.reporting.history_changes import ComparisonPair
from transforms.reporting.history_rows import ComparisonRow
from transforms.reporting.numerals import interval_decimals, signed
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.words import Verdict, comparison_name, estimate_with_interval

_SHAPES = {Verdict.HIGHER: "triangle-up", Verdict.LOWER: "triangle-down"}
_COLOURS = {Verdict.HIGHER: style.ACCENT, Verdict.LOWER: style.LOWER}
# Pixels from the top of a row to its line of then and of now; on a phone its label stands above both.
_LINES, _NARROW_LINES = (13, 25), (24, 36)
_ROW = 38


def then_and_now_picture(pairs: Sequence[ComparisonPair], picture_id: str) -> Drawing:
    """Draw both intervals of each comparison that has two, a panel a subject; empty where none has."""
    drawn = [pair for pair in pairs if pair.has_both]
    if not drawn:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{comparison_name} {estimate_with_interval} then, {estimate_with_interval_2} now",
            comparison_name=comparison_name(pair.row),
            estimate_with_interval=estimate_with_interval(pair.then),
            estimate_with_interval_2=estimate_with_interval(pair.now),
        )
        for pair in drawn
        if pair.then is not None and pair.now is not None
    )
    return draw_both(
        lambda is_narrow: _panels(drawn, is_narrow),
        picture_id,
        say("Estimates of both reports with their 95% intervals: {said}.", said=said),
    )


def _panels(pairs: Sequence[ComparisonPair], is_narrow: bool) -> Panel:
    rows = [row for pair in pairs for row in (pair.then, pair.now) if row is not None]
    reach = axis_reach(rows)
    subjects = list(dict.fromkeys(pair.row.academic_subject for pair in pairs))
    panels = []
    for position, subject in enumerate(subjects):
        of_subject = sorted(
            (pair for pair in pairs if pair.row.academic_subject == subject),
            key=lambda pair: (-(pair.row.estimate_sd or 0.0), pair.row.pd_type),
        )
        panel = _panel(of_subject, reach, is_narrow, position == len(subjects) - 1)
        panels.append(panel.properties(title=terms.subject_name(subject)))
    return vconcat(*panels, spacing=14)


def _panel(pairs: Sequence[ComparisonPair], reach: float, is_narrow: bool, is_last: bool) -> Panel:
    import altair as alt

    x, y = growth_axis(reach, is_narrow, is_last), row_axis(is_narrow)
    labels = chart_of([_label(pair) for pair in pairs])
    layers: list[alt.Chart | Panel] = [zero_line(x)]
    for is_now, shift in zip((False, True), _NARROW_LINES if is_narrow else _LINES, strict=True):
        base = chart_of([_datum(pair, is_now, reach) for pair in pairs])
        offset, colour = alt.YOffsetValue(shift), alt.Color("colour:N", scale=None)
        layers += [
            base.mark_rule(strokeWidth=2.5 if is_now else 1.25).encode(
                x=x("low:Q"), x2=alt.X2("high:Q"), y=y, yOffset=offset, color=colour
            ),
            base.mark_point(size=80 if is_now else 46, strokeWidth=2 if is_now else 1.25, opacity=1).encode(
                x=x("estimate:Q"),
                y=y,
                yOffset=offset,
                shape=alt.Shape("shape:N", scale=None),
                fill=alt.Fill("fill:N", scale=None),
                stroke=alt.Stroke("colour:N", scale=None),
            ),
            *(
                base.mark_text(fontSize=12, dx=dx).encode(
                    x=x(f"{end}:Q"), y=y, yOffset=offset, text=alt.Text(f"beyond_{end}:N"), color=colour
                )
                for end, dx in (("low", -2), ("high", 2))
            ),
        ]
    return sized([*layers, *row_texts(labels, y, is_narrow)], is_narrow, _ROW)


def _label(pair: ComparisonPair) -> dict[str, Any]:
    changed = "" if pair.is_same_reading else " *"
    return {
        "label": terms.pd_type_name(pair.row.pd_type),
        "figures": f"{_figure(pair.then)} → {_figure(pair.now)}{changed}",
    }


def _figure(row: ComparisonRow | None) -> str:
    if row is None:
        return ""
    return signed(row.estimate_sd, interval_decimals(row.ci_low or 0.0, row.ci_high or 0.0))


def _datum(pair: ComparisonPair, is_now: bool, reach: float) -> dict[str, Any]:
    row, judged = (pair.now, pair.verdicts[1]) if is_now else (pair.then, pair.verdicts[0])
    if row is None or judged is None:
        raise ValueError("only pairs with two numbers are drawn")
    low, high = row.ci_low or 0.0, row.ci_high or 0.0
    colour = _COLOURS.get(judged, style.NEUTRAL)
    return {
        "label": terms.pd_type_name(row.pd_type),
        "estimate": max(-reach, min(reach, row.estimate_sd or 0.0)),
        "low": max(low, -reach),
        "high": min(high, reach),
        "shape": _SHAPES.get(judged, "circle"),
        "colour": colour,
        "fill": colour if judged.is_clear else style.PAPER,
        "beyond_low": "◂" if low < -reach else "",
        "beyond_high": "▸" if high > reach else "",
    }
