"""The pages of the improvement loop, by file name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb

from transforms.reporting.decisions_page import decisions_page
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage

# A page reads its own tables; it shows aggregates only.
PAGES: dict[str, Callable[[duckdb.DuckDBPyConnection, Build], SectionPage]] = {
    "decisions.html": decisions_page,
}


def improvement_pages(connection: duckdb.DuckDBPyConnection, build: Build) -> dict[str, SectionPage]:
    """Each page by its file name."""
    colophon = (
        f"{build.study_name}, build {build.build_id}, pdeval {build.pdeval_version}, tables"
        f" {build.schema_version}."
    )
    return {name: replace(page(connection, build), colophon=colophon) for name, page in PAGES.items()}
