"""The specification curve: estimates in order above, the choices that each of them made below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, layer, vconcat
from transforms.reporting.evidence_rows import SpecificationRow
from transforms.reporting.numerals import percent, signed
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_WIDE, _NARROW = 560, 256
_CURVE_HEIGHT, _NARROW_CURVE_HEIGHT = 190, 170
_ROW = 17
_LABEL_WIDTH = 200
_ALPHA = 0.05
_CHOICES = {
    "comparison": noted("Compared"),
    "covariates": noted("Allowing for"),
    "dose": noted("Hours as"),
    "companions": noted("In the model"),
}


def specification_picture(rows: Sequence[SpecificationRow], picture_id: str) -> Drawing:
    """Draw the specifications of one PD type, subject and contrast; empty where none has a number.

    Filled marks are significant alone (p below .05): ▲ above 0, ▼ below; open circles are not.
    """
    if not rows:
        return NO_DRAWING
    ordered = sorted(rows, key=lambda row: row.estimate_sd)
    n_clear = sum(row.p_value < _ALPHA for row in rows)
    middle = ordered[len(ordered) // 2]
    text = say(
        "{n_rows} specifications, estimates from {estimate_sd} to {estimate_sd_2} SD, median"
        " {estimate_sd_3}; {n_clear} differ from 0 taken alone.",
        n_rows=len(rows),
        estimate_sd=signed(ordered[0].estimate_sd),
        estimate_sd_2=signed(ordered[-1].estimate_sd),
        estimate_sd_3=signed(middle.estimate_sd),
        n_clear=percent(n_clear / len(rows)),
    )
    return draw_both(lambda is_narrow: _curve(ordered, is_narrow), picture_id, text)


def _curve(rows: Sequence[SpecificationRow], is_narrow: bool) -> Panel:
    import altair as alt

    width = _NARROW if is_narrow else _WIDE
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[-0.5, len(rows) - 0.5], nice=False),
        axis=None,
    )
    panels = [_estimates(rows, x, width, is_narrow)]
    panels += [_choice(rows, name, title, x, width, is_narrow) for name, title in say_each(_CHOICES).items()]
    return vconcat(*panels, spacing=6)


def _estimates(rows: Sequence[SpecificationRow], x: alt.X, width: int, is_narrow: bool) -> Any:
    import altair as alt

    reach = _reach(rows)
    values = [_datum(row, place, reach) for place, row in enumerate(rows)]
    base = chart_of(values)
    y = _axis(rows, reach, is_narrow)
    colour = alt.Color("colour:N", scale=None)
    zero = chart_of([{"zero": 0}]).mark_rule(color=style.INK).encode(y=y("zero:Q"))
    span = base.mark_rule(strokeWidth=1.25, opacity=0.75).encode(
        x=x, y=y("low:Q"), y2=alt.Y2("high:Q"), color=colour
    )
    point = base.mark_point(size=22 if is_narrow else 34, strokeWidth=1.5, opacity=1).encode(
        x=x,
        y=y("estimate:Q"),
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=colour,
    )
    height = _NARROW_CURVE_HEIGHT if is_narrow else _CURVE_HEIGHT
    return layer(zero, span, point).properties(width=width, height=height)


def _reach(rows: Sequence[SpecificationRow]) -> tuple[float, float]:
    """Ends of the axis: all estimates, 0, and intervals up to half as far again."""
    low, high = min(row.estimate_sd for row in rows), max(row.estimate_sd for row in rows)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.5 * (high - low) or 0.05
    ends = [row.ci_low for row in rows], [row.ci_high for row in rows]
    return max(low - room, min(*ends[0], 0.0)), min(high + room, max(*ends[1], 0.0))


def _axis(
    rows: Sequence[SpecificationRow], reach: tuple[float, float], is_narrow: bool
) -> Callable[[str], alt.Y]:
    import altair as alt

    per = say(" per 10 hours") if rows[0].contrast == "per_10_hours" else ""
    margin = 0.04 * (reach[1] - reach[0])
    axis = alt.Axis(
        tickCount=5,
        title=say("growth, SD{per}", per=per),
        titleFontSize=style.SMALL_FONT_SIZE,
        titleColor=style.MUTED,
        grid=True,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
        labelExpr="replace(format(datum.value, '.2~f'), '-', '−')",
        minExtent=40 if is_narrow else _LABEL_WIDTH,
    )
    scale = alt.Scale(domain=[reach[0] - margin, reach[1] + margin], nice=False)
    return lambda field: alt.Y(field, scale=scale, axis=axis)


def _datum(row: SpecificationRow, place: int, reach: tuple[float, float]) -> dict[str, Any]:
    is_clear = row.p_value < _ALPHA
    colour = style.NEUTRAL
    if is_clear:
        colour = style.ACCENT if row.estimate_sd > 0 else style.LOWER
    shape = ("triangle-up" if row.estimate_sd > 0 else "triangle-down") if is_clear else "circle"
    return {
        "place": place,
        "estimate": row.estimate_sd,
        "low": max(reach[0], row.ci_low),
        "high": min(reach[1], row.ci_high),
        "colour": colour,
        "shape": shape,
        "fill": colour if is_clear else style.PAPER,
    }


def _choice(
    rows: Sequence[SpecificationRow], name: str, title: str, x: alt.X, width: int, is_narrow: bool
) -> Any:
    """Which of the options each specification took, a tick an estimate."""
    import altair as alt

    options = list(
        dict.fromkeys(getattr(row, name) for row in sorted(rows, key=lambda row: row.specification_number))
    )
    values = [
        {"place": place, "option": getattr(row, name), "is_clear": row.p_value < _ALPHA}
        for place, row in enumerate(rows)
    ]
    axis = alt.Axis(
        title=None,
        labelLimit=_LABEL_WIDTH,
        labelFontSize=style.SMALL_FONT_SIZE,
        minExtent=_LABEL_WIDTH,
        maxExtent=_LABEL_WIDTH,
        labelAlign="left",
        labelPadding=_LABEL_WIDTH - 4,
    )
    y = alt.Y("option:N", sort=options, axis=None if is_narrow else axis)
    base = chart_of(values)
    tick = base.mark_tick(
        thickness=max(1.0, 0.55 * width / len(rows)), height=10, color=style.NEUTRAL
    ).encode(x=x, y=y)
    layers: list[Any] = [tick]
    row_height = _ROW
    if is_narrow:
        row_height = 30
        names = chart_of([{"option": option} for option in options])
        layers.append(
            names.mark_text(align="left", dy=-11, fontSize=style.SMALL_FONT_SIZE).encode(
                x=alt.XValue(0), y=y, text=alt.Text("option:N")
            )
        )
    return layer(*layers).properties(
        width=width,
        height=alt.Step(row_height),
        title=alt.TitleParams(title, fontSize=style.SMALL_FONT_SIZE, offset=2),
    )
