"""What the page of evidence says of its pictures, by rules."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.calibration_chart import CoverageRow
from transforms.reporting.catalogue import say
from transforms.reporting.evidence_rows import (
    BaselineRow,
    CalibrationRow,
    CheckRow,
    DosePoint,
    PeriodRow,
    SpecificationRow,
)
from transforms.reporting.numerals import capitalised, counted, decimal, listed, percent, signed
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import ALPHA, Verdict, verdict


def designs_title(rows: Sequence[EffectRow], subject: str) -> str:
    """Where all designs that gave a number, and are not struck out, say the same."""
    name = terms.subject_name(subject)
    agreed = [
        pd_type
        for pd_type in dict.fromkeys(row.pd_type for row in rows)
        if _direction([row for row in rows if row.pd_type == pd_type])
    ]
    if not agreed:
        return say("{name}: on no kind of PD do two designs agree that growth differs", name=name)
    types = listed([terms.pd_type_in_sentence(pd_type) for pd_type in agreed])
    return say("{name}: two designs or more agree on {types}", name=name, types=types)


def _direction(rows: Sequence[EffectRow]) -> Verdict | None:
    """The clear direction in which at least two designs agree, none speaking against it; else None."""
    judged = [verdict(row) for row in rows if not row.is_refused and not row.is_struck_out]
    clear = [found for found in judged if found.is_clear]
    return clear[0] if len(clear) >= 2 and len(set(clear)) == 1 else None


def _stands_apart_before(row: PeriodRow) -> bool:
    return row.event_time < 0 and not row.ci_low <= 0 <= row.ci_high


def leads_title(rows: Sequence[PeriodRow], subject: str) -> str:
    """Whether those who started stood apart before."""
    name = terms.subject_name(subject)
    apart = [
        pd_type
        for pd_type in dict.fromkeys(row.pd_type for row in rows)
        if any(_stands_apart_before(row) for row in rows if row.pd_type == pd_type)
    ]
    if not any(row.event_time < 0 for row in rows):
        return say("{name}: no year before the start can be looked at", name=name)
    if not apart:
        return say("{name}: no sign that teachers stood apart before they started", name=name)
    types = listed([terms.pd_type_in_sentence(pd_type) for pd_type in apart])
    return say("{name}: teachers stood apart before they started in {types}", name=name, types=types)


def pre_trend_sentence(checks: Sequence[CheckRow], effects: Sequence[EffectRow]) -> list[str]:
    """One line for each event study: the joint test of the years before the start."""
    named = {row.effect_id: row for row in effects}
    lines = []
    for check in checks:
        row = named.get(check.effect_id)
        if row is None or check.check_name != "pre_trend" or check.p_value is None:
            continue
        verdict_text = (
            say("the years before the start differ: do not rely on it")
            if check.p_value < ALPHA
            else say("no difference found in the years before the start")
        )
        lines.append(
            say(
                "{pd_type_name} in {subject_in_sentence}: {verdict_text} (p = {p_value}).",
                pd_type_name=terms.pd_type_name(row.pd_type),
                subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
                verdict_text=verdict_text,
                p_value=decimal(check.p_value, 3),
            )
        )
    return lines


def pre_trends_sentence(checks: Sequence[CheckRow]) -> str:
    """In how many event studies teachers who start stood apart before."""
    tested = [row.p_value for row in checks if row.check_name == "pre_trend" and row.p_value is not None]
    if not tested:
        return say("No years before a start could be tested.")
    differing = sum(value < ALPHA for value in tested)
    return say(
        "Years before the start differ jointly (p below {alpha}) in {differing} of"
        " {n_event_studies}; about {max} would by chance.",
        alpha=ALPHA,
        differing=differing,
        n_event_studies=counted(len(tested), "event study", "event studies"),
        max=max(1, round(ALPHA * len(tested))),
    )


def dose_title(rows: Sequence[DosePoint], subject: str) -> str:
    """Where the curve is no straight line."""
    bent = [
        terms.pd_type_in_sentence(pd_type)
        for pd_type in dict.fromkeys(row.pd_type for row in rows)
        if any(
            row.pd_type == pd_type and row.linear_p_value is not None and row.linear_p_value < ALPHA
            for row in rows
        )
    ]
    name = terms.subject_name(subject)
    if not bent:
        return say("{name}: no dose is seen from which hours count more or less", name=name)
    return say("{name}: hours do not count evenly in {bent}", name=name, bent=listed(bent))


def balance_title(rows: Sequence[BaselineRow]) -> str:
    """How far apart the groups stand after weighting."""
    after = [abs(row.g_after) for row in rows if row.g_after is not None]
    name = terms.pd_type_name(rows[0].pd_type)
    subject = terms.subject_in_sentence(rows[0].academic_subject)
    worst = max(after, default=0.0)
    if worst <= 0.05:
        return say("{name} in {subject}: alike before the PD, once weighted", name=name, subject=subject)
    return say(
        "{name} in {subject}: still {worst} SD apart in what differs most",
        name=name,
        subject=subject,
        worst=decimal(worst),
    )


def placebo_sentence(rows: Sequence[EffectRow]) -> str:
    """How many estimates find a difference in growth that the PD cannot have made."""
    tested = [row for row in rows if row.placebo_p_value is not None and not row.is_refused]
    if not tested:
        return say("Growth in the year before could not be looked at.")
    failed = [row for row in tested if (row.placebo_p_value or 1.0) < ALPHA]
    chance = say("about {max} would by chance", max=max(1, round(ALPHA * len(tested))))
    return say(
        "Growth in the year before, which the PD cannot have changed, differs in {n_failed}"
        " of {n_estimates} ({chance}).",
        n_failed=len(failed),
        n_estimates=counted(len(tested), "estimate"),
        chance=chance,
    )


def specifications_title(rows: Sequence[SpecificationRow]) -> str:
    """How many of the ways to fit agree in direction, and how many are clear."""
    name = terms.pd_type_name(rows[0].pd_type)
    subject = terms.subject_in_sentence(rows[0].academic_subject)
    higher = [row for row in rows if row.estimate_sd > 0]
    more, word = (
        (higher, say("higher"))
        if 2 * len(higher) >= len(rows)
        else ([row for row in rows if row.estimate_sd <= 0], say("lower"))
    )
    clear = sum(row.p_value < ALPHA for row in more)
    return say(
        "{name} in {subject}: {n_more} of {n_rows} ways to fit give {word} growth, {clear} clearly",
        name=name,
        subject=subject,
        n_more=percent(len(more) / len(rows)),
        n_rows=len(rows),
        word=word,
        clear=percent(clear / len(rows)),
    )


def calibration_title(rows: Sequence[CoverageRow]) -> str:
    """Whether all designs hold what they promise on this study's data."""
    struck = list(dict.fromkeys(row.design for row in rows if row.is_struck_out))
    if not struck:
        return say("On this study's data the intervals of all designs hold what they promise")
    names = listed([terms.design_name(design).lower() for design in struck])
    return say("Struck out on this study's data: {names}", names=names)


def calibration_sentence(rows: Sequence[CalibrationRow]) -> list[str]:
    """One line for each design, subject and contrast as a whole."""
    return [
        capitalised(
            say(
                "{design_name}, {subject_in_sentence}, {contrast_name}: {coverage} of intervals"
                " hold the planted effect; bias {bias_sd} SD; smallest effect found with a power"
                " of 80%: {minimum_detectable_sd} SD{words}.",
                design_name=terms.design_name(row.design).lower(),
                subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
                contrast_name=terms.contrast_name(row.contrast),
                coverage=percent(row.coverage),
                bias_sd=signed(row.bias_sd, 3),
                minimum_detectable_sd=decimal(row.minimum_detectable_sd),
                words=say("; struck out") if row.is_struck_out else "",
            )
        )
        for row in rows
        if row.pd_type == "all" and row.planted_sd == 0 and row.coverage is not None
    ]
