"""The standing text of the page of methods; formulas are set so that they read without mathematics fonts."""

from __future__ import annotations

from transforms.reporting.catalogue import noted, say, say_each

ESTIMAND = (
    noted(
        "A difference in growth, in standard deviations (SD) of student scores: how much more"
        " students grew whose teachers took part in a kind of professional development (PD) in"
        " the growth window than students whose teachers did not (“took part or not”), or how"
        " much more goes with ten more hours in the window (“per 10 hours”). Positive means"
        " higher growth."
    ),
    noted(
        "Of whom it is the difference depends on the design, and stands with each of them below."
        " Only where places were drawn by lot is it caused by the offer; all other designs give"
        " an association under assumptions that the data cannot prove."
    ),
)
MEASURES = (
    (
        noted("Score"),
        noted(
            "y = (scale score \u2212 mean) / SD, by published norms of test, subject, grade, year and term"
            " where there are any, else within the study."
        ),
    ),
    (
        noted("Growth window"),
        noted(
            "From the day after the earlier test on the same scale to the day of this test. A score"
            " without an earlier one describes and is in no comparison."
        ),
    ),
    (
        noted("Hours"),
        noted(
            "A teacher's attended hours of a kind of PD in the window, in activities for the subject"
            " or for all subjects; never after the test. Hours in other subjects stand in the models"
            " beside them."
        ),
    ),
    (
        noted("Who taught whom"),
        noted(
            "Days that student and teacher share a section, times the teacher's share of it; weights"
            " add to 1 for each student, subject and year (full roster method, Hock and Isenberg"
            " 2017)."
        ),
    ),
    (
        noted("Growth of a teacher"),
        noted(
            "For designs that compare teachers: the mean score of a teacher's students in a year less"
            " what earlier score, covariates, class and school means, grade and year account for, and"
            " less what taking part in the other kinds goes with. The error of those coefficients is"
            " not counted."
        ),
    ),
    (
        noted("Sample"),
        noted(
            "Growth over about a school year, for all designs alike; each then drops what it cannot"
            " compare, step by step in estimates.effect_sample."
        ),
    ),
)
_SPLIT = noted("Σₖ [βₖ (hₖ \u2212 mean of hₖ in the school) + γₖ · mean of hₖ in the school]")
_TOGETHER = "Σₖ βₖ hₖ"
# design: of whom the difference is, how it is computed, what must hold
DESIGN_FACTS = {
    "lottery": (
        noted(
            "Offered: all teachers for whom a place was drawn, whether or not they came (intention to"
            " treat). Took part: those who take part because of the offer (compliers)."
        ),
        noted(
            "growth = τ · offer + δ · class mean of earlier scores + a(cohort and block) + e,"
            " weighted by students, least squares; reported: τ. Took part and per 10 hours: two-stage"
            " least squares, the offer as instrument."
        ),
        noted(
            "The lot was followed, few leave one arm more than the other, and the offer acts only"
            " through taking part."
        ),
    ),
    "event_study": (
        noted("Teachers who first took part in a year that is seen, in that year and those after it."),
        noted(
            "ATT(g, t) = [growth(t) \u2212 growth(g \u2212 1) of teachers who started in g] \u2212 [the same"
            " of teachers who have not started by t, or never do]; reported: the mean over g and t ≥ g,"
            " each counting as the teachers in it."
        ),
        noted(
            "Without the PD those who started would have changed as the others did (parallel trends)."
            " The years before the start are tested; HonestDiD's breakdown says how unlike trends may"
            " be."
        ),
    ),
    "matched": (
        noted("Teachers in the year in which they first took part."),
        noted(
            "Weights w ≥ 0 of the others, as even as can be (maximum entropy), such that growth of"
            " the year before, earlier scores, experience, the school's earlier scores and growth,"
            " and the year have equal means in both groups; then growth = τ · started + the same"
            " terms + e by weighted least squares; reported: τ."
        ),
        noted("Teachers alike in these things would have grown alike: nothing unrecorded sets them apart."),
    ),
    "within_teacher": (
        noted("Teachers whose hours differ from year to year; who varies more counts more."),
        noted(
            "y = f(earlier score) + δ′x + class and school means + Σₖ βₖ hₖ + λ · hours in other"
            " subjects + a(teacher in school) + b(grade × year, term, test) + e, least squares"
            " weighted by roster share; reported: βₖ."
        ),
        noted("Nothing else about a teacher changes in the years in which the hours do."),
    ),
    "adjusted": (
        noted("Teachers with unlike hours in one school; who varies more counts more."),
        noted(
            "y = f(earlier score) + δ′x + class and school means + {hours} + λ · hours in other"
            " subjects + b(grade × year, term, test) + u(school) + v(teacher) + w(teacher and year) +"
            " e, restricted maximum likelihood, weighted by roster share; reported: βₖ."
        ),
        noted("Teachers who take part are as good as others of their school, given the controls."),
    ),
}
NOTATION = noted(
    "y: score on the common scale. f: polynomial. x: covariates of students. hₖ: hours of kind"
    " k divided by 10, or 1 for any hours and 0 for none. u, v, w: normal random intercepts; a,"
    " b: fixed effects; e: rest."
)


def formula(design: str, has_school_split: bool) -> str:
    """The formula of a design; ``has_school_split`` splits hours into those of school and teacher."""
    return say_each(DESIGN_FACTS)[design][1].replace(
        "{hours}", say(_SPLIT) if has_school_split else _TOGETHER
    )


ERRORS = (
    (
        noted("Regressions"),
        noted(
            "By school: CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018) with Satterthwaite"
            " degrees of freedom, the fitted mixed model as working model. Below four degrees of"
            " freedom the report does not judge."
        ),
    ),
    (
        noted("Event study and matching"),
        noted("Influence functions summed by school, t with schools \u2212 1 degrees of freedom."),
    ),
    (noted("Lottery"), noted("By teacher, who is the unit that was drawn.")),
    (
        noted("Intervals"),
        noted("95%, two-sided, by the t distribution. An interval that touches zero holds it."),
    ),
    (
        noted("Many comparisons"),
        noted(
            "Benjamini and Hochberg (1995) over the kinds of PD of one subject, design, contrast and"
            " subgroup; “clear” means p below 0.05 after it. It does not count that two contrasts and"
            " five designs are looked at."
        ),
    ),
    (
        noted("Refusals"),
        noted(
            "A number that the data cannot bear is not given: fewer than 10 teachers with hours,"
            " fewer than 5 schools, participants in one school only, fewer than 10 who changed,"
            " started or are left to compare with, weights that do not balance, collinear kinds, a"
            " fit that did not converge. The reason stands where the number would."
        ),
    ),
)
EFFECT_SIZES = (
    (
        noted("Hedges' g"),
        noted("g = ω · estimate, ω = 1 \u2212 3 / (4N \u2212 9), N students; the estimate is in SD already."),
    ),
    (noted("Improvement index"), noted("100 · Φ(g) \u2212 50 percentile points.")),
    (
        noted("Benchmarks"),
        noted(
            "Kraft (2020): below 0.05 small, from 0.20 large; mean of randomised studies of coaching 0.18."
        ),
    ),
    (
        noted("What Works Clearinghouse"),
        noted(
            "Baseline |g| up to 0.05 satisfied, up to 0.25 with adjustment, above fails; low"
            " attrition by its tables. A randomised study with low attrition meets standards without"
            " reservations; with high attrition, or a quasi-experiment with equivalence, with"
            " reservations. Taking a place by lot also needs a first-stage F of 16; an event study"
            " whose years before differ is confounded."
        ),
    ),
    (
        noted("Every Student Succeeds Act"),
        noted(
            "Tier 1: meets standards without reservations; Tier 2: with reservations; both need a"
            " positive estimate, significant among all comparisons, 350 students, two schools, and no"
            " significant negative one from a design that is no weaker. Tier 3: positive,"
            " significant, with controls. A struck-out design reaches none. Tier 4, a rationale, is"
            " not given."
        ),
    ),
    (
        noted("Robustness value"),
        noted("RV = (√(f⁴ + 4f²) \u2212 f²) / 2, f = |t| / √df (Cinelli and Hazlett 2020)."),
    ),
)
MORE_QUESTIONS = (
    (
        noted("Hours"),
        noted(
            "Slopes per 10 hours below and above 14 hours and their change there (Yoon and others"
            " 2007); a restricted cubic spline against no hours, its band of 95% at each point; a"
            " straight line tested by Hotelling's T². Tables: estimates.dose_term,"
            " estimates.dose_curve."
        ),
    ),
    (
        noted("Placebo"),
        noted(
            "Growth of the same teacher's students in the year before on this year's hours, those of"
            " the year before held constant. What it finds cannot come from the PD. Columns placebo_*"
            " of estimates.effect."
        ),
    ),
    (
        noted("Subgroups"),
        noted(
            "The difference between subgroups is tested, never each alone (Gelman and Stern 2006)."
            " Tables: estimates.subgroup_difference, estimates.subgroup_pooled."
        ),
    ),
    (
        noted("Ways to fit"),
        noted(
            "128 for each kind and subject: what is compared, covariates, form of the hours, kinds"
            " together or alone; weighted least squares, CR1 by school (Simonsohn, Simmons and Nelson"
            " 2020). Table: estimates.specification."
        ),
    ),
    (
        noted("What would have to be wrong"),
        noted(
            "Robustness values, the strongest control as a yardstick, each school left out in turn"
            " (Cinelli and Hazlett 2020). Table: estimates.sensitivity."
        ),
    ),
)
CALIBRATION = (
    noted(
        "In copies of this study's data the hours changed hands at random among the teachers of"
        " each school, all kinds together; the effects found were taken out of the scores, and 0,"
        " 0.05, 0.10 and 0.20 SD were planted. Each design was fitted again by the functions that"
        " made the published numbers. A design whose 95% intervals hold the planted effect in"
        " fewer than 90% of copies is struck out."
    ),
    noted(
        "This tries whether intervals are wide enough. It cannot tell whether those who took part"
        " differ from others, for in the copies chance decides who does: a design can be"
        " calibrated and biased."
    ),
)
NOT_ALLOWED_FOR = (
    noted("Why teachers took part: motivation, a principal's choice, what they did outside the records."),
    noted(
        "What else changed in a school in the same year as its PD: years of a school are pooled,"
        " and no design has an intercept for each school and year."
    ),
    noted("Students who were not tested, and those who left between the tests."),
    noted("Errors in the records of hours: where they are by chance, estimates are drawn towards zero."),
    noted(
        "Error in the earlier score: students are compared at the score they had, not at what they could do."
    ),
    noted(
        "Students seen in several years have no effect of their own; errors by school cover that"
        " as long as they stay in a school."
    ),
    noted("Growth of students is measured by tests alone."),
)
REDO = (
    noted(
        "pdeval explain STUDY lists every estimate; pdeval explain STUDY EFFECT_ID gives the"
        " model that ran, the flow of its sample, the checks and the SQL."
    ),
    noted(
        "Estimates stand in estimates.effect, models in estimates.model, the sample of each in"
        " estimates.effect_sample, checks in estimates.baseline, estimates.event_study_period and"
        " estimates.event_study_check, trials in estimates.calibration."
    ),
    noted(
        "The rows behind them: frames.growth_analysis where is_design_window (regressions),"
        " frames.teacher_year_exposure (hours), frames.student_teacher_link (weights),"
        " estimates.teacher_year_growth and estimates.type_coefficient (designs that compare"
        " teachers)."
    ),
    noted(
        "meta.build has the settings below, meta.source_file the SHA-256 of every file read,"
        " meta.table_lineage the SQL of every table, meta.validation_result every check."
    ),
    noted("The same files, settings and versions give the same numbers: every draw has a fixed seed."),
)
SOURCES = (
    "Bell, R. M. and McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with"
    " multi-stage samples. Survey Methodology 28(2).",
    "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal"
    " Statistical Society B 57(1).",
    "Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods."
    " Journal of Econometrics 225(2).",
    "Cinelli, C. and Hazlett, C. (2020). Making sense of sensitivity. Journal of the Royal Statistical"
    " Society B 82(1).",
    "Hainmueller, J. (2012). Entropy balancing for causal effects. Political Analysis 20(1).",
    "Hock, H. and Isenberg, E. (2017). Methods for accounting for co-teaching in value-added models."
    " Statistics and Public Policy 4(1).",
    "Kraft, M. A. (2020). Interpreting effect sizes of education interventions. Educational Researcher"
    " 49(4).",
    "Pustejovsky, J. E. and Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation."
    " Journal of Business and Economic Statistics 36(4).",
    "Gelman, A. and Stern, H. (2006). The difference between “significant” and “not significant” is not"
    " itself statistically significant. The American Statistician 60(4).",
    "Rambachan, A. and Roth, J. (2023). A more credible approach to parallel trends. Review of Economic"
    " Studies 90(5).",
    "Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). Specification curve analysis. Nature Human"
    " Behaviour 4.",
    "Yoon, K. S. and others (2007). Reviewing the evidence on how teacher professional development affects"
    " student achievement. REL 2007-033.",
    "What Works Clearinghouse (2022). Procedures and Standards Handbook, Version 5.0.",
)
