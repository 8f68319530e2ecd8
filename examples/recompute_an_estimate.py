# %% [markdown]
# # From the frame to an estimate to a picture, without pdeval's own code
#
# The design `within_teacher` compares years of the same teacher: least squares with a fixed effect for each
# teacher in a school and for each grade and year. pdeval fits it from sums inside DuckDB; here it is fitted
# row by row with pyfixest from the published frames. Both must give the same numbers.
#
# Run all of it with `python examples/recompute_an_estimate.py demo/warehouse/pdeval.duckdb`, or cell by cell:
# editors that know `# %%` (VS Code, PyCharm, Spyder, Jupyter with jupytext) open this file as a notebook.

# %%
import json
import sys
from pathlib import Path

import altair
import duckdb
import pyfixest

DATABASE = Path(sys.argv[1] if len(sys.argv) > 1 else "demo/warehouse/pdeval.duckdb")
SUBJECT = "mathematics"
CONTRAST = "per_10_hours"  # or "participated"
PICTURE = Path("recomputed.svg")

study = duckdb.connect(str(DATABASE), read_only=True)
((settings,),) = study.execute("select settings from meta.build").fetchall()
model = json.loads(settings)["model"]
model

# %% [markdown]
# ## What was published
#
# The PD types with a number were fitted jointly; the others say in `note` why they were not.

# %%
published = study.execute(
    """
    select pd_type, estimate_sd, std_error, ci_low, ci_high, n_participants
    from estimates.effect
    where design = 'within_teacher' and subgroup = 'all' and estimate_sd is not null
        and academic_subject = ? and contrast = ?
    order by pd_type
    """,
    [SUBJECT, CONTRAST],
).df()
published

# %% [markdown]
# ## The frame
#
# Results with growth over about a school year, one row for each teacher of the student, weighted by roster
# share.

# %%
rows = study.execute(
    """
    select
        student_id, staff_id, school_id, school_year, assessment_id, term, grade_level,
        roster_weight, score_sd, prior_score_sd, class_mean_prior_sd, school_mean_prior_sd,
        is_english_learner, is_swd, is_economically_disadvantaged, is_gifted, is_female
    from frames.growth_analysis
    where academic_subject = ? and is_design_window and roster_weight > 0
    """,
    [SUBJECT],
).df()
rows.shape

# %% [markdown]
# ## The exposure
#
# A student of several teachers carries the mean of their hours, each by roster share: the hours of a row are
# those of the student's result, not of one teacher.

# %%
hours = study.execute(
    """
    with
    results as (
        select student_id, assessment_id, school_year, term, staff_id, window_start, window_end,
            roster_weight / sum(roster_weight) over of_result as share
        from frames.growth_analysis
        where academic_subject = $subject and is_design_window and roster_weight > 0
        window of_result as (partition by student_id, assessment_id, school_year, term)
    )

    select student_id, assessment_id, school_year, term, pd_type,
        sum(share * aligned_hours) / 10 as per_10_hours,
        sum(share * (aligned_hours > 0)::int) as participated,
        sum(share * other_hours) / 10 as other_hours
    from results
    join (select * from frames.teacher_year_exposure where academic_subject = $subject)
        using (staff_id, school_year, window_start, window_end)
    group by all
    """,
    {"subject": SUBJECT},
).df()
RESULT = ["student_id", "assessment_id", "school_year", "term"]
doses = hours.pivot_table(index=RESULT, columns="pd_type", values=CONTRAST, aggfunc="sum", fill_value=0.0)
doses = doses[list(published["pd_type"])].add_prefix("dose_")
doses["other_hours"] = hours.groupby(RESULT)["other_hours"].sum()
frame = rows.merge(doses.reset_index(), on=RESULT, how="left")
frame[doses.columns] = frame[doses.columns].fillna(0.0)
frame.filter(like="dose_").describe()

# %% [markdown]
# ## The model
#
# The controls of the study's `[model]`: a polynomial of the prior, covariates with an indicator where a value
# is missing, class and school means of the prior, grade by year, term, assessment, hours in other subjects.
# What does not vary is left out.

# %%
controls = ["prior_score_sd"]
for degree in range(2, model["prior_degree"] + 1):
    frame[f"prior_{degree}"] = frame["prior_score_sd"] ** degree
    controls.append(f"prior_{degree}")
for name in model["covariates"]:
    frame[f"{name}_missing"] = frame[name].isna().astype(float)
    frame[name] = frame[name].astype("boolean").fillna(False).astype(float)
    controls += [name, f"{name}_missing"]
if model["has_context_means"]:
    controls += ["class_mean_prior_sd", "school_mean_prior_sd"]
frame["grade_in_year"] = frame["grade_level"].astype(str) + " in " + frame["school_year"].astype(str)
frame["teacher_in_school"] = frame["school_id"] + " " + frame["staff_id"]
controls = [name for name in [*controls, "other_hours"] if frame[name].nunique() > 1]
factors = [name for name in ("grade_in_year", "term", "assessment_id") if frame[name].nunique() > 1]
doses = [f"dose_{name}" for name in published["pd_type"]]
formula = " + ".join([*doses, *controls, *(f"C({name})" for name in factors)])
fit = pyfixest.feols(
    f"score_sd ~ {formula} | teacher_in_school",
    data=frame,
    weights="roster_weight",
    vcov={"CRV1": "school_id"},
    fixef_rm="none",
    demeaner=pyfixest.MapDemeaner(fixef_tol=1e-13),
)

# %% [markdown]
# ## The same numbers
#
# pdeval's standard errors are CR2 by school with Satterthwaite degrees of freedom; pyfixest's are CR1,
# usually a little smaller.

# %%
own = published.assign(
    recomputed_sd=[fit.coef()[name] for name in doses],
    std_error_cr1=[fit.se()[name] for name in doses],
)
own["difference"] = own["recomputed_sd"] - own["estimate_sd"]
assert own["difference"].abs().max() < 1e-8, "not the published estimates"
print(own.drop(columns=["ci_low", "ci_high", "n_participants"]).to_string())

# %% [markdown]
# ## The picture

# %%
base = altair.Chart(own).encode(y=altair.Y("pd_type:N", title=None, sort="-x"))
intervals = base.mark_rule(strokeWidth=2).encode(
    x=altair.X("ci_low:Q", title=f"{CONTRAST}, standard deviations of student scores (95 % interval)"),
    x2="ci_high:Q",
)
points = base.mark_point(filled=True, size=60).encode(x="recomputed_sd:Q")
zero = altair.Chart().mark_rule(strokeDash=[4, 4]).encode(x=altair.datum(0))
title = f"Years of the same teacher compared: {SUBJECT}"
picture = (zero + intervals + points).properties(width=480, title=title)
picture.save(PICTURE)
study.close()
print(f"picture: {PICTURE}")
