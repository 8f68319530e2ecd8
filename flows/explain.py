"""What ``pdeval explain`` says: one estimate of the published build, or the list of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.console import plain
from flows.settings import StudySettings
from transforms.designs.explanation import Explanation, FrameSql, list_effects, read_explanation
from transforms.errors import UsageError
from transforms.warehouse import open_database


def explained(settings: StudySettings, effect_id: str) -> Explanation:
    """The estimate of the published build; UsageError where there is no build or no such estimate."""
    connection = open_database(_published(settings), is_read_only=True)
    try:
        return read_explanation(connection, effect_id)
    finally:
        connection.close()


def listed_effects(settings: StudySettings) -> tuple[Mapping[str, Any], ...]:
    """Id and number of every estimate of the published build."""
    connection = open_database(_published(settings), is_read_only=True)
    try:
        return list_effects(connection)
    finally:
        connection.close()


def _published(settings: StudySettings) -> Path:
    database = settings.warehouse_folder / "pdeval.duckdb"
    if not database.exists():
        raise UsageError(f"{settings.study.name}: no published build yet; pdeval run makes one")
    return database


def effects_text(effects: Sequence[Mapping[str, Any]]) -> str:
    """One line an estimate."""
    lines = [
        f"{'ID':<11} {'DESIGN':<15} {'PD TYPE':<23} {'SUBJECT':<12} {'CONTRAST':<13} {'SUBGROUP':<22} SD"
    ]
    for row in effects:
        number = "refused" if row["estimate_sd"] is None else f"{row['estimate_sd']:+.3f} {_interval(row)}"
        lines.append(
            f"{row['effect_id']:<11} {row['design']:<15} {plain(row['pd_type']):<23}"
            f" {row['academic_subject']:<12} {row['contrast']:<13} {row['subgroup']:<22} {number}"
        )
    return "\n".join(lines)


def explanation_text(found: Explanation) -> str:
    """The estimate, its model, the flow of its sample, its checks, its SQL and its versions."""
    parts = [
        ("Estimate", _estimate(found.effect)),
        ("Model", _model(found.model)),
        ("Sample", _flow(found.steps)),
        ("Checks", _checks(found)),
        *((f"sql/{frame.name}{_as_built(frame)}", frame.text.splitlines()) for frame in found.sql),
        ("Build", _build(found)),
    ]
    return "\n\n".join(
        "\n".join([title, *(f"  {line}" for line in lines)]) for title, lines in parts if lines
    )


def explanation_facts(found: Explanation) -> dict[str, Any]:
    """The JSON object of ``pdeval explain STUDY EFFECT_ID``."""
    return asdict(found)


def _interval(row: Mapping[str, Any]) -> str:
    return f"({row['ci_low']:.3f} to {row['ci_high']:.3f})"


def _estimate(effect: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{effect['effect_id']}: {effect['design']}, {plain(effect['pd_type'])},"
        f" {effect['academic_subject']}, {effect['contrast']}, {effect['subgroup']}"
    ]
    if effect["estimate_sd"] is not None:
        lines.append(
            f"{effect['estimate_sd']:+.4f} SD, standard error {effect['std_error']:.4f},"
            f" {effect['df']:.1f} degrees of freedom, 95 % interval {_interval(effect)},"
            f" {_p_value(effect['p_value'])}"
        )
    lines += [part.strip() for part in str(effect["note"] or "").split(";") if part.strip()]
    return lines


def _model(model: Mapping[str, Any] | None) -> list[str]:
    if model is None:
        return ["none was fitted"]
    return [
        model["formula"],
        f"estimator: {model['estimator']}",
        f"standard errors: {model['standard_errors']}",
        f"rows: {model['n_rows']:,} of {model['frame']}; columns: {model['n_columns']}",
    ]


def _flow(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    rows_before: int | None = None
    for step in steps:
        if rows_before is not None:
            lost = rows_before - step["n_rows"]
            lines.append(f"  │ {lost:,} results left out" if lost >= 0 else f"  │ {-lost:,} rows more")
            lines.append("  ▼")
        counts = f"{step['n_rows']:>11,} results  {step['n_students']:>9,} students"
        staff = "" if step["n_staff"] is None else f"  {step['n_staff']:>7,} teachers"
        lines.append(f"{counts}{staff}  {step['n_schools']:>5,} schools  {step['step']}")
        rows_before = step["n_rows"]
    return lines


def _checks(found: Explanation) -> list[str]:
    effect = found.effect
    lines = []
    if effect["placebo_sd"] is not None:
        lines.append(
            f"placebo (growth of the year before): {effect['placebo_sd']:+.4f} SD,"
            f" standard error {effect['placebo_std_error']:.4f}, {_p_value(effect['placebo_p_value'])}"
        )
    if effect["robustness_value"] is not None:
        lines.append(f"robustness value: {effect['robustness_value']:.4f}")
    lines += [f"{row['check_name']} {_check(row)}" for row in found.checks]
    lines += [
        f"baseline, {row['characteristic']}: {row['g_before']:+.3f} before, {row['g_after']:+.3f} after"
        for row in found.baseline
        if row["g_before"] is not None and row["g_after"] is not None
    ]
    lines += [
        f"calibration ({row['pd_type']}), planted {row['planted_sd']:.2f}: bias {row['bias_sd']:+.4f},"
        f" coverage {row['coverage']:.3f}, found in {row['rejection_rate']:.3f} of {row['n_draws']} draws"
        for row in found.calibration
        if row["coverage"] is not None
    ]
    for name in ("wwc", "essa"):
        reasons = effect[f"{name}_reasons"]
        lines += [f"{name.upper()}: {reasons}"] if reasons else []
    return lines


def _check(row: Mapping[str, Any]) -> str:
    bound = f"({row['bound']:g}) " if row["bound"] else ""
    number = "" if row["estimate_sd"] is None else f"{row['estimate_sd']:+.4f} "
    interval = "" if row["ci_low"] is None else f"{_interval(row)} "
    p_value = "" if row["p_value"] is None else f"{_p_value(row['p_value'])} "
    return f"{bound}{number}{interval}{p_value}{row['note'] or ''}".rstrip()


def _p_value(value: float) -> str:
    return "p < 0.0001" if value < 0.0001 else f"p = {value:.4f}"


def _as_built(frame: FrameSql) -> str:
    if frame.is_as_built is None:
        return ""
    return " (as it was built)" if frame.is_as_built else " (changed since the build: this is today's text)"


def _build(found: Explanation) -> list[str]:
    build = found.build
    versions = ", ".join(f"{row['package']} {row['version']}" for row in found.packages)
    return [
        f"{build['build_id']}, pdeval {build['pdeval_version']}, schema {build['schema_version']}",
        f"inputs and settings: {build['input_fingerprint']}",
        f"settings: {build['settings']}",
        f"versions: {versions}",
        "seeds: the estimate draws no random numbers; the seed of its calibration stands in its note",
    ]
