"""Errors that name nobody: they go to terminals, mail, records, logs and the database of Prefect."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from transforms.errors import PdevalError

# Libraries quote the value that they could not take: a record's.
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")


def make_discreet(error: BaseException, landing: Path, report_year: int) -> None:
    """Take persons out of the message of ``error`` and of those behind it, in place.

    Errors of ours keep the rest of their line; those of libraries lose what they quote. Who is known is
    read from the restricted file as it stands.
    """
    from transforms.loading.persons_in_labels import persons_in_landing, without_persons

    persons = persons_in_landing(landing, report_year)
    for each in _chain(error):
        is_ours = isinstance(each, (PdevalError, OSError))
        each.args = tuple(
            without_persons(part if is_ours else _QUOTED.sub("'…'", part), persons)
            if isinstance(part, str)
            else part
            for part in each.args
        )
        if isinstance(each, OSError) and isinstance(each.filename, (str, os.PathLike)):
            each.filename = without_persons(os.fspath(each.filename), persons)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from _chain(member)
        error = error.__cause__ or error.__context__
