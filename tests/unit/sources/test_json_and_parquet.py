"""JSON, JSON Lines and Parquet: keys and columns become headers, values text."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.sources import json_files

OBJECTS = '{"id": "S1", "score": 2025.0, "tags": ["a", 1.5]}', '{"id": "S2", "new": true, "score": null}'
ROWS = [("S1", "2025", '["a", 1.5]', None), ("S2", None, None, "true")]


def test_json_lines_have_the_union_of_keys_and_keep_nested_values_as_json(desk) -> None:
    landed = desk.land("a.jsonl", "\n\n".join(OBJECTS))
    assert landed.headers == ("id", "score", "tags", "new")
    assert desk.rows(landed) == [(1, *ROWS[0]), (3, *ROWS[1])]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_an_array_of_objects_is_read_in_pieces_of_any_size(
    desk, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(json_files, "CHUNK_BYTES", chunk)
    landed = desk.land("a.json", f"[\n{OBJECTS[0]},\n\n{OBJECTS[1]}\n]\n")
    assert desk.rows(landed) == [(2, *ROWS[0]), (4, *ROWS[1])]


@pytest.mark.parametrize("line", ["{broken", "[1]", "12", '{"id": NaN}', '{"id": "\\ud800"}', "[" * 100_000])
def test_a_broken_line_is_turned_away_alone(desk, line: str) -> None:
    landed = desk.land("a.jsonl", f'{{"id": "S1"}}\n{line}\n{{"id": "S3"}}')
    assert landed.rows == 3
    assert desk.rows(landed) == [(1, "S1"), (3, "S3")]
    assert desk.rejected(landed) == [(2, "json", line)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"id": "S1"},\n{"id": ', "a.json:2: is no valid JSON"),
        ('[{"id": "S1"}\n{"id": "S2"}]', "a.json:2: is no valid JSON"),
        ('[{"id": "S1"}]\nmore', "a.json:2: is no valid JSON"),
        ('{"id": "S1"}', "a.json:1: must be one JSON array"),
        ("[]", "has no JSON objects"),
        ("", "is empty"),
    ],
)
def test_a_broken_array_is_one_line_with_its_place(desk, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        desk.land("a.json", content)


KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1), min_size=1, max_size=5))
def test_an_array_and_lines_of_the_same_objects_are_the_same_rows(desk, objects: list[dict]) -> None:
    texts = [json_files.json.dumps(item) for item in objects]
    by_line, by_array = (
        desk.land("a.jsonl", "\n".join(texts)),
        desk.land("a.json", "[" + ",\n".join(texts) + "]"),
    )
    assert by_line.headers == by_array.headers
    assert desk.rows(by_line) == desk.rows(by_array)


def test_parquet_values_become_text(desk) -> None:
    values = "('S1', 2025::double, 12.5, date '2025-04-05', [1, 2]), ('S2', null, 1e20, null, null)"
    relation = duckdb.sql(f"select * from (values {values}) as t (id, year, score, day, list)")
    relation.write_parquet(str(desk.folder / "a.parquet"))
    landed = desk.land("a.parquet")
    assert landed.headers == ("id", "year", "score", "day", "list")
    assert desk.rows(landed) == [
        (1, "S1", "2025", "12.5", "2025-04-05", "[1,2]"),
        (2, "S2", None, "1e+20", None, None),
    ]
