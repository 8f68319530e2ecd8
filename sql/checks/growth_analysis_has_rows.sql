-- grain: one row if no score can be tied to growth and a teacher, else none
-- question: is there anything for the growth models?
-- table: frames.growth_analysis
-- columns:
-- severity: warning
-- meaning: At least one student has a score, a prior score and a teacher in the subject; without any, no effect can be estimated.
-- detail: that there is none
select 'no score has both a prior score and a teacher' as detail
where not exists (select 1 from frames.growth_analysis)
