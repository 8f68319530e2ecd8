"""Staff over the years: who holds which post when, their experience and their quality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from transforms.simulation.broken import BrokenLedger, append_rows, spoiled
from transforms.simulation.exports import ExportFolder, ids, month_day_year, pick, yes_no
from transforms.simulation.plan import SUBJECTS, Calendar, GrowthTruth, day
from transforms.simulation.schools import District, Post

TURNOVER = 0.08
MID_YEAR_CHANGE = 0.02
SCHOOL_CHANGE = 0.015
NOVICE_BELOW_YEARS = 3
_FIRST_NAMES = (
    "Alma", "Benicio", "Cora", "Dashiell", "Esmé", "Ferris", "Greer", "Hollis", "Inés", "José", "Kit",
    "Lark", "Marlowe", "Nell", "Otis", "Pilar", "Quill", "Renée", "Sorrel", "Thaddeus", "Una", "Vesper",
    "Wren", "Zoë",
)  # fmt: skip
_LAST_NAMES = (
    "Ashdown", "Birchwater", "Castañeda", "Dovecote", "Evenwood", "Fallowfield", "Gooseberry", "Hartsong",
    "Ibáñez", "Jessamine", "Kestrel", "Larkspur", "Muñoz", "Nightingale", "Núñez", "Oakhollow", "Peña",
    "Quickwater", "Rosemead", "Silverbrook", "Thistlewood", "Underhill", "Vale", "Winterbourne", "Yarrow",
)  # fmt: skip
_DEGREES = ("Bachelor's", "Master's", "Specialist", "Doctorate")
_ROLES = (
    "teacher",
    "instructional_coach",
    "principal",
    "assistant_principal",
    "central_office",
    "teacher_leader",
)
_ROLE_OF_POST = np.array([0, 0, 0, 0, 1, 2, 3, 4])


@dataclass(frozen=True)
class Careers:
    """Holders of posts by year and the attributes of all staff.

    ``holder`` and ``successor`` have shape (years, posts); a successor (-1: none) takes over the day
    after the middle day of the year. Attributes have one entry per staff member: ``hire_year`` is a
    position in the calendar, negative for years before it.
    """

    holder: np.ndarray
    successor: np.ndarray
    hire_year: np.ndarray
    is_mid_year_hire: np.ndarray
    experience_at_hire: np.ndarray
    quality: np.ndarray  # (staff, subjects) teacher effect, SD of student growth
    taste: np.ndarray  # (staff, PD types) lasting liking, SD, unrelated to quality

    @property
    def n_staff(self) -> int:
        """Staff members over all years."""
        return len(self.hire_year)

    def experience(self, year_index: int) -> np.ndarray:
        """Years of experience by staff member at the beginning of a school year, at least 0."""
        return np.maximum(self.experience_at_hire + year_index - self.hire_year, 0)


def make_careers(
    rng: np.random.Generator, district: District, n_years: int, n_pd_types: int, truth: GrowthTruth
) -> Careers:
    """Draw turnover, moves between schools and replacements for all years."""
    n_posts = len(district.post_kind)
    holder = np.empty((n_years, n_posts), dtype=np.int64)
    successor = np.full((n_years, n_posts), -1)
    hired: list[tuple[int, bool, int]] = [(0, False, n_posts)]  # (year, mid-year, people)
    current = np.arange(n_posts)
    n_staff = n_posts
    for year in range(n_years):
        if year:
            leaves = rng.random(n_posts) < TURNOVER
            current = _trade_places(rng, current, district.post_kind)
            current[leaves] = n_staff + np.arange(leaves.sum())
            n_staff += int(leaves.sum())
            hired.append((year, False, int(leaves.sum())))
        holder[year] = current
        changes = (rng.random(n_posts) < MID_YEAR_CHANGE) & district.post_is_teaching
        successor[year, changes] = n_staff + np.arange(changes.sum())
        n_staff += int(changes.sum())
        hired.append((year, True, int(changes.sum())))
        current = np.where(changes, successor[year], current)
    return _with_attributes(rng, holder, successor, hired, n_pd_types, truth)


def _trade_places(rng: np.random.Generator, current: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Some holders trade posts with holders of the same kind, so teachers change schools."""
    traded = current.copy()
    for one_kind in np.unique(kind):
        movers = np.flatnonzero((kind == one_kind) & (rng.random(len(kind)) < SCHOOL_CHANGE))
        traded[movers] = current[np.roll(movers, 1)]
    return traded


def _with_attributes(
    rng: np.random.Generator,
    holder: np.ndarray,
    successor: np.ndarray,
    hired: list[tuple[int, bool, int]],
    n_pd_types: int,
    truth: GrowthTruth,
) -> Careers:
    years, is_mid_year, people = (np.array(part) for part in zip(*hired, strict=True))
    hire_year = np.repeat(years, people)
    n_staff, n_first = len(hire_year), int(people[0])
    experience = np.where(rng.random(n_staff) < 0.7, 0, rng.integers(1, 16, n_staff))
    experience[:n_first] = np.minimum(rng.exponential(10, n_first), 35).astype(int)
    tenure = np.minimum(experience, rng.integers(0, 20, n_staff))
    hire_year[:n_first] -= tenure[:n_first]
    experience[:n_first] -= tenure[:n_first]
    shared = np.sqrt(truth.teacher_subject_correlation) * rng.standard_normal((n_staff, 1))
    own = np.sqrt(1 - truth.teacher_subject_correlation) * rng.standard_normal((n_staff, len(SUBJECTS)))
    return Careers(
        holder=holder,
        successor=successor,
        hire_year=hire_year,
        is_mid_year_hire=np.repeat(is_mid_year, people),
        experience_at_hire=experience,
        quality=truth.teacher_sd * (shared + own),
        taste=rng.standard_normal((n_staff, n_pd_types)),
    )


def staff_ids(numbers: np.ndarray) -> pa.Array:
    """Employee ids."""
    return ids("T", numbers, 6)


def staff_names(n_staff: int) -> list[tuple[str, str]]:
    """Fictional first and last names by staff number."""
    return [
        (
            _FIRST_NAMES[i % len(_FIRST_NAMES)],
            _LAST_NAMES[(i * 7 + i // len(_FIRST_NAMES)) % len(_LAST_NAMES)],
        )
        for i in range(n_staff)
    ]


def write_staff(
    rng: np.random.Generator, careers: Careers, calendar: Calendar, exports: ExportFolder
) -> None:
    """Write the staff file of the human resources system: Windows encoding, dates month first."""
    n = careers.n_staff
    years = calendar.school_years[0] + careers.hire_year
    summer = np.array([day(y - 1, "07-13") for y in years]) + rng.integers(0, 19, n)
    winter = np.array([day(y, "01-16") for y in years])
    last_year = np.zeros(n, dtype=np.int64)
    for year, people in enumerate(careers.holder):
        last_year[people] = year
    experience = np.maximum(careers.experience_at_hire + last_year - careers.hire_year, 0)
    first, last = (pa.array(part) for part in zip(*staff_names(n), strict=True))
    exports.write_csv(
        "staff",
        "exports/hr/staff.csv",
        {
            "Employee ID": staff_ids(np.arange(n)),
            "First Name": first,
            "Last Name": last,
            "E-mail": pa.array([f"staff.{i:06d}@example.org" for i in range(n)]),
            "Hire Date": month_day_year(np.where(careers.is_mid_year_hire, winter, summer)),
            "Yrs Exp": experience,
            "Degree": pick(_DEGREES, rng.choice(4, n, p=(0.45, 0.45, 0.07, 0.03))),
            "Novice": yes_no(experience < NOVICE_BELOW_YEARS),
        },
        encoding="cp1252",
    )


def write_staff_assignments(
    rng: np.random.Generator,
    district: District,
    careers: Careers,
    calendar: Calendar,
    exports: ExportFolder,
    ledger: BrokenLedger,
) -> None:
    """Write the position list of all years; vacant positions have no employee and are skipped."""
    parts = [
        _assignments_of_year(rng, district, careers, calendar, year)
        for year in range(len(calendar.school_years))
    ]
    table = pa.concat_tables(parts)
    vacancies = spoiled(
        table, np.arange(0, table.num_rows, 60), {"Employee ID": None, "Begin": None, "End": None}
    )
    path = "exports/hr/positions.tsv"
    ledger.note("staff_assignment", path, "vacant_position", vacancies.num_rows, "skipped")
    exports.write_csv("staff_assignment", path, append_rows(table, vacancies), delimiter="\t")


def _assignments_of_year(
    rng: np.random.Generator, district: District, careers: Careers, calendar: Calendar, year: int
) -> pa.Table:
    holder, successor = careers.holder[year], careers.successor[year]
    replaced = np.flatnonzero(successor >= 0)
    leaders = np.flatnonzero(district.post_is_teaching & (rng.random(len(holder)) < 0.05))
    posts = np.concatenate([np.arange(len(holder)), replaced, leaders])
    staff = np.concatenate([holder, successor[replaced], holder[leaders]])
    first, middle, last = calendar.first_day[year], calendar.middle_day(year), calendar.last_day[year]
    is_second = np.repeat([False, True, False], [len(holder), len(replaced), len(leaders)])
    is_leader = np.repeat([False, False, True], [len(holder), len(replaced), len(leaders)])
    ends_early = (successor[posts] >= 0) & ~is_second
    role = np.where(is_leader, _ROLES.index("teacher_leader"), _ROLE_OF_POST[district.post_kind[posts]])
    return pa.table(
        {
            "Employee ID": staff_ids(staff),
            "School": pick(district.school_ids, district.post_school[posts]),
            "Year": np.full(len(posts), calendar.school_years[year]),
            "Role": pick(_ROLES, role),
            "FTE": np.where(is_leader, 0.1, np.where(district.post_kind[posts] == Post.SUPPORT, 0.8, 1.0)),
            "Begin": np.where(is_second, middle + 1, first),
            "End": np.where(ends_early, middle, last),
        }
    )
