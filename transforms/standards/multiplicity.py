"""p-values of several questions asked at once.

Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence


def adjusted_p_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Each p-value after the step of Benjamini and Hochberg; None stays None and is not counted."""
    from scipy.stats import false_discovery_control

    tested = [position for position, value in enumerate(p_values) if value is not None]
    adjusted: list[float | None] = [None] * len(p_values)
    if tested:
        found = false_discovery_control([p_values[position] for position in tested])
        for position, value in zip(tested, found, strict=True):
            adjusted[position] = float(value)
    return adjusted


def with_adjusted(
    records: Sequence[dict[str, object]],
    family: Callable[[dict[str, object]], Hashable] = lambda record: None,
) -> list[dict[str, object]]:
    """Records with ``p_value_bh`` over those of one ``family`` that have a ``p_value``."""
    families: dict[Hashable, list[int]] = {}
    for position, record in enumerate(records):
        if record.get("p_value") is not None:
            families.setdefault(family(record), []).append(position)
    adjusted = [dict(record) for record in records]
    for positions in families.values():
        found = adjusted_p_values([float(str(records[position]["p_value"])) for position in positions])
        for position, value in zip(positions, found, strict=True):
            adjusted[position]["p_value_bh"] = value
    return adjusted
