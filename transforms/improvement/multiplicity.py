"""p-values of several questions asked at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence


def with_adjusted(
    records: Sequence[dict[str, object]],
    family: Callable[[dict[str, object]], Hashable] = lambda record: None,
) -> list[dict[str, object]]:
    """Records with ``p_value_bh`` over those of one ``family`` that have a ``p_value``.

    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1).
    """
    from scipy.stats import false_discovery_control

    families: dict[Hashable, list[int]] = {}
    for position, record in enumerate(records):
        if record.get("p_value") is not None:
            families.setdefault(family(record), []).append(position)
    adjusted = [dict(record) for record in records]
    for positions in families.values():
        found = false_discovery_control([float(str(records[position]["p_value"])) for position in positions])
        for position, value in zip(positions, found, strict=True):
            adjusted[position]["p_value_bh"] = float(value)
    return adjusted
