"""Guskey's chain of each PD type, from reaction to student growth, and where it breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import duckdb

from expectations.outputs import OUTPUTS
from transforms.surveys.chain_growth import growth_records
from transforms.surveys.chain_observation import observation_record, observed_changes
from transforms.surveys.chain_rules import ChainRules, combined, find_break
from transforms.surveys.chain_surveys import survey_records
from transforms.warehouse import insert_records


def compute_chain(connection: duckdb.DuckDBPyConnection, rules: ChainRules | None = None) -> None:
    """Fill estimates.guskey_chain, guskey_observation and guskey_break.

    Reads frames.survey_score, frames.staff_activity, frames.staff_year, core.observation, core.pd_activity
    and estimates.effect. Every PD type that activities have gets every level; one without a number says why.
    """
    rules = rules or ChainRules()
    found = connection.execute("select distinct pd_type from core.pd_activity order by 1").fetchall()
    pd_types = tuple(pd_type for (pd_type,) in found)
    changes = observed_changes(connection, pd_types, rules)
    records = [
        *survey_records(connection, pd_types, rules),
        *(observation_record(change, rules) for change in changes),
        *growth_records(connection, pd_types, rules),
    ]
    for table, rows in (
        ("guskey_chain", records),
        ("guskey_observation", [change.record for change in changes]),
        ("guskey_break", break_records(records, pd_types)),
    ):
        insert_records(connection, OUTPUTS[f"estimates.{table}"], rows)


def break_records(
    records: Sequence[Mapping[str, object]], pd_types: Sequence[str]
) -> list[dict[str, object]]:
    """Where the chain of each PD type breaks, over all years."""
    outcomes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        if record.get("school_year") is None:
            outcomes[str(record["pd_type"]), str(record["level"])].append(str(record["holds"]))
    rows: list[dict[str, object]] = []
    for pd_type in pd_types:
        holds = {level: combined(found) for (name, level), found in outcomes.items() if name == pd_type}
        broken = find_break(holds)
        rows.append(
            {
                "pd_type": pd_type,
                "level": broken.level,
                "outcome": broken.outcome,
                "n_levels_held": broken.n_levels_held,
                "later_levels": ", ".join(broken.later_levels) or None,
            }
        )
    return rows
