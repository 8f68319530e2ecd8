"""Forms go out, are filled in by hand, come back; what is damaged is named by file and cell."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from transforms.errors import InputError
from transforms.selfassessment import returned
from transforms.selfassessment.instrument import FORM, FORM_VERSION, PRACTICES
from transforms.selfassessment.json_answers import json_answers
from transforms.selfassessment.page_form import page_form
from transforms.selfassessment.schools import School
from transforms.selfassessment.workbook_answers import workbook_answers
from transforms.selfassessment.workbook_form import HEADER_ROW, SHEET, STAMP_SHEET, workbook_form
from transforms.sources.landing import land_file, open_landing
from transforms.sources.source import Source
from transforms.sources.workbooks import sheet_texts

NORTH = School("0012", "North & South Elementary", 2025)
SOURCE = Source(path="forms/*", format="self_assessment_form")
FIRST = HEADER_ROW + 1
Fill = Callable[[openpyxl.Workbook], Any]


def blank(school: School = NORTH) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_form(school)))


def saved(workbook: openpyxl.Workbook, path: Path) -> Path:
    workbook.save(path)
    return path


def read(path: Path) -> returned.ReturnedForm:
    return workbook_answers(sheet_texts(path, path.name, (STAMP_SHEET, SHEET)), path.name)


@pytest.fixture
def filled(tmp_path: Path) -> Callable[[Fill], returned.ReturnedForm]:
    """The form of North after ``fill`` has been at the workbook."""

    def give(fill: Fill) -> returned.ReturnedForm:
        workbook = blank()
        fill(workbook)
        return read(saved(workbook, tmp_path / "north.xlsx"))

    return give


def test_a_workbook_filled_by_hand_comes_back_with_the_same_ratings(filled):
    ratings = [row % 4 + 1 for row in range(len(PRACTICES))]

    def fill(workbook):
        sheet = workbook[SHEET]
        sheet["B7"] = "principal"
        for row, rating in enumerate(ratings, start=FIRST):
            sheet[f"F{row}"] = rating
        sheet[f"G{FIRST}"] = "=agenda of 3 March"

    form = filled(fill)
    assert (form.school_id, form.school_year, form.respondent_role) == ("0012", "2025", "principal")
    assert [answer.practice for answer in form.answers] == [practice.title for practice in PRACTICES]
    assert [int(answer.rating) for answer in form.answers] == ratings
    assert form.wrong == ()


def test_only_the_answers_can_be_typed_and_only_1_to_4():
    sheet = blank()[SHEET]
    assert sheet.protection.sheet
    last = HEADER_ROW + len(PRACTICES)
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    answers = {f"{column}{row}" for column in "FG" for row in range(FIRST, last + 1)}
    assert unlocked == answers | {"B7", "C7"}
    (ratings,) = [rule for rule in sheet.data_validations.dataValidation if "F" in str(rule.sqref)]
    assert (ratings.type, ratings.formula1, str(ratings.sqref)) == ("list", '"1,2,3,4"', f"F{FIRST}:F{last}")
    assert ratings.showErrorMessage


def test_the_form_prints_on_one_page_across_with_its_heading_on_each():
    sheet = blank()[SHEET]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"


def test_every_level_is_readable_in_its_row():
    sheet = blank()[SHEET]
    for row, practice in enumerate(PRACTICES, start=FIRST):
        assert tuple(sheet.cell(row, column).value for column in range(2, 6)) == practice.levels
        longest = max(map(len, practice.levels))
        # at least as many lines of 13 points as the longest level fills in a column 29 wide
        assert sheet.row_dimensions[row].height >= 13 * longest / 32


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0"])
def test_a_name_that_looks_like_a_formula_stays_text(name, tmp_path):
    sheet = blank(School("=1+1", name, 2025))[SHEET]
    for cell, text in (("B4", name), ("B5", "=1+1")):
        assert (sheet[cell].value, sheet[cell].data_type) == (text, "s")
        assert sheet[cell].quotePrefix
    archive = zipfile.ZipFile(io.BytesIO(workbook_form(School("=1+1", name, 2025))))
    assert not any(b"<f>" in archive.read(member) for member in archive.namelist())


def test_control_signs_in_a_name_do_not_break_the_form():
    assert blank(School("a\x00b", "North\x07\ud800", 2025))[SHEET]["B4"].value == "North  "


def test_file_names_are_plain_and_different_for_different_ids():
    ids = ["1001", "../../etc/passwd", "a/b", "a-b", "A-B", "ä", "", "x" * 300, "CON"]
    names = [School(school, "", 2025).file_name("xlsx").lower() for school in ids]
    assert len(set(names)) == len(ids)
    assert names[0] == "self-assessment-2025-1001.xlsx"
    assert all("/" not in name and len(name) < 120 and not name.startswith(".") for name in names)


# --- damaged workbooks ---------------------------------------------------------------------------------


NO_RATING = "cell F10: the rating is no whole number from 1 to 4; correct it"
TWO_RATINGS = "cell F10: two ratings for one practice; keep one whole number from 1 to 4"


@pytest.mark.parametrize(
    ("value", "rule", "said"),
    [
        (7, "out_of_range", NO_RATING),
        (2.5, "out_of_range", NO_RATING),
        ("three", "out_of_range", NO_RATING),
        ("2, 3", "two_ratings", TWO_RATINGS),
        ("2–3", "two_ratings", TWO_RATINGS),
        (
            "2 and 3",
            "two_ratings",
            "cell F10: two ratings for one practice; keep one whole number from 1 to 4",
        ),
    ],
)
def test_a_wrong_rating_turns_its_row_away_and_leaves_the_others(filled, value, rule, said):
    def fill(workbook):
        workbook[SHEET]["F10"] = value
        workbook[SHEET]["F11"] = 2

    form = filled(fill)
    assert [(row.place, row.rule, row.reason) for row in form.wrong] == [(10, rule, said)]
    assert [answer.rating for answer in form.answers if answer.rating] == ["2"]
    assert str(value) not in form.wrong[0].reason.replace("1 to 4", "")


@pytest.mark.parametrize("value", [3, "3", " 3 ", "3.0", "3\u00a0"])
def test_a_rating_may_be_a_number_or_its_text(filled, value):
    form = filled(lambda workbook: workbook[SHEET].__setitem__("F10", value))
    assert form.answers[0].rating == "3"


def test_an_empty_rating_is_no_fault(filled):
    form = filled(lambda workbook: workbook[SHEET].__setitem__("G10", "a note"))
    assert form.wrong == ()
    assert {answer.rating for answer in form.answers} == {""}


def test_a_renamed_practice_is_named_as_it_was(filled):
    def fill(workbook):
        workbook[SHEET]["A11"] = "Our meetings"
        workbook[SHEET]["F11"] = 3

    (wrong,) = filled(fill).wrong
    assert wrong.rule == "unknown_practice"
    assert (
        wrong.reason == "cell A11: this is no practice of the form; write 'Time to collaborate' there again"
    )


def test_a_practice_in_two_rows_with_two_ratings_is_taken_from_neither(filled):
    def fill(workbook):
        sheet = workbook[SHEET]
        sheet["A11"] = "Coherent curriculum"
        sheet["F10"], sheet["F11"] = 2, 3

    form = filled(fill)
    assert [(row.place, row.rule) for row in form.wrong] == [(10, "two_ratings"), (11, "two_ratings")]


def test_another_schools_id_turns_every_rated_row_away(filled):
    def fill(workbook):
        workbook[SHEET]["B5"] = "0013"
        workbook[SHEET]["F10"] = 2

    form = filled(fill)
    assert [(row.place, row.rule) for row in form.wrong] == [(10, "other_school")]
    assert form.wrong[0].reason.startswith("cell B5: another school's id than the form was made for")
    assert "0013" not in form.wrong[0].reason


def test_another_year_turns_every_rated_row_away(filled):
    def fill(workbook):
        workbook[SHEET]["B6"] = "2025–26"
        workbook[SHEET]["F10"] = 2

    assert [row.rule for row in filled(fill).wrong] == ["other_year"]


def stamp(name: str, value: str) -> Fill:
    def fill(workbook):
        for row in workbook[STAMP_SHEET].iter_rows():
            if row[0].value == name:
                row[1].value = value

    return fill


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (lambda w: w.remove(w[STAMP_SHEET]), "has no sheet 'pdeval': it is no form of pdeval"),
        (lambda w: setattr(w[SHEET], "title", "Sheet1"), "has no sheet 'Self-assessment': it was renamed"),
        (lambda w: w[SHEET].__setitem__("F9", None), "cell F9: the heading of the ratings is gone"),
        (stamp("form", "other"), "is not that of a self-assessment form"),
        (stamp("version", "0"), "of an older version of the form than 1"),
        (stamp("version", "99"), "of another version of the form than 1"),
        (stamp("school_id", ""), "lacks the school or its year"),
        (stamp("school_year", "2024-25"), "lacks the school or its year"),
    ],
)
def test_a_workbook_that_is_no_form_is_one_clear_line(filled, fill, said):
    with pytest.raises(InputError) as raised:
        filled(fill)
    message = str(raised.value)
    assert message.startswith("north.xlsx: ")
    assert said in message
    assert "\n" not in message
    assert raised.value.exit_code == 3


def test_the_version_is_raised_with_the_instrument(filled, monkeypatch):
    monkeypatch.setattr(returned, "FORM_VERSION", FORM_VERSION + 1)
    with pytest.raises(InputError, match="an older version of the form than 2"):
        filled(lambda workbook: None)


# --- the saved page ------------------------------------------------------------------------------------


def page_file(**changes: Any) -> str:
    form = {
        "form": FORM,
        "version": str(FORM_VERSION),
        "school_id": "0012",
        "school_year": "2025",
        "respondent_role": "teachers",
        "answers": [
            {"practice": "coherent_curriculum", "rating": 3, "evidence": "agendas"},
            {"practice": "follow_up", "rating": None, "evidence": ""},
        ],
    }
    return json.dumps({**form, **changes}, indent=1)


def test_a_saved_page_comes_back_by_the_titles_of_practices():
    form = json_answers(page_file(), "north.json")
    assert (form.school_id, form.school_year, form.respondent_role) == ("0012", "2025", "teachers")
    assert [(answer.place, answer.practice, answer.rating, answer.evidence) for answer in form.answers] == [
        (1, "Coherent curriculum", "3", "agendas"),
        (2, "Follow-up and evaluation", "", ""),
    ]


@pytest.mark.parametrize(
    ("answers", "rule", "cell"),
    [
        ([{"practice": "follow_up", "rating": 7}], "out_of_range", "answers[1].rating"),
        ([{"practice": "follow_up", "rating": True}], "out_of_range", "answers[1].rating"),
        ([{"practice": "follow_up", "rating": [2, 3]}], "two_ratings", "answers[1].rating"),
        ([{"practice": "follow-up", "rating": 2}], "unknown_practice", "answers[1].practice"),
    ],
)
def test_a_wrong_answer_is_named_by_its_place(answers, rule, cell):
    (wrong,) = json_answers(page_file(answers=answers), "north.json").wrong
    assert wrong.rule == rule
    assert wrong.reason.startswith(f"cell {cell}: ")


def test_a_rating_given_twice_is_two_ratings():
    text = page_file(answers=[]).replace(
        '"answers": []', '"answers": [{"practice": "follow_up", "rating": 2, "rating": 3}]'
    )
    assert [row.rule for row in json_answers(text, "f").wrong] == ["two_ratings"]


def test_a_practice_answered_twice_is_two_ratings():
    answers = [{"practice": "follow_up", "rating": 2}, {"practice": "follow_up", "rating": 3}]
    assert [row.rule for row in json_answers(page_file(answers=answers), "f").wrong] == ["two_ratings"] * 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (page_file()[:-40], "north.json:"),
        ("[]", "is no saved self-assessment form"),
        ("[" * 100_000, "is no saved self-assessment form"),
        ("{}", "is no saved self-assessment form"),
        (page_file(form="x"), "is not that of a self-assessment form"),
        (page_file(version="0"), "of an older version of the form"),
        (page_file(school_id=None), "lacks the school or its year"),
        (page_file(answers={"follow_up": 2}), "answers: should be a list"),
    ],
)
def test_a_file_that_is_no_saved_page_is_one_clear_line(text, said):
    with pytest.raises(InputError) as raised:
        json_answers(text, "north.json")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


# --- the page ------------------------------------------------------------------------------------------


def test_the_page_lets_only_its_own_script_and_style_run():
    page = page_form(NORTH)
    policy = page.split('Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "http:" not in page
    assert "https:" not in page
    assert page.count("<script>") == 1


def test_a_hostile_name_never_becomes_markup():
    page = page_form(School('"><script>alert(1)</script>', "</title><img src=x onerror=alert(1)>", 2025))
    assert page.count("<script") == 1
    assert "<img" not in page


def test_every_practice_is_a_labelled_fieldset_with_five_radios():
    page = page_form(NORTH)
    assert page.count("<fieldset") == page.count("<legend>") == len(PRACTICES)
    assert page.count('type="radio"') == 5 * len(PRACTICES)
    assert page.count("<textarea") == len(PRACTICES)
    assert "<noscript>" in page


# --- the landing ---------------------------------------------------------------------------------------


def landed(tmp_path: Path, path: Path, source: Source = SOURCE):
    connection = open_landing(tmp_path / "restricted/landing.duckdb", "1GB")
    (file,) = land_file(connection, path, f"forms/{path.name}", source, tmp_path / "scratch")
    return connection, file


def test_wrong_rows_and_answers_add_up_in_the_landing(tmp_path):
    workbook = blank()
    workbook[SHEET]["F10"], workbook[SHEET]["F11"] = 3, 9
    connection, file = landed(tmp_path, saved(workbook, tmp_path / "north.xlsx"))
    assert file.rows == len(PRACTICES)
    rows = connection.execute(f"select source_line, c0, c1, c2, c3 from {file.table}").fetchall()
    assert rows[0] == (10, "0012", "2025", "Coherent curriculum", "3")
    assert len(rows) == len(PRACTICES) - 1
    rejected = connection.execute("select source_line, rule from landing.rejected_line").fetchall()
    assert rejected == [(11, "out_of_range")]


def test_the_same_file_as_a_plain_workbook_is_landed_apart(tmp_path):
    path = saved(blank(), tmp_path / "north.xlsx")
    connection, form = landed(tmp_path, path)
    connection.close()
    _, plain = landed(tmp_path, path, Source(path="f", entity="self_assessment", sheet=STAMP_SHEET))
    assert form.table != plain.table
    assert not plain.is_reused


def test_a_saved_page_is_landed_by_position(tmp_path):
    path = tmp_path / "north.json"
    path.write_text(page_file(), encoding="utf-8")
    connection, file = landed(tmp_path, path)
    assert connection.execute(f"select source_line, c2, c3 from {file.table}").fetchall() == [
        (1, "Coherent curriculum", "3"),
        (2, "Follow-up and evaluation", None),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.xlsx", workbook_form(NORTH)[:2000], "is no complete zip archive"),
        ("note.xlsx", b"please find attached", "is no complete zip archive"),
        ("empty.json", b"", "empty"),
        ("ratings.csv", b"school_id,rating\n1,2\n", "is no form; forms are xlsx or json files"),
    ],
)
def test_a_file_that_cannot_be_read_is_turned_away_as_a_whole(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        landed(tmp_path, path)
    assert said in str(raised.value)
    assert str(raised.value).startswith(f"forms/{name}")
