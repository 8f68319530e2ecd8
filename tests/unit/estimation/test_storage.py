from __future__ import annotations

import datetime
import json
import random
import re
import stat
import uuid
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.estimation.frames import frame
from transforms.estimation.errors import CorruptSumsError, EstimationError
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import ALL_ROWS, Design
from transforms.estimation.sums.storage import load_cross_products, save_cross_products
from transforms.estimation.sums.summation import cross_products

COLUMNS = "school text, teacher text, weight double, x double, y double"
ROWS = [
    ("a", "t1", 1.0, 1.0, 2.0),
    ("a", "t1", 0.5, 2.0, 3.0),
    ("a", "t2", 1.0, 4.0, 5.0),
    ("a", "t2", 1.0, 3.0, 1.0),
    ("b", "t1", 1.0, 8.0, 1.0),
    ("b", "t1", 1.0, 6.0, 0.0),
]
GUIDE = Path(__file__).parents[3] / "docs" / "reference" / "cross-products-file.md"


def example(**options: Any) -> CrossProducts:
    design = Design.of_columns("y", ["x"], ["teacher", "school"], weight="weight", **options)
    return cross_products(frame(COLUMNS, ROWS), "frame", design)


def assert_same(first: CrossProducts, second: CrossProducts) -> None:
    for name in (field.name for field in fields(CrossProducts)):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), strict=True)
    assert [ids.dtype for ids in first.ids] == [ids.dtype for ids in second.ids]


def write_sealed(table: pa.Table, path: Path, version: int = 1) -> None:
    """As docs/reference/cross-products-file.md says: SHA-256 of the file with 64 zeros in its place."""
    seal = f"pdeval cross-products, version {version}, sha256 "
    buffer = BytesIO()
    with pq.ParquetWriter(buffer, table.schema, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({**(table.schema.metadata or {}), b"seal": seal + "0" * 64})
    content = buffer.getvalue()
    digest = sha256(content).hexdigest()
    path.write_bytes(content.replace((seal + "0" * 64).encode(), (seal + digest).encode()))


def test_sums_come_back_number_for_number(tmp_path: Path) -> None:
    sums = example()
    save_cross_products(sums, tmp_path / "sums.parquet")
    assert_same(load_cross_products(tmp_path / "sums.parquet"), sums)


@pytest.mark.parametrize(
    "change",
    [
        lambda sums: sums.split_by_cluster(["x"]),
        lambda sums: sums.centred(["x"]),
        lambda sums: sums.select([]),
        lambda sums: sums.grouped_by(["school"]),
        lambda sums: sums + sums,
    ],
    ids=["split", "centred", "no columns", "fewer levels", "added"],
)
def test_changed_sums_come_back_number_for_number(
    change: Callable[[CrossProducts], CrossProducts], tmp_path: Path
) -> None:
    sums = change(example())
    save_cross_products(sums, tmp_path / "sums.parquet")
    assert_same(load_cross_products(tmp_path / "sums.parquet"), sums)


def test_products_by_an_inner_level_precision_weights_and_no_intercept_come_back(tmp_path: Path) -> None:
    design = Design.of_columns(
        "y", ["x"], ["teacher", "school"], weight="weight", cluster="teacher", weight_kind="precision"
    )
    design = replace(design, terms=replace(design.terms, has_intercept=False))
    sums = cross_products(frame(COLUMNS, ROWS), "frame", design)
    save_cross_products(sums, tmp_path / "sums.parquet")
    assert_same(load_cross_products(tmp_path / "sums.parquet"), sums)


def test_products_of_all_rows_in_one_come_back(tmp_path: Path) -> None:
    sums = example()
    given = sums.grouped_by(sums.group_names, ALL_ROWS)
    save_cross_products(given, tmp_path / "sums.parquet")
    assert_same(load_cross_products(tmp_path / "sums.parquet"), given)


@pytest.mark.parametrize(
    "id_sql",
    [
        "'Müller, \"A\"' || i",
        "i::tinyint",
        "i::integer - 2",
        "(i + 18446744073709551600)::ubigint",
        "i = 1",
        "date '1999-12-31' + i::integer",
        "timestamp '2024-02-29 23:59:59.999999' + interval (i) second",
        "make_timestamp_ns(1700000000123456789 + i)",
        "(i / 4)::decimal(9, 2)",
        "('00000000-0000-0000-0000-00000000000' || i)::uuid",
    ],
)
def test_ids_keep_their_type(id_sql: str, tmp_path: Path) -> None:
    connection = duckdb.connect()
    connection.execute(
        f"create table rows as select {id_sql} as school, j::double as x, (i * j % 3)::double as y"
        " from range(4) a(i), range(5) b(j)"
    )
    sums = cross_products(connection, "rows", Design.of_columns("y", ["x"], ["school"]))
    save_cross_products(sums, tmp_path / "sums.parquet")
    assert_same(load_cross_products(tmp_path / "sums.parquet"), sums)


@pytest.mark.parametrize(
    "ids",
    [
        [Decimal("0.5"), Decimal("1.25"), Decimal("20")],
        [datetime.date(2024, 2, 28 + day) for day in range(2)] + [datetime.date(2024, 3, 1)],
        [datetime.datetime(2024, 2, 28, hour, 30) for hour in range(3)],
        [uuid.UUID(int=number) for number in range(3)],
    ],
    ids=["decimal", "date", "timestamp", "uuid"],
)
def test_ids_that_are_python_values_keep_their_type(ids: list[object], tmp_path: Path) -> None:
    sums = example()
    array = np.empty(3, dtype=object)
    array[:] = ids
    save_cross_products(replace(sums, ids=(array, sums.ids[1])), tmp_path / "sums.parquet")
    loaded = load_cross_products(tmp_path / "sums.parquet").ids[0].tolist()
    assert loaded == ids
    assert [type(value) for value in loaded] == [type(value) for value in ids]


def test_ids_of_no_kind_that_can_be_stored_are_named(tmp_path: Path) -> None:
    sums = example()
    ids = np.array(["t1", 2, None], dtype=object)
    with pytest.raises(EstimationError, match="teacher cannot group rows: its ids are NoneType and int"):
        save_cross_products(replace(sums, ids=(ids, sums.ids[1])), tmp_path / "sums.parquet")
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_can_read_the_file_and_no_other_is_left(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    path.write_text("older")
    path.chmod(0o644)
    save_cross_products(example(), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_older_file_stays_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_cross_products(example(cluster="teacher"), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_sums_that_contradict_themselves_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(CorruptSumsError, match="6 rows, not 7"):
        save_cross_products(replace(example(), n_rows=7), tmp_path / "sums.parquet")
    assert list(tmp_path.iterdir()) == []


def test_flipped_bit_anywhere_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    content = path.read_bytes()
    chance = random.Random(20)
    for _ in range(200):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(CorruptSumsError, match=re.escape(str(path))):
            load_cross_products(path)


def test_file_that_is_cut_off_or_longer_is_caught(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    content = path.read_bytes()
    for length in (*range(0, len(content), 101), len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(CorruptSumsError, match=r"no seal|checksum differs"):
            load_cross_products(path)
    path.write_bytes(content + b"\0")
    with pytest.raises(CorruptSumsError, match="checksum differs"):
        load_cross_products(path)


def test_other_files_are_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not sums")
    with pytest.raises(CorruptSumsError, match=r"notes\.txt: no seal: the file is not one of cross-products"):
        load_cross_products(path)
    pq.write_table(pa.table({"kind": ["cell"]}), path)
    with pytest.raises(CorruptSumsError, match="no seal"):
        load_cross_products(path)
    with pytest.raises(FileNotFoundError):
        load_cross_products(tmp_path / "missing.parquet")


def test_unknown_version_says_which_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    write_sealed(pq.read_table(path), path, version=2)
    with pytest.raises(CorruptSumsError, match="version 2 of the format is unknown; versions read: 1"):
        load_cross_products(path)


def test_file_written_anew_as_the_guide_says_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    write_sealed(pq.read_table(path), path)
    assert_same(load_cross_products(path), example())


def numbers(records: list[dict[str, Any]]) -> Iterator[tuple[int, str, int | None]]:
    """Where each number of the file stands: record, column, and position where it is a list."""
    for i, record in enumerate(records):
        for name in ("shift", "mean", "n_rows"):
            if record[name] is not None:
                yield i, name, None
        for name in ("sums", "products"):
            yield from ((i, name, j) for j in range(len(record[name] or ())))


def test_any_one_changed_number_is_caught_though_the_checksum_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    table = pq.read_table(path)
    places = list(numbers(table.to_pylist()))
    # 3 columns x 2; total 1 + 3 + 9; 2 clusters x (1 + 9); 3 cells x (1 + 3)
    assert len(places) == 6 + 13 + 20 + 12
    for i, name, j in places:
        records = table.to_pylist()
        if j is None:
            step = 1 if name == "n_rows" else 1e-6
            records[i][name] += step
        else:
            records[i][name][j] += 1e-6 * max(abs(records[i][name][j]), 1.0)
        write_sealed(pa.Table.from_pylist(records, table.schema), path)
        with pytest.raises(CorruptSumsError, match=re.escape(str(path))):
            load_cross_products(path)


def of_kind(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [record for record in records if record["kind"] == kind]


def change_both_triangles(records: list[dict[str, Any]]) -> None:
    matrix = of_kind(records, "cluster")[0]["products"]
    matrix[5] += 0.01  # row x, column y
    matrix[7] += 0.01


def change_two_counts(records: list[dict[str, Any]]) -> None:
    first, _, last = of_kind(records, "cell")
    first["n_rows"] -= 1
    last["n_rows"] += 1


CHANGES: list[tuple[str, Callable[[list[dict[str, Any]]], object], str]] = [
    ("a product in both triangles", change_both_triangles, "products do not add up to the total"),
    (
        "a square that is larger",
        lambda r: of_kind(r, "cluster")[0]["products"].__setitem__(4, 1000.0),
        "products do not add up to the total",
    ),
    ("two counts", change_two_counts, "rows of the clusters are not those of their cells"),
    ("a shift", lambda r: r[1].update(shift=r[1]["shift"] + 1.0), "means do not add up"),
    ("a cluster's id", lambda r: of_kind(r, "cluster")[0].update(group_school="c"), "school differs between"),
    ("a cell's outer id", lambda r: of_kind(r, "cell")[1].update(group_school="b"), "differ in cluster 0"),
    ("a cell's own id", lambda r: of_kind(r, "cell")[1].update(group_teacher="t1"), "teacher stands twice"),
    ("a cell left out", lambda r: r.remove(of_kind(r, "cell")[1]), "4 rows, not 6"),
    ("a cell twice", lambda r: r.append(of_kind(r, "cell")[2]), "8 rows, not 6"),
    ("a cluster left out", lambda r: r.remove(of_kind(r, "cluster")[1]), "of 1 clusters, but cells are of 2"),
    ("no total", lambda r: r.remove(of_kind(r, "total")[0]), "its rows are not those of columns, one total"),
    ("another kind", lambda r: r.append({**r[0], "kind": "note"}), "its rows are not those of"),
    ("a column left out", lambda r: r.remove(r[1]), "lists of other than 2 numbers"),
    ("a number left out", lambda r: of_kind(r, "cell")[0]["sums"].pop(), "sums has lists of other than 3"),
    (
        "an empty number",
        lambda r: of_kind(r, "cell")[0].update(n_rows=None),
        "n_rows is missing in some",
    ),
    ("not a number", lambda r: of_kind(r, "total")[0]["sums"].__setitem__(1, None), "sums do not add up"),
    ("an infinite number", lambda r: of_kind(r, "cell")[0]["sums"].__setitem__(1, np.inf), "not finite"),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CHANGES], ids=[c[0] for c in CHANGES])
def test_changed_content_is_named_though_the_checksum_is_made_anew(
    change: Callable[[list[dict[str, Any]]], object], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    table = pq.read_table(path)
    records = table.to_pylist()
    change(records)
    write_sealed(pa.Table.from_pylist(records, table.schema), path)
    with pytest.raises(CorruptSumsError, match=message) as caught:
        load_cross_products(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("column", ["kind", "shift", "n_rows", "products", "group_teacher"])
def test_missing_column_is_named(column: str, tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    write_sealed(pq.read_table(path).drop_columns([column]), path)
    with pytest.raises(CorruptSumsError, match=f"the columns {column} are missing"):
        load_cross_products(path)


@pytest.mark.parametrize(
    ("column", "other"), [("shift", pa.float32()), ("n_rows", pa.float64()), ("sums", pa.list_(pa.float32()))]
)
def test_column_of_another_type_is_named(column: str, other: pa.DataType, tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    table = pq.read_table(path)
    at = table.column_names.index(column)
    write_sealed(table.set_column(at, column, table[column].cast(other)), path)
    with pytest.raises(CorruptSumsError, match=f"the column {column} is "):
        load_cross_products(path)


def test_design_that_says_too_little_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sums.parquet"
    save_cross_products(example(), path)
    table = pq.read_table(path)
    design = json.loads(table.schema.metadata[b"design"])
    del design["weight_name"]
    write_sealed(table.replace_schema_metadata({"design": json.dumps(design)}), path)
    with pytest.raises(CorruptSumsError, match="its design does not say weight_name"):
        load_cross_products(path)


def queries() -> list[str]:
    return re.findall(r"```sql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_queries_of_the_guide_give_what_they_say(tmp_path: Path) -> None:
    save_cross_products(example(), tmp_path / "sums.parquet")
    found = [
        duckdb.execute(query.replace("sums.parquet", str(tmp_path / "sums.parquet"))).fetchall()
        for query in queries()
    ]
    columns, means, squares, rows, metadata = found
    # weighted means: x = (1 + .5 x 2 + 4 + 3 + 8 + 6) / 5.5, y = (2 + .5 x 3 + 5 + 1 + 1 + 0) / 5.5
    assert [(name, mean) for name, _, mean in columns] == [
        ("intercept", 1.0),
        ("x", pytest.approx(23 / 5.5)),
        ("y", pytest.approx(10.5 / 5.5)),
    ]
    # teacher t1 of a: (2 + .5 x 3) / 1.5; t2 of a: (5 + 1) / 2; t1 of b: (1 + 0) / 2
    assert means == [
        ("a", "t1", 2, pytest.approx(3.5 / 1.5)),
        ("a", "t2", 2, pytest.approx(3.0)),
        ("b", "t1", 2, pytest.approx(0.5)),
    ]
    shift = columns[1][1]
    in_b = ((8 - shift) ** 2 + (6 - shift) ** 2) / 2
    assert squares[1] == ("b", pytest.approx(in_b))
    assert sorted(rows) == [("cell", 6), ("cluster", 6), ("total", 6)]
    assert [key for key, _ in metadata] == ["design", "seal"]


def test_every_column_of_the_file_is_in_the_guide(tmp_path: Path) -> None:
    save_cross_products(example(), tmp_path / "sums.parquet")
    names = {re.sub("^group_.*", "group_…", name) for name in pq.read_schema(tmp_path / "sums.parquet").names}
    table = GUIDE.read_text(encoding="utf-8").split("## Columns")[1].split("##")[0]
    assert names == set(re.findall(r"^\| `([^`]+)` \|", table, flags=re.MULTILINE))
