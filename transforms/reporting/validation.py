"""The page of data checks."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.numerals import count, counted
from transforms.reporting.rows import Validation, failed
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.tables import DataTable, make_table


def validation_page(study_name: str, year: str, results: Sequence[Validation]) -> SectionPage:
    """Every rule of the gate, what failed first; ``year`` is what the page is of."""
    return SectionPage(
        title=say("Data checks"),
        study_name=study_name,
        year=year,
        sentences=(checks_sentence(results), _consequence(results)),
        sections=_sections(results),
    )


def _sections(results: Sequence[Validation]) -> tuple[Section, ...]:
    """What did not pass, then every checked table that has rows or a failure."""
    not_passed = failed(results, "critical") + failed(results, "warning")
    first = Section("failed", say("What did not pass"), open_tables=(failed_checks_table(not_passed),))
    every = Section(
        "checks",
        say("Every check, table by table"),
        open_tables=_tables(results),
        note=_empty_sentence(results),
    )
    return (first, every) if not_passed else (every,)


def checks_sentence(results: Sequence[Validation]) -> str:
    """How many rules of the gate held."""
    if not results:
        return say("No data check was run.")
    n_failed = sum(result.status != "passed" for result in results)
    if not n_failed:
        return say("All {n_data_checks} passed.", n_data_checks=counted(len(results), "data check"))
    return say(
        "{n_failed:,} of {n_data_checks} did not pass.",
        n_failed=n_failed,
        n_data_checks=counted(len(results), "data check"),
    )


def _consequence(results: Sequence[Validation]) -> str:
    errors = [result for result in results if result.status == "error"]
    if errors:
        return say(
            "A check could not be carried out: a fault of the program, and the build is not published."
        )
    if failed(results, "critical"):
        return say(
            "A critical check failed, so this build is not published; the last published build stands."
        )
    if failed(results, "warning"):
        return say("Only warnings failed: the build is published, and the page of comparisons says so.")
    return say("Nothing stands against publishing this build.")


def _tables(results: Sequence[Validation]) -> tuple[DataTable, ...]:
    return tuple(
        _checks_table(of_table, f"{terms.plain(name.split('.')[1])} ({name})")
        for name, of_table in _by_table(results).items()
        if not _is_without_rows(of_table)
    )


def _empty_sentence(results: Sequence[Validation]) -> str:
    """The tables that passed because there is nothing in them."""
    names = [name for name, of_table in _by_table(results).items() if _is_without_rows(of_table)]
    return (
        say("Nothing to check, as no source fills them: {listed}.", listed=", ".join(names)) if names else ""
    )


def _is_without_rows(of_table: Sequence[Validation]) -> bool:
    return all(result.n_rows == 0 and result.status == "passed" for result in of_table)


def _by_table(results: Sequence[Validation]) -> dict[str, list[Validation]]:
    by_table: dict[str, list[Validation]] = {}
    for result in results:
        by_table.setdefault(f"{result.table_schema}.{result.table_name}", []).append(result)
    return by_table


def failed_checks_table(results: Sequence[Validation]) -> DataTable:
    """The rules of the gate that did not hold, over all tables."""
    return make_table(
        say("Checks that did not pass"),
        "What must hold|Table|Column|Weight|Result|Rows #|Broke it #|Detail",
        [
            (result.meaning, f"{result.table_schema}.{result.table_name}", *_check_cells(result))
            for result in results
        ],
        is_prose=True,
    )


def _checks_table(results: Sequence[Validation], caption: str) -> DataTable:
    """The rules of the gate for one table and what they found."""
    return make_table(
        caption,
        "What must hold|Column|Weight|Result|Rows #|Broke it #|Detail",
        [(result.meaning, *_check_cells(result)) for result in results],
        is_prose=True,
    )


def _check_cells(result: Validation) -> tuple[str, ...]:
    return (
        result.column_name or "",
        result.severity,
        result.status,
        count(result.n_rows),
        count(result.n_offending),
        result.detail or "",
    )
