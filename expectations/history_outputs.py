"""What the published database remembers of earlier reports, and the flow from who starts PD to its kinds.

A build copies what the build before it remembered and adds its own rows, so that the page of changes can be
drawn again from this one file after every older build is gone. Nothing here is of a single person, and nothing
is kept that the report of the time did not show.
"""

from __future__ import annotations

from expectations.table_text import table_of as _table

_SD = "standard deviations of student scores"

_BUILD = """
        build_id* text | Build whose report showed it.
        report_year* year | School year that this report was about.
"""

HISTORY = (
    _table(
        "history.report", "build_id",
        "One row per report year: its last published build, this one among them. As long as there is no report of an earlier year, also"
        " the published build before this one",
        "Which reports are remembered, and from how much data, settings and code each was made.",
        _BUILD + """
        study_name text | Name of the study.
        lea_id text | Local education agency of the study.
        published_at time | End of the build (UTC).
        pdeval_version text | Version of pdeval.
        schema_version text | Version of the published tables.
        settings text | Settings of the study as JSON; no secrets.
        settings_sha256 text | SHA-256 of the settings: equal where nothing was set differently.
        design text | Study design that the report led with.
        contrast text | Contrast that the report led with.
        n_teachers int teachers | Teachers of the report year; empty below the minimum.
        n_students int students | Students with a score in the report year; empty below the minimum.
        n_schools int schools | Schools with teachers in the report year.
        rows_read int rows | Records read from all sources.
        rows_turned_away int rows | Records among them that were turned away.
        history_note text | Why nothing earlier is remembered; empty where something is.
        """,
    ),
    _table(
        "history.comparison", "build_id pd_type academic_subject",
        "One row per remembered report, PD type and academic subject that its main comparison asked about",
        "The comparisons that each report led with: all that its verdicts rested on.",
        _BUILD + f"""
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        design text | Study design.
        contrast text | per_10_hours, participated or offered.
        estimate_sd num {_SD} | Estimate; positive means higher growth with more PD.
        std_error num {_SD} | Standard error, robust to clusters.
        df num | Degrees of freedom of the t distribution.
        ci_low num {_SD} | Lower end of the 95 % confidence interval.
        ci_high num {_SD} | Upper end of the 95 % confidence interval.
        p_value_bh num | p-value after Benjamini and Hochberg.
        essa_tier int | Evidence tier of the Every Student Succeeds Act, 1 to 4; empty where none is reached.
        n_students int students | Distinct students in the fit; empty below the minimum.
        n_participants int teachers | Teachers in the fit with hours of the type; empty below the minimum.
        is_struck_out bool | Whether the design failed its calibration.
        note text | Refusal, cautions and what the model was.
        """,
    ),
    _table(
        "history.recommendation", "build_id pd_type", "One row per remembered report and PD type",
        "What each report recommended, with how sure it was and why.",
        _BUILD + f"""
        pd_type* text | Type of professional development.
        action text | scale, sustain, adapt, pause, stop or study.
        rule text | Rule that gave the action.
        expected_effect_sd num {_SD} | Estimate of taking part by the main design, mean over academic subjects.
        ci_low num {_SD} | Lower end of its 95 % confidence interval.
        ci_high num {_SD} | Upper end of its 95 % confidence interval.
        probability_positive num share | Probability under a flat prior that the difference is above 0.
        probability_above_threshold num share | Probability under a flat prior that it is above the smallest difference worth having.
        design text | Main design of the type.
        evidence_tier int | Best evidence tier of the main design; empty where none is reached.
        reasons text | Why the rule applied.
        evidence text | The estimates that it rested on.
        """,
    ),
    _table(
        "history.indicator", "build_id indicator category",
        "One row per remembered report, indicator and category of the district in the report year",
        "Indicators of the district as each report showed them; values of too few people are hidden.",
        _BUILD + """
        indicator* text | Indicator.
        category* text | What the value is of; all where it is of everything.
        idea text | Idea that the indicator belongs to.
        label text | Name for readers.
        unit text | Unit of the value.
        value num | Value; empty where hidden or not available.
        numerator num | Numerator; empty where hidden.
        denominator num | Denominator; empty where hidden.
        ci_low num | Lower end of the 95 % confidence interval; empty where everybody was counted.
        ci_high num | Upper end of the 95 % confidence interval.
        status text | strength, typical, concern, described or not_available.
        note text | Why there is no value, or what limits it.
        """,
    ),
    _table(
        "history.source", "build_id entity", "One row per remembered report and entity that had a source",
        "What each report was made from, by entity.",
        _BUILD + """
        entity* text | Entity.
        rows_read int rows | Records read.
        rows_loaded int rows | Records that went into core.
        rows_quarantined int rows | Records turned away.
        """,
    ),
)

FLOW_REPORT = (
    _table(
        "report.pd_flow", "school_year initiated_by pd_type",
        "One row per school year, initiator and PD type with attended hours or costs",
        "Hours and money from who started PD to the kinds of PD; a kind of PD is hidden where one of its flows is of too few people.",
        """
        school_year* year | School year by its spring year.
        initiated_by* text | district, school or teacher; unknown where nobody recorded it.
        pd_type* text | Type of professional development.
        n_activities int activities | Activities with attended hours or costs.
        n_staff int people | People with attended hours; empty where hidden.
        hours num hours | Attended hours of all people; empty where hidden.
        cost num currency units | Cost of the activities, as estimates.cost_activity has it; empty where hidden or not known of any.
        is_suppressed* bool | Whether the kind of PD is hidden because a flow to it is of too few people.
        """,
    ),
)
