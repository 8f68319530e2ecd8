"""Sums of columns over the rows of a panel, as the estimators take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from transforms.designs.panel import BoolArray, FloatArray, TeacherPanel
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import INTERCEPT, digest
from transforms.estimation.sums.grouping import run_starts

_RESPONSE = "growth_sd"


def rows_of_panel(panel: TeacherPanel, rows: BoolArray) -> TeacherPanel:
    """The panel with some of its rows (n); codes stay what they are."""
    return replace(
        panel,
        teacher=panel.teacher[rows],
        school=panel.school[rows],
        school_year=panel.school_year[rows],
        weight=panel.weight[rows],
        n_students=panel.n_students[rows],
        growth_sd=panel.growth_sd[rows],
        prior_mean_sd=panel.prior_mean_sd[rows],
        hours=panel.hours[rows],
        years_experience=panel.years_experience[rows],
    )


def panel_sums(panel: TeacherPanel, columns: Mapping[str, FloatArray]) -> CrossProducts:
    """Sums of ``columns`` (n, by name) and of growth by row, teacher in school and school (the clusters).

    The weight is a precision: a row is one observation, whose variance is inverse to its students.
    """
    order = np.lexsort((panel.school_year, panel.teacher, panel.school))
    values = np.column_stack([np.ones(len(order)), *columns.values(), panel.growth_sd])[order]
    weight = panel.weight[order]
    school = panel.school[order]
    shifts = np.append(0.0, weight @ values[:, 1:] / weight.sum())
    centred = values - shifts
    weighted = centred * weight[:, None]
    starts = run_starts(school)
    products = np.array(
        [
            mine.T @ theirs
            for mine, theirs in zip(
                np.split(centred, starts[1:]), np.split(weighted, starts[1:]), strict=True
            )
        ]
    )
    in_school = panel.teacher * (int(panel.school.max()) + 1) + panel.school
    return CrossProducts(
        names=(INTERCEPT, *columns, _RESPONSE),
        group_names=("row", "teacher", "school"),
        cluster_name="school",
        weight_name="weight",
        n_rows=len(order),
        ids=(np.arange(len(order)), in_school[order], school),
        counts=np.ones(len(order), dtype=np.int64),
        shifts=shifts,
        sums=weighted,
        products=(products + products.transpose(0, 2, 1)) / 2.0,
        weight_kind="precision",
        definitions={name: digest([float(value) for value in column]) for name, column in columns.items()},
    )
