"""``pdeval form``: forms of the published build go out, and come back through the ordinary pipeline."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from flows import cli
from flows.settings import load_settings
from tests.flows.pipeline import built
from tests.flows.test_cli import STUDY, Ended
from transforms.errors import InputErrors, UsageError
from transforms.selfassessment.instrument import PRACTICES
from transforms.selfassessment.workbook_form import HEADER_ROW, SHEET
from transforms.simulate import DistrictPlan, simulate_district

pytestmark = pytest.mark.xdist_group("form")
ROOT = Path(__file__).parents[2]
Run = Callable[..., Ended]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated district with a published build."""
    folder = tmp_path_factory.mktemp("district")
    simulate_district(DistrictPlan(n_students=300, n_years=2), folder)
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


@pytest.fixture
def pdeval(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the entry point in this process."""

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["pdeval", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run


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
    ended = pdeval(*example[0].split()[1:])
    assert ended.exit_code == 0, ended.err
    shown = [re.sub(r"\d{4}[–-]\w+|(?<=xlsx  ).*", "…", line) for line in ended.out.splitlines()]
    assert shown == [re.sub(r"\d{4}[–-]\w+|(?<=xlsx  ).*", "…", line) for line in example[1].splitlines()]


def test_one_school_as_a_page_for_another_year(study: Path, pdeval: Run) -> None:
    ended = pdeval(
        "form", study, "--school", "1001", "--format", "html", "--year", "2030", "--out", study / "new/pages"
    )
    assert ended.exit_code == 0, ended.err
    (page,) = (study / "new/pages").iterdir()
    assert page.name == "self-assessment-2030-1001.html"
    assert 'data-school-id="1001" data-school-year="2030"' in page.read_text(encoding="utf-8")
    assert 'path = "forms/*.json"' in ended.out


def test_a_form_that_is_there_is_never_written_over(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "1001")
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
        (("--school", "9\x1b[31m"), "the published build has no such school, but 1001"),
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


def with_forms_alone(study: Path) -> None:
    """Let study.toml read forms instead of the district's own file of self-assessments, as documented."""
    document = (ROOT / "docs/reference/study-toml.md").read_text(encoding="utf-8")
    section = document.split("### Self-assessment forms")[1]
    (block,) = re.findall(r"```toml\n(.*?)```", section.split("\n## ")[0], flags=re.DOTALL)
    path = study / "study.toml"
    head, *sources = re.split(r"(?m)^(?=\[\[source\]\])", path.read_text(encoding="utf-8"))
    kept = [source for source in sources if 'entity = "self_assessment"' not in source]
    assert len(kept) == len(sources) - 1
    path.write_text(head + "".join(kept).rstrip() + "\n\n" + block, encoding="utf-8")
    (study / "forms").mkdir()


def fill(study: Path, **cells: object) -> Path:
    """Fill the written form of school 1001 as a hand would; return where it lies."""
    (blank,) = (study / "forms_to_fill").iterdir()
    workbook = openpyxl.load_workbook(blank)
    for cell, value in cells.items():
        workbook[SHEET][cell] = value
    returned = study / "forms" / blank.name
    workbook.save(returned)
    return returned


def test_a_form_goes_out_is_filled_in_and_becomes_ratings(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "1001")
    with_forms_alone(study)
    first = HEADER_ROW + 1
    ratings = {f"F{first + row}": row % 4 + 1 for row in range(len(PRACTICES))}
    fill(study, B7="principal", **ratings)
    connection = built(study)
    rows = connection.execute(
        "select school_id, school_year, practice, rating, respondent_role from core.self_assessment"
    ).fetchall()
    year = load_settings(study).study.report_year
    expected = {("1001", year, p.title, float(row % 4 + 1), "principal") for row, p in enumerate(PRACTICES)}
    assert set(rows) == expected
    assert connection.execute(
        "select rows_read, rows_loaded from meta.reconciliation where entity = 'self_assessment'"
    ).fetchall() == [(len(PRACTICES), len(PRACTICES))]
    connection.close()


def test_wrong_cells_are_quarantined_with_their_cell_and_empty_ones_skipped(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "1001")
    with_forms_alone(study)
    returned = fill(study, F10=3, F11=7, A12="Renamed", F12=2)
    connection = built(study)
    name = f"forms/{returned.name}"
    assert connection.execute(
        "select source_file, source_line, rule, reason from quarantine.rejected_row"
        " where entity = 'self_assessment' order by source_line"
    ).fetchall() == [
        (name, 11, "out_of_range", "cell F11: the rating is no whole number from 1 to 4; correct it"),
        (
            name,
            12,
            "unknown_practice",
            "cell A12: this is no practice of the form; write 'Feedback to teachers' there again",
        ),
    ]
    # ten practices: one rating, two wrong rows, seven empty ones
    assert connection.execute(
        "select rows_read, rows_loaded, rows_skipped, rows_quarantined from meta.reconciliation"
        " where entity = 'self_assessment'"
    ).fetchall() == [(10, 1, 7, 2)]
    connection.close()


def test_a_form_of_a_school_that_no_source_declares_is_quarantined(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "1001")
    with_forms_alone(study)
    (blank,) = (study / "forms_to_fill").iterdir()
    workbook = openpyxl.load_workbook(blank)
    workbook[SHEET]["B5"], workbook["pdeval"]["B3"], workbook[SHEET]["F10"] = "4711", "4711", 3
    workbook.save(study / "forms" / blank.name)
    connection = built(study)
    assert connection.execute(
        "select distinct rule from quarantine.rejected_row where entity = 'self_assessment'"
    ).fetchall() == [("unknown_school",)]
    connection.close()


def test_files_that_are_no_forms_stop_the_build_with_a_line_each(study: Path, pdeval: Run) -> None:
    pdeval("form", study, "--school", "1001")
    with_forms_alone(study)
    returned = fill(study, F10=3)
    whole = returned.read_bytes()
    returned.write_bytes(whole[: len(whole) // 2])
    workbook = openpyxl.Workbook()
    workbook.save(study / "forms" / "zz-other.xlsx")
    with pytest.raises(InputErrors) as raised:
        built(study)
    assert raised.value.exit_code == 3
    lines = str(raised.value).splitlines()
    assert lines[0].startswith(f"forms/{returned.name}: is no complete zip archive")
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
    with_forms_alone(study)
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(UsageError) as raised:
        load_settings(study)
    assert f'{line.split(" ")[0]}: has no meaning with format = "self_assessment_form"; remove it' in str(
        raised.value
    )
