"""Which rows of ids are the same group: positions, order and joint groups of several tables of ids."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.estimation.errors import EstimationError

IntArray = NDArray[np.int64]

_KINDS = {"U": "text", "b": "boolean", "i": "integer", "u": "integer", "f": "number", "M": "date or time"}
_OBJECTS = {"str": "text", "UUID": "uuid", "Decimal": "decimal", "date": "date", "datetime": "date or time"}


def id_kind(ids: NDArray[Any], name: str) -> str:
    """What the ids of the level ``name`` are: text, boolean, integer, number, decimal, uuid, date or time.

    Raises EstimationError where they are of several kinds, or of one that has no order.
    """
    if ids.dtype != object:
        found, kinds = {str(ids.dtype)}, {_KINDS.get(ids.dtype.kind)}
    else:
        found = {kind.__name__ for kind in set(map(type, ids.tolist()))}
        kinds = {_OBJECTS.get(kind) for kind in found}
    kind = kinds.pop()
    if kinds or kind is None:
        raise EstimationError(f"{name} cannot group rows: its ids are {' and '.join(sorted(found))}")
    return kind


def group_codes(ids: Sequence[NDArray[Any]]) -> IntArray:
    """Position of each row's group, the rows being in order."""
    is_new = np.zeros(len(ids[0]), dtype=bool)
    for array in ids:
        is_new[1:] |= array[1:] != array[:-1]
    return np.cumsum(is_new)


def run_starts(ordered: IntArray) -> NDArray[np.intp]:
    """Where each run of equal codes begins."""
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))


def joint_groups(
    parts: Sequence[Sequence[NDArray[Any]]], names: Sequence[str]
) -> tuple[tuple[NDArray[Any], ...], list[IntArray]]:
    """The groups of all parts together, and the position in them of each row of each part.

    A part is one array of ids per level (innermost first, levels ``names``). Groups stand in the order of
    their outer ids. Raises EstimationError where a level's ids are of different kinds in two parts.
    """
    joined = [_concatenated([part[k] for part in parts], name) for k, name in enumerate(names)]
    ranks = [_ranks(array) for array in joined]
    order = np.lexsort(ranks)
    codes = group_codes([rank[order] for rank in ranks])
    firsts = order[run_starts(codes)]
    by_row = np.empty_like(codes)
    by_row[order] = codes
    ends = np.cumsum([len(part[0]) for part in parts])[:-1]
    return tuple(array[firsts] for array in joined), np.split(by_row, ends)


def summed_by_group(
    parts: Sequence[NDArray[Any]], codes: Sequence[IntArray], n_groups: int | None = None
) -> NDArray[Any]:
    """Sum over the rows of all parts by group (groups, ...), given the group of each row of each part.

    There are as many groups as the codes reach, or ``n_groups`` where the last may have no rows.
    """
    if n_groups is None:
        n_groups = max(int(code.max()) for code in codes) + 1
    shape = parts[0].shape[1:]
    total = np.zeros((n_groups, *shape), dtype=parts[0].dtype)
    for part, code in zip(parts, codes, strict=True):
        row = np.arange(len(code))
        indicator = csr_array((np.ones(len(code), part.dtype), (code, row)), shape=(n_groups, len(code)))
        total += (indicator @ part.reshape(len(part), prod(shape))).reshape(total.shape)
    return total


def _concatenated(arrays: Sequence[NDArray[Any]], name: str) -> NDArray[Any]:
    kinds = [id_kind(array, name) for array in arrays]
    if len(set(kinds)) > 1:
        raise EstimationError(f"{name} is {' in one of the sums and '.join(kinds)} in the other")
    if kinds[0] == "text":
        return np.concatenate([array.astype(object) for array in arrays])
    if kinds[0] == "integer" and np.result_type(*arrays).kind == "f":
        # NumPy's common type of signed and unsigned 64 bits is a float, which merges large ids.
        if max(int(array.max()) for array in arrays) > np.iinfo(np.int64).max:
            raise EstimationError(f"{name} has ids above 2^63 in one of the sums, signed ids in the other")
        return np.concatenate([array.astype(np.int64) for array in arrays])
    return np.concatenate(arrays)


def _ranks(ids: NDArray[Any]) -> IntArray:
    """Position of each id among the sorted different ids."""
    if ids.dtype != object:
        return np.unique(ids, return_inverse=True)[1]
    # Python's sort merges the ordered runs that ids come in; NumPy's sort of objects does not.
    values = ids.tolist()
    position = {value: i for i, value in enumerate(sorted(dict.fromkeys(values)))}
    return np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))
