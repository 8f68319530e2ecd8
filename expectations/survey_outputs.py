"""Output tables of surveys: scales, items, schools, response, change."""

from __future__ import annotations

from expectations.table_text import table_of as _table

SURVEY_FRAMES = (
    _table(
        "frames.survey_questionnaire", "survey_id", "One row per survey",
        "Surveys with the same rated items (ids, wordings, constructs, scales, directions) are one questionnaire, whatever they are about.",
        """
        survey_id* id | Survey.
        questionnaire_id text | Questionnaire: the same for surveys that ask the same rated items; empty where nothing is rated.
        questionnaire_title* text | What the titles of its surveys begin with, without a year.
        survey_title* text | Title of the survey.
        school_year* year | School year in which the survey went out, from July to June.
        administered_date* date | Day on which it went out.
        pd_activity_id id | Activity that the survey is about.
        n_invited int people | People invited, as the survey says.
        is_anonymous* bool | Whether the survey is anonymous; true unless it says that it is not.
        n_items* int items | Rating and number items that belong to a construct.
        """,
    ),
    _table(
        "frames.survey_respondent", "response_id", "One row per survey response",
        "Who answered, as far as that may be known: staff of anonymous surveys never are.",
        """
        response_id* id | Pseudonym of the response.
        survey_id* id | Survey.
        questionnaire_id text | Questionnaire of the survey.
        school_year* year | School year in which the survey went out.
        school_id id | School that the response names, else that of a known respondent.
        school_level text | Level of the school.
        staff_id id | Pseudonym of the respondent; always empty for anonymous surveys.
        respondent_role text | Role of a known respondent, else what the respondent chose.
        is_novice bool | Whether a known respondent is new to the profession.
        pd_activity_id id | Activity that the response or its survey is about.
        pd_type text | Type of the activity.
        """,
    ),
    _table(
        "frames.survey_item_score", "response_id item_id", "One row per response and rating or number item with a usable answer",
        "Answers as numbers within the item's scale, reversed where the item is marked so.",
        """
        response_id* id | Pseudonym of the response.
        survey_id* id | Survey.
        questionnaire_id text | Questionnaire of the survey.
        school_year* year | School year in which the survey went out.
        item_id* text | Item.
        construct text | Construct of the item.
        evaluation_level text | Guskey's level of the item.
        scale_min num | Lowest possible answer.
        scale_max num | Highest possible answer.
        score* num | Answer after reversing: high means much of the construct.
        """,
    ),
)

_QUESTIONNAIRE = """
        questionnaire_id* text | Questionnaire: surveys that ask the same rated items.
        questionnaire_title* text | Its title.
        school_year* year | School year by its spring year.
"""

_SHARES = """
        floor_share num share | Share of usable answers to its items at the lowest possible value, after reversing.
        negative_share num share | Share below the middle of the scale, the lowest included.
        neutral_share num share | Share at the middle of the scale.
        positive_share num share | Share above the middle of the scale, the highest included.
        ceiling_share num share | Share at the highest possible value.
"""

_SCALE = f"""
        {_QUESTIONNAIRE}
        survey_id id | Survey; empty where several surveys of the questionnaire are read together.
        title* text | Title of the survey, or of the questionnaire.
        construct* text | Construct.
        n_surveys* int surveys | Surveys in the row.
        n_items* int items | Rating and number items of the construct.
        n_responses* int responses | Responses with a scale score (at least half of the items answered).
        n_complete* int responses | Responses with all items answered: alpha and omega rest on these.
        n_invited int people | People invited; those invited to several surveys count in each.
        response_rate num share | Responses to the surveys by people invited.
        mean num | Mean scale score, in units of the items.
        std_error num | Its standard error; over several surveys, surveys are the clusters.
        ci_low num | Lower end of its 95 % interval (t).
        ci_high num | Upper end.
        sd num | Standard deviation of the scale scores.
        scale_min num | Lowest possible score.
        scale_max num | Highest possible score.
        {_SHARES}
        weighted_mean num | Mean of known respondents, weighted for who did not answer.
        weighted_std_error num | Its standard error.
        known_mean num | Unweighted mean of the same respondents.
        n_weighted int responses | Known respondents behind both.
        alpha num | Cronbach's alpha.
        alpha_ci_low num | Lower end of its 95 % interval (Feldt).
        alpha_ci_high num | Upper end.
        spearman_brown num | Reliability of a scale of two items from their correlation.
        omega num | McDonald's omega of one factor, by maximum likelihood.
        omega_note text | Why there is no omega.
        rating* text | excellent, good, adequate, low, not_reported by alpha of the questionnaire in the year; unknown without one.
        is_reported* bool | Whether the scale may be reported: alpha of the questionnaire in the year is .50 or more, or not known.
        n_flagged_items* int items | Items that go against the scale or hang together with nothing.
        alpha_turned num | Alpha if the items worded against the scale were marked as reverse scored.
        note text | What limits the row.
"""

_ITEM = f"""
        {_QUESTIONNAIRE}
        item_id* text | Item.
        wording* text | Wording.
        construct text | Construct; empty where the item belongs to none.
        is_reverse_scored* bool | Whether the item is marked as reverse scored.
        n_surveys* int surveys | Surveys that asked it.
        n_responses* int responses | Responses to these surveys.
        n_answers* int answers | Usable answers.
        missing_share num share | Share of the responses without a usable answer.
        mean num | Mean after reversing.
        sd num | Standard deviation.
        scale_min num | Lowest possible answer.
        scale_max num | Highest possible answer.
        {_SHARES}
        item_rest_r num | Correlation with the sum of the other items of its scale, among complete answers.
        scale_alpha num | Alpha of the scale as it is.
        alpha_without num | Alpha of the scale without the item.
        alpha_turned num | Alpha with the items worded against the scale turned round; for these items only.
        flag* text | against_scale, cannot_tell_which, weak, or none.
        rule* text | Rule of the flag.
        note text | What limits the row.
"""

_AGGREGATION = f"""
        {_QUESTIONNAIRE}
        construct* text | Construct.
        n_schools* int schools | Schools with two or more scale scores.
        n_responses* int responses | Scale scores in them.
        mean_size num responses | Size of school that stands for all in the formulas.
        icc1 num share | ICC(1): share of the variance of scores that lies between schools; negative where schools differ less than chance.
        icc2 num | ICC(2): reliability of the school means.
        f_statistic num | Between schools against within.
        p_value num | Its p-value.
        n_agreement_schools* int schools | Schools with five or more complete answers.
        median_r_wg num | Median agreement within these schools, r_wg(j), against answers spread evenly.
        agreeing_share num share | Share of these schools with an agreement of .70 or more.
        verdict* text | clear, caution, not_supported, or unknown.
        may_be_shown* bool | Whether school means may be shown.
        rule* text | Rule of the verdict.
        note text | Why a number is missing.
"""

_SCHOOL = f"""
        {_QUESTIONNAIRE}
        survey_id id | Survey; empty where several surveys of the questionnaire are read together.
        school_id id | School; empty: the district.
        construct* text | Construct.
        respondent_role* text | Role of the respondents; all: everybody, also those without a known role.
        mean num | Mean scale score, in units of the items.
        std_error num | Its standard error.
        ci_low num | Lower end of its 95 % interval (t).
        ci_high num | Upper end.
        n_responses int responses | Responses with a scale score.
        r_wg num | Agreement r_wg(j) among complete answers; of schools only.
        may_be_shown* bool | Whether the mean may be shown: the scale is reported, five or more answered and, for schools, school means are supported.
        note text | Why the mean may not be shown.
"""

_RESPONSE = """
        questionnaire_id text | Questionnaire; empty where a survey rates nothing.
        survey_id id | Survey; empty where surveys of the questionnaire are counted together.
        title text | Title of the survey or questionnaire.
        school_year* year | School year by its spring year.
        basis* text | invited: counts of invitations; known_staff: invited and respondents known by name; said_by_respondent: what anonymous respondents said against the staff of the year.
        group_kind* text | all, role, school_level, school, novice, or weight_cell.
        group_value* text | The group.
        n_surveys int surveys | Surveys in the row.
        n_invited int people | People invited; those invited to several surveys count in each.
        n_responses int responses | Responses.
        response_rate num share | Responses by people invited.
        ci_low num | Lower end of its 95 % interval (Wilson).
        ci_high num | Upper end.
        weight num people | Invited people for whom one response of the cell stands.
        invited_from text | How the number of the invited is known.
        note text | Why there is no rate, or what limits it.
"""

_CHANGE = """
        change_kind* text | activity: before and after an activity; within_year: two administrations in a year; year_over_year.
        comparison* text | matched: the same people both times; unmatched: different or unknown people.
        construct* text | Construct.
        title* text | Title of the questionnaire.
        pd_activity_id id | Activity.
        first_survey_id id | First survey; empty where several are read together.
        later_survey_id id | Later survey; empty where several are read together.
        first_date* date | Day of the first (of several: the first of them).
        later_date* date | Day of the later (of several: the last of them).
        first_year* year | School year of the first.
        later_year* year | School year of the later.
        n_items* int items | Items of the construct, the same both times.
        n_first int responses | Scale scores the first time; matched: people.
        n_later int responses | Scale scores the later time; matched: people.
        mean_first num | Mean the first time.
        mean_later num | Mean the later time.
        change num | Later minus first, in units of the items.
        std_error num | Its standard error.
        df num | Degrees of freedom (Welch and Satterthwaite where unmatched).
        ci_low num | Lower end of its 95 % interval.
        ci_high num | Upper end.
        sd_change num | Standard deviation of the changes of persons; matched only.
        direction* text | rose, fell, no_clear_change, or not_computed.
        is_reported* bool | Whether the scale was reported both times.
        note text | What limits the row.
"""

SURVEY_ESTIMATES = (
    _table(
        "estimates.survey_scale", "questionnaire_id survey_id school_year construct",
        "One row per questionnaire, school year and construct, and per survey where there are several",
        "Scale scores, response and reliability.", _SCALE,
    ),
    _table(
        "estimates.survey_item_statistic", "questionnaire_id school_year item_id",
        "One row per questionnaire, school year and rated item",
        "How each item works within its scale.", _ITEM,
    ),
    _table(
        "estimates.survey_aggregation", "questionnaire_id school_year construct",
        "One row per questionnaire, school year and construct",
        "Whether answers may be averaged to schools.", _AGGREGATION,
    ),
    _table(
        "estimates.survey_school_scale", "questionnaire_id school_year construct school_id respondent_role",
        "One row per questionnaire, school year, construct, school (none: the district) and role",
        "Means of schools and of roles.", _SCHOOL,
    ),
    _table(
        "estimates.survey_response", "questionnaire_id survey_id school_year basis group_kind group_value",
        "One row per survey or questionnaire and school year, basis and group",
        "Response rates, and cells of non-response weights.", _RESPONSE,
    ),
    _table(
        "estimates.survey_change",
        "change_kind comparison construct title pd_activity_id n_items first_survey_id later_survey_id first_year later_year",
        "One row per two administrations of the same items of a construct, matched and unmatched apart",
        "Change between administrations.", _CHANGE,
    ),
)  # fmt: skip

_IS_SUPPRESSED = "is_suppressed* bool | Whether the row is of too few people to be shown.\n"

SURVEY_REPORT = (
    _table(
        "report.survey_scale", "questionnaire_id survey_id school_year construct",
        "One row per questionnaire, school year and construct, and per survey where there are several",
        "Scales that may be shown; of too few responses, and of scales that are not reported, no mean.",
        _SCALE + _IS_SUPPRESSED,
    ),
    _table(
        "report.survey_item", "questionnaire_id school_year item_id",
        "One row per questionnaire, school year and rated item",
        "Items; of too few answers no numbers.", _ITEM + _IS_SUPPRESSED,
    ),
    _table(
        "report.survey_aggregation", "questionnaire_id school_year construct",
        "One row per questionnaire, school year and construct",
        "Whether answers may be averaged to schools.", _AGGREGATION,
    ),
    _table(
        "report.survey_school_scale", "questionnaire_id school_year construct school_id respondent_role",
        "One row per questionnaire, school year, construct, school (none: the district) and role",
        "Means that may be shown. Too few responses are hidden; where the hidden ones of a whole are too few, the smallest shown part of it too.",
        _SCHOOL + "school_name text | Name of the school; its id where there is no school source; empty: the district.\n"
        + _IS_SUPPRESSED,
    ),
    _table(
        "report.survey_response", "questionnaire_id survey_id school_year basis group_kind group_value",
        "One row per survey or questionnaire and school year, basis and group",
        "Response rates that may be shown; groups of too few invited are hidden.",
        _RESPONSE + _IS_SUPPRESSED,
    ),
    _table(
        "report.survey_change",
        "change_kind comparison construct title pd_activity_id n_items first_survey_id later_survey_id first_year later_year",
        "One row per two administrations of the same items of a construct, matched and unmatched apart",
        "Changes that may be shown; of too few people on either side, and of scales that are not reported, none.",
        _CHANGE + _IS_SUPPRESSED,
    ),
)  # fmt: skip
