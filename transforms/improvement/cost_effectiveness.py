"""Cost-effectiveness: what .01 SD of student growth costs, by PD type and subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import duckdb

from transforms.designs.main_design import main_design
from transforms.improvement.cost_simulation import CostRatio, simulate_cost_ratio
from transforms.improvement.cost_tables import MINIMUM_COVERED_SHARE
from transforms.improvement.settings import ImprovementSettings

# Below it the t quantile swings so much that an interval says little (Tipton 2015).
MINIMUM_DF = 4


@dataclass(frozen=True)
class _Effect:
    """What is read of estimates.effect."""

    effect_id: str
    design: str
    pd_type: str
    academic_subject: str
    subgroup: str
    contrast: str
    estimate_sd: float | None
    std_error: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None
    is_primary: bool
    is_struck_out: bool
    note: str | None

    @property
    def is_refused(self) -> bool:
        """Whether it has no number."""
        return self.estimate_sd is None or self.std_error is None

    def at_dose(self, hours: float | None) -> _Effect:
        """The effect of taking part; one per 10 hours at ``hours``, without a number without them."""
        if self.contrast == "participated":
            return self
        tens = hours / 10.0 if hours else None
        return replace(
            self,
            estimate_sd=_times(self.estimate_sd, tens),
            std_error=_times(self.std_error, tens),
            ci_low=_times(self.ci_low, tens),
            ci_high=_times(self.ci_high, tens),
        )


@dataclass(frozen=True)
class _Reach:
    """What is read of temp.cost_subject_reach."""

    pd_type: str
    academic_subject: str
    covered_cost: float | None
    covered_share: float | None
    n_student_equivalents: float | None
    mean_dose_hours: float | None

    @property
    def cost_per_student(self) -> float | None:
        """Cost per student-equivalent."""
        if self.covered_cost is None or not self.n_student_equivalents:
            return None
        return self.covered_cost / self.n_student_equivalents


def effectiveness_records(
    connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings, no_source: str
) -> list[dict[str, object]]:
    """Rows of estimates.cost_effectiveness: one for each PD type and subject that any design was asked about.

    The effect is that of the leading design of the report: taking part, where the design has it; else its
    estimate per 10 hours at the mean dose of participants. The cost is that of all activities of the type
    that serve the subject, per student-equivalent of the teachers who took part in them. A question without
    a number says why in ``note``. Reads temp.cost_subject_reach, which ``make_cost_tables`` makes.
    """
    effects = [_Effect(*row) for row in connection.execute(_select("estimates.effect", _Effect)).fetchall()]
    whole = [row for row in effects if row.subgroup == "all"]
    design = main_design(whole)
    leading = [row for row in whole if row.design == design]
    reach = connection.execute(_select("temp.cost_subject_reach", _Reach)).fetchall()
    return [
        _record(found, [row for row in leading if _asks(row, found)], settings, no_source)
        for found in (_Reach(*row) for row in reach)
    ]


def _select(table: str, row_type: type) -> str:
    names = ", ".join(field.name for field in fields(row_type))
    return f"select {names} from {table} order by all"  # noqa: S608 - names of our own


def _asks(row: _Effect, reach: _Reach) -> bool:
    return (row.pd_type, row.academic_subject) == (reach.pd_type, reach.academic_subject)


def _record(
    reach: _Reach, effects: Sequence[_Effect], settings: ImprovementSettings, no_source: str
) -> dict[str, object]:
    effect, cost = _of_taking_part(effects), reach.cost_per_student
    at_dose = effect.at_dose(reach.mean_dose_hours) if effect else None
    record: dict[str, object] = {
        "pd_type": reach.pd_type,
        "academic_subject": reach.academic_subject,
        "mean_dose_hours": reach.mean_dose_hours,
        "n_student_equivalents": reach.n_student_equivalents,
        "cost_per_student": cost,
        "currency": settings.cost.currency,
        **_effect_columns(at_dose),
    }
    reason = no_source or _refusal(effect, at_dose, cost)
    if reason or cost is None or at_dose is None or at_dose.estimate_sd is None or at_dose.std_error is None:
        return {**record, "note": reason}
    ratio = simulate_cost_ratio(
        cost,
        settings.cost.uncertainty,
        at_dose.estimate_sd,
        at_dose.std_error,
        at_dose.df,
        seed=settings.seed,
    )
    return {**record, **_ratio_columns(ratio), "note": _limits(ratio, at_dose, reach)}


def _of_taking_part(effects: Sequence[_Effect]) -> _Effect | None:
    """The estimate of taking part, else that per 10 hours, else a refusal of either."""
    for is_refused in (False, True):
        for contrast in ("participated", "per_10_hours"):
            for row in effects:
                if row.contrast == contrast and row.is_refused == is_refused:
                    return row
    return None


def _effect_columns(effect: _Effect | None) -> dict[str, object]:
    if effect is None:
        return {}
    return {
        "design": effect.design,
        "contrast": effect.contrast,
        "effect_id": effect.effect_id,
        "effect_sd": effect.estimate_sd,
        "std_error": effect.std_error,
        "df": effect.df,
        "effect_ci_low": effect.ci_low,
        "effect_ci_high": effect.ci_high,
        "p_value_bh": effect.p_value_bh,
    }


def _refusal(effect: _Effect | None, at_dose: _Effect | None, cost: float | None) -> str:
    """Why there is no ratio; empty where there is one."""
    if effect is None or at_dose is None:
        return "not computed: the design that the report leads with was not asked about it"
    if effect.is_refused:
        reason = (effect.note or "the design gave no number").removeprefix("refused:").strip()
        return f"not computed: no estimate: {reason}"
    if effect.is_struck_out:
        return "not computed: the design is struck out: its intervals missed effects planted into these data"
    if cost is None:
        return "not computed: no costs of activities whose teachers have students in the subject"
    if cost <= 0:
        return "not computed: the activities cost nothing, by what the source lists"
    return "not computed: no dose of the students' teachers is known" if at_dose.is_refused else ""


def _ratio_columns(ratio: CostRatio) -> dict[str, object]:
    return {
        "probability_positive": ratio.probability_positive,
        "cost_per_student_ci_low": ratio.cost_low,
        "cost_per_student_ci_high": ratio.cost_high,
        "cost_per_001_sd": ratio.cost_per_001_sd,
        "ci_low": ratio.ci_low,
        "ci_high": ratio.ci_high,
        "sd_per_1000": ratio.sd_per_1000,
        "sd_per_1000_ci_low": ratio.sd_low,
        "sd_per_1000_ci_high": ratio.sd_high,
    }


def _limits(ratio: CostRatio, effect: _Effect, reach: _Reach) -> str | None:
    limits = []
    if ratio.ci_low is None:
        limits.append("growth is not above 0, so no amount buys .01 SD")
    elif not ratio.is_bounded:
        limits.append("growth may be 0: at least ci_low, no finite upper bound")
    if effect.df is not None and effect.df < MINIMUM_DF:
        limits.append("caution: fewer than 4 degrees of freedom, the interval is unreliable")
    share = reach.covered_share or 0.0
    if share < MINIMUM_COVERED_SHARE:
        limits.append(f"caution: costs are known for {int(100 * share)} % of the hours only")
    if effect.contrast == "per_10_hours":
        limits.append("estimate per 10 hours at the mean dose of participants, taken as a straight line")
    return "; ".join(limits) or None


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor
