"""The rules of the gate, derived from the contract and from ``sql/checks``. No engine is imported here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from expectations.contract import DECLARED_BY, PSEUDONYMISED, REQUIRED_ENTITIES, Column, Table
from expectations.entities import ENTITIES
from expectations.sql_checks import SqlCheck, read_check, render_check, sql_checks

CRITICAL = "critical"
WARNING = "warning"

# Tables whose rows belong to the years of the study; priorities, costs and decisions may lie outside.
_YEARLY = ("staff_assignment", "student_enrollment", "section", "assessment_result")

# (later, earlier or equal): in whichever table has both columns.
_ORDERED = (
    ("exit_date", "entry_date"),
    ("exit_withdraw_date", "entry_date"),
    ("end_date", "begin_date"),
    ("end_date", "start_date"),
    ("feedback_date", "observation_date"),
    ("rating_max", "rating"),
    ("scale_max", "scale_min"),
)


@dataclass(frozen=True)
class Rule:
    """One rule of the gate about one table.

    ``kind`` says how it is checked, with ``parameters``: ``columns`` (columns), ``not_null``,
    ``in_set`` (values), ``between`` (minimum, maximum), ``ordered`` (earlier), and, by a SELECT of
    the offending rows, ``unique_key``, ``reference``, ``pseudonym``, ``rows_exist``,
    ``quarantined_share`` and ``sql_check`` (sql, values, has_detail). ``meaning`` is for the district.
    A ``critical`` rule that fails blocks publishing; a ``warning`` publishes with a banner.
    """

    rule_id: str
    table_schema: str
    table_name: str
    column_name: str | None
    kind: str
    meaning: str
    severity: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """``schema.table``."""
        return f"{self.table_schema}.{self.table_name}"


def rules_for(
    tables: Iterable[Table],
    *,
    added_values: Mapping[str, Iterable[str]] | None = None,
    school_years: Iterable[int] = (),
    quarantined_share: float = 0.05,
    quarantined_share_by_entity: Mapping[str, float] | None = None,
) -> tuple[Rule, ...]:
    """Derive the rules of a build that holds ``tables``, in order of the tables.

    ``added_values`` are what the study adds to the permitted values of a column (``pd_type``);
    ``school_years`` the years of the study, and without them no rule asks whether a row is of one.
    The quarantined shares (0 to 1) are what may be turned away of each entity, by default of all alike.
    Checks of ``sql/checks`` are taken for the schemas of ``tables``, those on ``meta`` always.
    """
    tables = tuple(tables)
    added = {column: tuple(values) for column, values in (added_values or {}).items()}
    years = tuple(sorted(school_years))
    entities = tuple(table for table in tables if table.schema == "core")
    shares = {table.name: quarantined_share for table in entities} | dict(quarantined_share_by_entity or {})
    return (
        *(rule for table in tables for rule in _table_rules(table, added)),
        *_school_year_rules(entities, years),
        *_rows_exist_rules(entities),
        *_quarantine_rules(entities, shares),
        *_sql_rules(tables),
    )


def _rule(table: Table, kind: str, meaning: str, column: str | None = None, **options: object) -> Rule:
    severity = str(options.pop("severity", CRITICAL))
    parts = (table.qualified_name, column, kind)
    return Rule(
        rule_id=".".join(part for part in parts if part),
        table_schema=table.schema,
        table_name=table.name,
        column_name=column,
        kind=kind,
        meaning=meaning,
        severity=severity,
        parameters=options,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _table_rules(table: Table, added: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    yield _rule(
        table,
        "columns",
        f"The table {_words(table.name)} has the columns of its description, and none beside them"
        " that could hold what must not be published.",
        columns=tuple(column.name for column in table.published_columns),
    )
    yield _rule(
        table,
        "unique_key",
        f"{table.grain}, and no more: nothing is counted twice.",
        sql=render_check("unique_key", table=table.qualified_name, key=table.key),
    )
    for column in table.published_columns:
        yield from _column_rules(table, column, added.get(column.name, ()))
    yield from _ordered_rules(table)


def _column_rules(table: Table, column: Column, added: tuple[str, ...]) -> Iterator[Rule]:
    subject = f"{_words(column.name)} of each {_words(table.name)}"
    if column.is_required:
        yield _rule(table, "not_null", f"The {subject} is known. {column.description}", column.name)
    if column.allowed:
        values = (*column.allowed, *added)
        meaning = f"The {subject}, where given, is one of: {', '.join(values)}."
        yield _rule(table, "in_set", meaning, column.name, values=values)
    if column.minimum is not None or column.maximum is not None:
        yield _rule(
            table,
            "between",
            f"The {subject}, where given, lies {_range(column)}.",
            column.name,
            minimum=column.minimum,
            maximum=column.maximum,
        )
    if column.references:
        yield from _reference_rules(table, column)


def _range(column: Column) -> str:
    unit = f" {column.unit}" if column.unit not in ("", "share") else ""
    if column.minimum is None:
        return f"at or below {column.maximum:g}{unit}"
    if column.maximum is None:
        return f"at or above {column.minimum:g}{unit}"
    return f"from {column.minimum:g} to {column.maximum:g}{unit}"


def _reference_rules(table: Table, column: Column) -> Iterator[Rule]:
    entity = column.references
    tiers = DECLARED_BY[entity]
    if entity in PSEUDONYMISED:
        yield _rule(
            table,
            "pseudonym",
            f"The {_words(column.name)} of each {_words(table.name)} is a pseudonym, never an id of"
            " the district's own systems.",
            column.name,
            sql=render_check("pseudonym", table=table.qualified_name, column=column.name),
        )
    if table.name in tiers[0]:
        return
    names = " or ".join(_words(name) for tier in tiers for name in tier)
    yield _rule(
        table,
        "reference",
        f"Each {_words(column.name)} of {_words(table.name)} is one that the district's {names} data know.",
        column.name,
        sql=render_check(
            "reference",
            table=table.qualified_name,
            column=column.name,
            tiers=[[_declarer(name, entity) for name in tier] for tier in tiers],
        ),
    )


def _declarer(table_name: str, entity: str) -> dict[str, str]:
    table = ENTITIES[table_name]
    column = next(column.name for column in table.columns if column.references == entity)
    return {"table": table.qualified_name, "column": column}


def _ordered_rules(table: Table) -> Iterator[Rule]:
    published = {column.name for column in table.published_columns}
    for later, earlier in _ORDERED:
        if {later, earlier} <= published:
            meaning = f"The {_words(later)} of a {_words(table.name)} is not below its {_words(earlier)}."
            if later.endswith("_date"):
                meaning = (
                    f"The {_words(later)} of a {_words(table.name)} is not before its {_words(earlier)}."
                )
            yield _rule(table, "ordered", meaning, later, earlier=earlier, severity=WARNING)


def _school_year_rules(entities: Iterable[Table], years: tuple[int, ...]) -> Iterator[Rule]:
    for table in entities:
        if years and table.name in _YEARLY:
            meaning = (
                f"The {_words(table.name)} data are of the school years of the study"
                f" ({', '.join(str(year) for year in years)}); other years are often mistyped."
            )
            rule = _rule(table, "in_set", meaning, "school_year", values=years, severity=WARNING)
            yield replace(rule, rule_id=f"{table.qualified_name}.school_year.in_study")


def _rows_exist_rules(entities: Iterable[Table]) -> Iterator[Rule]:
    present = {table.name: table for table in entities}
    for alternatives in REQUIRED_ENTITIES:
        held = [present[name] for name in alternatives if name in present]
        if held:
            names = " or ".join(_words(name) for name in alternatives)
            sql = render_check("rows_exist", tables=[table.qualified_name for table in held])
            meaning = f"There are {names} data; without them there is nothing to evaluate."
            yield _rule(held[0], "rows_exist", meaning, sql=sql, has_detail=True)


def _quarantine_rules(entities: Iterable[Table], shares: Mapping[str, float]) -> Iterator[Rule]:
    for table in entities:
        share = shares[table.name]
        yield Rule(
            rule_id=f"{table.qualified_name}.quarantined_share",
            table_schema="meta",
            table_name="reconciliation",
            column_name="rows_quarantined",
            kind="quarantined_share",
            meaning=f"At most {100 * share:g} % of the {_words(table.name)} rows were turned away;"
            " beyond that what is left is no longer a picture of the district.",
            severity=CRITICAL,
            parameters={
                "sql": render_check("quarantined_share", entity=table.name),
                "values": {"entity": table.name, "maximum_share": share},
                "has_detail": True,
            },
        )


def _sql_rules(tables: tuple[Table, ...]) -> Iterator[Rule]:
    schemas = {table.schema for table in tables} | {"meta"}
    entities = [table.name for table in tables if table.schema == "core"]
    if entities:
        yield _sql_rule(
            read_check("rows_accounted_for", render_check("rows_accounted_for", entities=entities))
        )
    for check in sql_checks():
        if check.table_schema in schemas:
            yield _sql_rule(check)


def _sql_rule(check: SqlCheck) -> Rule:
    return Rule(
        rule_id=f"{check.table_schema}.{check.table_name}.{check.name}",
        table_schema=check.table_schema,
        table_name=check.table_name,
        column_name=check.columns[0] if len(check.columns) == 1 else None,
        kind="sql_check",
        meaning=check.meaning,
        severity=check.severity,
        parameters={"sql": check.sql, "values": check.parameters, "has_detail": check.has_detail},
    )
