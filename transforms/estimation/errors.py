"""Why a model has no estimates: named, so that a caller can say it and give no number."""

from __future__ import annotations

from collections.abc import Sequence


class EstimationError(ValueError):
    """The data cannot answer the question that the model asks."""


class RankDeficientError(EstimationError):
    """Some columns are sums of others. ``columns`` names them, ``explained_by`` what they repeat."""

    def __init__(self, explained_by: dict[str, tuple[str, ...]]) -> None:
        self.explained_by = explained_by
        self.columns = tuple(explained_by)
        parts = [
            f"{column} (determined by {', '.join(others)})" if others else f"{column} (constant)"
            for column, others in explained_by.items()
        ]
        super().__init__(f"rank deficient: {'; '.join(parts)}")


class NotConvergedError(EstimationError):
    """The optimiser did not reach a maximum of the likelihood."""


class NotIdentifiedError(EstimationError):
    """Two levels of the model have the same groups, or a level has one row a group."""


class CorruptSumsError(EstimationError):
    """Cross-products contradict themselves: they were not summed, stored or read as they should be."""


def check_option(what: str, value: str, allowed: Sequence[str]) -> None:
    """Raise EstimationError where ``value`` is not one of ``allowed``: misspelled, it is not another one."""
    if value not in allowed:
        raise EstimationError(f"{what} is one of {', '.join(allowed)}, not {value}")
