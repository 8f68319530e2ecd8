"""Open answers that name people: no name, address or number reaches the published file or the page."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from expectations.outputs import IMPROVEMENT_ESTIMATES
from tests.flows.pipeline import built
from transforms.improvement.settings import ImprovementSettings
from transforms.reporting.chain_page import chain_page
from transforms.reporting.rows import Build
from transforms.simulate import DistrictPlan, simulate_district
from transforms.surveys.known_persons import fold, words_of
from transforms.surveys.voice import compute_voice
from transforms.warehouse import build_tables, create_table, open_database, sql_files

NAMED = (
    "{first} {last} gave us more time to plan lessons.",
    "{last}, {first} ran over time and we lost planning.",
    "thank {lower} for more time to plan",
    "More time to plan lessons; ask {initial}. {last}'s team at {email}.",
    "Call me at 555-017-{number} about planning time, {first}.",
    "{upper} GAVE US MORE TIME TO PLAN",
    "Ms. {last} shared slides and handouts, see https://rb.example.org/{last}",
)
PLAIN = ("More time to plan lessons, please.", "Shorter slides and better handouts.")
QUESTION = "What should we keep, and what should we change?"


@dataclass(frozen=True)
class Planted:
    """The published file, the page as text, and what must be in neither."""

    connection: duckdb.DuckDBPyConnection
    page: str
    last_names: frozenset[str]
    contacts: tuple[str, ...]
    landing: Path
    n_named: int


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("district")
    simulate_district(DistrictPlan(n_students=300, n_years=2), folder)
    with (folder / "exports/hr/staff.csv").open(encoding="cp1252", newline="") as file:
        staff = list(csv.DictReader(file))
    n_named = _plant(folder, staff)
    built(folder).close()
    connection = open_database(folder / "warehouse/builds/b1.candidate.duckdb")
    landing = folder / "warehouse/restricted/landing.duckdb"
    page = _page(connection, landing)
    last_names = frozenset(fold(word) for person in staff for word in words_of(person["Last Name"]))
    contacts = (*(person["E-mail"] for person in staff), "@", "555-017", "https://")
    yield Planted(connection, page, last_names, contacts, landing, n_named)
    connection.close()


def _plant(folder: Path, staff: list[dict[str, str]]) -> int:
    """Answer the open question of the last feedback surveys, most answers with a name; return how many."""
    surveys = folder / "exports/surveys"
    answers = surveys / "answers/feedback_2025.csv"
    with answers.open(encoding="utf-8", newline="") as file:
        answered = {row["response_id"] for row in csv.DictReader(file) if row["item_id"] == "T1"}
    with (surveys / "responses/feedback_2025.csv").open(encoding="utf-8", newline="") as file:
        silent = [row["response_id"] for row in csv.DictReader(file) if row["response_id"] not in answered]
    with answers.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for place, response in enumerate(silent):
            is_named = place % 2 == 0
            text = _named(place, staff) if is_named else PLAIN[place // 2 % len(PLAIN)]
            writer.writerow([response, "T1", "", text])
    return (len(silent) + 1) // 2


def _named(place: int, staff: list[dict[str, str]]) -> str:
    person = staff[place * 7 % len(staff)]
    first, last = person["First Name"], person["Last Name"]
    whole = f"{first} {last}"
    return NAMED[place // 2 % len(NAMED)].format(
        first=first, last=last, lower=whole.lower(), upper=whole.upper(), initial=first[0],
        email=person["E-mail"], number=f"{place % 10_000:04d}",
    )  # fmt: skip


def _page(connection: duckdb.DuckDBPyConnection, landing: Path) -> str:
    for table in IMPROVEMENT_ESTIMATES:
        create_table(connection, table)
    compute_voice(connection, ImprovementSettings(report_year=2025, landing=landing))
    wanted = {"survey_theme", "guskey_chain", "guskey_observation"}
    files = [file for file in sql_files("report") if file.table in wanted]
    build_tables(connection, files, {"minimum_staff": 5})
    started = datetime(2025, 7, 1)
    return repr(chain_page(connection, Build("b1", "S", 2025, started, "0", "1", "f", "{}")))


def _texts(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where data_type = 'VARCHAR' and not internal and database_name = current_database()"
    ).fetchall()
    for schema, table, column in columns:
        for (value,) in connection.execute(
            f'select distinct "{column}" from "{schema}"."{table}"'
        ).fetchall():
            if value is not None:
                yield f"{schema}.{table}.{column}", value


def test_the_answers_were_read_and_their_names_removed(planted: Planted) -> None:
    with duckdb.connect() as reader:
        reader.execute(f"attach '{planted.landing}' as landed (read_only)")
        ((n_marked, n_all),) = reader.execute(
            "select count(*) filter (contains(text, '[name]')), count(*) from landed.restricted.open_answer"
        ).fetchall()
        texts = [
            row[0] for row in reader.execute("select text from landed.restricted.open_answer").fetchall()
        ]
    assert n_marked >= planted.n_named >= 20
    assert n_all > 2 * planted.n_named - 2
    assert not [text for text in texts if _names(text, planted) or _contacts(text, planted)]


def test_themes_and_quotes_are_published(planted: Planted) -> None:
    rows = planted.connection.execute(
        "select quote from estimates.survey_theme where wording = ? and quote is not null", [QUESTION]
    ).fetchall()
    assert {quote for (quote,) in rows} <= set(PLAIN) | {"Best session this year."}
    assert (PLAIN[0],) in rows
    assert PLAIN[0] in planted.page


def test_no_table_of_themes_and_no_page_holds_a_name(planted: Planted) -> None:
    ours = [
        (place, value)
        for place, value in _texts(planted.connection)
        if place.split(".")[1].startswith(("survey_theme", "guskey"))
    ]
    assert len(ours) > 50
    assert [(place, value) for place, value in ours if _names(value, planted)] == []
    assert _names(planted.page, planted) == set()


def test_no_value_of_the_published_file_and_no_page_holds_an_address_or_number(planted: Planted) -> None:
    found = [(place, value) for place, value in _texts(planted.connection) if _contacts(value, planted)]
    assert found == []
    assert _contacts(planted.page, planted) == []


def _names(text: str, planted: Planted) -> set[str]:
    return {fold(word) for word in words_of(text)} & planted.last_names


def _contacts(text: str, planted: Planted) -> list[str]:
    return [contact for contact in planted.contacts if contact in text]
