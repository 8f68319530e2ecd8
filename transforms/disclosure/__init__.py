"""Statistical disclosure control for linked tables of counts: what to hide, and an attack on what is shown.

How it is used::

    cells = LinkedCells(
        cells=(Cell("all", 40, ("reach",)), Cell("online", 3, ("reach",)), Cell("coaching", 37, ("reach",))),
        relations=(total_of("all", ("online", "coaching")),),
    )
    hidden = suppress(cells, Rule(minimum=10)).hidden
    attack = audit(cells, hidden, Rule(minimum=10))
    attack.verdict, attack.findings, attack.figures()

Engine (``suppress``) and auditor (``audit``) share the data types and nothing else. Both are pure.
"""

from transforms.disclosure.audit import Audit, Finding, Verdict, audit, bounds_of
from transforms.disclosure.cells import (
    Cell,
    LinkedCells,
    Publication,
    Relation,
    Rule,
    overlapping,
    part_of,
    same_count,
    total_of,
)
from transforms.disclosure.magnitudes import MagnitudeRule, magnitude_cell
from transforms.disclosure.releases import EARLIER, after_release
from transforms.disclosure.rounding import RoundedCounts, as_rounded, round_counts
from transforms.disclosure.shares import (
    CodedShare,
    ShownShare,
    coded_parts,
    coded_share,
    counts_behind,
    known_counts,
    share_relations,
    with_known_counts,
)
from transforms.disclosure.suppress import Suppression, Unprotected, suppress

__all__ = [
    "EARLIER",
    "Audit",
    "Cell",
    "CodedShare",
    "Finding",
    "LinkedCells",
    "MagnitudeRule",
    "Publication",
    "Relation",
    "RoundedCounts",
    "Rule",
    "ShownShare",
    "Suppression",
    "Unprotected",
    "Verdict",
    "after_release",
    "as_rounded",
    "audit",
    "bounds_of",
    "coded_parts",
    "coded_share",
    "counts_behind",
    "known_counts",
    "magnitude_cell",
    "overlapping",
    "part_of",
    "round_counts",
    "same_count",
    "share_relations",
    "suppress",
    "total_of",
    "with_known_counts",
]
