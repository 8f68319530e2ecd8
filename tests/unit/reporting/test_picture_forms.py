"""Pictures compiled once and filled with rows: the same drawings, wherever and with whatever others drawn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.reporting import drawing_workers
from transforms.reporting.chart_parts import Panel, chart_of, layer, specification_of
from transforms.reporting.drawing_workers import drawn
from transforms.reporting.picture_forms import ROWS, Form, Sketch, draw_sketches, form_of
from transforms.reporting.svg import embed

ROWS_OF_A = [{"name": "coaching", "share": 0.4}, {"name": "confér‹ences›", "share": 0.1}]
ROWS_OF_B = [{"name": "<script>", "share": 0.9}]


def bars(rows: object) -> Panel:
    import altair as alt

    base = alt.Chart(alt.NamedData(ROWS)) if rows is None else chart_of(rows)  # type: ignore[arg-type]
    y = alt.Y("name:N", sort=None)
    return layer(
        base.mark_bar().encode(x="share:Q", y=y), base.mark_text().encode(x="share:Q", y=y, text="name:N")
    )


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of(lambda is_narrow: bars(None).properties(width=100 if is_narrow else 200))


def sketch(form: Form, rows: list[dict[str, object]]) -> Sketch:
    return Sketch("p", form, rows, "what it shows")


def test_a_filled_form_is_the_picture_that_its_own_specification_gives(form: Form) -> None:
    import vl_convert

    (drawing,) = draw_sketches([sketch(form, ROWS_OF_A)])
    own = specification_of(lambda _: bars(ROWS_OF_A).properties(width=200), False)
    assert drawing.wide == embed(vl_convert.vegalite_to_svg(own), "p-wide", "what it shows", "wide")
    assert drawing.narrow != drawing.wide


def test_rows_of_one_picture_are_not_in_the_next(form: Form) -> None:
    first, second, again = draw_sketches([sketch(form, rows) for rows in (ROWS_OF_A, ROWS_OF_B, ROWS_OF_A)])
    assert "coaching" in first
    assert "coaching" not in second
    assert first == again
    assert "<script" not in second


def test_without_rows_there_is_no_picture(form: Form) -> None:
    empty, drawing = draw_sketches([sketch(form, []), sketch(form, ROWS_OF_B)])
    assert not empty
    assert drawing


@pytest.fixture(scope="module")
def pictures(form: Form) -> list[str]:
    data = [{**form.wide["data"][0], "values": rows} for rows in (ROWS_OF_A, ROWS_OF_B, ROWS_OF_A)]
    return [json.dumps({**form.wide, "data": [first, *form.wide["data"][1:]]}) for first in data]


def test_workers_draw_the_same_bytes_in_the_same_order(pictures: list[str]) -> None:
    assert drawn(pictures, 2) == drawn(pictures, 1)


def test_few_pictures_are_drawn_without_workers(pictures: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_workers, "_drawn_elsewhere", lambda _: pytest.fail("a worker was started"))
    assert len(drawn(pictures)) == 3


def test_a_picture_that_a_worker_cannot_draw_is_an_error_with_what_it_said(pictures: list[str]) -> None:
    with pytest.raises(ChildProcessError, match="drawing ended with 1"):
        drawn([*pictures, "no picture"], 2)


def test_a_script_without_a_main_guard_can_draw_with_workers(pictures: list[str], tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import json, sys\n"
        "from transforms.reporting.drawing_workers import drawn\n"
        "print(len(drawn(json.load(sys.stdin), 2)))\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        input=json.dumps(pictures),
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "3\n"
