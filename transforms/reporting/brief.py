"""The first page as a value: an answer, three findings, three decisions, three cautions, in one language.

Every sentence comes from the catalogue and from numbers by the rules of ``words.verdict``.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.reporting.brief_answer import answer
from transforms.reporting.brief_cautions import caution_items
from transforms.reporting.brief_decisions import decision_items
from transforms.reporting.brief_findings import finding_items
from transforms.reporting.brief_item import BriefItem
from transforms.reporting.catalogue import catalogue
from transforms.reporting.history_brief import changes_since
from transforms.reporting.numerals import school_year
from transforms.reporting.rows import Report

OF_EACH = 3


@dataclass(frozen=True)
class Brief:
    """The brief.

    ``since`` says what changed since the report of an earlier year, ``headings`` are those of findings,
    decisions and cautions, ``notes`` explain words.
    """

    language: str
    title: str
    study_name: str
    year: str
    answer: tuple[str, ...]
    since: tuple[str, ...]
    findings: tuple[BriefItem, ...]
    decisions: tuple[BriefItem, ...]
    cautions: tuple[BriefItem, ...]
    headings: tuple[str, str, str]
    notes: tuple[str, ...]

    @property
    def groups(self) -> tuple[tuple[str, tuple[BriefItem, ...]], ...]:
        """The three groups under their headings; groups without items are left out."""
        items = (self.findings, self.decisions, self.cautions)
        return tuple(
            (head, of_group) for head, of_group in zip(self.headings, items, strict=True) if of_group
        )


def brief(connection: duckdb.DuckDBPyConnection, report: Report, language: str = "en") -> Brief:
    """The brief of a build in ``language``; tables that may be shown are read, nothing else."""
    texts = catalogue(language)
    main = main_comparisons(report.effects)
    return Brief(
        language=language,
        title=texts.text("page.title"),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        answer=answer(main, texts),
        since=changes_since(connection, report.build, texts),
        findings=finding_items(connection, report, main, texts)[:OF_EACH],
        decisions=decision_items(connection, texts)[:OF_EACH],
        cautions=caution_items(report, main, texts)[:OF_EACH],
        headings=(
            texts.text("page.findings"),
            texts.text("page.decisions"),
            texts.text("page.cautions"),
        ),
        notes=(texts.text("page.sd"), texts.text("page.sure")),
    )
