"""A simulated district: all entities of the contract with a known truth written beside them.

It is the demo, the recovery test (do the designs find what was planted?) and the power tool. The same
plan gives the same bytes. Every person, school and score is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from transforms.simulation import (
    assessment_files,
    growth,
    improvement,
    interim,
    leadership,
    measurement,
    participation,
    pd_files,
    repeaters,
    roster_files,
    rosters,
    schools,
    students,
    surveys,
)
from transforms.simulation import careers as people
from transforms.simulation.broken import BrokenLedger
from transforms.simulation.catalogue import TYPES, Activities, offer_activities
from transforms.simulation.exports import ExportedFile, ExportFolder
from transforms.simulation.plan import (
    SUBJECTS,
    Calendar,
    DistrictPlan,
    GrowthTruth,
    make_calendar,
    named_stream,
)
from transforms.simulation.study_file import study_text
from transforms.simulation.teacher_truth import TEACHER_TRUTH_FILE, teacher_truth, write_teacher_truth
from transforms.simulation.truth_file import (
    YearTruth,
    assessment_truth,
    drawn_variances,
    lottery_truth,
    planted_gaps,
    truth_text,
    year_truth,
)

__all__ = ["DistrictPlan", "SimulatedDistrict", "simulate_district"]


@dataclass(frozen=True)
class SimulatedDistrict:
    """What was written: the study folder, its files and the rows of each entity, broken rows included."""

    folder: Path
    study_file: Path
    truth_file: Path
    files: tuple[ExportedFile, ...]
    row_counts: Mapping[str, int]


@dataclass(frozen=True)
class _World:
    """What all years share."""

    plan: DistrictPlan
    truth: GrowthTruth
    calendar: Calendar
    district: schools.District
    careers: people.Careers
    exports: ExportFolder
    ledger: BrokenLedger


@dataclass(frozen=True)
class _Year:
    """What one school year leaves to the next and to the files of all years."""

    body: students.StudentBody
    next_number: int
    hours_after_test: np.ndarray
    activities: Activities
    participations: participation.Participations
    truth: YearTruth
    teacher_truth: pa.Table


def simulate_district(plan: DistrictPlan, folder: Path) -> SimulatedDistrict:
    """Write study.toml, exports/, truth.json and the truth about teachers into ``folder``.

    Files of the same names are overwritten. One school year's tables are in memory at a time.
    """
    rng = np.random.default_rng((plan.seed, 0))
    world = _make_world(rng, plan, folder)
    years: list[_Year] = []
    for year in range(plan.n_years):
        year_rng = np.random.default_rng((plan.seed, 1 + year))
        years.append(_simulate_year(year_rng, world, year, years[-1] if years else None))
    _write_files_of_all_years(rng, world, years)
    named_comments = sum(_write_second_opinions(rng, world, index, year) for index, year in enumerate(years))
    study_file, truth_file = folder / "study.toml", folder / "truth.json"
    write_teacher_truth([year.teacher_truth for year in years], folder)
    study_file.write_text(study_text(plan), encoding="utf-8")
    files = tuple(world.exports.files)
    truth_file.write_text(
        truth_text(
            plan,
            world.truth,
            [year.truth for year in years],
            world.ledger,
            files,
            {
                "planted_gaps": planted_gaps(world.district, named_comments),
                "lottery": lottery_truth(plan),
                "drawn_variances": drawn_variances(world.district, world.careers),
                "assessments": assessment_truth(plan),
                "teacher_effects": {"file": TEACHER_TRUTH_FILE},
            },
        ),
        encoding="utf-8",
    )
    counts: dict[str, int] = {}
    for file in files:
        counts[file.entity] = counts.get(file.entity, 0) + file.rows
    return SimulatedDistrict(folder, study_file, truth_file, files, counts)


def _make_world(rng: np.random.Generator, plan: DistrictPlan, folder: Path) -> _World:
    truth = GrowthTruth()
    district = schools.make_district(rng, plan, truth.school_sd)
    return _World(
        plan=plan,
        truth=truth,
        calendar=make_calendar(rng, plan),
        district=district,
        careers=people.make_careers(rng, district, plan.n_years, len(TYPES), truth),
        exports=ExportFolder(folder),
        ledger=BrokenLedger(plan.broken_share),
    )


def _simulate_year(rng: np.random.Generator, world: _World, year: int, before: _Year | None) -> _Year:
    plan, district, truth = world.plan, world.district, world.truth
    trades, next_number = _students_of_year(rng, world, year, before)
    body = trades.body
    spells = rosters.seat_students(rng, body, district, world.calendar, year)
    teaching = rosters.assign_teaching(rng, district, world.careers, world.calendar, year)
    activities, participations = _professional_development(rng, world, year)
    hours = participation.window_hours(
        participations, activities, world.calendar, year, world.careers.n_staff
    )
    carried_hours = before.hours_after_test if before is not None else np.zeros_like(hours.after_test)
    weights = tuple(
        rosters.roster_weights(spells, teaching, district, subject, len(body))
        for subject in range(len(SUBJECTS))
    )
    contribution = participation.pd_contribution(hours.until_test + carried_hours, plan.effect_by_type)
    step = growth.grow(rng, body, weights, district, world.careers, contribution, truth)
    if year >= plan.first_interim_year_index:
        made_of = interim.YearOfGrowth(body, step, weights, activities, participations, carried_hours)
        stream = named_stream(plan, "interim", year)
        interim.write_interim_results(stream, plan, truth, world.calendar, year, made_of, world.exports)
    school_year = world.calendar.school_years[year]
    teachers = teacher_truth(school_year, weights, ~body.is_new, step, contribution, world.careers, district)
    body = replace(body, true_score=step.true_score)
    _write_year(rng, world, year, body, spells, teaching)
    found = year_truth(school_year, trades, step, activities, participations)
    return _Year(body, next_number, hours.after_test, activities, participations, found, teachers)


def _students_of_year(
    rng: np.random.Generator, world: _World, year: int, before: _Year | None
) -> tuple[repeaters.GradeTrades, int]:
    """The students at the beginning of a year and the number of the next newcomer."""
    if before is None:
        body = students.first_body(rng, world.plan, world.district, world.truth)
        next_number = len(body)
    else:
        body = students.next_body(rng, before.body, before.next_number, world.district, world.truth)
        next_number = before.next_number + int(body.is_new.sum())
    stream = named_stream(world.plan, "repeaters", year)
    return repeaters.trade_grades(stream, body, world.district), next_number


def _professional_development(
    rng: np.random.Generator, world: _World, year: int
) -> tuple[Activities, participation.Participations]:
    careers, district = world.careers, world.district
    activities = offer_activities(rng, world.calendar.school_years[year])
    employed = participation.employed_in(careers, district, world.calendar, year)
    index = participation.participation_index(world.plan, careers, district, employed, year, world.truth)
    lottery = None
    if year == world.plan.lottery_year_index:
        lottery = participation.draw_lottery(rng, employed, district)
        pd_files.write_lottery(lottery, district, world.calendar, year, world.exports)
    participations = participation.take_part(
        rng, index, careers, district, employed, activities, year, lottery
    )
    outsiders = careers.holder[year, district.post_kind == schools.Post.CENTRAL_OFFICE]
    pd_files.write_participations(rng, participations, activities, outsiders, world.exports, world.ledger)
    return activities, participations


def _write_year(
    rng: np.random.Generator,
    world: _World,
    year: int,
    body: students.StudentBody,
    spells: rosters.Spells,
    teaching: rosters.Teaching,
) -> None:
    district, calendar, exports, ledger = world.district, world.calendar, world.exports, world.ledger
    school_year = calendar.school_years[year]
    students.write_students(rng, body, school_year, exports)
    roster_files.write_enrollments(rng, body, spells, district, calendar, year, exports, ledger)
    roster_files.write_sections(district, school_year, exports)
    roster_files.write_section_staff(district, teaching, calendar, year, exports, ledger)
    roster_files.write_section_students(rng, body, spells, district, calendar, year, exports, ledger)
    scores = [
        measurement.administer(
            rng,
            body,
            subject,
            year,
            measurement.STATE_SCALE,
            highest_score=measurement.highest_state_scores(body, subject, year, world.plan),
        )
        for subject in range(len(SUBJECTS))
    ]
    assessment_files.write_assessment_results(rng, body, scores, calendar, year, exports, ledger)


def _write_files_of_all_years(rng: np.random.Generator, world: _World, years: list[_Year]) -> None:
    district, calendar, exports = world.district, world.calendar, world.exports
    offers = [year.activities for year in years]
    schools.write_schools(rng, district, exports)
    people.write_staff(rng, world.careers, calendar, exports)
    people.write_staff_assignments(rng, district, world.careers, calendar, exports, world.ledger)
    _write_assessment_tables(world)
    pd_files.write_activities(rng, offers, improvement.DISTRICT_PRIORITIES, exports)
    pd_files.write_sessions(rng, offers, district, exports)
    pd_files.write_costs(rng, offers, [year.participations for year in years], exports)
    improvement.write_priorities(rng, district, calendar, exports)
    improvement.write_ratings(rng, district, calendar, exports)
    improvement.write_self_assessments(rng, district, calendar, exports.folder, exports)
    improvement.write_decisions(calendar, exports)
    leadership.write_leadership_events(rng, world.careers, calendar, exports)


def _write_assessment_tables(world: _World) -> None:
    assessment_files.write_norms(world.calendar, world.exports)
    for assessment_id, scale, first_year in (
        (assessment_files.ASSESSMENT_ID, measurement.STATE_SCALE, 0),
        (interim.INTERIM_ID, measurement.INTERIM_SCALE, world.plan.first_interim_year_index),
    ):
        assessment_files.write_cut_scores(assessment_id, scale, world.calendar, first_year, world.exports)


def _write_second_opinions(rng: np.random.Generator, world: _World, index: int, year: _Year) -> int:
    """Write observations and surveys of a year; return the open answers that name a person."""
    shared = (rng, world.district, world.careers, world.calendar, index)
    leadership.write_observations(*shared, world.truth, world.exports)
    return surveys.write_surveys_of_year(*shared, year.activities, year.participations, world.exports)
