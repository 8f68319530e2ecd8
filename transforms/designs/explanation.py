"""One estimate explained from the published database alone: what ran, on which rows, with which versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from sql import render_sql
from transforms.errors import UsageError

# Kept where the estimates come from: sql/ of the version that made the build.
_FRAMES = ("frames/growth_analysis.sql", "frames/teacher_year_exposure.sql", "designs/design_row.sql")


@dataclass(frozen=True)
class FrameSql:
    """One SQL file behind an estimate. ``is_as_built`` is None where the build has no hash of it."""

    name: str
    text: str
    is_as_built: bool | None


@dataclass(frozen=True)
class Explanation:
    """All that says how one row of estimates.effect came about; each mapping is a row by column."""

    effect: Mapping[str, Any]
    model: Mapping[str, Any] | None
    steps: tuple[Mapping[str, Any], ...]
    checks: tuple[Mapping[str, Any], ...]
    baseline: tuple[Mapping[str, Any], ...]
    calibration: tuple[Mapping[str, Any], ...]
    sql: tuple[FrameSql, ...]
    build: Mapping[str, Any]
    packages: tuple[Mapping[str, Any], ...]


def list_effects(connection: duckdb.DuckDBPyConnection) -> tuple[Mapping[str, Any], ...]:
    """Every row of estimates.effect with its id, in the order of design, subject, type and contrast."""
    return _rows(
        connection,
        "select effect_id, design, pd_type, academic_subject, contrast, subgroup, estimate_sd, ci_low,"
        " ci_high from estimates.effect order by design, academic_subject, pd_type, contrast, subgroup",
    )


def read_explanation(connection: duckdb.DuckDBPyConnection, effect_id: str) -> Explanation:
    """Read what stands beside the estimate. UsageError where the build has no such estimate."""
    found = _rows(connection, "select * from estimates.effect where effect_id = ?", effect_id)
    if not found:
        raise UsageError(
            f"no estimate {effect_id} in this build: pdeval explain STUDY without an id lists them"
        )
    effect = found[0]
    of_model = [effect[name] for name in ("design", "academic_subject", "contrast")]
    of_type = [effect[name] for name in ("design", "academic_subject", "pd_type")]
    models = _rows(
        connection,
        "select * from estimates.model where design = ? and academic_subject = ? and contrast = ?",
        *of_model,
    )
    return Explanation(
        effect=effect,
        model=models[0] if models else None,
        steps=_rows(
            connection,
            "select * from estimates.effect_sample where design = ? and academic_subject = ? and pd_type = ?"
            " order by step_number",
            *of_type,
        ),
        checks=_rows(
            connection,
            "select * from estimates.event_study_check where effect_id = ? order by check_name, bound",
            effect_id,
        ),
        baseline=_rows(
            connection,
            "select * from estimates.baseline where effect_id = ? order by characteristic",
            effect_id,
        ),
        calibration=_rows(
            connection,
            "select * from estimates.calibration where design = ? and academic_subject = ? and contrast = ?"
            " and pd_type in (?, 'all') order by pd_type, planted_sd",
            *of_model,
            effect["pd_type"],
        ),
        sql=_frame_sql(connection),
        build=_rows(connection, "select * from meta.build where build_id = ?", effect["build_id"])[0],
        packages=_rows(connection, "select * from meta.package_version order by package"),
    )


def _frame_sql(connection: duckdb.DuckDBPyConnection) -> tuple[FrameSql, ...]:
    from hashlib import sha256

    built = {
        row["table_name"]: row["sql_sha256"]
        for row in _rows(connection, "select distinct table_name, sql_sha256 from meta.table_lineage")
    }
    found = []
    for name in _FRAMES:
        text = render_sql(name)
        at_build = built.get(name.removesuffix(".sql").replace("/", "."))
        # A rendered template has lost its last line break.
        hashes = {sha256(kept.encode()).hexdigest() for kept in (text, f"{text}\n")}
        found.append(FrameSql(name, text, None if at_build is None else at_build in hashes))
    return tuple(found)


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, *values: object
) -> tuple[Mapping[str, Any], ...]:
    found = connection.execute(query, list(values))
    names: Sequence[str] = [column[0] for column in found.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())
