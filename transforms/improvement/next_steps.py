"""Next steps of a school by rule: each rule a condition, a step and a priority, three steps a school at most.

The table below is the rule: docs/reference/self-assessment.md and the page print it. A step is a place to
begin a conversation, not a finding of cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from transforms.improvement.connected_indicators import INDICATORS
from transforms.improvement.connected_indicators import RULES as INDICATOR_RULES
from transforms.improvement.observables import LOW_RATING
from transforms.selfassessment.instrument import BY_ID

Record = dict[str, object]

STEPS_A_SCHOOL = 3
A_LEVEL = 1.0


class When(Enum):
    """Kinds of condition, in words."""

    NOT_RATED = "the school rated no practice this year, though others did"
    CONCERN = "a concern by its own rule"
    RATED_ABOVE = "rated 3 or 4, but little on record: below the floor, or in the bottom quarter of schools"
    LOW_AND_LITTLE = (
        "rated 1 or 2, and little on record: below the floor, or in the bottom quarter of schools"
    )
    RATED_BELOW = "rated 1 or 2, though in the top quarter of schools by what is on record"
    LOW = "rated 1 or 2"
    FELL = "the rating fell by a level or more since last year"
    BEHIND_PEERS = "rated a level or more below the median of schools of its level"


@dataclass(frozen=True)
class StepRule:
    """One rule. ``about`` is a practice id, an indicator for When.CONCERN, or empty for any practice."""

    name: str
    priority: int
    when: When
    about: str
    step: str

    @property
    def condition(self) -> str:
        """The condition in words, with what it is about."""
        if self.when is When.CONCERN:
            label = next(row.label for row in INDICATORS if row.name == self.about)
            return f"{label}: {self.when.value} ({INDICATOR_RULES[self.about].concern_text})"
        said = self.when.value
        return f"{BY_ID[self.about].title}: {said}" if self.about else said[:1].upper() + said[1:]


@dataclass(frozen=True)
class RatedPractice:
    """A practice that the school rated; ``is_little``: on record below the floor or in the bottom quarter."""

    practice: str
    rating: float
    verdicts: tuple[str, ...] = ()
    is_little: bool = False
    notes: tuple[str, ...] = ()
    change: float | None = None
    rating_before: float | None = None
    difference: float | None = None
    peer_median: float | None = None


@dataclass(frozen=True)
class SchoolFacts:
    """What the rules read of one school; ``concerns`` are indicators with what they say in words."""

    school_id: str
    practices: tuple[RatedPractice, ...]
    concerns: Mapping[str, str]
    is_expected_to_rate: bool


RULES: tuple[StepRule, ...] = (
    StepRule(
        "not_rated", 1, When.NOT_RATED, "",
        "Fill in the self-assessment with the leadership team; the district has the form.",
    ),
    StepRule(
        "one_off_hours", 1, When.CONCERN, "one_off_hours_share",
        "Take the two one-off events with most hours and turn their time into team planning or coaching on"
        " the"
        " same topic.",
    ),
    StepRule(
        "feedback_late", 1, When.CONCERN, "feedback_in_time",
        "Put the feedback talk in the calendar when the observation is put there, within two weeks of it.",
    ),
    StepRule(
        "collaboration_claimed", 2, When.RATED_ABOVE, "time_to_collaborate",
        "Look at the timetable together: if teams do meet, have the meetings recorded; if they do not, find"
        " one"
        " hour a month for each team.",
    ),
    StepRule(
        "feedback_claimed", 2, When.RATED_ABOVE, "feedback_to_teachers",
        "List teachers without an observation and feedback this year, and begin with them.",
    ),
    StepRule(
        "curriculum_claimed", 2, When.RATED_ABOVE, "coherent_curriculum",
        "Go through the agendas of three sessions: which unit was each about? Mark in the catalogue those"
        " that"
        " were; plan the next ones around units.",
    ),
    StepRule(
        "sustained_claimed", 2, When.RATED_ABOVE, "sustained_learning",
        "List this year's topics with their sessions; drop topics that had one session, give the time to one"
        " that stays.",
    ),
    StepRule(
        "time_claimed", 2, When.RATED_ABOVE, "time_for_learning",
        "Count the meetings that took place against those planned; record them, or protect the time.",
    ),
    StepRule(
        "follow_up_claimed", 2, When.RATED_ABOVE, "follow_up",
        "Ask participants two questions after each session: what did you learn, what will you use?",
    ),
    StepRule(
        "feedback_start", 3, When.LOW_AND_LITTLE, "feedback_to_teachers",
        "Begin with one observation and one talk a teacher and half-year; let assistant principals, coaches"
        " and"
        " teacher leaders share them.",
    ),
    StepRule(
        "collaboration_start", 3, When.LOW_AND_LITTLE, "time_to_collaborate",
        "Give one grade or subject team an hour a month, with an agenda on the next unit, and add teams each"
        " semester.",
    ),
    StepRule(
        "curriculum_start", 3, When.LOW_AND_LITTLE, "coherent_curriculum",
        "Choose the next unit of one subject and hold the next two sessions on it.",
    ),
    StepRule(
        "sustained_start", 3, When.LOW_AND_LITTLE, "sustained_learning",
        "Choose one topic for the whole next semester, with at least four sessions and time to try out"
        " between.",
    ),
    StepRule(
        "time_start", 3, When.LOW_AND_LITTLE, "time_for_learning",
        "Find the hour: staff meetings that an e-mail can replace, early release, or cover by substitutes.",
    ),
    StepRule(
        "follow_up_start", 3, When.LOW_AND_LITTLE, "follow_up",
        "Choose one topic and look for it in ten classrooms, six weeks after the session.",
    ),
    StepRule(
        "hours_not_felt", 4, When.RATED_BELOW, "",
        "The time is there; ask teachers what they do with it, and visit a school that rates itself higher.",
    ),
    StepRule(
        "evidence_start", 5, When.LOW, "use_of_evidence",
        "Put student work on the table of one team meeting a month, with one question: what do we teach"
        " again?",
    ),
    StepRule(
        "leadership_start", 5, When.LOW, "shared_leadership",
        "Name a leader for each team and give each of them preparation time and somebody to turn to.",
    ),
    StepRule(
        "fit_start", 5, When.LOW, "differentiated_learning",
        "Agree one goal with each new teacher and choose sessions by it; add others each semester.",
    ),
    StepRule(
        "families_start", 5, When.LOW, "partnership_with_families",
        "Hold one session on talking with families about the next unit, and compare afterwards what was"
        " heard.",
    ),
    StepRule(
        "fell", 6, When.FELL, "",
        "Find out what changed since last year: people, timetable or how strictly the school judges itself.",
    ),
    StepRule(
        "behind_peers", 7, When.BEHIND_PEERS, "",
        "Visit a school of the same level that rates itself higher, and bring back one thing to try.",
    ),
)  # fmt: skip


def step_records(facts: SchoolFacts, school_year: int) -> list[Record]:
    """Rows of estimates.next_step of one school: by priority, then by the order of ``RULES``; one a practice.

    Among practices that one rule fits equally the one with the lowest rating comes first, then by title.
    """
    chosen: list[Record] = []
    taken: set[str] = set()
    for rule in sorted(RULES, key=lambda rule: rule.priority):
        for practice, reason in _reasons(rule, facts):
            if practice in taken or len(chosen) == STEPS_A_SCHOOL:
                continue
            taken.add(practice)
            chosen.append(
                {
                    "school_id": facts.school_id,
                    "school_year": school_year,
                    "priority": len(chosen) + 1,
                    "rule": rule.name,
                    "practice": BY_ID[practice].title if practice in BY_ID else None,
                    "step": rule.step,
                    "reason": reason,
                }
            )
            if not rule.about:
                break
    return chosen


def _reasons(rule: StepRule, facts: SchoolFacts) -> list[tuple[str, str]]:
    """What the rule fits, as (practice id or indicator, reason)."""
    if rule.when is When.NOT_RATED:
        is_missing = facts.is_expected_to_rate and not facts.practices
        return [("", "no self-assessment of this year came back")] if is_missing else []
    if rule.when is When.CONCERN:
        said = facts.concerns.get(rule.about)
        return [(rule.about, said)] if said else []
    fitting = [row for row in facts.practices if rule.about in ("", row.practice) and _fits(rule.when, row)]
    fitting.sort(key=lambda row: (row.rating, BY_ID[row.practice].title))
    return [(row.practice, _reason(rule.when, row)) for row in fitting]


def _fits(when: When, row: RatedPractice) -> bool:
    if when is When.RATED_ABOVE:
        return "rated_above_records" in row.verdicts
    if when is When.RATED_BELOW:
        return "rated_below_records" in row.verdicts
    if when is When.LOW:
        return row.rating <= LOW_RATING
    if when is When.LOW_AND_LITTLE:
        return row.rating <= LOW_RATING and row.is_little
    if when is When.FELL:
        return row.change is not None and row.change <= -A_LEVEL
    return row.difference is not None and row.difference <= -A_LEVEL


def _reason(when: When, row: RatedPractice) -> str:
    if when is When.FELL:
        return f"rated {row.rating:g} after {row.rating_before:g} last year"
    if when is When.BEHIND_PEERS:
        return f"rated {row.rating:g}; median of schools of the same level {row.peer_median:g}"
    if when is When.LOW or not row.notes:
        return f"rated {row.rating:g}"
    return "; ".join(row.notes)


def chosen_steps(schools: Sequence[SchoolFacts], school_year: int) -> list[Record]:
    """Rows of estimates.next_step of all ``schools``."""
    return [record for facts in schools for record in step_records(facts, school_year)]
