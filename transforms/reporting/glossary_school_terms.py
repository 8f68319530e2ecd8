"""Words of schools, surveys and professional development in the glossary."""

from __future__ import annotations

from transforms.reporting.glossary_entry import Term

_BETEBENNER = "Betebenner (2009), Educational Measurement: Issues and Practice 28(4)."
_GUSKEY = "Guskey (2000), Evaluating Professional Development, Corwin Press."
_LEBRETON = "LeBreton and Senter (2008), Organizational Research Methods 11(4)."

SCHOOL_TERMS: tuple[Term, ...] = (
    Term(
        "adoption",
        "Adoption",
        "A school's taking up of a kind of PD: the first school year in which enough of its teachers had"
        " enough hours of it. Where it is shown, the page says how many.",
        "Rogers (2003), Diffusion of Innovations, fifth edition.",
        (
            "adoption",
            "adopted",
            "adopt",
        ),
    ),
    Term(
        "agreement",
        "Agreement within schools",
        "How alike the staff of one school answered: 1 when all answered the same, 0 when their answers"
        " are as scattered as by chance.",
        _LEBRETON,
        (
            "agreement within schools",
            "r_wg",
        ),
    ),
    Term(
        "aligned",
        "Aligned",
        "More of a school's PD hours serve priorities of the district than is usual for schools of its"
        " level.",
        "",
        (
            "aligned",
            "alignment",
        ),
    ),
    Term(
        "reliability",
        "Alpha and omega",
        "How far the questions of one survey scale hang together, from 0 to 1, so that their mean can be"
        " used: 0.70 is adequate, 0.90 excellent. Omega lets some questions count for more than others,"
        " alpha does not.",
        "Cronbach (1951), Psychometrika 16(3); McDonald (1999), Test Theory.",
        (
            "alpha",
            "omega",
            "reliability",
        ),
    ),
    Term(
        "coherence",
        "Coherence",
        "How few things a school's PD hours go to: the share of its hours on its two largest priorities.",
        "Newmann and others (2001), Educational Evaluation and Policy Analysis 23(4).",
        (
            "coherence",
            "coherent",
        ),
    ),
    Term(
        "connected",
        "Connected and one-off PD",
        "Connected PD goes on in the work itself: coaching, planning together, feedback. One-off PD ends"
        " when people leave the room.",
        "",
        (
            "one-off events",
            "one-off PD",
            "connected PD",
        ),
    ),
    Term(
        "cost-of-growth",
        "Cost of growth",
        "What it cost, for each student, for scores to be higher by 0.01 SD. It is given only where"
        " growth is higher beyond chance.",
        "Levin and others (2018), Economic Evaluation in Education, third edition.",
        (
            "cost of growth",
            "cost-effectiveness",
        ),
    ),
    Term(
        "differentiated",
        "Differentiated",
        "More of a school's PD hours than is usual at its level were chosen by the school or its teachers.",
        "",
        (
            "differentiated",
            "differentiation",
        ),
    ),
    Term(
        "driver",
        "Driver",
        "One of the conditions in a school, such as trust or working together, that surveys ask staff about.",
        "",
        (
            "driver",
            "drivers",
        ),
    ),
    Term(
        "expected-growth",
        "Growth",
        "How much higher a student scored than students with the same earlier scores. Lower growth does"
        " not mean that students lost ground.",
        "",
        ("student growth",),
    ),
    Term(
        "guskey",
        "Guskey's levels",
        "Five things to know about PD, each needing the one before: teachers liked it (reaction), learned"
        " from it, were supported by their school, use it, and their students grow.",
        _GUSKEY,
        (
            "Guskey's levels",
            "Guskey’s levels",
        ),
    ),
    Term(
        "growth-percentile",
        "Growth percentile",
        "Of 100 students with the same earlier scores, how many a student outdid. 50 is the middle.",
        _BETEBENNER,
        (
            "growth percentile",
            "growth percentiles",
        ),
    ),
    Term(
        "herfindahl",
        "Herfindahl index",
        "How few kinds of PD the hours go to: 1 when all hours are of one kind, near 0 when they are"
        " spread evenly over many.",
        "Hirschman (1964), American Economic Review 54(5).",
        ("Herfindahl index",),
    ),
    Term(
        "indicator",
        "Indicator",
        "One thing that is counted or measured every year in the same way, such as the share of hours in"
        " one-off PD.",
        "",
        (
            "indicator",
            "indicators",
        ),
    ),
    Term(
        "need-fit",
        "Need and fit",
        "For each priority, how much a school needs help with it and how well the PD on offer fits, both"
        " rated from 1 to 5. Need less fit is the gap.",
        "",
        (
            "need and fit",
            "need less fit",
        ),
    ),
    Term(
        "pd",
        "PD",
        "Professional development: what teachers and leaders do to learn for their work.",
    ),
    Term(
        "scale-points",
        "Test points",
        "The points in which the test reports a score. They mean the same only within one test.",
        "",
        (
            "points of the test",
            "test points",
        ),
    ),
    Term(
        "standards",
        "The standard",
        "Seven principles of professional learning that a district can hold itself to. Each is scored"
        " from 1 to 4 by steps that are printed beside it.",
    ),
    Term(
        "survival-curve",
        "Share still there",
        "Of people followed since a start, the share still there after so many years. Those followed"
        " for a shorter time count for as long as they are.",
        "Kaplan and Meier (1958), Journal of the American Statistical Association 53(282).",
        (
            "Kaplan-Meier",
            "Kaplan and Meier",
        ),
    ),
    Term(
        "theme",
        "Theme",
        "A group of open answers that use the same words, named by its weightiest words.",
        "Lee and Seung (1999), Nature 401.",
        (
            "theme",
            "themes",
        ),
    ),
    Term(
        "too-few",
        "Too few, hidden",
        "A number that rests on fewer than 10 students or 5 staff is not shown, so that nobody can be"
        " known by it. Nor is one from which it could be worked out.",
        "",
        ("too few people",),
    ),
    Term(
        "value-added",
        "Value-added",
        "How much higher a school's students scored than was expected from their earlier scores and what"
        " else is known of them. It is given for schools and never for teachers.",
        "",
        ("value-added",),
    ),
)
