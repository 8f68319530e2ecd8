"""Costs as frozen values, read from the tables that may be shown."""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from transforms.reporting.fill import filled
from transforms.reporting.words import Verdict, verdict

ALL_TYPES = "all"


@dataclass(frozen=True)
class CostRow:
    """One row of report.cost; amounts in currency units, None where hidden or unknown."""

    period: str
    school_year: int | None
    pd_type: str
    n_activities: int
    n_participants: int | None
    hours: float | None
    n_students: int | None
    priced_cost: float | None
    total_cost: float | None
    covered_share: float | None
    cost_per_participant: float | None
    cost_per_hour: float | None
    cost_per_student: float | None
    cost_per_student_equivalent: float | None
    personnel_share: float | None
    is_covered: bool | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class IngredientRow:
    """One row of report.cost_ingredient."""

    period: str
    pd_type: str
    ingredient: str
    origin: str
    ingredient_class: str
    amount: float | None
    share: float | None


@dataclass(frozen=True)
class _JudgedEffect:
    """The effect of a ratio, as a verdict wants it."""

    estimate_sd: float | None
    ci_low: float | None
    ci_high: float | None
    df: float | None
    p_value_bh: float | None
    is_refused: bool


@dataclass(frozen=True)
class RatioRow:
    """One row of report.cost_effectiveness; ``ci_low`` and ``ci_high`` are of cost_per_001_sd, 90 %."""

    pd_type: str
    academic_subject: str
    design: str | None
    contrast: str | None
    mean_dose_hours: float | None
    effect_sd: float | None
    df: float | None
    effect_ci_low: float | None
    effect_ci_high: float | None
    p_value_bh: float | None
    probability_positive: float | None
    cost_per_student: float | None
    cost_per_001_sd: float | None
    ci_low: float | None
    ci_high: float | None
    sd_per_1000: float | None
    sd_per_1000_ci_low: float | None
    sd_per_1000_ci_high: float | None
    note: str | None
    is_suppressed: bool

    @property
    def has_ratio(self) -> bool:
        """Whether growth and cost could be compared."""
        return self.sd_per_1000 is not None

    @property
    def verdict(self) -> Verdict:
        """How sure the growth is, by the same rule as on every page."""
        if not self.has_ratio:
            return Verdict.REFUSED
        judged = _JudgedEffect(
            self.effect_sd, self.effect_ci_low, self.effect_ci_high, self.df, self.p_value_bh, False
        )
        return verdict(judged)

    @property
    def is_clear_and_priced(self) -> bool:
        """Whether growth is clearly higher, so that its cost can be given."""
        return self.verdict is Verdict.HIGHER and self.ci_high is not None


@dataclass(frozen=True)
class OpportunityRow:
    """One row of report.cost_opportunity, of every type together."""

    period: str
    hours: float
    listed_hours: float
    school_day_hours: float
    substitute_hours: float
    substitute_cost: float | None
    time_hours: float
    time_cost: float | None
    priced_cost: float
    not_added_cost: float | None
    note: str | None


@dataclass(frozen=True)
class EquityRow:
    """One row of report.cost_equity."""

    grouping: str
    group_name: str
    label: str
    n_schools: int
    n_teachers: int | None
    cost: float | None
    cost_per_teacher: float | None
    disadvantaged_share: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class GapRow:
    """One row of report.cost_gap."""

    pd_activity_id: str
    school_year: int
    title: str
    pd_type: str
    status: str
    hours: float | None
    source_cost: float | None
    note: str | None


@dataclass(frozen=True)
class AssumptionRow:
    """One row of report.cost_assumption."""

    assumption: str
    value: str
    origin: str
    meaning: str


@dataclass(frozen=True)
class CostReport:
    """What the page shows. ``year`` is the row of every type in the report year, ``types`` those of each.

    Where the report year has no costs, both are of all years together and ``is_all_years`` is set.
    """

    report_year: int
    currency: str
    is_all_years: bool
    year: CostRow | None
    types: tuple[CostRow, ...]
    history: tuple[CostRow, ...]
    all_years: tuple[CostRow, ...]
    ingredients: tuple[IngredientRow, ...]
    ratios: tuple[RatioRow, ...]
    opportunity: OpportunityRow | None
    equity: tuple[EquityRow, ...]
    gaps: tuple[GapRow, ...]
    assumptions: tuple[AssumptionRow, ...]

    @property
    def period(self) -> str:
        """Period of ``year``, ``types`` and ``ingredients``."""
        return "all_years" if self.is_all_years else "report_year"

    @property
    def has_costs(self) -> bool:
        """Whether anything cost anything."""
        return any(row.total_cost is not None for row in self.all_years)


def read_costs(connection: duckdb.DuckDBPyConnection, report_year: int) -> CostReport:
    """Read all that the page of costs shows."""
    costs = filled(connection, CostRow, _query(CostRow, "cost", "pd_type, period, school_year"))
    is_all_years = not any(row.period == "report_year" and row.total_cost is not None for row in costs)
    period = "all_years" if is_all_years else "report_year"
    shown = [row for row in costs if row.period == period]
    ingredients = filled(connection, IngredientRow, _query(IngredientRow, "cost_ingredient", "all"))
    return CostReport(
        report_year=report_year,
        currency=currency_of(connection),
        is_all_years=is_all_years,
        year=next((row for row in shown if row.pd_type == ALL_TYPES), None),
        types=tuple(row for row in shown if row.pd_type != ALL_TYPES),
        history=tuple(row for row in costs if row.pd_type == ALL_TYPES and row.school_year is not None),
        all_years=tuple(row for row in costs if row.period == "all_years"),
        ingredients=tuple(row for row in ingredients if row.period == period),
        ratios=filled(
            connection, RatioRow, _query(RatioRow, "cost_effectiveness", "academic_subject, pd_type")
        ),
        opportunity=_opportunity(connection, period),
        equity=_equity(connection, report_year),
        gaps=filled(connection, GapRow, _query(GapRow, "cost_gap", "school_year, title, pd_activity_id")),
        assumptions=filled(connection, AssumptionRow, _query(AssumptionRow, "cost_assumption", "rowid")),
    )


def _query(row_type: type, table: str, order: str, where: str = "true") -> str:
    names = ", ".join(field.name for field in fields(row_type))
    return f"select {names} from report.{table} where {where} order by {order}"  # noqa: S608 - our own names


def currency_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The study's currency; empty where nothing has a cost."""
    found = connection.execute(
        "select max(currency) from (from report.cost select currency union all"
        " from report.cost_effectiveness select currency)"
    ).fetchall()
    return str(found[0][0] or "")


def _opportunity(connection: duckdb.DuckDBPyConnection, period: str) -> OpportunityRow | None:
    query = _query(OpportunityRow, "cost_opportunity", "all", "pd_type = 'all' and period = $period")
    return next(iter(filled(connection, OpportunityRow, query, {"period": period})), None)


def _equity(connection: duckdb.DuckDBPyConnection, report_year: int) -> tuple[EquityRow, ...]:
    query = _query(EquityRow, "cost_equity", "grouping, label, group_name", "school_year = $year")
    return filled(connection, EquityRow, query, {"year": report_year})
