"""What the page of a PD type says: its answer, what stands out, and the titles of its sections, by rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.reporting import decision_words, terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.chain_words import IN_SENTENCE
from transforms.reporting.decision_words import ACTION_TITLES, in_100
from transforms.reporting.evidence_rows import CheckRow, DosePoint, PeriodRow
from transforms.reporting.kind_rows import Kind
from transforms.reporting.numerals import (
    capitalised,
    counted,
    decimal,
    interval,
    interval_decimals,
    listed,
    p_value,
    signed,
)
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import (
    ALPHA,
    Verdict,
    estimate_with_interval,
    read_effect,
    refusal_reason,
    verdict,
)

YOON_HOURS = 14  # Yoon and others (2007): studies of more than 14 hours found growth


def answer(kind: Kind) -> tuple[str, ...]:
    """The verdict in each subject; what it rests on; how far to trust it, and what is advised."""
    estimated = [row for row in kind.main if not row.is_refused]
    if not estimated:
        return (_nothing_found(kind), *_advice(kind))
    first = " ".join(read_effect(row).headline for row in estimated)
    rests_on = "; ".join(_rests_on(row) for row in estimated)
    how = terms.design_name(estimated[0].design).lower()
    second = say(
        "{rests_on}. Compared: {how}; SD is a standard deviation of students' scores.",
        rests_on=capitalised(rests_on),
        how=how,
    )
    return first, second, " ".join((_caution(estimated), *_advice(kind)))


def _nothing_found(kind: Kind) -> str:
    name = terms.pd_type_in_sentence(kind.pd_type)
    reasons = list(dict.fromkeys(refusal_reason(row) for row in kind.main))
    reason = "; ".join(reasons) or say("it was not compared with student growth")
    return say(
        "Whether students grow differently with {name} is not known: no estimate: {reason}.",
        name=name,
        reason=reason,
    )


def _rests_on(row: EffectRow) -> str:
    tier = say("no evidence tier") if row.essa_tier is None else terms.tier_name(row.essa_tier)
    people = ""
    if row.n_participants is not None:
        people = f", {counted(row.n_participants, terms.participant_noun(row.pd_type))}"
        if row.n_participant_schools:
            people += say(" in {n_schools}", n_schools=counted(row.n_participant_schools, "school"))
    subject = terms.subject_in_sentence(row.academic_subject)
    places = interval_decimals(row.ci_low or 0.0, row.ci_high or 0.0)
    bounds = say("95% interval {interval}", interval=interval(row.ci_low, row.ci_high, places))
    return say(
        "{subject} {estimate_sd} SD ({bounds}; {tier}{people})",
        subject=subject,
        estimate_sd=signed(row.estimate_sd, places),
        bounds=bounds,
        tier=tier,
        people=people,
    )


def _caution(rows: Sequence[EffectRow]) -> str:
    if not any(verdict(row).is_clear for row in rows):
        return say("This is no evidence of an effect, and no proof that there is none.")
    if rows[0].design == "lottery":
        return say("Places were drawn by lot, so a clear difference can be put down to the offer.")
    return say("These are associations: teachers were not assigned at random, so they do not show a cause.")


def _advice(kind: Kind) -> tuple[str, ...]:
    if not kind.decisions.recommendations:
        return ()
    row = kind.decisions.recommendations[0]
    chance = (
        ""
        if row.probability_positive is None
        else say(
            " (chance that growth is higher: {probability_positive})",
            probability_positive=in_100(row.probability_positive),
        )
    )
    return (
        say("The rules of this report say: {action}{chance}.", action=_action(row.action), chance=chance),
    )


def _action(action: str) -> str:
    """An action within a sentence: "scale, do more of it"."""
    return say(ACTION_TITLES[action]).lower().replace(":", ",", 1)


def stands_out(kind: Kind) -> tuple[str, ...]:
    """What must not be missed: what a lottery found, contradictions, failed checks, breaks, decisions."""
    own = replace(kind.decisions, recommendations=(), rules=())
    found = (
        _drawn_by_lot(kind),
        _contradiction(kind),
        _struck_out(kind),
        _stood_apart(kind),
        _placebo(kind),
        _broken(kind),
        *decision_words.stands_out(own, kind.report_year),
    )
    return tuple(sentence for sentence in found if sentence)


def _drawn_by_lot(kind: Kind) -> str:
    rows = [row for row in kind.whole if row.design == "lottery" and row.contrast == "offered"]
    rows = [row for row in rows if not row.is_refused and not row.is_struck_out and row not in kind.main]
    if not rows:
        return ""
    said = "; ".join(
        say(
            "{subject_in_sentence} {estimate_with_interval} SD, {value}",
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            estimate_with_interval=estimate_with_interval(row),
            value=verdict(row).value,
        )
        for row in rows
    )
    return say(
        "Where places were drawn by lot, the strongest evidence there is, the offer goes with: {said}.",
        said=said,
    )


def _contradiction(kind: Kind) -> str:
    rows = [row for row in kind.whole if not row.is_refused and not row.is_struck_out]
    subjects = []
    for subject in dict.fromkeys(row.academic_subject for row in rows):
        found = {verdict(row) for row in rows if row.academic_subject == subject}
        if {Verdict.HIGHER, Verdict.LOWER} <= found:
            subjects.append(terms.subject_in_sentence(subject))
    if not subjects:
        return ""
    return say(
        "In {subjects} some ways to compare give clearly higher growth and others clearly"
        " lower: do not rely on one.",
        subjects=listed(subjects),
    )


def _struck_out(kind: Kind) -> str:
    struck = [row for row in kind.whole if row.is_struck_out and not row.is_refused]
    names = sorted({terms.design_name(row.design).lower() for row in struck})
    return (
        say("Struck out, because they failed on this study's own data: {names}.", names=listed(names))
        if names
        else ""
    )


def _stood_apart(kind: Kind) -> str:
    subjects = [
        terms.subject_in_sentence(row.academic_subject)
        for row, check in pre_trends(kind)
        if (check.p_value or 0.0) < ALPHA
    ]
    if not subjects:
        return ""
    return say(
        "In {subjects} those who started stood apart before they did: what is found after the"
        " start need not come with it.",
        subjects=listed(subjects),
    )


def pre_trends(kind: Kind) -> list[tuple[EffectRow, CheckRow]]:
    """The joint test of the years before the start, for each event study that has one."""
    named = {row.effect_id: row for row in kind.whole}
    return [
        (named[check.effect_id], check)
        for check in kind.evidence.checks
        if check.check_name == "pre_trend" and check.p_value is not None and check.effect_id in named
    ]


def failed_placebos(kind: Kind) -> list[EffectRow]:
    """Comparisons that find a difference in the year before, which the PD cannot have made."""
    tested = [row for row in kind.whole if not row.is_refused and row.placebo_p_value is not None]
    return [row for row in tested if (row.placebo_p_value or 0.0) < ALPHA]


def is_more_than_chance(kind: Kind) -> bool:
    """Whether differences in the year before are more than chance gives, or in what answers first."""
    tested = sum(not row.is_refused and row.placebo_p_value is not None for row in kind.whole)
    failed = failed_placebos(kind)
    return len(failed) > max(1, round(ALPHA * tested)) or any(row in kind.main for row in failed)


def _placebo(kind: Kind) -> str:
    if not is_more_than_chance(kind):
        return ""
    names = list(
        dict.fromkeys(
            say(
                "{design_name} in {subject_in_sentence}",
                design_name=terms.design_name(row.design).lower(),
                subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            )
            for row in failed_placebos(kind)
        )
    )
    return say(
        "Growth differed already in the year before, by these ways to compare: {listed}.",
        listed="; ".join(names),
    )


def _broken(kind: Kind) -> str:
    failed = [row for row in kind.chain.breaks if row.level is not None and row.outcome == "no"]
    if not failed:
        return ""
    place = say(IN_SENTENCE[str(failed[0].level)])
    return say("The chain from teachers' reaction to student growth breaks at {place}.", place=place)


def growth_title(kind: Kind) -> str:
    """The verdicts in a few words: "clearly higher in reading, not clear in mathematics"."""
    rows = [row for row in kind.main if not row.is_refused]
    if not rows:
        return say("no estimate")
    judged = [
        (word, _subjects([row for row in rows if verdict(row) in verdicts]))
        for verdicts, word in say_each(_WORDS)
    ]
    if all(not subjects for _, subjects in judged[:2]):
        return say("no clear difference in {subjects}", subjects=listed(_subjects(rows)))
    return ", ".join(
        say("{word} in {subjects}", word=word, subjects=listed(subjects))
        for word, subjects in judged
        if subjects
    )


_WORDS = (
    ((Verdict.HIGHER,), noted("clearly higher")),
    ((Verdict.LOWER,), noted("clearly lower")),
    ((Verdict.NOT_TOLD_APART, Verdict.NOT_AMONG_ALL, Verdict.TOO_FEW_SCHOOLS), noted("not clear")),
)


def _subjects(rows: Sequence[EffectRow]) -> list[str]:
    return list(dict.fromkeys(terms.subject_in_sentence(row.academic_subject) for row in rows))


def dose_title(points: Sequence[DosePoint]) -> str:
    """What the curves come to at 14 hours, or at the most hours that they reach."""
    said = []
    for subject in dict.fromkeys(row.academic_subject for row in points):
        curve = [row for row in points if row.academic_subject == subject and row.hours <= YOON_HOURS]
        if curve:
            said.append(_at_hours(max(curve, key=lambda row: row.hours)))
    return say("Against no hours, growth differs by {listed}", listed="; ".join(said)) if said else ""


def _at_hours(point: DosePoint) -> str:
    places = interval_decimals(point.ci_low, point.ci_high)
    figures = say(
        "{estimate_sd} SD ({interval})",
        estimate_sd=signed(point.estimate_sd, places),
        interval=interval(point.ci_low, point.ci_high, places),
    )
    return say(
        "{figures} at {hours} hours in {subject_in_sentence}",
        figures=figures,
        hours=decimal(point.hours, 0),
        subject_in_sentence=terms.subject_in_sentence(point.academic_subject),
    )


def hours_title(points: Sequence[DosePoint]) -> str:
    """Whether a number of hours is seen from which they count otherwise."""
    bent = _bent(points)
    return (
        say("they do not count evenly in {bent}", bent=listed(bent)) if bent else say("no threshold is seen")
    )


def _bent(points: Sequence[DosePoint]) -> list[str]:
    """Subjects whose curve is no straight line, by the test against one."""
    return [
        terms.subject_in_sentence(subject)
        for subject in dict.fromkeys(row.academic_subject for row in points)
        if any(
            row.academic_subject == subject and row.linear_p_value is not None and row.linear_p_value < ALPHA
            for row in points
        )
    ]


def bend_sentence(points: Sequence[DosePoint]) -> str:
    """Whether hours count evenly, by the test against a straight line."""
    bent = _bent(points)
    if bent:
        return say("In {bent} hours do not count evenly: the curve is no straight line.", bent=listed(bent))
    return say(
        "No number of hours is seen from which one more counts more or less: a straight line would do."
    )


def starting_title(kind: Kind) -> str:
    """What the test of the years before the start says."""
    tests = pre_trends(kind)
    apart = _subjects([row for row, check in tests if (check.p_value or 0.0) < ALPHA])
    if apart:
        return say("a head start in {apart}", apart=listed(apart))
    return say("no head start is seen") if tests else say("a head start cannot be ruled out")


def leads_title(rows: Sequence[PeriodRow]) -> str:
    """Whether teachers stood apart in a year before they started."""
    before = [row for row in rows if row.event_time < 0]
    if not before:
        return say("No year before the start can be looked at")
    apart = [row for row in before if not row.ci_low <= 0 <= row.ci_high]
    if not apart:
        return say("No sign that teachers stood apart before they started")
    subjects = listed(list(dict.fromkeys(terms.subject_in_sentence(row.academic_subject) for row in apart)))
    return say("In {subjects} teachers stood apart before they started", subjects=subjects)


def pre_trend_points(kind: Kind) -> tuple[str, ...]:
    """The test of the years before the start, in words."""
    points = []
    for row, check in pre_trends(kind):
        subject = terms.subject_name(row.academic_subject)
        p = p_value(check.p_value)
        chance = in_100(check.p_value or 0.0)
        if (check.p_value or 0.0) < ALPHA:
            points.append(
                say(
                    "{subject}: the years before the start differ (p {p}; by chance alone,"
                    " differences as large come up {chance} times): do not rely on this"
                    " comparison.",
                    subject=subject,
                    p=p,
                    chance=chance,
                )
            )
        else:
            points.append(
                say(
                    "{subject}: the years before the start show no difference (p {p}; by chance"
                    " alone, differences as large come up {chance} times).",
                    subject=subject,
                    p=p,
                    chance=chance,
                )
            )
    return tuple(points)
