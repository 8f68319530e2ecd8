"""The pictures of years: answers of teachers and principals, and the spread of kinds of PD over schools."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, concat, draw_both, layer
from transforms.reporting.learning_charts import ROLE_SHAPES, role_colour
from transforms.reporting.learning_rows import DRIVERS, AdoptionRow, ScoreRow, driver_name
from transforms.reporting.numerals import decimal, listed, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing

if TYPE_CHECKING:
    import altair as alt

_DASHES = {"teacher": [1, 0], "principal": [5, 3]}
_YEAR_LABEL = "(datum.value - 1) % 100 + '–' + (datum.value % 100 < 10 ? '0' : '') + datum.value % 100"
_WIDE, _NARROW, _ALONE = 300, 270, 440


def years_picture(rows: Sequence[ScoreRow], picture_id: str) -> Drawing:
    """Draw the mean answers of teachers and of principals by year, a panel a driver; two years or more."""
    panels = [found for driver in DRIVERS if (found := [row for row in rows if row.driver == driver])]
    if len({row.school_year for row in rows}) < 2:
        return NO_DRAWING
    text = say("Mean answers by year. {listed}.", listed=". ".join(_said(found) for found in panels))
    return draw_both(lambda is_narrow: _years(panels, is_narrow), picture_id, text)


def _said(rows: Sequence[ScoreRow]) -> str:
    parts = []
    for role, name in (("teacher", say("teachers")), ("principal", say("principals"))):
        found = sorted((row for row in rows if row.role == role), key=lambda row: row.school_year)
        if found:
            first, last = found[0], found[-1]
            parts.append(
                say(
                    "{name} {mean_score} in {school_year} and {mean_score_2} in {school_year_2}",
                    name=name,
                    mean_score=decimal(first.mean_score),
                    school_year=school_year(first.school_year),
                    mean_score_2=decimal(last.mean_score),
                    school_year_2=school_year(last.school_year),
                )
            )
    return f"{driver_name(rows[0].driver)}: {listed(parts)}"


def _years(panels: Sequence[Sequence[ScoreRow]], is_narrow: bool) -> Panel:

    ends = [
        end for rows in panels for row in rows for end in (row.mean_score, row.ci_low, row.ci_high) if end
    ]
    years = sorted({row.school_year for rows in panels for row in rows})
    low, high = max(1.0, min(ends) - 0.1), min(5.0, max(ends) + 0.1)
    drawn = [_years_panel(rows, years, (low, high), is_narrow) for rows in panels]
    return concat(*drawn, columns=1 if is_narrow else 2, spacing=28)


def _years_panel(
    rows: Sequence[ScoreRow], years: Sequence[int], span: tuple[float, float], is_narrow: bool
) -> Panel:
    import altair as alt

    step = -(-len(years) // 8)
    x = _year_axis(years, years[::-1][::step])
    axis = alt.Axis(
        tickCount=4, title=None, grid=True, labelColor=style.MUTED, labelFontSize=style.SMALL_FONT_SIZE
    )
    scale = alt.Scale(domain=list(span), nice=False)
    layers: list[alt.Chart] = []
    for role in ("principal", "teacher"):
        data = [
            {"year": row.school_year, "mean": row.mean_score, "low": row.ci_low, "high": row.ci_high}
            for row in rows
            if row.role == role
        ]
        base = chart_of(data)
        y, colour = alt.Y("mean:Q", scale=scale, axis=axis), role_colour(role)
        known = base.transform_filter("datum.low != null")
        layers += [
            known.mark_rule(color=colour, strokeWidth=1.25, clip=True).encode(
                x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2=alt.Y2("high:Q")
            ),
            base.mark_line(color=colour, strokeWidth=2, strokeDash=_DASHES[role]).encode(x=x, y=y),
            base.mark_point(color=colour, shape=ROLE_SHAPES[role], size=44, filled=True, opacity=1).encode(
                x=x, y=y
            ),
        ]
    width = _NARROW if is_narrow else _WIDE
    return layer(*layers).properties(width=width, height=150, title=driver_name(rows[0].driver))


def _year_axis(years: Sequence[int], labelled: Sequence[int]) -> alt.X:
    import altair as alt

    axis = alt.Axis(values=list(labelled), title=None, labelExpr=_YEAR_LABEL, grid=False)
    margin = 0.3
    domain = [years[0] - margin, years[-1] + margin]
    return alt.X("year:Q", scale=alt.Scale(domain=domain, nice=False), axis=axis)


def adoption_picture(rows: Sequence[AdoptionRow], picture_id: str) -> Drawing:
    """Draw the share of schools that took each PD type up, and that live it in the year; a panel a type."""
    if len({row.school_year for row in rows}) < 2:
        return NO_DRAWING
    types: dict[str, list[AdoptionRow]] = {}
    for row in rows:
        types.setdefault(row.pd_type, []).append(row)
    panels = sorted(types.values(), key=lambda found: (-found[-1].share, found[0].pd_type))
    said = "; ".join(
        say(
            "{pd_type_name} {share} by {school_year} and {share_2} by {school_year_2}",
            pd_type_name=terms.pd_type_name(found[0].pd_type),
            share=percent(found[0].share),
            school_year=school_year(found[0].school_year),
            share_2=percent(found[-1].share),
            school_year_2=school_year(found[-1].school_year),
        )
        for found in panels
    )
    text = say("Share of schools that took up each kind of PD: {said}.", said=said)
    return draw_both(lambda is_narrow: _adoptions(panels, is_narrow), picture_id, text)


def _adoptions(panels: Sequence[Sequence[AdoptionRow]], is_narrow: bool) -> Panel:

    drawn = [_adoption_panel(rows, is_narrow, is_alone=len(panels) == 1) for rows in panels]
    return concat(
        *drawn,
        columns=2 if is_narrow else 3,
        bounds="flush",
        spacing={"row": 96 if is_narrow else 82, "column": 52},
    )


def _adoption_panel(rows: Sequence[AdoptionRow], is_narrow: bool, *, is_alone: bool) -> Panel:
    import altair as alt

    values: list[dict[str, Any]] = [
        {"year": row.school_year, "share": row.share, "living": row.n_practising / row.n_schools}
        for row in rows
    ]
    base = chart_of(values)
    years = [row.school_year for row in rows]
    x = _year_axis(years, years if is_alone else [years[0], years[-1]])
    axis = alt.Axis(
        values=[0, 0.5, 1],
        format=".0%",
        title=None,
        grid=False,
        labelColor=style.MUTED,
        labelFontSize=style.SMALL_FONT_SIZE,
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    half = (
        chart_of([{"half": 0.5}])
        .mark_rule(color=style.NEUTRAL, strokeDash=[2, 3])
        .encode(y=alt.Y("half:Q", scale=scale, axis=axis))
    )
    adopted = base.mark_line(
        color=style.ACCENT, strokeWidth=2.5, point={"color": style.ACCENT, "size": 26}
    ).encode(x=x, y=alt.Y("share:Q", scale=scale, axis=axis))
    living = base.mark_line(color=style.LOWER, strokeWidth=1.5, strokeDash=[5, 3]).encode(
        x=x, y=alt.Y("living:Q", scale=scale, axis=axis)
    )
    drawn = layer(half, living, adopted)
    if is_alone:
        return drawn.properties(width=_NARROW if is_narrow else _ALONE, height=130)
    title = alt.Title(
        wrap(terms.pd_type_name(rows[0].pd_type), 18 if is_narrow else 40),
        subtitle=say(
            "{n_adopted} of {n_schools} schools", n_adopted=rows[-1].n_adopted, n_schools=rows[-1].n_schools
        ),
        fontSize=style.SMALL_FONT_SIZE,
        subtitleFontSize=style.SMALL_FONT_SIZE,
        subtitleColor=style.MUTED,
        limit=140 if is_narrow else 240,
    )
    width, height = (104, 84) if is_narrow else (204, 100)
    return drawn.properties(width=width, height=height, title=title)
