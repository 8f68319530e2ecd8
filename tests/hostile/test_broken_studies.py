"""Whole runs on broken input: one clear line, or a reason a record; the published result stays as it was."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from flows.records import read_records
from tests.hostile.conftest import MiniStudy, Outcome

# The study is published once a worker, which takes longer than most of the tests.

Break = Callable[[MiniStudy], object]
PARTICIPATION = "exports/participation.csv"
PATTERN = "exports/participation*.csv"


def edit(old: str, new: str, name: str = PARTICIPATION) -> Break:
    """Replace the only occurrence of ``old`` in a file."""
    return lambda study: study.replace(name, old, new)


def settings(old: str, new: str) -> Break:
    """Replace the only occurrence of ``old`` in study.toml."""
    return edit(old, new, "study.toml")


def content(data: bytes | str, name: str = PARTICIPATION) -> Break:
    """Give a file other content."""
    return lambda study: (study.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def cells(column: int, values: Callable[[str], str]) -> Break:
    """Change one column in all rows of the participation."""

    def change(study: MiniStudy) -> None:
        path = study.folder / PARTICIPATION
        header, *rows = [line.split(",") for line in path.read_text().splitlines()]
        changed = [[*row[:column], values(row[column]), *row[column + 1 :]] for row in rows]
        path.write_text("".join(",".join(row) + "\n" for row in (header, *changed)))

    return change


def instead(name: str, data: bytes | str | Callable[[Path], object]) -> Break:
    """Let the participation come from another file."""

    def change(study: MiniStudy) -> None:
        study.replace("study.toml", PATTERN, f"exports/{name}")
        if callable(data):
            data(study.export(name))
        else:
            study.export(name).write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


def query(text: str) -> Break:
    """Read the participation by a query of the study."""

    def change(study: MiniStudy) -> None:
        study.replace("study.toml", f'path = "{PATTERN}"', f'path = "{PATTERN}"\nquery = "hours.sql"')
        (study.folder / "hours.sql").write_text(text)

    return change


def option(line: str) -> Break:
    """Add a line to the source of the participation."""
    return settings(f'path = "{PATTERN}"', f'path = "{PATTERN}"\n{line}')


def both(*breaks: Break) -> Break:
    """One break after the other."""
    return lambda study: [each(study) for each in breaks]


def zipped(name: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "staff_id,pd_activity_id,participation_date,hours\n")

    return write


HEADER = "staff_id,pd_activity_id,participation_date,hours,attendance_status\n"
RECORD = "T1,A3,2024-09-17,6,attended\n"
COLUMN = r"participation\.csv:1: column "


class TurnedAway(NamedTuple):
    """A study that is turned away as a whole: how it is broken, the exit code, its one line."""

    broken: Break
    exit_code: int
    line: str


def growth(text: str) -> Break:
    """Add tables to the end of study.toml."""

    def change(study: MiniStudy) -> None:
        with (study.folder / "study.toml").open("a") as file:
            file.write(text)

    return change


LINK = '\n[[growth.link]]\nfrom_assessment = "TALY"\nto_assessment = "TALLY"\nfirst_school_year = 2025\n'

REFUSED = {
    # growth
    "a link of an assessment that nobody sat": TurnedAway(
        growth(LINK),
        2,
        r'study\.toml: growth\.link\[1\]\.from_assessment: "TALY" has no result; nearest known: TALLY',
    ),
    "norms that are no database": TurnedAway(
        both(growth('\n[growth]\nnorms = "norms.duckdb"\n'), content(b"PK", "norms.duckdb")),
        3,
        r"norms\.duckdb: \[growth\] norms: no database with growth percentiles; name a published",
    ),
    # files
    "no bytes": TurnedAway(content(b""), 3, r"exports/participation\.csv:1: is empty; export it again"),
    "a picture": TurnedAway(
        content(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), 3, r"participation\.csv: is not a text file"
    ),
    "a workbook named csv": TurnedAway(
        lambda study: zipped("a.xml")(study.folder / PARTICIPATION),
        3,
        r"looks like a workbook or zip: name it \.xlsx",
    ),
    "half a gzip file": TurnedAway(
        instead("p.csv.gz", gzip.compress((HEADER + RECORD * 90).encode())[:-9]),
        3,
        r"exports/p\.csv\.gz: is no complete gzip file; fetch it again",
    ),
    "no workbook": TurnedAway(
        instead("p.xlsx", HEADER), 3, r"p\.xlsx: is no complete zip archive; fetch it again"
    ),
    "no zip": TurnedAway(
        instead("p.zip", b"PK\x03\x04" + b"x" * 99), 3, r"p\.zip: is no complete zip archive"
    ),
    "a zip that leads out": TurnedAway(
        instead("p.zip", zipped("../../evil.csv")),
        3,
        r"p\.zip: has a member whose name leads out of the archive",
    ),
    "no Parquet": TurnedAway(instead("p.parquet", HEADER), 3, r"p\.parquet: is no complete Parquet file"),
    "half a JSON array": TurnedAway(
        instead("p.json", '[{"staff_id": "T1"},\n{"staff_id": '),
        3,
        r"p\.json:2: is no valid JSON from here on",
    ),
    "a JSON object that is no array": TurnedAway(
        instead("p.json", '{"rows": []}'), 3, r"p\.json:1: must be one JSON array of objects"
    ),
    "an unknown kind": TurnedAway(
        instead("p.sav", b"$FL2"), 3, r"p\.sav: is of a kind that is not read; give it as csv"
    ),
    "no file": TurnedAway(
        lambda study: (study.folder / PARTICIPATION).unlink(),
        3,
        r"participation\*\.csv: no file matches below study/; put it there or correct the path of source 11",
    ),
    "a folder called like a file": TurnedAway(
        lambda study: study.export("participation_2.csv").mkdir(),
        3,
        r"participation_2\.csv: is a folder, not a file",
    ),
    "a link to nothing": TurnedAway(
        lambda study: study.export("participation_2.csv").symlink_to("gone.csv"),
        3,
        r"participation_2\.csv: is a link that leads to no file; mend or remove it",
    ),
    # headers
    "a missing column": TurnedAway(
        edit("hours", "hrs"),
        3,
        COLUMN + r"hours: nothing fills this required column of pd_participation; .*the nearest is 'hrs'",
    ),
    "a header twice": TurnedAway(
        edit("hours", "staff_id"),
        3,
        r"participation\.csv:1: columns 1 and 4 have the same header; rename one of them",
    ),
    "no header line": TurnedAway(edit(HEADER, ""), 3, COLUMN + r"staff_id: .*has the file a header line\?"),
    "another delimiter": TurnedAway(
        option('delimiter = ";"'), 3, COLUMN + r"staff_id: .*it has one header only: is delimiter right\?"
    ),
    "a header that study.toml names and the file lacks": TurnedAway(
        option('[source.columns]\nhours = "Credit Hrs"'),
        3,
        COLUMN + r"hours: the file has no header 'Credit Hrs'.*headers",
    ),
    "a template of a header that the file lacks": TurnedAway(
        option('[source.templates]\npd_session_id = "{Section}-1"'),
        3,
        COLUMN + r"pd_session_id: the file has no header 'Section'",
    ),
    "an order column that the file lacks": TurnedAway(
        option('on_conflict = "latest"\norder_column = "changed"'),
        3,
        COLUMN + r"order_column: the file has no header 'changed'",
    ),
    "a skip rule for a column that nothing fills": TurnedAway(
        option('skip_if_missing = ["pd_session_id"]'),
        3,
        COLUMN + r"pd_session_id: skip_if_missing names it, but nothing fills it",
    ),
    # what the whole column leaves open
    "an open date order": TurnedAway(
        cells(2, lambda date: f"{date[5:7]}/{int(date[8:]) % 12 + 1}/{date[:4]}"),
        3,
        r"participation\.csv: column participation_date: every day is 12 or less.*; set date_format",
    ),
    "an open decimal sign": TurnedAway(
        cells(3, lambda _hours: '"1,500"'),
        3,
        r"participation\.csv: column hours: 1,234 may be 1234 or 1\.234 here; set decimal_sign",
    ),
    # the study's own query
    "a query of another relation": TurnedAway(
        query("select * from core.staff"),
        2,
        r"hours\.sql: it may read the relation source only, not core\.staff",
    ),
    "a query without lines": TurnedAway(
        query("select staff_id, hours from source"), 2, r"hours\.sql: it must select source_line too"
    ),
    "a query that is no SQL": TurnedAway(
        query("select 'staff_id from source"), 2, r"hours\.sql:1: not valid SQL"
    ),
    "a query of a header that the file lacks": TurnedAway(
        query("select source_line, credits as hours from source"),
        3,
        r'participation\.csv: hours\.sql failed on it: .*"credits"',
    ),
    "a query that trips over a value": TurnedAway(
        query("select source_line, attendance_status::int as hours from source"),
        3,
        r"participation\.csv: hours\.sql failed on a value of it \(ConversionException\); use try_cast",
    ),
    # study.toml
    "no TOML": TurnedAway(settings("[study]", "[study"), 2, r"study\.toml: TOML syntax: .*line 1"),
    "a misspelt key": TurnedAway(
        option('skip_if_mising = ["hours"]'),
        2,
        r"study\.toml:\d+: source\[11\]\.skip_if_mising: unknown key; nearest known: skip_if_missing",
    ),
    "a misspelt entity": TurnedAway(
        settings('"pd_participation"', '"pd_partcipation"'),
        2,
        r"source\[11\]\.entity: unknown entity .*nearest known: pd_participation",
    ),
    "a required entity without a source": TurnedAway(
        settings(f'[[source]]\nentity = "pd_participation"\npath = "{PATTERN}"\n', ""),
        2,
        r"study\.toml: source: every study needs a \[\[source\]\] of pd_participation",
    ),
    "a pattern that is none": TurnedAway(
        settings(PATTERN, "exports/**.csv"),
        2,
        r"study\.toml: source\[11\]\.path: 'exports/\*\*\.csv' is no pattern of files",
    ),
}

# Each of these reaches the gate, which takes seconds; what they share is tested once.
BLOCKED = {
    "a header line alone": TurnedAway(content(HEADER), 4, r"no rows in core\.pd_participation"),
    "every record turned away": TurnedAway(
        cells(0, lambda staff: f"X{staff}"),
        4,
        r"12 of 12 rows of pd_participation were turned away.*; and 1 more, see reports/",
    ),
}


@pytest.mark.parametrize("case", [*REFUSED, *BLOCKED])
def test_a_broken_study_is_one_clear_line_and_publishes_nothing(case: str, study: MiniStudy) -> None:
    broken, exit_code, line = (REFUSED | BLOCKED)[case]
    before = study.published()
    broken(study)
    outcome = study.run()
    assert (outcome.exit_code, len(outcome.lines)) == (exit_code, 1)
    assert re.search(line, outcome.lines[0]), outcome.lines[0]
    assert study.published() == before
    assert not list(study.warehouse.builds.glob("*.candidate.*"))


def test_every_file_that_is_turned_away_has_its_line(study: MiniStudy) -> None:
    study.export("staff.csv").write_bytes(b"")
    study.export("schools.csv").write_bytes(bytes(range(256)))
    outcome = study.run()
    assert outcome.exit_code == 3
    assert [line.split(":")[0] for line in outcome.lines] == ["exports/schools.csv", "exports/staff.csv"]
    newest = read_records(study.warehouse.folder)[0]
    assert (newest.state, newest.reasons) == ("refused", outcome.lines)


ENTITY_OF = {
    "participation": "pd_participation",
    "activities": "pd_activity",
    "schools": "school",
    "students": "student",
    "staff": "staff",
    "positions": "staff_assignment",
    "enrollment": "student_enrollment",
    "section_teachers": "section_staff",
    "section_students": "section_student",
    "scores": "assessment_result",
}


class Bad(NamedTuple):
    """Records at the end of a file, and why the last of them does not go in."""

    file: str
    records: str | bytes
    rule: str
    column: str | None

    @property
    def content(self) -> bytes:
        """The records as they stand in the file."""
        return self.records if isinstance(self.records, bytes) else self.records.encode()

    @property
    def first_cell(self) -> str:
        """The first cell of the last record."""
        return self.content.splitlines()[-1].split(b",")[0].decode()


# Records are added, so that each stands alone; two records where one is needed to break the other.
RECORDS = {
    "text for a number": Bad("participation", "T1,A3,2025-01-07,two,attended", "not_a_number", "hours"),
    "negative hours": Bad("participation", "T2,A3,2025-01-07,-2,attended", "out_of_range", "hours"),
    "no hours": Bad("participation", "T2,A3,2025-01-07,,attended", "missing", "hours"),
    "a bad date": Bad("participation", "T2,A3,2025-02-30,2,attended", "not_a_date", "participation_date"),
    "a date of another format": Bad(
        "participation", "T2,A3,7.1.2025,2,attended", "not_a_date", "participation_date"
    ),
    "a year before schools": Bad(
        "participation", "T2,A3,0225-01-07,2,attended", "not_a_date", "participation_date"
    ),
    "hours without a day": Bad("participation", "T2,A3,,2,attended", "no_date", "participation_date"),
    "a status that nothing maps": Bad(
        "participation", "T2,A3,2025-01-07,2,N/S", "not_allowed", "attendance_status"
    ),
    "an unknown teacher": Bad("participation", "T99,A3,2025-01-07,2,attended", "unknown_staff", "staff_id"),
    "an unknown activity": Bad(
        "participation", "T3,A99,2025-01-07,2,attended", "unknown_pd_activity", "pd_activity_id"
    ),
    "too few fields": Bad("participation", "T3,A1", "field_count", None),
    "too many fields": Bad("participation", "T3,A1,2025-01-07,2,attended,late", "field_count", None),
    "a quotation mark without end": Bad("participation", 'T3,"A1,2025-01-07,2,attended', "quoting", None),
    "a line of ten megabytes": Bad("participation", "T3,A1," + "9" * 10_000_000, "line_too_long", None),
    "a type of PD that nobody knows": Bad(
        "activities", "A9,Juggling,juggling,all,3", "not_allowed", "pd_type"
    ),
    "two schools of one id": Bad(
        "schools", "OAK,Oak School,middle\nOAK,Oak Hill School,middle", "conflicting_key", "school_id"
    ),
    "no id": Bad("students", ",2015-01-01,F", "missing", "student_id"),
    "a byte of another encoding": Bad(
        "staff", "T7,Zo\u00eb,\u00d6zt\u00fcrk,,\n".encode() + b"T8,Ren\xe9,Roe,,", "encoding", None
    ),
    "a school year in words": Bad(
        "positions", "T1,FERN,next year,teacher,1.0", "not_a_school_year", "school_year"
    ),
    "a school year of two autumns": Bad(
        "positions", "T1,FERN,2024-26,teacher,1.0", "not_a_school_year", "school_year"
    ),
    "an unknown school": Bad("positions", "T1,NOWHERE,2025,teacher,1.0", "unknown_school", "school_id"),
    "a grade beyond school": Bad("enrollment", "S01,FERN,2023,13,N,0.9", "out_of_range", "grade_level"),
    "neither true nor false": Bad("enrollment", "S02,FERN,2023,2,maybe,0.9", "not_a_boolean", "is_swd"),
    "a rate in per cent": Bad("enrollment", "S03,FERN,2023,2,N,93", "out_of_range", "attendance_rate"),
    "end before begin": Bad(
        "section_teachers", "T1-M,T2,2025-01-20,2024-12-20", "period_reversed", "end_date"
    ),
    "a section that nobody declared": Bad(
        "section_students", "T9-M,S01,2024-08-20", "unknown_section", "section_id"
    ),
    "a score without its scale": Bad(
        "scores", "S01,TALLY,mathematics,2023,1e300,2023-05-15,2", "not_a_number", "scale_score"
    ),
    "a subject that nothing maps": Bad(
        "scores", "S01,TALLY,MATH,2023,380,2023-05-15,2", "not_allowed", "academic_subject"
    ),
}


class Littered(NamedTuple):
    """A study with bad records, the line of each, and what its run came to."""

    study: MiniStudy
    lines: dict[str, int]
    outcome: Outcome


@pytest.fixture(scope="module")
def littered(published_study: MiniStudy, tmp_path_factory: pytest.TempPathFactory) -> Littered:
    """The study with all bad records in it, run once, since the gate takes seconds."""
    study = MiniStudy(tmp_path_factory.mktemp("littered") / "study")
    shutil.copytree(published_study.folder, study.folder, symlinks=True)
    lines: dict[str, int] = {}
    for case, bad in RECORDS.items():
        path = study.export(f"{bad.file}.csv")
        path.write_bytes(path.read_bytes() + bad.content + b"\n")
        lines[case] = path.read_bytes().count(b"\n")
    return Littered(study, lines, study.run())


@pytest.mark.parametrize("case", RECORDS)
def test_a_bad_record_is_kept_with_its_reason_in_the_restricted_file(case: str, littered: Littered) -> None:
    bad = RECORDS[case]
    place = (ENTITY_OF[bad.file], littered.lines[case])
    reasons = [row for row in littered.study.turned_away() if (row[0], row[2]) == place]
    assert [(row[1], row[3]) for row in reasons] == [(bad.rule, bad.column)]
    assert bad.first_cell in str(reasons[0][4])


def test_a_study_with_too_many_bad_records_is_blocked_and_says_for_which_entities(
    littered: Littered, published_study: MiniStudy
) -> None:
    study, outcome = littered.study, littered.outcome
    assert (outcome.exit_code, len(outcome.lines)) == (4, 1)
    assert "were turned away" in outcome.lines[0]
    assert study.published() == published_study.published()
    reasons = read_records(study.warehouse.folder)[0].reasons
    # 14 of 12 + 14 = 26 participations; 2 of 2 + 2 schools; 1 of 8 staff; 3 of 15 positions
    blocked = {
        "pd_participation": "14 of 26",
        "school": "2 of 4",
        "staff": "1 of 8",
        "staff_assignment": "3 of 15",
    }
    for entity, share in blocked.items():
        assert any(f"{share} rows of {entity} were turned away" in reason for reason in reasons), entity
    # 3 of 83 enrollments are 3.6 %
    assert not any("rows of student_enrollment were" in reason for reason in reasons)


def test_a_few_bad_records_are_published_as_reasons_without_the_records(study: MiniStudy) -> None:
    study.replace("exports/enrollment.csv", "S40,PEBB,2024,3,", "S40,Whitethorn Manor,2024,3,")
    before = study.published()
    assert study.run() == Outcome(0)
    assert study.published() != before
    with duckdb.connect(str(study.warehouse.published), read_only=True) as connection:
        rejected = connection.execute(
            "select * exclude (reason, build_id) from quarantine.rejected_row"
        ).fetchall()
    # line 41: the header and 40 students before
    assert rejected == [("student_enrollment", "exports/enrollment.csv", 41, "unknown_school", "school_id")]
    assert [json.loads(row[4])["school_id"] for row in study.turned_away()] == ["Whitethorn Manor"]
    readable = [
        study.warehouse.published,
        *study.warehouse.builds.iterdir(),
        *study.warehouse.latest_report.resolve().rglob("*"),
    ]
    files = [path for path in readable if path.is_file()]
    assert not [path for path in files if b"Whitethorn Manor" in path.read_bytes()]


COMMANDS = {
    "a file of no bytes": (content(b""), 3, r"pdeval: exports/participation\.csv:1: is empty; .*"),
    "no file": (
        lambda study: (study.folder / PARTICIPATION).unlink(),
        3,
        r"pdeval: exports/participation\*\.csv: no file matches .*",
    ),
    "a misspelt key": (
        option('colums = "x"'),
        2,
        r"pdeval: .*study\.toml:\d+: source\[11\]\.colums: unknown key; nearest known: columns",
    ),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_the_command_says_one_line_on_stderr_and_no_traceback(case: str, study: MiniStudy) -> None:
    broken, exit_code, line = COMMANDS[case]
    before = study.published()
    broken(study)
    ended = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "run", str(study.folder), "--quiet"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("PDEVAL_")},
    )
    assert (ended.returncode, ended.stdout) == (exit_code, "")
    assert re.fullmatch(line, ended.stderr.strip()), ended.stderr
    assert study.published() == before
