"""Export files of professional development: activities, sessions, attendance, costs and the lottery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from transforms.simulation.broken import BrokenLedger, append_rows, spoiled
from transforms.simulation.careers import staff_ids
from transforms.simulation.catalogue import PROFILES, SUBJECT_NAMES, TYPES, Activities
from transforms.simulation.exports import ExportFolder, month_day_year, pick
from transforms.simulation.participation import LOTTERY_TYPE, Lottery, Participations
from transforms.simulation.plan import Calendar, day
from transforms.simulation.schools import District

INITIATORS = ("district", "school", "teacher")
_VENDOR_STATUS = ("Y", "P", "N/S", "W")
HOURLY_TEACHER_COST = 42.0
HOURLY_FACILITATOR_COST = 95.0
DAILY_SUBSTITUTE_COST = 180.0
MATERIALS_PER_PARTICIPANT = 12.0
_INGREDIENTS = ("teacher time", "facilitator time", "materials")
_UNITS = ("hours", "hours", "participants")


def write_activities(
    rng: np.random.Generator,
    offers: Sequence[Activities],
    priority_by_subject: Sequence[str],
    exports: ExportFolder,
) -> None:
    """Write the activities of all years as JSON lines; half of them serve a priority of the district."""
    records = []
    for activities in offers:
        serves_priority = rng.random(len(activities)) < 0.5
        for row, activity_id in enumerate(activities.activity_id):
            profile = PROFILES[TYPES[activities.pd_type[row]]]
            subject = int(activities.subject[row])
            dates = activities.session_date[row, : activities.n_sessions[row]]
            records.append(
                {
                    "pd_activity_id": activity_id,
                    "title": activities.title[row],
                    "pd_type": TYPES[activities.pd_type[row]],
                    "academic_subject": SUBJECT_NAMES[subject],
                    "initiated_by": INITIATORS[activities.initiated_by[row]],
                    "priority_id": priority_by_subject[subject] if serves_priority[row] else None,
                    "is_curriculum_linked": profile.is_curriculum_linked,
                    "is_mandatory": bool(activities.is_mandatory[row]),
                    "research_base": profile.research_base,
                    "provider": profile.provider,
                    "planned_hours": float(activities.session_hours[row] * activities.n_sessions[row]),
                    "start_date": str(dates.min()),
                    "end_date": str(dates.max()),
                }
            )
    exports.write_jsonl("pd_activity", "exports/pd/activities.jsonl", records)


def write_sessions(
    rng: np.random.Generator, offers: Sequence[Activities], district: District, exports: ExportFolder
) -> None:
    """Write the sessions of all years, dates month first; a third name the school that hosts them."""
    parts = []
    for activities in offers:
        activity, number = activities.session_activity, activities.session_number
        host = rng.integers(0, district.n_schools, len(activity))
        hosted = np.where(rng.random(len(activity)) < 1 / 3, host, -1)
        parts.append(
            pa.table(
                {
                    "Course": pick(activities.activity_id, activity),
                    "Section": pa.array([f"{n + 1:02d}" for n in number]),
                    "Date": month_day_year(activities.session_date[activity, number]),
                    "Length (h)": activities.session_hours[activity],
                    "Site": pick(district.school_ids, hosted),
                }
            )
        )
    exports.write_csv("pd_session", "exports/pd/sessions.csv", pa.concat_tables(parts))


def write_participations(
    rng: np.random.Generator,
    participations: Participations,
    activities: Activities,
    outsiders: np.ndarray,
    exports: ExportFolder,
    ledger: BrokenLedger,
) -> None:
    """Write one school year's attendance, with the learning platform's headers and codes.

    ``outsiders`` are staff who take part in nothing: broken rows are theirs, so their keys meet no good
    row's.
    """
    table = _attendance(participations, activities)
    path = f"exports/pd/attendance/pd_participation_{activities.school_year}.csv"
    n = ledger.count(table.num_rows, 4)
    bad = _attendance(_of_outsiders(outsiders, activities, 2 * n), activities)
    rows = rng.permutation(table.num_rows)[: 2 * n]
    strangers = pa.array([f"T98{i:04d}" for i in range(n)], pa.string())
    broken = (
        spoiled(table, rows[:n], {"Employee ID": strangers}),
        spoiled(bad, np.arange(n), {"Credit Hrs": "-2"}),
        spoiled(bad, np.arange(n, 2 * n), {"Status": "??"}),
        spoiled(table, rows[n:], {}),
    )
    ledger.note("pd_participation", path, "unknown_staff", n)
    ledger.note("pd_participation", path, "out_of_range", n)
    ledger.note("pd_participation", path, "not_allowed", n)
    ledger.note("pd_participation", path, "repeated_row", n, "duplicate")
    exports.write_csv("pd_participation", path, append_rows(table, *broken))


def _attendance(participations: Participations, activities: Activities) -> pa.Table:
    return pa.table(
        {
            "Employee ID": staff_ids(participations.staff),
            "Course": pick(activities.activity_id, participations.activity),
            "Section": pick([f"{n + 1:02d}" for n in range(20)], participations.session),
            "Credit Hrs": participations.hours,
            "Status": pick(_VENDOR_STATUS, participations.status),
        }
    )


def _of_outsiders(outsiders: np.ndarray, activities: Activities, n: int) -> Participations:
    """One row each for n distinct pairs of outsider and session."""
    sessions = len(activities.session_activity)
    lap, place = np.divmod(np.arange(n), sessions)
    return Participations(
        staff=outsiders[lap % len(outsiders)],
        activity=activities.session_activity[place],
        session=activities.session_number[place],
        hours=np.full(n, 1.0),
        status=np.zeros(n, dtype=np.int64),
    )


def write_costs(
    rng: np.random.Generator,
    offers: Sequence[Activities],
    attended: Sequence[Participations],
    exports: ExportFolder,
) -> None:
    """Write what each activity cost by ingredient, as Parquet."""
    columns: dict[str, list[np.ndarray]] = {"activity": [], "ingredient": [], "year": [], "quantity": []}
    names: list[str] = []
    for activities, participations in zip(offers, attended, strict=True):
        n = len(activities)
        hours = np.bincount(participations.activity, participations.hours, n)
        pairs = np.unique(participations.activity * 10**7 + participations.staff) // 10**7
        facilitator = activities.n_sessions * activities.session_hours * rng.uniform(1.2, 2.0, n)
        columns["quantity"].append(np.concatenate([hours, facilitator, np.bincount(pairs, minlength=n)]))
        columns["activity"].append(np.tile(np.arange(n), 3) + len(names))
        columns["ingredient"].append(np.repeat(np.arange(3), n))
        columns["year"].append(np.full(3 * n, activities.school_year))
        names += activities.activity_id
    ingredient = np.concatenate(columns["ingredient"])
    quantity = np.round(np.concatenate(columns["quantity"]), 1)
    price = np.array([HOURLY_TEACHER_COST, HOURLY_FACILITATOR_COST, MATERIALS_PER_PARTICIPANT])
    exports.write_parquet(
        "pd_cost",
        "exports/finance/pd_cost.parquet",
        {
            "pd_activity_id": pick(names, np.concatenate(columns["activity"])),
            "ingredient": pick(_INGREDIENTS, ingredient),
            "school_year": np.concatenate(columns["year"]),
            "amount": np.round(quantity * price[ingredient], 2),
            "quantity": quantity,
            "unit": pick(_UNITS, ingredient),
        },
    )


def write_lottery(
    lottery: Lottery, district: District, calendar: Calendar, year: int, exports: ExportFolder
) -> None:
    """Write the offers of the coaching lottery."""
    school_year = calendar.school_years[year]
    n = len(lottery.staff)
    exports.write_csv(
        "pd_assignment",
        "exports/pd/coaching_lottery.csv",
        {
            "staff_id": staff_ids(lottery.staff),
            "Offered": lottery.is_offered.astype(np.int8),
            "block": pick(district.school_ids, lottery.school),
            "assignment_date": np.full(n, day(school_year - 1, "08-14")),
        },
    )


def lottery_constants(school_year: int) -> dict[str, str]:
    """What holds for every row of the lottery file."""
    return {"pd_type": LOTTERY_TYPE, "cohort": f"lottery-{school_year}"}
