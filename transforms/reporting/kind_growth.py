"""Sections of a PD type's page on growth: what goes with it, how many hours, before and after starting."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import kind_words, terms
from transforms.reporting.catalogue import say
from transforms.reporting.comparisons_page import reading_card
from transforms.reporting.evidence_charts import (
    DESIGNS,
    designs_picture,
    dose_picture,
    event_study_picture,
    of_subject,
)
from transforms.reporting.evidence_figures import DESIGNS_CAPTION, EVENT_CAPTION, dose_caption
from transforms.reporting.evidence_rows import DosePoint
from transforms.reporting.evidence_tables import (
    designs_table,
    dose_points_table,
    dose_terms_table,
    periods_table,
    ratings_table,
)
from transforms.reporting.kind_rows import Kind
from transforms.reporting.kind_tables import ways_table
from transforms.reporting.numerals import capitalised, counted
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow
from transforms.reporting.sections import Section
from transforms.reporting.words import Verdict, read_effect, refusal_reason, verdict, without_few

_GROUP_CONTRASTS = ("participated", "offered")


def ways(kind: Kind) -> list[EffectRow]:
    """Comparisons of taking part, or of being offered a place, the strongest design first."""
    rows = [row for row in kind.whole if row.contrast in _GROUP_CONTRASTS]
    return sorted(rows, key=lambda row: (row.academic_subject, _strength(row), row.contrast))


def _strength(row: EffectRow) -> int:
    return DESIGNS.index(row.design) if row.design in DESIGNS else len(DESIGNS)


def growth_section(kind: Kind) -> Section:
    """What each design finds, the one that answers first in words."""
    groups = ways(kind)
    estimated = [row for row in groups if not row.is_refused]
    if not groups:
        return Section("growth", say("Student growth: no estimate"), paragraphs=(_never_compared(kind),))
    return Section(
        "growth",
        say("Student growth: {growth_title}", growth_title=kind_words.growth_title(kind)),
        paragraphs=(
            say(
                "Students whose teachers took part, against students of others, in up to five"
                " ways: where they agree, lean on the answer more; where they differ, trust the"
                " upper one. The cards say it for the way that answers first on every page."
            ),
        ),
        cards=tuple(reading_card(read_effect(row)) for row in kind.main),
        pictures=(
            Picture(
                "kind-designs",
                _designs_title(estimated),
                designs_picture(groups, "kind-designs", of_subject),
                say(DESIGNS_CAPTION),
            ),
        ),
        tables=(
            ways_table(groups, kind.evidence.calibrations),
            designs_table(kind.whole),
            ratings_table(estimated),
        ),
        note=_refusals(groups),
    )


def _never_compared(kind: Kind) -> str:
    return say(
        "No estimate: {pd_type_in_sentence} was not compared with student growth.",
        pd_type_in_sentence=terms.pd_type_in_sentence(kind.pd_type),
    )


def _designs_title(rows: Sequence[EffectRow]) -> str:
    clear = [row for row in rows if not row.is_struck_out and verdict(row).is_clear]
    ways_said = counted(len(rows), "comparison")
    if not clear:
        return (
            say("None of {ways_said} can be told from zero", ways_said=ways_said)
            if len(rows) > 1
            else say("It cannot be told from zero")
        )
    higher = sum(verdict(row) is Verdict.HIGHER for row in clear)
    parts = [say("{higher} clearly higher", higher=higher)] if higher else []
    if len(clear) > higher:
        parts.append(say("{n_clear} clearly lower", n_clear=len(clear) - higher))
    return say("Of {ways_said}, {listed}", ways_said=ways_said, listed=say(" and ").join(parts))


def _refusals(rows: Sequence[EffectRow]) -> str:
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        if row.is_refused:
            subject = terms.subject_in_sentence(row.academic_subject)
            name = say(
                "{design_name} in {subject}",
                design_name=terms.design_name(row.design).lower(),
                subject=subject,
            )
            by_reason.setdefault(refusal_reason(row), []).append(name)
    if len(by_reason) == 1 and all(row.is_refused for row in rows):
        return say("No estimate by any way to compare: {next}.", next=next(iter(by_reason)))
    lines = (
        f"{capitalised('; '.join(dict.fromkeys(names)))}: {reason}." for reason, names in by_reason.items()
    )
    return say("No estimate: {listed}", listed=" ".join(lines)) if by_reason else ""


def dose_section(kind: Kind) -> Section:
    """How growth goes with hours."""
    points = [row for row in kind.evidence.dose_points if row.design == "within_teacher"]
    rows: Sequence[DosePoint] = points or kind.evidence.dose_points
    if not rows:
        return Section("hours", say("How many hours: no estimate"), paragraphs=(_no_dose(kind),))
    return Section(
        "hours",
        say("How many hours: {hours_title}", hours_title=kind_words.hours_title(rows)),
        paragraphs=(kind_words.bend_sentence(rows),),
        pictures=(
            Picture(
                "kind-dose",
                kind_words.dose_title(rows),
                dose_picture(rows, "kind-dose", of_subject),
                dose_caption(rows[0].design),
            ),
        ),
        tables=(dose_points_table(rows), dose_terms_table(kind.evidence.dose_terms)),
    )


def _no_dose(kind: Kind) -> str:
    reasons = dict.fromkeys(
        without_few((row.note or "").removeprefix("refused:").strip())
        for row in kind.evidence.dose_terms
        if row.estimate_sd is None and row.note
    )
    refused = dict.fromkeys(
        refusal_reason(row) for row in kind.whole if row.design == "within_teacher" and row.is_refused
    )
    why = "; ".join([*refused, *reasons]) or say("no curve of hours could be fitted")
    return say("No estimate: {why}.", why=why)


def starting_section(kind: Kind) -> Section:
    """Leads and lags, and what the years before the start say."""
    rows = kind.evidence.periods
    if not rows:
        return Section(
            "starting", say("Before and after starting: no estimate"), paragraphs=(_no_event(kind),)
        )
    return Section(
        "starting",
        say("Before and after starting: {starting_title}", starting_title=kind_words.starting_title(kind)),
        paragraphs=(
            say(
                "If teachers who start were already gaining on others before, the PD is not what"
                " made the difference."
            ),
        ),
        points=kind_words.pre_trend_points(kind),
        pictures=(
            Picture(
                "kind-event",
                kind_words.leads_title(rows),
                event_study_picture(rows, "kind-event", of_subject),
                say(EVENT_CAPTION),
            ),
        ),
        tables=(periods_table(rows),),
    )


def _no_event(kind: Kind) -> str:
    refused = dict.fromkeys(
        refusal_reason(row) for row in kind.whole if row.design == "event_study" and row.is_refused
    )
    return say("No estimate: {listed}.", listed="; ".join(refused) or say("starting was not looked at"))
