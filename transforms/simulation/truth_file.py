"""truth.json: what was planted, for whoever wants to hold a run to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from transforms.simulation import growth, leadership, measurement, participation
from transforms.simulation.assessment_files import ASSESSMENT_ID
from transforms.simulation.broken import BrokenLedger
from transforms.simulation.careers import Careers
from transforms.simulation.catalogue import TYPES, Activities
from transforms.simulation.exports import ExportedFile
from transforms.simulation.interim import GRADES, INTERIM_ID, TERM_CODES
from transforms.simulation.pd_files import lottery_constants
from transforms.simulation.plan import SUBJECTS, DistrictPlan, GrowthTruth
from transforms.simulation.questionnaires import BAD_ITEM
from transforms.simulation.repeaters import GradeTrades
from transforms.simulation.schools import District, Post


@dataclass(frozen=True)
class YearTruth:
    """What one school year came to.

    ``n_repeating`` and ``n_skipping`` count who repeated a grade and who skipped one on the way into the
    year. ``noise_sd`` and ``mean_pd_sd`` by subject; ``participants`` counts staff with attended hours by
    PD type.
    """

    school_year: int
    n_students: int
    n_new_students: int
    n_repeating: int
    n_skipping: int
    noise_sd: tuple[float, ...]
    mean_pd_sd: tuple[float, ...]
    participants: Mapping[str, int]


def truth_text(
    plan: DistrictPlan,
    truth: GrowthTruth,
    years: Sequence[YearTruth],
    ledger: BrokenLedger,
    files: Sequence[ExportedFile],
    findings: Mapping[str, Any],
) -> str:
    """The text of truth.json; ``findings`` are further sections by name."""
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
        **findings,
        "broken_rows": [asdict(entry) for entry in ledger.entries],
        "files": [asdict(file) for file in files],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def year_truth(
    school_year: int,
    trades: GradeTrades,
    step: growth.GrowthStep,
    activities: Activities,
    participations: participation.Participations,
) -> YearTruth:
    """What one school year came to."""
    attends = participations.status <= participation.STATUSES.index("partial")
    pd_type = activities.pd_type[participations.activity[attends]]
    pairs = np.unique(np.stack([pd_type, participations.staff[attends]]), axis=1)
    counts = np.bincount(pairs[0], minlength=len(TYPES))
    return YearTruth(
        school_year=school_year,
        n_students=len(trades.body),
        n_new_students=int(trades.body.is_new.sum()),
        n_repeating=len(trades.repeats),
        n_skipping=len(trades.skips),
        noise_sd=step.noise_sd,
        mean_pd_sd=step.mean_pd_sd,
        participants=dict(zip(TYPES, counts.tolist(), strict=True)),
    )


def assessment_truth(plan: DistrictPlan) -> dict[str, object]:
    """What the tests are like: errors of measurement, the test that is too easy, the interim test.

    The error's SD is in SD of the norm population at a true score of t: least + per_sd x min(|t|, 3);
    score_sem is that in scale points, also where a score stands at the highest that the test can give.
    """
    scales = {ASSESSMENT_ID: measurement.STATE_SCALE, INTERIM_ID: measurement.INTERIM_SCALE}
    return {
        "error_of_measurement_sd": {
            name: {"least": scale.least_error, "per_sd": scale.error_per_sd} for name, scale in scales.items()
        },
        "ceiling": {
            "assessment_id": ASSESSMENT_ID,
            "academic_subject": SUBJECTS[measurement.EASY_TEST_SUBJECT],
            "grade_level": measurement.EASY_TEST_GRADE,
            "school_year": plan.school_years[-1],
            "highest_score": measurement.easy_test_highest_score(plan),
        },
        "interim": {
            "assessment_id": INTERIM_ID,
            "grades": list(GRADES),
            "school_years": plan.school_years[plan.first_interim_year_index :],
            "terms": len(TERM_CODES),
            "who": "students who were in the district in the spring before",
        },
    }


def planted_gaps(district: District, n_named_comments: int) -> dict[str, object]:
    """What an evaluator should find besides the effects."""
    return {
        "hours_without_fit": {
            "school_id": district.school_ids[district.planted_school].as_py(),
            "pd_types": list(participation.PLANTED_SCHOOL_TYPES),
        },
        "leadership_funnel": {
            "pathway_level": leadership.BROKEN_LEVEL,
            "step": list(leadership.BROKEN_STEP),
            "chance": leadership.BROKEN_CHANCE,
        },
        "bad_survey_item": {"survey_id": "FB-*", "item_id": BAD_ITEM},
        "open_answers_that_name_a_person": n_named_comments,
    }


def lottery_truth(plan: DistrictPlan) -> dict[str, object]:
    """Which type was offered by lot, when, and how the offers were taken up."""
    return {
        **lottery_constants(plan.school_years[plan.lottery_year_index]),
        "take_up": participation.LOTTERY_TAKE_UP,
        "crossover": participation.LOTTERY_CROSSOVER,
    }


def drawn_variances(district: District, careers: Careers) -> dict[str, object]:
    """Variances of the effects that were drawn; in a small district they lie off the planned ones."""
    teachers = np.unique(careers.holder[:, district.post_kind < Post.SUPPORT])
    by_subject = np.var(careers.quality[teachers], axis=0)
    return {
        "school": float(np.var(district.school_effect)),
        "teacher": dict(zip(SUBJECTS, by_subject.tolist(), strict=True)),
    }
