"""Formulas as people write them, compiled to SQL: the rows stay in the database.

formulaic reads the formula and decides which columns it has, under which names and in which coding;
what is in the columns is an expression over the relation, with every value as a bound parameter.
"""

from __future__ import annotations

import duckdb

from transforms.estimation.errors import EstimationError
from transforms.estimation.formulas.errors import FormulaError as FormulaError
from transforms.estimation.formulas.expression import Expression
from transforms.estimation.formulas.rows import rows_of
from transforms.estimation.sums.design import Column, Terms
from transforms.estimation.sums.relation import id_columns


def compile_formula(
    connection: duckdb.DuckDBPyConnection, relation: str, formula: str, *, weight: str | None = None
) -> Terms:
    """The columns of ``response ~ terms | absorbed`` over a relation.

    Names, order and values are those of ``formulaic.model_matrix`` on the same rows. Rows whose
    ``weight`` (a column) is not above 0 are left out of levels, means, deviations and quantiles; weights
    do not enter these. Factors are text, ENUM and what is in C(); their levels are those in the rows, at
    most 1,000. A null in a column of the relation gives null in each column made of it.
    With absorbed factors there is no intercept, and factors are coded as if there were one.

    ``relation`` is a name or "(SELECT ...)" of the project's own, put into queries as it is.
    Raises FormulaError, in one line that names the part of the formula, for what is not supported and
    where the rows do not allow it: unknown columns, a factor with one level, no rows.
    """
    # formulaic takes seconds to import, which only a run that has a formula should spend.
    from transforms.estimation.formulas.matrix import model_columns
    from transforms.estimation.formulas.syntax import read_formula

    syntax = read_formula(formula)
    rows = rows_of(connection, relation, weight)
    for factor in syntax.absorbed:
        for name in id_columns(factor, rows.types):
            rows.require(name, factor)
    responses, columns, has_intercept = model_columns(rows, syntax)
    if len(responses) != 1 or not isinstance(responses[0][1], Expression):
        raise FormulaError(
            f"`{formula}`: left of ~ stands one number a row, here are {len(responses)} columns"
        )
    named = [
        Column(name, expression.sql, expression.parameters) for name, expression in [*responses, *columns]
    ]
    try:
        return Terms(named[0], tuple(named[1:]), has_intercept and not syntax.absorbed, syntax.absorbed)
    except EstimationError as error:
        raise FormulaError(f"`{formula}`: {error}") from error
