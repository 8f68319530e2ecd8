"""The picture of the seven principles: a score from 0 to 4 each, with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from transforms.reporting import style
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, row_axis, row_texts, sized
from transforms.reporting.numerals import decimal
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

ScoreMark = tuple[str, float | None, float | None, float | None]


def score_picture(marks: Sequence[ScoreMark], picture_id: str) -> Drawing:
    """Draw label, score, lowest and highest score of each principle; empty where none has a score."""
    if not any(score is not None for _, score, _, _ in marks):
        return NO_DRAWING
    said = "; ".join(f"{label} {_figure(score)}" for label, score, _, _ in marks)
    return draw_both(
        lambda is_narrow: _scores(marks, is_narrow),
        picture_id,
        say("Scores of 4 points by principle: {said}.", said=said),
    )


def _figure(score: float | None) -> str:
    return say("not shown") if score is None else say("{score} of 4", score=decimal(score, 1))


def _scores(marks: Sequence[ScoreMark], is_narrow: bool) -> Panel:
    import altair as alt

    values = [
        {"label": label, "score": score, "low": low, "high": high, "figures": _figure(score)}
        for label, score, low, high in marks
    ]
    base = chart_of(values)
    axis = alt.Axis(values=[0, 1, 2, 3, 4], title=say("points"), titlePadding=10, grid=True)
    y = row_axis(is_narrow)

    def x(field: str) -> alt.X:
        return alt.X(field, scale=alt.Scale(domain=[0, 4], nice=False), axis=axis)

    shown = base.transform_filter("datum.score != null")
    bar = base.mark_bar(height=10, color=style.REACH_STEPS[2]).encode(x=x("score:Q"), y=y)
    span = shown.mark_rule(strokeWidth=2, color=style.INK).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y)
    point = shown.mark_point(size=64, filled=True, opacity=1, color=style.ACCENT).encode(x=x("score:Q"), y=y)
    return sized([bar, span, point, *row_texts(base, y, is_narrow)], is_narrow)
