"""The tables of the page of costs as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.improvement.ingredients import RULES, UNCLASSIFIED
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.cost_rows import (
    ALL_TYPES,
    AssumptionRow,
    CostReport,
    CostRow,
    EquityRow,
    GapRow,
    IngredientRow,
    RatioRow,
)
from transforms.reporting.cost_words import cost_of_growth, money
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    decimal,
    interval,
    interval_decimals,
    percent,
    school_year,
    signed,
)
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.words import Verdict

CLASS_NAMES = {
    "teacher_time": noted("time of participants"),
    "facilitator": noted("time of facilitators"),
    "substitutes": noted("substitutes"),
    "other_personnel": noted("time of others"),
    "materials": noted("materials"),
    "facilities": noted("places"),
    "travel": noted("travel"),
    "fees": noted("fees"),
    "other": noted("other"),
    UNCLASSIFIED: noted("not classified"),
}
_READS_AS = {
    Verdict.HIGHER: noted("higher growth"),
    Verdict.LOWER: noted("lower growth"),
    Verdict.NOT_TOLD_APART: noted("not told apart"),
    Verdict.NOT_AMONG_ALL: noted("not clear among all"),
    Verdict.TOO_FEW_SCHOOLS: noted("too few schools"),
}
_STATUS = {
    "hours_without_cost": noted("attended, no costs"),
    "cost_without_hours": noted("costs, nobody attended"),
    "no_price_index": noted("no price level for the year"),
}
_FIGURES = noted(
    "Total #|People #|Hours #|Per person #|Per hour #|Students #|Per student #|Hours with costs #"
)
_THIRDS = {
    "lowest": noted("Third with the smallest share"),
    "middle": noted("Middle third"),
    "highest": noted("Third with the largest share"),
}


def types_table(costs: CostReport) -> DataTable:
    """What each kind of PD cost, per participant, hour and student."""
    ordered = sorted(costs.types, key=lambda row: (-(row.total_cost or 0.0), row.pd_type))
    rows = [*ordered, *([costs.year] if costs.year and len(ordered) > 1 else [])]
    table = make_table(
        say("Costs by kind of PD, {when}", when=_when(costs)),
        f"PD|{_FIGURES}|Remark",
        [_type_cells(row, costs.currency) for row in rows],
    )
    return table if any(row.note for row in rows) else without_last_column(table)


def _when(costs: CostReport) -> str:
    return say("all years") if costs.is_all_years else school_year(costs.report_year)


def _type_cells(row: CostRow, currency: str) -> tuple[str, ...]:
    return (
        say("All kinds") if row.pd_type == ALL_TYPES else terms.pd_type_name(row.pd_type),
        *_figures(row, currency),
        row.note or "",
    )


def _figures(row: CostRow, currency: str) -> tuple[str, ...]:
    return (
        money(row.total_cost, currency),
        count(row.n_participants),
        decimal(row.hours, 0),
        money(row.cost_per_participant, currency),
        money(row.cost_per_hour, currency),
        count(row.n_students),
        money(row.cost_per_student, currency),
        percent(row.covered_share),
    )


def history_table(costs: CostReport) -> DataTable:
    """The same for all kinds together, year by year."""
    return make_table(
        say("Costs of all kinds of PD, year by year"),
        f"Year|{_FIGURES}",
        [
            (school_year(row.school_year or 0), *_figures(row, costs.currency))
            for row in sorted(costs.history, key=lambda row: row.school_year or 0)
        ],
    )


def ingredients_table(costs: CostReport) -> DataTable:
    """What the money was spent on, all kinds of PD together, with the class that a rule put it in."""
    return _ingredients(costs, [row for row in costs.ingredients if row.pd_type == ALL_TYPES])


def own_ingredients_table(costs: CostReport) -> DataTable:
    """The same for the one kind of PD whose rows ``costs`` holds."""
    return _ingredients(costs, costs.ingredients)


def _ingredients(costs: CostReport, rows: Sequence[IngredientRow]) -> DataTable:
    return make_table(
        say("Ingredients of the cost, {when}", when=_when(costs)),
        "Ingredient|Counted as|Cost #|Share #|Where it comes from",
        [_ingredient_cells(row, costs.currency) for row in sorted(rows, key=_by_amount)],
    )


def _by_amount(row: IngredientRow) -> tuple[float, str]:
    return -(row.amount or 0.0), row.ingredient


def _ingredient_cells(row: IngredientRow, currency: str) -> tuple[str, ...]:
    origin = say("listed") if row.origin == "source" else say("priced at the rates below")
    name = say(CLASS_NAMES[row.ingredient_class])
    return row.ingredient, name, money(row.amount, currency), percent(row.share), origin


def ratios_tables(rows: Sequence[RatioRow], currency: str) -> tuple[DataTable, DataTable]:
    """Growth and its cost for each comparison with a number; how sure both are, and the other way round."""
    known = [row for row in rows if row.has_ratio and not row.is_suppressed]
    cautions = [_cautions(row) for row in known]
    costs = make_table(
        say("What 0.01 SD of growth costs per student, with 90% intervals"),
        "PD|Subject|Growth, SD (95% interval) #|Reads as|Cost per student #|Cost of 0.01 SD #|Remark",
        [(*_ratio_cells(row, currency), caution) for row, caution in zip(known, cautions, strict=True)],
    )
    growth = make_table(
        say("Growth in SD for the same money, with 90% intervals"),
        "PD|Subject|Hours of a participant #|Chance that growth is above 0 #|Growth per 1,000 a student #",
        [_growth_cells(row) for row in known],
    )
    return (costs if any(cautions) else without_last_column(costs), growth)


def _ratio_cells(row: RatioRow, currency: str) -> tuple[str, ...]:
    return (
        terms.pd_type_name(row.pd_type),
        terms.subject_name(row.academic_subject),
        _with_interval(row.effect_sd, row.effect_ci_low, row.effect_ci_high),
        say(_READS_AS.get(row.verdict, NO_NUMBER)),
        money(row.cost_per_student, currency),
        cost_of_growth(row, currency),
    )


def _growth_cells(row: RatioRow) -> tuple[str, ...]:
    return (
        terms.pd_type_name(row.pd_type),
        terms.subject_name(row.academic_subject),
        decimal(row.mean_dose_hours, 1),
        percent(_never_certain(row.probability_positive)),
        _with_interval(row.sd_per_1000, row.sd_per_1000_ci_low, row.sd_per_1000_ci_high),
    )


def _never_certain(share: float | None) -> float | None:
    """All or none of the draws is no certainty."""
    return None if share is None else min(max(share, 1e-4), 1 - 1e-4)


def _cautions(row: RatioRow) -> str:
    """Cautions; that there is no upper end stands in the cost itself."""
    cautions = [part for part in (row.note or "").split("; ") if part.startswith("caution: ")]
    return "; ".join(part.removeprefix("caution: ") for part in cautions)


def without_last_column(table: DataTable) -> DataTable:
    """A table whose last column says nothing."""
    return replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return say(NO_NUMBER)
    places = interval_decimals(low, high)
    return f"{signed(value, places)} ({interval(low, high, places)})"


def equity_tables(rows: Sequence[EquityRow], currency: str) -> tuple[DataTable, DataTable]:
    """Spending per teacher by third and level of schools, and by school."""
    thirds = sorted(
        (row for row in rows if row.grouping == "poverty_third"),
        key=lambda row: [*_THIRDS].index(row.group_name),
    )
    groups = [(say(_THIRDS[row.group_name]), row) for row in thirds]
    groups += [
        (say("{group_name} schools", group_name=terms.plain(row.group_name)), row)
        for row in rows
        if row.grouping == "school_level"
    ]
    titles = noted(
        "Schools|Number #|Teachers #|Economically disadvantaged students #|Per teacher #|Together #"
    )
    schools = [(row.label, row) for row in rows if row.grouping == "school"]
    return (
        make_table(
            say("Spending per teacher, by group of schools"),
            titles,
            [_equity_cells(name, row, currency) for name, row in groups],
        ),
        make_table(
            say("Spending per teacher, by school"),
            titles.replace("Schools|Number #", "School"),
            [_without_number(_equity_cells(name, row, currency)) for name, row in schools],
        ),
    )


def _equity_cells(name: str, row: EquityRow, currency: str) -> tuple[str, ...]:
    return (
        name,
        count(row.n_schools),
        count(row.n_teachers),
        percent(row.disadvantaged_share),
        say("too few teachers to show") if row.is_suppressed else money(row.cost_per_teacher, currency),
        money(row.cost, currency),
    )


def _without_number(cells: tuple[str, ...]) -> tuple[str, ...]:
    return cells[0], *cells[2:]


def gaps_table(rows: Sequence[GapRow], currency: str) -> DataTable:
    """Activities that are not in unit costs, by name."""
    return make_table(
        say("Activities that are not in unit costs"),
        "Activity|PD|Year|What is there|Hours #|Cost #|Remark",
        [
            (
                f"{row.title} ({row.pd_activity_id})",
                terms.pd_type_name(row.pd_type),
                school_year(row.school_year),
                say(_STATUS[row.status]),
                decimal(row.hours, 0),
                money(row.source_cost, currency),
                row.note or "",
            )
            for row in rows
        ],
    )


def assumptions_table(rows: Sequence[AssumptionRow]) -> DataTable:
    """Rates and rules as they stand."""
    return make_table(
        say("Assumptions"),
        "Assumption|Value|From|What it is for",
        [(capitalised(row.assumption), row.value, row.origin, capitalised(row.meaning)) for row in rows],
        is_prose=True,
    )


def rules_table() -> DataTable:
    """The words by which ingredients are told apart, in the order in which they are tried."""
    return make_table(
        say("How ingredients are told apart: the first line with a word of the ingredient's name decides"),
        "Order|Counted as|Words (singular or plural, in any letter case; words together must all be there)",
        [
            (str(number), say(CLASS_NAMES[rule.name]), ", ".join(rule.words))
            for number, rule in enumerate(RULES, start=1)
        ],
        is_prose=True,
    )
