"""The command pdeval: what goes to which stream, and with which exit code it ends."""

from __future__ import annotations

import json
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
import typer.main

from flows import cli, console
from flows.records import BuildRecord
from flows.settings import load_settings
from tests.flows.commands import Ended, Run
from transforms.errors import (
    DisclosureBlockedError,
    InputError,
    InputErrors,
    LockedError,
    UsageError,
    ValidationBlockedError,
)

ENTITIES = ("staff_assignment", "student_enrollment", "pd_activity", "pd_participation", "assessment_result")
STUDY = '[study]\nname = "Riverbend"\nschool_years = [2025]\n' + "".join(
    f'[[source]]\nentity = "{entity}"\npath = "{entity}.csv"\n' for entity in ENTITIES
)
ROWS = {
    "staff": {"read": 10, "loaded": 9, "duplicate": 1, "skipped": 0, "quarantined": 0},
    "pd_participation": {"read": 2000, "loaded": 1990, "duplicate": 0, "skipped": 3, "quarantined": 7},
}


@dataclass(frozen=True)
class Outcome:
    """Stands for RunOutcome."""

    record: BuildRecord
    exit_code: int = 0


@dataclass(frozen=True)
class Plan:
    """Stands for DistrictPlan."""

    n_students: int = 20_000
    n_years: int = 6
    seed: int = 7
    effects: Mapping[str, float] = field(default_factory=lambda: {"coaching": 0.1, "conference": 0.0})
    selection: float = 0.5


@dataclass(frozen=True)
class District:
    """Stands for SimulatedDistrict."""

    folder: Path
    row_counts: Mapping[str, int]


def build_record(**changes: Any) -> BuildRecord:
    values: dict[str, Any] = {
        "build_id": "20261121T225025Z-ab12cd",
        "state": "published",
        "started_at": "2026-11-21T22:50:25Z",
        "rows": ROWS,
        "stage_seconds": {"ingest": 1.5},
    }
    return BuildRecord(**(values | changes))


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study folder, from above which commands are run."""
    monkeypatch.chdir(tmp_path)
    for name in ("PDEVAL_DATA", "PDEVAL_PSEUDONYM_KEY", "PDEVAL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY)
    return folder


@pytest.fixture
def run_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Put a run_study in place that reports two stages, then raises or returns what it is told to."""

    def put(result: Outcome | BaseException) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []

        def run_study(settings: Any, **options: Any) -> Outcome:
            calls.append({"settings": settings, **options})
            options["report_progress"]("ingest", "5 files")
            options["report_progress"]("ingest", "5 files, again")
            options["report_progress"]("build", "")
            if isinstance(result, BaseException):
                raise result
            return result

        module = ModuleType("flows.nightly")
        module.run_study = run_study  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "flows.nightly", module)
        return calls

    return put


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """Put a simulate_district in place that writes a study and its truth, and keeps the plans."""
    plans: list[Plan] = []

    def simulate_district(plan: Plan, folder: Path) -> District:
        plans.append(plan)
        (folder / "exports").mkdir(parents=True)
        (folder / "exports" / f"seed_{plan.seed}.csv").write_text("a\n1\n")
        (folder / "study.toml").write_text(STUDY)
        (folder / "truth.json").write_text(json.dumps({"plan": asdict(plan)}))
        return District(folder, {"staff": 40, "student": 1200})

    module = ModuleType("transforms.simulate")
    module.DistrictPlan = Plan  # type: ignore[attr-defined]
    module.simulate_district = simulate_district  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "transforms.simulate", module)
    return plans


RunWith = Callable[[Outcome | BaseException], list[dict[str, Any]]]


def test_run_says_what_came_in_what_was_turned_away_and_where_the_results_are(
    study: Path, pdeval: Run, run_with: RunWith
) -> None:
    warehouse = study / "warehouse"
    report, database = warehouse / "reports" / "b" / "index.html", warehouse / "pdeval.duckdb"
    run_with(Outcome(build_record(report=str(report), database=str(database), warnings=("few clusters",))))
    ended = pdeval("run", study)
    assert ended.exit_code == 0
    assert ended.out.splitlines() == [
        "build     20261121T225025Z-ab12cd, published",
        "rows in   2,010 read, 1,999 loaded",  # 10 + 2000 and 9 + 1990
        "rows out  7 turned away (pd_participation 7), 1 duplicate, 3 skipped",
        "warning   few clusters",
        "report    study/warehouse/reports/b/index.html",
        "database  study/warehouse/pdeval.duckdb",
    ]


def test_progress_without_a_terminal_is_one_plain_line_a_stage_on_stderr(
    study: Path, pdeval: Run, run_with: RunWith
) -> None:
    run_with(Outcome(build_record()))
    assert pdeval("run", study).err.splitlines() == ["ingest: 5 files", "build"]


def test_progress_on_a_terminal_is_a_bar_that_leaves_stdout_alone(
    study: Path, pdeval: Run, run_with: RunWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_with(Outcome(build_record()))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    ended = pdeval("run", study)
    assert "ingest" in ended.err
    assert "\x1b[" in ended.err
    assert "\x1b[" not in ended.out
    assert ended.out.startswith("build     ")


def test_quiet_run_says_nothing(study: Path, pdeval: Run, run_with: RunWith) -> None:
    run_with(Outcome(build_record()))
    assert pdeval("run", study, "--quiet") == Ended(0, "", "")


def test_json_is_one_object_on_stdout_also_when_quiet(study: Path, pdeval: Run, run_with: RunWith) -> None:
    run_with(Outcome(build_record(database=str(study / "warehouse" / "pdeval.duckdb"))))
    ended = pdeval("run", study, "--json", "--quiet")
    facts = json.loads(ended.out)
    assert (facts["state"], facts["exit_code"], facts["report"]) == ("published", 0, None)
    assert facts["database"] == str(study / "warehouse" / "pdeval.duckdb")
    assert facts["rows"] == ROWS
    assert facts["total_rows"]["quarantined"] == 7
    assert ended.err == ""


def test_run_passes_its_options_on(study: Path, pdeval: Run, run_with: RunWith, tmp_path: Path) -> None:
    calls = run_with(Outcome(build_record()))
    pdeval("run", study, "--force", "--data", tmp_path, "--no-input")
    assert (calls[0]["is_forced"], calls[0]["is_check_only"]) == (True, False)
    assert calls[0]["settings"].data_folder == tmp_path


def test_check_publishes_nothing_and_says_so(study: Path, pdeval: Run, run_with: RunWith) -> None:
    calls = run_with(Outcome(build_record(state="checked")))
    ended = pdeval("check", study)
    assert calls[0]["is_check_only"] is True
    assert "checked: nothing was published" in ended.out


def test_exit_code_of_the_outcome_is_that_of_the_command(study: Path, pdeval: Run, run_with: RunWith) -> None:
    run_with(Outcome(build_record(state="refused", reasons=("7 % of staff",)), exit_code=4))
    ended = pdeval("run", study)
    assert ended.exit_code == 4
    assert "reason    7 % of staff" in ended.out


@pytest.mark.parametrize(
    ("error", "exit_code", "line"),
    [
        (UsageError("study.toml: nmae"), 2, "pdeval: study.toml: nmae"),
        (InputError("a.csv", "is empty", line=1), 3, "pdeval: a.csv:1: is empty"),
        (ValidationBlockedError("one key twice"), 4, "pdeval: one key twice"),
        (DisclosureBlockedError("a cell of 2"), 5, "pdeval: a cell of 2"),
        (LockedError("locked by pid 7"), 6, "pdeval: locked by pid 7"),
        (KeyboardInterrupt(), 130, "pdeval: interrupted"),
        (
            ValueError("no\nsuch"),
            1,
            "pdeval: internal error: ValueError: no such; run again with PDEVAL_DEBUG=1 for the traceback",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_error_is_one_line_and_an_exit_code(
    study: Path, pdeval: Run, run_with: RunWith, error: BaseException, exit_code: int, line: str
) -> None:
    run_with(error)
    assert pdeval("run", study, "--quiet") == Ended(exit_code, "", f"{line}\n")


def test_several_files_turned_away_are_a_line_each(study: Path, pdeval: Run, run_with: RunWith) -> None:
    run_with(InputErrors([InputError("a.csv", "is empty"), InputError("b.csv", "is empty")]))
    assert pdeval("run", study, "--quiet") == Ended(
        3, "", "pdeval: a.csv: is empty\npdeval: b.csv: is empty\n"
    )


def test_error_with_json_is_the_one_object(study: Path, pdeval: Run, run_with: RunWith) -> None:
    run_with(LockedError("locked by pid 7"))
    ended = pdeval("run", study, "--json", "--quiet")
    assert json.loads(ended.out) == {
        "error": {"type": "LockedError", "message": "locked by pid 7"},
        "exit_code": 6,
    }
    assert ended.err == "pdeval: locked by pid 7\n"


def test_failed_command_keeps_no_connection_alive(
    study: Path, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[weakref.ref[Plan]] = []

    def run_study(*_settings: Any, **_options: Any) -> Outcome:
        connection = Plan()  # any object that can be told to be gone
        alive.append(weakref.ref(connection))
        raise ValueError("no such")

    module = ModuleType("flows.nightly")
    module.run_study = run_study  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "flows.nightly", module)
    with pytest.raises(typer.Exit) as ended, console.Terminal(is_json=False, is_quiet=True) as terminal:
        cli._run(load_settings(study), terminal)
    assert isinstance(ended.value.__context__, ValueError)  # the error itself lives on
    assert alive[0]() is None


def test_traceback_is_shown_when_asked_for(
    study: Path, pdeval: Run, run_with: RunWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDEVAL_DEBUG", "1")
    run_with(ValueError("no such"))
    ended = pdeval("run", study, "--quiet")
    assert "Traceback (most recent call last)" in ended.err
    assert ended.exit_code == 1


def test_control_characters_do_not_reach_the_terminal(study: Path, pdeval: Run, run_with: RunWith) -> None:
    run_with(InputError("a\x1b[31m.csv", "is empty"))
    assert pdeval("run", study, "--quiet").err == "pdeval: a [31m.csv: is empty\n"


@pytest.mark.parametrize(
    "arguments",
    [("runn",), ("run",), ("run", "study", "--colour"), ("demo", "--students", "many"), ("simulate",)],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(study: Path, pdeval: Run, arguments: tuple[str, ...]) -> None:
    ended = pdeval(*arguments)
    assert (ended.exit_code, ended.out) == (2, "")
    assert "Error: " in ended.err


def test_study_that_is_absent_is_exit_code_2(study: Path, pdeval: Run) -> None:
    ended = pdeval("run", study / "absent")
    assert ended.exit_code == 2
    assert "absent: no such file" in ended.err


def write_records(study: Path, *records: BuildRecord) -> None:
    builds = study / "warehouse" / "builds"
    builds.mkdir(parents=True)
    for record in records:
        (builds / f"{record.build_id}.json").write_text(json.dumps(record.as_dict()))


def test_status_lists_builds_newest_first_with_reasons(study: Path, pdeval: Run) -> None:
    write_records(
        study,
        build_record(build_id="20261120T010000Z-aaaaaa", started_at="2026-11-20T01:00:00Z"),
        build_record(
            build_id="20261121T010000Z-bbbbbb",
            started_at="2026-11-21T01:00:00Z",
            state="refused",
            reasons=("pd_participation: 7.1 % of rows quarantined",),
            rows={},
        ),
    )
    lines = pdeval("status", study).out.splitlines()
    assert lines[0].split() == ["BUILD", "STATE", "STARTED", "LOADED", "TURNED", "AWAY"]
    assert lines[1].split() == ["20261121T010000Z-bbbbbb", "refused", "2026-11-21", "01:00", "0", "0"]
    assert lines[2] == "    reason: pd_participation: 7.1 % of rows quarantined"
    assert lines[3].split()[-3:] == ["1,999", "7", "current"]


def test_status_as_json_names_the_published_build(study: Path, pdeval: Run) -> None:
    write_records(study, build_record(), build_record(build_id="20261122T000000Z-cccccc", state="failed"))
    facts = json.loads(pdeval("status", study, "--json").out)
    assert facts["published"] == "20261121T225025Z-ab12cd"
    assert [build["state"] for build in facts["builds"]] == ["failed", "published"]


def test_status_of_a_study_that_was_never_run(study: Path, pdeval: Run) -> None:
    ended = pdeval("status", study)
    assert ended == Ended(0, "Riverbend: no builds yet in study/warehouse\n", "")


def test_simulate_takes_the_plan_from_its_options(study: Path, pdeval: Run, simulated: list[Plan]) -> None:
    options = ("--students", "300", "--years", "3", "--seed", "11", "--selection", "0")
    effects = ("--effect", "coaching=0.2", "--effect", "workshop_single=-0.05")
    ended = pdeval("simulate", "out", *options, *effects)
    # what is not named keeps its default
    effect_by_type = {"coaching": 0.2, "conference": 0.0, "workshop_single": -0.05}
    assert simulated == [Plan(300, 3, 11, effect_by_type, 0.0)]
    assert ended.exit_code == 0
    assert ended.out.splitlines()[:2] == ["district  out", "rows      1,240 in 2 entities"]


def test_simulate_as_json(study: Path, pdeval: Run, simulated: list[Plan]) -> None:
    facts = json.loads(pdeval("simulate", "out", "--json").out)
    assert facts == {"folder": str(Path.cwd() / "out"), "row_counts": {"staff": 40, "student": 1200}}


@pytest.mark.parametrize("effect", ["coaching", "coaching=", "coaching=much", "coaching=nan"])
def test_effect_without_a_number_is_refused(
    study: Path, pdeval: Run, simulated: list[Plan], effect: str
) -> None:
    ended = pdeval("simulate", "out", "--effect", effect)
    assert (ended.exit_code, simulated) == (2, [])
    assert ended.err.startswith(f"pdeval: --effect {effect}: give a PD type and a number")


def test_simulate_never_writes_over_files_that_it_did_not_make(
    study: Path, pdeval: Run, simulated: list[Plan]
) -> None:
    ended = pdeval("simulate", study)
    assert (ended.exit_code, simulated) == (2, [])
    assert "has files that no finished simulation made" in ended.err
    assert (study / "study.toml").read_text() == STUDY


def test_simulate_onto_a_file_is_refused(study: Path, pdeval: Run, simulated: list[Plan]) -> None:
    assert pdeval("simulate", study / "study.toml").exit_code == 2


def test_simulate_into_an_empty_folder(study: Path, pdeval: Run, simulated: list[Plan]) -> None:
    Path("out").mkdir()
    assert pdeval("simulate", "out").exit_code == 0
    assert len(simulated) == 1


@pytest.mark.parametrize("options", [(), ("--no-input",)], ids=["no terminal", "no input"])
def test_simulated_district_is_not_written_over_unasked(
    study: Path,
    pdeval: Run,
    simulated: list[Plan],
    options: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flows.district.is_interactive", lambda: bool(options))
    pdeval("simulate", "out")
    ended = pdeval("simulate", "out", "--seed", "8", *options)
    assert (ended.exit_code, len(simulated)) == (2, 1)
    assert "holds a simulated district" in ended.err


@pytest.mark.parametrize(("answer", "seeds"), [("y\n", [7, 8]), ("n\n", [7])])
def test_simulated_district_is_written_over_after_a_yes(
    study: Path,
    pdeval: Run,
    simulated: list[Plan],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    seeds: list[int],
) -> None:
    pdeval("simulate", "out")
    monkeypatch.setattr("flows.district.is_interactive", lambda: True)
    monkeypatch.setattr("typer.confirm", asked := Asked(answer))
    ended = pdeval("simulate", "out", "--seed", "8")
    assert asked.question.startswith("out holds a simulated district")
    assert [plan.seed for plan in simulated] == seeds
    assert ended.exit_code == (0 if answer == "y\n" else 1)
    # no file of the old plan stays to feed the new study
    assert [file.name for file in Path("out/exports").iterdir()] == [f"seed_{seeds[-1]}.csv"]


class Asked:
    """Stands for typer.confirm with a person before it."""

    def __init__(self, answer: str) -> None:
        self.is_yes = answer == "y\n"
        self.question = ""

    def __call__(self, question: str, *, abort: bool, err: bool) -> bool:
        assert err
        self.question = question
        if abort and not self.is_yes:
            raise typer.Abort
        return self.is_yes


def test_demo_simulates_runs_and_says_how_to_go_on(
    study: Path, pdeval: Run, simulated: list[Plan], run_with: RunWith
) -> None:
    calls = run_with(Outcome(build_record()))
    ended = pdeval("demo", "--students", "300", "--years", "3")
    assert ended.exit_code == 0
    assert calls[0]["settings"].folder == Path.cwd() / "demo"
    assert ended.err.splitlines()[0] == "simulate: 300 students, 3 school years"
    assert "pdeval status demo" in ended.out
    assert "duckdb.connect('demo/warehouse/pdeval.duckdb', True)" in ended.out


def test_demo_reads_its_own_folder_whatever_the_environment_says(
    study: Path, pdeval: Run, simulated: list[Plan], run_with: RunWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDEVAL_DATA", str(study))
    calls = run_with(Outcome(build_record()))
    pdeval("demo")
    assert calls[0]["settings"].data_folder == Path.cwd() / "demo"


def test_demo_again_keeps_the_district_of_the_same_plan(
    study: Path, pdeval: Run, simulated: list[Plan], run_with: RunWith
) -> None:
    run_with(Outcome(build_record()))
    pdeval("demo", "--folder", "d")
    ended = pdeval("demo", "--folder", "d")
    assert (ended.exit_code, len(simulated)) == (0, 1)
    assert "simulate: d holds this district already" in ended.err


def test_demo_of_another_plan_does_not_write_over_the_first(
    study: Path, pdeval: Run, simulated: list[Plan], run_with: RunWith
) -> None:
    run_with(Outcome(build_record()))
    pdeval("demo", "--folder", "d")
    assert pdeval("demo", "--folder", "d", "--seed", "8").exit_code == 2
    assert len(simulated) == 1


def test_version(study: Path, pdeval: Run) -> None:
    ended = pdeval("--version")
    assert ended.exit_code == 0
    assert ended.out.startswith("pdeval ")


HEAVY = "duckdb pandas numpy pyarrow prefect great_expectations statsmodels scipy sqlglot altair rich jinja2"


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    # typer itself turns to pydantic for the parameters of a command
    [(["--help"], f"{HEAVY} pydantic"), (["--version"], HEAVY), (["run", "--help"], HEAVY)],
    ids=["help", "version", "run help"],
)
def test_help_imports_nothing_heavy(arguments: list[str], unwanted: str) -> None:
    script = (
        "import sys; from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit as ended: assert not ended.code\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    imported = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not imported & set(unwanted.split())


def test_interactive_needs_somebody_at_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert not console.is_interactive()


def test_reference_names_every_command_and_option() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    commands = typer.main.get_group(cli.app).commands
    options = {name for command in commands.values() for option in command.params for name in option.opts}
    assert not {name for name in commands if f"`{name}`" not in text}
    assert not {name for name in options if name.startswith("--") and f"`{name}" not in text}
