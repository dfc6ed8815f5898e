"""Rows written to files: what stands in them, who may read them, and what is never overwritten."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from tui_sync.model.hub import Member
from tui_sync.model.outcomes import Cause, Outcome, Reason, Status
from tui_sync.present.runs import KEYS, OUTCOME_KEYS, RUN_HEADER
from tui_sync.ui import export
from tui_sync.ui.names import Names

PEOPLE = [
    Outcome(record_id="1", email='=HYPERLINK("x")', status=Status.IGNORED, reason=Reason.INVALID_PATTERN, detail="a, b\x1b"),
    Outcome(record_id="2", email="b@zylker.com", status=Status.DELETED, cause=Cause.OPTED_OUT, name="never written"),
    Outcome(record_id="3", status=Status.NEW),
]


@pytest.fixture
def kind(tmp_path: Path) -> export.Kind:
    stage = Stage(tmp_path / "w")
    try:
        return export.kind_of(stage.desk, PEOPLE)
    finally:
        stage.close()


def test_csv_has_the_keys_of_the_contract_and_no_cell_that_a_spreadsheet_would_calculate(
    tmp_path: Path, kind: export.Kind
) -> None:
    path = tmp_path / "p.csv"
    assert asyncio.run(export.write(path, export.CSV, kind, PEOPLE)) == 3
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == OUTCOME_KEYS
    assert rows[1] == ["1", "'=HYPERLINK(\"x\")", "ignored", "invalid_pattern", "", "a, b\\x1b"]
    assert rows[2:] == [["2", "b@zylker.com", "deleted", "", "opted_out", ""], ["3", "", "new", "", "", ""]]
    assert path.stat().st_mode & 0o777 == 0o600


def test_json_has_one_object_a_line_with_null_where_there_is_nothing(tmp_path: Path, kind: export.Kind) -> None:
    path = tmp_path / "p.jsonl"
    asyncio.run(export.write(path, export.JSON, kind, PEOPLE))
    objects = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    assert [tuple(found) for found in objects] == [OUTCOME_KEYS] * 3
    assert objects[0]["email"] == '=HYPERLINK("x")'
    assert objects[2]["email"] is objects[2]["reason"] is None


def test_an_existing_file_is_refused_with_a_free_name_and_stays_as_it_is(tmp_path: Path, kind: export.Kind) -> None:
    path = tmp_path / "IT-graduates.csv"
    path.write_text("kept")
    assert "Free is: IT-graduates-2.csv" in export.refusal("IT-graduates.csv", tmp_path, "IT graduates", "csv")
    with pytest.raises(FileExistsError):
        asyncio.run(export.write(path, export.CSV, kind, PEOPLE))
    assert path.read_text() == "kept"


def test_names_of_files_are_made_of_plain_letters_and_mistakes_are_told(tmp_path: Path) -> None:
    assert export.suggested(tmp_path, "../Zoë [x]\x1b; rm", "csv") == tmp_path / "Zoe-x-rm.csv"
    assert export.suggested(tmp_path, "翔", "csv").name == "people.csv"
    assert export.refusal("  ", tmp_path, "n", "csv") == "Name a file."
    assert "is a folder" in export.refusal(str(tmp_path), tmp_path, "n", "csv")
    assert "There is no folder" in export.refusal("nowhere/x.csv", tmp_path, "n", "csv")
    assert export.refusal("x.csv", tmp_path, "n", "csv") == ""


def test_a_file_that_could_not_be_finished_is_taken_away(tmp_path: Path, kind: export.Kind) -> None:
    path = tmp_path / "p.csv"
    with pytest.raises(AttributeError):
        asyncio.run(export.write(path, export.CSV, kind, [*PEOPLE, "no outcome"]))
    assert not path.exists()


def test_runs_are_written_under_their_titles_and_as_the_objects_of_the_contract(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "w")
    stage.people(2)
    stage.sync("A")
    runs = [stage.run("A")]
    kind = export.kind_of(stage.desk, runs)
    asyncio.run(export.write(tmp_path / "r.csv", export.CSV, kind, runs))
    asyncio.run(export.write(tmp_path / "r.jsonl", export.JSON, kind, runs))
    stage.close()
    header, row = csv.reader((tmp_path / "r.csv").read_text().splitlines())
    assert tuple(header) == RUN_HEADER
    assert row[header.index("New")] == "2"
    assert tuple(json.loads((tmp_path / "r.jsonl").read_text())) == KEYS


def test_where_the_screen_shows_names_they_stand_behind_the_address(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "w")
    stage.people(2)
    sync = stage.sync("A")
    run = stage.run("A")
    people = list(stage.desk.workspace.runs.outcomes(run.id))
    kind = export.named_kind(Names(stage.desk, sync.id))
    asyncio.run(export.write(tmp_path / "p.csv", export.CSV, kind, people))
    asyncio.run(export.write(tmp_path / "p.jsonl", export.JSON, kind, people))
    stage.close()
    header, *rows = csv.reader((tmp_path / "p.csv").read_text().splitlines())
    assert header == ["record_id", "email", "name", "status", "reason", "cause", "detail"]
    assert all(row[2] for row in rows)
    objects = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert [list(found) for found in objects] == [header] * 2
    assert [found["name"] for found in objects] == [row[2] for row in rows]


def test_names_of_columns_neither_calculate_nor_steer_a_terminal(tmp_path: Path) -> None:
    columns = ("Lead Email", "=HYPERLINK(1)", "City\x1b[2J\u202e")
    kind = export.leads_kind(columns, lambda member: {"email": member.email})
    members = [Member(email="a@zylker.com", fields={columns[1]: "x"})]
    asyncio.run(export.write(tmp_path / "leads.csv", export.CSV, kind, members))
    rows = list(csv.reader((tmp_path / "leads.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == [["Lead Email", "'=HYPERLINK(1)", "City\\x1b[2J\\u202e"], ["a@zylker.com", "x", ""]]
    kind = export.leads_kind((columns[2], "Lead Email"), lambda member: {"email": member.email})
    asyncio.run(export.write(tmp_path / "leads.txt", export.TABLE, kind, members))
    head, one = (tmp_path / "leads.txt").read_text(encoding="utf-8").splitlines()
    assert head.index("Lead Email") == one.index("a@zylker.com") == len("City\\x1b[2J\\u202e") + 2
