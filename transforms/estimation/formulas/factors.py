"""Factors: the levels of a column and their contrasts, which are formulaic's own coding matrices."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import numpy as np
from formulaic.transforms import contrasts as coding
from formulaic.transforms.contrasts import Contrasts

from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.formulas.expression import Expression, combine
from transforms.estimation.formulas.functions import first_argument, number
from transforms.estimation.formulas.rows import Rows

_CONTRASTS = {
    "contr.treatment": coding.TreatmentContrasts,
    "contr.SAS": coding.SASContrasts,
    "contr.sum": coding.SumContrasts,
    "contr.helmert": coding.HelmertContrasts,
    "contr.diff": coding.DiffContrasts,
    "contr.poly": coding.PolyContrasts,
    # patsy's names
    "Treatment": lambda reference=coding.UNSET: coding.TreatmentContrasts(base=reference),
    "Sum": coding.SumContrasts,
    "Helmert": coding.HelmertContrasts,
    "Diff": coding.DiffContrasts,
    "Poly": coding.PolyContrasts,
}


@dataclass(frozen=True)
class Factor:
    """``indicators`` are 1 in the rows of a level, 0 in all others and null where the column is null."""

    levels: list[object]
    indicators: list[Expression]
    contrasts: Contrasts

    def columns(self, rows: Rows, reduced: bool) -> dict[object, Expression]:
        """The columns by field: sums of the indicators weighted by the contrasts."""
        matrix = self.contrasts.get_coding_matrix(self.levels, reduced_rank=reduced)
        names = self.contrasts.get_coding_column_names(self.levels, reduced_rank=reduced)
        values = matrix.to_numpy(dtype=np.float64)
        return {name: self._weighted(rows, values[:, j]) for j, name in enumerate(names)}

    def _weighted(self, rows: Rows, weights: np.ndarray) -> Expression:
        terms = [
            self.indicators[i]
            if weights[i] == 1.0
            else combine("({0} * {1})", rows.bind(float(weights[i])), self.indicators[i])
            for i in np.flatnonzero(weights)
        ]
        return combine("(" + " + ".join(f"{{{i}}}" for i in range(len(terms))) + ")", *terms)


def plain_factor(rows: Rows, part: str) -> Factor:
    """A column of text as it is: treatment contrasts against the first level."""
    operand, levels = rows.levels(part, part)
    return _factor(rows, part, operand, levels, coding.TreatmentContrasts())


def called_factor(rows: Rows, part: str, call: ast.Call) -> Factor:
    """C(column), C(column, contrasts) or C(condition). Raises FormulaError."""
    column = first_argument(part, call)
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    given = [*call.args[1:], *([named.pop("contrasts")] if "contrasts" in named else [])]
    if named or len(given) > 1:
        raise FormulaError(f"`{part}`: C takes a column and contrasts, nothing else")
    contrasts = _contrasts(part, given[0]) if given else coding.TreatmentContrasts()
    if isinstance(column, ast.Name):
        operand, levels = rows.levels(column.id.strip("`"), part)
    else:
        condition = number(rows, part, column)
        if condition.kind != "condition":
            raise FormulaError(
                f"`{part}`: C takes a column or a condition; make a column of the expression first"
            )
        operand = combine("CAST({0} AS BOOLEAN)", condition)
        levels = rows.distinct(operand, part, part)
    return _factor(rows, part, operand, levels, contrasts)


def _factor(rows: Rows, part: str, operand: Expression, levels: list[object], contrasts: Contrasts) -> Factor:
    if len(levels) < 2:
        found = f"one level, {levels[0]!r}" if levels else "no values"
        raise FormulaError(f"`{part}`: a factor needs two levels or more, there is {found}")
    try:
        contrasts.get_coding_matrix(levels)
    except (ValueError, TypeError) as error:
        shown = ", ".join(repr(level) for level in levels[:10]) + (", ..." if len(levels) > 10 else "")
        raise FormulaError(f"`{part}`: {error} The levels are {shown}.") from error
    indicators = [combine("CAST(({0} = {1}) AS DOUBLE)", operand, rows.bind(level)) for level in levels]
    # Other rows, summed by the same columns, may have a level that these have not: it must not count as the
    # one that a coding leaves out. Every coding uses the first level's indicator or the last one's.
    known = rows.bind(levels)
    for k in (0, -1):
        indicators[k] = combine(
            "CASE WHEN list_contains({1}, {0}) THEN {2} END", operand, known, indicators[k]
        )
    return Factor(levels, indicators, contrasts)


def _contrasts(part: str, code: ast.expr) -> Contrasts:
    call = code if isinstance(code, ast.Call) else ast.Call(func=code, args=[], keywords=[])
    name = ast.unparse(call.func)
    if name not in _CONTRASTS:
        raise FormulaError(
            f"`{part}`: contrasts {name} are not supported; supported are {', '.join(_CONTRASTS)}"
        )
    try:
        arguments = [ast.literal_eval(argument) for argument in call.args]
        named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
        return _CONTRASTS[name](*arguments, **named)
    except (ValueError, TypeError) as error:
        raise FormulaError(f"`{part}`: {name}: {error}") from error
