"""Open answers on their way into the restricted file: which ones, without which names, and never twice."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.loading.loader import Bench
from transforms.loading import open_answers
from transforms.loading.core import load_core_table, load_order
from transforms.loading.open_answers import collect_open_answers, keep_open_answers
from transforms.warehouse import attach

SURVEYS = ("survey_id,title,administered_date", "S1,Climate,2025-02-10")
ITEMS = ("survey_id,item_id,wording,response_type", "S1,T1,What helps?,text")
STAFF = ("staff_id,first_name,last_name,email", "t1,Alma,Quickwater,a.q@rb.org", ",Otis,Kestrel,")


def loaded(landing: Path, *answers: str, build_id: str = "b1", has_answers: bool = True) -> Bench:
    """Load surveys and ``answers`` (response, item, text), keep the open ones in ``landing``."""
    bench = Bench()
    bench.file("staff", *STAFF)
    bench.file("survey", *SURVEYS)
    bench.file("survey_item", *ITEMS)
    bench.file("survey_response", "response_id,survey_id", "r1,S1", "r2,S1", "r3,S1")
    if has_answers:
        bench.file("survey_answer", "response_id,item_id,text", *answers)
    attach(bench.connection, landing, "landed")
    load_and_collect(bench)
    keep_open_answers(bench.connection, build_id)
    return bench


def load_and_collect(bench: Bench) -> None:
    """Load as a build does: texts are set aside right after their entity, with others still to come."""
    bench.tables = {name: table for name, table in bench.tables.items() if name != "survey_answer"}
    answers = [pair for pair in bench.files if pair[0].entity == "survey_answer"]
    everything, bench.files = bench.files, [pair for pair in bench.files if pair not in answers]
    bench.load()
    if not answers:
        return
    bench.__post_init__ = lambda: None  # type: ignore[method-assign]
    from expectations.contract import PD_TYPES
    from expectations.entities import entities_with_types
    from transforms.loading.staging import load_relation

    table = entities_with_types(PD_TYPES)["survey_answer"]
    for number, (source, relation) in enumerate(answers, start=len(bench.files) + 1):
        load_relation(bench.connection, table, source, relation, source_number=number, file_number=number)
    sourced = frozenset(str(source.entity) for source, _ in everything)
    load_core_table(bench.connection, table, sourced=sourced, latest_sources=[], key=b"k" * 32)
    collect_open_answers(bench.connection)
