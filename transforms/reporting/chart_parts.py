"""What the pictures share: sizes, axes, row texts, and the way from a chart to markup.

Each picture is drawn twice, wide for a desk or paper and narrow for a phone; the style sheet shows
one. Altair and its renderer are imported when the first picture is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from transforms.reporting import style
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.picture import Drawing
from transforms.reporting.svg import embed

if TYPE_CHECKING:
    import altair as alt

_WIDE, _NARROW = 440, 316
PANEL_WIDTH = {False: _WIDE, True: _NARROW}  # by whether it is narrow
_LABEL_WIDTH = 240
_ROW, _NARROW_ROW = 30, 46
TALL_NARROW_ROW = 64  # figures stand nearer to their own line than to the row below
GROWTH_AXIS = noted("lower growth ← 0 → higher growth, in standard deviations (SD) of student scores")
_NARROW_GROWTH_AXIS = [
    noted("lower growth ← 0 → higher growth"),
    noted("in standard deviations (SD) of student scores"),
]
_TRUE_MINUS = "replace(format(datum.value, '.2~f'), '-', '\u2212')"
_SYMBOLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {
    0xFFFE: 0xFFFD,
    0xFFFF: 0x2426,
}


def chart_of(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """A chart of ``rows``, which travel as JSON text: Altair copies lists of rows again for each mark."""
    import altair as alt

    return alt.Chart(alt.Data(values=json.dumps(drawable(rows), allow_nan=False), format={"type": "json"}))


@dataclass(frozen=True)
class Panel:
    """A drawing of several marks or panels in Vega-Lite's words.

    Altair would put them together as well, but copies every mark of every panel again at each step: that took
    two thirds of the time of a report.
    """

    specification: Mapping[str, Any]

    def properties(self, **properties: Any) -> Panel:
        """The same with a width, a height or a title."""
        return Panel({**self.specification, **{name: _plain(value) for name, value in properties.items()}})

    def facet(self, rows: str, field: str, columns: int) -> Panel:
        """The same for each value of ``field`` of the data named ``rows``, in their order, titled by it."""
        # a mark with data of its own would show all rows in every panel
        marks = [
            {name: value for name, value in mark.items() if name != "data"}
            for mark in self.specification["layer"]
        ]
        header = {
            "title": None,
            "labelAnchor": "start",
            "labelFontSize": style.FONT_SIZE,
            "labelFontWeight": 600,
        }
        return Panel(
            {
                "data": {"name": rows},
                "facet": {"field": field, "type": "nominal", "sort": None, "header": header},
                "columns": columns,
                "spacing": {"row": 26, "column": 36},
                "spec": {
                    "layer": marks,
                    **{name: value for name, value in self.specification.items() if name != "layer"},
                },
            }
        )


def layer(*marks: alt.Chart | Panel) -> Panel:
    """Marks over each other, the first at the bottom."""
    return Panel({"layer": [_specification(mark) for mark in marks]})


def vconcat(*panels: alt.Chart | Panel, spacing: int) -> Panel:
    """Panels below each other."""
    return Panel({"vconcat": [_specification(panel) for panel in panels], "spacing": spacing})


def concat(
    *panels: alt.Chart | Panel, columns: int, spacing: int | Mapping[str, int], **layout: str
) -> Panel:
    """Panels in rows of ``columns``."""
    drawn = [_specification(panel) for panel in panels]
    return Panel({"concat": drawn, "columns": columns, "spacing": spacing, **layout})


def _specification(drawn: alt.Chart | Panel) -> Mapping[str, Any]:
    if isinstance(drawn, Panel):
        return drawn.specification
    inner = {"top_level": False, "datasets": {}, "pre_transform": True}
    return drawn.to_dict(validate=False, context=inner)


def _plain(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else value


def sized(
    layers: Sequence[alt.Chart | Panel], is_narrow: bool, row: int = _ROW, narrow_row: int = _NARROW_ROW
) -> Panel:
    """Layers of rows, as wide as a page or a phone."""
    import altair as alt

    return layer(*layers).properties(
        width=_NARROW if is_narrow else _WIDE, height=alt.Step(narrow_row if is_narrow else row)
    )


def growth_axis(
    reach: float, is_narrow: bool, is_labelled: bool = True, has_grid: bool = True
) -> Callable[[str], alt.X]:
    """The axis of growth, equal in all layers of a panel: lower to the left of zero, higher to the right."""
    import altair as alt

    title = (say_each(_NARROW_GROWTH_AXIS) if is_narrow else say(GROWTH_AXIS)) if is_labelled else None
    axis = alt.Axis(
        tickCount=5,
        title=title,
        titlePadding=10,
        labels=is_labelled,
        ticks=is_labelled,
        domain=is_labelled,
        grid=has_grid,
        labelExpr=_TRUE_MINUS,
    )
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    return lambda field: alt.X(field, scale=scale, axis=axis)


def row_axis(is_narrow: bool) -> alt.Y:
    """Row labels: at the left where there is room, else drawn above the row by row_texts."""
    import altair as alt

    if is_narrow:
        return alt.Y("label:N", sort=None, axis=None)
    axis = alt.Axis(
        title=None,
        labelAlign="left",
        labelPadding=_LABEL_WIDTH,
        labelLimit=_LABEL_WIDTH - 12,
        minExtent=_LABEL_WIDTH,
        maxExtent=_LABEL_WIDTH,
    )
    return alt.Y("label:N", sort=None, axis=axis)


def row_texts(
    base: alt.Chart, y: alt.Y, is_narrow: bool, *, has_long_figures: bool = False
) -> list[alt.Chart]:
    """The figures of a row as text: right of it, or on a phone above it together with the label.

    Long figures stand below the row on a phone, where nothing else does; such rows are TALL_NARROW_ROW high.
    """
    import altair as alt

    if not is_narrow:
        figures = base.mark_text(align="left", dx=0).encode(
            x=alt.XValue(_WIDE + 16), y=y, text=alt.Text("figures:N")
        )
        return [figures]
    label = base.mark_text(
        align="left",
        dy=-16,
        fontSize=style.SMALL_FONT_SIZE,
        fontWeight=600,
        limit=_NARROW if has_long_figures else 178,
    ).encode(x=alt.XValue(0), y=y, text=alt.Text("label:N"))
    figures = base.mark_text(
        align="right", dy=15 if has_long_figures else -16, fontSize=style.SMALL_FONT_SIZE
    ).encode(x=alt.XValue(_NARROW), y=y, text=alt.Text("figures:N"))
    return [label, figures]


def zero_line(x: Callable[[str], alt.X]) -> alt.Chart:

    return chart_of([{"zero": 0}]).mark_rule(color=style.INK, strokeWidth=1).encode(x=x("zero:Q"))


def draw_both(draw: Callable[[bool], alt.Chart | Panel], picture_id: str, alternative_text: str) -> Drawing:
    """Draw wide and narrow; the style sheet hides one from sight and from screen readers."""
    wide, narrow = (
        embed(_svg(draw, is_narrow), f"{picture_id}-{css_class}", alternative_text, css_class)
        for is_narrow, css_class in ((False, "wide"), (True, "narrow"))
    )
    return Drawing.of(wide, narrow, alternative_text)


def draw_once(draw: Callable[[], Panel], picture_id: str, alternative_text: str) -> Drawing:
    """Draw a picture that a phone can show as it is; pages show the same one at every width."""
    drawn = embed(_svg(lambda _: draw(), True), picture_id, alternative_text, "small")
    return Drawing.of(drawn, Markup(""), alternative_text)


def specification_of(draw: Callable[[bool], alt.Chart | Panel], is_narrow: bool) -> dict[str, Any]:
    """A picture with the look of all pictures, in Vega-Lite's words."""
    return {**_specification(draw(is_narrow)), "config": style.chart_config()}


def _svg(draw: Callable[[bool], alt.Chart | Panel], is_narrow: bool) -> str:
    """Render without Altair's own check of the specification: it takes two thirds of the time, and the
    renderer refuses what it cannot draw."""
    import vl_convert
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        specification = specification_of(draw, is_narrow)
    svg: str = vl_convert.vegalite_to_svg(drawable(specification))
    return svg


def drawable(value: Any) -> Any:
    """``value`` with a symbol for each sign that XML cannot hold, other ones for others: the renderer ends
    the process over such a sign, and two names that differ must not become one row."""
    if isinstance(value, str):
        return value.translate(_SYMBOLS)
    if isinstance(value, Mapping):
        return {name: drawable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [drawable(item) for item in value]
    return value
