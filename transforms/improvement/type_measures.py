"""Everything that rules may ask about each PD type, from estimates, frames and cost."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import duckdb

from sql import render_sql
from transforms.improvement.default_rules import Thresholds
from transforms.improvement.indicators import missing_sources
from transforms.improvement.measures import Value, Values
from transforms.improvement.settings import MINIMUM_STAFF
from transforms.improvement.type_access import SchoolAccess, less_reached
from transforms.improvement.type_evidence import TypeEvidence, evidence_values, read_evidence

_MINIMUM_PRICES = 3
_TOO_FEW = Value(note=f"fewer than {MINIMUM_STAFF} people took part in the report year")


@dataclass(frozen=True)
class TypeYear:
    """Hours and reach of a PD type in a school year."""

    pd_type: str
    school_year: int
    hours: float
    n_staff: int
    n_teachers_reached: int
    n_teachers: int

    @property
    def is_small(self) -> bool:
        """Whether so few people attended that nothing of them may be shown."""
        return 0 < self.n_staff < MINIMUM_STAFF

    @property
    def reach_share(self) -> float | None:
        """Share of the year's teachers with hours in it."""
        return self.n_teachers_reached / self.n_teachers if self.n_teachers else None


@dataclass(frozen=True)
class TypeFacts:
    """One PD type: its evidence, its years, its measures, and which group its equity ratio is of."""

    pd_type: str
    evidence: TypeEvidence
    years: Mapping[int, TypeYear]
    values: Values
    less_reached_group: str = ""
    total_cost: float | None = None


@dataclass(frozen=True)
class Price:
    """What .01 SD of one student is worth in the study's currency, and where that comes from."""

    value_per_001_sd: float | None
    origin: str


def read_types(
    connection: duckdb.DuckDBPyConnection, report_year: int, limits: Thresholds
) -> tuple[tuple[TypeFacts, ...], Price]:
    """Facts on every PD type that was attended, estimated or decided on, by name."""
    years = _years(connection)
    evidence = read_evidence(connection, sorted(years))
    access, costs = _access(connection, report_year), _costs(connection)
    reactions = _reactions(connection, report_year)
    facts = []
    for pd_type, of_type in sorted(years.items()):
        this_year = of_type.get(report_year)
        is_small = this_year is not None and this_year.is_small
        group, ratio = less_reached(access.get(pd_type, ()))
        values = {
            **evidence_values(evidence[pd_type], limits.effect_sd),
            "reach_share": _reach(this_year),
            **reactions(pd_type),
            "equity_ratio": ratio,
            "equity_ratio_high": replace(ratio, value=ratio.ci_high, ci_low=None, ci_high=None),
            "cost_per_student": _TOO_FEW if is_small else costs(pd_type),
        }
        values["cost_per_001_sd"] = _price_of(values)
        total = None if is_small else costs.total.get(pd_type)
        facts.append(TypeFacts(pd_type, evidence[pd_type], of_type, values, group, total))
    price = _price(facts, limits)
    return tuple(replace(one, values=_with_value(one.values, price)) for one in facts), price


def _years(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[int, TypeYear]]:
    """School years of each type; none where no year is known of."""
    found: dict[str, dict[int, TypeYear]] = defaultdict(dict)
    for row in connection.execute(render_sql("improvement/pd_type_year.sql")).fetchall():
        of_type = found[row[0]]
        if row[1] is not None:
            of_type[row[1]] = TypeYear(*row)
    return found


def _reach(year: TypeYear | None) -> Value:
    if year is None or year.reach_share is None:
        return Value(note="no teachers are known in the report year")
    if 0 < year.n_teachers_reached < MINIMUM_STAFF:
        return Value(note=f"fewer than {MINIMUM_STAFF} teachers were reached")
    return Value(year.reach_share)


def _access(connection: duckdb.DuckDBPyConnection, report_year: int) -> dict[str, list[SchoolAccess]]:
    found: dict[str, list[SchoolAccess]] = defaultdict(list)
    query = render_sql("improvement/pd_type_access.sql")
    for row in connection.execute(query, {"report_year": report_year}).fetchall():
        found[row[0]].append(SchoolAccess(*row))
    return found


class _Reactions:
    """Mean reaction to a PD type with its t interval, responses taken as independent."""

    def __init__(self, rows: Sequence[tuple[str, int, float, float | None]], missing: str) -> None:
        self._rows = {row[0]: row[1:] for row in rows}
        self._missing = missing

    def __call__(self, pd_type: str) -> Values:
        n, mean, spread = self._rows.get(pd_type, (0, 0.0, None))
        if n < MINIMUM_STAFF or spread is None:
            note = self._missing or f"fewer than {MINIMUM_STAFF} answers about it in the report year"
            return dict.fromkeys(("reaction_share", "reaction_low", "reaction_high"), Value(note=note))
        from scipy.special import stdtrit

        half = float(stdtrit(n - 1, 0.975)) * spread / math.sqrt(n)
        return {
            "reaction_share": Value(mean),
            "reaction_low": Value(max(0.0, mean - half)),
            "reaction_high": Value(min(1.0, mean + half)),
        }


def _reactions(connection: duckdb.DuckDBPyConnection, report_year: int) -> _Reactions:
    query = render_sql("improvement/pd_type_reaction.sql")
    rows = connection.execute(query, {"report_year": report_year}).fetchall()
    return _Reactions(rows, missing_sources(connection, ("survey", "survey_item", "survey_answer")))


class _Costs:
    """Cost per student of a PD type in the report year, where the part of cost has computed one."""

    def __init__(self, rows: Sequence[tuple[str, Any, Any, str | None]], missing: str) -> None:
        self._rows = {pd_type: (cost, note) for pd_type, cost, _, note in rows}
        self.total = {pd_type: total for pd_type, _, total, _ in rows}
        self._missing = missing

    def __call__(self, pd_type: str) -> Value:
        cost, note = self._rows.get(pd_type, (None, None))
        if cost is None:
            return Value(note=note or self._missing or "no cost of it in the report year")
        return Value(cost)


def _costs(connection: duckdb.DuckDBPyConnection) -> _Costs:
    missing = missing_sources(connection, ("pd_cost",))
    rows = connection.execute(render_sql("improvement/pd_type_cost.sql")).fetchall()
    return _Costs(rows, missing)


def _price_of(values: Values) -> Value:
    cost, effect = values["cost_per_student"], values["expected_effect_sd"].value
    if cost.value is None:
        return Value(note=cost.note)
    if effect is None or effect <= 0.0:
        return Value(note=values["expected_effect_sd"].note or "the estimate is not above 0")
    return Value(cost.value / (100.0 * effect))


def _price(facts: Sequence[TypeFacts], limits: Thresholds) -> Price:
    """What the study says, else the median of what its own types paid for .01 SD."""
    if limits.value_per_001_sd is not None:
        return Price(limits.value_per_001_sd, "set in study.toml")
    known = [price for one in facts if (price := one.values["cost_per_001_sd"].value)]
    if len(known) < _MINIMUM_PRICES:
        return Price(
            None, f"not known: fewer than {_MINIMUM_PRICES} types with a cost and an estimate above 0"
        )
    return Price(median(known), f"the median of what {len(known)} types of this study cost per .01 SD")


def _with_value(values: Values, price: Price) -> Values:
    cost, effect = values["cost_per_student"], values["expected_effect_sd"]
    if cost.value is None or effect.value is None or price.value_per_001_sd is None:
        ratio = Value(note=cost.note or effect.note or price.origin)
    elif cost.value <= 0.0:
        ratio = Value(note="it cost nothing")
    else:
        ratio = Value(100.0 * effect.value * price.value_per_001_sd / cost.value)
    return {**values, "value_ratio": ratio}
