"""truth_teachers.csv: what each teacher truly added to growth, for whoever holds value-added to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from transforms.simulation.careers import Careers, staff_ids
from transforms.simulation.exports import pick
from transforms.simulation.growth import GrowthStep
from transforms.simulation.plan import SUBJECTS
from transforms.simulation.rosters import RosterWeights
from transforms.simulation.schools import District

TEACHER_TRUTH_FILE = "truth_teachers.csv"


def teacher_truth(
    school_year: int,
    weights: Sequence[RosterWeights],
    is_growing: np.ndarray,
    step: GrowthStep,
    pd_by_staff: np.ndarray,
    careers: Careers,
    district: District,
) -> pa.Table:
    """One row per teacher and subject with students who grew in the year (``is_growing``, by student).

    Effects are in SD of student scores on the growth of a student whom the teacher teaches all year:
    ``teacher_effect_sd`` is lasting, ``teacher_year_effect_sd`` of the year, ``pd_effect_sd`` that of the
    hours in the growth window less the students' mean. ``growth_effect_sd`` is the sum of the three. Beside
    it stands the effect of the school, where the teacher is in several the mean over the students.
    """
    parts = []
    for subject, weight in enumerate(weights):
        by_spell = weight.weight * is_growing[weight.student, None]
        taught = weight.staff >= 0
        staff, share = weight.staff[taught], by_spell[taught]
        students = np.bincount(staff, share, careers.n_staff)
        school = np.broadcast_to(district.school_effect[weight.school][:, None], by_spell.shape)[taught]
        school_sum = np.bincount(staff, share * school, careers.n_staff)
        who = np.flatnonzero(students)
        lasting, of_year = careers.quality[who, subject], step.teacher_year[who, subject]
        pd = pd_by_staff[who, subject] - step.mean_pd_sd[subject]
        columns = {
            "n_students_weighted": np.round(students[who], 3),
            "teacher_effect_sd": lasting,
            "teacher_year_effect_sd": of_year,
            "pd_effect_sd": pd,
            "growth_effect_sd": lasting + of_year + pd,
            "school_effect_sd": school_sum[who] / students[who],
        }
        parts.append(
            pa.table(
                {
                    "staff_id": staff_ids(who),
                    "academic_subject": pick(SUBJECTS, np.full(len(who), subject)),
                    "school_year": np.full(len(who), school_year),
                    **{name: np.round(values, 6) for name, values in columns.items()},
                }
            )
        )
    return pa.concat_tables(parts)


def write_teacher_truth(tables: Sequence[pa.Table], folder: Path) -> None:
    """Write the truth about all years beside the study file, where no source of the study reads it."""
    options = pyarrow.csv.WriteOptions(quoting_style="needed", quoting_header="needed")
    pyarrow.csv.write_csv(pa.concat_tables(tables), folder / TEACHER_TRUTH_FILE, options)
