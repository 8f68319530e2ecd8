"""Where the ribbons of a flow lie: from sources at the left to targets at the right, widths by amount.

Lengths are in pixels from the top. One scale holds for both sides, so that what leaves the sources is what
arrives at the targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDEST_GAP = 3  # between sources, in gaps between targets


@dataclass(frozen=True)
class Flow:
    """An amount above 0 from a source to a target."""

    source: str
    target: str
    amount: float


@dataclass(frozen=True)
class Node:
    """A source or target: all that flows through it, from ``top`` to ``bottom``."""

    name: str
    amount: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Ribbon:
    """One flow: as wide at its source as at its target."""

    flow: Flow
    source_top: float
    target_top: float
    width: float


@dataclass(frozen=True)
class Layout:
    """Nodes from top to bottom and the ribbons between them."""

    sources: tuple[Node, ...]
    targets: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def flow_layout(flows: Sequence[Flow], order: Sequence[str], height: float, gap: float) -> Layout:
    """Lay out ``flows``, at most one for a pair, on ``height`` pixels with ``gap`` between targets.

    Sources stand in ``order``. Targets stand by the mean place of the sources that flow into them, and at
    each node ribbons leave in the order in which the other ends stand, so that few cross. ValueError where
    there is no flow, an amount is not above 0, or the gaps alone are higher than ``height``.
    """
    if not flows or any(flow.amount <= 0 for flow in flows):
        raise ValueError("flows with amounts above 0 are wanted")
    sources = [name for name in order if any(flow.source == name for flow in flows)]
    targets = _by_mean_source(flows, sources)
    free = height - gap * (len(targets) - 1)
    if free <= 0:
        raise ValueError("no height is left beside the gaps")
    scale = free / sum(flow.amount for flow in flows)
    between = min((height - free) / max(len(sources) - 1, 1), _WIDEST_GAP * gap)
    placed_sources = _stacked(
        [(name, _sum(flows, source=name)) for name in sources],
        scale,
        between,
        (height - free - between * (len(sources) - 1)) / 2,
    )
    placed_targets = _stacked([(name, _sum(flows, target=name)) for name in targets], scale, gap, 0.0)
    return Layout(placed_sources, placed_targets, _ribbons(flows, placed_sources, placed_targets, scale))


def _by_mean_source(flows: Sequence[Flow], sources: Sequence[str]) -> list[str]:
    place = {name: position for position, name in enumerate(sources)}

    def key(target: str) -> tuple[float, float, str]:
        into = [flow for flow in flows if flow.target == target]
        amount = sum(flow.amount for flow in into)
        return sum(flow.amount * place[flow.source] for flow in into) / amount, -amount, target

    return sorted({flow.target for flow in flows}, key=key)


def _sum(flows: Sequence[Flow], source: str = "", target: str = "") -> float:
    return sum(flow.amount for flow in flows if source in ("", flow.source) and target in ("", flow.target))


def _stacked(
    amounts: Sequence[tuple[str, float]], scale: float, gap: float, start: float
) -> tuple[Node, ...]:
    nodes, top = [], start
    for name, amount in amounts:
        nodes.append(Node(name, amount, top, top + scale * amount))
        top += scale * amount + gap
    return tuple(nodes)


def _ribbons(
    flows: Sequence[Flow], sources: Sequence[Node], targets: Sequence[Node], scale: float
) -> tuple[Ribbon, ...]:
    by_pair = {(flow.source, flow.target): flow for flow in flows}
    left = {node.name: node.top for node in sources}
    right = {node.name: node.top for node in targets}
    ribbons = []
    # target after target within a source, and source after source within a target: no two cross at a node
    for source in sources:
        for target in targets:
            flow = by_pair.get((source.name, target.name))
            if flow is None:
                continue
            width = scale * flow.amount
            ribbons.append(Ribbon(flow, left[source.name], right[target.name], width))
            left[source.name] += width
            right[target.name] += width
    return tuple(ribbons)


def outline(ribbon: Ribbon, start: float, end: float, n_points: int) -> list[tuple[float, float, float]]:
    """Points of a ribbon from ``start`` to ``end`` across: (across, upper edge, lower edge).

    Both edges leave and arrive level, and the ribbon is equally wide, measured downwards, at every point.
    """
    points = []
    for position in range(n_points):
        share = position / (n_points - 1)
        bend = share * share * (3 - 2 * share)
        top = ribbon.source_top + bend * (ribbon.target_top - ribbon.source_top)
        points.append((start + share * (end - start), top, top + ribbon.width))
    return points
