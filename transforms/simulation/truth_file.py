"""truth.json: what was planted, for whoever wants to hold a run to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from transforms.simulation.broken import BrokenLedger
from transforms.simulation.exports import ExportedFile
from transforms.simulation.plan import DistrictPlan, GrowthTruth


@dataclass(frozen=True)
class YearTruth:
    """What one school year came to.

    ``noise_sd`` and ``mean_pd_sd`` by subject; ``participants`` counts staff with attended hours by PD type.
    """

    school_year: int
    n_students: int
    n_new_students: int
    noise_sd: tuple[float, ...]
    mean_pd_sd: tuple[float, ...]
    participants: Mapping[str, int]


def truth_text(
    plan: DistrictPlan,
    truth: GrowthTruth,
    years: Sequence[YearTruth],
    ledger: BrokenLedger,
    planted_gaps: Mapping[str, Any],
    lottery: Mapping[str, Any],
    files: Sequence[ExportedFile],
) -> str:
    """The text of truth.json."""
    content = {
        "plan": asdict(plan) | {"effects": dict(plan.effects)},
        "seed": plan.seed,
        "effects_sd_per_10_hours": plan.effect_by_type,
        "growth_model": asdict(truth),
        "variance_components": {
            "school": truth.school_sd**2,
            "teacher": truth.teacher_sd**2,
            "teacher_year": truth.teacher_year_sd**2,
        },
        "years": [asdict(year) for year in years],
        "planted_gaps": dict(planted_gaps),
        "lottery": dict(lottery),
        "broken_rows": [asdict(entry) for entry in ledger.entries],
        "files": [asdict(file) for file in files],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
