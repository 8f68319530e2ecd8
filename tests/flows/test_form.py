"""``pdeval form``: forms of the published build go out, and come back through the ordinary pipeline."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.form import write_forms
from flows.settings import load_settings
from tests.flows.commands import Run
from tests.flows.pipeline import built
from tests.flows.test_cli import STUDY
from transforms.errors import InputErrors, UsageError
from transforms.selfassessment.instrument import PRACTICES
from transforms.selfassessment.schools import School
from transforms.selfassessment.workbook_form import HEADER_ROW, SHEET, workbook_form

ROOT = Path(__file__).parents[2]
MINISTUDY = ROOT / "tests/data/ministudy"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study with a published build."""
    folder = tmp_path_factory.mktemp("district") / "study"
    shutil.copytree(MINISTUDY, folder)
    built(folder).close()
    (candidate,) = (folder / "warehouse/builds").glob("*.duckdb")
    candidate.rename(folder / "warehouse/pdeval.duckdb")
    return folder


@pytest.fixture
def study(district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the district, from above which commands are run."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(district, tmp_path / "demo", symlinks=True)
    return tmp_path / "demo"


def test_every_school_with_teachers_gets_a_form(study: Path, pdeval: Run) -> None:
    facts = json.loads(pdeval("form", study, "--json").out)
    assert facts["folder"] == str(study / "forms_to_fill")
    written = sorted(path.name for path in (study / "forms_to_fill").iterdir())
    assert [form["file"] for form in facts["forms"]] == written
    assert len(written) >= 1
    report_year = load_settings(study).study.report_year
    assert {form["school_year"] for form in facts["forms"]} == {report_year}


def test_the_example_of_the_documentation_is_what_the_command_says(study: Path, pdeval: Run) -> None:
    document = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```\n\$ (pdeval form [^\n]*)\n(.*?)```", document, flags=re.DOTALL)
    arguments = ["FERN" if word == "1001" else word for word in example[0].split()[1:]]
    ended = pdeval(*arguments)
    assert ended.exit_code == 0, ended.err
    of_a_school = re.compile(r"self-assessment-\d{4}-\S+xlsx  .*")
    said, documented = (of_a_school.sub("…", text).splitlines() for text in (ended.out, example[1]))
    assert said == documented


def test_one_school_as_a_page_for_another_year(study: Path, pdeval: Run) -> None:
    ended = pdeval(
        "form", study, "--school", "FERN", "--format", "html", "--year", "2030", "--out", study / "new/pages"
    )
    assert ended.exit_code == 0, ended.err
    (page,) = (study / "new/pages").iterdir()
    assert page.name.startswith("self-assessment-2030-FERN-")
    assert 'data-school-id="FERN" data-school-year="2030"' in page.read_text(encoding="utf-8")
    assert 'path = "forms/*.json"' in ended.out


def test_a_form_that_is_there_is_never_written_over(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "FERN")
    (form,) = (study / "forms_to_fill").iterdir()
    form.write_bytes(b"filled in")
    ended = pdeval("form", study)
    assert ended.exit_code == 2
    assert "is there already, and may have been filled in" in ended.err
    assert ended.err.count("\n") == 1
    assert form.read_bytes() == b"filled in"
    assert list((study / "forms_to_fill").iterdir()) == [form]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--school", "9\x1b[31m"), "the published build has no such school, but FERN"),
        (("--format", "pdf"), "--format pdf: should be xlsx or html"),
        (("--out", "/proc/nowhere"), "/proc/nowhere: cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    study: Path, pdeval: Run, options: tuple[str, ...], said: str
) -> None:
    ended = pdeval("form", study, *options)
    assert ended.exit_code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert "\x1b" not in ended.err


def test_without_a_published_build_the_command_says_what_comes_first(tmp_path: Path, pdeval: Run) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    ended = pdeval("form", tmp_path)
    assert ended.exit_code == 2
    assert "nothing is published" in ended.err
    assert "comes first" in ended.err


# --- and back ------------------------------------------------------------------------------------------


def with_forms(study: Path) -> None:
    """Let study.toml read forms, with the lines that are documented."""
    document = (ROOT / "docs/reference/study-toml.md").read_text(encoding="utf-8")
    section = document.split("### Self-assessment forms")[1]
    (block,) = re.findall(r"```\n(.*?)```", section.split("\n## ")[0], flags=re.DOTALL)
    path = study / "study.toml"
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n\n{block}", encoding="utf-8")
    (study / "forms").mkdir()


def fill(blank: Path, folder: Path, **cells: object) -> Path:
    """Fill a form as a hand would; return where it lies."""
    workbook = openpyxl.load_workbook(blank)
    for cell, value in cells.items():
        workbook[SHEET][cell] = value
    workbook.save(folder / blank.name)
    return folder / blank.name


@pytest.fixture(scope="module")
def returned(
    district: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, str]]]:
    """The build of what came back: FERN rated everything, PEBB has wrong cells, 4711 is no school."""
    study = tmp_path_factory.mktemp("returned") / "study"
    shutil.copytree(district, study)
    settings = load_settings(study)
    blank = dict(zip(("FERN", "PEBB"), write_forms(settings).files, strict=True))
    with_forms(study)
    ratings = {f"F{HEADER_ROW + 1 + row}": row % 4 + 1 for row in range(len(PRACTICES))}
    files = {
        "FERN": fill(blank["FERN"], study / "forms", B7="principal", **ratings),
        "PEBB": fill(blank["PEBB"], study / "forms", F10=3, F11=7, A12="Renamed", F12=2),
    }
    unknown = study / "forms/unknown.xlsx"
    unknown.write_bytes(workbook_form(School("4711", "Nowhere", 2025)))
    files["4711"] = fill(unknown, study / "forms", F10=3)
    connection = built(study)
    yield connection, {school: f"forms/{path.name}" for school, path in files.items()}
    connection.close()


def test_a_form_goes_out_is_filled_in_and_becomes_ratings(returned) -> None:
    connection, _ = returned
    rows = connection.execute(
        "select school_year, practice, rating, respondent_role from core.self_assessment"
        " where school_id = 'FERN'"
    ).fetchall()
    expected = {(2025, p.title, float(row % 4 + 1), "principal") for row, p in enumerate(PRACTICES)}
    assert set(rows) == expected
    assert len(rows) == len(PRACTICES)


def test_wrong_cells_are_quarantined_with_their_cell(returned) -> None:
    connection, files = returned
    assert connection.execute(
        "select source_line, rule, reason from quarantine.rejected_row"
        " where entity = 'self_assessment' and source_file = ? order by source_line",
        [files["PEBB"]],
    ).fetchall() == [
        (11, "out_of_range", "cell F11: the rating is no whole number from 1 to 4; correct it"),
        (
            12,
            "unknown_practice",
            "cell A12: this is no practice of the form; write 'Feedback to teachers' there again",
        ),
    ]
    assert connection.execute(
        "select practice, rating from core.self_assessment where school_id = 'PEBB'"
    ).fetchall() == [("Coherent curriculum", 3.0)]


def test_every_practice_of_every_form_is_accounted_for(returned) -> None:
    connection, files = returned
    counts = connection.execute(
        "select source_file, rows_read, rows_loaded, rows_skipped, rows_quarantined from meta.reconciliation"
        " where entity = 'self_assessment'"
    ).fetchall()
    assert {row[0]: row[1:] for row in counts} == {
        files["FERN"]: (10, 10, 0, 0),
        files["PEBB"]: (10, 1, 7, 2),  # one rating, seven empty, two wrong
        files["4711"]: (10, 0, 9, 1),
    }


def test_a_form_of_a_school_that_no_source_declares_is_quarantined(returned) -> None:
    connection, files = returned
    assert connection.execute(
        "select source_line, rule from quarantine.rejected_row where source_file = ?", [files["4711"]]
    ).fetchall() == [(10, "unknown_school")]


def test_files_that_are_no_forms_stop_the_build_with_a_line_each(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "FERN")
    with_forms(study)
    (blank,) = (study / "forms_to_fill").iterdir()
    cut = fill(blank, study / "forms", F10=3)
    cut.write_bytes(cut.read_bytes()[:2000])
    workbook = openpyxl.Workbook()
    workbook.save(study / "forms" / "zz-other.xlsx")
    with pytest.raises(InputErrors) as raised:
        built(study)
    assert raised.value.exit_code == 3
    lines = str(raised.value).splitlines()
    assert lines[0].startswith(f"forms/{cut.name}: is no complete zip archive")
    assert lines[1].startswith("forms/zz-other.xlsx: has no sheet 'pdeval': it is no form of pdeval")
    assert len(lines) == 2


@pytest.mark.parametrize(
    "line",
    [
        'sheet = "Self-assessment"',
        'skip_if_missing = ["rating"]',
        'on_conflict = "latest"',
        'encoding = "utf-8"',
    ],
)
def test_a_key_that_a_form_would_ignore_is_an_error(study: Path, line: str) -> None:
    with_forms(study)
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(UsageError) as raised:
        load_settings(study)
    assert f'{line.split(" ")[0]}: has no meaning with format = "self_assessment_form"; remove it' in str(
        raised.value
    )
