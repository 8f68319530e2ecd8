"""Words of comparisons and of chance in the glossary."""

from __future__ import annotations

from transforms.reporting.catalogue import noted
from transforms.reporting.glossary_entry import Term

_BENJAMINI = "Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1)."
_ESSA = "Every Student Succeeds Act (2015), section 8101(21)(A)."
_KRAFT = "Kraft (2020), Educational Researcher 49(4)."
_LEBRETON = "LeBreton and Senter (2008), Organizational Research Methods 11(4)."
_WWC = "What Works Clearinghouse (2022), Procedures and Standards Handbook, version 5.0."

STUDY_TERMS: tuple[Term, ...] = (
    Term(
        "adjusted-p",
        noted("Adjusted p-value"),
        noted(
            "The p-value after allowing for the number of comparisons made. Among many comparisons some look"
            " clear by chance alone; the adjustment keeps such false finds, in the long run, at 5% of all"
            " finds or less."
        ),
        _BENJAMINI,
        (
            noted("adjusted p-value"),
            noted("p, adjusted"),
        ),
    ),
    Term(
        "association",
        noted("Association"),
        noted("Two things that are found together. It does not say that one brought about the other."),
        "",
        (
            noted("association"),
            noted("associations"),
            noted("associated"),
        ),
    ),
    Term(
        "attrition",
        noted("Attrition"),
        noted(
            "The share of people who were in a study at its start and are missing at its end. Where it"
            " differs between groups, the groups can no longer be compared as they stand."
        ),
        _WWC,
        (noted("attrition"),),
    ),
    Term(
        "baseline",
        noted("Baseline"),
        noted(
            "How groups stood before anything was done. Groups that were alike then can be compared later."
        ),
        _WWC,
        (noted("baseline"),),
    ),
    Term(
        "calibration",
        noted("Calibration"),
        noted(
            "A trial of a way to compare: known differences are planted in the study's own records, and one"
            " looks how often the way finds them. It shows whether its 95% intervals are wide enough."
        ),
        "",
        (noted("calibration"),),
    ),
    Term(
        "carried-by",
        noted("Carried by"),
        noted(
            "The teachers, and their schools, whose taking part a number rests on. A number carried by few"
            " can be turned by a few."
        ),
    ),
    Term(
        "covariate",
        noted("Covariate"),
        noted(
            "What is known of students or teachers beforehand, such as an earlier score, and is allowed for"
            " when groups are compared."
        ),
        "",
        (
            noted("covariate"),
            noted("covariates"),
        ),
    ),
    Term(
        "dose",
        noted("Dose"),
        noted(
            "How many hours of PD a teacher had. Growth by dose asks whether more hours go with more growth."
        ),
        "",
        (noted("dose"),),
    ),
    Term(
        "essa",
        noted("ESSA tier"),
        noted(
            "How strong the evidence for a kind of PD is by the Every Student Succeeds Act (ESSA). 1,"
            " strong: a sound experiment. 2, moderate: a sound comparison of like groups. 3, promising:"
            " found together once what is known beforehand is allowed for. 4: a reason to expect it, and no"
            " finding yet."
        ),
        _ESSA,
        (
            noted("evidence tier"),
            noted("evidence tiers"),
            noted("ESSA tier"),
            noted("Tier 1"),
            noted("Tier 2"),
            noted("Tier 3"),
            noted("Tier 4"),
            noted("ESSA"),
        ),
    ),
    Term(
        "event-study",
        noted("Event study (before and after starting)"),
        noted(
            "A comparison of the same teachers before and after they first take part, against teachers who"
            " have not yet started."
        ),
        "Callaway and Sant'Anna (2021), Journal of Econometrics 225(2).",
        (
            noted("event study"),
            noted("before and after they first take part"),
        ),
    ),
    Term(
        "icc",
        noted("ICC (intraclass correlation)"),
        noted(
            "The share of all differences between people that lies between their schools: 0 when schools"
            " are alike, 1 when people of one school are. ICC(2) says how far a school's mean can be relied"
            " on."
        ),
        _LEBRETON,
        (
            noted("ICC(1)"),
            noted("ICC(2)"),
            noted("ICC"),
        ),
    ),
    Term(
        "interval",
        noted("95% interval"),
        noted(
            "The range of values that fit the data. The narrower, the surer. If it holds zero, the data fit a"
            " difference either way, and none. Of 100 such ranges, about 95 hold the true value."
        ),
        "",
        (
            noted("95% interval"),
            noted("95% intervals"),
        ),
    ),
    Term(
        "lottery",
        noted("Lottery (places drawn by lot)"),
        noted(
            "Where more teachers wanted a place than there were, and chance chose: those drawn and those not"
            " drawn are alike but for the PD, so that a difference between them can be put down to it."
        ),
        "",
        (
            noted("lottery"),
            noted("lotteries"),
            noted("drawn by lot"),
        ),
    ),
    Term(
        "matched",
        noted("Matched"),
        noted("Compared with teachers who were made alike, by weights, in what is known of the time before."),
        "Hainmueller (2012), Political Analysis 20(1).",
        (
            noted("matched"),
            noted("well-matched"),
        ),
    ),
    Term(
        "mde",
        noted("MDE"),
        noted(
            "The minimum detectable effect: the least true difference that would be found four times out of"
            " five with the teachers there are. A smaller one is missed more often."
        ),
        "Bloom (1995), Evaluation Review 19(5).",
        (
            noted("MDE"),
            noted("minimum detectable effect"),
            noted("smallest difference that could be found"),
        ),
    ),
    Term(
        "median",
        noted("Median"),
        noted("The one in the middle when all are put in order: half lie above it, half below."),
        "",
        (
            noted("median"),
            noted("medians"),
        ),
    ),
    Term(
        "no-difference",
        noted("Cannot be told apart from no difference"),
        noted(
            "The 95% interval holds zero. That is no proof that there is no difference; often there are too"
            " few teachers to tell."
        ),
        "",
        (
            noted("cannot be told apart from no difference"),
            noted("cannot be told from zero"),
            noted("cannot be told apart from zero"),
        ),
    ),
    Term(
        "p-value",
        noted("p-value"),
        noted(
            "How often chance alone would bring a difference at least as large as the one found, if there"
            " were none."
        ),
        "Wasserstein and Lazar (2016), The American Statistician 70(2).",
        (
            noted("p-value"),
            noted("p-values"),
        ),
    ),
    Term(
        "placebo",
        noted("Placebo check"),
        noted(
            "A comparison where no difference can be, such as growth before the PD began. If one is found"
            " there, the groups differed from the start."
        ),
        "",
        (
            noted("placebo"),
            noted("placebo check"),
            noted("placebo checks"),
        ),
    ),
    Term(
        "rank-correlation",
        noted("Rank correlation"),
        noted(
            "How alike two orders are: 1 when they are the same, −1 when one is the other upside down, 0 when"
            " they have nothing to do with each other."
        ),
        "Spearman (1904), American Journal of Psychology 15(1).",
        (
            noted("rank correlation"),
            noted("rank correlations"),
        ),
    ),
    Term(
        "robustness-value",
        noted("Robustness value"),
        noted(
            "How strong something unrecorded would have to be to bring the difference to zero: the share of"
            " what is left unexplained in both hours and growth that it would have to explain. The larger,"
            " the harder to explain away."
        ),
        "Cinelli and Hazlett (2020), Journal of the Royal Statistical Society B 82(1).",
        (
            noted("robustness value"),
            noted("robustness values"),
        ),
    ),
    Term(
        "sd",
        noted("SD"),
        noted(
            "The standard deviation: how far scores usually lie from their mean, taken as the unit of growth."
            " A step of 0.10 SD is about the way from the 50th to the 54th of 100 students."
        ),
        "",
        (
            noted("SD"),
            noted("standard deviation"),
            noted("standard deviations"),
        ),
    ),
    Term(
        "se",
        noted("Standard error"),
        noted(
            "How far a number would usually move by chance if other teachers and students had been looked at."
        ),
        "",
        (
            noted("standard error"),
            noted("standard errors"),
        ),
    ),
    Term(
        "size-words",
        noted("Small, medium and large differences"),
        noted(
            "Among randomised studies of school programmes, a difference below 0.05 SD counts as small."
            " From 0.05 it counts as medium, from 0.20 as large."
        ),
        _KRAFT,
        (
            noted("counts as small"),
            noted("counts as medium"),
            noted("counts as large"),
        ),
    ),
    Term(
        "weighted",
        noted("Weighted"),
        noted("A mean in which some count for more than others, such as schools with more students."),
        "",
        (noted("weighted"),),
    ),
    Term(
        "within-teacher",
        noted("Years of the same teacher"),
        noted(
            "A comparison of one teacher's years with more hours of PD and those with fewer. What stays the"
            " same about a teacher cannot make the difference."
        ),
        "",
        (noted("years of the same teacher"),),
    ),
    Term(
        "wwc",
        noted("WWC rating"),
        noted(
            "Whether a study's groups can be compared, by the What Works Clearinghouse (WWC) of the US"
            " Department of Education: meets its standards, meets them with reservations, or does not."
        ),
        _WWC,
        (
            noted("WWC rating"),
            noted("What Works Clearinghouse"),
            noted("WWC"),
        ),
    ),
)
