"""The queries of docs/queries.md as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_QUERY = re.compile(
    r"^### (\d+)\. (.*?)\n(.*?)```sql\n(.*?)```\n+(.*?)(?=\n\n|\Z)", flags=re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Query:
    """A question in the evaluator's words, the SQL, and what the answer looks like."""

    number: int
    question: str
    sql: str
    answer: str


def _read(text: str) -> tuple[Query, ...]:
    return tuple(
        Query(int(number), question, sql, answer) for number, question, _, sql, answer in _QUERY.findall(text)
    )


QUERIES = _read((Path(__file__).parents[2] / "docs/queries.md").read_text(encoding="utf-8"))
