"""Probabilities from an estimate under a flat prior, and what it would be worth to know more.

With a flat prior the effect, given its estimate, is distributed about the estimate as Student's t with the
estimate's degrees of freedom, times its standard error (Gelman et al. 2013, Bayesian Data Analysis, 3.2).
A flat prior takes an effect of any size to be as likely as any other before the data are seen; where
effects are small as a rule, such a probability is somewhat too sure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Posterior:
    """An effect in SD of student scores: estimate, standard error (above 0), degrees of freedom (above 0)."""

    estimate_sd: float
    std_error: float
    df: float

    def probability_above(self, threshold_sd: float) -> float:
        """Probability (0 to 1) that the effect is larger than ``threshold_sd``."""
        from scipy.special import stdtr

        return float(stdtr(self.df, (self.estimate_sd - threshold_sd) / self.std_error))

    @property
    def interval(self) -> tuple[float, float]:
        """The central 95 %, which under a flat prior is the confidence interval."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.df, 0.975)) * self.std_error
        return self.estimate_sd - half, self.estimate_sd + half


def mean_over_subjects(
    subjects: Sequence[Posterior], difference_std_error: float | None = None
) -> tuple[Posterior, bool]:
    """The mean effect over academic subjects, and whether its error is a joint one.

    For two subjects with standard errors s1 and s2 and the standard error d of their difference,
    (2 s1² + 2 s2² - d²) / 4 is the squared error of the mean, for the covariance is (s1² + s2² - d²) / 2.
    Without d, with more subjects, or where d is none that any covariance allows, the error is the mean of
    the errors: what it would be were the subjects' errors perfectly correlated, so never too small.
    Degrees of freedom: the fewest. ValueError without subjects.
    """
    if not subjects:
        raise ValueError("no subject to take the mean of")
    mean = math.fsum(subject.estimate_sd for subject in subjects) / len(subjects)
    fewest = min(subject.df for subject in subjects)
    largest = math.fsum(subject.std_error for subject in subjects) / len(subjects)
    if len(subjects) == 2 and difference_std_error is not None:
        first, second = (subject.std_error for subject in subjects)
        if abs(first - second) < difference_std_error < first + second:
            squared = (2 * first**2 + 2 * second**2 - difference_std_error**2) / 4
            return Posterior(mean, math.sqrt(squared), fewest), True
    return Posterior(mean, largest, fewest), len(subjects) == 1


def perfect_information(net_benefit: Posterior) -> float | None:
    """Expected value of perfect information about whether a net benefit is positive, in its unit.

    E[max(0, B)] - max(0, E[B]) for B = m + s T with T Student's t on v > 1 degrees of freedom; with
    z = m / s it is s [f(z) (v + z²) / (v - 1) - |z| F(-|z|)], f and F the density and distribution of T: the
    unit loss integral (Raiffa and Schlaifer 1961, Applied Statistical Decision Theory, 11.2). None for
    v <= 1, where B has no mean.
    """
    from scipy.special import gammaln, stdtr

    df, z = net_benefit.df, abs(net_benefit.estimate_sd / net_benefit.std_error)
    if df <= 1.0:
        return None
    log_density = float(gammaln((df + 1) / 2) - gammaln(df / 2)) - 0.5 * math.log(df * math.pi)
    density = math.exp(log_density - (df + 1) / 2 * math.log1p(z * z / df))
    loss = density * (df + z * z) / (df - 1) - z * float(stdtr(df, -z))
    return max(0.0, loss) * net_benefit.std_error


def sample_information(net_benefit: Posterior, new_std_error: float) -> float | None:
    """Expected value of a new, independent estimate with ``new_std_error``, in the unit of the benefit.

    Normal approximation: the new estimate moves the mean by s² / sqrt(s² + n²) in expectation (Raiffa and
    Schlaifer 1961); with few degrees of freedom the value is somewhat understated. None where perfect
    information has none.
    """
    if net_benefit.df <= 1.0:
        return None
    moved = net_benefit.std_error**2 / math.hypot(net_benefit.std_error, new_std_error)
    return perfect_information(Posterior(net_benefit.estimate_sd, moved, 1e9))
