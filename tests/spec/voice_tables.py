"""Helpers of the tests of Guskey's chain and of open answers: core rows in, rows of the tables out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from expectations.outputs import OUTPUTS
from expectations.voice_outputs import VOICE_ESTIMATES
from tests.spec.conftest import PARAMETERS, Core
from transforms.surveys.chain import compute_chain
from transforms.surveys.chain_rules import ChainRules
from transforms.warehouse import build_tables, create_table, in_dependency_order, insert_records, sql_files

SOURCES = ("survey", "survey_item", "survey_response", "survey_answer", "observation", "pd_activity")
FRAMES = ("frames.survey_score", "frames.staff_activity", "frames.staff_year")
# Thresholds that a handful of rows on screen can meet.
SMALL = ChainRules(least_persons=1, least_teachers=2, least_comparison=2)


def prepare(core: Core, sources: Iterable[str] = SOURCES, build_id: str = "b1") -> None:
    """Make the tables that the chain and the themes read and fill; ``sources`` are loaded entities."""
    for name in ("estimates.effect", "meta.reconciliation", "meta.build", "meta.unavailable"):
        create_table(core.connection, OUTPUTS[name])
    for table in VOICE_ESTIMATES:
        create_table(core.connection, table)
    counts = dict.fromkeys(
        ("rows_read", "rows_loaded", "rows_duplicate", "rows_skipped", "rows_quarantined"), 0
    )
    insert_records(
        core.connection,
        OUTPUTS["meta.reconciliation"],
        [{"source_number": 1, "entity": entity, "source_file": "f", **counts} for entity in sources],
    )
    build = {
        "build_id": build_id, "study_name": "S", "report_year": 2025, "status": "candidate",
        "started_at": datetime(2025, 7, 1), "pdeval_version": "0", "schema_version": "1",
        "input_fingerprint": "f", "settings": "{}", "pseudonym_key_id": "k",
    }  # fmt: skip
    insert_records(core.connection, OUTPUTS["meta.build"], [build])


def chain_of(
    core: Core,
    columns: str,
    *,
    rules: ChainRules = SMALL,
    sources: Iterable[str] = SOURCES,
    where: str = "true",
) -> list[tuple]:
    """Compute the chain from what the test added; the named columns of estimates.guskey_chain."""
    build_chain(core, rules=rules, sources=sources)
    query = f"select {', '.join(columns.split())} from estimates.guskey_chain where {where} order by all"
    return core.connection.execute(query).fetchall()


def build_chain(core: Core, *, rules: ChainRules = SMALL, sources: Iterable[str] = SOURCES) -> None:
    """Compute the chain from what the test added."""
    build_frames(core)
    if not _has_table(core, "estimates.guskey_chain"):
        prepare(core, sources)
    compute_chain(core.connection, rules)


def build_frames(core: Core) -> None:
    """Build the frames that the chain reads, and what they read."""
    files = {file.qualified_name: file for file in sql_files("frames")}
    wanted = list(FRAMES)
    for name in wanted:
        wanted.extend(read for read in files[name].depends_on if read in files and read not in wanted)
    build_tables(core.connection, in_dependency_order(files[name] for name in wanted), PARAMETERS)


def _has_table(core: Core, name: str) -> bool:
    query = "select 1 from duckdb_tables() where schema_name || '.' || table_name = ?"
    return bool(core.connection.execute(query, [name]).fetchall())


def add_effects(core: Core, *rows: Mapping[str, object]) -> None:
    """Add estimates; what a row leaves out is of the design adjusted, all students, taking part."""
    usual = {
        "effect_id": "e",
        "build_id": "b1",
        "design": "adjusted",
        "pd_type": "coaching",
        "academic_subject": "ela",
        "subgroup": "all",
        "contrast": "participated",
        "is_primary": False,
        "is_struck_out": False,
        "df": 30.0,
        "n_participants": 40,
    }
    insert_records(core.connection, OUTPUTS["estimates.effect"], [{**usual, **row} for row in rows])
