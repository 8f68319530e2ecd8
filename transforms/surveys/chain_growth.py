"""Student growth as the last link: the comparisons of the first page, by PD type and subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.surveys.chain_rules import NOT_SHOWN, ChainRules, Figure, judge_change

_ROWS = """
select
    design, pd_type, academic_subject, subgroup, contrast, is_primary, is_struck_out,
    estimate_sd, std_error, df, ci_low, ci_high, p_value_bh, n_participants, note
from estimates.effect
order by design, pd_type, academic_subject, subgroup, contrast
"""
_UNIT = "standard deviations of student scores"


@dataclass(frozen=True)
class GrowthEstimate:
    """What the chain reads of a row of estimates.effect."""

    design: str
    pd_type: str
    academic_subject: str
    subgroup: str
    contrast: str
    is_primary: bool
    is_struck_out: bool
    estimate_sd: float | None
    std_error: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None
    n_participants: int | None
    note: str | None

    @property
    def is_refused(self) -> bool:
        """Whether no number could be computed."""
        return self.estimate_sd is None or self.ci_low is None or self.ci_high is None


def growth_records(
    connection: duckdb.DuckDBPyConnection, pd_types: tuple[str, ...], rules: ChainRules
) -> Iterator[dict[str, object]]:
    """One row a PD type and subject; a type that no comparison is about has one that says so."""
    effects = [GrowthEstimate(*row) for row in connection.execute(_ROWS).fetchall()]
    main = main_comparisons(effects)
    for pd_type in pd_types:
        of_type = [row for row in main if row.pd_type == pd_type]
        for row in of_type:
            yield _record(row, rules)
        if not of_type:
            note = "no comparison of its participants with growth was made"
            yield {**_frame(pd_type, "all", "", rules), "holds": NOT_SHOWN, "note": note}


def _frame(pd_type: str, subject: str, contrast: str, rules: ChainRules) -> dict[str, object]:
    unit = f"{_UNIT} per 10 hours" if contrast == "per_10_hours" else _UNIT
    return {
        "pd_type": pd_type,
        "level": "student_outcomes",
        "academic_subject": subject,
        "unit": unit,
        "criterion": rules.change_criterion(rules.smallest_growth_sd, unit),
    }


def _record(row: GrowthEstimate, rules: ChainRules) -> dict[str, object]:
    figure = Figure(row.estimate_sd, row.ci_low, row.ci_high, row.p_value_bh)
    record = {
        **_frame(row.pd_type, row.academic_subject, row.contrast, rules),
        "basis": f"{row.design}, {row.contrast}",
    }
    if row.is_refused or row.is_struck_out or _has_few_degrees(row, rules):
        return {**record, "holds": NOT_SHOWN, "note": _why_not(row)}
    return {
        **record,
        "value": row.estimate_sd,
        "std_error": row.std_error,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "p_value_bh": row.p_value_bh,
        "n_persons": row.n_participants,
        "holds": judge_change(figure, rules.smallest_growth_sd, rules),
        "note": None if row.design == "lottery" else "an association: nobody was assigned by lot",
    }


def _has_few_degrees(row: GrowthEstimate, rules: ChainRules) -> bool:
    return row.df is not None and row.df < rules.least_df


def _why_not(row: GrowthEstimate) -> str:
    if row.is_refused:
        return (row.note or "refused: the model gave no number").removeprefix("refused:").strip()
    if row.is_struck_out:
        return "the design failed its calibration on this study's data"
    return "too few schools to judge"
