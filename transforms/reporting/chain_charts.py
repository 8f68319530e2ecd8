"""The pictures of the chain: PD types by level, observed ratings, and themes of open answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chain_rows import LEVEL_NAMES, LEVELS, BreakRow, LinkRow, ObservationRow, ThemeRow
from transforms.reporting.chain_words import figure, links_of
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    draw_both,
    layer,
    row_axis,
    row_texts,
    sized,
    zero_line,
)
from transforms.reporting.numerals import count, counted, interval, percent, signed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_CROSS = "M-0.8,-0.8L0.8,0.8M0.8,-0.8L-0.8,0.8"
_LOOKS = {  # fill of the cell, shape of the mark, fill and stroke of the mark
    "yes": ("#d5e6e4", "circle", style.ACCENT, style.ACCENT),
    "no": ("#f3ddd3", _CROSS, style.LOWER, style.LOWER),
    "unclear": (style.BAND_SMALL, "circle", style.PAPER, style.NEUTRAL),
    "not shown": (style.PAPER, "stroke", style.NEUTRAL, style.NEUTRAL),
}
_CELL, _CELL_HEIGHT = 88, 40
_NARROW_CELL, _NARROW_ROW = 45, 58
_NO_VALUE = "–"
_LABEL_WORDS = 3


def columns_of(links: Sequence[LinkRow]) -> list[tuple[str, str, str]]:
    """Level, subject and title of each column; one for each subject that growth has."""
    subjects = sorted({row.academic_subject for row in links if row.level == "student_outcomes"} - {"all"})
    columns = [(level, "all", say(LEVEL_NAMES[level])) for level in LEVELS if level != "student_outcomes"]
    growth = [
        (
            "student_outcomes",
            subject,
            say("Growth, {subject_in_sentence}", subject_in_sentence=terms.subject_in_sentence(subject)),
        )
        for subject in subjects
    ]
    return [*columns, *(growth or [("student_outcomes", "all", say("Growth"))])]


def matrix_picture(links: Sequence[LinkRow], breaks: Sequence[BreakRow], picture_id: str) -> Drawing:
    """Draw each PD type as a row and each level as a column; empty without types."""
    if not breaks:
        return NO_DRAWING
    columns = columns_of(links)
    ordered = sorted(breaks, key=lambda row: (-row.n_levels_held, terms.pd_type_name(row.pd_type)))
    cells = [cell for row in ordered for cell in _cells(row, columns, links)]
    said = "; ".join(
        f"{terms.pd_type_name(row.pd_type)}: "
        + (
            "whole"
            if row.level is None
            else say(
                "{outcome} at {level_names}",
                outcome=row.outcome,
                level_names=say(LEVEL_NAMES[row.level]).lower(),
            )
        )
        for row in ordered
    )
    text = say("Levels of evaluation by kind of PD. First level that does not hold: {said}.", said=said)
    titles = [title for _, _, title in columns]
    return draw_both(lambda is_narrow: _matrix(cells, titles, len(ordered), is_narrow), picture_id, text)


def _cells(
    broken: BreakRow, columns: Sequence[tuple[str, str, str]], links: Sequence[LinkRow]
) -> list[dict[str, Any]]:
    cells = []
    for place, (level, subject, title) in enumerate(columns):
        rows = links_of(links, broken.pd_type, level)
        row = next((row for row in rows if row.academic_subject in (subject, "all")), None)
        holds = row.holds if row else say("not shown")
        fill, shape, mark, stroke = _LOOKS[holds]
        is_first = broken.level == level and (place == 0 or columns[place - 1][0] != level)
        cells.append(
            {
                "label": terms.pd_type_name(broken.pd_type),
                "level": title,
                "value": figure(row) if row and row.value is not None else _NO_VALUE,
                "cell": fill,
                "shape": shape,
                "mark": mark,
                "stroke": stroke,
                "breaks": is_first,
            }
        )
    return cells


def _matrix(cells: Sequence[dict[str, Any]], titles: Sequence[str], n_rows: int, is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of(list(cells))
    axis = alt.Axis(
        orient="top",
        title=None,
        labelAngle=-75 if is_narrow else 0,
        labelAlign="left" if is_narrow else "center",
        labelColor=style.INK,
        labelExpr="datum.label" if is_narrow else "split(datum.label, ', ')",
        domain=False,
        ticks=False,
        labelPadding=8 if is_narrow else 22,
    )
    x = alt.X("level:N", sort=list(titles), axis=axis, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))
    y = _matrix_rows(is_narrow)
    width, height = (_NARROW_CELL, _NARROW_ROW) if is_narrow else (_CELL, _CELL_HEIGHT)
    layers = [
        base.mark_rect(cornerRadius=3, stroke=style.LINE, strokeWidth=0.75).encode(
            x=x, y=y, color=alt.Color("cell:N", scale=None)
        ),
        *_break_lines(base, x, y, width),
        _marks(base, x, y, is_narrow),
        base.mark_text(
            dx=0 if is_narrow else 14,
            dy=8 if is_narrow else 0,
            fontSize=style.SMALL_FONT_SIZE if is_narrow else style.FONT_SIZE,
            align="center",
        ).encode(x=x, y=y, text=alt.Text("value:N")),
    ]
    if is_narrow:
        named = base.transform_filter(f"datum.level == {titles[0]!r}")
        layers.append(
            named.mark_text(align="left", dy=-24, fontSize=style.SMALL_FONT_SIZE, fontWeight=600).encode(
                x=alt.XValue(0), y=y, text=alt.Text("label:N")
            )
        )
    return layer(*layers).properties(width=len(titles) * width, height=n_rows * height)


def _matrix_rows(is_narrow: bool) -> alt.Y:
    import altair as alt

    if is_narrow:
        scale = alt.Scale(paddingInner=0.42, paddingOuter=0.32)
        return alt.Y("label:N", sort=None, axis=None, scale=scale)
    axis = alt.Axis(title=None, labelLimit=220, labelPadding=12)
    return alt.Y("label:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.12, paddingOuter=0))


def _break_lines(base: alt.Chart, x: alt.X, y: alt.Y, width: int) -> list[alt.Chart]:
    """A heavy line at the left of the cell where the chain breaks."""
    broken = base.transform_filter("datum.breaks")
    return [
        broken.mark_tick(
            orient="vertical",
            thickness=4,
            opacity=1,
            size=34 if width == _CELL else 38,
            xOffset=-width / 2 + 1,
            color=style.INK,
        ).encode(x=x, y=y)
    ]


def _marks(base: alt.Chart, x: alt.X, y: alt.Y, is_narrow: bool) -> alt.Chart:
    import altair as alt

    offsets: dict[str, Any] = {"yOffset": -8} if is_narrow else {"xOffset": -20}
    return base.mark_point(size=62 if not is_narrow else 44, strokeWidth=1.75, opacity=1, **offsets).encode(
        x=x,
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("mark:N", scale=None),
        stroke=alt.Stroke("stroke:N", scale=None),
    )


def observation_picture(rows: Sequence[ObservationRow], picture_id: str) -> Drawing:
    """Draw how ratings changed against others, with intervals; empty where nothing may be shown."""
    shown = [row for row in rows if row.difference is not None and row.ci_low is not None]
    if not shown:
        return NO_DRAWING
    ordered = sorted(shown, key=lambda row: -(row.difference or 0))
    said = "; ".join(f"{terms.pd_type_name(row.pd_type)} {_change(row)}" for row in ordered)
    text = say(
        "Change of observed ratings against teachers not in it, with 95% intervals: {said}.", said=said
    )
    return draw_both(lambda is_narrow: _observations(ordered, is_narrow), picture_id, text)


def _change(row: ObservationRow) -> str:
    return f"{signed(row.difference)} ({interval(row.ci_low, row.ci_high)})"


def _observations(rows: Sequence[ObservationRow], is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of([_observation_datum(row, is_narrow) for row in rows])
    reach = max(0.02, 1.1 * max(max(abs(row.ci_low or 0), abs(row.ci_high or 0)) for row in rows))
    x, y = _change_axis(reach, rows[0].unit or "", is_narrow), row_axis(is_narrow)
    colour = alt.Color("colour:N", scale=None)
    layers = [
        _zero(base, x, y, is_narrow),
        base.mark_rule(strokeWidth=2.5).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour),
        base.mark_point(size=62, strokeWidth=2, opacity=1).encode(
            x=x("difference:Q"),
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=colour,
        ),
        *row_texts(base, y, is_narrow),
    ]
    return sized(layers, is_narrow)


def _zero(base: alt.Chart, x: Callable[[str], alt.X], y: alt.Y, is_narrow: bool) -> alt.Chart:
    """The line at 0; on a phone in pieces, as names and figures stand above each row."""
    if not is_narrow:
        return zero_line(x)
    pieces = base.transform_calculate(zero="0").mark_tick(color=style.INK, thickness=1, size=20)
    return pieces.encode(x=x("zero:Q"), y=y)


def _observation_datum(row: ObservationRow, is_narrow: bool) -> dict[str, Any]:
    low, high = row.ci_low or 0.0, row.ci_high or 0.0
    shape, colour = "circle", style.NEUTRAL
    if low > 0:
        shape, colour = "triangle-up", style.ACCENT
    elif high < 0:
        shape, colour = "triangle-down", style.LOWER
    teachers = "" if is_narrow else f" · {counted(row.n_participants, 'teacher')}"
    return {
        "label": terms.pd_type_name(row.pd_type),
        "difference": row.difference,
        "low": low,
        "high": high,
        "shape": shape,
        "colour": colour,
        "fill": style.PAPER if shape == "circle" else colour,
        "figures": f"{_change(row)}{teachers}",
    }


def _change_axis(reach: float, unit: str, is_narrow: bool) -> Callable[[str], alt.X]:
    import altair as alt

    directions = say("lower ratings ← 0 → higher ratings")
    title = (
        [directions, say("in {unit}", unit=unit)]
        if is_narrow
        else say("{directions}, in {unit}", directions=directions, unit=unit)
    )
    axis = alt.Axis(
        tickCount=5,
        title=title,
        titlePadding=10,
        labelExpr="replace(format(datum.value, '.2~f'), '-', '\u2212')",
    )
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    return lambda field: alt.X(field, scale=scale, axis=axis)


def theme_picture(rows: Sequence[ThemeRow], picture_id: str, question: str) -> Drawing:
    """Draw the share of each theme of one question; empty where nothing may be shown."""
    shown = [row for row in rows if row.share is not None and row.theme_number > 0]
    if not shown:
        return NO_DRAWING
    said = "; ".join(f"{row.top_words} {percent(row.share)}" for row in shown)
    text = say("Themes of the answers to: {question} {said}.", question=question, said=said)
    return draw_both(lambda is_narrow: _theme_bars(shown, is_narrow), picture_id, text)


def _theme_bars(rows: Sequence[ThemeRow], is_narrow: bool) -> Panel:
    import altair as alt

    data = [
        {"label": _label(row), "share": row.share, "figures": _theme_figures(row, is_narrow)} for row in rows
    ]
    base = chart_of(data)
    y = row_axis(is_narrow)
    reach = 1.05 * max(row.share or 0 for row in rows)
    axis = alt.Axis(title=say("share of the answers"), format="%", tickCount=4, titlePadding=8)
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, reach], nice=False), axis=axis)
    bars = base.mark_bar(height=13, color=style.REACH_STEPS[3], cornerRadius=2).encode(x=x, y=y)
    return sized([bars, *row_texts(base, y, is_narrow)], is_narrow, 26)


def _label(row: ThemeRow) -> str:
    return ", ".join((row.top_words or "").split(", ")[:_LABEL_WORDS])


def _theme_figures(row: ThemeRow, is_narrow: bool) -> str:
    answers = count(row.n_answers) if is_narrow else counted(row.n_answers, "answer")
    return f"{percent(row.share)} · {answers}"
