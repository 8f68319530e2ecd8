"""What a principal would call the things that the tables name by code."""

from __future__ import annotations

from transforms.reporting.catalogue import noted, say, spoken

CONTRAST_NAMES = {
    "participated": noted("took part or not"),
    "per_10_hours": noted("per 10 hours"),
    "offered": noted("offered or not"),
}
DESIGN_NAMES = {
    "lottery": noted("Places drawn by lot"),
    "event_study": noted("Before and after starting"),
    "matched": noted("Matched teachers"),
    "within_teacher": noted("Years of the same teacher"),
    "adjusted": noted("Teachers of the same school"),
}
TIER_NAMES = {
    1: noted("Tier 1, strong (well-run experiment)"),
    2: noted("Tier 2, moderate (well-matched comparison)"),
    3: noted("Tier 3, promising (adjusted correlation)"),
    4: noted("Tier 4, rationale only"),
}
GROUP_NAMES = {
    "school": noted("Between schools"),
    "teacher": noted("Between teachers of a school"),
    "teacher_year": noted("Between years of a teacher"),
    "residual": noted("Between students of a teacher"),
}
SAMPLE_STEPS = {
    "scores": noted("With a score"),
    "standardised": noted("On the common scale"),
    "with prior": noted("With an earlier score"),
    "linked to a teacher": noted("With a teacher on record"),
    "in the analysis, by teacher": noted("All that the models need"),
    "growth over about a school year": noted("Growth over about a year"),
}
_PLURAL = {"feedback_cycle", "workshop_single", "online_course", "conference", "micro_credential"}
_PARTICIPANTS = {
    "coaching": noted("coached teacher", "coached teachers"),
    "mentoring_induction": noted("mentored teacher", "mentored teachers"),
    "workshop_single": noted("trained teacher", "trained teachers"),
    "workshop_series": noted("trained teacher", "trained teachers"),
    "online_course": noted("trained teacher", "trained teachers"),
    "conference": noted("trained teacher", "trained teachers"),
    "leadership_development": noted("trained teacher", "trained teachers"),
    "micro_credential": noted("trained teacher", "trained teachers"),
}


def plain(code: str) -> str:
    """A code as words, also one of a study's own: ``pd_participation`` is "PD participation"."""
    words = code.replace("_", " ").strip()
    words = " ".join("PD" if word == "pd" else word for word in words.split(" "))
    return words[:1].upper() + words[1:]


def pd_type_name(code: str) -> str:
    """Name of a PD type at the beginning of a line."""
    return spoken().messages.get(f"pd_type.{code}") or plain(code)


def pd_type_in_sentence(code: str) -> str:
    """Name of a PD type within a sentence."""
    name = pd_type_name(code)
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def subject_name(code: str) -> str:
    """Name of an academic subject at the beginning of a line."""
    return spoken().messages.get(f"subject.{code}") or plain(code)


def subject_in_sentence(code: str) -> str:
    """Name of an academic subject within a sentence."""
    name = subject_name(code)
    return name[:1].lower() + name[1:]


def contrast_name(code: str) -> str:
    """What was compared with what."""
    return say(CONTRAST_NAMES.get(code) or plain(code))


def design_name(code: str) -> str:
    """What a study design compares."""
    return say(DESIGN_NAMES.get(code) or plain(code))


def tier_name(tier: int | None) -> str:
    """Evidence tier of the Every Student Succeeds Act (ESSA) in words."""
    return say("No tier reached") if tier is None else say(TIER_NAMES[tier])


def group_name(code: str) -> str:
    """Level of the mixed model in words."""
    return say(GROUP_NAMES.get(code) or plain(code))


def sample_step(code: str) -> str:
    """A step from all scores to those analysed, in words."""
    return say(SAMPLE_STEPS.get(code) or plain(code))


def participant_noun(pd_type: str) -> str:
    """Singular noun for a teacher who took part in ``pd_type``."""
    return _PARTICIPANTS.get(pd_type, noted("participating teacher", "participating teachers"))


def is_plural(pd_type: str) -> bool:
    """Whether the name of a PD type takes a plural verb: "workshops go", "coaching goes"."""
    return pd_type in _PLURAL
