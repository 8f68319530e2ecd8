"""The picture of reach over the years: a line for each kind of PD."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import Panel, chart_of, concat, draw_both, layer
from transforms.reporting.numerals import listed, percent, school_year
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import DistrictReachRow

_PANEL, _NARROW_PANEL, _HEIGHT = 236, 270, 96
_SMALLEST_CHANGE = 0.01


def by_type(rows: Sequence[DistrictReachRow]) -> dict[str, list[DistrictReachRow]]:
    """The shown years of each kind of PD that has two or more, the largest reach of the last year first."""
    shown: dict[str, list[DistrictReachRow]] = {}
    for row in sorted(rows, key=lambda row: row.school_year):
        if row.share is not None:
            shown.setdefault(row.pd_type, []).append(row)
    several = [(pd_type, found) for pd_type, found in shown.items() if len(found) > 1]
    return dict(sorted(several, key=lambda item: (-(item[1][-1].share or 0.0), item[0])))


def reach_years_title(rows: Sequence[DistrictReachRow]) -> str:
    """Which kind of PD changed its reach most from the first year that is shown to the last."""
    changes = {
        pd_type: (found[-1].share or 0.0) - (found[0].share or 0.0)
        for pd_type, found in by_type(rows).items()
    }
    if not changes:
        return say("No kind of PD can be followed over two years")
    most = max(changes, key=lambda pd_type: (abs(changes[pd_type]), pd_type))
    if abs(changes[most]) < _SMALLEST_CHANGE:
        return say("No kind of PD reached a share of teachers that changed by one percentage point")
    first, last = by_type(rows)[most][0], by_type(rows)[most][-1]
    return say(
        "{pd_type_name} went from {share} of teachers in {school_year} to {share_2} in {school_year_2}",
        pd_type_name=terms.pd_type_name(most),
        share=percent(first.share),
        school_year=school_year(first.school_year),
        share_2=percent(last.share),
        school_year_2=school_year(last.school_year),
    ) + (say(", the largest change") if len(changes) > 1 else "")


def reach_years_picture(rows: Sequence[DistrictReachRow], picture_id: str) -> Drawing:
    """Draw the share of teachers reached in each year, a panel a kind; empty where none has two years."""
    panels = by_type(rows)
    if not panels:
        return NO_DRAWING
    said = "; ".join(
        f"{terms.pd_type_name(pd_type)} "
        + listed(
            [
                say(
                    "{share} in {school_year}",
                    share=percent(row.share),
                    school_year=school_year(row.school_year),
                )
                for row in found
            ]
        )
        for pd_type, found in panels.items()
    )
    return draw_both(
        lambda is_narrow: _panels(panels, is_narrow),
        picture_id,
        say("Share of teachers by year: {said}.", said=said),
    )


def _panels(panels: dict[str, list[DistrictReachRow]], is_narrow: bool) -> Panel:
    shown = [row for found in panels.values() for row in found]
    years = sorted({row.school_year for row in shown})
    top = max(0.1, 1.25 * max(row.share or 0.0 for row in shown))
    drawn = [_panel(found, years, top, is_narrow) for found in panels.values()]
    return concat(*drawn, columns=1 if is_narrow else 3, spacing=24)


def _panel(rows: Sequence[DistrictReachRow], years: Sequence[int], top: float, is_narrow: bool) -> Panel:
    import altair as alt

    names = [school_year(year) for year in years]
    ends = (rows[0], rows[-1])
    base = chart_of(
        [
            {
                "year": school_year(row.school_year),
                "share": row.share,
                "said": percent(row.share) if row in ends else "",
            }
            for row in rows
        ]
    )
    labelled = [names[0], names[-1]]
    x = alt.X(
        "year:N",
        scale=alt.Scale(domain=names),
        axis=alt.Axis(title=None, values=labelled, labelAngle=0, grid=False),
    )
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(
            title=None,
            format=".0%",
            tickCount=3,
            grid=True,
            labelColor=style.MUTED,
            labelFontSize=style.SMALL_FONT_SIZE,
        ),
    )
    line = base.mark_line(color=style.ACCENT, strokeWidth=2.5).encode(x=x, y=y)
    point = base.mark_point(shape="circle", size=36, filled=True, color=style.ACCENT, opacity=1).encode(
        x=x, y=y
    )
    said = base.mark_text(dy=-12, fontSize=style.SMALL_FONT_SIZE).encode(x=x, y=y, text=alt.Text("said:N"))
    return layer(line, point, said).properties(
        width=_NARROW_PANEL if is_narrow else _PANEL,
        height=_HEIGHT,
        title=terms.pd_type_name(rows[0].pd_type),
    )
