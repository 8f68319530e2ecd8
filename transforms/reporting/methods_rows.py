"""The models of a build as they were fitted, read for the page of methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.fill import filled
from transforms.reporting.numerals import count, counted
from transforms.reporting.tables import DataTable, make_table

_MODELS = """
select design, academic_subject, contrast, formula, estimator, standard_errors, frame, n_rows, n_columns
from estimates.model order by design, academic_subject, contrast
"""


@dataclass(frozen=True)
class ModelRow:
    """One row of estimates.model: what was fitted for all PD types of one design, subject and contrast."""

    design: str
    academic_subject: str
    contrast: str
    formula: str
    estimator: str
    standard_errors: str
    frame: str
    n_rows: int
    n_columns: int


def read_models(connection: duckdb.DuckDBPyConnection) -> tuple[ModelRow, ...]:
    """Every model of the build."""
    return filled(connection, ModelRow, _MODELS)


def fitted_sentence(rows: Sequence[ModelRow]) -> str:
    """From how many rows of which table the models of one design come."""
    by_frame: dict[str, list[ModelRow]] = {}
    for row in rows:
        by_frame.setdefault(row.frame, []).append(row)
    parts = []
    for frame, of_frame in by_frame.items():
        sizes = {terms.subject_in_sentence(row.academic_subject): row.n_rows for row in of_frame}
        said = ", ".join(
            say("{n_rows} in {subject}", n_rows=count(n_rows), subject=subject)
            for subject, n_rows in sizes.items()
        )
        parts.append(
            say(
                "{n_models} on rows of {frame}: {said}",
                n_models=counted(len(of_frame), "model"),
                frame=frame,
                said=said,
            )
        )
    return "; ".join(parts)


def models_table(rows: Sequence[ModelRow]) -> DataTable:
    """Estimator, errors and rows of each model."""
    return make_table(
        say("Models as fitted"),
        "Design|Subject|Contrast|Estimator|Standard errors|Rows from|Rows #|Columns #",
        [
            (
                terms.design_name(row.design),
                terms.subject_name(row.academic_subject),
                terms.contrast_name(row.contrast),
                row.estimator,
                row.standard_errors,
                row.frame,
                count(row.n_rows),
                count(row.n_columns),
            )
            for row in rows
        ],
        is_prose=True,
    )


def formulas_table(rows: Sequence[ModelRow]) -> DataTable:
    """The terms of each model, name by name."""
    return make_table(
        say("Terms of each model"),
        "Design|Subject|Contrast|Formula",
        [
            (
                terms.design_name(row.design),
                terms.subject_name(row.academic_subject),
                terms.contrast_name(row.contrast),
                row.formula,
            )
            for row in rows
        ],
        is_prose=True,
    )
