"""Numbers of weighted sums of the coefficients of a regression design, and what could not be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from transforms.designs.adjusted_model import AdjustedModel, fit_adjusted
from transforms.designs.number import Number, number
from transforms.designs.panel import FloatArray
from transforms.designs.sample import DesignSample
from transforms.designs.settings import DesignSettings
from transforms.designs.within_teacher import WithinTeacherModel, fit_within_teacher

UNRELIABLE = "fewer than 4 degrees of freedom: interval unreliable"
NO_VARIATION = "the schools leave no variation for a standard error"


@dataclass(frozen=True, eq=False)
class ExposureModel:
    """A regression design with columns of exposure of any form, all in one fit.

    ``suffix`` is what the fit adds to the name of a column whose coefficient compares within schools.
    """

    model: AdjustedModel | WithinTeacherModel
    suffix: str

    def contrast(self, weights: Mapping[str, float]) -> FloatArray:
        """The contrast (p) that weighs the coefficients of columns of exposure."""
        contrast = np.zeros(len(self.model.robust.names))
        for column, weight in weights.items():
            contrast[self.model.robust.names.index(f"{column}{self.suffix}")] = weight
        return contrast

    def number(self, weights: Mapping[str, float]) -> Number | None:
        """The weighted sum of coefficients, with its own Satterthwaite degrees of freedom."""
        contrast, robust = self.contrast(weights), self.model.robust
        (df,) = robust.df_for(contrast[None])
        std_error = float(np.sqrt(contrast @ robust.cov_params @ contrast))
        return number(float(contrast @ robust.params), std_error, float(df))

    def entangled(self, columns: Mapping[str, float]) -> tuple[str, ...]:
        """The columns of exposure that one of ``columns`` cannot be told apart from."""
        return tuple(
            dict.fromkeys(other for column in columns for other in self.model.entangled.get(column, ()))
        )


def fit_exposure(
    sample: DesignSample, design: str, columns: Mapping[str, FloatArray], settings: DesignSettings
) -> ExposureModel:
    """Fit a regression design to ``columns`` (units, by name). Raises EstimationError where there is none."""
    if design == "within_teacher":
        return ExposureModel(fit_within_teacher(sample, columns), "")
    is_split = settings.has_school_split
    model = fit_adjusted(sample, columns, has_school_split=is_split)
    return ExposureModel(model, ":within" if is_split else "")
