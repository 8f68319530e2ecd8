from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError
from transforms.estimation.formulas.compiler import FormulaError, compile_formula
from transforms.estimation.sums.design import Terms

COLUMNS = (
    'y double, x double, school text, grade integer, novice boolean, "hours:coaching" double, weight double'
)
ROWS = [
    (1.0, 2.0, "b", 4, True, 10.0, 1.0),
    (2.0, 5.0, "a", 3, False, 20.0, 0.5),
    (4.0, 8.0, "b", 3, True, 40.0, 1.0),
    (8.0, 9.0, "c", 5, False, 80.0, 0.0),
]


def names(terms: Terms) -> list[str]:
    return [column.name for column in terms.columns]


def values(connection: duckdb.DuckDBPyConnection, terms: Terms, source: str = "frame") -> list[list[Any]]:
    """The columns of the right side in one query, so that two values under one placeholder would be seen."""
    parameters: dict[str, object] = {}
    for column in terms.columns:
        assert not {
            n for n in column.parameters if parameters.get(n, column.parameters[n]) != column.parameters[n]
        }
        parameters.update(column.parameters)
    selected = ", ".join(column.sql for column in terms.columns)
    rows = connection.execute(f"select {selected} from {source}", parameters).fetchall()
    return [list(column) for column in zip(*rows, strict=True)]


@cache
def unchanged() -> duckdb.DuckDBPyConnection:
    return frame(COLUMNS, ROWS)


def compiled(
    formula: str, rows: Sequence[tuple[object, ...]] | None = None
) -> tuple[list[str], list[list[Any]]]:
    connection = unchanged() if rows is None else frame(COLUMNS, rows)
    terms = compile_formula(connection, "frame", formula)
    return names(terms), values(connection, terms)


def one(formula: str, rows: Sequence[tuple[object, ...]] | None = None) -> list[Any]:
    _, (column,) = compiled(formula, rows)
    return column


def with_x(*xs: float | None) -> list[tuple[object, ...]]:
    return [(0.0, x, "b" if i else "a", 3, True, 1.0, 1.0) for i, x in enumerate(xs)]


def test_intercept_is_there_unless_taken_out_and_is_no_column() -> None:
    connection = frame(COLUMNS, ROWS)
    for formula, expected in {"y ~ x": True, "y ~ 0 + x": False, "y ~ x - 1": False, "y ~ 1": True}.items():
        terms = compile_formula(connection, "frame", formula)
        assert terms.has_intercept is expected
        assert names(terms) == ([] if formula == "y ~ 1" else ["x"])


def test_factor_is_reduced_with_an_intercept_and_full_without() -> None:
    assert compiled("y ~ school") == (["school[T.b]", "school[T.c]"], [[1, 0, 1, 0], [0, 0, 0, 1]])
    full, columns = compiled("y ~ 0 + school")
    assert full == ["school[a]", "school[b]", "school[c]"]
    assert columns[0] == [0, 1, 0, 0]


def test_integer_and_boolean_levels_are_named_as_they_are() -> None:
    assert compiled("y ~ C(grade) + C(novice)")[0] == ["C(grade)[T.4]", "C(grade)[T.5]", "C(novice)[T.True]"]


def test_boolean_column_is_a_number() -> None:
    assert one("y ~ novice") == [1.0, 0.0, 1.0, 0.0]


def test_base_of_the_contrasts_is_left_out() -> None:
    assert compiled('y ~ C(school, contr.treatment("c"))')[0] == [
        "C(school, contr.treatment('c'))[T.a]",
        "C(school, contr.treatment('c'))[T.b]",
    ]


def test_sum_contrasts_give_the_last_level_minus_one() -> None:
    _, (a, b) = compiled("y ~ C(school, contr.sum)")
    assert (a, b) == ([0, 1, 0, -1], [1, 0, 1, -1])


def test_enum_has_its_own_order_and_only_levels_of_the_rows() -> None:
    connection = frame(
        "y double, s enum('high', 'unused', 'low', 'mid')", [(1, "mid"), (2, "low"), (3, "high")]
    )
    assert names(compile_formula(connection, "frame", "y ~ 0 + s")) == ["s[high]", "s[low]", "s[mid]"]


def test_level_that_begins_with_underscores_is_a_level() -> None:
    # formulaic itself drops it
    connection = frame("y double, s text", [(1.0, "__b"), (2.0, "a"), (3.0, "__b")])
    terms = compile_formula(connection, "frame", "y ~ 0 + s")
    assert names(terms) == ["s[__b]", "s[a]"]
    assert values(connection, terms) == [[1, 0, 1], [0, 1, 0]]


def test_level_is_bound_and_not_sql() -> None:
    level = "x'; DROP TABLE frame; --"
    connection = frame("y double, s text", [(1.0, level), (2.0, "$f_1 {0}")])
    terms = compile_formula(connection, "frame", "y ~ s")
    assert names(terms) == [f"s[T.{level}]"]
    assert "DROP" not in terms.columns[0].sql
    assert values(connection, terms) == [[1, 0]]


def test_null_in_a_column_is_null_in_all_that_is_made_of_it() -> None:
    rows = [*ROWS, (1.0, None, None, None, None, None, 1.0)]
    formula = (
        "y ~ x + school + C(grade) + novice + school:x + np.maximum(x, 0) + np.minimum(x, 0) + I(x > 3)"
        " + I((x > 3) & (grade > 9)) + I((x > 3) | (grade < 9)) + np.where(x > 3, 1, 0) + C(x > 3)"
        " + I(school == 'a') + center(x) + bs(x, df=3) + poly(x, 2) + C(school, contr.sum)"
    )
    labels, columns = compiled(formula, rows)
    assert len(labels) == 24
    assert [label for label, column in zip(labels, columns, strict=True) if column[-1] is not None] == []
    assert all(value is not None for column in columns for value in column[:-1])


def test_null_is_not_settled_by_the_other_side() -> None:
    # in SQL null and false is false, and the greatest of null and 0 is 0
    for formula in (
        "y ~ I((x > 3) & (grade > 9))",
        "y ~ I((x > 3) | (grade < 9))",
        "y ~ np.maximum(x, 0)",
        "y ~ np.minimum(0, x)",
        "y ~ np.where(x > 3, 1, 0)",
    ):
        assert one(formula, with_x(1.0, None))[1] is None


def test_what_is_not_a_number_never_becomes_one() -> None:
    rows = with_x(float("nan"), 0.0, 4.0)
    assert one("y ~ I(x > 3)", rows) == [None, 0, 1]
    assert one("y ~ np.minimum(x, 1)", rows) == [None, 0, 1]
    assert one("y ~ log(x)", rows)[:2] == [None, None]  # the logarithm of 0 has no value
    assert one("y ~ np.sqrt(x - 1)", rows)[:2] == [None, None]
    assert one("y ~ I(1 / x)", rows) == [None, None, 0.25]
    assert one("y ~ I((x - 1)**0.5)", rows)[:2] == [None, None]


def test_row_of_weight_zero_has_no_part_in_levels_and_statistics() -> None:
    connection = frame(COLUMNS, ROWS)
    terms = compile_formula(connection, "frame", "y ~ school + center(x) + scale(x)", weight="weight")
    assert names(terms) == ["school[T.b]", "center(x)", "scale(x)"]
    school, centered, scaled = values(connection, terms, "frame where weight > 0")
    assert school == [1, 0, 1]
    assert centered == [-3, 0, 3]  # mean of 2, 5, 8; that one of them has weight .5 does not enter
    assert scaled == [-1, 0, 1]  # sd = sqrt((9 + 0 + 9) / 2)


def test_relation_may_be_a_query() -> None:
    connection = frame(COLUMNS, ROWS)
    terms = compile_formula(
        connection, "(SELECT * FROM frame WHERE grade < 5)", "y ~ school", weight="weight"
    )
    assert names(terms) == ["school[T.b]"]


def test_mean_keeps_its_digits_where_it_is_large() -> None:
    assert one("y ~ center(x)", with_x(1e9, 1e9 + 1, 1e9 + 2)) == [-1.0, 0.0, 1.0]


def test_logarithm_of_one_plus_x_keeps_the_digits_of_a_small_x() -> None:
    # x - x²/2, whose next term is 3e-31
    assert one("y ~ np.log1p(x)", with_x(1e-10, 1e-30, 0.0)) == [1e-10 - 5e-21, 1e-30, 0.0]


def test_knot_in_hours_bends_at_the_knot() -> None:
    assert one("y ~ np.maximum(x - 5, 0)") == [0.0, 0.0, 3.0, 4.0]


def test_conditions_are_joined_as_python_joins_them() -> None:
    assert one("y ~ I((x > 4) & ~novice)") == [0, 1, 0, 1]
    assert one("y ~ I((x > 8) | novice)") == [1, 0, 1, 1]
    assert one("y ~ I(school != 'b')") == [0, 1, 0, 1]


def test_linear_spline_is_a_roof_over_its_knot() -> None:
    # bounds 2 and 9, knot 5: up from 2 to 5, down to 9; then up from 5 to 9
    _, (roof, rise) = compiled("y ~ bs(x, knots=[5], degree=1)")
    assert roof == pytest.approx([0.0, 1.0, 1 / 4, 0.0], abs=1e-15)
    assert rise == pytest.approx([0.0, 0.0, 3 / 4, 1.0], abs=1e-15)


def test_polynomials_are_orthonormal_over_the_rows() -> None:
    _, (linear, square) = compiled("y ~ poly(x, 2)")
    assert sum(p * p for p in linear) == pytest.approx(1, abs=1e-14)
    assert sum(p * p for p in square) == pytest.approx(1, abs=1e-14)
    assert sum(p * q for p, q in zip(linear, square, strict=True)) == pytest.approx(0, abs=1e-14)
    assert linear[3] - linear[2] == pytest.approx(
        1 / math.sqrt(30)
    )  # x is 2, 5, 8, 9: squares 16 + 1 + 4 + 9


def test_backquoted_name_is_one_column() -> None:
    labels, columns = compiled("y ~ `hours:coaching` + log10(`hours:coaching`)")
    assert labels == ["hours:coaching", "log10(`hours:coaching`)"]
    assert columns[0] == [10.0, 20.0, 40.0, 80.0]


def test_spaces_make_no_other_term() -> None:
    assert compiled("y ~ I(x**2) + I( x ** 2 ) + {x} + x")[0] == ["I(x ** 2)", "x"]


def test_number_before_a_colon_scales_a_term() -> None:
    assert one("y ~ 3:x") == [6.0, 15.0, 24.0, 27.0]


def test_response_may_be_a_function() -> None:
    connection = frame(COLUMNS, ROWS)
    response = compile_formula(connection, "frame", "np.log2(y) ~ x").response
    assert response.name == "np.log2(y)"
    rows = connection.execute(f"select {response.sql} from frame", response.parameters).fetchall()
    assert rows == [(0.0,), (1.0,), (2.0,), (3.0,)]


@pytest.mark.parametrize("sign", ["^", ":"])
def test_interaction_of_columns_is_one_absorbed_factor(sign: str) -> None:
    formula = f"y ~ x | school{sign}grade + school"
    assert compile_formula(frame(COLUMNS, ROWS), "frame", formula).absorbed == ("school^grade", "school")


def test_absorbed_factors_take_the_place_of_the_intercept() -> None:
    connection = frame(COLUMNS, ROWS)
    for formula in ("y ~ x + school | grade + novice", "y ~ 0 + x + school | grade + novice"):
        terms = compile_formula(connection, "frame", formula)
        assert (terms.has_intercept, terms.absorbed) == (False, ("grade", "novice"))
        assert names(terms) == ["x", "school[T.b]", "school[T.c]"]


def test_absorbed_factor_may_have_any_type_and_any_number_of_levels() -> None:
    connection = frame("y double, x double, day date", [(1.0, 1.0, "2026-01-01"), (2.0, 3.0, "2026-01-02")])
    assert compile_formula(connection, "frame", "y ~ x | day").absorbed == ("day",)


def test_more_than_a_thousand_levels_are_to_be_absorbed() -> None:
    connection = frame(COLUMNS, ROWS)
    connection.execute(
        "create table long as select i::double as y, i::varchar as teacher from range(1001) t(i)"
    )
    with pytest.raises(FormulaError, match=r"`teacher`: more than 1,000 levels; .* `\| teacher`"):
        compile_formula(connection, "long", "y ~ teacher")
    connection.execute("delete from long where y = 7")
    assert len(compile_formula(connection, "long", "y ~ teacher").columns) == 999


def test_factor_with_one_level_is_refused() -> None:
    with pytest.raises(
        FormulaError, match="`school`: a factor needs two levels or more, there is one level, 'b'"
    ):
        compiled("y ~ school", [ROWS[0]])
    with pytest.raises(FormulaError, match=r"`school`: .* no values"):
        compiled("y ~ school", [(1.0, 1.0, None, 3, True, 1.0, 1.0)])


def test_no_rows_are_refused() -> None:
    connection = frame(COLUMNS, ROWS)
    with pytest.raises(FormulaError, match=r"^no rows$"):
        compile_formula(connection, "(SELECT * FROM frame WHERE y > 9)", "y ~ x")
    with pytest.raises(FormulaError, match="no rows with a weight above 0"):
        compile_formula(connection, "(SELECT * FROM frame WHERE weight = 0)", "y ~ x", weight="weight")


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("y ~ scool", "there is no column `scool`; did you mean `school`?"),
        ("y ~ log(weigth)", "`log(weigth)`: there is no column `weigth`; did you mean `weight`?"),
        ("y ~ x | teacher", "there is no column `teacher`"),
        ("y ~ x +", "`y ~ x +`: Operator `+`"),
        ("y ~ x school", "Missing operator between `x` and `school`"),
        ("y ~ (x", "Could not find matching"),
        ("y ~ (x - x)/x", "`y ~ (x - x)/x`: cannot be read as terms"),
        ("y ~ x**(x - x)", "cannot be read as terms"),
        ("y ~ 01:x", "`01`"),
        ("y ~ x**01", "cannot be read as terms"),
        ("y ~ (x]", "`]` is not supported"),
        ("y ~ .", "`.` is not supported; name the columns"),
        ("y ~ `x", "`y ~ `x`: Formula ended"),
        ("y ~ I(x +)", "`I(x +)`: not a valid expression"),
        ("y", "a formula is `response ~ terms`"),
        ("~ x", "a formula is `response ~ terms`"),
        ("y ~ x ~ school", "`~` stands once"),
        ("y ~ x | school | grade", "`|` may stand once"),
        ("y ~ x + (1 | school)", "`|` may stand once, after all terms and outside brackets"),
        ("y ~ x | C(school)", "after the bar stand names"),
        ("y ~ x |", "after the bar stand names"),
        ("y + x ~ grade", "left of ~ stands one number a row, here are 2 columns"),
        ("school ~ x", "left of ~ stands one number a row, here are 3 columns"),
        ("y ~ x + y", "`y ~ x + y`: two columns of one name: y"),
        ("y ~ np.tanh(x)", "`np.tanh(x)`: the function np.tanh is not supported; supported are abs, bs, C,"),
        ("y ~ lag(x)", "`lag(x)`: the function lag is not supported"),
        ("y ~ cr(x, df=4)", "`cr(x, df=4)`: the function cr is not supported"),
        ("y ~ x.mean()", "the function x.mean is not supported"),
        ("y ~ I(x[0])", "`x[0]` is not supported"),
        ("y ~ I(lambda: x)", "is not supported"),
        ("y ~ I(0 < x < 9)", "one comparison at a time"),
        ("y ~ I(x // 2)", "use + - * / **"),
        ("y ~ I(novice + novice)", "two conditions are joined by & or |"),
        ("y ~ I(-novice)", "- and + stand before numbers"),
        ("y ~ I(school)", "text where a number is needed"),
        ("y ~ I(school > 'a')", "text by == != with text"),
        ("y ~ log(x, 2)", "log takes 1 argument without names"),
        ("y ~ np.where(x, 1, 0)", "the first argument of np.where has to be a condition"),
        ("y ~ I(bs(x, df=4))", "bs() gives several columns"),
        ("y ~ I(1" + "0" * 400 + " * x)", "a number is too large"),
        ("y ~ " + "np.log1p(" * 12 + "x" + ")" * 12, "functions are nested too deeply"),
        ("y ~ C()", "the first argument of C has to be a column"),
        ("y ~ C(x + 1)", "C takes a column or a condition"),
        ("y ~ C(school, levels=['a'])", "C takes a column and contrasts"),
        ("y ~ C(school, contr.treatment('z'))", "Value `'z'`"),
        ("y ~ C(school, contr.treatment('z'))", "The levels are 'a', 'b', 'c'."),
        ("y ~ C(school, contr.custom)", "contrasts contr.custom are not supported"),
        ("y ~ C(school, contr.sum(3))", "contr.sum: "),
        ("y ~ scale(x, 'a')", "center has to be a number, it is 'a'"),
        ("y ~ scale(x, by=school)", "behind the column stand numbers"),
        ("y ~ scale(I(x * 0))", "the column is constant"),
        ("y ~ bs(x)(x)", "the function bs(x) is not supported"),
        ("y ~ bs(x, df=2)", "df has to be a whole number from 3 to 1000, it is 2"),
        ("y ~ bs(x, df=5, knots=[3])", "give df or knots, not both"),
        ("y ~ bs(x, knots=3)", "knots has to be a list of numbers"),
        ("y ~ bs(x, knots=[5, 3])", "knots have to ascend between 2 and 9"),
        ("y ~ bs(x, upper_bound=8)", "values from 2 to 9 go beyond the bounds 2 and 8"),
        ("y ~ bs(x, extrapolation='clip')", "got an unexpected keyword argument 'extrapolation'"),
        ("y ~ bs(x, degree=0)", "degree has to be a whole number from 1 to 10, it is 0"),
        ("y ~ bs(I(x * 0))", "the column is constant"),
        ("y ~ scale(x, ddof=4)", "ddof has to be a whole number from 0 to 3, it is 4"),
        ("y ~ poly(x, 11)", "degree has to be a whole number from 1 to 10, it is 11"),
        ("y ~ scale(x, 1" + "0" * 400 + ")", "center has to be a number"),
        ("y ~ poly(x, 4)", "4 distinct values give polynomials below degree 4"),
        ("y ~ center(log(x - 99))", "`center(log(x - 99))`: has no values"),
    ],
)
def test_refusal_names_the_part_in_one_line(formula: str, message: str) -> None:
    with pytest.raises(FormulaError) as refused:
        compiled(formula)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert isinstance(refused.value, EstimationError)


def test_refusal_of_a_formula_over_two_lines_is_one_line() -> None:
    with pytest.raises(FormulaError, match=r"^`y ~ x \+ \+`: .*$"):
        compiled("y ~ x +\n +")


def test_column_that_is_no_number_is_refused_where_it_is_used() -> None:
    connection = frame("y double, day date", [(1.0, "2026-01-01")])
    with pytest.raises(FormulaError, match=r"`C\(day\)`: column `day` is a date, not a number"):
        compile_formula(connection, "frame", "y ~ C(day)")


def test_weight_of_text_is_refused() -> None:
    with pytest.raises(FormulaError, match="`school`: the weight has to be a number"):
        compile_formula(frame(COLUMNS, ROWS), "frame", "y ~ x", weight="school")


def test_two_columns_of_one_name_are_refused() -> None:
    connection = frame('y double, a double, b double, "a:b" double', [(1.0, 2.0, 3.0, 4.0)])
    with pytest.raises(FormulaError, match="two columns of one name: a:b"):
        compile_formula(connection, "frame", "y ~ a:b + `a:b`")
    levels = [(1.0, "u", "v]:b[w"), (2.0, "u]:b[v", "w")]
    with pytest.raises(FormulaError, match="two columns of this term have the same name"):
        compile_formula(frame("y double, a text, b text", levels), "frame", "y ~ 0 + a:b")


@pytest.mark.parametrize(
    "formula", ["{code}(x) ~ x", "y ~ {code}(x)", "y ~ I({code}(x))", "y ~ bs(x, {code}(x))"]
)
def test_nothing_of_the_formula_is_run(formula: str, tmp_path: Path) -> None:
    # formulaic itself evaluates what is called, on the left side even when it only reads a formula
    marker = tmp_path / "marker"
    with pytest.raises(FormulaError):
        compiled(formula.format(code=f"open({str(marker)!r}, 'w')"))
    assert not marker.exists()


def test_import_leaves_formulaic_for_the_first_formula() -> None:
    code = "import sys, transforms.estimation.formulas.compiler; sys.exit('formulaic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
