"""What to do with each type of professional development, what came of decisions, what to find out next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.designs.power import plans
from transforms.improvement.decision_review import Decision, review
from transforms.improvement.default_rules import Recommendation, Thresholds
from transforms.improvement.loop_indicators import fill_loop_indicators
from transforms.improvement.measures import MEASURES, shown
from transforms.improvement.next_questions import next_questions
from transforms.improvement.reasons import not_known, reasons, why_not_bolder
from transforms.improvement.rule_coverage import unreachable_rules
from transforms.improvement.rules import Recommended, Rule, recommend
from transforms.improvement.settings import ImprovementSettings
from transforms.improvement.type_evidence import SubjectEffect, TypeEvidence
from transforms.improvement.type_measures import Price, TypeFacts, read_types
from transforms.warehouse import insert_records

_COPIED = (
    "expected_effect_sd",
    "probability_positive",
    "probability_above_threshold",
    "worst_subject_probability",
    "placebo_p",
    "subgroup_p",
    "n_participants",
    "reach_share",
    "reaction_share",
    "reaction_low",
    "reaction_high",
    "equity_ratio",
    "equity_ratio_high",
    "cost_per_student",
    "value_ratio",
)


def compute_recommendations(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill estimates.recommendation, its rules and conditions, decision_review, next_question and the
    indicators of the loop. Cost counts where estimates.cost is there."""
    chosen = settings.recommendation
    facts, price = read_types(connection, settings.report_year, chosen.thresholds)
    found = {one.pd_type: recommend(chosen.rules, one.values) for one in facts}
    year, effect_sd = settings.report_year, chosen.thresholds.effect_sd
    _insert(connection, "recommendation_rule", rule_records(chosen))
    _insert(
        connection,
        "recommendation",
        [recommendation_record(one, found[one.pd_type], chosen.thresholds, year) for one in facts],
    )
    _insert(
        connection,
        "recommendation_condition",
        [record for one in facts for record in condition_records(one.pd_type, found[one.pd_type])],
    )
    _insert(connection, "decision_review", _reviews(connection, facts, found, year, effect_sd))
    _insert(connection, "next_question", _questions(connection, facts, price, year, effect_sd))
    fill_loop_indicators(connection, settings)


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, records: Sequence[Mapping[str, object]]
) -> None:
    insert_records(connection, OUTPUTS[f"estimates.{table}"], records)


def rule_records(chosen: Recommendation) -> list[dict[str, object]]:
    """Rows of estimates.recommendation_rule."""
    rules = chosen.rules
    warnings = unreachable_rules(rules)
    return [
        {
            "rule_number": number,
            "rule": rule.name,
            "action": rule.action,
            "conditions": " and ".join(condition.text for condition in rule.conditions) or "always",
            "condition_words": _words(rule),
            "sentence": rule.sentence,
            "is_default": not chosen.own_rules,
            "warning": warnings.get(number),
        }
        for number, rule in enumerate(rules, 1)
    ]


def _words(rule: Rule) -> str:
    return "; ".join(condition.words for condition in rule.conditions) or "none of the rules above applies"


def recommendation_record(
    facts: TypeFacts, found: Recommended, limits: Thresholds, report_year: int
) -> dict[str, object]:
    """The row of estimates.recommendation of one PD type."""
    evidence, values = facts.evidence, facts.values
    mean, year = evidence.mean, facts.years.get(report_year)
    cost, effect = values["cost_per_student"].value, values["expected_effect_sd"].value
    return {
        "pd_type": facts.pd_type,
        "action": found.rule.action,
        "rule": found.rule.name,
        "rule_number": found.rule_number,
        **{name: values[name].value for name in _COPIED},
        "n_participants": _whole(values["n_participants"].value),
        "std_error": mean.std_error if mean else None,
        "df": mean.df if mean else None,
        "ci_low": values["expected_effect_sd"].ci_low,
        "ci_high": values["expected_effect_sd"].ci_high,
        "is_joint_error": evidence.is_joint if mean else None,
        "effect_threshold_sd": limits.effect_sd,
        "design": evidence.design,
        "n_subjects": len(evidence.effects) or None,
        "is_struck_out": evidence.is_struck_out if mean else None,
        "evidence_tier": evidence.tier,
        "any_design_tier": evidence.any_design_tier,
        "hours": None if year is None or year.is_small else year.hours,
        "n_teachers_reached": year.n_teachers_reached if year else None,
        "n_teachers": year.n_teachers if year else None,
        "equity_ratio_low": values["equity_ratio"].ci_low,
        "less_reached_group": facts.less_reached_group or None,
        "total_cost": facts.total_cost,
        "cost_per_student_sd": cost / effect if cost is not None and effect and effect > 0.0 else None,
        "reasons": reasons(found, values),
        "why_not_bolder": why_not_bolder(found) or None,
        "not_known": not_known(found, values) or None,
        "evidence": evidence_words(evidence),
    }


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def evidence_words(evidence: TypeEvidence) -> str:
    """The estimates by subject with their intervals, and their mean."""
    if evidence.mean is None:
        return f"no estimate: {evidence.reason}"
    by_subject = "; ".join(_subject_words(row) for row in evidence.effects)
    mean = _interval_words(evidence.mean.estimate_sd, evidence.mean.interval)
    error = "" if evidence.is_joint or len(evidence.effects) == 1 else ", its error an upper bound"
    return f"{evidence.design}: {by_subject}; mean {mean}{error}"


def _subject_words(row: SubjectEffect) -> str:
    if row.posterior is None:
        return f"{row.academic_subject} no number"
    return f"{row.academic_subject} {_interval_words(row.posterior.estimate_sd, row.posterior.interval)}"


def _interval_words(estimate: float, ends: tuple[float, float]) -> str:
    low, high = (f"{end:.3f}".replace("-", "\u2212") for end in ends)
    return f"{shown('expected_effect_sd', estimate)} ({low} to {high})"


def condition_records(pd_type: str, found: Recommended) -> list[dict[str, object]]:
    """Rows of estimates.recommendation_condition of one PD type."""
    records: list[dict[str, object]] = []
    for one in found.judged:
        position = one.rule.conditions.index(one.condition) + 1
        records.append(
            {
                "pd_type": pd_type,
                "rule_number": one.rule_number,
                "condition_number": position,
                "measure": MEASURES[one.condition.measure].name,
                "comparison": one.condition.comparison,
                "threshold": float(one.condition.threshold),
                "is_where_known": one.condition.is_where_known,
                "value": one.value.value,
                "outcome": one.outcome.value,
                "note": one.value.note or None,
            }
        )
    return records


def _reviews(
    connection: duckdb.DuckDBPyConnection,
    facts: Sequence[TypeFacts],
    found: Mapping[str, Recommended],
    report_year: int,
    effect_sd: float,
) -> list[dict[str, object]]:
    by_type = {one.pd_type: one for one in facts}
    rows = connection.execute(render_sql("improvement/decision.sql")).fetchall()
    reviews = []
    for *values, is_latest in rows:
        decision = Decision(*values)
        of_type = by_type[decision.pd_type]
        reviews.append(
            review(
                decision,
                of_type.years,
                of_type.evidence,
                found[decision.pd_type].rule.action,
                is_latest,
                report_year,
                effect_sd,
            )
        )
    return reviews


def _questions(
    connection: duckdb.DuckDBPyConnection,
    facts: Sequence[TypeFacts],
    price: Price,
    report_year: int,
    effect_sd: float,
) -> list[dict[str, object]]:
    rows = connection.execute(
        render_sql("improvement/pd_type_students.sql"), {"report_year": report_year}
    ).fetchall()
    by_type = {pd_type: not_reached for pd_type, _, not_reached in rows}
    of_all = by_type.pop(None, 0)
    students = {one.pd_type: by_type.get(one.pd_type, of_all) for one in facts} if of_all else {}
    planned = plans(connection, effect_sd)
    return next_questions(facts, price, students, planned, effect_sd)
