"""The picture of the calibration: how often each design's 95% intervals contain a known effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.chart_parts import Panel, chart_of, draw_both, row_axis, row_texts, sized, vconcat
from transforms.reporting.numerals import percent
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

NOMINAL, LEAST = 0.95, 0.90
_LOWEST = 0.80
_CONTRASTS = {"per_10_hours": noted(", hours")}  # a longer label would be cut
_TITLE = noted("share of 95% intervals that contain the planted effect; struck out below 90%")
_NARROW_TITLE = [
    noted("share of 95% intervals that contain"),
    noted("the planted effect; struck out below 90%"),
]


@dataclass(frozen=True)
class CoverageRow:
    """Coverage of a design in one academic subject, all PD types together, with its 95 % interval."""

    design: str
    academic_subject: str
    contrast: str
    coverage: float
    low: float
    high: float
    is_struck_out: bool


def calibration_picture(rows: Sequence[CoverageRow], picture_id: str) -> Drawing:
    """Draw coverage against 95% and the 90% below which a design is struck out, one panel a subject.

    Empty where there are no rows. A struck-out design is an open cross of another colour and says so.
    """
    if not rows:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{name} in {subject_in_sentence} {figures}",
            name=_name(row),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            figures=_figures(row),
        )
        for row in rows
    )
    return draw_both(
        lambda is_narrow: _panels(rows, is_narrow),
        picture_id,
        say(
            "Share of 95% intervals that contain a planted effect; below 90% a design is struck out: {said}.",
            said=said,
        ),
    )


def _panels(rows: Sequence[CoverageRow], is_narrow: bool) -> Panel:

    lowest = min(_LOWEST, *(row.low for row in rows))
    subjects = list(dict.fromkeys(row.academic_subject for row in rows))
    panels = [
        _panel(
            [row for row in rows if row.academic_subject == subject],
            _axis(lowest, is_narrow, is_last=subject == subjects[-1]),
            is_narrow,
        ).properties(title=terms.subject_name(subject))
        for subject in subjects
    ]
    return vconcat(*panels, spacing=14)


def _axis(lowest: float, is_narrow: bool, *, is_last: bool) -> Callable[[str], alt.X]:
    import altair as alt

    axis = alt.Axis(
        format=".0%",
        values=[share / 100 for share in range(0, 101, 5) if share / 100 >= lowest],
        title=(say_each(_NARROW_TITLE) if is_narrow else say(_TITLE)) if is_last else None,
        titlePadding=10,
        labels=is_last,
        ticks=is_last,
        domain=is_last,
        grid=False,
    )
    scale = alt.Scale(domain=[lowest, 1.0], nice=False)
    return lambda field: alt.X(field, scale=scale, axis=axis)


def _panel(rows: Sequence[CoverageRow], x: Callable[[str], alt.X], is_narrow: bool) -> Panel:
    import altair as alt

    base, y = chart_of([_datum(row) for row in rows]), row_axis(is_narrow)
    colour = alt.Color("colour:N", scale=None)
    span = base.mark_rule(strokeWidth=2.5).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour)
    point = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x=x("coverage:Q"),
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        angle=alt.Angle("angle:Q", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
    )
    return sized([*_lines(base, x, y, is_narrow), span, point, *row_texts(base, y, is_narrow)], is_narrow)


def _lines(base: alt.Chart, x: Callable[[str], alt.X], y: alt.Y, is_narrow: bool) -> list[alt.Chart]:
    """95 % as a full line, 90 % as a dashed one; where texts stand above the rows, a piece for each row."""

    looks: list[tuple[float, dict[str, Any]]] = [
        (NOMINAL, {"color": style.INK, "strokeWidth": 1}),
        (LEAST, {"color": style.LOWER, "strokeWidth": 1.5, "strokeDash": [4, 3]}),
    ]
    if is_narrow:
        return [
            base.mark_tick(size=14, thickness=look["strokeWidth"], color=look["color"]).encode(
                x=x(f"line_{at * 100:.0f}:Q"), y=y
            )
            for at, look in looks
        ]
    return [chart_of([{"at": at}]).mark_rule(**look).encode(x=x("at:Q")) for at, look in looks]


def _datum(row: CoverageRow) -> dict[str, Any]:
    colour = style.LOWER if row.is_struck_out else style.ACCENT
    return {
        "label": _name(row),
        "coverage": row.coverage,
        "low": row.low,
        "high": row.high,
        "figures": _figures(row),
        "shape": "cross" if row.is_struck_out else "circle",
        "fill": style.PAPER if row.is_struck_out else colour,
        "angle": 45 if row.is_struck_out else 0,
        "colour": colour,
        "line_95": NOMINAL,
        "line_90": LEAST,
    }


def _name(row: CoverageRow) -> str:
    return terms.design_name(row.design) + say(_CONTRASTS.get(row.contrast, ""))


def _figures(row: CoverageRow) -> str:
    figures = f"{percent(row.coverage)} [{percent(row.low)}, {percent(row.high)}]"
    return say("{figures}, struck out", figures=figures) if row.is_struck_out else figures
