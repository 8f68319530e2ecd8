"""The standing text of the page of methods; formulas are set so that they read without mathematics fonts."""

from __future__ import annotations

ESTIMAND = (
    "The difference in growth, in standard deviations (SD) of student scores, between students whose"
    " teachers took"
    " part in a kind of professional development (PD) in the growth window and the same students had their"
    " teachers"
    " not taken part, for those who took part; or, per 10 hours, what goes with ten more hours in the"
    " window.",
    "Positive means higher growth. Only where places were drawn by lot is that difference caused by the"
    " offer; all other"
    " designs give an association under assumptions that the data cannot prove.",
)
MEASURES = (
    (
        "Score",
        "y = (scale score − mean) / SD, by published norms of test, subject, grade, year and term where"
        " there are any,"
        " else within the study.",
    ),
    (
        "Growth window",
        "From the day after the earlier test on the same scale to the day of this test. A score without an"
        " earlier one"
        " describes and is in no comparison.",
    ),
    (
        "Hours",
        "A teacher's attended hours of a kind of PD in the window, in activities for the subject or for all"
        " subjects;"
        " never after the test. Hours in other subjects stand in the models beside them.",
    ),
    (
        "Who taught whom",
        "Days that student and teacher share a section, times the teacher's share of it; weights add to 1"
        " for each"
        " student, subject and year (full roster method, Hock and Isenberg 2017).",
    ),
)
DESIGN_FORMULAS = {
    "adjusted": (
        "y = f(earlier score) + students' covariates + class and school means + Σₖ [βₖ (hₖ − mean hₖ of the"
        " school) +"
        " γₖ · mean hₖ of the school] + grade × year + u(school) + v(teacher) + w(teacher and year) + e, by"
        " REML;"
        " reported: βₖ.",
    ),
    "within_teacher": (
        "y = f(earlier score) + covariates + Σₖ βₖ hₖ + a(teacher in school) + b(grade × year) + e, least"
        " squares;"
        " reported: βₖ.",
    ),
    "event_study": (
        "ATT(g, t) = E[growth(t) − growth(g − 1) | started in g] − E[the same | not started by t], averaged"
        " over"
        " groups and years (Callaway and Sant'Anna 2021).",
    ),
    "matched": (
        "Mean growth of teachers in the year they start less the mean of others under weights w that"
        " maximise entropy"
        " with equal means of earlier growth, scores, experience and school (Hainmueller 2012).",
    ),
    "lottery": (
        "Offered: growth = τ · offer + block + e. Took the place: two-stage least squares, the offer as"
        " instrument of"
        " taking part.",
    ),
}
ERRORS = (
    (
        "Standard errors",
        "By school: CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018) with Satterthwaite degrees"
        " of freedom for"
        " the regressions; influence functions by school for designs that compare teachers. Below four"
        " degrees of freedom"
        " the report does not judge.",
    ),
    ("Intervals", "95%, two-sided, by the t distribution. An interval that touches zero holds it."),
    (
        "Many comparisons",
        "Benjamini and Hochberg (1995) over the kinds of PD of one subject, design, contrast and subgroup;"
        " “clear” means"
        " p below 0.05 after it.",
    ),
    (
        "Refusals",
        "A number that the data cannot bear is not given; the reason stands where the number would.",
    ),
)
EFFECT_SIZES = (
    ("Hedges' g", "g = ω · estimate, ω = 1 − 3 / (4N − 9)."),
    ("Improvement index", "100 · Φ(g) − 50 percentile points."),
    (
        "Benchmarks",
        "Kraft (2020): below 0.05 small, from 0.20 large; mean of randomised studies of coaching 0.18.",
    ),
    (
        "What Works Clearinghouse",
        "Baseline |g| up to 0.05 satisfied, up to 0.25 with adjustment, above fails; low attrition by its"
        " tables. A"
        " randomised study with low attrition meets standards without reservations; with high attrition, or a"
        " quasi-experiment with equivalence, with reservations.",
    ),
    (
        "Every Student Succeeds Act",
        "Tier 1 well-run experiment, Tier 2 quasi-experiment (both: significant and positive, 350 students"
        " and two sites"
        " or more, no significant negative), Tier 3 correlation with controls, Tier 4 a rationale.",
    ),
    (
        "Robustness value",
        "RV = (√(f⁴ + 4f²) − f²) / 2, f = |t| / √df (Cinelli and Hazlett 2020).",
    ),
)
NOT_ALLOWED_FOR = (
    "Why teachers took part: motivation, a principal's choice, what they did outside the records.",
    "What else changed in a school in the same year as its PD.",
    "Students who were not tested, and those who left between the tests.",
    "Errors in the records of hours: where they are by chance, estimates are drawn towards zero.",
    "Growth of students is measured by tests alone.",
)
REDO = (
    "pdeval explain STUDY lists every estimate; pdeval explain STUDY EFFECT_ID gives the model that ran,"
    " the flow of its"
    " sample, the checks and the SQL.",
    "Every number of this report stands in the published database: estimates.effect, estimates.model,"
    " estimates.effect_sample, estimates.calibration, estimates.sensitivity, and the rows behind them in"
    " frames.*.",
    "The same files, settings and versions give the same numbers; seeds are fixed in the code.",
)
SOURCES = (
    "Bell, R. M. and McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with"
    " multi-stage"
    " samples. Survey Methodology 28(2).",
    "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal"
    " Statistical"
    " Society B 57(1).",
    "Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods."
    " Journal of"
    " Econometrics 225(2).",
    "Cinelli, C. and Hazlett, C. (2020). Making sense of sensitivity. Journal of the Royal Statistical"
    " Society B 82(1).",
    "Hainmueller, J. (2012). Entropy balancing for causal effects. Political Analysis 20(1).",
    "Hock, H. and Isenberg, E. (2017). Methods for accounting for co-teaching in value-added models."
    " Statistics and"
    " Public Policy 4(1).",
    "Kraft, M. A. (2020). Interpreting effect sizes of education interventions. Educational Researcher"
    " 49(4).",
    "Pustejovsky, J. E. and Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation."
    " Journal of"
    " Business and Economic Statistics 36(4).",
    "What Works Clearinghouse (2022). Procedures and Standards Handbook, Version 5.0.",
)
