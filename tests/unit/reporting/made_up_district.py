"""A made-up district, and the same with attacks in place of its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from tests.unit.reporting.made_up_build import BUILD_ID, effects, empty_build, estimate, insert, rename_study


def district_build(school_names: Sequence[str] = ()) -> duckdb.DuckDBPyConnection:
    """A district with two clear comparisons, some that cannot be told, and three refusals."""
    connection = empty_build()
    names = list(school_names) or [
        f"{name} {kind}" for kind in ("Elementary", "Middle School") for name in _NAMES
    ]
    _schools(connection, names)
    _district_effects(connection)
    _district_reach(connection, names)
    _district_growth(connection, names)
    _district_intake(connection)
    _district_checks(connection)
    return connection


_NAMES = (
    "Alder Creek", "Birch Hill", "Cedar Grove", "Dogwood", "Eastgate", "Fairview", "Granite Falls", "Harbor",
    "Ida B. Wells", "Juniper", "Kennedy", "Lakeshore", "Maple Street", "Northfield", "Oak Park", "Pine Ridge",
    "Dr. Martin Luther King Junior Memorial",
)  # fmt: skip
_TYPES = (
    "coaching",
    "collaborative_planning",
    "curriculum_based",
    "workshop_single",
    "online_course",
    "conference",
)


def _schools(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    insert(
        connection,
        "core.school",
        [{"school_id": f"S{index:02}", "school_name": name} for index, name in enumerate(names)],
    )
    insert(
        connection,
        "core.pd_activity",
        [
            {"pd_activity_id": "A1", "pd_type": "coaching", "title": "Mathematics coaching cycles"},
            {"pd_activity_id": "A2", "pd_type": "coaching", "title": "Literacy coaching"},
            {"pd_activity_id": "A3", "pd_type": "conference", "title": "State teachers' conference"},
        ],
    )


def _district_effects(connection: duckdb.DuckDBPyConnection) -> None:
    note = "Between schools 0.02 (0.05). Left out: is_gifted (wholly missing)."
    clear = {"p_value": 0.001, "p_value_bh": 0.008, "essa_tier": 3, "note": note}
    rows = [
        estimate("coaching", "mathematics", 0.094, 0.021, 212, 31, **clear),
        estimate("coaching", "ela", 0.041, 0.024, 198, 30, note=note),
        estimate(
            "collaborative_planning",
            "mathematics",
            0.052,
            0.025,
            402,
            38,
            p_value=0.04,
            p_value_bh=0.11,
            note=note,
        ),
        estimate("collaborative_planning", "ela", 0.018, 0.022, 391, 38, note=note),
        estimate("curriculum_based", "mathematics", 0.031, 0.034, 96, 17, note=note),
        estimate("curriculum_based", "ela", -0.012, 0.038, 88, 15, note=note),
        estimate("workshop_single", "mathematics", -0.058, 0.019, 366, 36, p_value_bh=0.02, note=note),
        estimate("workshop_single", "ela", -0.004, 0.018, 340, 36, note=note),
        estimate(
            "online_course", "mathematics", 0.11, 0.16, 14, 3, df=3.1, note="fewer than 4 degrees of freedom"
        ),
    ]
    doses = [
        {
            **row,
            "contrast": "per_10_hours",
            "estimate_sd": _third(row, "estimate_sd"),
            "ci_low": _third(row, "ci_low"),
            "ci_high": _third(row, "ci_high"),
        }
        for row in rows
    ]
    refusals = [
        {
            "pd_type": "online_course",
            "academic_subject": "ela",
            "n_participants": 7,
            "note": "fewer than 10 teachers with hours of this type",
        },
        {
            "pd_type": "conference",
            "academic_subject": "ela",
            "n_participants": 4,
            "note": "fewer than 10 teachers with hours of this type",
        },
        {
            "pd_type": "conference",
            "academic_subject": "mathematics",
            "note": "participants in fewer than 2 schools",
        },
    ]
    effects(
        connection, [*rows, *doses, *refusals, *[{**row, "contrast": "per_10_hours"} for row in refusals]]
    )
    insert(
        connection,
        "estimates.variance_component",
        [
            {
                "build_id": BUILD_ID,
                "design": "adjusted",
                "academic_subject": subject,
                "contrast": "participated",
                "group_name": group,
                "variance_sd2": share * 0.6,
                "icc": share,
                "n_groups": n,
                "is_boundary": share == 0,
            }
            for subject in ("mathematics", "ela")
            for group, share, n in (
                ("school", 0.0 if subject == "ela" else 0.03, 38),
                ("teacher", 0.08, 812),
                ("residual", 0.89, 9_120),
            )
        ],
    )


def _third(row: Mapping[str, object], name: str) -> float:
    value = row[name]
    assert isinstance(value, float)
    return value / 3


def _district_reach(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    shares = dict(zip(_TYPES, (0.26, 0.49, 0.12, 0.45, 0.017, 0.01), strict=True))
    for year, factor in ((2023, 0.5), (2024, 0.8), (2025, 1.0)):
        insert(
            connection,
            "report.pd_reach_district",
            [
                {
                    "school_year": year,
                    "pd_type": pd_type,
                    "n_teachers_reached": round(812 * share * factor),
                    "n_teachers": 812,
                    "share_of_teachers": share * factor,
                    "hours": 812 * share * factor * 14.5,
                    "hours_per_participant": 14.5,
                    "is_suppressed": False,
                }
                for pd_type, share in shares.items()
            ],
        )
    for school, name in enumerate(names):
        for position, (pd_type, share) in enumerate(shares.items()):
            wobble = min(1.0, share * (0.2 + ((school * 7 + position * 5) % 19) / 9))
            is_few = round(24 * wobble) < 3
            insert(
                connection,
                "report.pd_reach",
                [
                    {
                        "school_id": f"S{school:02}",
                        "school_name": name,
                        "school_year": 2025,
                        "pd_type": pd_type,
                        "n_teachers_reached": None if is_few else round(24 * wobble),
                        "n_teachers": 24 + school,
                        "share_of_teachers": None if is_few else wobble,
                        "hours_per_participant": None if is_few else 12.0,
                        "is_suppressed": is_few,
                    }
                ],
            )


def _district_growth(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    insert(
        connection,
        "report.growth_by_school",
        [
            {
                "school_id": f"S{school:02}",
                "school_name": name,
                "academic_subject": subject,
                "school_year": 2025,
                "n_students": None if school == 3 else 120 + 11 * school,
                "mean_growth_sd": None if school == 3 else ((school * 13 + shift) % 29 - 14) / 70,
                "is_suppressed": school == 3,
            }
            for school, name in enumerate(names)
            for subject, shift in (("mathematics", 0), ("ela", 9))
        ],
    )


def _district_intake(connection: duckdb.DuckDBPyConnection) -> None:
    counts = [
        ("assessment_result", 121_480, 120_902, 212, 0, 366),
        ("pd_participation", 18_204, 18_110, 61, 0, 33),
        ("staff_assignment", 4_120, 4_118, 0, 0, 2),
        ("school", n_entity := 34, n_entity, 0, 0, 0),
    ]
    names = ("entity", "rows_read", "rows_loaded", "rows_duplicate", "rows_skipped", "rows_quarantined")
    fates = [dict(zip(names, row, strict=True)) for row in counts]
    insert(connection, "report.intake", fates)
    insert(
        connection,
        "meta.reconciliation",
        [
            {"source_number": n, "source_file": f"exports/{row['entity']}.csv", **row}
            for n, row in enumerate(fates)
        ],
    )
    insert(
        connection,
        "report.rejected_by_rule",
        [
            {
                "entity": "assessment_result",
                "source_file": "exports/assessment/scores_2025.csv",
                "rule": "unknown_student",
                "example_reason": "student_id is not in the student source; correct the id",
                "n_rows": 351,
                "first_line": 1204,
            },
            {
                "entity": "assessment_result",
                "source_file": "exports/assessment/scores_2024.csv",
                "rule": "not_a_number",
                "example_reason": "scale_score is not a number",
                "n_rows": 15,
                "first_line": 88,
            },
            {
                "entity": "pd_participation",
                "source_file": "exports/pd/attendance.csv",
                "rule": "conflicting_key",
                "example_reason": "the same key stands with other values",
                "n_rows": 33,
                "first_line": 12,
            },
        ],
    )
    steps = (
        ("scores", 24_800, 60_400),
        ("with_prior", 18_300, 41_200),
        ("linked", 17_900, 40_100),
        ("in_analysis", 17_850, 39_900),
    )
    insert(
        connection,
        "report.sample_flow",
        [
            {"academic_subject": subject, "step": step, "n_students": n, "n_rows": rows}
            for subject in ("mathematics", "ela")
            for step, n, rows in steps
        ],
    )
    insert(
        connection,
        "meta.unavailable",
        [
            {"topic": "teachers' voice", "reason": "not available: no survey source"},
            {"topic": "cost", "reason": "not available: no pd_cost source"},
        ],
    )
    insert(
        connection,
        "meta.package_version",
        [{"package": "duckdb", "version": "2.0.0"}, {"package": "scipy", "version": "1.16"}],
    )


def _district_checks(connection: duckdb.DuckDBPyConnection) -> None:
    base = {
        "table_schema": "core",
        "table_name": "assessment_result",
        "rule": "between",
        "severity": "critical",
        "status": "passed",
        "n_rows": 120_902,
        "n_offending": 0,
    }
    rows = [
        {"rule_id": "r1", "column_name": "scale_score", "meaning": "Every score is a number.", **base},
        {"rule_id": "r2", "column_name": "school_year", "meaning": "Every score has a school year.", **base},
        {
            "rule_id": "r3",
            **base,
            "meaning": "No teacher has more than 400 PD hours in a year.",
            "table_schema": "frames",
            "table_name": "teacher_year",
            "severity": "warning",
            "status": "failed",
            "n_rows": 4_118,
            "n_offending": 3,
            "detail": "3 teacher-years above 400 hours",
        },
    ]
    insert(connection, "meta.validation_result", rows)


HOSTILE = (
    "<script>document.title='broken'</script>",
    '" onload="alert(1)" x="',
    "'><img src=x onerror=alert(1)>",
    "</svg></style></title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!--",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "url(#x);background:url(https://attack.example/x)",
    "\u202egnirts desrever",
)


def hostile_build() -> duckdb.DuckDBPyConnection:
    """A district whose study name, schools, titles, files, reasons, notes and PD types are attacks."""
    connection = district_build(HOSTILE)
    rename_study(connection, " ".join(HOSTILE))
    text = HOSTILE[3] + HOSTILE[2]
    for statement in (
        "update core.pd_activity set title = $text",
        "update report.rejected_by_rule set example_reason = $text, source_file = $text, rule = $text",
        "update estimates.effect set note = $text",
        "update estimates.effect set pd_type = $text where pd_type = 'conference'",
        "update estimates.effect set academic_subject = $text where pd_type = 'curriculum_based'",
        "update report.pd_reach_district set pd_type = $text where pd_type = 'coaching'",
        "update meta.unavailable set topic = $text, reason = $text",
        "update meta.validation_result set meaning = $text, detail = $text, column_name = $text",
        "update meta.package_version set version = $text",
    ):
        connection.execute(statement, {"text": text})
    return connection
