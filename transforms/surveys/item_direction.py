"""Items that go against their scale: which one, and what the scale would be with it turned round."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.surveys import rules
from transforms.surveys.reliability import (
    Scores,
    alpha_of,
    alpha_without,
    item_rest_correlations,
    turned_round,
)


@dataclass(frozen=True)
class ItemPlace:
    """An item within its scale. ``flag``: against_scale, cannot_tell_which, weak, or empty.

    ``alpha_turned`` is alpha with all items flagged against_scale turned round, for those items alone.
    """

    item_rest_r: float | None
    alpha_without: float | None
    alpha_turned: float | None
    flag: str


def item_places(items: Scores, n: int) -> list[ItemPlace]:
    """Each item of a scale with covariances ``items`` (k, k) of ``n`` complete answers, by ``ITEM_RULE``.

    An item against its scale pulls down the correlations of the others too: those that are 0.20 or more
    once it is turned round are not flagged.
    """
    k = len(items)
    found = item_rest_correlations(items)
    if k < 2 or n < rules.MINIMUM_FOR_FLAG:
        return [ItemPlace(found[i], alpha_without(items, i), None, "") for i in range(k)]
    against = items_against(items)
    turned = turned_round(items, against)
    mended = item_rest_correlations(turned)
    is_ambiguous = 2 * len(against) >= k
    flags = []
    for i in range(k):
        if against and is_ambiguous:
            flags.append("cannot_tell_which" if (found[i] or 0) < rules.WEAK_ITEM_REST else "")
        elif i in against:
            flags.append("against_scale")
        else:
            r = mended[i]
            flags.append("weak" if r is not None and r < rules.WEAK_ITEM_REST else "")
    return [
        ItemPlace(
            found[i],
            alpha_without(items, i),
            alpha_of(turned) if flags[i] == "against_scale" else None,
            flags[i],
        )
        for i in range(k)
    ]


def items_against(items: Scores) -> tuple[int, ...]:
    """Positions of items that raise alpha when turned round, one after another, most gain first.

    Only items whose correlation with the rest of the scale is -0.20 or lower: nearer to zero an item measures
    something else, whichever way round. With half of the items the direction of the scale itself is open.
    """
    chosen: tuple[int, ...] = ()
    while 2 * len(chosen) < len(items):
        now = turned_round(items, chosen)
        candidates = [
            i
            for i, r in enumerate(item_rest_correlations(now))
            if r is not None and r <= -rules.WEAK_ITEM_REST
        ]
        if not candidates:
            break
        # the items' own variances stay as they are: the greatest variance of the sum is the greatest alpha
        chosen = (*chosen, max(candidates, key=lambda i: float(turned_round(now, (i,)).sum())))
    return chosen
