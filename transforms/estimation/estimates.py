"""What results need of a fit and of a covariance, and the first coefficients of either alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from transforms.estimation.sums.crossproducts import FloatArray


class Coefficients(Protocol):
    """What every fit offers: p coefficients in the order of ``names``, in units of the response per unit of
    the column. ``n_observations`` is the sum of frequency weights, or the rows."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def params(self) -> FloatArray: ...
    @property
    def cov_params(self) -> FloatArray: ...
    @property
    def n_observations(self) -> float: ...


class Covariance(Protocol):
    """A covariance of the coefficients of a fit, such as "CR2 by school"."""

    @property
    def name(self) -> str: ...
    @property
    def cov_params(self) -> FloatArray: ...
    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """Denominator degrees of freedom (k) of the contrasts (k, p); inf is the normal distribution."""
        ...


class Estimates(Coefficients, Protocol):
    """What results need of a fit besides; ``sigma2`` is the residual variance. A fit with a likelihood has
    ``log_likelihood`` too."""

    @property
    def response(self) -> str: ...
    @property
    def n_rows(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def sigma2(self) -> float: ...
    def details(self) -> Mapping[str, str | float | int]:
        """Further lines of the summary by their label: groups, variances, log likelihood."""
        ...

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """As that of a ``Covariance``."""
        ...


@dataclass(frozen=True)
class First:
    """The first ``n`` coefficients of a fit, or of a covariance; all else is that of the ``whole``."""

    whole: Any
    n: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "whole":
            raise AttributeError(name)
        return getattr(self.whole, name)

    @property
    def names(self) -> tuple[str, ...]:
        return self.whole.names[: self.n]

    @property
    def params(self) -> FloatArray:
        return self.whole.params[: self.n]

    @property
    def cov_params(self) -> FloatArray:
        return self.whole.cov_params[: self.n, : self.n]

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        missing = len(self.whole.cov_params) - self.n
        return self.whole.df_for(np.pad(contrasts, ((0, 0), (0, missing))))
