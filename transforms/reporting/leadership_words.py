"""Sentences about the leadership pipeline, by rules that a test holds.

A step is called broken only where its row says so; a difference that its interval or adjusted p-value does
not clear is "not told apart"; growth around a change of principal is never called an effect of the principal.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.leadership_access import is_unequal
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, say_each
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
    "classroom": noted("classroom leadership"),
    "school": noted("school leadership"),
    "district": noted("district leadership"),
}
STEP_NAMES = {
    "identified_to_in_training": noted("from being identified to training"),
    "in_training_to_completed": noted("from training to completing it"),
    "completed_to_placed": noted("from completing training to a role"),
}
_DID = {
    "identified_to_in_training": (noted("were identified"), noted("began training")),
    "in_training_to_completed": (noted("began training"), noted("completed it")),
    "completed_to_placed": (noted("completed training"), noted("were placed in a role")),
}
ROLE_NAMES = {
    "principal": noted("principals"),
    "assistant_principal": noted("assistant principals"),
    "instructional_coach": noted("instructional coaches"),
}
GROUP_NAMES = {
    "novice": noted("novices (under 3 years)"),
    "experienced": noted("experienced staff"),
    "master's or higher": noted("staff with a master's degree or higher"),
    "below master's": noted("staff with a lower degree"),
    "lowest third": noted("staff of the third of schools with fewest disadvantaged students"),
    "middle third": noted("staff of the middle third of schools"),
    "highest third": noted("staff of the third of schools with most disadvantaged students"),
}
STAGE_VERBS = {"identified": noted("identified for a pathway"), "in_training": noted("taken into training")}


def level_name(level: str) -> str:
    """A pathway within a sentence."""
    return say(LEVEL_NAMES.get(level, f"{terms.plain(level).lower()} leadership"))


def group_name(row_kind: str, name: str) -> str:
    """A group of staff within a sentence."""
    if row_kind == "school_level":
        return say(
            "staff of {name} {words}",
            name=terms.plain(name).lower(),
            words=say("sites") if name == "other" else say("schools"),
        )
    return say(GROUP_NAMES.get(name, name))


def category_name(category: str) -> str:
    """A role, or a role and school level, at the beginning of a line."""
    role, _, rest = category.partition(": ")
    name = capitalised(say(ROLE_NAMES.get(role, terms.plain(role).lower())))
    return f"{name}, {rest}" if rest else name


def half_placed(rows: Sequence[MedianRow]) -> str:
    """When half have a role, pathway by pathway, as the title of a picture; ``rows`` in order."""
    shown = [row for row in rows if not row.is_suppressed and row.n_people]
    known = [f"{row.category} {decimal(row.median_days / MONTH_DAYS, 1)}" for row in shown if row.median_days]
    late = [row.category for row in shown if not row.median_days]
    if not shown:
        return say("Time to a role: too few people")
    if not known:
        return say("Fewer than half have a role so far: {late}", late=listed(late))
    text = say("Months until half have a role: {known}", known=listed(known))
    return say("{text}; {late}: fewer than half so far", text=text, late=listed(late)) if late else text


def share_with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """12% (95% interval 6% to 23%)."""
    if value is None:
        return say("not known")
    if low is None or high is None:
        return percent(value)
    return say(
        "{value} (95% interval {low} to {high})", value=percent(value), low=percent(low), high=percent(high)
    )


def broken_sentence(row: StepRow) -> str:
    """Where a pathway breaks, with the numbers that say so."""
    if row.n_converted is None:
        return _broken_of_few(row)
    before, after = say_each(_DID)[row.step]
    within = share_with_interval(row.conversion_2y, row.conversion_2y_ci_low, row.conversion_2y_ci_high)
    text = say(
        "The pathway to {level_name} breaks {step_names}: of {n_people} who {before},"
        " {n_converted} {after}; within two years {within}",
        level_name=level_name(row.pathway_level),
        step_names=say(STEP_NAMES[row.step]),
        n_people=counted(row.n_reached, "person", "people"),
        before=before,
        n_converted=row.n_converted,
        after=after,
        within=within,
    )
    if row.reason and "other pathways" in row.reason:
        text += say(
            ", against {others_conversion_2y} on the other pathways",
            others_conversion_2y=percent(row.others_conversion_2y),
        )
    if row.reason and "floor" in row.reason:
        text += say("; the whole interval is below 25%")
    return text + "."


def broken_headline(row: StepRow) -> str:
    """The same in the fewest words."""
    if row.n_converted is None:
        return _broken_of_few(row)
    before, after = say_each(_DID)[row.step]
    text = say(
        "The pathway to {level_name} breaks {step_names}: {n_converted} of {n_reached} who {before} {after}",
        level_name=level_name(row.pathway_level),
        step_names=say(STEP_NAMES[row.step]),
        n_converted=row.n_converted,
        n_reached=row.n_reached,
        before=before,
        after=after,
    )
    if row.reason and "other pathways" in row.reason:
        within, others = percent(row.conversion_2y), percent(row.others_conversion_2y)
        return say(
            "{text}; within two years {within}, against {others} on the other pathways.",
            text=text,
            within=within,
            others=others,
        )
    return say(
        "{text}; within two years {conversion_2y}.", text=text, conversion_2y=percent(row.conversion_2y)
    )


def _broken_of_few(row: StepRow) -> str:
    before, _ = say_each(_DID)[row.step]
    return say(
        "The pathway to {level_name} breaks {step_names}: how many of {n_people} who {before} went on is of"
        " too few people to be shown.",
        level_name=level_name(row.pathway_level),
        step_names=say(STEP_NAMES[row.step]),
        n_people=counted(row.n_reached, "person", "people"),
        before=before,
    )


def funnel_sentence(steps: Sequence[StepRow]) -> str:
    """The first sentence of the page."""
    shown = [row for row in steps if not row.is_suppressed]
    if not shown:
        return say("No step of the leadership pathways can be shown.")
    broken = [row for row in shown if row.is_broken]
    if broken:
        return " ".join(broken_headline(row) for row in broken)
    if all(row.conversion_2y is None for row in shown):
        return say(
            "The leadership pathways cannot be judged yet: too few people began two years ago or earlier."
        )
    return say(
        "No step of the leadership pathways falls clearly behind the same step of the others or below 25%."
    )


def retention_sentence(horizons: Sequence[HorizonRow]) -> str:
    """How many principals stay three years; empty where it is not known."""
    found = [row for row in horizons if row.category == "principal" and row.horizon_years == 3]
    if not found or found[0].survival is None:
        return ""
    row = found[0]
    share = share_with_interval(row.survival, row.ci_low, row.ci_high)
    return say("After three years {share} of principals are still principal of the same school.", share=share)


def successor_sentence(rows: Sequence[SuccessorRow]) -> str:
    """In how many schools nobody is ready; ``rows`` of one year."""
    if not rows:
        return ""
    without = sum(not row.has_successor for row in rows)
    schools = counted(len(rows), "school")
    if without == 0:
        return say(
            "In each of {schools} somebody on the staff is ready to follow the principal.", schools=schools
        )
    return say(
        "In {without} of {schools} nobody on the staff is ready to follow the principal.",
        without=without,
        schools=schools,
    )


def successors_stand_out(rows: Sequence[SuccessorRow], named: int = 8) -> str:
    """Which schools have nobody ready, by name where they are few; empty where none."""
    without = [row.school_name for row in rows if not row.has_successor]
    if not without or not rows:
        return ""
    names = (
        listed(without)
        if len(without) <= named
        else say("{value} (all below)", value=listed([*without[:named], say("others")]))
    )
    place = say("{n_without} of {n_schools}", n_without=len(without), n_schools=counted(len(rows), "school"))
    return say("No ready successor for the principal in {place}: {names}.", place=place, names=names)


def access_sentence(row: AccessRow, rows: Sequence[AccessRow]) -> str:
    """A group whose access differs from that of its reference group by the rule; ``rows`` have that group."""
    group = capitalised(group_name(row.group_kind, row.group_name))
    other = group_name(row.group_kind, row.reference_group)
    verb = say(STAGE_VERBS.get(row.stage, row.stage))
    rates = say(
        "{rate} against {reference_rate} a year",
        rate=percent(row.rate),
        reference_rate=percent(_reference_rate(row, rows)),
    )
    if row.ratio is None:
        return say(
            "{group} and {other_} are not {verb} alike: {rates}.",
            group=group,
            other_=other,
            verb=verb,
            rates=rates,
        )
    times = say("{ratio} times the rate of {other_}", ratio=decimal(row.ratio, 1), other_=other)
    return say(
        "{group} are {verb} at {times} ({rates}; 95% interval of the ratio {ratio_interval}).",
        group=group,
        verb=verb,
        times=times,
        rates=rates,
        ratio_interval=_ratio_interval(row),
    )


def _ratio_interval(row: AccessRow) -> str:
    return interval(row.ratio_ci_low, row.ratio_ci_high, 1)


def access_headline(row: AccessRow, rows: Sequence[AccessRow]) -> str:
    """The same as the title of a picture."""
    group = capitalised(group_name(row.group_kind, row.group_name))
    other = group_name(row.group_kind, row.reference_group)
    rates = say(
        "{rate} a year, {other_} {reference_rate}",
        rate=percent(row.rate),
        other_=other,
        reference_rate=percent(_reference_rate(row, rows)),
    )
    return say(
        "{group} are {stage}: {rates}",
        group=group,
        stage=say(STAGE_VERBS.get(row.stage, row.stage)),
        rates=rates,
    )


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
        return say("too few")
    if row.group_name == row.reference_group:
        return say("compared with")
    if row.p_value_bh is None:
        return say("not compared")
    if row.p_value_bh >= ALPHA:
        return say("not told apart")
    if row.ratio is None:
        return say("differs")
    return say("higher") if row.ratio > 1 else say("lower")


def change_sentence(rows: Sequence[ChangeRow]) -> str:
    """What growth did around a change of principal in one subject; ``rows`` of that subject."""
    subject = terms.subject_name(rows[0].academic_subject)
    average = next((row for row in rows if row.period == "average"), None)
    if average is None or average.estimate_sd is None or average.ci_low is None:
        reason = next((row.note for row in rows if row.note), say("too few schools")) or say(
            "too few schools"
        )
        return say(
            "{subject}: not available: {rstrip}.",
            subject=subject,
            rstrip=reason.removeprefix("refused:").strip().rstrip("."),
        )
    numbers = say(
        "{estimate_sd} SD, 95% interval {interval}",
        estimate_sd=signed(average.estimate_sd),
        interval=interval(average.ci_low, average.ci_high),
    )
    schools = say(
        "{n_schools} that changed, {n_compared} to compare with",
        n_schools=counted(average.n_schools, "school"),
        n_compared=average.n_compared,
    )
    return f"{subject}: {_change_verdict(rows, average)} ({numbers}; {schools})."


def _change_verdict(rows: Sequence[ChangeRow], average: ChangeRow) -> str:
    joint = next((row for row in rows if row.period == "leads"), None)
    if joint is not None and joint.p_value is not None and joint.p_value < ALPHA:
        return say(
            "growth moved apart before the change already, so that what came after cannot be laid to it"
        )
    if average.ci_low is None or average.ci_high is None or average.ci_low <= 0 <= average.ci_high:
        return say(
            "growth after a change of principal cannot be told apart from that of schools without a change"
        )
    if average.p_value is not None and 2 * average.p_value >= ALPHA:
        return say("a difference after the change that is not clear once both subjects are counted")
    direction = say("higher") if (average.estimate_sd or 0.0) > 0 else say("lower")
    return say(
        "growth was {direction} after a change of principal than in schools without a change",
        direction=direction,
    )


def is_clear_change(rows: Sequence[ChangeRow]) -> bool:
    """Whether growth differed after the change by the rule."""
    return " was higher " in change_sentence(rows) or " was lower " in change_sentence(rows)


def median_text(row: MedianRow) -> str:
    """Median with its interval in months, or not reached."""
    if row.is_suppressed:
        return say("too few")
    if row.median_days is None:
        return say("not reached") if row.n_people else say("not known")
    high = (
        say("beyond the time seen") if row.ci_high_days is None else decimal(row.ci_high_days / MONTH_DAYS, 1)
    )
    low = say("under one") if row.ci_low_days is None else decimal(row.ci_low_days / MONTH_DAYS, 1)
    return say(
        "{median_days} ({low} to {high})",
        median_days=decimal(row.median_days / MONTH_DAYS, 1),
        low=low,
        high=high,
    )


def ratio_words(row: ModelRow) -> str:
    """A hazard ratio in words."""
    if row.ci_low is None or row.ci_high is None or row.hazard_ratio is None:
        return ""
    if row.ci_low <= 1 <= row.ci_high:
        return say("not told apart")
    return say("placed sooner") if row.hazard_ratio > 1 else say("placed later or not at all")
