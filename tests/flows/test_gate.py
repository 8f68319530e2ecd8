"""The gate with Great Expectations inside DuckDB; importing it takes seconds, so the runs are few."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.contract import Table
from expectations.entities import ENTITIES
from expectations.gate import run_gate
from expectations.outcome import GateOutcome, RuleResult
from expectations.outputs import FRAMES
from expectations.rules import Rule, rules_for
from tests.unit.expectations.candidate import Rows, open_candidate, reconciliation_row, sound_rows

ROOT = Path(__file__).parents[2]

# One table for each kind of rule; the rest is the same with other names.
CHECKED: tuple[Table, ...] = tuple(
    ENTITIES[name]
    for name in (
        "staff_assignment",
        "section_staff",
        "student_enrollment",
        "assessment_result",
        "pd_activity",
    )
)


# DuckDB's error will repeat the title that is no number.
COUNTS_NAMES = Rule(
    rule_id="core.pd_activity.counts_names",
    table_schema="core",
    table_name="pd_activity",
    column_name="title",
    kind="sql_check",
    meaning="No title is a number above 0.",
    severity="warning",
    parameters={"sql": "select title from core.pd_activity where cast(title as integer) > 0"},
)


def gate(
    rows: Rows,
    folder: Path,
    tables: tuple[Table, ...] = CHECKED,
    *changes: str,
    more_rules: tuple[Rule, ...] = (),
) -> GateOutcome:
    """Run the gate on a candidate of ``rows``, after SQL ``changes``; the path holds what trips URLs."""
    candidate = folder / "a $build of 100% ?#.duckdb"
    with open_candidate(rows, candidate) as connection:
        for change in changes:
            connection.execute(change)
    return run_gate(candidate, (*rules_for(tables, school_years=(2024, 2025)), *more_rules), folder)


def results_of(outcome: GateOutcome) -> dict[str, RuleResult]:
    return {result.rule_id: result for result in outcome.results}


def broken_rows() -> Rows:
    """Sound rows with one fault for each kind of rule."""
    rows = sound_rows()
    (assignment,) = rows["core.staff_assignment"]
    rows["core.staff_assignment"] = [
        assignment | {"fte": 2.5},  # from 0 to 2
        assignment | {"role": "wizard"},
        assignment | {"role": None},
        assignment | {"role": "principal", "school_id": "s9"},  # no school of that id
        assignment | {"role": "principal", "school_year": 2015},  # not of the study, a warning
    ]
    (enrollment,) = rows["core.student_enrollment"]
    rows["core.student_enrollment"] = [
        enrollment,
        enrollment,
        enrollment | {"student_id": "1001", "school_id": "s2"},
    ]
    rows["core.student_enrollment"][2] |= {"exit_withdraw_date": date(2020, 1, 1)}
    rows["core.pd_activity"] = []
    rows["meta.reconciliation"].append(
        reconciliation_row("assessment_result", rows_read=2, rows_loaded=1, rows_quarantined=1, number=99)
    )
    return rows


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> GateOutcome:
    return gate(broken_rows(), tmp_path_factory.mktemp("broken"))


# rule → severity, offending rows
FAILURES = {
    "core.staff_assignment.fte.between": ("critical", 1),
    "core.staff_assignment.role.in_set": ("critical", 1),
    "core.staff_assignment.role.not_null": ("critical", 1),
    "core.staff_assignment.school_id.reference": ("critical", 1),
    "core.staff_assignment.school_year.in_study": ("warning", 1),
    "core.student_enrollment.unique_key": ("critical", 2),
    "core.student_enrollment.student_id.pseudonym": ("critical", 1),
    "core.student_enrollment.exit_withdraw_date.ordered": ("warning", 1),
    "core.student_enrollment.school_id.reference": ("critical", 1),
    "core.pd_activity.rows_exist": ("critical", 1),
    "core.assessment_result.quarantined_share": ("critical", 1),
    # staff_assignment 5 > 1, student_enrollment 3 > 1, pd_activity 0 < 1
    "meta.reconciliation.rows_accounted_for": ("critical", 3),
}


def test_each_kind_of_rule_fails_on_its_row_and_nothing_else_fails(broken: GateOutcome) -> None:
    found = {
        result.rule_id: (result.severity, result.n_offending)
        for result in broken.results
        if result.status != "passed"
    }
    assert found == FAILURES


def test_critical_failures_block_and_warnings_do_not(broken: GateOutcome) -> None:
    assert len(broken.blocking) == 10
    assert len(broken.warnings) == 2
    assert broken.is_blocked
    assert not broken.has_errors


def test_a_result_says_how_many_rows_were_checked_and_what_was_found(broken: GateOutcome) -> None:
    results = results_of(broken)
    assert results["core.staff_assignment.fte.between"].n_rows == 5
    assert results["core.pd_activity.pd_type.in_set"].n_rows == 0
    # 1 of 2 + 2 rows, those of the sound file and of the broken one
    assert str(results["core.assessment_result.quarantined_share"].detail).startswith(
        "1 of 4 rows of assessment_result were turned away (25.0 %)"
    )


def test_results_hold_no_value_of_the_data(broken: GateOutcome) -> None:
    text = repr(broken)
    assert "1001" not in text
    assert "wizard" not in text


def test_sound_rows_pass_every_rule_of_the_contract(tmp_path: Path) -> None:
    outcome = gate(sound_rows(), tmp_path, (*ENTITIES.values(), *FRAMES))
    assert {result.rule_id for result in outcome.results if result.status != "passed"} == set()
    assert not outcome.is_blocked


def test_what_could_not_be_checked_is_an_error_and_never_a_pass(tmp_path: Path) -> None:
    outcome = gate(
        sound_rows(),
        tmp_path,
        CHECKED,
        "drop table core.section_staff",
        "alter table core.pd_activity drop column pd_type",
        "alter table core.assessment_result add column student_name varchar",
        more_rules=(COUNTS_NAMES,),
    )
    errors = {result.rule_id: result.detail for result in outcome.results if result.status == "error"}
    assert outcome.has_errors
    assert outcome.is_blocked
    assert errors["core.section_staff.staff_id.not_null"] == "core.section_staff is not in the candidate"
    assert not [
        result for result in outcome.results if result.table_name == "section_staff" and not result.detail
    ]
    assert (
        errors["core.pd_activity.pd_type.in_set"]
        == 'Error: The column "pd_type" in BatchData does not exist.'
    )
    assert errors["core.pd_activity.columns"] == "columns missing: pd_type"
    assert errors["core.assessment_result.columns"] == "columns that the contract lacks: student_name"
    assert errors["core.pd_activity.counts_names"] == (
        "ConversionException; its message is withheld, since it may hold a value of the data"
    )
    assert "Number talks" not in repr(outcome)


def test_the_gate_writes_nothing_and_says_nothing(tmp_path: Path) -> None:
    with open_candidate(sound_rows(), tmp_path / "candidate.duckdb"):
        pass
    folder = tmp_path / "working_directory"
    folder.mkdir()
    code = (
        "from pathlib import Path\n"
        "from expectations.entities import ENTITIES\n"
        "from expectations.gate import run_gate\n"
        "from expectations.rules import Rule, rules_for\n"
        "outcome = run_gate(Path('../candidate.duckdb'), rules_for([ENTITIES['school']]), Path('..'))\n"
        "assert len(outcome.results) > 5\n"
    )
    before = (tmp_path / "candidate.duckdb").read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["candidate.duckdb", "working_directory"]
    assert (tmp_path / "candidate.duckdb").read_bytes() == before


def test_a_candidate_that_is_not_there_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run_gate(tmp_path / "none.duckdb", (), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_candidate_is_closed_after_the_gate(tmp_path: Path) -> None:
    gate({}, tmp_path, (ENTITIES["school"],))
    (candidate,) = tmp_path.glob("*.duckdb")
    with duckdb.connect(str(candidate)) as connection:  # for writing: fails while anyone reads
        connection.execute("create table core.written (id integer)")
