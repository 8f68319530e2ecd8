"""A night: nothing to do, published, refused or failed, and a record that says which and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows import nightly
from flows.folders import Warehouse
from flows.lock import run_lock
from flows.nightly import records_to_show, run_study
from flows.records import read_records, write_record
from flows.settings import StudySettings
from flows.study_run import StudyRun
from tests.flows.light_stages import fingerprint, published_content, run_stages, write_study
from transforms.errors import InputError, InputErrors, LockedError, UsageError, ValidationBlockedError


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    monkeypatch.setattr(nightly, "intake_fingerprint", fingerprint)
    monkeypatch.setattr(nightly, "run_flow", run_stages)
    return tmp_path


def warehouse_of(settings: StudySettings) -> Warehouse:
    return Warehouse(settings.warehouse_folder)


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException, *reasons: str) -> None:
    def run_flow(run: StudyRun) -> None:
        run.notes.reasons.extend(reasons)
        raise error

    monkeypatch.setattr(nightly, "run_flow", run_flow)


def test_run_publishes_and_leaves_its_record(study: Path) -> None:
    settings = write_study(study, "7")
    outcome = run_study(settings)
    assert (outcome.exit_code, outcome.record.state) == (0, "published")
    assert published_content(warehouse_of(settings)) == {7}
    assert read_records(settings.warehouse_folder) == [outcome.record]
    assert outcome.record.database == "pdeval.duckdb"
    assert outcome.record.report == f"reports/{outcome.record.build_id}/index.html"
    assert (settings.warehouse_folder / outcome.record.report).exists()


def test_unchanged_input_is_not_run_again(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_study(write_study(study, "7")).record
    fail_with(monkeypatch, AssertionError("ran"))
    again = run_study(write_study(study, "7")).record
    assert (again.state, again.build_id, again.rows) == ("unchanged", first.build_id, first.rows)
    assert len(read_records(study / "warehouse")) == 1


@pytest.mark.parametrize("missing", ["published", "latest_report"])
def test_unchanged_input_is_run_when_a_result_is_gone(study: Path, missing: str) -> None:
    settings = write_study(study, "7")
    run_study(settings)
    getattr(warehouse_of(settings), missing).unlink()
    assert run_study(settings).record.state == "published"
    assert published_content(warehouse_of(settings)) == {7}


def test_forced_run_builds_the_same_input_again(study: Path) -> None:
    settings = write_study(study, "7")
    ids = [run_study(settings, is_forced=True).record.build_id for _ in range(2)]
    assert ids == sorted(set(ids))


def test_build_ids_ascend_after_the_clock_was_set_back(study: Path) -> None:
    settings = write_study(study, "7")
    first = run_study(settings).record
    future = replace(first, build_id="29990101T000000Z-ffffff")
    write_record(warehouse_of(settings), future)
    assert (
        run_study(settings, is_forced=True).record.build_id == f"29990101T000001Z-{fingerprint(settings)[:6]}"
    )


def test_other_pseudonym_key_is_a_new_build_and_a_warning(study: Path) -> None:
    settings = write_study(study, "7")
    first = run_study(settings).record
    changed = settings.model_copy(update={"pseudonym_key": SecretStr("k" * 32)})
    record = run_study(changed).record
    assert record.state == "published"
    assert record.warnings == (
        f"the pseudonym key is not that of build {first.build_id}: ids of persons differ from it",
    )


def test_check_publishes_nothing(study: Path) -> None:
    settings = write_study(study, "7")
    assert run_study(settings, is_check_only=True).record.state == "checked"
    warehouse = warehouse_of(settings)
    assert not warehouse.published.exists()
    assert not list(warehouse.builds.glob("*.duckdb"))
    assert read_records(warehouse.folder)[0].rows["assessment_result"]["read"] == 20_000


def test_refused_run_keeps_all_its_reasons_and_the_old_build(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = write_study(study, "7")
    run_study(settings)
    fail_with(monkeypatch, ValidationBlockedError("first; and 1 more"), "first", "second")
    with pytest.raises(ValidationBlockedError, match="first; and 1 more"):
        run_study(write_study(study, "8"))
    newest, before = read_records(settings.warehouse_folder)
    assert (newest.state, newest.reasons, before.state) == ("refused", ("first", "second"), "published")
    assert published_content(warehouse_of(settings)) == {7}


def test_every_rejected_file_is_a_reason(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write_study(study)
    fail_with(monkeypatch, InputErrors([InputError("a.csv", "is empty"), InputError("b.csv", "is binary")]))
    with pytest.raises(InputErrors):
        run_study(settings)
    (record,) = read_records(settings.warehouse_folder)
    assert (record.state, record.reasons) == ("refused", ("a.csv: is empty", "b.csv: is binary"))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ZeroDivisionError("of ours"), "ZeroDivisionError: of ours"),
        (KeyboardInterrupt(), "interrupted"),
        (UsageError("no server"), "no server"),
    ],
)
def test_failure_that_is_not_the_datas_is_recorded_as_failed(
    study: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, reason: str
) -> None:
    settings = write_study(study)
    fail_with(monkeypatch, error)
    with pytest.raises(type(error)):
        run_study(settings)
    (record,) = read_records(settings.warehouse_folder)
    assert (record.state, record.reasons) == ("failed", (reason,))


def test_error_after_publishing_does_not_unpublish(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write_study(study, "7")

    def run_flow(run: StudyRun) -> None:
        run_stages(run)
        raise ConnectionError("the server went away")

    monkeypatch.setattr(nightly, "run_flow", run_flow)
    with pytest.raises(ConnectionError):
        run_study(settings)
    assert read_records(settings.warehouse_folder)[0].state == "published"
    assert published_content(warehouse_of(settings)) == {7}


def test_record_of_a_killed_run_says_so(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write_study(study)
    during: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(
        nightly,
        "run_flow",
        lambda run: during.extend((r.state, r.reasons) for r in read_records(run.warehouse.folder)),
    )
    run_study(settings)
    assert during == [("failed", (nightly.KILLED,))]


def test_leftovers_of_a_killed_run_are_gone_before_the_next(study: Path) -> None:
    settings = write_study(study, "7")
    run_study(settings)
    warehouse = warehouse_of(settings)
    leftovers = [
        warehouse.candidate("20260101T000000Z-aaaaaa"),
        warehouse.build("20260101T000000Z-aaaaaa"),
        warehouse.folder / ".pdeval.duckdb.20260101T000000Z-aaaaaa.tmp",
        warehouse.scratch / "duckdb_temp_storage-0.tmp",
        warehouse.report("20260101T000000Z-aaaaaa") / "index.html",
    ]
    for path in leftovers:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    run_study(settings)
    assert not [path for path in leftovers if path.exists()]


def test_locked_warehouse_is_left_alone(study: Path) -> None:
    settings = write_study(study)
    run_study(settings)
    with run_lock(warehouse_of(settings)), pytest.raises(LockedError):
        run_study(write_study(study, "2"))
    assert len(read_records(settings.warehouse_folder)) == 1


def test_input_that_cannot_be_found_leaves_a_record_of_its_refusal(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = write_study(study, "7")
    first = run_study(settings).record
    missing = InputErrors([InputError("exports/pd.csv", "no file matches"), InputError("b.csv", "is empty")])

    def no_fingerprint(_settings: StudySettings) -> str:
        raise missing

    monkeypatch.setattr(nightly, "intake_fingerprint", no_fingerprint)
    with pytest.raises(InputErrors):
        run_study(settings)
    refused, published = read_records(settings.warehouse_folder)
    assert (refused.state, refused.reasons) == (
        "refused",
        ("exports/pd.csv: no file matches", "b.csv: is empty"),
    )
    assert missing.build_id == refused.build_id
    assert published == first


def test_run_at_work_is_shown_as_running_and_a_killed_one_is_not(study: Path) -> None:
    settings = write_study(study, "7")
    done = run_study(settings).record
    warehouse = warehouse_of(settings)
    write_record(
        warehouse, replace(done, build_id="29990101T000000Z-abc123", state="failed", finished_at=None)
    )
    with run_lock(warehouse):
        assert [each.state for each in records_to_show(warehouse.folder)] == ["running", "published"]
    warehouse.lock.write_text("pid 4194999 since 2026-01-01T00:00:00Z\n")  # above the largest process id
    assert [each.state for each in records_to_show(warehouse.folder)] == ["failed", "published"]
