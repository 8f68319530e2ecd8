"""Bars of counts: students left after each step, rows that broke each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, row_axis, row_texts, sized
from transforms.reporting.numerals import count, counted, percent
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.quality_rows import RuleCount
from transforms.reporting.rows import SampleStep


def flow_title(rows: Sequence[SampleStep]) -> str:
    """How much of all students the models stand on."""
    name = terms.subject_name(rows[0].academic_subject)
    first, last = rows[0].n_students, rows[-1].n_students
    if not first:
        return say("{name}: no student has a score", name=name)
    return say(
        "{name}: the models stand on {last} of students with a score", name=name, last=percent(last / first)
    )


def flow_picture(rows: Sequence[SampleStep], picture_id: str) -> Drawing:
    """Draw the steps of one subject as bars; empty without students."""
    if not rows or not rows[0].n_students:
        return NO_DRAWING
    said = "; ".join(f"{terms.sample_step(row.step).lower()} {count(row.n_students)}" for row in rows)
    return draw_both(
        lambda is_narrow: _flow(rows, is_narrow),
        picture_id,
        say("Students after each step: {said}.", said=said),
    )


def _lost(n_students: int) -> str:
    return say(" ({n_students} fewer)", n_students=count(n_students)) if n_students > 0 else ""


def _flow(rows: Sequence[SampleStep], is_narrow: bool) -> Panel:
    before = (rows[0], *rows)
    data = [
        {
            "label": terms.sample_step(row.step),
            "n": row.n_students,
            "figures": f"{count(row.n_students)}{_lost(earlier.n_students - row.n_students)}",
        }
        for row, earlier in zip(rows, before, strict=False)
    ]
    return _bars(data, "students", is_narrow)


def rules_picture(rows: Sequence[RuleCount], picture_id: str) -> Drawing:
    """Draw how many rows broke each rule; empty where none did."""
    if not rows:
        return NO_DRAWING
    data = [
        {"label": terms.plain(row.rule), "n": row.n_rows, "figures": counted(row.n_rows, "row")}
        for row in rows
    ]
    said = "; ".join(f"{datum['label']}: {datum['figures']}" for datum in data)
    return draw_both(
        lambda is_narrow: _bars(data, "rows", is_narrow),
        picture_id,
        say("Rows that broke a rule. {said}.", said=said),
    )


def _bars(data: Sequence[Mapping[str, object]], unit: str, is_narrow: bool) -> Panel:
    import altair as alt

    base, y = chart_of(data), row_axis(is_narrow)
    x = alt.X(
        "n:Q",
        scale=alt.Scale(domain=[0, max(int(str(datum["n"])) for datum in data)], nice=False),
        axis=alt.Axis(tickCount=4, format=",d", title=unit, titlePadding=8),
    )
    bar = base.mark_bar(height=12, color=style.ACCENT, cornerRadiusEnd=2).encode(x=x, y=y)
    return sized([bar, *row_texts(base, y, is_narrow)], is_narrow, row=26)
