"""The page of what came in: whether rows add up, which rules were broken, who is left to analyse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.page_reader import text
from transforms.reporting.flow_chart import flow_picture, flow_title
from transforms.reporting.quality_page import quality_page
from transforms.reporting.quality_rows import FileRow, by_rule, files_sentence, rules_title
from transforms.reporting.rows import RejectedRow, SampleStep
from transforms.reporting.view import read_report


def file(loaded: int = 7, name: str = "a.csv") -> FileRow:
    return FileRow("school", name, 10, loaded, 1, 1, 1)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "No file is on record."),
        ([file()], "In the one file the rows add up: none was lost on the way."),
        ([file(), file()], "In all 2 files the rows add up: none was lost on the way."),
        ([file(), file(6, "b.csv")], "In 1 of 2 files the rows do not add up: b.csv."),
        ([file(8, "b.csv")], "In 1 of 1 file the rows do not add up: b.csv."),
    ],
)
def test_rows_that_are_neither_loaded_repeated_left_out_nor_turned_away_are_named(
    files: list[FileRow], said: str
) -> None:
    assert files_sentence(files) == said


def test_files_whose_rows_do_not_add_up_stand_out() -> None:
    connection = empty_build()
    row = {"source_number": 1, "entity": "school", "source_file": "a.csv", "rows_read": 10, "rows_loaded": 9}
    fates = {"rows_duplicate": 0, "rows_skipped": 0, "rows_quarantined": 0}
    insert(connection, "meta.reconciliation", [{**row, **fates}])
    page = quality_page(connection, read_report(connection, BUILD_ID))
    assert page.stands_out == ("In 1 of 1 file the rows do not add up: a.csv.",)


def rejected(rule: str, n_rows: int, source_file: str = "a.csv") -> RejectedRow:
    return RejectedRow("school", source_file, rule, f"{rule} in {source_file}", n_rows, 2)


def test_rules_are_counted_over_files_with_the_reason_of_the_largest() -> None:
    rows = [rejected("missing", 2), rejected("missing", 3, "b.csv"), rejected("not_a_date", 4)]
    first, second = by_rule(rows)
    assert (first.rule, first.n_rows, first.n_files, first.reason) == ("missing", 5, 2, "missing in b.csv")
    assert second.n_rows == 4
    # 5 of 9
    assert rules_title([first, second]) == "Most often: missing, 56% of what broke a rule"
    assert rules_title([second]) == "All broke one rule: not a date"


def test_the_flow_says_how_many_are_left_and_how_many_each_step_lost() -> None:
    steps = [SampleStep("ela", "scores", 200, 300), SampleStep("ela", "with prior", 150, 160)]
    assert flow_title(steps) == "Reading: the models stand on 75% of students with a score"
    drawn = flow_picture(steps, "p")
    assert "With an earlier score" in drawn.wide
    assert "150 (50 fewer)" in drawn.wide
    assert "200 (" not in drawn.wide
    assert drawn.alternative_text == (
        "Students after each step: with a score 200; with an earlier score 150."
    )


def test_a_flow_without_students_is_not_drawn() -> None:
    steps = [SampleStep("ela", "scores", 0, 0)]
    assert flow_picture(steps, "p") == ""
    assert flow_title(steps) == "Reading: no student has a score"


def test_the_page_of_a_district_says_what_was_turned_away_and_that_the_rest_adds_up(
    district_page: Path,
) -> None:
    said = text(district_page.with_name("quality.html"))
    # 366 + 33 + 2 of 121,480 + 18,204 + 4,120 + 34
    assert "143,838 rows were read; 401 (under 1%) were turned away, each with a reason." in said
    assert "In all 4 files the rows add up" in said
    assert "Most often: unknown student, 88% of what broke a rule" in said  # 351 of 399
    assert "Does not hold: No teacher has more than" in said


def test_a_build_without_rows_says_so() -> None:
    connection = empty_build()
    page = quality_page(connection, read_report(connection, BUILD_ID))
    assert page.sentences == ("No row was read.", "No file is on record.", "No data check was run.")
    assert page.sections[0].paragraphs == ("No row broke a rule.",)
