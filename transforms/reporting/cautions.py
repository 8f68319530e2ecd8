"""What to know before a number of the report is used, the weightiest first: the facts, not yet the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.reporting.catalogue import Catalogue
from transforms.reporting.numerals import count, percent
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.words import ALPHA, Verdict, verdict

FEW_SCHOOLS = (
    20  # below some 20 clusters a robust standard error is itself uncertain (Cameron and Miller 2015)
)


@dataclass(frozen=True)
class Caution:
    """One thing to know: ``n`` of ``of`` are concerned; ``rows`` are the comparisons that it is about.

    ``kind`` names its messages in the catalogue (``caution.<kind>.title`` and so on).
    """

    kind: str
    n: int
    of: int
    rows: tuple[EffectRow, ...] = ()
    title: str = "title"
    text: str = "text"
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, texts: Catalogue, names: str = "") -> tuple[str, str]:
        """Title and text in the language of ``texts``; ``names`` are those of ``rows``."""
        values = {"n": count(self.n), "of": count(self.of), "names": names, **self.values}
        return (
            texts.text(f"caution.{self.kind}.{self.title}", **values),
            texts.text(f"caution.{self.kind}.{self.text}", **values),
        )


def cautions(report: Report, rows: Sequence[EffectRow]) -> tuple[Caution, ...]:
    """What to know before the comparisons ``rows`` of the main design are used."""
    estimated = [row for row in rows if not row.is_refused]
    found = [
        _design(estimated),
        _few_schools(estimated),
        _tier(estimated),
        _many_comparisons(estimated),
        _rejected(report),
        _refused(rows),
    ]
    return tuple(caution for caution in found if caution)


def _design(rows: Sequence[EffectRow]) -> Caution | None:
    if not rows or rows[0].design == "lottery":
        return None
    tested = [row for row in rows if row.placebo_p_value is not None]
    differing = sum((row.placebo_p_value or 1.0) < ALPHA for row in tested)
    return Caution("design", differing, len(tested), text="text" if tested else "text_unknown")


def _few_schools(rows: Sequence[EffectRow]) -> Caution | None:
    clusters = [row.n_clusters for row in rows if row.n_clusters is not None]
    shaky = tuple(row for row in rows if verdict(row) is Verdict.TOO_FEW_SCHOOLS)
    if shaky:
        return Caution("shaky", len(shaky), len(rows), shaky[:3])
    if clusters and min(clusters) < FEW_SCHOOLS:
        return Caution("few_schools", min(clusters), min(clusters))
    carried = [row for row in rows if row.n_participant_schools]
    if not carried:
        return None
    least = min(carried, key=lambda row: row.n_participant_schools or 0)
    n_schools = least.n_participant_schools or 0
    if n_schools >= FEW_SCHOOLS:
        return None
    return Caution("few_took_part", n_schools, max(least.n_schools or 0, n_schools), (least,))


def _tier(rows: Sequence[EffectRow]) -> Caution | None:
    if not rows:
        return None
    tiers = [row.essa_tier for row in rows if row.essa_tier is not None]
    title = "title" if tiers else "title_none"
    return Caution("tier", len(tiers), len(rows), title=title, values={"tier": min(tiers, default=0)})


def _many_comparisons(rows: Sequence[EffectRow]) -> Caution | None:
    if len(rows) < 2:
        return None
    judged = [verdict(row) for row in rows]
    clear = sum(found.is_clear for found in judged)
    alone = sum(found is Verdict.NOT_AMONG_ALL for found in judged)
    return Caution("many", clear, len(rows), values={"alone": count(alone)})


def _rejected(report: Report) -> Caution | None:
    read, turned_away = rows_read(report), rows_quarantined(report)
    if not turned_away:
        return None
    return Caution("rejected", turned_away, read, values={"share": percent(turned_away / read)})


def _refused(rows: Sequence[EffectRow]) -> Caution | None:
    refused = [row for row in rows if row.is_refused]
    if not refused or len(refused) == len(rows):
        return None
    return Caution("refused", len(refused), len(rows))


def rows_read(report: Report) -> int:
    """Rows read from all files."""
    return sum(row.rows_read for row in report.intake)


def rows_quarantined(report: Report) -> int:
    """Rows turned away from all files."""
    return sum(row.rows_quarantined for row in report.intake)
