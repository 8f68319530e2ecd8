"""Rows of estimates.calibration from what the draws found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.designs.panel import FloatArray
from transforms.designs.settings import ALPHA

N_DRAWS = 200
PLANTED_SD = (0.0, 0.05, 0.10, 0.20)
LEAST_COVERAGE = 0.90
POWER = 0.80
ALL_TYPES = "all"
# How improbable so low a coverage must be, were it 95 %, before a design is struck out.
_CHANCE = 0.01

Record = dict[str, object]


@dataclass(frozen=True, eq=False)
class Draws:
    """What n draws found where nothing was planted, for k PD types; nan where a draw gave no number.

    ``estimates``, ``std_errors`` and ``df`` are (n, k). A number without a standard error or degrees of
    freedom is none, as in estimates.effect.
    """

    estimates: FloatArray
    std_errors: FloatArray
    df: FloatArray

    @classmethod
    def of(cls, numbers: Sequence[FloatArray]) -> Draws:
        """From the three numbers of each draw, (3, k) each."""
        found = np.stack(numbers, axis=1)
        is_number = (found[1] > 0.0) & (found[2] > 0.0)
        return cls(*np.where(is_number, found, np.nan))

    def of_type(self, at: int) -> Draws:
        """The draws of one type."""
        return Draws(self.estimates[:, [at]], self.std_errors[:, [at]], self.df[:, [at]])


def calibration_rows(
    keys: Mapping[str, str], types: Sequence[str], draws: Draws, exchanged: str
) -> list[Record]:
    """A row for each type (its column of ``draws``) and planted effect, and for all types together.

    ``keys`` are design, academic_subject and contrast. In the rows of all types the numbers of a draw are
    pooled, and the draws are what is counted: types of one draw share who was exchanged with whom.
    """
    parts = [(name, draws.of_type(at)) for at, name in enumerate(types)]
    return [
        {**keys, "pd_type": name, "planted_sd": planted, **_numbers(part, planted, exchanged)}
        for name, part in [*parts, (ALL_TYPES, draws)]
        for planted in PLANTED_SD
    ]


def not_calibrated(keys: Mapping[str, str], reason: str) -> list[Record]:
    """The row of a design that has nothing to calibrate."""
    nothing = Draws(*np.full((3, 0, 1), np.nan))
    row = {**keys, "pd_type": ALL_TYPES, "planted_sd": 0.0, **_numbers(nothing, 0.0, "")}
    return [{**row, "note": f"not calibrated: {reason}"}]


def is_struck_out(coverage: float, n_draws: int) -> bool:
    """Whether intervals cover too seldom: below 90 %, and by more than chance.

    Of 200 draws of intervals that do cover 95 %, fewer than 180 cover with probability .0015, so that a
    good design is not struck out by chance; one that covers 85 % is struck out with probability .97. With
    few draws, coverage below 90 % must also be improbable (.01) under 95 %.
    """
    from scipy.stats import binom

    covering = round(coverage * n_draws)
    return coverage < LEAST_COVERAGE and bool(binom.cdf(covering, n_draws, 1.0 - ALPHA) < _CHANCE)


def _numbers(draws: Draws, planted: float, exchanged: str) -> Record:
    from scipy.special import stdtrit

    is_number = np.isfinite(draws.estimates)
    n_draws = int(is_number.any(axis=1).sum())
    if not n_draws:
        return _no_numbers()
    estimates, errors = draws.estimates[is_number], draws.std_errors[is_number]
    reach = stdtrit(draws.df[is_number], 1.0 - ALPHA / 2.0) * errors
    coverage = float((np.abs(estimates) <= reach).mean())
    low, high = _wilson(coverage, n_draws)
    is_out = is_struck_out(coverage, n_draws)
    reason = f"; coverage {100.0 * coverage:.0f} % is below {100.0 * LEAST_COVERAGE:.0f} %" if is_out else ""
    return {
        "n_draws": n_draws,
        "bias_sd": float(estimates.mean()),
        "rmse_sd": float(np.sqrt((estimates**2).mean())),
        "mean_std_error": float(errors.mean()),
        "coverage": coverage,
        "coverage_ci_low": low,
        "coverage_ci_high": high,
        "rejection_rate": float((np.abs(estimates + planted) > reach).mean()),
        # The smallest effect that makes four of five draws significant.
        "minimum_detectable_sd": float(np.quantile(reach - estimates, POWER)),
        "is_struck_out": is_out,
        "note": exchanged + reason,
    }


def _no_numbers() -> Record:
    names = ("bias_sd", "rmse_sd", "mean_std_error", "coverage", "coverage_ci_low", "coverage_ci_high")
    empty: Record = dict.fromkeys((*names, "rejection_rate", "minimum_detectable_sd"))
    return {"n_draws": 0, **empty, "is_struck_out": False, "note": "not calibrated: no draw gave a number"}


def _wilson(share: float, n: int) -> tuple[float, float]:
    """95 % interval of a share of n (Wilson 1927)."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(share * n, n, alpha=ALPHA, method="wilson")
    return float(low), float(high)
