"""What to know before a number of the report is used, the weightiest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.reporting import terms
from transforms.reporting.numerals import count, counted, listed, percent
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.words import Verdict, carried_by, comparison_name, verdict

FEW_SCHOOLS = (
    20  # below some 20 clusters a robust standard error is itself uncertain (Cameron and Miller 2015)
)


@dataclass(frozen=True)
class Caution:
    """One thing to know before a number is used."""

    title: str
    text: str


def cautions(report: Report, rows: Sequence[EffectRow]) -> tuple[Caution, ...]:
    """What to know before a number is used, the weightiest first."""
    estimated = [row for row in rows if not row.is_refused]
    found = [
        _design_caution(estimated),
        _few_schools_caution(estimated),
        _tier_caution(estimated),
        _many_comparisons_caution(estimated),
        _rejected_caution(report),
        _refused_caution(rows),
    ]
    return tuple(caution for caution in found if caution)


def _design_caution(rows: Sequence[EffectRow]) -> Caution | None:
    if not rows or rows[0].design == "lottery":
        return None
    return Caution(
        "Not assigned at random",
        "Teachers who took part may differ from others in ways that no record shows. The comparison allows"
        " for what the section on method lists, not for motivation or a principal's choice.",
    )


def _few_schools_caution(rows: Sequence[EffectRow]) -> Caution | None:
    clusters = [row.n_clusters for row in rows if row.n_clusters is not None]
    shaky = [row for row in rows if verdict(row) is Verdict.TOO_FEW_SCHOOLS]
    if shaky:
        names = listed([comparison_name(row) for row in shaky[:3]])
        return Caution(
            "Too few schools",
            f"Fewer than four degrees of freedom stand behind {names}: the intervals are unreliable.",
        )
    if clusters and min(clusters) < FEW_SCHOOLS:
        return Caution(
            "Few schools",
            f"The intervals rest on {counted(min(clusters), 'school')}; one unusual school can move them.",
        )
    carriers = [row.n_participant_schools for row in rows if row.n_participant_schools]
    if carriers and min(carriers) < FEW_SCHOOLS:
        least = min(
            (row for row in rows if row.n_participant_schools), key=lambda row: row.n_participant_schools or 0
        )
        return Caution(
            "Few schools took part",
            f"For {comparison_name(least)}, {carried_by(least).rstrip('.')}; one unusual school can move it.",
        )
    return None


def _tier_caution(rows: Sequence[EffectRow]) -> Caution | None:
    if not rows:
        return None
    tiers = [row.essa_tier for row in rows if row.essa_tier is not None]
    if not tiers:
        return Caution(
            "No evidence tier",
            "No comparison reaches a tier of the Every Student Succeeds Act (ESSA): none supports a request"
            " for funding that asks for evidence.",
        )
    return Caution(
        f"Tier {min(tiers)} at most",
        f"The best comparison reaches {terms.tier_name(min(tiers))}, of the Every Student Succeeds Act"
        " (ESSA).",
    )


def _many_comparisons_caution(rows: Sequence[EffectRow]) -> Caution | None:
    if len(rows) < 2:
        return None
    alone = sum(verdict(row) is Verdict.NOT_AMONG_ALL for row in rows)
    stood = f" {counted(alone, 'comparison')} looked clear alone and did not hold." if alone else ""
    named = "" if any(row.is_primary for row in rows) else " The study named no comparison in advance."
    return Caution(
        "Many looks at the data",
        f"{len(rows)} comparisons were made, so some would look clear by chance; this is allowed for among"
        f" the kinds of PD in one subject.{stood}{named}",
    )


def _rejected_caution(report: Report) -> Caution | None:
    read, turned_away = rows_read(report), rows_quarantined(report)
    if not turned_away:
        return None
    return Caution(
        "Rows turned away",
        f"{count(turned_away)} of {count(read)} rows ({percent(turned_away / read)}) did not go in; the"
        " section on data says why.",
    )


def _refused_caution(rows: Sequence[EffectRow]) -> Caution | None:
    refused = [row for row in rows if row.is_refused]
    if not refused or len(refused) == len(rows):
        return None
    return Caution(
        "Not everything could be compared",
        f"{counted(len(refused), 'comparison')} gave no number; the reasons stand below the picture.",
    )


def rows_read(report: Report) -> int:
    """Rows read from all files."""
    return sum(row.rows_read for row in report.intake)


def rows_quarantined(report: Report) -> int:
    """Rows turned away from all files."""
    return sum(row.rows_quarantined for row in report.intake)
