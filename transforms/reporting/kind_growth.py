"""Sections of a PD type's page on growth: what goes with it, how much, for whom, what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import evidence_words, terms
from transforms.reporting.comparisons_page import reading_card
from transforms.reporting.evidence_charts import (
    designs_picture,
    dose_picture,
    event_study_picture,
    love_picture,
    of_subject,
)
from transforms.reporting.evidence_figures import (
    DESIGNS_CAPTION,
    EVENT_CAPTION,
    LOVE_CAPTION,
    SPECIFICATIONS_CAPTION,
    dose_caption,
)
from transforms.reporting.evidence_rows import DosePoint
from transforms.reporting.evidence_tables import (
    balance_table,
    designs_table,
    dose_points_table,
    dose_terms_table,
    periods_table,
    ratings_table,
    sensitivity_table,
    specifications_table,
    tested_differences_table,
)
from transforms.reporting.kind_rows import Kind
from transforms.reporting.numerals import capitalised, counted
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow
from transforms.reporting.sections import Section
from transforms.reporting.specification_chart import specification_picture
from transforms.reporting.words import ALPHA, Verdict, read_effect, refusal_reason, verdict

_GROUP_CONTRASTS = ("participated", "offered")


def growth_section(kind: Kind, main: Sequence[EffectRow]) -> Section:
    """What each design finds, the one that answers first in words."""
    whole = [row for row in kind.effects if row.subgroup == "all"]
    groups = [row for row in whole if row.contrast in _GROUP_CONTRASTS]
    estimated = [row for row in groups if not row.is_refused]
    return Section(
        "growth",
        "Student growth",
        paragraphs=(
            "Students whose teachers took part, against students of others, in up to five ways: where they"
            " agree,"
            " lean on the answer more; where they differ, trust the upper one. The cards say it for the"
            " way that answers first.",
        ),
        cards=tuple(reading_card(read_effect(row)) for row in main),
        pictures=(
            Picture(
                "kind-designs",
                _designs_title(estimated),
                designs_picture(groups, "kind-designs", of_subject),
                DESIGNS_CAPTION,
            ),
        ),
        tables=(designs_table(whole), ratings_table(estimated)),
        note=_refusals(groups),
    )


def _designs_title(rows: Sequence[EffectRow]) -> str:
    clear = [row for row in rows if not row.is_struck_out and verdict(row).is_clear]
    ways = counted(len(rows), "comparison")
    if not clear:
        return f"None of {ways} can be told from zero" if len(rows) > 1 else "It cannot be told from zero"
    higher = sum(verdict(row) is Verdict.HIGHER for row in clear)
    parts = [f"{higher} clearly higher"] if higher else []
    if len(clear) > higher:
        parts.append(f"{len(clear) - higher} clearly lower")
    return f"Of {ways}, {' and '.join(parts)}"


def _refusals(rows: Sequence[EffectRow]) -> str:
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        if row.is_refused:
            subject = terms.subject_in_sentence(row.academic_subject)
            name = f"{terms.design_name(row.design).lower()} in {subject}"
            by_reason.setdefault(refusal_reason(row), []).append(name)
    lines = (f"{capitalised('; '.join(names))}: {reason}." for reason, names in by_reason.items())
    return f"No number: {' '.join(lines)}" if by_reason else ""


def dose_section(kind: Kind) -> Section | None:
    """How growth goes with hours."""
    points = [row for row in kind.evidence.dose_points if row.design == "within_teacher"]
    rows: Sequence[DosePoint] = points or kind.evidence.dose_points
    if not rows:
        return None
    title = "; ".join(
        evidence_words.dose_title([row for row in rows if row.academic_subject == subject], subject)
        for subject in dict.fromkeys(row.academic_subject for row in rows)
    )
    return Section(
        "hours",
        "How many hours",
        pictures=(
            Picture(
                "kind-dose", title, dose_picture(rows, "kind-dose", of_subject), dose_caption(rows[0].design)
            ),
        ),
        tables=(dose_points_table(rows), dose_terms_table(kind.evidence.dose_terms)),
    )


def starting_section(kind: Kind) -> Section | None:
    """Leads and lags, and what the years before the start say."""
    rows = kind.evidence.periods
    if not rows:
        return None
    title = "; ".join(
        evidence_words.leads_title([row for row in rows if row.academic_subject == subject], subject)
        for subject in dict.fromkeys(row.academic_subject for row in rows)
    )
    return Section(
        "starting",
        "Before and after starting",
        paragraphs=(
            "If teachers who start were already gaining on others before, the PD is not what made the"
            " difference.",
        ),
        points=tuple(evidence_words.pre_trend_sentence(kind.evidence.checks, kind.effects)),
        pictures=(
            Picture("kind-event", title, event_study_picture(rows, "kind-event", of_subject), EVENT_CAPTION),
        ),
        tables=(periods_table(rows),),
    )


def for_whom_section(kind: Kind) -> Section | None:
    """Tests of differences between subgroups."""
    tested = [row for row in kind.evidence.differences if row.p_value is not None]
    if not tested:
        return None
    clear = [row for row in tested if row.p_value_bh is not None and row.p_value_bh < ALPHA]
    said = (
        f"{counted(len(clear), 'difference')} between groups of students or teachers can be told from zero"
        f" once all"
        " that were tested are counted; the table has them first."
        if clear
        else f"No difference between groups of students or teachers can be told from zero ({len(tested)} were"
        " tested). That is no proof that it is the same for all."
    )
    return Section(
        "for-whom",
        "For whom",
        paragraphs=(
            "“It works for these and not for those” needs a test of the difference; a clear estimate in one"
            " group"
            " and an unclear one in another is none.",
            said,
        ),
        tables=(tested_differences_table(tested),),
    )


def against_section(kind: Kind) -> Section | None:
    """What speaks against the estimates: balance, other ways to fit, what would have to be wrong."""
    whole = [row for row in kind.effects if row.subgroup == "all"]
    pictures = (*_love_pictures(kind), *_specification_pictures(kind))
    table = sensitivity_table(kind.evidence.sensitivities, whole)
    if not pictures and not table.rows:
        return None
    return Section(
        "against",
        "What speaks against it",
        paragraphs=(
            evidence_words.placebo_sentence(whole),
            "The robustness value is the share of what is left of both hours and growth that something"
            " unrecorded"
            " would have to explain to bring an estimate to zero.",
        ),
        pictures=pictures,
        tables=(
            table,
            balance_table(kind.evidence.baselines),
            specifications_table(kind.evidence.specifications),
        ),
        note="The page on evidence has the trial of each design on this study's own data.",
    )


def _love_pictures(kind: Kind) -> tuple[Picture, ...]:
    found = []
    for index, subject in enumerate(dict.fromkeys(row.academic_subject for row in kind.evidence.baselines)):
        rows = [
            row
            for row in kind.evidence.baselines
            if row.design == "matched" and row.academic_subject == subject
        ]
        if rows:
            picture_id = f"kind-balance-{index}"
            found.append(
                Picture(
                    picture_id,
                    evidence_words.balance_title(rows),
                    love_picture(rows, picture_id),
                    LOVE_CAPTION,
                )
            )
    return tuple(found)


def _specification_pictures(kind: Kind) -> tuple[Picture, ...]:
    found = []
    drawn = [row for row in kind.evidence.specifications if row.contrast == "participated"]
    for index, subject in enumerate(dict.fromkeys(row.academic_subject for row in drawn)):
        rows = [row for row in drawn if row.academic_subject == subject]
        picture_id = f"kind-specifications-{index}"
        found.append(
            Picture(
                picture_id,
                evidence_words.specifications_title(rows),
                specification_picture(rows, picture_id),
                SPECIFICATIONS_CAPTION,
            )
        )
    return tuple(found)
