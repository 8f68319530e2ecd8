"""The pictures of the drivers: by role, the gap between leaders and teachers, and what goes with growth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

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
from transforms.reporting.learning_rows import (
    DRIVERS,
    ROLE_NAMES,
    AssociationRow,
    GapRow,
    ScoreRow,
    driver_name,
)
from transforms.reporting.learning_words import is_clear
from transforms.reporting.numerals import capitalised, decimal, interval, listed, signed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

ROLE_SHAPES = {
    "teacher": "circle",
    "coach": "square",
    "principal": "triangle-up",
    "central_office": "diamond",
    "other": "cross",
}
_ROLE_COLOURS = {"teacher": style.ACCENT, "principal": style.LOWER}


def role_colour(role: str) -> str:
    """Teachers and principals stand out; a role is also a shape and a label."""
    return _ROLE_COLOURS.get(role, style.NEUTRAL)


def roles_picture(rows: Sequence[ScoreRow], picture_id: str) -> Drawing:
    """Draw the mean answer of each role on each driver; ``rows`` have values."""
    if not rows:
        return NO_DRAWING
    panels = [[row for row in rows if row.driver == driver] for driver in DRIVERS]
    said = ". ".join(
        f"{driver_name(found[0].driver)}: "
        + listed([f"{say(ROLE_NAMES[row.role])} {decimal(row.mean_score)}" for row in found])
        for found in panels
        if found
    )
    text = say("Mean answers from 1 to 5 by role. {said}.", said=said)
    return draw_both(lambda is_narrow: _roles([p for p in panels if p], is_narrow), picture_id, text)


def _roles(panels: Sequence[Sequence[ScoreRow]], is_narrow: bool) -> Panel:

    drawn = []
    for index, rows in enumerate(panels):
        data = [
            {
                "label": capitalised(say(ROLE_NAMES[row.role])),
                "value": row.mean_score,
                "low": row.ci_low,
                "high": row.ci_high,
                "figures": decimal(row.mean_score)
                + ("" if is_narrow else f" ({interval(row.ci_low, row.ci_high, 2)})"),
                "shape": ROLE_SHAPES[row.role],
                "colour": role_colour(row.role),
            }
            for row in sorted(rows, key=lambda row: list(ROLE_NAMES).index(row.role))
        ]
        x = _points_axis(index == len(panels) - 1, is_narrow)
        panel = _interval_rows(data, x, is_narrow, [])
        drawn.append(panel.properties(title=driver_name(rows[0].driver)))
    return vconcat(*drawn, spacing=14)


def _points_axis(is_labelled: bool, is_narrow: bool) -> Callable[[str], alt.X]:
    import altair as alt

    title = say("mean answer: 1 lowest, 5 highest")
    axis = alt.Axis(
        values=[1, 2, 3, 4, 5],
        title=title if is_labelled else None,
        titlePadding=10,
        labels=is_labelled,
        ticks=is_labelled,
        domain=is_labelled,
        grid=not is_narrow,
    )
    return lambda field: alt.X(field, scale=alt.Scale(domain=[1, 5], nice=False), axis=axis)


def _interval_rows(
    data: Sequence[dict[str, Any]], x: Callable[[str], alt.X], is_narrow: bool, behind: Sequence[alt.Chart]
) -> Panel:
    import altair as alt

    base = chart_of(list(data))
    y, colour = row_axis(is_narrow), alt.Color("colour:N", scale=None)
    known = base.transform_filter("datum.low != null")
    line = known.mark_rule(strokeWidth=2.5, clip=True).encode(
        x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour
    )
    point = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=x("value:Q"), y=y, color=colour, shape=alt.Shape("shape:N", scale=None)
    )
    return sized([*behind, line, point, *row_texts(base, y, is_narrow)], is_narrow, 26)


def gaps_picture(rows: Sequence[GapRow], picture_id: str) -> Drawing:
    """Draw how much higher principals answer than the teachers of their own schools."""
    shown = [row for row in rows if row.gap is not None]
    if not shown:
        return NO_DRAWING
    said = listed(
        [
            f"{driver_name(row.driver)} {signed(row.gap)} ({interval(row.ci_low, row.ci_high)})"
            for row in shown
        ]
    )
    text = say(
        "Principals and assistant principals less teachers of the same school, in points: {said}.", said=said
    )
    return draw_both(lambda is_narrow: _gaps(shown, is_narrow), picture_id, text)


def _gaps(rows: Sequence[GapRow], is_narrow: bool) -> Panel:
    data = [
        {
            "label": driver_name(row.driver),
            "value": row.gap,
            "low": row.ci_low,
            "high": row.ci_high,
            "figures": f"{signed(row.gap)} ({interval(row.ci_low, row.ci_high)})",
            **_direction_marks(row.gap or 0.0, is_clear(row.ci_low, row.ci_high)),
        }
        for row in rows
    ]
    reach = max(0.5, 1.1 * max(abs(end or 0.0) for row in rows for end in (row.gap, row.ci_low, row.ci_high)))
    x = _gap_axis(reach, is_narrow)
    return _interval_rows(data, x, is_narrow, [zero_line(x)])


def _direction_marks(value: float, is_told: bool) -> dict[str, str]:
    if not is_told:
        return {"shape": "circle", "colour": style.NEUTRAL}
    higher = value > 0
    return {
        "shape": "triangle-up" if higher else "triangle-down",
        "colour": style.ACCENT if higher else style.LOWER,
    }


def _gap_axis(reach: float, is_narrow: bool) -> Callable[[str], alt.X]:
    import altair as alt

    wide = say("teachers higher ← 0 → principals higher, in points of the scale from 1 to 5")
    axis = alt.Axis(
        tickCount=5,
        title=[say("teachers higher ← 0 → principals higher"), say("in points of the scale from 1 to 5")]
        if is_narrow
        else wide,
        titlePadding=10,
        labelExpr="replace(format(datum.value, '.2~f'), '-', '−')",
    )
    return lambda field: alt.X(field, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)


def associations_picture(rows: Sequence[AssociationRow], picture_id: str) -> Drawing:
    """Draw the growth that goes with one SD of schools' answers, a row a driver and subject."""
    shown = [row for row in rows if row.slope_sd is not None]
    if not shown:
        return NO_DRAWING
    said = listed([f"{_label(row)} {signed(row.slope_sd, 3)}" for row in shown])
    text = say("Growth that goes with one standard deviation of schools' mean answers: {said}.", said=said)
    return draw_both(lambda is_narrow: _associations(shown, is_narrow), picture_id, text)


def _label(row: AssociationRow) -> str:
    return f"{driver_name(row.driver)} · {terms.subject_in_sentence(row.academic_subject)}"


def _associations(rows: Sequence[AssociationRow], is_narrow: bool) -> Panel:
    data = [
        {
            "label": _label(row),
            "value": row.slope_sd,
            "low": row.ci_low,
            "high": row.ci_high,
            # on a phone the label is long and the line shows the interval
            "figures": signed(row.slope_sd, 3)
            + ("" if is_narrow else f" ({interval(row.ci_low, row.ci_high, 3)})"),
            **_direction_marks(row.slope_sd or 0.0, is_clear(row.ci_low, row.ci_high)),
        }
        for row in rows
    ]
    reach = max(0.05, 1.1 * max(abs(end or 0.0) for row in rows for end in (row.ci_low, row.ci_high)))
    x = growth_axis(reach, is_narrow)
    return _interval_rows(data, x, is_narrow, [zero_line(x)])
