"""What the commands say at their end: for people as text, for programs as facts that become JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.console import plain, shown_path

if TYPE_CHECKING:
    from flows.nightly import RunOutcome
    from flows.records import BuildRecord
    from flows.settings import StudySettings
    from transforms.simulate import SimulatedDistrict

BUILDS_SHOWN = 10
ROW_COUNTS = ("read", "loaded", "duplicate", "skipped", "quarantined")
HEADLINES = {
    "published": "published",
    "unchanged": "unchanged: files, settings and code are those of this build; --force builds again",
    "checked": "checked: nothing was published",
    "refused": "refused: the published build is as it was",
    "failed": "failed: the published build is as it was",
    "running": "running",
}


def version_text() -> str:
    """``pdeval`` and its version."""
    try:
        return f"pdeval {metadata.version('pdeval')}"
    except metadata.PackageNotFoundError:
        return "pdeval (run from its folder, not installed)"


def total_rows(record: BuildRecord) -> dict[str, int]:
    """Rows of all entities by what became of them."""
    return {count: sum(rows.get(count, 0) for rows in record.rows.values()) for count in ROW_COUNTS}


def run_text(settings: StudySettings, record: BuildRecord) -> str:
    """What a run did: what came in, what was turned away, where the results are."""
    rows = total_rows(record)
    lines = [
        _line("build", f"{record.build_id}, {HEADLINES[record.state]}"),
        _line("rows in", f"{rows['read']:,} read, {rows['loaded']:,} loaded"),
        _line("rows out", _turned_away(record, rows)),
        *(_line("warning", plain(warning)) for warning in record.warnings),
        *(_line("reason", plain(reason)) for reason in record.reasons),
    ]
    for name, place in _places(settings, record).items():
        if place is not None:
            lines.append(_line(name, shown_path(place)))
    return "\n".join(lines)


def _line(name: str, text: str) -> str:
    return f"{name:<9} {text}"


def _turned_away(record: BuildRecord, rows: Mapping[str, int]) -> str:
    turned_away = {entity: counts.get("quarantined", 0) for entity, counts in record.rows.items()}
    by_entity = ", ".join(f"{entity} {count:,}" for entity, count in sorted(turned_away.items()) if count)
    text = f"{rows['quarantined']:,} turned away{f' ({by_entity})' if by_entity else ''}"
    return f"{text}, {rows['duplicate']:,} duplicate, {rows['skipped']:,} skipped"


def _places(settings: StudySettings, record: BuildRecord) -> dict[str, Path | None]:
    """Where report and database are; a build that was pruned has none."""
    folder = settings.warehouse_folder
    return {
        "report": folder / record.report if record.report else None,
        "database": folder / record.database if record.database else None,
    }


def run_facts(settings: StudySettings, outcome: RunOutcome) -> dict[str, Any]:
    """The JSON object of ``pdeval run`` and ``pdeval check``."""
    return {
        "study": settings.study.name,
        "warehouse": str(settings.warehouse_folder),
        **record_facts(settings, outcome.record),
        "exit_code": outcome.exit_code,
    }


def failure_facts(settings: StudySettings, build_id: str) -> dict[str, Any]:
    """What the record of a failed run adds to its JSON object; empty where the run has none."""
    from flows.folders import Warehouse
    from flows.records import read_record

    if not build_id:
        return {}
    return record_facts(settings, read_record(Warehouse(settings.warehouse_folder).record(build_id)))


def record_facts(settings: StudySettings, record: BuildRecord) -> dict[str, Any]:
    """A build as facts, with absolute places and the rows of all entities together."""
    places = {name: str(place) if place else None for name, place in _places(settings, record).items()}
    return {**asdict(record), **places, "total_rows": total_rows(record)}


def status_text(settings: StudySettings, records: Sequence[BuildRecord]) -> str:
    """The last builds, newest first, with the reasons of those that were refused."""
    if not records:
        return f"{settings.study.name}: no builds yet in {shown_path(settings.warehouse_folder)}"
    current = _current(records)
    lines = [f"{'BUILD':<24} {'STATE':<10} {'STARTED':<17} {'LOADED':>12} {'TURNED AWAY':>12}"]
    for record in records[:BUILDS_SHOWN]:
        rows = total_rows(record)
        mark = "  current" if record.build_id == current else ""
        lines.append(
            f"{record.build_id:<24} {record.state:<10} {_minute(record.started_at):<17} "
            f"{rows['loaded']:>12,} {rows['quarantined']:>12,}{mark}"
        )
        lines += [f"    reason: {plain(reason)}" for reason in record.reasons]
        lines += [f"    warning: {plain(warning)}" for warning in record.warnings]
    if len(records) > BUILDS_SHOWN:
        lines.append(f"and {len(records) - BUILDS_SHOWN} older builds; --json lists them")
    return "\n".join(lines)


def status_facts(settings: StudySettings, records: Sequence[BuildRecord]) -> dict[str, Any]:
    """The JSON object of ``pdeval status``."""
    return {
        "study": settings.study.name,
        "warehouse": str(settings.warehouse_folder),
        "published": _current(records),
        "builds": [record_facts(settings, record) for record in records],
    }


def _current(records: Sequence[BuildRecord]) -> str | None:
    return next((record.build_id for record in records if record.state == "published"), None)


def _minute(moment: datetime | str) -> str:
    return str(moment)[:16].replace("T", " ")


def district_text(district: SimulatedDistrict) -> str:
    """What was simulated and how to run it."""
    folder = Path(district.folder)
    return "\n".join(
        [
            _line("district", shown_path(folder)),
            _line("rows", f"{sum(district.row_counts.values()):,} in {len(district.row_counts)} entities"),
            _line("truth", shown_path(folder / "truth.json")),
            _line("next", f"pdeval run {shown_path(folder)}"),
        ]
    )


def district_facts(district: SimulatedDistrict) -> dict[str, Any]:
    """The JSON object of ``pdeval simulate``."""
    return {"folder": str(Path(district.folder).absolute()), "row_counts": dict(district.row_counts)}


def next_commands(settings: StudySettings) -> str:
    """Two commands to go on with after the demo."""
    database = shown_path(settings.warehouse_folder / "pdeval.duckdb")
    query = "from estimates.effect select pd_type, academic_subject, contrast, estimate_sd, ci_low, ci_high"
    python = shown_path(Path(sys.executable))
    return "\n".join(
        [
            "",
            "Go on with:",
            f"  {shown_path(Path(sys.argv[0]))} status {shown_path(settings.folder)}",
            f"  {python} -c \"import duckdb; duckdb.connect('{database}', True).sql('{query}').show()\"",
        ]
    )
