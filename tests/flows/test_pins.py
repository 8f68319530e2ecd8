"""Pinned builds: kept whatever is pruned, read-only, checked by their SHA-256."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import duckdb
import pytest

from flows import nightly
from flows.folders import Warehouse
from flows.lock import run_lock
from flows.nightly import run_study
from flows.pinning import listed_pins, pinned, unpinned
from flows.pins import read_pins
from flows.publish import prune
from flows.records import RECORDS_KEPT, BuildRecord, write_record
from flows.render import draw_report
from flows.settings import StudySettings, load_settings
from tests.flows.commands import Run
from tests.flows.light_stages import fingerprint, run_stages, write_study
from transforms.errors import LockedError, UsageError


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    monkeypatch.setattr(nightly, "intake_fingerprint", fingerprint)
    monkeypatch.setattr(nightly, "run_flow", run_stages)
    write_study(tmp_path)
    with (tmp_path / "study.toml").open("a") as file:
        file.write("[warehouse]\nbuilds_kept = 1\n")
    return load_settings(tmp_path)


def build(study: StudySettings, value: int = 1) -> str:
    (study.folder / "input.txt").write_text(str(value))
    return run_study(study, is_forced=True).record.build_id


def warehouse_of(study: StudySettings) -> Warehouse:
    return Warehouse(study.warehouse_folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def parts(warehouse: Warehouse, build_id: str) -> dict[str, bytes]:
    files = (
        warehouse.build(build_id),
        warehouse.record(build_id),
        warehouse.report(build_id) / "index.html",
    )
    return {path.name: path.read_bytes() for path in files}


def test_pinned_build_outlives_every_pruning_unchanged(study: StudySettings) -> None:
    warehouse = warehouse_of(study)
    kept, lost = build(study, 1), build(study, 2)
    assert not warehouse.build(kept).exists()  # builds_kept = 1, not pinned in time
    kept = lost
    pinned(study, kept, "table 2")
    before = parts(warehouse, kept)
    newer = [build(study, value) for value in (3, 4)]
    for number in range(RECORDS_KEPT + 5):
        write_record(warehouse, BuildRecord(f"2999{number:04}-r", "refused", "2026-01-01T00:00:00Z"))
    prune(warehouse, builds_kept=1)
    assert parts(warehouse, kept) == before
    assert [each.is_whole for each in listed_pins(study)] == [True]
    assert {path.stem for path in warehouse.builds.glob("*.duckdb")} == {kept, newer[-1]}
    connection = duckdb.connect(str(warehouse.build(kept)), read_only=True)
    assert connection.execute("select distinct value from content").fetchall() == [(2,)]
    connection.close()


def test_pinned_build_is_kept_though_its_record_is_lost(study: StudySettings) -> None:
    warehouse = warehouse_of(study)
    kept = build(study)
    pinned(study, kept, "")
    warehouse.record(kept).unlink()
    build(study, 2)
    (checked,) = listed_pins(study)
    assert checked.states == {"database": "whole", "record": "missing", "report": "whole"}


def test_pinned_build_is_read_only_and_its_sha256_is_that_of_the_file(study: StudySettings) -> None:
    warehouse = warehouse_of(study)
    kept = build(study)
    pin = pinned(study, kept, "").pin
    assert (mode(warehouse.build(kept)), mode(warehouse.record(kept))) == (0o440, 0o440)
    report = warehouse.report(kept)
    assert not any(mode(path) & 0o222 for path in (report, *report.rglob("*")))
    assert pin.sha256["database"] == hashlib.sha256(warehouse.build(kept).read_bytes()).hexdigest()
    page = hashlib.sha256((report / "index.html").read_bytes()).hexdigest()
    assert pin.sha256["report"] == hashlib.sha256(f"{page}  index.html\n".encode()).hexdigest()
    assert (mode(warehouse.published), mode(warehouse.pins)) == (0o640, 0o640)


def test_unpinned_build_is_pruned_with_the_others(study: StudySettings) -> None:
    warehouse = warehouse_of(study)
    kept = build(study, 1)
    pinned(study, kept, "")
    build(study, 2)
    unpinned(study, kept)
    assert mode(warehouse.build(kept)) == 0o640
    assert mode(warehouse.report(kept)) == mode(warehouse.reports)
    build(study, 3)
    assert not warehouse.build(kept).exists()
    assert not warehouse.report(kept).exists()
    assert read_pins(warehouse) == {}


@pytest.mark.parametrize("part", ["database", "record", "report"])
def test_changed_part_is_seen_and_not_pinned_over(study: StudySettings, part: str, pdeval: Run) -> None:
    warehouse = warehouse_of(study)
    kept = build(study)
    pinned(study, kept, "")
    changed = {"database": warehouse.build(kept), "record": warehouse.record(kept)}.get(part)
    path = changed or warehouse.report(kept) / "index.html"
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    code, out, _ = pdeval("pin", study.folder, "--list")
    assert code == 3
    assert f"{kept}, NOT as it was pinned: {part} changed" in out
    with pytest.raises(UsageError, match=rf"no longer what was pinned \({part} changed\)"):
        pinned(study, kept, "again")


def test_removed_page_is_seen(study: StudySettings) -> None:
    kept = build(study)
    pinned(study, kept, "")
    report = warehouse_of(study).report(kept)
    report.chmod(0o755)
    (report / "index.html").unlink()
    (checked,) = listed_pins(study)
    assert checked.states["report"] == "changed"


def test_list_says_what_a_paper_cites(study: StudySettings, pdeval: Run) -> None:
    kept = build(study)
    assert pdeval("pin", study.folder, "--list") == (0, "Riverbend: no build is pinned\n", "")
    code, out, err = pdeval("pin", study.folder, kept, "--note", "Rivera\x1b[31m 2027")
    sha256 = hashlib.sha256(warehouse_of(study).build(kept).read_bytes()).hexdigest()
    assert (code, err) == (0, "")
    assert f"{kept}, as it was pinned" in out
    assert f"sha256    {sha256}" in out
    assert "version   pdeval 0, pseudonym key" in out
    assert "note      Rivera [31m 2027" in out
    assert pdeval("pin", study.folder, "--list") == (0, out, "")
    facts = json.loads(pdeval("pin", study.folder, "--list", "--json")[1])
    assert (facts["exit_code"], facts["pins"][0]["sha256"]["database"]) == (0, sha256)


def test_note_can_be_changed_and_the_time_of_pinning_stays(study: StudySettings) -> None:
    kept = build(study)
    first = pinned(study, kept, "draft").pin
    second = pinned(study, kept, "in print").pin
    assert (second.note, second.pinned_at, second.sha256) == ("in print", first.pinned_at, first.sha256)
    assert list(read_pins(warehouse_of(study)).values()) == [second]


@pytest.mark.parametrize("build_id", ["20990101T000000Z-ffffff", "../../study", "", "pins"])
def test_only_a_build_of_the_warehouse_can_be_pinned(
    study: StudySettings, pdeval: Run, build_id: str
) -> None:
    build(study)
    code, out, err = pdeval("pin", study.folder, build_id)
    assert (code, out) == (2, "")
    assert err == f"pdeval: {build_id}: no such build; pdeval status STUDY lists them\n"


def test_refused_and_pruned_builds_cannot_be_pinned(study: StudySettings) -> None:
    warehouse = warehouse_of(study)
    write_record(warehouse_made(study), BuildRecord("1-a", "refused", "2026-01-01T00:00:00Z"))
    with pytest.raises(UsageError, match="1-a: is refused; only a published build"):
        pinned(study, "1-a", "")
    gone = build(study, 1)
    build(study, 2)
    with pytest.raises(UsageError, match="its database is gone"):
        pinned(study, gone, "")
    assert read_pins(warehouse) == {}


def warehouse_made(study: StudySettings) -> Warehouse:
    build(study)
    return warehouse_of(study)


def test_pin_waits_for_no_run(study: StudySettings, pdeval: Run) -> None:
    kept = build(study)
    with run_lock(warehouse_of(study)):
        for arguments in (("pin", study.folder, kept), ("unpin", study.folder, kept)):
            code, out, err = pdeval(*arguments)
            assert (code, out) == (LockedError.exit_code, "")
            assert "locked by pid" in err
        assert pdeval("pin", study.folder, "--list")[0] == 0


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pins": [{"build_id": "1"}]}', "\xff"])
def test_spoilt_list_stops_a_run_before_it_prunes(study: StudySettings, content: str, pdeval: Run) -> None:
    warehouse = warehouse_of(study)
    kept = build(study, 1)
    warehouse.pins.write_text(content, encoding="latin-1")
    with pytest.raises(UsageError, match=r"pins\.json: is not a list of pinned builds"):
        build(study, 2)
    assert warehouse.build(kept).exists()
    code, _, err = pdeval("pin", study.folder, "--list")
    assert (code, err.count("\n")) == (2, 1)


@pytest.mark.parametrize("arguments", [(), ("1-a", "--list")])
def test_pin_wants_one_build_or_the_list(study: StudySettings, pdeval: Run, arguments: tuple[str]) -> None:
    assert pdeval("pin", study.folder, *arguments) == (
        2,
        "",
        "pdeval: pin: give the id of one build, or --list\n",
    )


def test_unpinning_what_is_not_pinned_is_said(study: StudySettings) -> None:
    build(study)
    with pytest.raises(UsageError, match="1-a: is not pinned"):
        unpinned(study, "1-a")


def test_report_of_a_pinned_build_is_not_drawn_again(study: StudySettings) -> None:
    kept = build(study)
    pinned(study, kept, "")
    with pytest.raises(UsageError, match="is pinned, so its report stays as it is"):
        draw_report(study)
    assert [each.is_whole for each in listed_pins(study)] == [True]


def test_killed_pinning_leaves_a_build_that_is_pinned(
    study: StudySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = warehouse_of(study)
    kept = build(study, 1)
    with monkeypatch.context() as patch:
        patch.setattr("flows.pins._protect", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pinned(study, kept, "")
    build(study, 2)
    assert [each.is_whole for each in listed_pins(study)] == [True]
    pinned(study, kept, "")  # once more, and it is read-only too
    assert mode(warehouse.build(kept)) == 0o440
