"""Priorities, school ratings, self-assessments and decisions: how the district steers its PD."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from transforms.simulation.exports import ExportFolder, pick
from transforms.simulation.plan import Calendar
from transforms.simulation.schools import District

DISTRICT_PRIORITIES = ("DP1", "DP2", "DP3")  # mathematics, ela, all: in the order of catalogue.SUBJECT_NAMES
SELF_ASSESSMENT_QUERY = "mappings/self_assessment_long.sql"
_TITLES = (
    "Mathematical discourse in every classroom",
    "Knowledge-rich reading and writing",
    "Every student known and belonging",
)
_SCHOOL_TITLES = (
    "Time for grade teams to plan together",
    "Feedback that teachers can use next week",
    "Multilingual learners in grade-level work",
    "Attendance and belonging",
)
_PRACTICES = (
    "Coherent curriculum",
    "Time to collaborate",
    "Feedback to teachers",
    "Use of evidence",
    "Shared leadership",
    "Partnership with families",
)
_RESPONDENTS = ("principal", "leadership team", "teacher representative")
_NOTES = (
    None,
    "Seen in most classrooms during walkthroughs.",
    "Agendas of the team meetings.",
    "Not yet; planned for next year.",
)
_DECISIONS = (
    ("coaching", "scale", "Teachers ask for it and early results are good.", 0.10, "chief academic officer"),
    (
        "workshop_single",
        "stop",
        "Many hours, little to show for them.",
        0.0,
        "director of professional learning",
    ),
    ("collaborative_planning", "sustain", "Cheap, and schools want to keep it.", 0.03, "principals"),
    ("curriculum_based", "adapt", "Fewer sessions, closer to the units.", 0.05, "director of curriculum"),
    ("online_course", "study", "Nobody knows yet what it does.", 0.02, "research office"),
    ("conference", "pause", "Travel budget is needed elsewhere.", 0.0, "chief financial officer"),
)


def write_priorities(
    rng: np.random.Generator, district: District, calendar: Calendar, exports: ExportFolder
) -> None:
    """Write three priorities of the district and one of each school."""
    n_district, n = len(DISTRICT_PRIORITIES), district.n_schools
    titles = rng.integers(0, len(_SCHOOL_TITLES), n)
    exports.write_csv(
        "priority",
        "exports/planning/priorities.tsv",
        {
            "priority_id": pa.array([*DISTRICT_PRIORITIES, *(f"SP{1001 + school}" for school in range(n))]),
            "level": pa.array(["district"] * n_district + ["school"] * n),
            "title": pa.array([*_TITLES, *(_SCHOOL_TITLES[title] for title in titles)]),
            "school_id": pick(district.school_ids, np.concatenate([np.full(n_district, -1), np.arange(n)])),
            "academic_subject": pa.array(["mathematics", "ela", None] + [None] * n, pa.string()),
            "school_year": np.full(n_district + n, calendar.school_years[0]),
            "target": pa.array(
                ["Gap to the state mean halved in five years"] * 2 + [None] * (n + 1), pa.string()
            ),
        },
        delimiter="\t",
    )


def write_ratings(
    rng: np.random.Generator, district: District, calendar: Calendar, exports: ExportFolder
) -> None:
    """Write how much each school needs a district priority and how well the offer fits."""
    shape = (len(calendar.school_years), district.n_schools, len(DISTRICT_PRIORITIES))
    year, school, priority = (axis.ravel() for axis in np.indices(shape))
    need = np.clip(np.round(3.2 + rng.standard_normal(shape[1:]) + 0.3 * rng.standard_normal(shape)), 1, 5)
    fit = np.clip(np.round(3.4 + 0.8 * rng.standard_normal(shape)), 1, 5)
    need[:, district.planted_school], fit[:, district.planted_school] = 5, 1
    exports.write_csv(
        "school_priority_rating",
        "exports/planning/school_priority_ratings.csv",
        {
            "school_id": pick(district.school_ids, school),
            "priority_id": pick(DISTRICT_PRIORITIES, priority),
            "school_year": np.array(calendar.school_years)[year],
            "need": need.ravel().astype(int),
            "fit": fit.ravel().astype(int),
            "source": pick(("visit", "survey", "plan"), rng.integers(0, 3, year.size)),
        },
    )


def write_self_assessments(
    rng: np.random.Generator, district: District, calendar: Calendar, folder: Path, exports: ExportFolder
) -> None:
    """Write self-assessments with one column a practice, and the query that makes rows of them."""
    shape = (len(calendar.school_years), district.n_schools)
    year, school = (axis.ravel() for axis in np.indices(shape))
    level = 2.2 + 0.6 * rng.standard_normal((district.n_schools, len(_PRACTICES)))
    ratings = level[school] + 0.12 * year[:, None] + 0.3 * rng.standard_normal((year.size, len(_PRACTICES)))
    whole = np.clip(np.round(ratings), 1, 4).astype(int)
    columns = {
        "School": pick(district.school_ids, school),
        "Year": np.array(calendar.school_years)[year],
        "Completed By": pick(_RESPONDENTS, rng.integers(0, len(_RESPONDENTS), year.size)),
    }
    columns |= {practice: whole[:, i] for i, practice in enumerate(_PRACTICES)}
    columns["Notes"] = pick(_NOTES, rng.integers(0, len(_NOTES), year.size))
    exports.write_csv("self_assessment", "exports/planning/self_assessments.csv", columns)
    query = folder / SELF_ASSESSMENT_QUERY
    query.parent.mkdir(parents=True, exist_ok=True)
    query.write_text(_long_query(), encoding="utf-8")


def _long_query() -> str:
    names = ", ".join(f"'{practice}'" for practice in _PRACTICES)
    columns = ", ".join(f'"{practice}"' for practice in _PRACTICES)
    lines = (
        "-- one row per school, year and practice, from one column a practice",
        "select",
        "    source_line,",
        '    "School" as school_id,',
        '    "Year" as school_year,',
        f"    unnest([{names}]) as practice,",
        f"    unnest([{columns}]) as rating,",
        '    "Completed By" as respondent_role,',
        '    "Notes" as evidence',
        "from source",
    )
    return "\n".join(lines) + "\n"


def write_decisions(calendar: Calendar, exports: ExportFolder) -> None:
    """Write two decisions a year with what was expected of them; older ones went further round the cycle."""
    status = ("planned", "doing", "studied", "acted")
    records = []
    for year, school_year in enumerate(calendar.school_years):
        age = len(calendar.school_years) - 1 - year
        for place in range(2):
            pd_type, action, rationale, expected, owner = _DECISIONS[(2 * year + place) % len(_DECISIONS)]
            records.append(
                {
                    "decision_id": f"DC-{school_year}-{place + 1}",
                    "school_year": school_year,
                    "pd_type": pd_type,
                    "action": action,
                    "rationale": rationale,
                    "expected_effect_sd": expected,
                    "owner_role": owner,
                    "review_year": school_year + 1,
                    "status": status[min(age, len(status) - 1)],
                }
            )
    exports.write_jsonl("decision", "exports/planning/decisions.jsonl", records)
