"""Sentences about the leadership pipeline, by rules that a test holds.

A step is called broken only where its row says so; a difference that its interval or adjusted p-value does not
clear is "not told apart"; growth around a change of principal is never called an effect of the principal.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.leadership_access import is_unequal
from transforms.reporting import terms
from transforms.reporting.leadership_rows import (
    AccessRow,
    ChangeRow,
    HorizonRow,
    MedianRow,
    ModelRow,
    StepRow,
    SuccessorRow,
)
from transforms.reporting.numerals import (
    capitalised,
    counted,
    decimal,
    interval,
    listed,
    percent,
    signed,
)

ALPHA = 0.05
MONTH_DAYS = 365.25 / 12
LEVEL_NAMES = {
    "classroom": "classroom leadership",
    "school": "school leadership",
    "district": "district leadership",
}
STEP_NAMES = {
    "identified_to_in_training": "from being identified to training",
    "in_training_to_completed": "from training to completing it",
    "completed_to_placed": "from completing training to a role",
}
_DID = {
    "identified_to_in_training": ("were identified", "began training"),
    "in_training_to_completed": ("began training", "completed it"),
    "completed_to_placed": ("completed training", "were placed in a role"),
}
ROLE_NAMES = {
    "principal": "principals",
    "assistant_principal": "assistant principals",
    "instructional_coach": "instructional coaches",
}
GROUP_NAMES = {
    "novice": "novices (under 3 years)",
    "experienced": "experienced staff",
    "master's or higher": "staff with a master's degree or higher",
    "below master's": "staff with a lower degree",
    "lowest third": "staff of the third of schools with fewest disadvantaged students",
    "middle third": "staff of the middle third of schools",
    "highest third": "staff of the third of schools with most disadvantaged students",
}
STAGE_VERBS = {"identified": "identified for a pathway", "in_training": "taken into training"}


def level_name(level: str) -> str:
    """A pathway within a sentence."""
    return LEVEL_NAMES.get(level, f"{terms.plain(level).lower()} leadership")


def group_name(row_kind: str, name: str) -> str:
    """A group of staff within a sentence."""
    if row_kind == "school_level":
        return f"staff of {terms.plain(name).lower()} {'sites' if name == 'other' else 'schools'}"
    return GROUP_NAMES.get(name, name)


def category_name(category: str) -> str:
    """A role, or a role and school level, at the beginning of a line."""
    role, _, rest = category.partition(": ")
    name = capitalised(ROLE_NAMES.get(role, terms.plain(role).lower()))
    return f"{name}, {rest}" if rest else name


def half_placed(rows: Sequence[MedianRow]) -> str:
    """When half have a role, pathway by pathway, as the title of a picture; ``rows`` in order."""
    shown = [row for row in rows if not row.is_suppressed and row.n_people]
    known = [f"{row.category} {decimal(row.median_days / MONTH_DAYS, 1)}" for row in shown if row.median_days]
    late = [row.category for row in shown if not row.median_days]
    if not shown:
        return "Time to a role: too few people"
    if not known:
        return f"Fewer than half have a role so far: {listed(late)}"
    text = f"Months until half have a role: {listed(known)}"
    return f"{text}; {listed(late)}: fewer than half so far" if late else text


def share_with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """12% (95% interval 6% to 23%)."""
    if value is None:
        return "not known"
    if low is None or high is None:
        return percent(value)
    return f"{percent(value)} (95% interval {percent(low)} to {percent(high)})"


def broken_sentence(row: StepRow) -> str:
    """Where a pathway breaks, with the numbers that say so."""
    before, after = _DID[row.step]
    within = share_with_interval(row.conversion_2y, row.conversion_2y_ci_low, row.conversion_2y_ci_high)
    text = (
        f"The pathway to {level_name(row.pathway_level)} breaks {STEP_NAMES[row.step]}: of"
        f" {counted(row.n_reached, 'person', 'people')} who {before}, {row.n_converted} {after};"
        f" within two years {within}"
    )
    if row.reason and "other pathways" in row.reason:
        text += f", against {percent(row.others_conversion_2y)} on the other pathways"
    if row.reason and "floor" in row.reason:
        text += "; the whole interval is below 25%"
    return text + "."


def broken_headline(row: StepRow) -> str:
    """The same in the fewest words."""
    before, after = _DID[row.step]
    text = (
        f"The pathway to {level_name(row.pathway_level)} breaks {STEP_NAMES[row.step]}: {row.n_converted} of"
        f" {row.n_reached} who {before} {after}"
    )
    if row.reason and "other pathways" in row.reason:
        within, others = percent(row.conversion_2y), percent(row.others_conversion_2y)
        return f"{text}; within two years {within}, against {others} on the other pathways."
    return f"{text}; within two years {percent(row.conversion_2y)}."


def funnel_sentence(steps: Sequence[StepRow]) -> str:
    """The first sentence of the page."""
    shown = [row for row in steps if not row.is_suppressed]
    if not shown:
        return "No step of the leadership pathways can be shown."
    broken = [row for row in shown if row.is_broken]
    if broken:
        return " ".join(broken_headline(row) for row in broken)
    if all(row.conversion_2y is None for row in shown):
        return "The leadership pathways cannot be judged yet: too few people began two years ago or earlier."
    return "No step of the leadership pathways falls clearly behind the same step of the others or below 25%."


def retention_sentence(horizons: Sequence[HorizonRow]) -> str:
    """How many principals stay three years; empty where it is not known."""
    found = [row for row in horizons if row.category == "principal" and row.horizon_years == 3]
    if not found or found[0].survival is None:
        return ""
    row = found[0]
    share = share_with_interval(row.survival, row.ci_low, row.ci_high)
    return f"After three years {share} of principals are still principal of the same school."


def successor_sentence(rows: Sequence[SuccessorRow]) -> str:
    """In how many schools nobody is ready; ``rows`` of one year."""
    if not rows:
        return ""
    without = sum(not row.has_successor for row in rows)
    if without == 0:
        return f"In each of {counted(len(rows), 'school')} somebody on the staff is ready to follow the principal."
    return (
        f"In {without} of {counted(len(rows), 'school')} nobody on the staff is ready to follow the principal."
    )


def successors_stand_out(rows: Sequence[SuccessorRow], named: int = 8) -> str:
    """Which schools have nobody ready, by name where they are few; empty where none."""
    without = [row.school_name for row in rows if not row.has_successor]
    if not without or not rows:
        return ""
    names = listed(without) if len(without) <= named else f"{listed([*without[:named], 'others'])} (all below)"
    noun = "school" if len(without) == 1 else "schools"
    return f"No ready successor for the principal in {len(without)} of {len(rows)} {noun}: {names}."


def access_sentence(row: AccessRow, rows: Sequence[AccessRow]) -> str:
    """A group whose access differs from that of its reference group by the rule; ``rows`` have that group."""
    group = capitalised(group_name(row.group_kind, row.group_name))
    other = group_name(row.group_kind, row.reference_group)
    verb = STAGE_VERBS.get(row.stage, row.stage)
    rates = f"{percent(row.rate)} against {percent(_reference_rate(row, rows))} a year"
    if row.ratio is None:
        return f"{group} and {other} are not {verb} alike: {rates}."
    times = f"{decimal(row.ratio, 1)} times the rate of {other}"
    return f"{group} are {verb} at {times} ({rates}; 95% interval of the ratio {_ratio_interval(row)})."


def _ratio_interval(row: AccessRow) -> str:
    return interval(row.ratio_ci_low, row.ratio_ci_high, 1)


def access_headline(row: AccessRow, rows: Sequence[AccessRow]) -> str:
    """The same as the title of a picture."""
    group = capitalised(group_name(row.group_kind, row.group_name))
    other = group_name(row.group_kind, row.reference_group)
    rates = f"{percent(row.rate)} a year, {other} {percent(_reference_rate(row, rows))}"
    return f"{group} are {STAGE_VERBS.get(row.stage, row.stage)}: {rates}"


def _reference_rate(row: AccessRow, rows: Sequence[AccessRow]) -> float | None:
    return next(
        (
            other.rate
            for other in rows
            if (other.stage, other.group_kind, other.group_name)
            == (row.stage, row.group_kind, row.reference_group)
        ),
        None,
    )


def unequal(rows: Sequence[AccessRow]) -> list[AccessRow]:
    """Rows that are a concern by the four-fifths rule."""
    return [row for row in rows if is_unequal({"p_value_bh": row.p_value_bh, "ratio": row.ratio})]


def access_verdict(row: AccessRow) -> str:
    """What a row says of its group."""
    if row.is_suppressed:
        return "too few"
    if row.group_name == row.reference_group:
        return "compared with"
    if row.p_value_bh is None:
        return "not compared"
    if row.p_value_bh >= ALPHA:
        return "not told apart"
    if row.ratio is None:
        return "differs"
    return "higher" if row.ratio > 1 else "lower"


def change_sentence(rows: Sequence[ChangeRow]) -> str:
    """What growth did around a change of principal in one subject; ``rows`` of that subject."""
    subject = terms.subject_name(rows[0].academic_subject)
    average = next((row for row in rows if row.period == "average"), None)
    if average is None or average.estimate_sd is None or average.ci_low is None:
        reason = next((row.note for row in rows if row.note), "too few schools") or "too few schools"
        return f"{subject}: not available: {reason.removeprefix('refused:').strip().rstrip('.')}."
    numbers = f"{signed(average.estimate_sd)} SD, 95% interval {interval(average.ci_low, average.ci_high)}"
    schools = f"{counted(average.n_schools, 'school')} that changed, {average.n_compared} to compare with"
    return f"{subject}: {_change_verdict(rows, average)} ({numbers}; {schools})."


def _change_verdict(rows: Sequence[ChangeRow], average: ChangeRow) -> str:
    joint = next((row for row in rows if row.period == "leads"), None)
    if joint is not None and joint.p_value is not None and joint.p_value < ALPHA:
        return "growth moved apart before the change already, so that what came after cannot be laid to it"
    if average.ci_low is None or average.ci_high is None or average.ci_low <= 0 <= average.ci_high:
        return "growth after a change of principal cannot be told apart from that of schools without a change"
    if average.p_value is not None and 2 * average.p_value >= ALPHA:
        return "a difference after the change that is not clear once both subjects are counted"
    direction = "higher" if (average.estimate_sd or 0.0) > 0 else "lower"
    return f"growth was {direction} after a change of principal than in schools without a change"


def is_clear_change(rows: Sequence[ChangeRow]) -> bool:
    """Whether growth differed after the change by the rule."""
    return " was higher " in change_sentence(rows) or " was lower " in change_sentence(rows)


def median_text(row: MedianRow) -> str:
    """Median with its interval in months, or not reached."""
    if row.is_suppressed:
        return "too few"
    if row.median_days is None:
        return "not reached" if row.n_people else "not known"
    high = "beyond the time seen" if row.ci_high_days is None else decimal(row.ci_high_days / MONTH_DAYS, 1)
    low = "under one" if row.ci_low_days is None else decimal(row.ci_low_days / MONTH_DAYS, 1)
    return f"{decimal(row.median_days / MONTH_DAYS, 1)} ({low} to {high})"


def ratio_words(row: ModelRow) -> str:
    """A hazard ratio in words."""
    if row.ci_low is None or row.ci_high is None or row.hazard_ratio is None:
        return ""
    if row.ci_low <= 1 <= row.ci_high:
        return "not told apart"
    return "placed sooner" if row.hazard_ratio > 1 else "placed later or not at all"
