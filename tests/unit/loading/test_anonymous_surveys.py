"""Anonymous surveys: nobody can join a response to a member of staff, whatever the files carry."""

from __future__ import annotations

import pytest

from tests.unit.loading.loader import KEY, Bench
from transforms.loading.pseudonyms import pseudonym

SURVEYS = "survey_id,title,administered_date,is_anonymous"
RESPONSES = "response_id,survey_id,staff_id"


def bench_with(*responses: str, surveys: tuple[str, ...] = (), **source: object) -> Bench:
    bench = Bench()
    bench.file("staff", "staff_id", "tom", "uma")
    if surveys:
        bench.file("survey", SURVEYS, *surveys)
    bench.file("survey_response", RESPONSES, *responses, **source)
    bench.file("survey_answer", "response_id,item_id,value", *(f"{r.split(',')[0]},q1,4" for r in responses))
    bench.load()
    return bench


@pytest.mark.parametrize(("said", "is_kept"), [("false", True), ("true", False), ("", False)])
def test_staff_id_stays_only_where_the_survey_says_that_it_is_not_anonymous(said: str, is_kept: bool) -> None:
    bench = bench_with("r1,s,tom", surveys=(f"s,Climate,2025-02-10,{said}",))
    kept = pseudonym(KEY, "staff", "tom") if is_kept else None
    assert bench.core("survey_response", "staff_id") == [(kept,)]
    assert bench.rejected("survey_response") == ([] if is_kept else [(2, "anonymous_staff_id", "staff_id")])
    assert bench.counts("survey_response") == [(1, 0, 0, 0)]


def test_without_a_survey_source_no_staff_id_stays() -> None:
    bench = bench_with("r1,s,tom")
    assert bench.core("survey_response", "survey_id", "staff_id") == [("s", None)]


def test_only_the_anonymous_survey_of_two_loses_its_staff_ids() -> None:
    bench = bench_with(
        "r1,open,tom", "r2,hidden,tom", "r3,hidden,",
        surveys=("open,Feedback,2025-02-10,false", "hidden,Climate,2025-02-10,true"),
    )  # fmt: skip
    rows = bench.core("survey_response", "survey_id", "staff_id is not null")
    assert rows == [("hidden", False), ("hidden", False), ("open", True)]
    # r3 had none to lose
    assert bench.rejected("survey_response") == [(3, "anonymous_staff_id", "staff_id")]


def test_an_anonymous_response_of_unknown_staff_is_loaded_and_tells_nothing_of_them() -> None:
    bench = bench_with("r1,s,stranger", surveys=("s,Climate,2025-02-10,true",))
    assert len(bench.core("survey_response", "response_id")) == 1
    assert [rule for _, rule, _ in bench.rejected("survey_response")] == ["anonymous_staff_id"]


def test_two_exports_that_disagree_on_who_gave_an_anonymous_response_do_not_show_it() -> None:
    bench = Bench()
    bench.file("staff", "staff_id", "tom", "uma")
    bench.file("survey", SURVEYS, "s,Climate,2025-02-10,true")
    bench.file("survey_response", RESPONSES, "r1,s,tom")
    bench.file("survey_response", RESPONSES, "r1,s,uma")
    bench.load()
    assert {rule for _, rule, _ in bench.rejected("survey_response")} == {"anonymous_staff_id"}


def test_no_column_of_core_joins_an_anonymous_response_to_staff() -> None:
    # the hardest case: the export used the staff id as the id of the response
    bench = bench_with("tom,s,tom", "uma,s,uma", surveys=("s,Climate,2025-02-10,true",))
    staff = {value for (value,) in bench.core("staff", "staff_id")} | {"tom", "uma"}
    assert len(staff) == 4
    for entity in ("survey_response", "survey_answer"):
        columns = [column.name for column in bench.tables[entity].published_columns]
        for row in bench.core(entity, *columns):
            assert staff.isdisjoint(str(value) for value in row)
