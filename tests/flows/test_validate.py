"""What becomes of the gate's verdict: recorded in the build, on the page, and as the error of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.gate import RuleResult, outcome_of
from expectations.outputs import OUTPUTS
from flows import validate
from flows.folders import Warehouse, prepare_folders
from flows.study_run import StudyRun
from flows.validate import gate_rules, validate_candidate
from tests.flows.light_stages import write_study
from transforms.errors import ValidationBlockedError
from transforms.warehouse import create_table, open_database


@pytest.fixture
def run(tmp_path: Path) -> StudyRun:
    settings = write_study(tmp_path)
    warehouse = Warehouse(settings.warehouse_folder)
    prepare_folders(warehouse)
    connection = open_database(warehouse.candidate("1-a"))
    create_table(connection, OUTPUTS["meta.validation_result"])
    create_table(connection, OUTPUTS["quarantine.rejected_row"])
    for line in (7, 5):
        row = ["student", "pupils.csv", line, "not_a_date", "entry_date", "not a date", "1-a"]
        connection.execute("insert into quarantine.rejected_row values (?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    return StudyRun(settings, warehouse, "1-a", "f", "2026-01-01T00:00:00Z", lambda *_: None, key=b"k")


def result(rule_id: str, status: str, severity: str = "critical") -> RuleResult:
    names = ("core", "student", "sex", "in_set", "Sex is one of the permitted values")
    return RuleResult(rule_id, *names, severity, status, n_rows=5, n_offending=3, detail=None)


def gate_finds(monkeypatch: pytest.MonkeyPatch, *results: RuleResult) -> None:
    monkeypatch.setattr(validate, "run_gate", lambda *_arguments, **_options: outcome_of(results))


def recorded(run: StudyRun) -> list[tuple[str, str]]:
    connection = open_database(run.warehouse.candidate("1-a"), is_read_only=True)
    try:
        return connection.execute("select rule_id, status from meta.validation_result").fetchall()
    finally:
        connection.close()


def test_warnings_pass_and_are_recorded(run: StudyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    results = (result("a", "passed"), result("b", "failed", "warning"))
    gate_finds(monkeypatch, *results)
    validate_candidate(run, run.warehouse.candidate("1-a"))
    assert recorded(run) == [("a", "passed"), ("b", "failed")]
    assert run.notes.warnings == list(outcome_of(results).warnings) != []
    assert run.notes.reasons == []
    assert not run.warehouse.candidate("1-a").with_name("1-a.candidate.duckdb.wal").exists()


def test_blocked_build_has_its_page_and_all_reasons(run: StudyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    gate_finds(monkeypatch, result("a", "failed"), result("b", "failed"))
    with pytest.raises(
        ValidationBlockedError, match=r"^core\.student: .*; and 1 more, see reports/1-a/valid"
    ):
        validate_candidate(run, run.warehouse.candidate("1-a"))
    assert run.notes.reasons[2:] == [
        "pupils.csv:5: column entry_date: not a date (rule not_a_date, 2 rows of student)"
    ]
    page = run.warehouse.report("1-a") / "validation.html"
    assert run.notes.report == page
    assert "Sex is one of the permitted values" in page.read_text()


def test_rule_that_cannot_be_checked_is_our_fault(run: StudyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    gate_finds(monkeypatch, result("a", "error", "warning"))
    with pytest.raises(RuntimeError, match="could not be checked"):
        validate_candidate(run, run.warehouse.candidate("1-a"))


def test_study_adds_its_types_years_and_thresholds_to_the_rules(run: StudyRun) -> None:
    settings = run.settings
    added = settings.model_copy(
        update={
            "pd_types": {"book_club": None},
            "gate": settings.gate.model_copy(update={"quarantined_share_by_entity": {"student": 0.5}}),
        }
    )
    plain, widened = (str([rule.parameters for rule in gate_rules(each)]) for each in (settings, added))
    assert "book_club" not in plain
    assert "book_club" in widened
    assert "0.5" in widened
