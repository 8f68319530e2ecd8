"""Open answers on their way into the restricted file: which ones, without which names, and never twice."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.loading.loader import KEY, Bench
from transforms.loading import open_answers
from transforms.loading.core import load_core_table, load_order
from transforms.loading.open_answers import collect_open_answers, keep_open_answers
from transforms.loading.staging import load_relation
from transforms.warehouse import attach


class AnswerBench(Bench):
    """A bench that sets open answers aside as a build does: after their entity, others still to come."""

    def load(self) -> None:
        for number, (source, relation) in enumerate(self.files, start=1):
            table = self.tables[str(source.entity)]
            load_relation(self.connection, table, source, relation, source_number=number, file_number=number)
        sourced = frozenset(str(source.entity) for source, _ in self.files)
        for table in load_order(self.tables, sourced):
            if table.name in sourced:
                load_core_table(self.connection, table, sourced=sourced, latest_sources=[], key=KEY)
                if table.name == "survey_answer":
                    collect_open_answers(self.connection)


def loaded(landing: Path, *answers: str, build_id: str = "b1", keep: bool = True) -> AnswerBench:
    """Load surveys and ``answers`` (response, item, text; none: no source) and keep the open ones."""
    bench = AnswerBench()
    staff = "staff_id,first_name,last_name,email"
    bench.file("staff", staff, "t1,Alma,Quickwater,aq@rb.org", ",Otis,Kestrel,")  # the second has no id
    bench.file("survey", "survey_id,title,administered_date", "S1,Climate,2025-02-10")
    bench.file("survey_item", "survey_id,item_id,wording,response_type", "S1,T1,What helps?,text")
    bench.file("survey_response", "response_id,survey_id", "r1,S1", "r2,S1", "r3,S1")
    if answers:
        bench.file("survey_answer", "response_id,item_id,text", *answers)
    attach(bench.connection, landing, "landed")
    bench.load()
    if keep:
        keep_open_answers(bench.connection, build_id)
    return bench


def kept(bench: Bench, columns: str = "survey_id, item_id, text") -> list[tuple]:
    return sorted(bench.connection.execute(f"select {columns} from landed.restricted.open_answer").fetchall())


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return tmp_path / "landing.duckdb"


def test_answers_are_kept_without_names_under_the_pseudonym_of_their_response(landing: Path) -> None:
    bench = loaded(landing, "r1,T1,Thank Alma Quickwater", "r2,T1,More time")
    assert kept(bench) == [("S1", "T1", "More time"), ("S1", "T1", "Thank [name]")]
    pseudonyms = bench.core("survey_response", "response_id")
    assert set(kept(bench, "response_id")) < set(pseudonyms)
    assert not {("r1",), ("r2",)} & set(pseudonyms)


def test_the_name_of_a_staff_record_that_was_turned_away_goes_too(landing: Path) -> None:
    assert kept(loaded(landing, "r1,T1,Otis was late"), "text") == [("[name] was late",)]


def test_ids_of_staff_go(landing: Path) -> None:
    bench = AnswerBench()
    bench.file("staff", "staff_id,last_name", "E7x,North")
    bench.file("survey", "survey_id,title,administered_date", "S1,Climate,2025-02-10")
    bench.file("survey_answer", "response_id,item_id,text", "r1,T1,ask e7X")
    attach(bench.connection, landing, "landed")
    bench.load()
    keep_open_answers(bench.connection, "b1")
    assert kept(bench, "text") == [("ask [contact]",)]


def test_only_answers_that_went_into_core_are_kept(landing: Path) -> None:
    # r9 is unknown; the two texts of r1 contradict each other; r2's stands twice; r3's is empty
    answers = ("r9,T1,Lost", "r1,T1,One", "r1,T1,Other", "r2,T1,Same", "r2,T1,Same", "r3,T1, ")
    bench = loaded(landing, *answers)
    assert kept(bench, "text") == [("Same",)]


def test_a_build_replaces_the_answers_of_the_build_before(landing: Path) -> None:
    loaded(landing, "r1,T1,Before").connection.close()
    bench = loaded(landing, "r1,T1,After", build_id="b2")
    assert kept(bench, "build_id, text") == [("b2", "After")]


def test_without_a_source_of_answers_those_of_the_build_before_go(landing: Path) -> None:
    loaded(landing, "r1,T1,Before").connection.close()
    bench = loaded(landing)
    with pytest.raises(duckdb.CatalogException):
        kept(bench)


def test_a_failure_half_way_leaves_the_answers_of_the_build_before(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(landing, "r1,T1,Before").connection.close()
    bench = loaded(landing, "r1,T1,One", "r2,T1,Two", keep=False)

    def killed(text: str, _known: object) -> str:
        if text == "Two":
            raise KeyboardInterrupt
        return text

    monkeypatch.setattr(open_answers, "_BATCH", 1)  # the first answer is written, the second is not
    monkeypatch.setattr(open_answers, "scrub", killed)
    with pytest.raises(KeyboardInterrupt):
        keep_open_answers(bench.connection, "b2")
    assert kept(bench, "build_id, text") == [("b1", "Before")]


def test_no_text_stands_in_the_published_database(landing: Path) -> None:
    bench = loaded(landing, "r1,T1,More time")
    columns = bench.connection.execute(
        "select column_name from duckdb_columns() where schema_name = 'core' and table_name = 'survey_answer'"
    ).fetchall()
    assert sorted(name for (name,) in columns) == ["item_id", "response_id", "value"]
