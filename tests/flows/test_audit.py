"""The audit log: who ran what and what went out, and that no line is changed or lost unseen."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from flows import audit, cli, nightly
from flows.audit import append_entry, read_trail
from flows.folders import Warehouse
from flows.recorded import digest_of_folder, recorded
from tests.flows import light_stages
from tests.readable_study import BUILD_ID, ReadableStudy, answer_in_this_process, write_readable_study
from transforms.errors import UsageError, ValidationBlockedError

SQL = "select name from core.pupil where name = 'ann'"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadableStudy:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    answer_in_this_process(monkeypatch)
    return write_readable_study(tmp_path / "study")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse with three entries."""
    found = Warehouse(tmp_path / "warehouse")
    found.restricted.mkdir(mode=0o700, parents=True)
    for command in ("one", "two", "three"):
        append_entry(found, {"event": "began", "command": command})
    return found


@pytest.fixture
def pdeval(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pdeval", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


Run = Callable[..., tuple[int, str, str]]


def entries_of(warehouse: Warehouse) -> list[dict[str, Any]]:
    return [json.loads(line) for line in warehouse.audit_log.read_text().splitlines()]


def problem_of(warehouse: Warehouse) -> str:
    return str(read_trail(warehouse).problem or "")


def test_query_is_recorded_without_its_text(study: ReadableStudy, pdeval: Run) -> None:
    pdeval("query", study.folder, SQL, "--format", "csv")
    began, ended = entries_of(study.warehouse)
    assert (began["event"], began["command"], began["uid"]) == ("began", "query", os.getuid())
    assert began["sql_sha256"] == hashlib.sha256(SQL.encode()).hexdigest()
    assert (ended["event"], ended["began"], ended["exit_code"]) == ("ended", 1, 0)
    assert (ended["build_id"], ended["rows"]) == (BUILD_ID, 1)
    assert ended["files"] == [
        {
            "name": "standard output",
            "sha256": hashlib.sha256(b"name\r\nann\r\n").hexdigest(),
            "n_bytes": len(b"name\r\nann\r\n"),
        }
    ]
    text = study.warehouse.audit_log.read_text()
    assert "ann" not in text
    assert "select" not in text


def test_file_of_a_query_is_recorded_by_digest_and_not_by_name(
    study: ReadableStudy, pdeval: Run, tmp_path: Path
) -> None:
    pdeval("query", study.folder, SQL, "--output", tmp_path / "ann_smith.csv")
    (sent,) = entries_of(study.warehouse)[1]["files"]
    assert sent["name"] == "query.csv"
    assert sent["sha256"] == hashlib.sha256((tmp_path / "ann_smith.csv").read_bytes()).hexdigest()
    assert "smith" not in study.warehouse.audit_log.read_text()


def test_query_that_fails_is_recorded_with_its_exit_code(study: ReadableStudy, pdeval: Run) -> None:
    pdeval("query", study.folder, "select nothing")
    ended = entries_of(study.warehouse)[1]
    assert (ended["exit_code"], ended["rows"], ended["files"]) == (2, None, [])
    assert "nothing" not in study.warehouse.audit_log.read_text()


def test_run_is_recorded_with_digests_of_database_and_report(
    tmp_path: Path, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "intake_fingerprint", light_stages.fingerprint)
    monkeypatch.setattr(nightly, "run_flow", light_stages.run_stages)
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    warehouse = Warehouse(light_stages.write_study(tmp_path / "study").warehouse_folder)
    assert pdeval("run", tmp_path / "study", "--quiet")[0] == 0
    ended = entries_of(warehouse)[1]
    report = warehouse.latest_report.resolve()
    assert ended["build_id"] == report.name
    assert {sent["name"]: sent["sha256"] for sent in ended["files"]} == {
        f"reports/{report.name}": digest_of_folder("", report).sha256,
        "pdeval.duckdb": hashlib.sha256(warehouse.published.read_bytes()).hexdigest(),
    }
    pdeval("run", tmp_path / "study", "--quiet")
    unchanged = entries_of(warehouse)[3]
    assert (unchanged["build_id"], unchanged["files"]) == (report.name, [])  # nothing went out


def test_run_that_is_refused_is_recorded_with_its_build(
    tmp_path: Path, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: Any) -> None:
        raise ValidationBlockedError("one key twice")

    monkeypatch.setattr(nightly, "intake_fingerprint", light_stages.fingerprint)
    monkeypatch.setattr(nightly, "run_flow", refuse)
    warehouse = Warehouse(light_stages.write_study(tmp_path / "study").warehouse_folder)
    assert pdeval("run", tmp_path / "study", "--quiet")[0] == 4
    ended = entries_of(warehouse)[1]
    (record,) = warehouse.builds.glob("*.json")
    assert (ended["exit_code"], ended["build_id"], ended["files"]) == (4, record.stem, [])


def test_report_and_forms_are_recorded_by_file(
    study: ReadableStudy, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import form, render

    pdf = study.warehouse.report(BUILD_ID) / "pdf" / "brief.pdf"
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(b"%PDF")
    drawn = render.DrawnReport(BUILD_ID, pdf, (pdf,))
    monkeypatch.setattr(render, "draw_report", lambda *_, **__: drawn)
    monkeypatch.setattr(render, "drawn_text", lambda _drawn: "")
    pdeval("report", study.folder, "--pdf")
    forms = form.WrittenForms(pdf.parent, (), (pdf,))
    monkeypatch.setattr(form, "write_forms", lambda *_, **__: forms)
    monkeypatch.setattr(form, "forms_text", lambda _forms: "")
    pdeval("form", study.folder)
    entries = [entry for entry in entries_of(study.warehouse) if entry["event"] == "ended"]
    sha256 = hashlib.sha256(b"%PDF").hexdigest()
    site = hashlib.sha256(f"{sha256}  pdf/brief.pdf\n".encode()).hexdigest()
    assert [(entry["command"], [sent["sha256"] for sent in entry["files"]]) for entry in entries] == [
        ("report", [site, sha256]),
        ("form", [sha256]),
    ]


def test_every_command_that_writes_or_lets_rows_out_is_recorded() -> None:
    recorders = {"demo", "run", "check", "report", "form", "query", "pin", "unpin", "crosswalk"}
    rest = {"simulate", "status", "explain", "power", "open", "audit"}
    names = {command.name or command.callback.__name__ for command in cli.app.registered_commands}  # type: ignore[union-attr]
    assert names == recorders | rest  # a new command decides which it is
    assert [group.name for group in cli.app.registered_groups] == ["key"]  # key rotate is recorded


def test_log_is_for_its_owner_alone(warehouse: Warehouse) -> None:
    assert warehouse.audit_log.stat().st_mode & 0o777 == 0o600
    assert warehouse.audit_head.stat().st_mode & 0o777 == 0o600


def test_each_line_has_the_hash_of_the_line_before(warehouse: Warehouse) -> None:
    lines = warehouse.audit_log.read_bytes().splitlines()
    before = [json.loads(line)["before"] for line in lines]
    assert before == ["0" * 64, *(hashlib.sha256(line).hexdigest() for line in lines[:-1])]
    assert read_trail(warehouse).head.sha256 == hashlib.sha256(lines[-1]).hexdigest()
    assert problem_of(warehouse) == ""


def test_entries_of_many_at_once_make_one_chain(warehouse: Warehouse) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_entry(warehouse, {"event": "began", "n": n}), range(24)))
    assert [entry["number"] for entry in entries_of(warehouse)] == list(range(1, 28))
    assert problem_of(warehouse) == ""


LOG = "restricted/audit.jsonl"
CHANGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "a line changed": (
        lambda lines: [lines[0].replace(b"one", b"eno"), *lines[1:]],
        f"{LOG}:2: does not follow the line before it, which was changed",
    ),
    "the last line changed": (
        lambda lines: [*lines[:2], lines[2].replace(b"three", b"eerht")],
        f"{LOG}: line 3 was changed: it is not the one that audit.head knows",
    ),
    "the first line removed": (
        lambda lines: lines[1:],
        f"{LOG}:1: is entry 2: lines before it were removed or added",
    ),
    "a line removed": (
        lambda lines: [lines[0], lines[2]],
        f"{LOG}:2: is entry 3: lines before it were removed or added",
    ),
    "the last line removed": (
        lambda lines: lines[:2],
        f"{LOG}: the last lines were removed: it has 2, audit.head knows 3",
    ),
    "all lines removed": (
        lambda _lines: [],
        f"{LOG}: the last lines were removed: it has 0, audit.head knows 3",
    ),
    "a line added": (
        lambda lines: [lines[0], lines[0], *lines[1:]],
        f"{LOG}:2: is entry 1: lines before it were removed or added",
    ),
    "lines in another order": (
        lambda lines: [lines[1], lines[0], lines[2]],
        f"{LOG}:1: is entry 2: lines before it were removed or added",
    ),
    "a line that is no entry": (
        lambda lines: [lines[0], b"[]", lines[2]],
        f"{LOG}:2: is no entry of this log: it was changed, or its writing was cut short",
    ),
    "bytes that are no text": (
        lambda lines: [lines[0], b"\xff\x00", lines[2]],
        f"{LOG}:2: is no entry of this log: it was changed, or its writing was cut short",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_change_of_the_log_is_one_line_and_stays_one_after_further_entries(
    warehouse: Warehouse, name: str
) -> None:
    change, line = CHANGES[name]
    lines = change(warehouse.audit_log.read_bytes().splitlines())
    warehouse.audit_log.write_bytes(b"".join(each + b"\n" for each in lines))
    assert problem_of(warehouse) == line
    append_entry(warehouse, {"event": "began", "command": "four"})
    assert problem_of(warehouse) != ""


def test_missing_head_is_told(warehouse: Warehouse) -> None:
    warehouse.audit_head.unlink()
    assert problem_of(warehouse) == (
        f"{LOG}: audit.head is missing or not readable: lines cut off the end would not be seen"
    )
    append_entry(warehouse, {"event": "began"})
    assert "records what was found when it was written: audit.head is missing" in problem_of(warehouse)


def test_torn_last_line_is_told_and_not_mended(warehouse: Warehouse) -> None:
    whole = warehouse.audit_log.read_bytes()
    warehouse.audit_log.write_bytes(whole + b'{"number": 4, "eve')
    assert problem_of(warehouse) == f"{LOG}:4: is torn: its writing was cut short; what it recorded is lost"
    append_entry(warehouse, {"event": "began", "command": "five"})
    assert warehouse.audit_log.read_bytes().startswith(whole + b'{"number": 4, "eve\n{"number": 5')
    assert entries_after_torn(warehouse)["found"] == "line 4 was torn"
    assert problem_of(warehouse).startswith(f"{LOG}:4: is no entry of this log")


def entries_after_torn(warehouse: Warehouse) -> dict[str, Any]:
    return dict(json.loads(warehouse.audit_log.read_bytes().splitlines()[-1]))


def test_kill_between_line_and_head_is_no_break(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(audit, "_write_head", lambda *_: None)
        append_entry(warehouse, {"event": "began"})
    assert problem_of(warehouse) == ""
    append_entry(warehouse, {"event": "began"})
    assert problem_of(warehouse) == ""


def test_write_that_the_disk_took_in_part_is_an_error_for_the_owner(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(audit.os, "write", lambda descriptor, content: write(descriptor, content[:10]))
    with pytest.raises(UsageError, match="cannot be written: only 10 of"), recorded(warehouse, "query"):
        pytest.fail("nothing may run that is not recorded")
    assert "is torn" in problem_of(warehouse)


def test_error_of_the_command_is_told_also_where_its_end_cannot_be_recorded(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        with recorded(warehouse, "query"):
            monkeypatch.setattr(audit.os, "write", lambda _descriptor, _content: 0)
            raise ValidationBlockedError("one key twice")

    with pytest.raises(ValidationBlockedError, match="one key twice"):
        fail()
    assert "cannot be written" in capsys.readouterr().err


def test_log_that_is_a_link_is_not_followed(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.audit_log.unlink()
    warehouse.audit_log.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="cannot be written"), recorded(warehouse, "query"):
        pytest.fail("nothing may run that is not recorded")
    assert not (tmp_path / "elsewhere").exists()


def test_reader_who_may_not_write_the_log_is_answered_and_told(
    study: ReadableStudy, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_another_account(monkeypatch)
    code, out, err = pdeval("query", study.folder, "select 1 as a", "--format", "csv")
    assert (code, out.split()) == (0, ["a", "1"])
    assert err == (
        "pdeval: not recorded: study/warehouse/restricted/audit.jsonl can only be written by the account"
        " that runs the study\n"
    )
    assert not study.warehouse.audit_log.exists()


def test_reader_may_not_see_the_log(
    study: ReadableStudy, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdeval("query", study.folder, SQL)
    as_another_account(monkeypatch)
    assert pdeval("audit", study.folder) == (
        2,
        "",
        "pdeval: study/warehouse/restricted/audit.jsonl: cannot be read: Permission denied; it belongs to the"
        " account that runs the study\n",
    )


def as_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kernel says to an account that is not the owner of ``restricted/`` (mode 0700)."""

    class Denied:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def open(self, path: Path, *_: object) -> int:
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(audit, "os", Denied())
    monkeypatch.setattr("flows.recorded._is_owner", lambda _warehouse: False)


def test_audit_shows_commands_newest_last_and_the_head(study: ReadableStudy, pdeval: Run) -> None:
    pdeval("query", study.folder, SQL)
    pdeval("query", study.folder, "select nothing")
    append_entry(study.warehouse, {"event": "began", "at": "now", "account": "a\x1b[1mn", "command": "run"})
    code, out, err = pdeval("audit", study.folder)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split()[:3] == ["BEGAN", "ACCOUNT", "COMMAND"]
    assert "exit code 0" in lines[1]
    assert hashlib.sha256(SQL.encode()).hexdigest()[:12] in lines[1]
    assert "exit code 2" in lines[-3]
    assert "a [1mn (None)" in lines[-2]
    assert "no end" in lines[-2]  # killed, or still at work
    assert lines[-1].startswith("5 lines; the chain holds; head ")


def test_audit_of_a_changed_log_shows_it_and_ends_with_3(study: ReadableStudy, pdeval: Run) -> None:
    pdeval("query", study.folder, SQL)
    text = study.warehouse.audit_log.read_text()
    study.warehouse.audit_log.write_text(text.replace('"exit_code": 0', '"exit_code": 2'))
    code, out, err = pdeval("audit", study.folder)
    assert code == 3
    assert err == f"pdeval: {LOG}: line 2 was changed: it is not the one that audit.head knows\n"
    assert "the chain does not hold" in out
    code, out, _err = pdeval("audit", study.folder, "--json")
    facts = json.loads(out)
    assert (code, facts["problem"], len(facts["entries"])) == (3, err.removeprefix("pdeval: ").strip(), 2)


def test_audit_of_a_study_that_was_never_run_is_empty(study: ReadableStudy, pdeval: Run) -> None:
    assert pdeval("audit", study.folder) == (0, "nothing is recorded yet\n", "")
