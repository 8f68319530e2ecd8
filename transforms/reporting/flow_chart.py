"""The flow of a sample: how many students are left after each step."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import style, terms
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, row_axis, row_texts, sized
from transforms.reporting.numerals import count, percent
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import SampleStep


def flow_title(rows: Sequence[SampleStep]) -> str:
    """How much of all students the models stand on."""
    name = terms.subject_name(rows[0].academic_subject)
    first, last = rows[0].n_students, rows[-1].n_students
    if not first:
        return f"{name}: no student has a score"
    return f"{name}: the models stand on {percent(last / first)} of students with a score"


def flow_picture(rows: Sequence[SampleStep], picture_id: str) -> Drawing:
    """Draw the steps of one subject as bars; empty without students."""
    if not rows or not rows[0].n_students:
        return NO_DRAWING
    said = "; ".join(f"{row.step} {count(row.n_students)}" for row in rows)
    return draw_both(
        lambda is_narrow: _flow(rows, is_narrow), picture_id, f"Students after each step: {said}."
    )


def _flow(rows: Sequence[SampleStep], is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of(
        [
            {
                "label": row.step,
                "students": row.n_students,
                "figures": f"{count(row.n_students)} students",
            }
            for row in rows
        ]
    )
    y = row_axis(is_narrow)
    x = alt.X(
        "students:Q",
        scale=alt.Scale(domain=[0, max(row.n_students for row in rows)], nice=False),
        axis=alt.Axis(tickCount=4, format="~s", title="students", titlePadding=8),
    )
    bar = base.mark_bar(height=12, color=style.ACCENT, cornerRadiusEnd=2).encode(x=x, y=y)
    return sized([bar, *row_texts(base, y, is_narrow)], is_narrow, row=26)
