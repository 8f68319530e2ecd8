"""The tables of costs, made in order by ``sql/cost``."""

from __future__ import annotations

import duckdb

from sql import render_sql
from transforms.improvement.ingredients import PERSONNEL, ingredient_class
from transforms.improvement.settings import CostSettings, ImprovementSettings

# Share of a type's hours that has to have costs for its unit costs to stand without a caution.
MINIMUM_COVERED_SHARE = 0.8
# Students of a school whose disadvantage has to be known for it to be in a third of schools.
MINIMUM_STUDENTS = 10
# In order: a later one reads the earlier. A name without a schema is a temporary table, ``cost_`` before it.
_STEPS = (
    ("line", ""),
    ("attendance", ""),
    ("activity", "estimates.cost_activity"),
    ("item", ""),
    ("ingredient", "estimates.cost_ingredient"),
    ("reach", ""),
    ("unit_cost", "estimates.cost"),
    ("opportunity", "estimates.cost_opportunity"),
    ("subject_reach", ""),
    ("equity", "estimates.cost_equity"),
)


def make_cost_tables(
    connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings, no_source: str
) -> None:
    """Fill estimates.cost_activity, cost_ingredient, cost and cost_equity; they have to be there, empty.

    ``no_source`` is why there are no costs at all, else empty. Leaves temporary tables of the steps behind,
    of which cost_subject_reach is read for cost-effectiveness.
    """
    _name_classes(connection, settings.cost)
    _name_prices(connection, settings.cost)
    given = _parameters(settings, no_source)
    for name, table in _STEPS:
        query = render_sql(f"cost/{name}.sql")
        bound = {key: value for key, value in given.items() if f"${key}" in query}
        target = f"insert into {table} by name" if table else f"create or replace temp table cost_{name} as"
        connection.execute(f"{target} {query}", bound)


def price_factors(settings: CostSettings) -> dict[int, float]:
    """What an amount of each school year is multiplied by to be in prices of the price year.

    index of the price year / index of the year; empty without a price year.
    """
    if settings.price_year is None:
        return {}
    base = settings.price_index[settings.price_year]
    return {year: base / level for year, level in settings.price_index.items()}


def _name_classes(connection: duckdb.DuckDBPyConnection, settings: CostSettings) -> None:
    names = connection.execute("select distinct ingredient from core.pd_cost order by 1").fetchall()
    connection.execute(
        "create or replace temp table cost_class"
        " (ingredient text, ingredient_class text, is_personnel boolean)"
    )
    for (name,) in names:
        found = ingredient_class(name, settings.ingredients)
        connection.execute("insert into cost_class values (?, ?, ?)", [name, found, found in PERSONNEL])


def _name_prices(connection: duckdb.DuckDBPyConnection, settings: CostSettings) -> None:
    connection.execute("create or replace temp table cost_price_index (school_year smallint, factor double)")
    for year, factor in price_factors(settings).items():
        connection.execute("insert into cost_price_index values (?, ?)", [year, factor])


def _parameters(settings: ImprovementSettings, no_source: str) -> dict[str, object]:
    cost = settings.cost
    return {
        "report_year": settings.report_year,
        "currency": cost.currency,
        "has_price_year": cost.price_year is not None,
        "price_year": cost.price_year,
        "teacher_hourly_cost": cost.teacher_hourly_cost,
        "substitute_daily_cost": cost.substitute_daily_cost,
        "hours_per_substitute_day": cost.hours_per_substitute_day,
        "substitute_share": cost.substitute_share,
        "minimum_covered_share": MINIMUM_COVERED_SHARE,
        "minimum_cell": MINIMUM_STUDENTS,
        "no_source": no_source,
    }
