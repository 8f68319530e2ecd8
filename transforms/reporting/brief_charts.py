"""The small pictures of the brief, a third of a page wide: intervals, bars, chances, and counts as dots.

Each is drawn once for every width. Words in them come in the language of the brief.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from transforms.reporting import style
from transforms.reporting.chart_parts import Panel, chart_of, draw_once, layer
from transforms.reporting.numerals import MINUS, signed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_WIDTH, _ROW = 250, 34
_LINE = 14
_MOST_IN_ROW = 22
_CHARACTER = 7  # pixels that a character of the figures takes at most
_STEP = 12
_TRUE_MINUS = f"replace(format(datum.value, '.2~f'), '-', '{MINUS}')"


@dataclass(frozen=True)
class IntervalMark:
    """An estimate with its interval in SD."""

    label: str
    estimate: float
    low: float
    high: float
    is_clear: bool


@dataclass(frozen=True)
class Bar:
    """A share of 0 to 1, with its figure in words."""

    label: str
    share: float
    figure: str
    is_marked: bool = True


def intervals_picture(
    rows: Sequence[IntervalMark], picture_id: str, axis_title: str, alt_text: str
) -> Drawing:
    """Draw estimates with their intervals; triangles where they are clear, open circles where not."""
    import altair as alt

    if not rows:
        return NO_DRAWING
    reach = 1.08 * max(0.05, *(abs(end) for row in rows for end in (row.low, row.high)))
    reach = min(reach, max(0.1, 3.0 * max(abs(row.estimate) for row in rows)))
    values = [
        {
            "row": position,
            "estimate": row.estimate,
            "low": max(-reach, row.low),
            "high": min(reach, row.high),
            "shape": _shape(row),
            "colour": _colour(row),
            "fill": _colour(row) if row.is_clear else style.PAPER,
            "figures": signed(row.estimate),
        }
        for position, row in enumerate(rows)
    ]

    def draw() -> Panel:
        base = chart_of(values)
        scale = alt.Scale(domain=[-reach, reach], nice=False)
        axis = alt.Axis(
            tickCount=3,
            title=axis_title,
            titlePadding=6,
            grid=False,
            labelExpr=_TRUE_MINUS,
            titleLimit=_WIDTH,
        )
        y = alt.Y("row:O", axis=None)
        colour = alt.Color("colour:N", scale=None)
        zero = (
            base.transform_calculate(zero="0")
            .mark_tick(color=style.INK, thickness=1, size=12)
            .encode(x=alt.X("zero:Q", scale=scale, axis=axis), y=y)
        )
        span = base.mark_rule(strokeWidth=2.5).encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q"), y=y, color=colour
        )
        mark = base.mark_point(size=90, strokeWidth=2, opacity=1).encode(
            x=alt.X("estimate:Q", scale=scale, axis=axis),
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
        )
        return _rows([zero, span, mark], values, [row.label for row in rows], y)

    return draw_once(draw, picture_id, alt_text)


def _shape(row: IntervalMark) -> str:
    if not row.is_clear:
        return "circle"
    return "triangle-up" if row.estimate > 0 else "triangle-down"


def _colour(row: IntervalMark) -> str:
    if not row.is_clear:
        return style.NEUTRAL
    return style.ACCENT if row.estimate > 0 else style.LOWER


def bars_picture(rows: Sequence[Bar], picture_id: str, axis_title: str, alt_text: str) -> Drawing:
    """Draw shares as bars; those that are not marked are outlined only."""
    import altair as alt

    if not rows:
        return NO_DRAWING
    values = [
        {
            "row": position,
            "share": row.share,
            "figures": row.figure,
            "fill": style.ACCENT if row.is_marked else style.REACH_STEPS[1],
        }
        for position, row in enumerate(rows)
    ]

    def draw() -> Panel:
        base = chart_of(values)
        y = alt.Y("row:O", axis=None)
        x = alt.X(
            "share:Q",
            scale=alt.Scale(domain=[0, 1], nice=False),
            axis=alt.Axis(
                title=axis_title, titlePadding=4, labels=False, ticks=False, grid=False, titleLimit=_WIDTH
            ),
        )
        bar = base.mark_bar(height=9, cornerRadiusEnd=2, stroke=style.ACCENT, strokeWidth=1).encode(
            x=x, y=y, fill=alt.Fill("fill:N", scale=None)
        )
        return _rows([bar], values, [row.label for row in rows], y)

    return draw_once(draw, picture_id, alt_text)


def _rows(
    marks: Sequence[alt.Chart], values: Sequence[Mapping[str, object]], labels: Sequence[str], y: alt.Y
) -> Panel:
    """Marks in rows, each with its name and figure above; a long name has two lines."""
    import altair as alt

    longest_figure = max(len(str(one["figures"])) for one in values)
    names = [_lines(label, longest_figure) for label in labels]
    n_lines = max(map(len, names))
    lines = [
        chart_of(
            [{"row": row, "text": name[-1 - above]} for row, name in enumerate(names) if above < len(name)]
        )
        .mark_text(align="left", dy=-13 - _LINE * above, fontSize=style.SMALL_FONT_SIZE, fontWeight=600)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("text:N"))
        for above in range(n_lines)
    ]
    figures = (
        chart_of(values)
        .mark_text(align="right", dy=-13, fontSize=style.SMALL_FONT_SIZE)
        .encode(x=alt.XValue(_WIDTH), y=y, text=alt.Text("figures:N"))
    )
    height = alt.Step(_ROW + _LINE * (n_lines - 1))
    return layer(*marks, *lines, figures).properties(width=_WIDTH, height=height)


def _lines(name: str, longest_figure: int) -> tuple[str, ...]:
    """A name in one line or two, the last of which leaves room for the figure."""
    fits = _WIDTH // _CHARACTER - longest_figure - 1
    if len(name) <= fits:
        return (name,)
    first, *rest = wrap(name, _WIDTH // _CHARACTER)
    return (first, *(wrap(" ".join(rest), fits, max_lines=1, placeholder="…") or [""]))


def dots_picture(
    marked: int, others: int, names: tuple[str, str], picture_id: str, title: str, alt_text: str
) -> Drawing:
    """Draw ``marked`` filled dots before ``others`` open ones, named below; at most a hundred in all."""
    import altair as alt

    n = marked + others
    if not n or n > 100:
        return NO_DRAWING
    n_rows = -(-n // _MOST_IN_ROW)
    in_row = -(-n // n_rows)
    values = [
        {
            "x": index % in_row,
            "y": index // in_row,
            "fill": style.CAUTION if index < marked else style.PAPER,
        }
        for index in range(n)
    ]
    key = "   ".join(
        f"{sign} {name} {number}"
        for sign, name, number in (("●", names[0], marked), ("○", names[1], others))
        if name
    )

    def draw() -> Panel:
        x = alt.X("x:Q", scale=alt.Scale(domain=[-0.5, _MOST_IN_ROW - 0.5], nice=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[n_rows - 0.5, -0.5], nice=False), axis=None)
        dots = (
            chart_of(values)
            .mark_point(shape="circle", size=62, stroke=style.CAUTION, strokeWidth=1.5, opacity=1)
            .encode(x=x, y=y, fill=alt.Fill("fill:N", scale=None))
        )
        height = n_rows * _STEP
        words = [
            chart_of([{"text": text}])
            .mark_text(align="left", baseline="top", fontSize=style.SMALL_FONT_SIZE, color=colour)
            .encode(x=alt.XValue(0), y=alt.YValue(at), text=alt.Text("text:N"))
            for text, at, colour in ((title, -20, style.MUTED), (key, height + 8, style.INK))
        ]
        return layer(dots, *words).properties(width=_WIDTH, height=height)

    return draw_once(draw, picture_id, alt_text)
