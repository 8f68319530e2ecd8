"""Who takes part in professional development, for how many hours, and what that does to growth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from transforms.simulation.careers import NOVICE_BELOW_YEARS, Careers
from transforms.simulation.catalogue import ALL_SUBJECTS, PROFILES, TYPES, Activities
from transforms.simulation.plan import SUBJECTS, Calendar, DistrictPlan, GrowthTruth
from transforms.simulation.schools import District, Post

STATUSES = ("attended", "partial", "absent", "withdrawn")
STATUS_SHARES = (0.92, 0.03, 0.04, 0.01)
SESSION_SHARE = 0.9  # of an activity's sessions that a participant is booked into
LOTTERY_TYPE = "coaching"
LOTTERY_TAKE_UP = 0.70
LOTTERY_CROSSOVER = 0.05
NOVICE_MENTORING_SHARE = 0.70
SCHOOL_WEIGHT = 0.5  # of school effect and of experience beside teacher quality in selection
TASTE_WEIGHT = 0.6
PLANTED_SCHOOL_SHIFT = 1.5
PLANTED_SCHOOL_TYPES = ("workshop_single", "workshop_series", "online_course", "conference")


@dataclass(frozen=True)
class Employed:
    """Everyone in a school post in one year, one entry each, with the first and last day in it."""

    staff: np.ndarray
    post: np.ndarray
    begin: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Lottery:
    """The year's coaching lottery, one entry per teacher in it; blocks are schools."""

    staff: np.ndarray
    school: np.ndarray
    is_offered: np.ndarray
    takes_part: np.ndarray


@dataclass(frozen=True)
class Participations:
    """One entry per staff member, activity and session of a year."""

    staff: np.ndarray
    activity: np.ndarray
    session: np.ndarray
    hours: np.ndarray
    status: np.ndarray


def employed_in(careers: Careers, district: District, calendar: Calendar, year: int) -> Employed:
    """Staff in school posts; holders who leave in mid-year and their successors share a post."""
    posts = np.flatnonzero(district.post_kind != Post.CENTRAL_OFFICE)
    replaced = posts[careers.successor[year, posts] >= 0]
    middle = calendar.middle_day(year)
    open_end = calendar.last_day[year] + 30
    end = np.where(careers.successor[year, posts] >= 0, middle, open_end)
    return Employed(
        staff=np.concatenate([careers.holder[year, posts], careers.successor[year, replaced]]),
        post=np.concatenate([posts, replaced]),
        begin=np.concatenate(
            [np.full(len(posts), calendar.first_day[year]), np.full(len(replaced), middle + 1)]
        ),
        end=np.concatenate([end, np.full(len(replaced), open_end)]),
    )


def draw_lottery(rng: np.random.Generator, employed: Employed, district: District) -> Lottery:
    """Offer coaching by lot to half of the class teachers in half of the schools, school by school."""
    schools = np.sort(rng.permutation(district.n_schools)[: (district.n_schools + 1) // 2])
    kind = district.post_kind[employed.post]
    school = district.post_school[employed.post]
    is_in = (kind < Post.SUPPORT) & np.isin(school, schools) & (employed.begin == employed.begin.min())
    rows = np.flatnonzero(is_in)
    order = np.lexsort((rng.random(len(rows)), school[rows]))
    rank = np.empty(len(rows), dtype=np.int64)
    sizes = np.bincount(school[rows], minlength=district.n_schools)
    rank[order] = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    odd_goes_up = rng.integers(0, 2, district.n_schools)[school[rows]]
    offered = rank < (sizes[school[rows]] + odd_goes_up) // 2
    draws = rng.random(len(rows))
    takes_part = draws < np.where(offered, LOTTERY_TAKE_UP, LOTTERY_CROSSOVER)
    return Lottery(employed.staff[rows], school[rows], offered, takes_part)


def participation_index(
    plan: DistrictPlan,
    careers: Careers,
    district: District,
    employed: Employed,
    year: int,
    truth: GrowthTruth,
) -> np.ndarray:
    """What selection adds to the log odds of taking part; 0 for all when ``plan.selection`` is 0."""
    quality = careers.quality[employed.staff].mean(axis=1) / truth.teacher_sd
    school = np.append(district.school_effect, 0.0)[district.post_school[employed.post]] / truth.school_sd
    experience = (careers.experience(year)[employed.staff] - 8) / 8
    return plan.selection * (quality + SCHOOL_WEIGHT * school + SCHOOL_WEIGHT * np.clip(experience, -1, 2))


def _chances(
    rng: np.random.Generator,
    index: np.ndarray,
    careers: Careers,
    district: District,
    employed: Employed,
    year: int,
) -> np.ndarray:
    """Chance of taking part, shape (employed, types)."""
    is_leader = district.post_kind[employed.post] > Post.SUPPORT
    teacher = np.array([PROFILES[name].teacher_share for name in TYPES])
    leader = np.array([PROFILES[name].leader_share for name in TYPES])
    share = np.clip(np.where(is_leader[:, None], leader, teacher), 1e-6, 1 - 1e-6)
    novice = (careers.experience(year)[employed.staff] < NOVICE_BELOW_YEARS) & ~is_leader
    share[novice, TYPES.index("mentoring_induction")] = NOVICE_MENTORING_SHARE
    log_odds = np.log(share / (1 - share)) + 0.15 * rng.standard_normal(len(TYPES))
    log_odds += np.where(is_leader, 0, index)[:, None] + TASTE_WEIGHT * careers.taste[employed.staff]
    planted = district.post_school[employed.post] == district.planted_school
    columns = [TYPES.index(name) for name in PLANTED_SCHOOL_TYPES]
    log_odds[np.ix_(planted, columns)] += PLANTED_SCHOOL_SHIFT
    return 1 / (1 + np.exp(-log_odds))


def take_part(
    rng: np.random.Generator,
    index: np.ndarray,
    careers: Careers,
    district: District,
    employed: Employed,
    activities: Activities,
    year: int,
    lottery: Lottery | None,
) -> Participations:
    """Draw who takes part in which activity and which of its sessions they attend."""
    chances = _chances(rng, index, careers, district, employed, year)
    joins = rng.random(chances.shape) < chances
    if lottery is not None:
        column = TYPES.index(LOTTERY_TYPE)
        outcome = np.full(careers.n_staff, -1)
        outcome[lottery.staff] = lottery.takes_part
        drawn = outcome[employed.staff]
        joins[:, column] = np.where(drawn >= 0, drawn == 1, joins[:, column])
    person, pd_type = np.nonzero(joins)
    activity = _choose(rng, district.post_kind[employed.post[person]], pd_type, activities)
    return _attend(rng, employed, person, activity, activities)


def _choose(
    rng: np.random.Generator, kind: np.ndarray, pd_type: np.ndarray, activities: Activities
) -> np.ndarray:
    """An activity of the type in the teacher's subject; class teachers of both subjects choose among all."""
    chosen = np.full(len(kind), -1)
    taught = {Post.MATHEMATICS: (0, ALL_SUBJECTS), Post.ELA: (1, ALL_SUBJECTS)}
    for one_kind in np.unique(kind):
        suitable = np.isin(activities.subject, taught.get(Post(one_kind), range(ALL_SUBJECTS + 1)))
        for one_type in range(len(TYPES)):
            rows = np.flatnonzero((kind == one_kind) & (pd_type == one_type))
            options = np.flatnonzero(suitable & (activities.pd_type == one_type))
            chosen[rows] = rng.choice(options, len(rows))
    return chosen


def _attend(
    rng: np.random.Generator,
    employed: Employed,
    person: np.ndarray,
    activity: np.ndarray,
    activities: Activities,
) -> Participations:
    n_sessions = activities.n_sessions[activity]
    person = np.repeat(person, n_sessions)
    session = np.arange(n_sessions.sum()) - np.repeat(np.cumsum(n_sessions) - n_sessions, n_sessions)
    activity = np.repeat(activity, n_sessions)
    date = activities.session_date[activity, session]
    is_booked = (rng.random(len(person)) < SESSION_SHARE) | (activities.n_sessions[activity] == 1)
    is_booked &= (date >= employed.begin[person]) & (date <= employed.end[person])
    person, activity, session = person[is_booked], activity[is_booked], session[is_booked]
    status = rng.choice(len(STATUSES), len(person), p=STATUS_SHARES)
    hours = activities.session_hours[activity] * np.where(status == STATUSES.index("partial"), 0.5, 1.0)
    # some systems keep the booked hours of those who withdrew; they must not count
    hours = np.where(status == STATUSES.index("absent"), 0.0, hours)
    return Participations(employed.staff[person], activity, session, hours, status)


@dataclass(frozen=True)
class WindowHours:
    """Attended aligned hours until this spring's test and after it, shape (staff, types, subjects)."""

    until_test: np.ndarray
    after_test: np.ndarray


def window_hours(
    participations: Participations, activities: Activities, calendar: Calendar, year: int, n_staff: int
) -> WindowHours:
    """Split a year's attended hours at the test date; hours after it belong to the next growth window."""
    return hours_around(participations, activities, calendar.test_date[year], n_staff)


def hours_around(
    participations: Participations, activities: Activities, test_date: np.ndarray, n_staff: int
) -> WindowHours:
    """Split a year's attended hours at one date per subject; hours on the day count as before it."""
    counts = participations.status <= STATUSES.index("partial")
    activity = participations.activity[counts]
    staff, hours = participations.staff[counts], participations.hours[counts]
    date = activities.session_date[activity, participations.session[counts]]
    cell = staff * len(TYPES) + activities.pd_type[activity]
    until = np.zeros((n_staff, len(TYPES), len(SUBJECTS)))
    after = np.zeros_like(until)
    for subject in range(len(SUBJECTS)):
        is_aligned = np.isin(activities.subject[activity], (subject, ALL_SUBJECTS))
        is_late = date > test_date[subject]
        for part, selected in ((until, is_aligned & ~is_late), (after, is_aligned & is_late)):
            total = np.bincount(cell[selected], hours[selected], n_staff * len(TYPES))
            part[:, :, subject] = total.reshape(n_staff, len(TYPES))
    return WindowHours(until, after)


def pd_contribution(hours: np.ndarray, effects: Mapping[str, float]) -> np.ndarray:
    """Growth from hours (staff, types, subjects) by planted effects per 10 hours; shape (staff, subjects)."""
    per_hour = np.array([effects[name] for name in TYPES]) / 10
    return np.einsum("jtk,t->jk", hours, per_hour)
