"""The columns of a model matrix: formulaic's own construction, with SQL in place of numbers.

Which terms there are, in which order, under which names and with which factors in reduced coding is
decided by formulaic, through the class that it has for other kinds of data.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from itertools import product
from typing import Any

from formulaic import Formula
from formulaic.errors import FormulaicError
from formulaic.materializers import FormulaMaterializer
from formulaic.materializers.types import FactorValues

from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.formulas.expression import Expression, combine
from transforms.estimation.formulas.factors import called_factor, plain_factor
from transforms.estimation.formulas.functions import SEVERAL_COLUMNS, first_argument, number
from transforms.estimation.formulas.rows import Rows
from transforms.estimation.formulas.splines import bs
from transforms.estimation.formulas.stateful import poly, with_literals
from transforms.estimation.formulas.syntax import Part, Syntax, first_line

NamedExpressions = list[tuple[str, Expression]]


def model_columns(rows: Rows, syntax: Syntax) -> tuple[NamedExpressions, NamedExpressions, bool]:
    """The columns of the left and of the right side, and whether there is an intercept, which is no column.

    Raises FormulaError.
    """
    values = {f"@{i}": _values(rows, part) for i, part in enumerate(syntax.parts)}
    labels = {f"@{i}": part.label for i, part in enumerate(syntax.parts)}
    materializer = _ExpressionMaterializer(rows, values, labels)
    formula = _read(syntax)
    try:
        matrices = materializer.get_model_matrix(formula, na_action="ignore")
    except FormulaicError as error:
        raise _said_by_formulaic(syntax, error) from error
    left, right = (list(side) for side in (matrices.lhs, matrices.rhs))
    columns = [(name, value) for name, value in right if isinstance(value, Expression)]
    return left, columns, len(columns) < len(right)


def _read(syntax: Syntax) -> Formula:
    try:
        return Formula(syntax.text)
    except FormulaicError as error:
        raise _said_by_formulaic(syntax, error) from error
    except (TypeError, SyntaxError, StopIteration, RecursionError) as error:
        # formulaic has no error of its own for `(x - x)/z`, `x**01`, `x**(z - z)` and very deep brackets.
        raise FormulaError(f"`{syntax.formula}`: cannot be read as terms; simplify it") from error


def _said_by_formulaic(syntax: Syntax, error: FormulaicError) -> FormulaError:
    return FormulaError(f"`{syntax.formula}`: {syntax.in_words(first_line(error))}")


def _values(rows: Rows, part: Part) -> FactorValues:
    """A part of the formula as formulaic's values: one number a row, several, or a factor."""
    label, code = part.label, part.code
    if code is None:
        if rows.is_text(label, label):
            return FactorValues(plain_factor(rows, label), kind="categorical", spans_intercept=True)
        return FactorValues(rows.number(label), kind="numerical")
    function = ast.unparse(code.func) if isinstance(code, ast.Call) else ""
    if not isinstance(code, ast.Call) or function not in SEVERAL_COLUMNS:
        return FactorValues(number(rows, label, code), kind="numerical")
    if function == "C":
        return FactorValues(called_factor(rows, label, code), kind="categorical", spans_intercept=True)
    x = number(rows, label, first_argument(label, code))
    if function == "bs":
        basis = with_literals(bs, rows, label, x, code)
        # With all of its columns a basis sums to 1; formulaic drops the first where there is an intercept.
        return FactorValues(basis, kind="numerical", spans_intercept=0 in basis, drop_field=0)
    return FactorValues(with_literals(poly, rows, label, x, code), kind="numerical")


class _ExpressionMaterializer(FormulaMaterializer):
    """formulaic's materializer with expressions as columns; ``labels`` are the names of the values."""

    REGISTER_OUTPUTS = ("expressions",)
    INTERFACE_EXPLICIT_OVERRIDES = False

    def __init__(self, rows: Rows, values: Mapping[str, FactorValues], labels: Mapping[str, str]) -> None:
        super().__init__(values)
        self.rows = rows
        self.labels = labels

    def _encode_constant(
        self, value: Any, metadata: Any, encoder_state: Any, spec: Any, drop_rows: Any
    ) -> Any:
        return value

    def _encode_numerical(
        self, values: Any, metadata: Any, encoder_state: Any, spec: Any, drop_rows: Any
    ) -> Any:
        return values

    def _encode_categorical(
        self,
        values: Any,
        metadata: Any,
        encoder_state: Any,
        spec: Any,
        drop_rows: Any,
        reduced_rank: bool = False,
    ) -> FactorValues:
        contrasts, levels = values.contrasts, values.levels
        return FactorValues(
            values.columns(self.rows, reduced_rank),
            kind="categorical",
            spans_intercept=not reduced_rank,
            format=contrasts.get_factor_format(levels, reduced_rank=reduced_rank),
        )

    def _flatten_encoded_evaled_factor(self, name: str, values: Any) -> dict[str, Expression]:
        # formulaic's own would leave out a level whose name begins with two underscores.
        label = self.labels[name]
        name_format = values.__formulaic_metadata__.get_format()
        if not isinstance(values, dict):
            return {label: values.__wrapped__}
        return {name_format.format(name=label, field=field): value for field, value in values.items()}

    def _get_columns_for_term(
        self, factors: list[dict[str, Expression]], spec: Any, scale: float = 1
    ) -> dict[str, Expression]:
        columns = {}
        for reverse in product(*(factor.items() for factor in reversed(factors))):
            names, values = zip(*reversed(reverse), strict=True)
            if scale != 1:
                values = (self.rows.bind(float(scale)), *values)
            places = " * ".join(f"{{{i}}}" for i in range(len(values)))
            columns[":".join(names)] = combine(f"({places})", *values)
        if len(columns) < math.prod(len(factor) for factor in factors):
            first = ":".join(next(iter(factor)) for factor in factors)
            raise FormulaError(f"`{first}`: two columns of this term have the same name")
        return columns

    def _combine_columns(self, cols: Any, spec: Any, drop_rows: Any) -> Any:
        return cols
