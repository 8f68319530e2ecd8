"""The page of costs: what PD cost, what growth costs, to whom the spending went."""

from __future__ import annotations

import duckdb

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.cost_charts import (
    ratio_picture,
    ratio_title,
    spending_picture,
    spending_title,
)
from transforms.reporting.cost_page_tables import (
    assumptions_table,
    equity_tables,
    gaps_table,
    history_table,
    ingredients_table,
    ratios_tables,
    rules_table,
    types_table,
)
from transforms.reporting.cost_rows import CostReport, RatioRow, read_costs
from transforms.reporting.cost_standouts import stands_out
from transforms.reporting.cost_words import answer, money, ratio_name, ratio_reason
from transforms.reporting.indicator_rows import missing_reasons, read_indicators
from transforms.reporting.numerals import counted, decimal, listed, percent, school_year
from transforms.reporting.pd_flow_section import money_section, read_flows
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage

TITLE = noted("What it cost")
_MOST_ROWS = 60
_SOURCES = (
    "Levin, McEwan, Belfield, Bowden and Shand (2018), Economic Evaluation in Education, third edition: the"
    " ingredients method.",
    "Fieller (1954), Journal of the Royal Statistical Society B 16(2): a ratio whose denominator may be 0.",
)


def cost_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values for cost.html."""
    costs = read_costs(connection, build.report_year)
    sections = [
        _spending(costs),
        money_section(
            read_flows(connection, None if costs.is_all_years else build.report_year), costs.currency
        ),
        _growth(costs),
        _equity(costs),
        _time(costs),
        _gaps(costs),
        _assumptions(costs),
    ]
    return SectionPage(
        title=say(TITLE),
        study_name=build.study_name,
        year=say("all years") if costs.is_all_years else school_year(build.report_year),
        sentences=answer(costs),
        stands_out=stands_out(costs),
        sections=tuple(section for section in sections if section) if costs.has_costs else (),
        missing=missing_reasons(read_indicators(connection, "cost")),
        sources=_SOURCES,
    )


def _spending(costs: CostReport) -> Section | None:
    if not costs.types:
        return None
    picture = Picture(
        "cost-per-student",
        spending_title(costs),
        spending_picture(costs, "cost-per-student"),
        say(
            "A student counts once a year for each kind of PD that a teacher of the student took"
            " part in. The parts of a bar are ingredients of the cost; the tables have them in"
            " numbers."
        ),
    )
    return Section(
        id="spending",
        title=say("Where the money went"),
        paragraphs=(
            say(
                "A cost is made of ingredients: people's time, materials, places, travel, fees."
                " Time counts also where nobody pays an extra bill for it, for it could have been"
                " used for something else."
            ),
        ),
        pictures=(picture,),
        tables=(types_table(costs), ingredients_table(costs), history_table(costs)),
        note=say(
            "Costs per participant, hour and student are of activities that have both costs and"
            " attended hours in a year; totals are of all. A cost per hour says what an hour"
            " takes, not what it is worth."
        ),
    )


def _growth(costs: CostReport) -> Section | None:
    if not costs.ratios:
        return None
    picture = Picture(
        "cost-of-growth",
        ratio_title(costs.ratios),
        ratio_picture(costs.ratios, costs.currency, "cost-of-growth"),
        say(
            "Further right: more growth for the same money. The line is the 90% interval from"
            " what is uncertain in growth and in cost; where it crosses 0, the cost of 0.01 SD"
            " has no upper end, and the figure is the least that it may cost. ▲ clearly higher"
            " growth, ▼ clearly lower, ○ not told apart from no difference by the report's own"
            " rule (95% interval, all comparisons counted)."
        ),
    )
    return Section(
        id="growth",
        title=say("What growth costs"),
        paragraphs=(
            say(
                "A standard deviation (SD) is the usual distance of students' scores from their"
                " mean; 0.01 SD is a small step that most comparisons can be counted in. Its cost"
                " is the cost per student over the growth of a student whose teacher took part,"
                " in hundredths. {design}",
                design=_design(costs.ratios),
            ),
            say(
                "An activity for all subjects is charged in full to each subject, and a student"
                " who was taught a subject by two teachers counts for each by the share of it."
                " Where growth may be 0, no amount can be said to buy it: the table then gives"
                " the least that 0.01 SD may cost, and no upper end."
            ),
        ),
        points=_refusals(costs.ratios),
        pictures=(picture,),
        tables=ratios_tables(costs.ratios, costs.currency),
        note=say(
            "Costs and students are of all years together, as the estimates of growth are. Two"
            " kinds of PD differ in cost only where their intervals do not overlap."
        ),
    )


def _refusals(rows: tuple[RatioRow, ...]) -> tuple[str, ...]:
    """Each reason why a comparison has no number, with the comparisons."""
    without: dict[str, list[str]] = {}
    for row in rows:
        if row.is_suppressed or not row.has_ratio:
            without.setdefault(ratio_reason(row), []).append(ratio_name(row))
    return tuple(
        say("No number for {names}: {reason}.", names=listed(names), reason=reason)
        for reason, names in without.items()
    )


def _design(rows: tuple[RatioRow, ...]) -> str:
    first = next((row for row in rows if row.design), None)
    if first is None or first.design is None:
        return ""
    name = terms.design_name(first.design)
    said = say("Growth is from the comparison that the report leads with, “{name}”", name=name)
    if any(row.contrast == "per_10_hours" and row.has_ratio for row in rows):
        return say(
            "{said}; where it is per 10 hours, it is taken at the mean hours of participants.", said=said
        )
    return say("{said}, of taking part or not, at the hours that participants had.", said=said)


def _equity(costs: CostReport) -> Section | None:
    if not costs.equity:
        return None
    groups, schools = equity_tables(costs.equity, costs.currency)
    placed = sum(row.cost or 0.0 for row in costs.equity if row.grouping == "school")
    return Section(
        id="schools",
        title=say("To which teachers it went"),
        paragraphs=(
            say(
                "The cost of an activity is shared out over those who attended, by their hours."
                " What fell to the teachers of a school is set against all its teachers, with PD"
                " or without."
            ),
        ),
        open_tables=(groups,),
        tables=(schools,),
        note=say(
            "Together {money} in {report_year}; the rest fell to people who teach no students or"
            " belong to no school, or has no attended hours. Thirds are of schools, by their"
            " share of economically disadvantaged students. Everybody was counted, so there are"
            " no intervals.",
            money=money(placed, costs.currency),
            report_year=school_year(costs.report_year),
        ),
    )


def _time(costs: CostReport) -> Section | None:
    found = costs.opportunity
    if found is None:
        return None
    points = [
        say(
            "{listed_hours} of the {hours} hours have participants' time among the listed costs."
            " Nothing is added for them.",
            listed_hours=percent(found.listed_hours / found.hours),
            hours=decimal(found.hours, 0),
        ),
    ]
    if found.substitute_cost:
        points.append(
            say(
                "{substitute_hours} hours on school days were priced as substitutes: {money}.",
                substitute_hours=decimal(found.substitute_hours, 0),
                money=money(found.substitute_cost, costs.currency),
            )
        )
    if found.time_cost:
        points.append(
            say(
                "{time_hours} hours were priced as participants' time: {money}.",
                time_hours=decimal(found.time_hours, 0),
                money=money(found.time_cost, costs.currency),
            )
        )
    if found.not_added_cost:
        points.append(
            say(
                "Had substitutes stood in for the {school_day_hours} hours of teachers on school"
                " days, as assumed below, those whose time is listed already would have taken"
                " {money}. It is in no total: an hour is priced once.",
                school_day_hours=decimal(found.school_day_hours, 0),
                money=money(found.not_added_cost, costs.currency),
            )
        )
    note = say("Limits: {note}.", note=found.note) if found.note and "not available" in found.note else ""
    return Section(
        id="time",
        title=say("Time that nobody bills"),
        paragraphs=(
            say("What the lists of costs leave out, and what was added for it at the study's own rates."),
        ),
        points=tuple(points),
        note=note,
    )


def _gaps(costs: CostReport) -> Section | None:
    if not costs.gaps:
        return None
    shown = costs.gaps[:_MOST_ROWS]
    more = "" if len(shown) == len(costs.gaps) else say(" The first {n_shown} are shown.", n_shown=len(shown))
    return Section(
        id="gaps",
        title=say("Activities left out of unit costs"),
        paragraphs=(
            say(
                "{n_activities} had costs or hours in a year, but not both.{more}",
                n_activities=counted(len(costs.gaps), "activity", "activities"),
                more=more,
            ),
        ),
        tables=(gaps_table(shown, costs.currency),),
    )


def _assumptions(costs: CostReport) -> Section:
    return Section(
        id="assumptions",
        title=say("Assumptions"),
        paragraphs=(
            say(
                "What the numbers of this page rest on beside the data. Those from study.toml are"
                " the study's own."
            ),
        ),
        open_tables=(assumptions_table(costs.assumptions),),
        tables=(rules_table(),),
    )
