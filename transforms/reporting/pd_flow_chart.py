"""The picture of a flow: ribbons from who starts PD to its kinds; on a phone bars, for ribbons need width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from transforms.reporting import style, terms
from transforms.reporting.balance_words import INITIATOR_FILLS, INITIATORS, initiator_name
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, layer, row_axis, row_texts, sized
from transforms.reporting.flow_geometry import Flow, Layout, Node, flow_layout, outline
from transforms.reporting.numerals import capitalised, percent
from transforms.reporting.picture import Drawing

_WIDTH, _GAP, _ROW = 860, 14, 36
_LEFT, _RIGHT, _BAR = 132, 540, 9  # where nodes stand, and how broad they are
_N_POINTS = 21
_FILLS = dict(zip(INITIATORS, INITIATOR_FILLS, strict=True))

Write = Callable[[float], str]


def flow_picture(flows: Sequence[Flow], picture_id: str, noun: str, write: Write) -> Drawing:
    """Draw flows from initiators to PD types; ``write`` puts an amount into words."""
    height = float(_ROW * max(len({flow.target for flow in flows}), 3))
    layout = flow_layout(flows, INITIATORS, height, _GAP)
    said = "; ".join(
        f"{initiator_name(node.name)} {write(node.amount)} ("
        + ", ".join(
            f"{terms.pd_type_in_sentence(ribbon.flow.target)} {write(ribbon.flow.amount)}"
            for ribbon in layout.ribbons
            if ribbon.flow.source == node.name
        )
        + ")"
        for node in layout.sources
    )
    return draw_both(
        lambda is_narrow: _bars(layout, write) if is_narrow else _ribbons(layout, height, write),
        picture_id,
        say("Flow of {noun} from who started it to kinds of PD: {said}.", noun=noun, said=said),
    )


def _ribbons(layout: Layout, height: float, write: Write) -> Panel:
    import altair as alt

    x = alt.X("x:Q", scale=alt.Scale(domain=[0, _WIDTH], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None)
    points = [
        {"x": across, "y": top, "y2": bottom, "ribbon": place, "fill": _FILLS[ribbon.flow.source]}
        for place, ribbon in enumerate(layout.ribbons)
        for across, top, bottom in outline(ribbon, _LEFT + _BAR, _RIGHT, _N_POINTS)
    ]
    ribbons = (
        chart_of(points)
        .mark_area(stroke=style.NEUTRAL, strokeWidth=0.75, fillOpacity=0.85, line=False)
        .encode(x=x, y=y, y2="y2:Q", detail="ribbon:N", fill=alt.Fill("fill:N", scale=None))
    )
    ends = [(_LEFT, node, _FILLS[node.name]) for node in layout.sources]
    ends += [(_RIGHT, node, style.INK) for node in layout.targets]
    nodes = (
        chart_of(
            [
                {"x": left, "x2": left + _BAR, "y": node.top, "y2": node.bottom, "fill": fill}
                for left, node, fill in ends
            ]
        )
        .mark_rect(stroke=style.NEUTRAL, strokeWidth=0.75)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", fill=alt.Fill("fill:N", scale=None))
    )
    return layer(ribbons, nodes, *_labels(layout, x, y, write)).properties(width=_WIDTH, height=height)


def _labels(layout: Layout, x: Any, y: Any, write: Write) -> list[Any]:
    """Sources by name over their share and amount, targets by name with both at the right."""
    import altair as alt

    total = sum(node.amount for node in layout.sources)
    sources = chart_of(
        [
            {
                "x": _LEFT - 10,
                "y": node.middle,
                "name": capitalised(initiator_name(node.name)),
                "figures": f"{percent(node.amount / total)} · {write(node.amount)}",
            }
            for node in layout.sources
        ]
    )
    targets = chart_of(
        [
            {
                "x": _RIGHT + _BAR + 9,
                "end": _WIDTH,
                "y": node.middle,
                "name": terms.pd_type_name(node.name),
                "figures": f"{percent(node.amount / total)} · {write(node.amount)}",
            }
            for node in layout.targets
        ]
    )
    return [
        sources.mark_text(align="right", dy=-8, fontWeight=600).encode(x=x, y=y, text=alt.Text("name:N")),
        sources.mark_text(align="right", dy=8, fontSize=style.SMALL_FONT_SIZE).encode(
            x=x, y=y, text=alt.Text("figures:N")
        ),
        targets.mark_text(align="left", limit=190).encode(x=x, y=y, text=alt.Text("name:N")),
        targets.mark_text(align="right", fontSize=style.SMALL_FONT_SIZE).encode(
            x=alt.X("end:Q", scale=alt.Scale(domain=[0, _WIDTH], nice=False), axis=None),
            y=y,
            text=alt.Text("figures:N"),
        ),
    ]


def _bars(layout: Layout, write: Write) -> Panel:
    import altair as alt

    there = [node.name for node in layout.sources]
    targets = sorted(layout.targets, key=lambda node: (-node.amount, node.name))
    base = chart_of([datum for node in targets for datum in _parts(layout, node, write)])
    x = alt.X("start:Q", scale=alt.Scale(domain=[0, targets[0].amount * 1.02], nice=False), axis=None)
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(
            domain=[capitalised(initiator_name(name)) for name in there],
            range=[_FILLS[name] for name in there],
        ),
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=len(there) if len(there) < 4 else 2,
            labelFontSize=style.SMALL_FONT_SIZE,
            symbolType="square",
            symbolStrokeColor=style.NEUTRAL,
        ),
    )
    y = row_axis(True)
    bars = base.mark_bar(height=13, stroke=style.NEUTRAL, strokeWidth=0.75).encode(
        x=x, x2=alt.X2("end:Q"), y=y, color=colour
    )
    return sized([bars, *row_texts(base.transform_filter("datum.start == 0"), y, True)], True)


def _parts(layout: Layout, node: Node, write: Write) -> list[dict[str, Any]]:
    """The parts of one bar, each from where it begins to where it ends."""
    parts, start = [], 0.0
    for ribbon in layout.ribbons:
        if ribbon.flow.target == node.name:
            end = start + ribbon.flow.amount
            parts.append(
                {
                    "label": terms.pd_type_name(node.name),
                    "part": capitalised(initiator_name(ribbon.flow.source)),
                    "start": start,
                    "end": end,
                    "figures": write(node.amount),
                }
            )
            start = end
    return parts
