"""The pictures: comparisons with their intervals, reach by PD type, growth by school."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import (
    TALL_NARROW_ROW,
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
from transforms.reporting.numerals import (
    count,
    decimal,
    percent,
    school_year,
    signed,
)
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import DistrictReachRow, EffectRow, GrowthRow
from transforms.reporting.words import (
    LARGE_FROM,
    SMALL_BELOW,
    Compared,
    Verdict,
    estimate_with_interval,
    verdict,
)

if TYPE_CHECKING:
    import altair as alt

LARGEST_SCHOOLS = 30  # more rows than a page is tall; the table has all
_SHAPES = {Verdict.HIGHER: "triangle-up", Verdict.LOWER: "triangle-down"}
_COLOURS = {Verdict.HIGHER: style.ACCENT, Verdict.LOWER: style.LOWER}


def comparisons_picture(rows: Sequence[EffectRow], picture_id: str) -> Drawing:
    """Draw every estimated comparison with its 95% interval, one panel a subject; empty where none is."""
    estimated = [row for row in rows if not row.is_refused]
    if not estimated:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{pd_type_name} in {subject_in_sentence} {estimate_with_interval}, {value}, {tier_label}",
            pd_type_name=terms.pd_type_name(row.pd_type),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            estimate_with_interval=estimate_with_interval(row),
            value=say(verdict(row).value),
            tier_label=tier_label(row),
        )
        for row in estimated
    )
    return draw_both(
        lambda is_narrow: _comparisons(estimated, is_narrow),
        picture_id,
        say("Estimates with 95% intervals and evidence tiers: {said}.", said=said),
    )


def tier_label(row: EffectRow) -> str:
    """The tier of evidence as it stands beside a number."""
    if row.is_struck_out:
        return say("struck out")
    return say("no tier") if row.essa_tier is None else say("Tier {essa_tier}", essa_tier=row.essa_tier)


def _comparisons(rows: Sequence[EffectRow], is_narrow: bool) -> Panel:

    reach = axis_reach(rows)
    subjects = list(dict.fromkeys(row.academic_subject for row in rows))
    panels = []
    for position, subject in enumerate(subjects):
        of_subject = sorted(
            (row for row in rows if row.academic_subject == subject), key=lambda row: -(row.estimate_sd or 0)
        )
        is_last = position == len(subjects) - 1
        panels.append(
            comparison_panel(
                of_subject, reach, is_narrow, is_last, lambda row: terms.pd_type_name(row.pd_type)
            ).properties(title=terms.subject_name(subject))
        )
    return vconcat(*panels, spacing=14)


def axis_reach(rows: Sequence[Compared]) -> float:
    """Half-width of the axis: all intervals, unless one is so wide that it would flatten the others."""
    ends = sorted(max(abs(row.ci_low or 0), abs(row.ci_high or 0)) for row in rows)
    largest_estimate = max(abs(row.estimate_sd or 0) for row in rows)
    usual = ends[(3 * (len(ends) - 1)) // 4]
    least = 0.1 if rows[0].contrast == "per_10_hours" else 0.25
    return max(least, min(ends[-1] * 1.05, max(1.6 * usual, 1.3 * largest_estimate)))


def _comparison_datum(row: EffectRow, reach: float, label: str) -> dict[str, Any]:
    judged = Verdict.NOT_TOLD_APART if row.is_struck_out else verdict(row)
    low, high = row.ci_low or 0.0, row.ci_high or 0.0
    colour = _COLOURS.get(judged, style.NEUTRAL)
    return {
        "label": label,
        "estimate": max(-reach, min(reach, row.estimate_sd or 0.0)),
        "low": max(low, -reach),
        "high": min(high, reach),
        "figures": f"{estimate_with_interval(row)} · {tier_label(row)}",
        "shape": "cross" if row.is_struck_out else _SHAPES.get(judged, "circle"),
        "colour": colour,
        "fill": colour if judged.is_clear else style.PAPER,
        "beyond_low": "◂" if low < -reach else "",
        "beyond_high": "▸" if high > reach else "",
    }


def comparison_panel(
    rows: Sequence[EffectRow],
    reach: float,
    is_narrow: bool,
    is_last: bool,
    label: Callable[[EffectRow], str],
) -> Panel:
    """Rows of one contrast with their intervals; ``label`` names a row, the last panel has the axis."""
    import altair as alt

    data = [_comparison_datum(row, reach, label(row)) for row in rows]
    base = chart_of(data)
    is_dose = rows[0].contrast == "per_10_hours"
    x, y = growth_axis(reach, is_narrow, is_last, has_grid=is_dose), row_axis(is_narrow)
    colour = alt.Color("colour:N", scale=None)
    span = base.mark_rule(strokeWidth=2.5).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour)
    point = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x=x("estimate:Q"),
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
    )
    beyond = [
        base.mark_text(fontSize=14, dx=shift).encode(
            x=x(f"{end}:Q"), y=y, text=alt.Text(f"beyond_{end}:N"), color=colour
        )
        for end, shift in (("low", -2), ("high", 2))
        if any(datum[f"beyond_{end}"] for datum in data)
    ]
    bands = [] if is_dose else _size_bands(reach, x)
    texts = row_texts(base, y, is_narrow, has_long_figures=True)
    layers = [*bands, zero_line(x), span, point, *beyond, *texts]
    return sized(layers, is_narrow, narrow_row=TALL_NARROW_ROW)


def _size_bands(reach: float, x: Callable[[str], alt.X]) -> list[alt.Chart]:
    """Kraft's (2020) bins as tints: up to .05 small, up to .20 medium."""
    import altair as alt

    bands = [(LARGE_FROM, style.BAND_MEDIUM), (SMALL_BELOW, style.BAND_SMALL)]
    return [
        chart_of([{"from": -min(edge, reach), "to": min(edge, reach)}])
        .mark_rect(color=colour)
        .encode(x=x("from:Q"), x2=alt.X2("to:Q"))
        for edge, colour in bands
    ]


def reach_picture(rows: Sequence[DistrictReachRow], report_year: int, picture_id: str) -> Drawing:
    """Draw the share of teachers whom each PD type reached in the report year and the year before."""
    now = {row.pd_type: row for row in rows if row.school_year == report_year and row.share is not None}
    before = {
        row.pd_type: row for row in rows if row.school_year == report_year - 1 and row.share is not None
    }
    if not now:
        return NO_DRAWING
    ordered = sorted(now.values(), key=lambda row: -(row.share or 0))
    data = [_reach_datum(row, before.get(row.pd_type)) for row in ordered]
    said = "; ".join(f"{datum['label']} {datum['figures']}" for datum in data)
    text = say(
        "Share of teachers reached in {report_year}: {said}.", report_year=school_year(report_year), said=said
    )
    return draw_both(lambda is_narrow: _reach(data, is_narrow), picture_id, text)


def _reach_datum(row: DistrictReachRow, before: DistrictReachRow | None) -> dict[str, Any]:
    hours = (
        ""
        if row.hours_per_participant is None
        else say(
            ", {hours_per_participant} h each", hours_per_participant=decimal(row.hours_per_participant, 0)
        )
    )
    return {
        "label": terms.pd_type_name(row.pd_type),
        "share": row.share,
        "before": before.share if before else None,
        "figures": say(
            "{share} · {n_participants} teachers{hours}",
            share=percent(row.share),
            n_participants=count(row.n_participants),
            hours=hours,
        ),
    }


def _reach(data: Sequence[dict[str, Any]], is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of(list(data))
    largest = max(max(datum["share"], datum["before"] or 0) for datum in data)
    scale = alt.Scale(domain=[0, max(0.1, largest * 1.05)], nice=False)
    axis = alt.Axis(format=".0%", tickCount=5, title=say("share of teachers"), titlePadding=10)
    y = row_axis(is_narrow)
    bar = base.mark_bar(height=12, color=style.ACCENT, cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", scale=scale, axis=axis), y=y
    )
    before = (
        base.transform_filter("datum.before != null")
        .mark_tick(color=style.INK, thickness=2.5, size=22)
        .encode(x=alt.X("before:Q", scale=scale, axis=axis), y=y)
    )
    texts = row_texts(base, y, is_narrow, has_long_figures=True)
    return sized([bar, before, *texts], is_narrow, narrow_row=TALL_NARROW_ROW)


def largest_schools(rows: Sequence[GrowthRow], academic_subject: str) -> list[GrowthRow]:
    """The schools that the picture of a subject shows: those with most students, withheld ones left out."""
    shown = [row for row in rows if row.academic_subject == academic_subject and row.mean_gain_sd is not None]
    return sorted(shown, key=lambda row: (-(row.n_students or 0), row.school))[:LARGEST_SCHOOLS]


def growth_picture(rows: Sequence[GrowthRow], academic_subject: str, picture_id: str) -> Drawing:
    """Draw the mean gain of each school in one subject, the largest schools where there are many."""
    largest = largest_schools(rows, academic_subject)
    if not largest:
        return NO_DRAWING
    data = [
        {
            "label": row.school,
            "gain": row.mean_gain_sd,
            "n": row.n_students or 0,
            "figures": say(
                "{mean_gain_sd} · {n_students} students",
                mean_gain_sd=signed(row.mean_gain_sd),
                n_students=count(row.n_students),
            ),
        }
        for row in sorted(largest, key=lambda row: -(row.mean_gain_sd or 0))
    ]
    first, last = (f"{datum['label']} {datum['figures']}" for datum in (data[0], data[-1]))
    subject = terms.subject_in_sentence(academic_subject)
    text = say(
        "Mean gain by school, {subject}, from the highest, {first}, to the lowest, {last}.",
        subject=subject,
        first=first,
        last=last,
    )
    return draw_both(lambda is_narrow: _growth(data, is_narrow), picture_id, text)


def _growth(data: Sequence[dict[str, Any]], is_narrow: bool) -> Panel:
    import altair as alt

    base = chart_of(list(data))
    reach = max(0.1, max(abs(datum["gain"]) for datum in data) * 1.1)
    x, y = growth_axis(reach, is_narrow), row_axis(is_narrow)
    stem = base.mark_rule(color=style.NEUTRAL, strokeWidth=1.5).encode(x=x("gain:Q"), x2=alt.X2Datum(0), y=y)
    dot = base.mark_point(shape="circle", filled=True, color=style.ACCENT, opacity=1).encode(
        x=x("gain:Q"), y=y, size=alt.Size("n:Q", scale=alt.Scale(range=[40, 200], zero=True))
    )
    return sized([zero_line(x), stem, dot, *row_texts(base, y, is_narrow)], is_narrow, row=18)
