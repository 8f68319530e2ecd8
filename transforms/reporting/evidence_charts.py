"""The pictures of evidence: five designs side by side, leads and lags, dose, balance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    concat,
    draw_both,
    layer,
    row_axis,
    row_texts,
    sized,
    vconcat,
)
from transforms.reporting.charts import axis_reach, comparison_panel, tier_label
from transforms.reporting.evidence_rows import BaselineRow, DosePoint, PeriodRow
from transforms.reporting.numerals import decimal, listed, signed
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import estimate_with_interval

if TYPE_CHECKING:
    import altair as alt

Drawn = EffectRow | PeriodRow | DosePoint
_Row = TypeVar("_Row", EffectRow, PeriodRow, DosePoint)


def of_type(row: Drawn) -> str:
    """Name of the panel of ``row`` where each PD type has one."""
    return terms.pd_type_name(row.pd_type)


def of_subject(row: Drawn) -> str:
    """Name of the panel of ``row`` where each academic subject has one."""
    return terms.subject_name(row.academic_subject)


DESIGNS = ("lottery", "event_study", "matched", "within_teacher", "adjusted")
_COLUMNS = 3
_PANEL, _PANEL_HEIGHT = 206, 168
_LARGE_PANEL, _LARGE_HEIGHT = 330, 210  # where no more than two stand beside each other
_NARROW_PANEL = 236
_FLUSH_SPACING = {"row": 74, "column": 66}
KNOT_HOURS = 14
BALANCED, ADJUSTABLE = 0.05, 0.25
_TRUE_MINUS = "replace(format(datum.value, '.2~f'), '-', '−')"


def designs_picture(
    rows: Sequence[EffectRow], picture_id: str, panel: Callable[[Drawn], str] = of_type
) -> Drawing:
    """Draw what each design finds, a panel a PD type or subject; refused rows are left out."""
    drawn = [row for row in rows if not row.is_refused]
    if not drawn:
        return NO_DRAWING
    panels = _by_panel(sorted(drawn, key=lambda row: (DESIGNS.index(row.design), row.contrast)), drawn, panel)
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{_design_label(row).lower()} {estimate_with_interval(row)}, {tier_label(row)}"
            for row in rows_of_panel
        )
        for name, rows_of_panel in panels.items()
    )
    return draw_both(
        lambda is_narrow: _designs(panels, is_narrow),
        picture_id,
        say("What each design finds, with 95% intervals. {said}.", said=said),
    )


def _by_panel(
    rows: Sequence[_Row], ordered: Sequence[_Row], panel: Callable[[Drawn], str]
) -> dict[str, list[_Row]]:
    """``rows`` by panel, the panels as they come in ``ordered``."""
    return {name: [row for row in rows if panel(row) == name] for name in dict.fromkeys(map(panel, ordered))}


def _designs(panels: Mapping[str, Sequence[EffectRow]], is_narrow: bool) -> Panel:

    reach = axis_reach([row for rows in panels.values() for row in rows])
    last = list(panels)[-1]
    drawn = [
        comparison_panel(
            rows,
            reach,
            is_narrow,
            name == last,
            _design_label,
        ).properties(title=name)
        for name, rows in panels.items()
    ]
    return vconcat(*drawn, spacing=10)


def _design_label(row: EffectRow) -> str:
    if row.design != "lottery":
        return terms.design_name(row.design)
    return say("Drawn by lot: offered") if row.contrast == "offered" else say("Drawn by lot: took the place")


def event_study_picture(
    rows: Sequence[PeriodRow], picture_id: str, panel: Callable[[Drawn], str] = of_type
) -> Drawing:
    """Draw leads and lags by panel; hollow before the start, filled from then on."""
    if not rows:
        return NO_DRAWING
    panels = _by_panel(rows, rows, panel)
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            say(
                "year {signed_year} {estimate_sd}",
                signed_year=_signed_year(row.event_time),
                estimate_sd=signed(row.estimate_sd),
            )
            for row in of_panel
        )
        for name, of_panel in panels.items()
    )
    height = _reach_of(rows)
    return draw_both(
        lambda is_narrow: _grid(
            [_event_panel(of_panel, name, height) for name, of_panel in panels.items()], is_narrow
        ),
        picture_id,
        say("Difference in growth by years since the start. {said}.", said=said),
    )


def _signed_year(year: int) -> str:
    return signed(float(year), 0)


def _reach_of(rows: Sequence[PeriodRow] | Sequence[DosePoint]) -> float:
    """Half the height of the axis: all estimates and, unless one is very wide, their intervals."""
    ends = sorted(max(abs(row.ci_low), abs(row.ci_high)) for row in rows)
    largest = max(abs(row.estimate_sd) for row in rows)
    return max(0.1, 1.15 * largest, min(1.05 * ends[-1], 2.0 * ends[(3 * (len(ends) - 1)) // 4]))


def _event_panel(rows: Sequence[PeriodRow], name: str, reach: float) -> Panel:
    import altair as alt

    values = [
        {
            "year": row.event_time,
            "estimate": row.estimate_sd,
            "low": max(-reach, row.ci_low),
            "high": min(reach, row.ci_high),
            "fill": style.ACCENT if row.event_time >= 0 else style.PAPER,
        }
        for row in rows
    ]
    base = chart_of(values)
    years = [row.event_time for row in rows]
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[min(years) - 0.5, max(years) + 0.5], nice=False),
        axis=alt.Axis(
            values=sorted(set(years)),
            title=say("school years since the start"),
            grid=False,
            labelExpr="datum.value == 0 ? '0' : replace(format(datum.value, '+d'), '-', '−')",
        ),
    )
    y = _sd_axis(reach)
    span = base.mark_rule(color=style.ACCENT, strokeWidth=2).encode(x=x, y=y("low:Q"), y2=alt.Y2("high:Q"))
    point = base.mark_point(shape="circle", size=64, stroke=style.ACCENT, strokeWidth=2, opacity=1).encode(
        x=x, y=y("estimate:Q"), fill=alt.Fill("fill:N", scale=None)
    )
    start = chart_of([{"year": -0.5}]).mark_rule(color=style.MUTED, strokeDash=[4, 3]).encode(x=x)
    return _panel([_zero(y), start, span, point], name)


def dose_picture(
    rows: Sequence[DosePoint], picture_id: str, panel: Callable[[Drawn], str] = of_type
) -> Drawing:
    """Draw growth by hours with its band, by panel; the 14-hour mark where hours reach it."""
    if not rows:
        return NO_DRAWING
    panels = _by_panel(rows, rows, panel)
    said = "; ".join(
        say(
            "{name}: {estimate_sd} SD at {hours} hours",
            name=name,
            estimate_sd=signed(of_panel[-1].estimate_sd),
            hours=decimal(of_panel[-1].hours, 0),
        )
        for name, of_panel in panels.items()
    )
    reach = _reach_of(rows)
    return draw_both(
        lambda is_narrow: _grid(
            [_dose_panel(of_panel, name, reach) for name, of_panel in panels.items()], is_narrow
        ),
        picture_id,
        say("Difference in growth by hours of PD. {said}.", said=said),
    )


def _dose_panel(rows: Sequence[DosePoint], name: str, reach: float) -> Panel:
    import altair as alt

    values = [
        {
            "hours": row.hours,
            "estimate": row.estimate_sd,
            "low": max(-reach, row.ci_low),
            "high": min(reach, row.ci_high),
        }
        for row in rows
    ]
    base = chart_of(values)
    most = max(row.hours for row in rows)
    x = alt.X(
        "hours:Q",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(tickCount=5, title=say("hours in the year"), grid=False),
    )
    y = _sd_axis(reach)
    band = base.mark_area(color=style.REACH_STEPS[1]).encode(x=x, y=y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line(color=style.ACCENT, strokeWidth=2.5).encode(x=x, y=y("estimate:Q"))
    layers = [band, _zero(y), line]
    if most > KNOT_HOURS:
        mark = chart_of([{"hours": KNOT_HOURS, "text": f"{KNOT_HOURS} h"}])
        layers.append(mark.mark_rule(color=style.MUTED, strokeDash=[4, 3]).encode(x=x))
        layers.append(
            mark.mark_text(
                align="left", baseline="top", dx=4, fontSize=style.SMALL_FONT_SIZE, color=style.MUTED
            ).encode(x=x, y=alt.YValue(2), text=alt.Text("text:N"))
        )
    return _panel(layers, name)


def love_picture(rows: Sequence[BaselineRow], picture_id: str) -> Drawing:
    """Draw baseline differences before (hollow) and after (filled) weighting; rows are of one estimate."""
    if not rows:
        return NO_DRAWING
    said = listed(
        [
            say(
                "{characteristic} {g_before} before, {g_after} after",
                characteristic=row.characteristic,
                g_before=signed(row.g_before),
                g_after=signed(row.g_after),
            )
            for row in rows
        ]
    )
    return draw_both(
        lambda is_narrow: _love(rows, is_narrow),
        picture_id,
        say("Standardised baseline differences: {said}.", said=said),
    )


def _love(rows: Sequence[BaselineRow], is_narrow: bool) -> Panel:
    import altair as alt

    ordered = sorted(rows, key=lambda row: -abs(row.g_before))
    reach = max(0.3, 1.1 * max(abs(g) for row in rows for g in (row.g_before, row.g_after or 0.0)))
    values = [
        {
            "label": row.characteristic,
            "before": row.g_before,
            "after": row.g_after,
            "figures": f"{signed(row.g_before)} → {signed(row.g_after)}",
        }
        for row in ordered
    ]
    base = chart_of(values)
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    axis = alt.Axis(
        tickCount=5,
        title=say("difference before the PD, in SD"),
        grid=False,
        labelExpr=_TRUE_MINUS,
        titlePadding=10,
    )

    def x(field: str) -> alt.X:
        return alt.X(field, scale=scale, axis=axis)

    y = row_axis(is_narrow)
    bands = [
        chart_of([{"from": -min(edge, reach), "to": min(edge, reach)}])
        .mark_rect(color=colour)
        .encode(x=x("from:Q"), x2=alt.X2("to:Q"))
        for edge, colour in ((ADJUSTABLE, style.BAND_MEDIUM), (BALANCED, style.BAND_SMALL))
    ]
    zero = chart_of([{"zero": 0}]).mark_rule(color=style.INK).encode(x=x("zero:Q"))
    way = base.mark_rule(color=style.NEUTRAL).encode(x=x("before:Q"), x2=alt.X2("after:Q"), y=y)
    points = [
        base.mark_point(
            shape=shape, size=70, stroke=style.ACCENT, fill=fill, strokeWidth=2, opacity=1
        ).encode(x=x(f"{field}:Q"), y=y)
        for field, shape, fill in (("before", "circle", style.PAPER), ("after", "diamond", style.ACCENT))
    ]
    return sized([*bands, zero, way, *points, *row_texts(base, y, is_narrow)], is_narrow, row=26)


def _sd_axis(reach: float) -> Callable[[str], alt.Y]:
    import altair as alt

    axis = alt.Axis(
        tickCount=5,
        title=None,
        grid=True,
        ticks=False,
        labelExpr=_TRUE_MINUS,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    return lambda field: alt.Y(field, scale=scale, axis=axis)


def _zero(y: Callable[[str], alt.Y]) -> alt.Chart:

    return chart_of([{"zero": 0}]).mark_rule(color=style.INK).encode(y=y("zero:Q"))


def _panel(layers: Sequence[Any], title: str) -> Panel:
    return layer(*layers).properties(title=title)


def _grid(panels: Sequence[Panel], is_narrow: bool) -> Panel:
    width, height = (_LARGE_PANEL, _LARGE_HEIGHT) if len(panels) < _COLUMNS else (_PANEL, _PANEL_HEIGHT)
    if is_narrow:
        width, height = _NARROW_PANEL, _PANEL_HEIGHT
    drawn = [panel.properties(width=width, height=height) for panel in panels]
    return concat(*drawn, columns=1 if is_narrow else _COLUMNS, bounds="flush", spacing=_FLUSH_SPACING)
