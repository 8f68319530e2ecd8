"""The page of a system that learns: four drivers, how they go with growth, how practices spread."""

from __future__ import annotations

import duckdb

from transforms.improvement.adoption import AdoptionRule
from transforms.improvement.learning_indicators import LARGE_GAP
from transforms.improvement.neighbours import LARGEST_GROUP
from transforms.reporting import learning_spread_words as spread
from transforms.reporting import learning_tables as tables
from transforms.reporting import learning_words as words
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.indicator_rows import missing_reasons
from transforms.reporting.learning_charts import associations_picture, gaps_picture, roles_picture
from transforms.reporting.learning_curves import adoption_picture, years_picture
from transforms.reporting.learning_rows import DRIVERS, ROLE_NAMES, Learning, ScoreRow, read_learning
from transforms.reporting.numerals import counted, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage

_DRIVERS = (
    noted("Trust: whether people rely on each other and dare to show what does not work yet."),
    noted("Leadership: whether leaders make room for learning and follow it up."),
    noted("Capacity building: whether people are helped to get better at their work."),
    noted("Collaboration: whether people work on teaching together."),
)


def learning_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page."""
    learning = read_learning(connection, build.report_year)
    sections = (
        roles_section(learning),
        schools_section(learning),
        gaps_section(learning),
        years_section(learning),
        growth_section(learning),
        spread_section(learning),
        waiting_section(learning),
        neighbours_section(learning),
    )
    return SectionPage(
        title=say("A system that learns"),
        study_name=build.study_name,
        year=school_year(build.report_year),
        sentences=words.answer(learning),
        stands_out=words.standing_out(learning),
        sections=tuple(section for section in sections if section),
        missing=missing_reasons(learning.indicators),
        sources=(
            say("Bryk, A. S. and Schneider, B. (2002). Trust in Schools. Russell Sage Foundation."),
            say(
                "Bliese, P. D. (2000). Within-group agreement, non-independence, and reliability."
                " In Klein and Kozlowski (eds.), Multilevel Theory, Research, and Methods in"
                " Organizations."
            ),
            say("Rogers, E. M. (2003). Diffusion of Innovations, 5th edition. Free Press."),
            say(
                "Coburn, C. E. (2003). Rethinking scale: moving beyond numbers to deep and"
                " lasting change. Educational Researcher 32(6)."
            ),
            say(
                "Shalizi, C. R. and Thomas, A. C. (2011). Homophily and contagion are generically"
                " confounded in observational social network studies. Sociological Methods and"
                " Research 40(2)."
            ),
        ),
    )


def roles_section(learning: Learning) -> Section | None:
    """The four drivers by role."""
    shown = _by_role(learning)
    if not shown:
        return None
    return Section(
        "drivers",
        say("The four drivers, by role"),
        paragraphs=(
            say(
                "Climate surveys ask everybody about four things that make professional learning"
                " take hold. Answers go from 1 (lowest) to 5 (highest); items with another range"
                " are converted."
            ),
        ),
        points=(*say_each(_DRIVERS),),
        pictures=(
            Picture(
                "roles",
                words.role_title(shown),
                roles_picture(shown, "roles"),
                say(
                    "Mark: mean answer. Line: 95% interval, which counts that people of one"
                    " school answer alike. Those who did not answer may see things otherwise."
                ),
            ),
        ),
        tables=(tables.roles_table(learning.scores),),
        note=say(
            "Answers of too few people are not shown, nor any row from which, with the others, such could"
            " be worked out."
        ),
    )


def schools_section(learning: Learning) -> Section | None:
    """Schools whose teachers differ from those of the level's other schools."""
    sentences = words.school_sentences(learning.indicators, learning.report_year)
    if not sentences:
        return None
    return Section(
        "schools",
        say("Schools where teachers answer higher or lower"),
        paragraphs=(say("Each school's teachers against the teachers of the other schools of its level:"),),
        points=sentences,
        tables=(tables.schools_table(learning.indicators, learning.report_year),),
        note=say(
            "Named where the whole 95% interval of a school's mean lies above or below that of the others."
            " Of a hundred schools that do not differ, about five would stand here by chance: a reason to"
            " visit, not a verdict."
        ),
    )


def _by_role(learning: Learning) -> list[ScoreRow]:
    return [row for role in ROLE_NAMES for row in learning.district(role, learning.report_year)]


def gaps_section(learning: Learning) -> Section | None:
    """Leaders and teachers of the same schools."""
    gaps = learning.district_gaps("principal")
    if not gaps:
        return None
    return Section(
        "gaps",
        say("Leaders and teachers of the same school"),
        paragraphs=(
            say(
                "Each principal and assistant principal is compared with the teachers of the same"
                " school, so that it does not matter which schools answered. A gap tells leaders"
                " to ask before they act: what looks settled from the office may not be so in the"
                " classroom. {gap_sentence}",
                gap_sentence=words.gap_sentence(gaps),
            ),
        ),
        pictures=(
            Picture(
                "gaps",
                words.gap_title(gaps),
                gaps_picture(gaps, "gaps"),
                say("▲ higher and ▼ lower, where the 95% interval leaves out zero; ● where it holds zero."),
            ),
        ),
        tables=(tables.furthest_table(learning), tables.gaps_table(learning.gaps)),
        note=say(
            "A school's own gap is shown only where 5 leaders and 5 teachers of it answered the"
            " survey of a year: the gap of a single principal would give away what that principal"
            " answered. Schools are therefore named by their teachers against all principals of"
            " the district; the differences are as uncertain as the means beside them. A gap"
            " counts as large from {large_gap} points. The central office works in no school and"
            " has no gap.",
            large_gap=LARGE_GAP,
        ),
    )


def years_section(learning: Learning) -> Section | None:
    """Change over the years."""
    rows = [row for role in ("teacher", "principal") for row in learning.district(role)]
    changes = [row for driver in DRIVERS if (row := learning.change(driver))]
    if not changes:
        return None
    return Section(
        "years",
        say("Change over the years"),
        paragraphs=(words.change_sentence(changes),),
        pictures=(
            Picture(
                "years",
                words.change_title(changes),
                years_picture(rows, "years"),
                say(
                    "● and full line: teachers; ▲ and dashed line: principals and assistant"
                    " principals. Upright lines: 95% intervals. The scale is cut to the range of"
                    " the answers."
                ),
            ),
        ),
        tables=(tables.changes_table(learning.changes),),
        note=say(
            "A change is that of the same schools and roles, so that it is not one of who"
            " answered. It is called risen or fallen only where its 95% interval leaves out zero."
            " What moved all schools in one year alike, such as another time of asking, is not in"
            " the interval."
        ),
    )


def growth_section(learning: Learning) -> Section | None:
    """What goes with growth."""
    rows = [row for driver in DRIVERS for row in learning.associations if row.driver == driver]
    if not rows:
        return None
    sentence = words.association_sentence(rows)
    return Section(
        "growth",
        say("Do students grow more where teachers answer higher?"),
        paragraphs=(
            sentence
            + say(
                " Growth is that of a school's students in the year of the survey, given their"
                " earlier scores. Whether it goes with teachers' answers is an association: good"
                " years may lift answers as well as good answers growth, and schools differ in"
                " much else."
            ),
        ),
        pictures=(
            Picture(
                "growth-picture",
                words.association_title(rows),
                associations_picture(rows, "growth-picture"),
                say(
                    "Growth that goes with one standard deviation (SD) of schools' mean answers."
                    " ▲ higher and ▼ lower, where the 95% interval leaves out zero; ● where it"
                    " holds zero. Years held constant; schools counted by how exactly their"
                    " growth is known."
                ),
            ),
        ),
        tables=(tables.associations_table(rows),),
        note=say(
            "ICC(1) is the share of the differences between teachers' answers that lies between"
            " schools; ICC(2) is how reliable a school's mean answer is (1: fully). Without error"
            " of the means: the growth divided by the root of ICC(2), given where that is .50 or"
            " more. p is adjusted for the number of questions asked."
        ),
    )


def spread_section(learning: Learning) -> Section | None:
    """How kinds of PD spread over schools."""
    if not learning.spreads:
        return None
    rule = AdoptionRule()
    return Section(
        "spread",
        say("How practices spread over schools"),
        paragraphs=(
            say(
                "A school has taken a kind of PD up in the first year in which at least"
                " {share:.0%} of its teachers had {hours:g} hours or more of it. It lives it in"
                " every year in which they had. A practice that many take up and few keep has"
                " spread wide but not deep. One meant for few, such as mentoring of new teachers,"
                " is not to reach a quarter of all.",
                share=rule.share,
                hours=rule.hours,
            ),
        ),
        points=spread.short_sentences(learning.spreads),
        pictures=(
            Picture(
                "spread-picture",
                spread.adoption_title(learning.spreads),
                adoption_picture(learning.adoption, "spread-picture"),
                say(
                    "Full line with points: share of schools that had taken it up by the year."
                    " Dashed: share that live it in the year. Dotted: half of the schools."
                    " Schools on record in the first year may have taken a practice up before it,"
                    " so the first point may be years late."
                ),
            ),
        ),
        tables=(
            tables.spread_table(learning.spreads, learning.adoption, learning.report_year),
            tables.adoption_table(learning.adoption),
        ),
    )


def waiting_section(learning: Learning) -> Section | None:
    """Schools that have not taken up what most have."""
    table = tables.waiting_table(learning.school_adoption, learning.spreads)
    if not table.rows:
        return None
    return Section("waiting", say("Schools not yet reached"), open_tables=(table,))


def neighbours_section(learning: Learning) -> Section | None:
    """Whether schools follow their neighbours."""
    rows = learning.spreads
    if not rows:
        return None
    told = [row for row in rows if spread.is_contagious(row)]
    n_refused = len([row for row in rows if row.p_value is None])
    refused = (
        say(
            " For {n_kinds} too few schools took it up, or too few did not, while on record.",
            n_kinds=counted(n_refused, "kind", "kinds"),
        )
        if n_refused
        else ""
    )
    return Section(
        "neighbours",
        say("Do schools follow their neighbours?"),
        paragraphs=(
            say(
                "Two schools are neighbours in a year when their leaders (principals, assistant"
                " principals, coaches, teacher leaders) met in a session of at most"
                " {largest_group} leaders, were in one leadership cohort of at most"
                " {largest_group}, or when one person leads, or has just led, both."
                " {network_sentence}{refused}",
                largest_group=LARGEST_GROUP,
                network_sentence=spread.network_sentence(rows),
                refused=refused,
            ),
        ),
        points=tuple(spread.neighbours_sentence(row) for row in told),
        tables=(tables.neighbours_table(rows),),
        note=say(
            "p says how often neighbours tell as much when schools of a level are shuffled in the"
            " network. This is an association in any case: schools that are alike both meet and"
            " choose alike. Sessions of the kind itself make no neighbours."
        ),
    )
