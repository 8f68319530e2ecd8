"""An estimate with its t interval and p-value, as every table of estimates has them."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.designs.settings import ALPHA, RELIABLE_DF


@dataclass(frozen=True)
class Number:
    """An estimate in standard deviations of student scores, with its t interval and p-value."""

    estimate_sd: float
    std_error: float
    df: float
    ci_low: float
    ci_high: float
    p_value: float

    @property
    def is_reliable(self) -> bool:
        """Whether its degrees of freedom are enough for the t approximation."""
        return self.df >= RELIABLE_DF


def number(estimate_sd: float, std_error: float, df: float) -> Number | None:
    """Interval and p-value; None where the standard error is 0 or there are no degrees of freedom."""
    from scipy.special import stdtr, stdtrit

    if not std_error > 0.0 or not df > 0.0:
        return None
    half_width = float(stdtrit(df, 1.0 - ALPHA / 2.0)) * std_error
    p_value = float(2.0 * stdtr(df, -abs(estimate_sd / std_error)))
    return Number(estimate_sd, std_error, df, estimate_sd - half_width, estimate_sd + half_width, p_value)
