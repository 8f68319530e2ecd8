"""The pages of the improvement loop, by file name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb

from transforms.reporting.balance_page import balance_page
from transforms.reporting.chain_page import chain_page
from transforms.reporting.connected_page import connected_page
from transforms.reporting.cost_page import cost_page
from transforms.reporting.decisions_page import decisions_page
from transforms.reporting.leadership_page import leadership_page
from transforms.reporting.learning_page import learning_page
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage
from transforms.reporting.standard_page import standard_page
from transforms.reporting.surveys_page import surveys_page

# A page reads its own tables; it shows aggregates only.
PAGES: dict[str, Callable[[duckdb.DuckDBPyConnection, Build], SectionPage]] = {
    "decisions.html": decisions_page,
    "chain.html": chain_page,
    "surveys.html": surveys_page,
    "balance.html": balance_page,
    "learning.html": learning_page,
    "leadership.html": leadership_page,
    "connected.html": connected_page,
    "standard.html": standard_page,
    "cost.html": cost_page,
}


def improvement_pages(connection: duckdb.DuckDBPyConnection, build: Build) -> dict[str, SectionPage]:
    """Each page by its file name."""
    colophon = (
        f"{build.study_name}, build {build.build_id}, pdeval {build.pdeval_version}, tables"
        f" {build.schema_version}."
    )
    return {name: replace(page(connection, build), colophon=colophon) for name, page in PAGES.items()}
