"""The flow in Prefect: names, retries, errors as they were raised, and nothing secret in its database."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.folders import Warehouse
from flows.nightly import run_study
from flows.records import read_records
from flows.run_summary import literal, run_summary
from flows.settings import StudySettings
from flows.study_run import RunNotes, StudyRun
from tests.flows import light_stages
from tests.flows.light_stages import published_content, write_study
from transforms.errors import ValidationBlockedError

SECRET = "a key that must not be stored anywhere by Prefect"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    pytest.importorskip("prefect")
    monkeypatch.setenv("PDEVAL_PSEUDONYM_KEY", SECRET)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    settings = write_study(tmp_path, "7")
    os.environ.setdefault("PREFECT_HOME", str(tmp_path / "prefect"))
    Path(os.environ["PREFECT_HOME"]).mkdir(exist_ok=True)
    return settings


@pytest.fixture
def stages(study: StudySettings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    light_stages.lighten(monkeypatch.setattr)
    return monkeypatch


def test_flow_publishes_retries_and_tells_errors_as_they_are(
    study: StudySettings, stages: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # One test for all that needs the server: starting it takes longer than everything else here.
    warehouse = Warehouse(study.warehouse_folder)
    told: list[str] = []
    run_study(study, report_progress=lambda stage, _detail: told.append(stage))
    assert list(dict.fromkeys(told)) == [
        "ingest",
        "build",
        "validate",
        "estimate",
        "growth",
        "improve",
        "report",
        "publish",
    ]
    assert published_content(warehouse) == {7}
    check_refusal(study, stages)
    check_retries(study, stages)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    check_nothing_secret(Path(os.environ["PREFECT_HOME"]), warehouse)


def check_refusal(study: StudySettings, stages: pytest.MonkeyPatch) -> None:
    error = ValidationBlockedError("core.student: 3 of 5 rows broke the rule")

    def refuse(run: StudyRun, _candidate: Path) -> None:
        run.notes.reasons.append(str(error))
        raise error

    with stages.context() as patch:
        patch.setattr("flows.study_flow.validate_candidate", refuse)
        with pytest.raises(ValidationBlockedError) as raised:
            run_study(study, is_forced=True)
    assert raised.value is error
    refused = read_records(study.warehouse_folder)[0]
    assert (refused.state, refused.reasons) == ("refused", (str(error),))
    log = Warehouse(study.warehouse_folder).log(refused.build_id).read_text()
    assert "ValidationBlockedError" in log


def check_retries(study: StudySettings, stages: pytest.MonkeyPatch) -> None:
    from flows import study_flow

    tries = 0

    def away_once(*arguments: object) -> object:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError(116, "Stale file handle")
        return light_stages.ingest(*arguments)  # type: ignore[arg-type]

    def break_down(*_arguments: object) -> None:
        nonlocal tries
        tries += 1
        raise ZeroDivisionError

    with stages.context() as patch:
        patch.setattr(study_flow, "ingest", study_flow.ingest.with_options(retry_delay_seconds=0))
        patch.setattr(study_flow, "ingest_sources", away_once)
        assert run_study(study, is_forced=True).record.state == "published"
        assert tries == 2
        tries = 0
        patch.setattr(study_flow, "ingest_sources", break_down)
        with pytest.raises(ZeroDivisionError):
            run_study(study, is_forced=True)
        assert tries == 1


def check_nothing_secret(home: Path, warehouse: Warehouse) -> None:
    stored = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    logged = b"".join(path.read_bytes() for path in warehouse.logs.iterdir())
    assert b"Riverbend" in stored
    assert b"check the candidate, Riverbend" in stored
    assert SECRET.encode() not in stored + logged


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(116, "Stale file handle"), True),
        (TimeoutError(), True),
        (FileNotFoundError(), False),
        (PermissionError(), False),
        (ValidationBlockedError("x"), False),
        (ValueError(), False),
    ],
)
def test_only_reading_and_writing_is_tried_again(error: Exception, expected: bool) -> None:
    from prefect.states import Failed

    from flows.study_flow import is_passing

    assert is_passing(None, None, Failed(data=error)) is expected


def test_summary_shows_names_from_data_as_text() -> None:
    assert literal("<script>alert(1)</script> [a](http://b) | *c*") == (
        r"&lt;script&gt;alert\(1\)&lt;/script&gt; \[a\]\(http://b\) \| \*c\*"
    )


def test_summary_has_counts_warnings_and_seconds() -> None:
    counts = {"read": 1200, "loaded": 1190, "duplicate": 4, "skipped": 0, "quarantined": 6}
    notes = RunNotes(rows={"student": counts}, warnings=["few teachers"], stage_seconds={"build": 1.26})
    text = run_summary("Riverbend", "1-a", notes)
    assert "| student | 1,200 | 1,190 | 4 | 0 | 6 |" in text
    assert "- few teachers" in text
    assert "| build | 1.3 |" in text
