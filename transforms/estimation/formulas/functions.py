"""Python expressions of a formula as SQL, from an allow-list of syntax and functions; nothing is evaluated.

Where numpy would give something that is not a number (the logarithm of -1, a division by zero), the SQL
gives null, so that the row is refused when it is summed.
"""

from __future__ import annotations

import ast

from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.formulas.expression import Expression, combine
from transforms.estimation.formulas.rows import Rows
from transforms.estimation.formulas.stateful import STATISTICAL, with_literals

_POWER = "nullif(pow({0}, {1}), CAST('NaN' AS DOUBLE))"
_ARITHMETIC = {
    ast.Add: "({0} + {1})",
    ast.Sub: "({0} - {1})",
    ast.Mult: "({0} * {1})",
    ast.Div: "({0} / nullif({1}, 0))",
    ast.Pow: _POWER,
}
# A condition is 1 or 0: as numbers, unlike in SQL's own logic, null and false is null.
_LOGIC = {ast.BitAnd: "({0} * {1})", ast.BitOr: "({0} + {1} - {0} * {1})"}
_COMPARISONS = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
# Arguments and SQL. greatest() and least() would overlook a null.
_FUNCTIONS = {
    "I": (1, "{0}"),
    "abs": (1, "abs({0})"),
    "exp": (1, "exp({0})"),
    "log": (1, "ln(CASE WHEN {0} > 0 THEN {0} END)"),
    # ln(1 + x) loses the digits of a small x; the quotient gives back what the sum lost (Kahan).
    "log1p": (
        1,
        "(CASE WHEN 1 + {0} = 1 THEN {0}"
        " ELSE ln(CASE WHEN 1 + {0} > 0 THEN 1 + {0} END) * ({0} / ((1 + {0}) - 1)) END)",
    ),
    "log2": (1, "log2(CASE WHEN {0} > 0 THEN {0} END)"),
    "log10": (1, "log10(CASE WHEN {0} > 0 THEN {0} END)"),
    "maximum": (2, "(CASE WHEN {0} >= {1} THEN {0} WHEN {0} < {1} THEN {1} END)"),
    "minimum": (2, "(CASE WHEN {0} <= {1} THEN {0} WHEN {0} > {1} THEN {1} END)"),
    "power": (2, _POWER),
    "sqrt": (1, "sqrt(CASE WHEN {0} >= 0 THEN {0} END)"),
    "where": (3, "(CASE WHEN {0} = 1 THEN {1} WHEN {0} = 0 THEN {2} END)"),
}
SEVERAL_COLUMNS = ("C", "bs", "poly")


def number(rows: Rows, part: str, code: ast.expr) -> Expression:
    """An expression with a number a row; ``part`` is the label that errors name. Raises FormulaError."""
    result = _compile(rows, part, code)
    if result.kind == "text":
        raise FormulaError(f"`{part}`: `{ast.unparse(code)}` is text where a number is needed")
    return result


def first_argument(part: str, call: ast.Call) -> ast.expr:
    """The column or expression that a function is called with."""
    if not call.args:
        raise FormulaError(f"`{part}`: the first argument of {ast.unparse(call.func)} has to be a column")
    return call.args[0]


def _compile(rows: Rows, part: str, code: ast.expr) -> Expression:
    match code:
        case ast.Name(id=name):
            return rows.operand(name.strip("`"), part)
        case ast.Constant(value=bool() | int() | float() as value):
            return rows.bind(_as_float(part, value))
        case ast.Constant(value=str() as value):
            return rows.bind(value)
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(part, op, _compile(rows, part, operand))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(part, op, number(rows, part, left), number(rows, part, right))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(part, op, _compile(rows, part, left), _compile(rows, part, right))
        case ast.Call():
            return _call(rows, part, code)
    raise FormulaError(
        f"`{part}`: `{ast.unparse(code)}` is not supported; "
        "use columns, numbers, + - * / **, one comparison at a time, & | ~, and functions"
    )


def _as_float(part: str, value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise FormulaError(f"`{part}`: a number is too large") from error


def _unary(part: str, op: ast.unaryop, operand: Expression) -> Expression:
    if isinstance(op, ast.Invert) and operand.kind == "condition":
        return combine("(1 - {0})", operand, kind="condition")
    if isinstance(op, ast.USub | ast.UAdd) and operand.kind == "number":
        return combine("(-{0})" if isinstance(op, ast.USub) else "{0}", operand)
    raise FormulaError(f"`{part}`: - and + stand before numbers, ~ before conditions, `not` nowhere")


def _binary(part: str, op: ast.operator, left: Expression, right: Expression) -> Expression:
    both_conditions = left.kind == right.kind == "condition"
    if type(op) in _LOGIC and both_conditions:
        return combine(_LOGIC[type(op)], left, right, kind="condition")
    if type(op) not in _ARITHMETIC:
        raise FormulaError(
            f"`{part}`: use + - * / ** between numbers, & and | between conditions in brackets"
        )
    if both_conditions and not isinstance(op, ast.Mult):
        # numpy adds True and True to True, R to 2.
        raise FormulaError(f"`{part}`: two conditions are joined by & or |; for a count multiply each by 1")
    return combine(_ARITHMETIC[type(op)], left, right, kind=left.kind if both_conditions else "number")


def _comparison(part: str, op: ast.cmpop, left: Expression, right: Expression) -> Expression:
    texts = (left.kind, right.kind).count("text")
    if type(op) not in _COMPARISONS or texts == 1 or (texts == 2 and not isinstance(op, ast.Eq | ast.NotEq)):
        raise FormulaError(
            f"`{part}`: numbers compare by == != < <= > >= with numbers, text by == != with text"
        )
    return combine(f"CAST(({{0}} {_COMPARISONS[type(op)]} {{1}}) AS DOUBLE)", left, right, kind="condition")


def _call(rows: Rows, part: str, call: ast.Call) -> Expression:
    name = ast.unparse(call.func)
    if name in STATISTICAL:
        return with_literals(
            STATISTICAL[name], rows, part, number(rows, part, first_argument(part, call)), call
        )
    if name in SEVERAL_COLUMNS:
        raise FormulaError(f"`{part}`: {name}() gives several columns, so it has to be a term of its own")
    count, template = _FUNCTIONS.get(name.removeprefix("np."), (0, ""))
    if not template:
        supported = ", ".join(sorted([*_FUNCTIONS, *STATISTICAL, *SEVERAL_COLUMNS], key=str.lower))
        raise FormulaError(f"`{part}`: the function {name} is not supported; supported are {supported}")
    if call.keywords or len(call.args) != count:
        raise FormulaError(f"`{part}`: {name} takes {count} argument{'s' if count > 1 else ''} without names")
    arguments = [number(rows, part, argument) for argument in call.args]
    if template is _FUNCTIONS["where"][1] and arguments[0].kind != "condition":
        raise FormulaError(f"`{part}`: the first argument of {name} has to be a condition")
    return combine(template, *arguments, kind=arguments[0].kind if name == "I" else "number")
