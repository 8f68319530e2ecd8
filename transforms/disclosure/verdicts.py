"""What the auditor found, by cell and by table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 (a verdict, no password)
    REVIEW = "review"
    FAIL = "fail"

    @property
    def badness(self) -> int:
        return ("pass", "review", "fail").index(self.value)


@dataclass(frozen=True)
class Finding:
    """What fails or wants a look (review) at one cell; ``lower``, ``upper``: what readers can work out.

    Holds the true bounds of a hidden figure: for the builder's eyes, never for the release.
    """

    cell: str
    tables: tuple[str, ...]
    verdict: Verdict
    reason: str
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Audit:
    """``tables``: the verdict for each table that shows cells; ``bounds``: of every attacked hidden cell."""

    tables: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    bounds: Mapping[str, tuple[float, float]]
    n_cells: int
    n_shown: int
    n_sensitive: int
    n_programmes: int

    @property
    def verdict(self) -> Verdict:
        """The worst of all; PASS only if nothing was found."""
        verdicts = [*self.tables.values(), *(finding.verdict for finding in self.findings)]
        return max(verdicts, key=lambda verdict: verdict.badness, default=Verdict.PASS)

    def figures(self) -> dict[str, int | str]:
        """For a manifest: numbers of cells only, nothing by which a hidden figure could be told."""
        count = {v: sum(f.verdict is v for f in self.findings) for v in (Verdict.FAIL, Verdict.REVIEW)}
        return {
            "verdict": self.verdict.value,
            "n_cells": self.n_cells,
            "n_cells_shown": self.n_shown,
            "n_cells_attacked": len(self.bounds),
            "n_cells_failed": count[Verdict.FAIL],
            "n_cells_for_review": count[Verdict.REVIEW],
            "n_linear_programmes": self.n_programmes,
            "n_tables_failed": sum(verdict is Verdict.FAIL for verdict in self.tables.values()),
        }


def by_table(names: Mapping[str, tuple[str, ...]], findings: tuple[Finding, ...]) -> dict[str, Verdict]:
    """The worst verdict among each table's cells; ``names``: the tables of every cell."""
    verdicts = {table: Verdict.PASS for tables in names.values() for table in tables}
    for finding in findings:
        for table in finding.tables:
            verdicts[table] = max(verdicts[table], finding.verdict, key=lambda verdict: verdict.badness)
    return dict(sorted(verdicts.items()))
