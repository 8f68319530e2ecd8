"""Cross-products as an Arrow table, with totals to check them by, and back."""

from __future__ import annotations

import json
from math import fsum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.estimation.errors import CorruptSumsError
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray
from transforms.estimation.sums.grouping import run_starts

# Fields of CrossProducts that are one value for all rows: with the types of the ids they are the "design".
_DESIGN = ("group_names", "cluster_name", "weight_name", "weight_kind", "has_intercept", "is_split")
_TYPES = {
    "kind": pa.string(),
    "column": pa.string(),
    "definition": pa.string(),
    "shift": pa.float64(),
    "mean": pa.float64(),
    "n_rows": pa.int64(),
    "sums": pa.list_(pa.float64()),
    "products": pa.list_(pa.float64()),
}


def to_table(sums: CrossProducts) -> pa.Table:
    """One row per column, one of totals, one per cluster, one per cell, told apart by ``kind``."""
    starts = run_starts(sums.clusters)
    level = sums.level(sums.cluster_name)
    ids = {_group(name): _id_array(array) for name, array in zip(sums.group_names, sums.ids, strict=True)}
    products = exact_total(sums.products)
    columns = {
        "column": pa.array(sums.names),
        "definition": pa.array([sums.definitions.get(name) for name in sums.names], pa.string()),
        "shift": pa.array(sums.shifts),
        "mean": pa.array(_means(sums.shifts, products)),
    }
    totals = {
        "n_rows": pa.array([sums.n_rows]),
        "sums": _lists(exact_total(sums.sums)[None]),
        "products": _lists(products[None]),
    }
    clusters = {
        **{_group(name): ids[_group(name)].take(pa.array(starts)) for name in sums.group_names[level:]},
        "n_rows": pa.array(np.add.reduceat(sums.counts, starts)),
        "products": _lists(sums.products),
    }
    cells = {**ids, "n_rows": pa.array(sums.counts), "sums": _lists(sums.sums)}
    kinds = {"column": columns, "total": totals, "cluster": clusters, "cell": cells}
    parts = [
        pa.table({"kind": pa.repeat(kind, len(part["n_rows" if "n_rows" in part else "column"])), **part})
        for kind, part in kinds.items()
    ]
    design = {name: getattr(sums, name) for name in _DESIGN}
    design["id_types"] = [str(array.dtype) for array in sums.ids]
    table = pa.concat_tables(parts, promote_options="default").select(
        ["kind", "column", "definition", "shift", "mean", *ids, "n_rows", "sums", "products"]
    )
    return table.replace_schema_metadata({"design": json.dumps(design)})


def from_table(table: pa.Table) -> CrossProducts:
    """The sums in a table of ``to_table``. Raises CorruptSumsError where it is not one or does not add up."""
    design = _design(table)
    columns, totals, clusters, cells = (
        table.filter(pc.equal(table["kind"], kind)) for kind in ("column", "total", "cluster", "cell")
    )
    if sum(map(len, (columns, totals, clusters, cells))) != len(table) or len(totals) != 1:
        raise CorruptSumsError("its rows are not those of columns, one total, clusters and cells")
    names, q = columns["column"].to_pylist(), len(columns)
    definitions = zip(names, columns["definition"].to_pylist(), strict=True)
    sums = CrossProducts(
        names=tuple(names),
        n_rows=totals["n_rows"][0].as_py(),
        ids=tuple(
            _ids(cells, name, dtype)
            for name, dtype in zip(design["group_names"], design["id_types"], strict=True)
        ),
        counts=_numbers(cells, "n_rows"),
        shifts=_numbers(columns, "shift"),
        sums=_matrices(cells, "sums", (q,)),
        products=_matrices(clusters, "products", (q, q)),
        definitions={name: definition for name, definition in definitions if definition is not None},
        **{name: design[name] for name in _DESIGN},
    )
    sums.verify()
    _check_total("sums", _matrices(totals, "sums", (q,))[0], exact_total(sums.sums))
    products = exact_total(sums.products)
    _check_total("products", _matrices(totals, "products", (q, q))[0], products)
    _check_total("means", _numbers(columns, "mean"), _means(sums.shifts, products))
    _check_clusters(sums, clusters)
    return sums


def exact_total(numbers: FloatArray) -> FloatArray:
    """Sum over the first axis, rounded once: any order of adding gives the same, so it can be compared."""
    flat = numbers.reshape(len(numbers), -1)
    return np.array([fsum(column) for column in flat.T.tolist()]).reshape(numbers.shape[1:])


def _means(shifts: FloatArray, products: FloatArray) -> FloatArray:
    return shifts + products[0] / products[0, 0]


def _design(table: pa.Table) -> dict[str, Any]:
    design: dict[str, Any] = json.loads((table.schema.metadata or {}).get(b"design", b"{}"))
    missing = [name for name in (*_DESIGN, "id_types") if name not in design]
    if missing:
        raise CorruptSumsError(f"its design does not say {', '.join(missing)}")
    design["group_names"] = tuple(design["group_names"])
    wanted = [*_TYPES, *map(_group, design["group_names"])]
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        raise CorruptSumsError(f"the columns {', '.join(missing)} are missing")
    for name, kind in _TYPES.items():
        found = table.schema.field(name).type
        # Parquet changes the name of a list's element, and nothing else.
        is_list = pa.types.is_list(kind) and pa.types.is_list(found)
        if found != kind and not (is_list and found.value_type == kind.value_type):
            raise CorruptSumsError(f"the column {name} is {found}, not {kind}")
    return design


def _check_total(what: str, stored: FloatArray, found: FloatArray) -> None:
    if not np.array_equal(stored, found):
        raise CorruptSumsError(f"the {what} do not add up to the total")


def _check_clusters(sums: CrossProducts, clusters: pa.Table) -> None:
    """The clusters' own ids and rows must be those of their cells."""
    starts = run_starts(sums.clusters)
    if not np.array_equal(_numbers(clusters, "n_rows"), np.add.reduceat(sums.counts, starts)):
        raise CorruptSumsError("the rows of the clusters are not those of their cells")
    for k in range(sums.level(sums.cluster_name), len(sums.group_names)):
        name = sums.group_names[k]
        if not np.array_equal(_ids(clusters, name, str(sums.ids[k].dtype)), sums.ids[k][starts]):
            raise CorruptSumsError(f"{name} differs between the clusters and their cells")


def _group(level: str) -> str:
    return f"group_{level}"


def _id_array(ids: NDArray[Any]) -> pa.Array:
    return pa.array(ids.tolist() if ids.dtype.kind in "OU" else ids)


def _ids(rows: pa.Table, level: str, dtype: str) -> NDArray[Any]:
    column = _complete(rows, _group(level))
    if dtype == "object" or dtype.startswith("<U"):
        found = np.empty(len(rows), dtype=object)
        found[:] = column.to_pylist()
        return found
    return column.to_numpy().astype(dtype)


def _lists(numbers: FloatArray) -> pa.ListArray:
    """One list of doubles for each element of the first axis."""
    flat = np.ascontiguousarray(numbers).reshape(len(numbers), -1)
    offsets = np.arange(len(flat) + 1, dtype=np.int32) * np.int32(flat.shape[1])
    return pa.ListArray.from_arrays(offsets, flat.ravel())


def _numbers(rows: pa.Table, name: str) -> NDArray[Any]:
    return _complete(rows, name).to_numpy()


def _matrices(rows: pa.Table, name: str, shape: tuple[int, ...]) -> FloatArray:
    lists = _complete(rows, name)
    size = int(np.prod(shape))
    if not pc.all(pc.equal(pc.list_value_length(lists), size)).as_py():
        raise CorruptSumsError(f"{name} has lists of other than {size} numbers")
    return pc.list_flatten(lists).to_numpy().reshape(len(rows), *shape)


def _complete(rows: pa.Table, name: str) -> pa.ChunkedArray:
    if not len(rows) or rows[name].null_count:
        raise CorruptSumsError(f"{name} is missing in some rows")
    return rows[name]
