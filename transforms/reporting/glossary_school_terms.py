"""Words of schools, surveys and professional development in the glossary."""

from __future__ import annotations

from transforms.reporting.catalogue import noted
from transforms.reporting.glossary_entry import Term

_BETEBENNER = "Betebenner (2009), Educational Measurement: Issues and Practice 28(4)."
_GUSKEY = "Guskey (2000), Evaluating Professional Development, Corwin Press."
_LEBRETON = "LeBreton and Senter (2008), Organizational Research Methods 11(4)."

SCHOOL_TERMS: tuple[Term, ...] = (
    Term(
        "adoption",
        noted("Adoption"),
        noted(
            "A school's taking up of a kind of PD: the first school year in which enough of its teachers had"
            " enough hours of it. Where it is shown, the page says how many."
        ),
        "Rogers (2003), Diffusion of Innovations, fifth edition.",
        (
            noted("adoption"),
            noted("adopted"),
            noted("adopt"),
        ),
    ),
    Term(
        "agreement",
        noted("Agreement within schools"),
        noted(
            "How alike the staff of one school answered: 1 when all answered the same, 0 when their answers"
            " are as scattered as by chance."
        ),
        _LEBRETON,
        (
            noted("agreement within schools"),
            noted("r_wg"),
        ),
    ),
    Term(
        "aligned",
        noted("Aligned"),
        noted(
            "More of a school's PD hours serve priorities of the district than is usual for schools of its"
            " level."
        ),
        "",
        (
            noted("aligned"),
            noted("alignment"),
        ),
    ),
    Term(
        "reliability",
        noted("Alpha and omega"),
        noted(
            "How far the questions of one survey scale hang together, from 0 to 1, so that their mean can be"
            " used: 0.70 is adequate, 0.90 excellent. Omega lets some questions count for more than others,"
            " alpha does not."
        ),
        "Cronbach (1951), Psychometrika 16(3); McDonald (1999), Test Theory.",
        (
            noted("alpha"),
            noted("omega"),
            noted("reliability"),
        ),
    ),
    Term(
        "coherence",
        noted("Coherence"),
        noted(
            "How few things a school's PD hours go to: the share of its hours on its two largest priorities."
        ),
        "Newmann and others (2001), Educational Evaluation and Policy Analysis 23(4).",
        (
            noted("coherence"),
            noted("coherent"),
        ),
    ),
    Term(
        "connected",
        noted("Connected and one-off PD"),
        noted(
            "Connected PD goes on in the work itself: coaching, planning together, feedback. One-off PD ends"
            " when people leave the room."
        ),
        "",
        (
            noted("one-off events"),
            noted("one-off PD"),
            noted("connected PD"),
        ),
    ),
    Term(
        "cost-of-growth",
        noted("Cost of growth"),
        noted(
            "What it cost, for each student, for scores to be higher by 0.01 SD. It is given only where"
            " growth is higher beyond chance."
        ),
        "Levin and others (2018), Economic Evaluation in Education, third edition.",
        (
            noted("cost of growth"),
            noted("cost-effectiveness"),
        ),
    ),
    Term(
        "differentiated",
        noted("Differentiated"),
        noted(
            "More of a school's PD hours than is usual at its level were chosen by the school or its"
            " teachers."
        ),
        "",
        (
            noted("differentiated"),
            noted("differentiation"),
        ),
    ),
    Term(
        "driver",
        noted("Driver"),
        noted(
            "One of the conditions in a school, such as trust or working together, that surveys ask staff"
            " about."
        ),
        "",
        (
            noted("driver"),
            noted("drivers"),
        ),
    ),
    Term(
        "expected-growth",
        noted("Growth"),
        noted(
            "How much higher a student scored than students with the same earlier scores. Lower growth does"
            " not mean that students lost ground."
        ),
        "",
        (noted("student growth"),),
    ),
    Term(
        "guskey",
        noted("Guskey's levels"),
        noted(
            "Five things to know about PD, each needing the one before: teachers liked it (reaction), learned"
            " from it, were supported by their school, use it, and their students grow."
        ),
        _GUSKEY,
        (
            noted("Guskey's levels"),
            noted("Guskey’s levels"),
        ),
    ),
    Term(
        "growth-percentile",
        noted("Growth percentile"),
        noted("Of 100 students with the same earlier scores, how many a student outdid. 50 is the middle."),
        _BETEBENNER,
        (
            noted("growth percentile"),
            noted("growth percentiles"),
        ),
    ),
    Term(
        "herfindahl",
        noted("Herfindahl index"),
        noted(
            "How few kinds of PD the hours go to: 1 when all hours are of one kind, near 0 when they are"
            " spread evenly over many."
        ),
        "Hirschman (1964), American Economic Review 54(5).",
        (noted("Herfindahl index"),),
    ),
    Term(
        "indicator",
        noted("Indicator"),
        noted(
            "One thing that is counted or measured every year in the same way, such as the share of hours in"
            " one-off PD."
        ),
        "",
        (
            noted("indicator"),
            noted("indicators"),
        ),
    ),
    Term(
        "need-fit",
        noted("Need and fit"),
        noted(
            "For each priority, how much a school needs help with it and how well the PD on offer fits, both"
            " rated from 1 to 5. Need less fit is the gap."
        ),
        "",
        (
            noted("need and fit"),
            noted("need less fit"),
        ),
    ),
    Term(
        "pd",
        noted("PD"),
        noted("Professional development: what teachers and leaders do to learn for their work."),
    ),
    Term(
        "scale-points",
        noted("Test points"),
        noted("The points in which the test reports a score. They mean the same only within one test."),
        "",
        (
            noted("points of the test"),
            noted("test points"),
        ),
    ),
    Term(
        "standards",
        noted("The standard"),
        noted(
            "Seven principles of professional learning that a district can hold itself to. Each is scored"
            " from 1 to 4 by steps that are printed beside it."
        ),
    ),
    Term(
        "survival-curve",
        noted("Share still there"),
        noted(
            "Of people followed since a start, the share still there after so many years. Those followed"
            " for a shorter time count for as long as they are."
        ),
        "Kaplan and Meier (1958), Journal of the American Statistical Association 53(282).",
        (
            noted("Kaplan-Meier"),
            noted("Kaplan and Meier"),
        ),
    ),
    Term(
        "theme",
        noted("Theme"),
        noted("A group of open answers that use the same words, named by its weightiest words."),
        "Lee and Seung (1999), Nature 401.",
        (
            noted("theme"),
            noted("themes"),
        ),
    ),
    Term(
        "too-few",
        noted("Too few, hidden"),
        noted(
            "A number that rests on fewer students or staff than a minimum is not shown, so that nobody can"
            " be known by it. Nor is one from which it could be worked out. The page of methods says which"
            " minimum."
        ),
        "",
        (noted("too few people"),),
    ),
    Term(
        "value-added",
        noted("Value-added"),
        noted(
            "How much higher a school's students scored than was expected from their earlier scores and what"
            " else is known of them. It is given for schools and never for teachers."
        ),
        "",
        (noted("value-added"),),
    ),
)
