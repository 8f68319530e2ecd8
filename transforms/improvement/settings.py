"""What the improvement loop takes from a study."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from transforms.improvement.default_rules import Recommendation


@dataclass(frozen=True)
class ImprovementSettings:
    """``report_year``: the spring year that pages show; ``landing``: the restricted file with open answers.

    ``seed`` fixes every draw, so that the same input gives the same output. ``recommendation`` holds the
    rules by which PD types are recommended.
    """

    report_year: int
    landing: Path | None = None
    seed: int = 20_250
    recommendation: Recommendation = field(default_factory=Recommendation)
