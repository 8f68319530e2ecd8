"""The picture of percentile curves: which score stands at which growth percentile, grade by grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, concat, draw_both, layer
from transforms.reporting.growth_labels import spread
from transforms.reporting.growth_rows import CurveRow
from transforms.reporting.growth_words import percentile
from transforms.reporting.numerals import count, listed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_COLUMNS = 3
_WIDTH, _HEIGHT = 212, 176


def curves_picture(rows: Sequence[CurveRow], picture_id: str) -> Drawing:
    """Draw which score stands at which growth percentile given the score before, a panel a grade."""
    if not rows:
        return NO_DRAWING
    said = "; ".join(
        _curve_said([row for row in rows if row.grade_level == grade]) for grade in _grades(rows)
    )
    text = say(
        "Percentile curves in {subject_in_sentence}. {said}.",
        subject_in_sentence=terms.subject_in_sentence(rows[0].academic_subject),
        said=said,
    )
    return draw_both(lambda is_narrow: _curves(rows, is_narrow), picture_id, text)


def curves_title(rows: Sequence[CurveRow]) -> str:
    """How far apart students end who began alike, in the grade of most students; ``rows`` of a subject."""
    name = terms.subject_name(rows[0].academic_subject)
    grade = max(rows, key=lambda row: (row.n_students, -row.grade_level)).grade_level
    of_grade = [row for row in rows if row.grade_level == grade]
    middle = _middle_prior(of_grade)
    scores = {row.percentile: row.score for row in of_grade if row.prior_score == middle}
    if 10 not in scores or 90 not in scores:
        return say("{name}: what score stands at which growth percentile", name=name)
    return say(
        "{name}, grade {grade}: of students who began at {percentile}, four of five end"
        " within {percentile_2} points of each other",
        name=name,
        grade=grade,
        percentile=percentile(middle),
        percentile_2=percentile(scores[90] - scores[10]),
    )


def _middle_prior(rows: Sequence[CurveRow]) -> float:
    priors = sorted({row.prior_score for row in rows})
    return priors[len(priors) // 2]


def _grades(rows: Sequence[CurveRow]) -> list[int]:
    return sorted({row.grade_level for row in rows})


def _curve_said(rows: Sequence[CurveRow]) -> str:
    """The curves at the middle one of the prior scores drawn."""
    middle = _middle_prior(rows)
    scores = [
        say(
            "{percentile} at the {percentile_2}th percentile",
            percentile=percentile(row.score),
            percentile_2=row.percentile,
        )
        for row in rows
        if row.prior_score == middle
    ]
    return say(
        "Grade {grade_level}: after a score of {percentile}, {scores}",
        grade_level=rows[0].grade_level,
        percentile=percentile(middle),
        scores=listed(scores),
    )


def _curves(rows: Sequence[CurveRow], is_narrow: bool) -> Panel:

    panels = [_curve_panel([row for row in rows if row.grade_level == grade]) for grade in _grades(rows)]
    return concat(
        *panels,
        columns=1 if is_narrow else _COLUMNS,
        # axes lie in the spacing, so that panels of one row and column stand in line
        bounds="flush",
        spacing={"row": 76, "column": 84},
    )


def _curve_panel(rows: Sequence[CurveRow]) -> Panel:
    import altair as alt

    low, high = min(row.score for row in rows), max(row.score for row in rows)
    names = _curve_names(rows, (high - low) * style.SMALL_FONT_SIZE / _HEIGHT)
    tops = [name["score"] for name in names]
    x, y = _curve_axes(rows, min(low, *tops), max(high, *tops))
    values = [{"prior": row.prior_score, "score": row.score, "percentile": row.percentile} for row in rows]
    base = chart_of(values)
    lines = [
        base.transform_filter(f"datum.percentile == {value}")
        .mark_line(color=style.ACCENT, strokeWidth=_curve_width(value), strokeDash=_curve_dash(value))
        .encode(x=x, y=y)
        for value in sorted({row.percentile for row in rows})
    ]
    label = (
        chart_of(names)
        .mark_text(align="left", dx=4, fontSize=style.SMALL_FONT_SIZE)
        .encode(x=x, y=y, text=alt.Text("text:N"))
    )
    title = say(
        "Grade {grade_level} · {n_students} students",
        grade_level=rows[0].grade_level,
        n_students=count(rows[0].n_students),
    )
    return layer(*lines, label).properties(width=_WIDTH, height=_HEIGHT, title=title)


def _curve_names(rows: Sequence[CurveRow], room: float) -> list[dict[str, Any]]:
    """The percentile of each curve, at its right end."""
    last = max(row.prior_score for row in rows)
    ends = sorted(
        (row for row in rows if row.prior_score == last), key=lambda row: (row.score, row.percentile)
    )
    tops = spread([row.score for row in ends], room)
    return [
        {"prior": last, "score": top, "text": str(row.percentile)}
        for row, top in zip(ends, tops, strict=True)
    ]


def _curve_axes(rows: Sequence[CurveRow], low: float, high: float) -> tuple[alt.X, alt.Y]:
    import altair as alt

    priors = [row.prior_score for row in rows]
    margin = 0.03 * (high - low) or 1.0
    x = alt.X(
        "prior:Q",
        scale=alt.Scale(domain=[min(priors), max(priors)], nice=False),
        axis=alt.Axis(tickCount=4, title=say("score before"), grid=False),
    )
    y = alt.Y(
        "score:Q",
        scale=alt.Scale(domain=[low - margin, high + margin], nice=False),
        axis=alt.Axis(
            tickCount=5,
            title=say("score"),
            ticks=True,
            labelBound=True,
            labelColor=style.MUTED,
            labelFontSize=style.SMALL_FONT_SIZE,
        ),
    )
    return x, y


def _curve_width(value: int) -> float:
    return 2.75 if value == 50 else 1.5


def _curve_dash(value: int) -> list[int]:
    return [4, 3] if value in (10, 90) else [1, 0]
