"""The text of a formula: its two sides, what stands after the bar, and the parts that they are made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from formulaic.errors import FormulaParsingError
from formulaic.parser.algos.tokenize import tokenize
from formulaic.parser.types import Token

from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.sums.design import INTERACTION

# A string or a backquoted name; a backquote inside a string opens no name.
_QUOTED = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`([^`]*)`""")
_REFUSED = {
    ".": "name the columns",
    "[": "group terms by round brackets",
    "]": "group terms by round brackets",
}


@dataclass(frozen=True)
class Part:
    """A column's name, or a Python expression over columns. ``label`` is its name in the model matrix."""

    label: str
    code: ast.expr | None = None


@dataclass(frozen=True)
class Syntax:
    """``text`` is the formula with `@0`, `@1`, ... in place of ``parts``; the bar and what follows it are
    ``absorbed``. What the user wrote as Python is never in ``text``: formulaic would evaluate it."""

    formula: str
    text: str
    parts: tuple[Part, ...]
    absorbed: tuple[str, ...]

    def in_words(self, text: str) -> str:
        """A text about ``text`` as one about the formula."""
        return re.sub(r"`@(\d+)`", lambda match: f"`{self.parts[int(match[1])].label}`", text)


def read_formula(formula: str) -> Syntax:
    """Take a formula ``response ~ terms`` or ``response ~ terms | absorbed`` apart.

    With absorbed factors the terms are put in brackets behind a 1, so that factors are coded as with
    an intercept even where the formula takes it out. Raises FormulaError.
    """
    terms, bar = _cut(formula, "|", "may stand once, after all terms and outside brackets")
    response, right = _cut(terms, "~", "stands once: response ~ terms")
    if right is None or not response.strip() or not right.strip():
        raise FormulaError(f"`{formula}`: a formula is `response ~ terms`, here a side of it is missing")
    parts: list[Part] = []
    left, right = (_with_placeholders(side, parts) for side in (response, right))
    text = f"{left} ~ {right}" if bar is None else f"{left} ~ 1 + ({right})"
    return Syntax(formula, text, tuple(parts), () if bar is None else _plain_names(bar))


def _tokens(text: str) -> Sequence[Token]:
    try:
        return list(tokenize(text))
    except FormulaParsingError as error:
        raise FormulaError(f"`{text.strip()}`: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What an error of formulaic says, without the drawing below it."""
    return str(error).partition("\n")[0]


def _cut(text: str, mark: str, rule: str) -> tuple[str, str | None]:
    """The text before and after an operator that may stand once, outside brackets."""
    depth, found = 0, []
    for token in _tokens(text):
        if token.kind is Token.Kind.CONTEXT:
            depth += {"(": 1, ")": -1}.get(token.token, 0)
        elif token.kind is Token.Kind.OPERATOR:
            start = token.source_start or 0
            found += [(start + i, depth) for i, sign in enumerate(token.token) if sign == mark]
    if len(found) > 1 or any(depth for _, depth in found):
        raise FormulaError(f"`{text.strip()}`: `{mark}` {rule}")
    if not found:
        return text, None
    return text[: found[0][0]], text[found[0][0] + 1 :]


def _with_placeholders(side: str, parts: list[Part]) -> str:
    words = []
    for token in _tokens(side):
        if token.token in _REFUSED:
            raise FormulaError(f"`{side.strip()}`: `{token.token}` is not supported; {_REFUSED[token.token]}")
        if token.kind in (Token.Kind.NAME, Token.Kind.PYTHON):
            part = read_code(token.token) if token.kind is Token.Kind.PYTHON else Part(token.token)
            words.append(f"`@{_position(part, parts)}`")
        elif token.kind is Token.Kind.OPERATOR and token.token.isalpha():
            words.append(f"%{token.token}%")
        else:
            words.append(token.token)
    return " ".join(words)


def _position(part: Part, parts: list[Part]) -> int:
    """Where a part stands among those seen, at their end if it is new."""
    for i, seen in enumerate(parts):
        if seen.label == part.label and (seen.code is None) == (part.code is None):
            return i
    parts.append(part)
    return len(parts) - 1


def read_code(text: str) -> Part:
    """A Python expression, unevaluated. Its label is formulaic's: the expression with spaces as Python
    itself would set them; names that were backquoted still are."""
    prefix = "backquoted_"
    while prefix in text:
        prefix += "_"
    names: list[str] = []

    def plain(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        names.append(match[1])
        return f" {prefix}{len(names) - 1} "

    try:
        code = ast.parse(_QUOTED.sub(plain, text).strip(), mode="eval").body
        for node in ast.walk(code):
            if isinstance(node, ast.Name) and node.id.startswith(prefix):
                node.id = f"`{names[int(node.id.removeprefix(prefix))]}`"
        label = ast.unparse(code).replace("\n", " ")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"`{text}`: not a valid expression") from error
    if isinstance(code, ast.Name):
        return Part(code.id.strip("`"))
    return Part(label, code)


def _plain_names(bar: str) -> tuple[str, ...]:
    """The factors after the bar: columns, and interactions of columns (``grade^year``), joined by +."""
    tokens = _tokens(bar)
    names, signs = tokens[::2], tokens[1::2]
    plain = all(token.kind is Token.Kind.NAME for token in names) and all(
        sign in ("+", "^", ":") for sign in signs
    )
    if not names or not plain or len(names) != len(signs) + 1:
        raise FormulaError(
            f"`| {bar.strip()}`: after the bar stand names of columns, joined by ^ within a factor and by +"
            " between factors"
        )
    factors = [[names[0].token]]
    for sign, name in zip(signs, names[1:], strict=True):
        if sign == "+":
            factors.append([])
        factors[-1].append(name.token)
    return tuple(dict.fromkeys(INTERACTION.join(factor) for factor in factors))
