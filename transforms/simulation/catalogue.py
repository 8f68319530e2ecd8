"""What professional development the district offers: types, titles, shape and sessions of a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.simulation.plan import SUBJECTS, day

ALL_SUBJECTS = len(SUBJECTS)  # position of "all" behind the subjects
SUBJECT_NAMES = (*SUBJECTS, "all")
_M, _E, _A = 0, 1, ALL_SUBJECTS


@dataclass(frozen=True)
class Profile:
    """How a PD type is offered: the share of teachers and of leaders who take part, and its sessions."""

    teacher_share: float
    leader_share: float
    n_sessions: int
    session_hours: tuple[float, ...]
    days_between: int
    initiators: tuple[float, float, float]  # district, school, teacher
    is_curriculum_linked: bool
    research_base: str
    provider: str
    titles: tuple[tuple[str, int], ...]


PROFILES: dict[str, Profile] = {
    "coaching": Profile(
        0.25, 0.0, 8, (1.5, 2.0, 2.5), 28, (0.5, 0.4, 0.1), True, "strong", "District coaching team",
        (("Mathematics coaching cycle: number talks", _M), ("Mathematics coaching cycle: rich tasks", _M),
         ("Literacy coaching cycle: close reading", _E), ("Literacy coaching cycle: writing to sources", _E),
         ("Coaching cycle: planning from student work", _A)),
    ),
    "curriculum_based": Profile(
        0.35, 0.05, 6, (1.5, 2.0, 2.5), 30, (0.8, 0.15, 0.05), True, "promising", "Curriculum publisher",
        (("Unit study: fractions and ratios", _M), ("Unit study: teaching the mathematics core units", _M),
         ("Unit study: knowledge-building texts", _E), ("Unit study: teaching the ELA core modules", _E),
         ("Unpacking the adopted curriculum", _A)),
    ),
    "collaborative_planning": Profile(
        0.45, 0.05, 8, (1.0, 1.5), 25, (0.1, 0.7, 0.2), True, "moderate", "School teams",
        (("Grade-team planning: mathematics", _M), ("Lesson study: problem solving", _M),
         ("Grade-team planning: literacy", _E), ("Learning community: student work protocol", _A)),
    ),
    "feedback_cycle": Profile(
        0.20, 0.10, 4, (1.0, 1.5), 35, (0.3, 0.7, 0.0), False, "moderate", "School leaders",
        (("Observation and feedback: mathematical discourse", _M), ("Observation and feedback: reading", _E),
         ("Peer observation with feedback", _A)),
    ),
    "mentoring_induction": Profile(
        0.02, 0.0, 8, (1.5, 2.0), 30, (0.9, 0.1, 0.0), False, "moderate", "Induction office",
        (("Induction year one: first weeks of school", _A), ("Induction year two: responsive teaching", _A),
         ("Mentor meetings for new teachers", _A)),
    ),
    "workshop_single": Profile(
        0.60, 0.15, 1, (3.0, 4.0, 5.0, 6.0), 1, (0.6, 0.2, 0.2), False, "none", "Outside presenters",
        (("Back-to-school day: engagement strategies", _A), ("One-day workshop: manipulatives", _M),
         ("One-day workshop: vocabulary games", _E), ("Data day: reading the dashboards", _A),
         ("One-day workshop: classroom technology", _A)),
    ),
    "workshop_series": Profile(
        0.20, 0.05, 5, (2.5, 3.0), 14, (0.6, 0.2, 0.2), False, "rationale", "Regional service center",
        (("Series: multilingual learners in every class", _A), ("Series: formative assessment", _A),
         ("Series: algebra readiness", _M), ("Series: the science of reading", _E)),
    ),
    "online_course": Profile(
        0.18, 0.05, 3, (2.0, 3.0), 14, (0.3, 0.1, 0.6), False, "rationale", "Online provider",
        (("Online: teaching statistics", _M), ("Online: structured literacy", _E),
         ("Online: digital tools", _A)),
    ),
    "conference": Profile(
        0.07, 0.20, 2, (6.0, 7.0), 1, (0.1, 0.3, 0.6), False, "none", "Professional association",
        (("Regional mathematics conference", _M), ("State reading conference", _E),
         ("Annual educators' conference", _A)),
    ),
    "leadership_development": Profile(
        0.03, 0.50, 6, (3.0, 4.0), 30, (0.9, 0.1, 0.0), False, "promising", "Leadership academy",
        (("Aspiring leaders academy", _A), ("Instructional rounds for leaders", _A),
         ("Leading a learning school", _A)),
    ),
    "micro_credential": Profile(
        0.06, 0.0, 3, (4.0, 5.0), 40, (0.1, 0.1, 0.8), False, "promising", "State university",
        (("Micro-credential: mathematical modelling", _M), ("Micro-credential: writing instruction", _E),
         ("Micro-credential: inclusive practice", _A)),
    ),
}  # fmt: skip
TYPES = tuple(PROFILES)


@dataclass(frozen=True)
class Activities:
    """The activities of one school year and their sessions.

    Activity arrays have one entry per activity: ``pd_type`` is a position in ``TYPES``, ``subject`` in
    ``SUBJECT_NAMES``. ``session_date`` is (activities, most sessions), NaT beyond ``n_sessions``.
    """

    school_year: int
    activity_id: tuple[str, ...]
    title: tuple[str, ...]
    pd_type: np.ndarray
    subject: np.ndarray
    n_sessions: np.ndarray
    session_hours: np.ndarray
    session_date: np.ndarray
    initiated_by: np.ndarray
    is_mandatory: np.ndarray

    def __len__(self) -> int:
        return len(self.activity_id)

    @property
    def session_activity(self) -> np.ndarray:
        """Activity of every session, in order."""
        return np.repeat(np.arange(len(self)), self.n_sessions)

    @property
    def session_number(self) -> np.ndarray:
        """Number of every session within its activity, from 0."""
        return np.concatenate([np.arange(n) for n in self.n_sessions])


def offer_activities(rng: np.random.Generator, school_year: int) -> Activities:
    """Draw the year's dates and lengths for every title of the catalogue."""
    rows = [(position, *title) for position, name in enumerate(TYPES) for title in PROFILES[name].titles]
    profiles = [PROFILES[TYPES[position]] for position, _, _ in rows]
    n_sessions = np.array([profile.n_sessions for profile in profiles])
    dates = np.full((len(rows), n_sessions.max()), np.datetime64("NaT"), dtype="datetime64[D]")
    for row, profile in enumerate(profiles):
        dates[row, : profile.n_sessions] = _session_dates(rng, profile, school_year)
    return Activities(
        school_year=school_year,
        activity_id=tuple(f"PD{school_year % 100:02d}{row + 1:03d}" for row in range(len(rows))),
        title=tuple(f"{title} ({school_year - 1}-{school_year % 100:02d})" for _, title, _ in rows),
        pd_type=np.array([position for position, _, _ in rows]),
        subject=np.array([subject for _, _, subject in rows]),
        n_sessions=n_sessions,
        session_hours=np.array([rng.choice(profile.session_hours) for profile in profiles]),
        session_date=dates,
        initiated_by=np.array([rng.choice(3, p=profile.initiators) for profile in profiles]),
        is_mandatory=rng.random(len(rows)) < 0.1,
    )


def _session_dates(rng: np.random.Generator, profile: Profile, school_year: int) -> np.ndarray:
    """Evenly spaced weekdays between mid-August and mid-June; late ones fall after the spring test."""
    first, last = day(school_year - 1, "08-17"), day(school_year, "06-10")
    span = (profile.n_sessions - 1) * profile.days_between
    slack = int((last - first).astype(int)) - span
    start = first + int(rng.integers(0, max(slack, 1)))
    dates = start + profile.days_between * np.arange(profile.n_sessions)
    return np.busday_offset(dates, 0, roll="forward")
