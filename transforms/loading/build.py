"""A whole candidate build: core, quarantine, frames and meta, from the landed files of one intake."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from expectations.contract import Table
from expectations.design_outputs import DESIGN_ESTIMATES
from expectations.entities import ENTITIES, entities_with_types
from expectations.outputs import CORE, ESTIMATES, META, QUARANTINE
from expectations.schema_versions import SCHEMA_VERSIONS
from expectations.schemas import SCHEMAS
from sql import render_sql
from transforms.errors import InputError
from transforms.growth.windows import GrowthFrames
from transforms.loading.core import Fate, core_lineage, create_working_tables, load_core_table, load_order
from transforms.loading.crosswalk import keep_declared_ids
from transforms.loading.intake import Intake, LandedSource, raise_together
from transforms.loading.open_answers import collect_open_answers, keep_open_answers
from transforms.loading.persons_in_labels import ShownLabels, keep_staff_names, relabel_core, shown_labels
from transforms.loading.staging import Reading, Relation, create_staging_table, load_relation
from transforms.loading.study_query import count_lines_left_out, read_query, run_query
from transforms.warehouse import (
    Lineage,
    attach,
    build_tables,
    create_table,
    insert_rows,
    open_database,
    sql_files,
)

# A prior older than a year and a half belongs to another stretch of schooling than the outcome's.
MAXIMUM_WINDOW_DAYS = 550
# From fall to spring of one school year is longer, from one term to the next is shorter.
MINIMUM_DESIGN_DAYS = 200

# What computes the numbers of a build; an evaluator needs these to reproduce it.
PACKAGES = (
    "pdeval",
    "duckdb",
    "great-expectations",
    "numpy",
    "prefect",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "sqlglot",
)


@dataclass(frozen=True)
class StudyFacts:
    """What a build says of itself in ``meta.build``, and what the loading needs of the settings."""

    build_id: str
    study_name: str
    lea_id: str | None
    report_year: int
    started_at: datetime
    pdeval_version: str
    schema_version: str
    input_fingerprint: str
    settings: str
    pseudonym_key_id: str


@dataclass(frozen=True)
class Places:
    """Files of one build: the candidate, the landing and the restricted folder that staging spills to."""

    candidate: Path
    landing: Path
    spill: Path
    study_folder: Path


@dataclass(frozen=True)
class LoadedFile:
    """One row of ``meta.reconciliation`` for one file of one source."""

    source_number: int
    entity: str
    source_file: str
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_skipped: int
    rows_quarantined: int

    @property
    def is_balanced(self) -> bool:
        """Whether every record that was read is accounted for."""
        return self.rows_read == (
            self.rows_loaded + self.rows_duplicate + self.rows_skipped + self.rows_quarantined
        )


@dataclass(frozen=True)
class _Staged:
    """A file in staging: its number, where its text is, how it was read, records beyond the staged ones."""

    file_number: int
    source: LandedSource
    relation: Relation
    reading: Reading
    n_rejected: int
    n_left_out: int
    n_query_rows: int | None


def build_candidate(
    intake: Intake,
    facts: StudyFacts,
    places: Places,
    *,
    connected_by_pd_type: Mapping[str, bool],
    growth: GrowthFrames,
    key: bytes,
    memory_limit: str,
    report_progress: Callable[[str], None],
) -> tuple[LoadedFile, ...]:
    """Build the candidate database from landed files; return its reconciliation.

    Errors: InputErrors with every file that cannot be mapped; RuntimeError when the reconciliation of
    a file does not balance, which is a fault of ours.
    """
    connection = open_database(places.candidate, memory_limit=memory_limit, scratch=places.spill)
    try:
        attach(connection, None, "scratch")
        attach(connection, places.landing, "landed")
        connection.execute("create schema scratch.staging")
        tables = entities_with_types(connected_by_pd_type)
        _create_tables(connection, tables.values(), connected_by_pd_type)
        staged = _stage(connection, tables, intake, places.study_folder, report_progress)
        fates = _load_core(connection, tables, intake, key, report_progress)
        labels = shown_labels(connection, facts.report_year)
        relabel_core(connection, tables.values(), labels)
        staged = [_with_shown_name(file, labels) for file in staged]
        loaded = _reconcile(staged, fates)
        _record_rejected(connection, staged, facts.build_id)
        keep_open_answers(connection, facts.build_id)
        keep_declared_ids(connection, facts.build_id)
        _fill_meta(connection, facts, staged, loaded)
        report_progress("frames")
        _build_frames(connection, growth)
        connection.execute("checkpoint")
    finally:
        connection.close()
    return loaded


def _create_tables(
    connection: duckdb.DuckDBPyConnection, entities: Iterable[Table], connected: Mapping[str, bool]
) -> None:
    for table in (*entities, *CORE, *ESTIMATES, *DESIGN_ESTIMATES, *QUARANTINE, *META):
        create_table(connection, table)
    insert_rows(connection, "core.pd_type", list(connected.items()))
    create_working_tables(connection)


def _stage(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    intake: Intake,
    study_folder: Path,
    report_progress: Callable[[str], None],
) -> list[_Staged]:
    for table in tables.values():
        create_staging_table(connection, table)

    def stage(number: int, source: LandedSource) -> _Staged | InputError:
        report_progress(source.source.path)  # the name of a file found by a pattern may be a person's
        with connection.cursor() as cursor:
            try:
                return _stage_file(cursor, tables, source, number, study_folder)
            except InputError as problem:
                return problem

    # DuckDB reads a file of fewer than 122,880 records with one thread: files side by side fill the cores.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(stage, range(1, len(intake.sources) + 1), intake.sources))
    keep_staff_names(connection)
    raise_together([result for result in results if isinstance(result, InputError)])
    return [result for result in results if not isinstance(result, InputError)]


def _stage_file(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    source: LandedSource,
    file_number: int,
    study_folder: Path,
) -> _Staged:
    landed = source.landed
    entity = str(source.source.entity)
    original = Relation(landed.source_file, f"landed.{landed.table}", landed.headers, landed.line_sql)
    relation, n_left_out, n_query_rows = original, 0, None
    if source.source.query:
        query = read_query(study_folder / source.source.query, source.source.query)
        relation = run_query(connection, original, query, source.source.query)
        n_left_out = count_lines_left_out(connection, original)
        n_query_rows = connection.execute("select count(*) from query_rows").fetchall()[0][0]
    reading = load_relation(
        connection,
        tables[entity],
        source.source,
        relation,
        source_number=source.source_number,
        file_number=file_number,
    )
    sql = render_sql("staging/count_rejected_lines.sql")
    n_rejected = connection.execute(sql, {"table_name": landed.table}).fetchall()[0][0]
    return _Staged(file_number, source, original, reading, n_rejected, n_left_out, n_query_rows)


def _with_shown_name(file: _Staged, labels: ShownLabels) -> _Staged:
    landed = replace(file.source.landed, source_file=labels.of(file.source.landed.source_file))
    return replace(file, source=replace(file.source, landed=landed))


def _load_core(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    intake: Intake,
    key: bytes,
    report_progress: Callable[[str], None],
) -> dict[tuple[str, int], Fate]:
    sourced = frozenset(str(source.source.entity) for source in intake.sources)
    fates: dict[tuple[str, int], Fate] = {}
    lineage: list[Lineage] = []
    for table in load_order(tables, sourced):
        if table.name not in sourced:
            continue
        report_progress(table.name)
        latest = [
            s.source_number
            for s in intake.sources
            if s.source.entity == table.name and s.source.on_conflict == "latest"
        ]
        for fate in load_core_table(connection, table, sourced=sourced, latest_sources=latest, key=key):
            fates[table.name, fate.file_number] = fate
        if table.name == "survey_answer":
            collect_open_answers(connection)
        lineage += core_lineage(table, sourced)
    insert_rows(connection, "meta.table_lineage", [astuple(row) for row in lineage])
    return fates


def _reconcile(staged: Sequence[_Staged], fates: Mapping[tuple[str, int], Fate]) -> tuple[LoadedFile, ...]:
    loaded = []
    for file in staged:
        landed, entity = file.source.landed, str(file.source.source.entity)
        fate = fates.get((entity, file.file_number), Fate(0, 0, 0, 0, 0, 0))
        n_rows = landed.rows if file.n_query_rows is None else file.n_query_rows + file.n_rejected
        row = LoadedFile(
            source_number=file.source.source_number,
            entity=entity,
            source_file=landed.source_file,
            rows_read=n_rows + file.n_left_out,
            rows_loaded=fate.rows_loaded,
            rows_duplicate=fate.rows_duplicate,
            rows_skipped=fate.rows_skipped + file.n_left_out,
            rows_quarantined=fate.rows_quarantined + file.n_rejected,
        )
        if not row.is_balanced:
            raise RuntimeError(
                f"the reconciliation of {row.source_file} for {row.entity} does not balance: {row}"
            )
        loaded.append(row)
    return tuple(loaded)


def _record_rejected(connection: duckdb.DuckDBPyConnection, staged: Sequence[_Staged], build_id: str) -> None:
    """Write ``quarantine.rejected_row``: published without records, in the landing with them."""
    connection.execute(render_sql("staging/rejected_record.sql"))
    found = connection.execute("select distinct file_number from scratch.staging.rejected").fetchall()
    with_rejected = {number for (number,) in found}
    for file in staged:
        if file.file_number in with_rejected:
            _collect_records(connection, file)
        if file.n_rejected:
            _collect_lines(connection, file)
    connection.execute(render_sql("staging/publish_rejected.sql"), {"build_id": build_id})
    connection.execute("create schema if not exists landed.quarantine")
    connection.execute(render_sql("staging/keep_rejected.sql"), {"build_id": build_id})


def _collect_records(connection: duckdb.DuckDBPyConnection, file: _Staged) -> None:
    landed = file.source.landed
    sql = render_sql(
        "staging/rejected_with_record.sql.j2",
        line_sql=landed.line_sql,
        relation=file.relation.name,
        n_columns=len(landed.headers),
    )
    values = {
        "file_number": file.file_number,
        "source_file": landed.source_file,
        "headers": [header.strip() for header in landed.headers],
    }
    connection.execute(sql, values)


def _collect_lines(connection: duckdb.DuckDBPyConnection, file: _Staged) -> None:
    landed = file.source.landed
    values = {
        "source_file": landed.source_file,
        "table_name": landed.table,
        "entity": str(file.source.source.entity),
    }
    connection.execute(render_sql("staging/rejected_lines.sql"), values)


def _fill_meta(
    connection: duckdb.DuckDBPyConnection,
    facts: StudyFacts,
    staged: Sequence[_Staged],
    loaded: Sequence[LoadedFile],
) -> None:
    started = facts.started_at.replace(tzinfo=None)
    insert_rows(
        connection,
        "meta.build",
        [
            (
                facts.build_id, facts.study_name, facts.lea_id, facts.report_year, "candidate", started, None,
                facts.pdeval_version, facts.schema_version, facts.input_fingerprint, facts.settings,
                facts.pseudonym_key_id,
            )
        ],
    )  # fmt: skip
    insert_rows(connection, "meta.source_file", [_source_file_row(file) for file in staged])
    insert_rows(connection, "meta.reconciliation", [astuple(row) for row in loaded])
    insert_rows(connection, "meta.package_version", [(name, version(name)) for name in PACKAGES])
    sourced = {row.entity for row in loaded}
    absent = [(name, f"not available: no {name} source") for name in ENTITIES if name not in sourced]
    insert_rows(connection, "meta.unavailable", absent)
    insert_rows(connection, "meta.schema_description", list(SCHEMAS.items()))
    insert_rows(
        connection,
        "meta.schema_version",
        [
            (each.version, each.since, each.kind, each.changes, each == SCHEMA_VERSIONS[-1])
            for each in SCHEMA_VERSIONS
        ],
    )


def _source_file_row(file: _Staged) -> tuple[object, ...]:
    landed = file.source.landed
    signs = set(file.reading.decimal_signs.values()) - {""}
    return (
        file.source.source_number, str(file.source.source.entity),
        landed.source_file, landed.sha256, landed.bytes,
        landed.rows, landed.encoding or None, landed.delimiter or None, ", ".join(sorted(signs)) or None,
        json.dumps(dict(file.reading.date_formats), sort_keys=True), landed.is_reused,
    )  # fmt: skip


def _build_frames(connection: duckdb.DuckDBPyConnection, growth: GrowthFrames) -> None:
    parameters = {
        "maximum_window_days": MAXIMUM_WINDOW_DAYS,
        "minimum_design_days": MINIMUM_DESIGN_DAYS,
        **growth.parameters,
    }
    lineage = build_tables(connection, sql_files("frames"), parameters)
    insert_rows(connection, "meta.table_lineage", [astuple(row) for row in lineage])
