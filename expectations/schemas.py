"""What each schema of the published database holds: DuckDB keeps no COMMENT of a schema."""

from __future__ import annotations

SCHEMAS = {
    "core": "The entities of the sources, typed, keyed and pseudonymised: one table an entity.",
    "quarantine": "Rows of the sources that did not go in, with file, line and reason; not the record.",
    "frames": "One row per analysed unit: students' growth, teachers' years, exposures, survey scores.",
    "estimates": "What the models found, and what each number stands on.",
    "report": "What the report shows, small groups hidden.",
    "meta": "The build itself: sources, reconciliation, checks, lineage, versions.",
    "history": "What the reports of earlier years showed.",
    "main": "Table macros: questions that are asked daily, called as from name(parameters).",
}
