"""Stage 5: the tables that may be shown, and the report made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

from expectations.schema_versions import SCHEMA_VERSION
from flows.branding import branding_of
from flows.folders import PUBLIC_FOLDER, write_atomically
from flows.records import last_published
from flows.restricted import RESTRICTED_FILE_MODE
from flows.settings import DisclosureTable
from flows.study_run import StudyRun
from transforms.disclosure import Verdict
from transforms.errors import DisclosureBlockedError
from transforms.growth.student_percentiles import BUNCHED_SHARE
from transforms.history.keep import keep_history
from transforms.history.recall import Memory, Study, recall
from transforms.macros import create_macros
from transforms.published_comments import comment_on_sources
from transforms.release.control import make_released_tables
from transforms.release.counted import MINIMUM_STAFF, MINIMUM_STUDENTS
from transforms.release.counts import REPORT_COUNTS
from transforms.release.kept import NOTHING_BEFORE, KeptCounts, LastReleases, last_releases
from transforms.release.public import write_public
from transforms.release.rounded import Rounding
from transforms.release.table_verdicts import TableVerdict
from transforms.reporting.site import render_report
from transforms.warehouse import insert_rows, open_database, sql_files

# Groups of fewer students, or fewer staff, than the minimums are not shown. The middle of fewer than five
# schools says little.
# A norm group is said to be bunched, or poorly fitted, above the shares below; 3.5 errors of a cell's share
# allow for the largest of a hundred cells.
REPORT_PARAMETERS: dict[str, object] = {
    "minimum_cell": MINIMUM_STUDENTS,
    "minimum_staff": MINIMUM_STAFF,
    "minimum_schools": 5,
    "bunched_share": BUNCHED_SHARE,
    "fit_deviation": 0.03,
    "fit_errors": 3.5,
    # shares of weights are compared with tenths and quarters: sums of thirds reach them but for rounding
    "rounding": 1e-9,
}


def report_parameters(disclosure: DisclosureTable) -> dict[str, object]:
    """What the report's SQL is made with in a study that sets minimums of its own."""
    minimums = {"minimum_cell": disclosure.minimum_students, "minimum_staff": disclosure.minimum_staff}
    return {**REPORT_PARAMETERS, **minimums}


def write_report(run: StudyRun, candidate: Path) -> Path:
    """Build the candidate's ``report`` tables and render its report; return the path of the page.

    The candidate says from here on that it is published: nothing is written to it afterwards, and
    nobody sees it before it is.
    """
    connection = open_database(
        candidate, memory_limit=run.settings.warehouse.memory_limit, scratch=run.warehouse.scratch
    )
    try:
        last = _last_releases(run)
        parameters = report_parameters(run.settings.disclosure)
        released = make_released_tables(
            connection, sql_files("report"), parameters, REPORT_COUNTS, last.report
        )
        insert_rows(connection, "meta.disclosure", [astuple(row) for row in released.verdicts])
        _refuse(released.verdicts)
        lineage = released.lineage
        finished_at = datetime.now(UTC).replace(tzinfo=None)
        connection.execute("update meta.build set status = 'published', finished_at = ?", [finished_at])
        lineage += keep_history(connection, _memory(run), parameters)
        insert_rows(connection, "meta.table_lineage", [astuple(row) for row in lineage])
        comment_on_sources(connection)
        create_macros(connection, run.build_id)
        connection.execute("checkpoint")
        folder = run.warehouse.report(run.build_id)
        run.notes.report = render_report(connection, folder, run.build_id, branding_of(run.settings))
        minimum, rounding = run.settings.disclosure.public_minimum, _rounding(run)
        public = write_public(
            connection, folder / PUBLIC_FOLDER, REPORT_COUNTS, last.public, minimum, rounding
        )
        _refuse(public.verdicts)
        kept = KeptCounts(_study(run), SCHEMA_VERSION, released.judged.told, public.told)
        write_atomically(run.warehouse.released(run.build_id), kept.as_json(), RESTRICTED_FILE_MODE)
        return run.notes.report
    finally:
        connection.close()


def _refuse(verdicts: Sequence[TableVerdict]) -> None:
    """Refuse tables from which a hidden figure could be worked out."""
    failed = [one.table_name for one in verdicts if one.verdict == Verdict.FAIL]
    if failed:
        tables = ", ".join(failed)
        raise DisclosureBlockedError(
            f"hidden figures could be worked out from {tables}; nothing was published. This is not"
            " to be mended in the data: report it with meta.disclosure of the candidate"
        )


def _rounding(run: StudyRun) -> Rounding | None:
    base = run.settings.disclosure.public_rounding
    return None if base is None else Rounding(base, run.key)


def _study(run: StudyRun) -> Study:
    return Study(run.settings.study.name, run.settings.study.lea_id)


def _last_releases(run: StudyRun) -> LastReleases:
    """What readers have of the published build, which this one takes the place of."""
    last = last_published(run.warehouse.folder)
    if last is None:
        return NOTHING_BEFORE
    kept = run.warehouse.released(last.build_id)
    return last_releases(kept.read_bytes() if kept.exists() else None, _study(run), SCHEMA_VERSION)


def _memory(run: StudyRun) -> Memory:
    """What the published database remembers of earlier reports; a warning where that was lost.

    A file that is damaged, or that somebody has opened for writing, has a copy among the builds.
    """
    places = []
    if run.warehouse.published.exists():
        last = last_published(run.warehouse.folder)
        copies = [run.warehouse.build(last.build_id)] if last else []
        places = [run.warehouse.published, *(copy for copy in copies if copy.exists())]
    memory = recall(places, _study(run))
    if memory.is_lost:
        run.notes.warnings.append(f"the history of reports begins anew: {memory.reason}")
    return memory
