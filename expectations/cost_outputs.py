"""What professional development cost, by ingredient, per person and student, and beside what it goes with."""

from __future__ import annotations

from expectations.table_text import table_of as _table

_MONEY = "currency units"

_PERIOD = """
        period* text | report_year, other_year, or all_years (every year with costs, people and students counted once a year).
        school_year year | School year by its spring year; empty for all_years.
        pd_type* text | Type of professional development; all: every type together.
"""

_UNIT_COSTS = f"""
        n_activities* int activities | Activities with costs or attended hours.
        n_participants int people | People with attended hours, each once a year.
        hours num hours | Attended hours of all people.
        n_students int students | Different students, each once a year, of teachers who took part in the year.
        n_student_equivalents num students | The same, a student counting by the share of instruction that teachers who took part gave.
        source_cost num {_MONEY} | Cost that the source lists.
        priced_cost num {_MONEY} | Time that the source does not price, at the rates of study.toml.
        total_cost num {_MONEY} | Both together.
        covered_cost num {_MONEY} | Part of it of activities with costs and hours in the same year: what unit costs are made of.
        covered_hours num hours | Hours of these activities.
        covered_share num share | Share of the attended hours that they are.
        cost_per_participant num {_MONEY} | covered_cost per person in these activities.
        cost_per_hour num {_MONEY} | covered_cost per attended hour in them.
        cost_per_student num {_MONEY} | covered_cost per student of teachers in them.
        cost_per_student_equivalent num {_MONEY} | covered_cost per student-equivalent of teachers in them.
        personnel_share num share | Share of total_cost that is people's time.
        is_covered bool | Whether at least the share of hours that the study asks for has costs.
        currency* text | Currency, as study.toml writes it.
        price_year year | School year whose prices all amounts are in; empty: prices of each year.
        note text | What limits the row, or why there is no number.
"""

_RATIO = f"""
        pd_type* text | Type of professional development.
        academic_subject* text | Academic subject of the outcome.
        design text | Study design that the effect comes from: the one that the report leads with.
        contrast text | participated; per_10_hours where the design has no other, then for the mean dose of participants.
        effect_id text | Row of estimates.effect.
        mean_dose_hours num hours | Attended hours of a year in activities that serve the subject, mean over student-equivalents.
        effect_sd num standard deviations of student scores | Difference in growth of a student whose teacher took part, at that dose.
        std_error num standard deviations of student scores | Its standard error.
        df num | Degrees of freedom of its t distribution.
        effect_ci_low num standard deviations of student scores | Lower end of its 95 % confidence interval.
        effect_ci_high num standard deviations of student scores | Upper end of its 95 % confidence interval.
        p_value_bh num | Its p-value, adjusted for the number of comparisons.
        probability_positive num share | Share of the simulated effects above 0.
        n_student_equivalents num students | Student-years in the subject taught by teachers who took part, by roster weight.
        cost_per_student num {_MONEY} | Cost of the activities that serve the subject, per student-equivalent.
        cost_per_student_ci_low num {_MONEY} | Lower end of its 90 % interval.
        cost_per_student_ci_high num {_MONEY} | Upper end of its 90 % interval.
        cost_per_001_sd num {_MONEY} | cost_per_student per .01 SD of growth; empty where the estimate is not above 0.
        ci_low num {_MONEY} | Lower end of its 90 % interval.
        ci_high num {_MONEY} | Upper end; empty where there is no finite one, as the effect may be 0.
        sd_per_1000 num standard deviations of student scores | Growth per 1,000 currency units per student, always finite.
        sd_per_1000_ci_low num standard deviations of student scores | Lower end of its 90 % interval.
        sd_per_1000_ci_high num standard deviations of student scores | Upper end of its 90 % interval.
        currency* text | Currency, as study.toml writes it.
        note text | Why there is no number, or what limits it.
"""

_INGREDIENT = f"""
        ingredient* text | Ingredient, as the source writes it; what it does not price is "participants' time" and "substitutes".
        origin* text | source, or priced: at the rates of study.toml.
        ingredient_class* text | teacher_time, facilitator, substitutes, other_personnel, materials, facilities, travel, fees, other or unclassified.
        is_personnel* bool | Whether it is people's time.
        amount num {_MONEY} | Cost.
        share num share | Share of the cost of the type in the period.
        n_activities* int activities | Activities that it was listed or priced for.
"""

_EQUITY = f"""
        school_year* year | School year by its spring year.
        grouping* text | school, school_level or poverty_third.
        group_name* text | School, level, or third of schools by share of economically disadvantaged students: lowest, middle, highest.
        n_schools* int schools | Schools.
        n_teachers int people | Teachers of them, with PD or without.
        hours num hours | Their attended hours in activities with costs.
        cost num {_MONEY} | Cost of activities, each shared out by attended hours, that fell to these teachers.
        cost_per_teacher num {_MONEY} | cost per teacher.
        n_students int students | Students enrolled in them whose economic disadvantage is known.
        disadvantaged_share num share | Share of these who are economically disadvantaged.
        currency* text | Currency, as study.toml writes it.
"""

_GAP = f"""
        pd_activity_id* id | Activity.
        school_year* year | School year by its spring year.
        title* text | Title of the activity.
        pd_type* text | Type of professional development.
        status* text | hours_without_cost, cost_without_hours, or no_price_index: not expressed in prices of the price year.
        n_participants int people | People with attended hours.
        hours num hours | Their attended hours.
        source_cost num {_MONEY} | Cost that the source lists in the year.
        note text | What else is known, as costs of the activity in another year.
"""

_ASSUMPTION = """
        assumption* text | What was assumed.
        value* text | Its value, as a reader would write it.
        origin* text | study.toml, default, or not set.
        meaning* text | What it is for.
"""

_ACTIVITY = f"""
        pd_activity_id* id | Activity.
        school_year* year | School year by its spring year.
        pd_type* text | Type of professional development.
        academic_subject text | Subject of the activity; all or empty: every subject.
        status* text | covered: costs and hours in the year; hours_without_cost, cost_without_hours, no_price_index.
        n_participants* int people | People with attended hours.
        hours* num hours | Attended hours of all people.
        school_day_hours* num hours | Those of teachers on weekdays outside July.
        is_time_listed* bool | Whether the source prices participants' time.
        is_substitute_listed* bool | Whether the source prices substitutes.
        source_cost num {_MONEY} | Cost that the source lists.
        substitute_hours num hours | Hours covered by substitutes as assumed, where the source does not price participants' time.
        substitute_cost num {_MONEY} | Their cost at the rate of study.toml; empty where there is no rate or the source lists it.
        time_hours num hours | Hours of participants that neither the source nor a substitute stands for.
        time_cost num {_MONEY} | Their cost at the rate of study.toml; empty where there is none.
        priced_cost num {_MONEY} | substitute_cost and time_cost together.
        total_cost num {_MONEY} | source_cost and priced_cost together.
"""

_OPPORTUNITY = _PERIOD + f"""
        hours* num hours | Attended hours in activities with costs.
        listed_hours* num hours | Those whose participants' time the source prices.
        school_day_hours* num hours | Hours of teachers on weekdays outside July.
        substitute_hours* num hours | Hours that substitutes stand for, as assumed, where the source does not price participants' time.
        substitute_cost num {_MONEY} | Their cost at the rate of study.toml.
        time_hours* num hours | Hours that neither the source nor a substitute stands for.
        time_cost num {_MONEY} | Their cost at the rate of study.toml; empty where there is none.
        priced_cost* num {_MONEY} | What was added to the costs for both.
        not_added_cost num {_MONEY} | What substitutes would cost for hours whose time the source prices already; not in any total.
        currency* text | Currency, as study.toml writes it.
        note text | What was added or not, and why.
"""

COST_ESTIMATES = (
    _table(
        "estimates.cost_assumption", "assumption", "One row per assumption about costs",
        "Rates and rules that the costs rest on, from study.toml or by default.",
        _ASSUMPTION,
    ),
    _table(
        "estimates.cost_activity", "pd_activity_id school_year", "One row per activity and school year with costs or attended hours",
        "What an activity cost in a year, how many hours were attended, and whether one is known without the other.",
        _ACTIVITY,
    ),
    _table(
        "estimates.cost_ingredient", "period school_year pd_type ingredient origin",
        "One row per period, school year, PD type, ingredient and origin",
        "Costs by ingredient (Levin, McEwan, Belfield, Bowden and Shand 2018), each in a class by its words.",
        _PERIOD + _INGREDIENT,
    ),
    _table(
        "estimates.cost", "period school_year pd_type", "One row per period, school year and PD type",
        "What PD cost in all, per participant, per hour and per student reached.",
        _PERIOD + _UNIT_COSTS,
    ),
    _table(
        "estimates.cost_opportunity", "period school_year pd_type", "One row per period, school year and PD type",
        "Time of participants that the source does not price: what was added to the costs at the rates of study.toml, and what was not.",
        _OPPORTUNITY,
    ),
    _table(
        "estimates.cost_effectiveness", "pd_type academic_subject", "One row per PD type and academic subject",
        "Cost per student of the years together against the difference in growth, by simulation of both; an association unless places were drawn by lot.",
        _RATIO,
    ),
    _table(
        "estimates.cost_equity", "school_year grouping group_name", "One row per school year, grouping of schools and group",
        "To which teachers the spending went.",
        _EQUITY,
    ),
)

_SUPPRESSED = """
        is_suppressed* bool | Whether figures are of too few people to be shown.
"""

COST_REPORT = (
    _table(
        "report.cost", "period school_year pd_type", "One row per period, school year and PD type",
        "Costs that may be shown: hidden where too few people took part, per student where there are too few.",
        _PERIOD + _UNIT_COSTS + _SUPPRESSED,
    ),
    _table(
        "report.cost_ingredient", "period school_year pd_type ingredient origin",
        "One row per period, school year, PD type, ingredient and origin",
        "Costs by ingredient that may be shown; hidden where too few people took part.",
        _PERIOD + _INGREDIENT + _SUPPRESSED,
    ),
    _table(
        "report.cost_opportunity", "period school_year pd_type", "One row per period, school year and PD type",
        "Time that the source does not price; only where enough people took part.",
        _OPPORTUNITY,
    ),
    _table(
        "report.cost_effectiveness", "pd_type academic_subject", "One row per PD type and academic subject",
        "Cost-effectiveness that may be shown; hidden where too few students were reached.",
        _RATIO + _SUPPRESSED,
    ),
    _table(
        "report.cost_equity", "school_year grouping group_name", "One row per school year, grouping of schools and group",
        "Spending per teacher that may be shown; hidden where there are too few teachers.",
        _EQUITY.replace("        n_schools*", "        label* text | Name of the school, else the group.\n        n_schools*") + _SUPPRESSED,
    ),
    _table(
        "report.cost_gap", "pd_activity_id school_year", "One row per activity and school year with hours or costs alone",
        "Activities that are not in unit costs, and why.",
        _GAP + _SUPPRESSED,
    ),
    _table(
        "report.cost_assumption", "assumption", "One row per assumption about costs",
        "Rates and rules that the costs rest on.",
        _ASSUMPTION,
    ),
)
