"""One regression design, refitted with the hours of other teachers: the estimator is the published one.

Everything that does not depend on the hours is done once. Of the mixed model, the variance ratios are held
at those of the published fit: they are estimated from thousands of students and hardly move when a few
columns among sixty do, and generalised least squares is unbiased with any. Coefficients, CR2 errors and
degrees of freedom come from the same functions as the published ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from transforms.designs.adjusted_model import AdjustedModel
from transforms.designs.exposure import Exposure
from transforms.designs.panel import FloatArray
from transforms.designs.regressions import (
    PREFIX,
    Regression,
    coefficient_name,
    exposure_column,
)
from transforms.designs.sample import DesignSample, levels_to_tell_apart
from transforms.designs.settings import DesignSettings
from transforms.designs.within_teacher import FACTOR, WithinTeacherModel
from transforms.estimation.linear.solve import inverse
from transforms.estimation.linear.within import absorbed
from transforms.estimation.mixed.nested import cluster_precisions
from transforms.estimation.robust.one_way import Leverages
from transforms.estimation.robust.scores import cluster_scores
from transforms.estimation.sums.cell_columns import with_cell_columns
from transforms.estimation.sums.crossproducts import CrossProducts


@dataclass(frozen=True, eq=False)
class HeldFit:
    """A linear fit by given products [X y]'V^-1[X y] of each cluster about the shifts (clusters, q, q)."""

    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    n_observations: float
    products: FloatArray

    def precisions(self, sums: CrossProducts) -> FloatArray:
        """The products, which were made from these sums."""
        return self.products


@dataclass(frozen=True, eq=False)
class HeldWithinFit(HeldFit):
    """As ``HeldFit``, with the levels of ``factor`` absorbed."""

    factor: str


@dataclass(frozen=True, eq=False)
class CalibratedRegression:
    """A published regression that can be refitted with other hours.

    ``types`` are those with a published number; ``sums`` hold the controls by cell, and the response less
    what the published coefficients of hours account for: real effects would else stand in what is meant
    to be noise, and a teacher who gets the hours of a colleague of the same year gets some of them back.
    """

    design: str
    contrast: str
    types: tuple[str, ...]
    model: AdjustedModel | WithinTeacherModel
    sums: CrossProducts
    settings: DesignSettings

    @classmethod
    def of(
        cls, sample: DesignSample, regression: Regression, settings: DesignSettings
    ) -> CalibratedRegression | None:
        """None where no type has a number."""
        types = tuple(row.pd_type for row in regression.effects if row.estimate_sd is not None)
        if regression.model is None or not types:
            return None
        columns = _columns(sample.exposure, regression.model, regression.contrast)
        return cls(
            regression.design,
            regression.contrast,
            types,
            regression.model,
            _without_effects(sample, regression.model, columns),
            settings,
        )

    def refitted(self, exposure: Exposure) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Estimates, CR2 standard errors and their degrees of freedom (types) with the hours of ``exposure``.

        Raises EstimationError where the hours cannot be told apart.
        """
        columns = _columns(exposure, self.model, self.contrast)
        by_cell = {name: exposure.of_cells(values) for name, values in columns.items()}
        sums = with_cell_columns(self.sums, by_cell)
        if isinstance(self.model, AdjustedModel):
            sums = sums.grouped_by(levels_to_tell_apart(self.sums), "school")
            if self.settings.has_school_split:
                sums = sums.split_by_cluster(list(columns))
        else:
            sums = sums.grouped_by((FACTOR, "school"), "school")
        sums = sums.select(self.model.sums.names[1:-1])
        fit = self._held_fit(sums)
        at = [
            fit.names.index(coefficient_name(self.design, self.contrast, pd_type, self.settings))
            for pd_type in self.types
        ]
        # As ``cluster_robust`` does for CR2, but without degrees of freedom of the other coefficients.
        scores = cluster_scores(sums, fit)
        leverages = Leverages.of(scores)
        influence = leverages.adjusted(scores.scores) @ scores.basis[at].T
        df = np.array([leverages.satterthwaite(contrast) for contrast in np.eye(len(fit.names))[at]])
        return scores.params[at], np.sqrt((influence**2).sum(axis=0)), df

    def _held_fit(self, sums: CrossProducts) -> HeldFit:
        n = self.model.fit.n_observations
        if isinstance(self.model, AdjustedModel):
            products = cluster_precisions(sums, self.model.fit.theta)
            x = sums.regressors
            inverted, _ = inverse(products.sum(axis=0)[x, x])
            params, covariance = sums.unshifted(
                inverted @ products.sum(axis=0)[x, -1], self.model.fit.sigma2 * inverted
            )
            return HeldFit(sums.names[x], params, covariance, n, products)
        products = absorbed(sums, FACTOR)
        total = products.sum(axis=0)[1:, 1:]
        inverted, _ = inverse(total[:-1, :-1])
        params, covariance = inverted @ total[:-1, -1], self.model.fit.sigma2 * inverted
        return HeldWithinFit(sums.names[1:-1], params, covariance, n, products, FACTOR)


def _columns(
    exposure: Exposure, model: AdjustedModel | WithinTeacherModel, contrast: str
) -> dict[str, FloatArray]:
    """The columns of exposure of a model (units), by name."""
    return {
        name: exposure_column(exposure, contrast, at)
        for at, pd_type in enumerate(exposure.types)
        if _is_in_model(name := f"{PREFIX[contrast]}:{pd_type}", model.fit.names)
    }


def _is_in_model(name: str, names: Sequence[str]) -> bool:
    return any(column in names for column in (name, f"{name}:within", f"{name}:between"))


def _without_effects(
    sample: DesignSample, model: AdjustedModel | WithinTeacherModel, columns: Mapping[str, FloatArray]
) -> CrossProducts:
    """The sums of the sample with the fitted effects of the columns taken out of the response."""
    sums = sample.with_exposure(columns)
    if any(name.endswith(":within") for name in model.fit.names):
        sums = sums.split_by_cluster(list(columns))
    effects = dict(zip(model.fit.names, model.fit.params, strict=True))
    coding = np.eye(len(sums.names))
    for name in set(sums.names) - {*sample.sums.names}:
        coding[sums.position(name), -1] = -effects.get(name, 0.0)
    cleaned = replace(
        sums,
        shifts=sums.shifts @ coding,
        sums=sums.sums @ coding,
        products=coding.T @ sums.products @ coding,
    )
    return cleaned.select(sample.sums.names[1:-1])
