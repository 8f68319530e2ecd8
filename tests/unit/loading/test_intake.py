"""Which files a study's patterns find, and what is said where a pattern finds none."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.errors import InputErrors, PdevalError, UsageError
from transforms.loading.intake import find_files, fingerprint_of_files, land_sources
from transforms.sources.source import Source


def _problem(pattern: str, folder: Path) -> PdevalError:
    with pytest.raises(PdevalError) as caught:
        find_files([Source(path=pattern)], folder)
    return caught.value


def test_files_of_a_pattern_come_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).write_text("id\n1\n")
    found = find_files([Source(path="*.csv"), Source(path="c.txt")], tmp_path)
    assert [(file.source_number, file.source_file) for file in found] == [
        (1, "a.csv"),
        (1, "b.csv"),
        (2, "c.txt"),
    ]


def test_a_pattern_without_a_file_is_named_with_its_source(tmp_path: Path) -> None:
    problem = _problem("exports/*.csv", tmp_path)
    assert isinstance(problem, InputErrors)
    assert str(problem) == (
        f"exports/*.csv: no file matches below {tmp_path.name}/;"
        " put it there or correct the path of source 1 in study.toml"
    )


def test_every_pattern_without_a_file_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        find_files([Source(path="a.csv"), Source(path="b.csv")], tmp_path)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["a.csv", "b.csv"]


@pytest.mark.parametrize("pattern", ["scores.csv", "*.csv"])
def test_a_link_that_leads_nowhere_is_not_passed_over(pattern: str, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id\n1\n")
    (tmp_path / "scores.csv").symlink_to("gone.csv")
    assert (
        str(_problem(pattern, tmp_path)) == "scores.csv: is a link that leads to no file; mend or remove it"
    )


@pytest.mark.parametrize("pattern", ["scores.csv", "*.csv"])
def test_a_folder_called_like_a_file_is_not_passed_over(pattern: str, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id\n1\n")
    (tmp_path / "scores.csv").mkdir()
    assert str(_problem(pattern, tmp_path)) == (
        "scores.csv: is a folder, not a file; name the files in it or remove it"
    )


def test_folders_beside_the_files_of_a_wide_pattern_are_no_problem(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "scores.csv").write_text("id\n1\n")
    assert [file.source_file for file in find_files([Source(path="*")], tmp_path)] == ["scores.csv"]


@pytest.mark.parametrize("pattern", ["exports/**.csv", "."])
def test_what_is_no_pattern_is_an_error_in_study_toml(pattern: str, tmp_path: Path) -> None:
    problem = _problem(pattern, tmp_path)
    assert isinstance(problem, UsageError)
    assert str(problem).startswith("study.toml: source[1].path: ")


def test_the_fingerprint_of_landed_files_is_that_of_the_files_found(tmp_path: Path) -> None:
    # a colon in the name is no member of an archive
    (tmp_path / "10:30.csv").write_text("id,x\n1,2\n")
    found = find_files([Source(path="*.csv")], tmp_path)
    intake = land_sources(
        found,
        landing=tmp_path / "restricted" / "landing.duckdb",
        scratch=tmp_path / "restricted" / "scratch",
        memory_limit="500MB",
        settings_json="{}",
        report_progress=lambda _file: None,
    )
    assert intake.fingerprint == fingerprint_of_files("{}", found)
