"""What a principal would call the things that the tables name by code."""

from __future__ import annotations

from transforms.reporting.catalogue import catalogue

CONTRAST_NAMES = {
    "participated": "took part or not",
    "per_10_hours": "per 10 hours",
    "offered": "offered or not",
}
DESIGN_NAMES = {
    "lottery": "Places drawn by lot",
    "event_study": "Before and after starting",
    "matched": "Matched teachers",
    "within_teacher": "Years of the same teacher",
    "adjusted": "Teachers of the same school",
}
TIER_NAMES = {
    1: "Tier 1, strong (well-run experiment)",
    2: "Tier 2, moderate (well-matched comparison)",
    3: "Tier 3, promising (adjusted correlation)",
    4: "Tier 4, rationale only",
}
GROUP_NAMES = {
    "school": "Between schools",
    "teacher": "Between teachers of a school",
    "teacher_year": "Between years of a teacher",
    "residual": "Between students of a teacher",
}
SAMPLE_STEPS = {
    "scores": "With a score",
    "standardised": "On the common scale",
    "with prior": "With an earlier score",
    "linked to a teacher": "With a teacher on record",
    "in the analysis, by teacher": "All that the models need",
    "growth over about a school year": "Growth over about a year",
}
_PLURAL = {"feedback_cycle", "workshop_single", "online_course", "conference", "micro_credential"}
_PARTICIPANTS = {
    "coaching": "coached teacher",
    "mentoring_induction": "mentored teacher",
    "workshop_single": "trained teacher",
    "workshop_series": "trained teacher",
    "online_course": "trained teacher",
    "conference": "trained teacher",
    "leadership_development": "trained teacher",
    "micro_credential": "trained teacher",
}


def plain(code: str) -> str:
    """A code as words, also one of a study's own: ``pd_participation`` is "PD participation"."""
    words = code.replace("_", " ").strip()
    words = " ".join("PD" if word == "pd" else word for word in words.split(" "))
    return words[:1].upper() + words[1:]


def pd_type_name(code: str) -> str:
    """Name of a PD type at the beginning of a line."""
    return catalogue("en").messages.get(f"pd_type.{code}") or plain(code)


def pd_type_in_sentence(code: str) -> str:
    """Name of a PD type within a sentence."""
    name = pd_type_name(code)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def subject_name(code: str) -> str:
    """Name of an academic subject at the beginning of a line."""
    return catalogue("en").messages.get(f"subject.{code}") or plain(code)


def subject_in_sentence(code: str) -> str:
    """Name of an academic subject within a sentence."""
    name = subject_name(code)
    return name[:1].lower() + name[1:]


def contrast_name(code: str) -> str:
    """What was compared with what."""
    return CONTRAST_NAMES.get(code) or plain(code)


def design_name(code: str) -> str:
    """What a study design compares."""
    return DESIGN_NAMES.get(code) or plain(code)


def tier_name(tier: int | None) -> str:
    """Evidence tier of the Every Student Succeeds Act (ESSA) in words."""
    return "No tier reached" if tier is None else TIER_NAMES[tier]


def group_name(code: str) -> str:
    """Level of the mixed model in words."""
    return GROUP_NAMES.get(code) or plain(code)


def sample_step(code: str) -> str:
    """A step from all scores to those analysed, in words."""
    return SAMPLE_STEPS.get(code) or plain(code)


def participant_noun(pd_type: str) -> str:
    """Singular noun for a teacher who took part in ``pd_type``."""
    return _PARTICIPANTS.get(pd_type, "participating teacher")


def is_plural(pd_type: str) -> bool:
    """Whether the name of a PD type takes a plural verb: "workshops go", "coaching goes"."""
    return pd_type in _PLURAL
