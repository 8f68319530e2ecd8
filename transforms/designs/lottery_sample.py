"""Who was offered a PD type by lot, and the growth of those who have one in the first year after it."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from transforms.designs.panel import BoolArray, DesignRefusedError, FloatArray, IntArray, TeacherPanel


@dataclass(frozen=True, eq=False)
class LotteryOffers:
    """Every place drawn for, with or without growth in the panel; arrays of one length, an entry an offer.

    ``teacher`` is the code in the panel, -1 where the staff member is not in it. ``stratum`` codes cohort by
    block, within which the draw was made; without blocks a cohort is one. ``outcome_year`` is the first
    school year with a growth window that ends after the day of the draw; where no day is known the cohort, if
    it is a school year; -1 where neither tells, or no window ends after it yet. ``is_of_other_subject``
    marks staff with growth in other academic subjects and in no year in the panel's.
    """

    teacher: IntArray
    is_offered: BoolArray
    stratum: IntArray
    outcome_year: IntArray
    is_of_other_subject: BoolArray


def read_offers(connection: duckdb.DuckDBPyConnection, pd_type: str, panel: TeacherPanel) -> LotteryOffers:
    """Offers of ``pd_type`` from frames.pd_offer, ordered by cohort, block and staff member; maybe none.

    Reads frames.growth_analysis for the subjects that the staff have growth in.
    """
    rows = connection.execute(
        """
        with
        taught as (
            select staff_id, bool_or(academic_subject = $academic_subject) as is_of_subject
            from frames.growth_analysis
            group by staff_id
        )

        select
            offers.staff_id,
            offers.is_offered,
            coalesce(offers.outcome_school_year, -1),
            dense_rank() over (order by offers.cohort, offers.block) - 1,
            coalesce(not taught.is_of_subject, false)
        from frames.pd_offer as offers
        left join taught using (staff_id)
        where offers.pd_type = $pd_type
        order by offers.cohort, offers.block, offers.staff_id
        """,
        {"pd_type": pd_type, "academic_subject": panel.academic_subject},
    ).fetchall()
    codes = {str(staff_id): code for code, staff_id in enumerate(panel.staff_ids)}
    return LotteryOffers(
        np.array([codes.get(str(row[0]), -1) for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=bool),
        np.array([row[3] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int64),
        np.array([row[4] for row in rows], dtype=bool),
    )


@dataclass(frozen=True)
class Attrition:
    """Offers without growth in their outcome year, as shares of all (``n_drawn``) whose year is in the data.

    ``differential`` is the share lost of the offered less that of the others. Staff with growth in other
    subjects only are not among the drawn but counted apart (``n_of_other_subject``). ``n_never_in_panel`` of
    the lost have no growth in any year: who never teaches a tested class is among them and counts as
    lost, since the files do not say for whom the draw was meant.
    """

    overall: float
    differential: float
    n_drawn: int
    n_never_in_panel: int
    n_of_other_subject: int


@dataclass(frozen=True, eq=False)
class LotterySample:
    """Offers with growth in the outcome year, one entry each (m), a teacher's schools taken together.

    ``growth_sd`` and ``prior_mean_sd`` are means by ``weight``, ``hours`` those of the year, ``school`` that
    with most weight, ``stratum`` codes from 0 without gaps. ``panel_rows`` are the rows behind them,
    ``panel_offer`` (as many) their entries.
    """

    teacher: IntArray
    school: IntArray
    stratum: IntArray
    is_offered: BoolArray
    weight: FloatArray
    growth_sd: FloatArray
    prior_mean_sd: FloatArray
    hours: FloatArray
    panel_rows: IntArray
    panel_offer: IntArray
    attrition: Attrition
    n_unknown_year: int
    n_strata_of_one_arm: int


def build_lottery_sample(panel: TeacherPanel, type_position: int, offers: LotteryOffers) -> LotterySample:
    """Join offers and panel; strata in which all with growth are of one arm are left out.

    Raises DesignRefusedError without offers, without outcome years, or without a stratum with both arms.
    """
    if not len(offers.teacher):
        raise DesignRefusedError("no places of it were drawn by lot (pd_assignment has none)")
    is_known = offers.outcome_year >= 0
    if not is_known.any():
        raise DesignRefusedError(
            f"no growth window ends after the draw of any of {len(is_known)} places, or its day is not known"
        )
    rows, entry = _join(panel, offers)
    found = np.unique(entry)
    attrition = _attrition(offers, is_known, found)
    in_both = _strata_of_both_arms(offers, found)
    if not len(in_both):
        raise DesignRefusedError(
            "in no block are there both teachers with an offer and without it who have growth"
        )
    is_kept = np.isin(offers.stratum[entry], in_both)
    rows, entry = rows[is_kept], entry[is_kept]
    kept, place = np.unique(entry, return_inverse=True)
    weight: FloatArray = np.bincount(place, panel.weight[rows]).astype(np.float64)

    def mean(values: FloatArray) -> FloatArray:
        return np.bincount(place, panel.weight[rows] * values[rows]) / weight

    hours = np.zeros(len(kept))
    np.maximum.at(hours, place, panel.hours[rows, type_position])
    return LotterySample(
        teacher=offers.teacher[kept],
        school=_main_schools(panel, rows, place),
        stratum=np.unique(offers.stratum[kept], return_inverse=True)[1].astype(np.int64),
        is_offered=offers.is_offered[kept],
        weight=weight,
        growth_sd=mean(panel.growth_sd),
        prior_mean_sd=mean(panel.prior_mean_sd),
        hours=hours,
        panel_rows=rows,
        panel_offer=place.astype(np.int64),
        attrition=attrition,
        n_unknown_year=int((~is_known).sum()),
        n_strata_of_one_arm=len(np.unique(offers.stratum[found])) - len(in_both),
    )


def _join(panel: TeacherPanel, offers: LotteryOffers) -> tuple[IntArray, IntArray]:
    """Rows of the panel and the offers whose teacher and outcome year they are of, one pair an entry."""
    order = np.lexsort((panel.school_year, panel.teacher))
    span = int(max(panel.school_year.max(), offers.outcome_year.max())) + 2
    keys = panel.teacher[order] * span + panel.school_year[order]
    wanted = np.where(offers.teacher >= 0, offers.teacher * span + offers.outcome_year, -1)
    first, last = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    last = np.where((wanted >= 0) & (offers.outcome_year >= 0), last, first)
    counts = last - first
    entry = np.repeat(np.arange(len(wanted)), counts)
    within = np.arange(len(entry)) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[np.repeat(first, counts) + within], entry


def _attrition(offers: LotteryOffers, is_known: BoolArray, found: IntArray) -> Attrition:
    is_drawn = is_known & ~offers.is_of_other_subject
    is_lost = is_drawn.copy()
    is_lost[found] = False
    arms = [is_lost[is_drawn & (offers.is_offered == arm)] for arm in (True, False)]
    if not all(len(arm) for arm in arms):
        raise DesignRefusedError("all or none of those drawn for have an offer")
    offered, others = (float(arm.mean()) for arm in arms)
    return Attrition(
        float(is_lost[is_drawn].mean()),
        offered - others,
        int(is_drawn.sum()),
        int((is_lost & (offers.teacher < 0)).sum()),
        int((is_known & offers.is_of_other_subject).sum()),
    )


def _strata_of_both_arms(offers: LotteryOffers, found: IntArray) -> IntArray:
    stratum, is_offered = offers.stratum[found], offers.is_offered[found]
    both: IntArray = np.intersect1d(stratum[is_offered], stratum[~is_offered])
    return both


def _main_schools(panel: TeacherPanel, rows: IntArray, place: IntArray) -> IntArray:
    """School of most weight of each entry; of equals the one with the lowest code."""
    order = np.lexsort((panel.school[rows], -panel.weight[rows], place))
    starts = np.searchsorted(place[order], np.arange(int(place.max()) + 1))
    schools: IntArray = panel.school[rows][order][starts]
    return schools
