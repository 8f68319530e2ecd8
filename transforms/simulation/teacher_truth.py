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
    tables = []
    for subject, weight in enumerate(weights):
        students, school = _students_and_school(weight, is_growing, careers.n_staff, district)
        who = np.flatnonzero(students)
        effects = {
            "teacher_effect_sd": careers.quality[who, subject],
            "teacher_year_effect_sd": step.teacher_year[who, subject],
            "pd_effect_sd": pd_by_staff[who, subject] - step.mean_pd_sd[subject],
        }
        effects |= {"growth_effect_sd": sum(effects.values()), "school_effect_sd": school[who]}
        columns = {
            "staff_id": staff_ids(who),
            "academic_subject": pick(SUBJECTS, np.full(len(who), subject)),
            "school_year": np.full(len(who), school_year),
            "n_students_weighted": np.round(students[who], 3),
        }
        tables.append(pa.table(columns | {name: np.round(values, 6) for name, values in effects.items()}))
    return pa.concat_tables(tables)


def _students_and_school(
    weight: RosterWeights, is_growing: np.ndarray, n_staff: int, district: District
) -> tuple[np.ndarray, np.ndarray]:
    """By staff member, the sum of weights of students who grew and their mean school effect (0 for none)."""
    by_spell = weight.weight * is_growing[weight.student, None]
    taught = weight.staff >= 0
    staff, share = weight.staff[taught], by_spell[taught]
    school_effect = np.broadcast_to(district.school_effect[weight.school][:, None], by_spell.shape)[taught]
    students = np.bincount(staff, share, n_staff)
    total = np.bincount(staff, share * school_effect, n_staff)
    return students, np.divide(total, students, out=np.zeros(n_staff), where=students > 0)


def write_teacher_truth(tables: Sequence[pa.Table], folder: Path) -> None:
    """Write the truth about all years beside the study file, where no source of the study reads it."""
    options = pyarrow.csv.WriteOptions(quoting_style="needed", quoting_header="needed")
    pyarrow.csv.write_csv(pa.concat_tables(tables), folder / TEACHER_TRUTH_FILE, options)
