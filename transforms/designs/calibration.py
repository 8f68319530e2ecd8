"""Can this study's own data find an effect? Known effects are planted into a copy and looked for.

In each draw the hours change hands within schools (``permutation``), so that whatever is left of an effect
is noise, known effects are planted into the scores, and the design is fitted again. Every design is linear
in the scores once it is decided who is compared with whom: a planted effect of d for each unit of exposure
moves the estimate by d and leaves its standard error as it is. One fit a draw therefore serves all planted
effects: coverage and error are the same for all of them, and only the rejection rate differs.

What this tells is whether the design's intervals are as wide as they ought to be, given how this study's
teachers, classes and schools differ. It tells nothing of selection: in the copies chance decides who takes
part, in the study it did not. Nor does it try what hours of a whole school have in common, which stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from transforms.designs.calibrated_regression import CalibratedRegression
from transforms.designs.calibration_rows import N_DRAWS, Draws, Record, calibration_rows, not_calibrated
from transforms.designs.exposure import Exposure
from transforms.designs.panel import FloatArray, IntArray
from transforms.designs.permutation import EXCHANGED, exchange_of_units
from transforms.designs.regressions import Regression
from transforms.designs.sample import DesignSample
from transforms.designs.settings import DesignSettings
from transforms.estimation.errors import EstimationError

# Linear algebra runs outside of Python's lock.
_THREADS = 2


def calibrate_regressions(
    sample: DesignSample,
    regressions: Sequence[Regression],
    settings: DesignSettings,
    n_draws: int = N_DRAWS,
    seed: int = 1,
) -> list[Record]:
    """Rows of estimates.calibration of regressions of one sample: of each type with a number, and of all.

    All regressions are fitted with the same exchanged hours. The same seed gives the same rows.
    """
    found = [(row, CalibratedRegression.of(sample, row, settings)) for row in regressions]
    draws = iter(regression_draws(sample, [model for _, model in found if model], n_draws, seed))
    records: list[Record] = []
    for row, model in found:
        keys = {"design": row.design, "academic_subject": sample.academic_subject, "contrast": row.contrast}
        if model is None:
            records += not_calibrated(keys, "no PD type has a number")
        else:
            records += calibration_rows(keys, model.types, next(draws), f"{EXCHANGED}; seed {seed}")
    return records


def regression_draws(
    sample: DesignSample, models: Sequence[CalibratedRegression], n_draws: int, seed: int
) -> list[Draws]:
    """What each model finds in ``n_draws`` exchanges of hours."""
    students = np.asarray(sample.exposure.mixture.T @ sample.sums.sums[:, 0])
    exchange = exchange_of_units(sample.exposure, students)
    generator = np.random.default_rng(seed)
    donors = [exchange.drawn(generator) for _ in range(n_draws)]

    def found(donor: IntArray) -> list[FloatArray]:
        exposure = replace(sample.exposure, aligned_hours=sample.exposure.aligned_hours[donor])
        return [_refitted(model, exposure) for model in models]

    with ThreadPoolExecutor(_THREADS) as threads:
        by_draw = list(threads.map(found, donors))
    return [Draws.of(numbers) for numbers in zip(*by_draw, strict=True)]


def _refitted(model: CalibratedRegression, exposure: Exposure) -> FloatArray:
    """Estimates, standard errors and degrees of freedom (3, types); nan where there is no fit."""
    try:
        return np.stack(model.refitted(exposure))
    except EstimationError:
        return np.full((3, len(model.types)), np.nan)
