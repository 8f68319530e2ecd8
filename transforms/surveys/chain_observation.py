"""Observed use: ratings before and after the first participation against teachers not yet in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import duckdb

from sql import render_sql
from transforms.designs.number import number
from transforms.improvement.indicators import missing_sources
from transforms.standards.multiplicity import adjusted_p_values
from transforms.surveys.chain_rules import ChainRules, Figure, judge_change

SHARE_OF_RATINGS = "share of the rating scale"
_NOT_RANDOM = "not a comparison by random assignment"


@dataclass(frozen=True)
class ObservedChange:
    """One row of estimates.guskey_observation, each field a column of it."""

    pd_type: str
    unit: str | None
    participants_before: float | None = None
    participants_after: float | None = None
    comparison_before: float | None = None
    comparison_after: float | None = None
    difference: float | None = None
    std_error: float | None = None
    n_participants: int = 0
    n_comparison: int = 0
    n_started: int = 0
    df: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    p_value_bh: float | None = None
    note: str | None = None

    @property
    def record(self) -> dict[str, object]:
        """The row as a mapping."""
        return asdict(self)


def observed_changes(
    connection: duckdb.DuckDBPyConnection, pd_types: Sequence[str], rules: ChainRules
) -> tuple[ObservedChange, ...]:
    """One row a PD type: difference in differences over cohorts that start in the same month.

    Each participant's change from the year before the first participation to the year after it, less the mean
    change, around the same day, of teachers who had not taken part by the end of it; the mean over
    participants. The error sums what each teacher adds to it, in whichever role (CR1 by teacher);
    t with one degree of freedom less than the smaller group has teachers. Those who took part in the first
    school year seen may have begun before it: they are in neither group.
    """
    reason = missing_sources(connection, ["observation"])
    rows = connection.execute(
        render_sql("surveys/observed_change.sql"),
        {"window_days": rules.window_days, "least_comparison": rules.least_comparison},
    ).fetchall()
    found = {row[0]: ObservedChange(*row) for row in rows}
    changes = [_estimated(found.get(name, ObservedChange(name, None)), reason, rules) for name in pd_types]
    return _adjusted(changes)


def _estimated(change: ObservedChange, reason: str, rules: ChainRules) -> ObservedChange:
    fewest = min(change.n_participants, change.n_comparison)
    if reason or fewest < rules.least_teachers or change.difference is None:
        note = reason or _too_few(change, rules)
        return ObservedChange(
            change.pd_type,
            change.unit,
            n_participants=change.n_participants,
            n_comparison=change.n_comparison,
            n_started=change.n_started,
            note=note,
        )
    estimate = number(change.difference, change.std_error or 0.0, fewest - 1)
    if estimate is None:
        return replace(change, note="no differences between teachers: no interval")
    left_out = change.n_started - change.n_participants
    counts = f"; {left_out} more who began were not rated both before and after"
    return replace(
        change,
        df=estimate.df,
        ci_low=estimate.ci_low,
        ci_high=estimate.ci_high,
        p_value=estimate.p_value,
        note=_NOT_RANDOM + (counts if left_out >= rules.least_persons else ""),
    )


def _too_few(change: ObservedChange, rules: ChainRules) -> str:
    least = f"fewer than {rules.least_teachers}"
    if change.n_participants < rules.least_teachers:
        return f"{least} teachers rated both before and after they began"
    return f"{least} teachers rated in the same months who had not taken part"


def _adjusted(changes: Sequence[ObservedChange]) -> tuple[ObservedChange, ...]:
    """Add p-values after Benjamini and Hochberg among the types that have one."""
    adjusted = adjusted_p_values([change.p_value for change in changes])
    return tuple(replace(change, p_value_bh=value) for change, value in zip(changes, adjusted, strict=True))


def observation_record(change: ObservedChange, rules: ChainRules) -> dict[str, object]:
    """The row of the chain."""
    unit = change.unit or SHARE_OF_RATINGS
    is_share = unit == SHARE_OF_RATINGS
    smallest = rules.smallest_change_share if is_share else rules.smallest_change_sd
    figure = Figure(change.difference, change.ci_low, change.ci_high, change.p_value_bh)
    return {
        "pd_type": change.pd_type,
        "level": "use_observed",
        "academic_subject": "all",
        "basis": "observations a year before and after the first participation, against teachers not in it",
        "value": change.difference,
        "unit": unit,
        "std_error": change.std_error,
        "ci_low": change.ci_low,
        "ci_high": change.ci_high,
        "p_value_bh": change.p_value_bh,
        "n_persons": change.n_participants,
        "criterion": rules.change_criterion(smallest, _of(unit)),
        "holds": judge_change(figure, smallest, rules),
        "note": change.note,
    }


def _of(unit: str) -> str:
    return unit.removeprefix("share ") if unit == SHARE_OF_RATINGS else unit
