"""What Marketing Automation will do is said on stderr before it is done; nothing is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.model import hub
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services.desk import Desk
from tui_sync.simulator import Organisation

DRAFT = """
[[sync]]
name = "Draft"
module = "Candidates"
list = "Zylker"
on_delete = "remove-from-hub"
initiate = false
"""


def told(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and stderr of a call."""
    capsys.readouterr()
    status = execute(["--workspace", str(folder), *arguments])
    return status, capsys.readouterr().err


def test_the_first_run_says_to_how_many_people_the_hub_may_write_and_the_next_one_does_not(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, err = told(capsys, made, "run", "All alumni", "--json")
    assert status in (0, 5)
    assert "people are delivered for the first time. At Marketing Automation the hub may write to the people" in err
    assert "for the first time" not in told(capsys, made, "run", "All alumni", "--json")[1]
    assert "for the first time" not in told(capsys, made, "run", "IT graduates", "--dry-run")[1]


def test_a_delivery_that_takes_long_says_how_long_beforehand_in_every_run(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "limited", property(lambda _desk: True))
    monkeypatch.setattr(hub, "CALLS", 100)
    execute(["--workspace", str(made), "run", "All alumni", "--dry-run"])
    assert "142 calls to the hub take at least 5 minutes: it takes" in capsys.readouterr().out
    assert "All alumni: 142 calls to the hub take at least 5 minutes" in told(capsys, made, "run", "All alumni", "--json")[1]
    assert "take at least" not in told(capsys, made, "run", "All alumni", "--json")[1]
    execute(["--workspace", str(made), "outcomes", "1", "--status", "new", "--format", "jsonl"])
    brought = [json.loads(line)["record_id"] for line in capsys.readouterr().out.splitlines()]
    organisation = Organisation.open(made / bootstrap.ORGANISATION)
    for record in brought:
        organisation.records.edit(int(record), {"Last_Name": "Everybody"}, organisation.seconds())
    organisation.close()
    later = told(capsys, made, "run", "All alumni", "--json")[1]
    assert f"All alumni: {len(brought)} calls to the hub take at least 5 minutes" in later
    assert "for the first time" not in later


@pytest.mark.parametrize(
    ("kind", "ends_at", "limited"),
    [
        (ConnectionKind.ZOHO, HubKind.MARKETING, True), (ConnectionKind.ZOHO, HubKind.EMBEDDED, False),
        (ConnectionKind.DEMO, HubKind.MARKETING, False),
    ],
)  # fmt: skip
def test_calls_are_limited_at_marketing_automation_and_not_in_the_demo(
    tmp_path: Path, kind: ConnectionKind, ends_at: HubKind, limited: bool
) -> None:
    desk = bootstrap.open_desk(tmp_path / "w", "test")
    assert not desk.limited
    desk.workspace.write_connection(Connection(kind=kind, hub=ends_at))
    assert desk.limited is limited
    desk.workspace.close()


def test_taking_somebody_out_says_that_it_is_an_unsubscribe(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, err = told(capsys, made, "remove", "ann@zylker.com", "--list", "Zylker")
    assert status == 0
    assert err.startswith("At Marketing Automation that is an unsubscribe of 1 person, and the hub may write to them.\n")
    execute(["--workspace", str(made), "explain", "ann@zylker.com"])
    assert "no sync brings them back; no sync had brought them there." in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [("nonsense", "--list", "Zylker"), ("ann@zylker.com", "--list", "Nowhere")])
def test_nothing_is_said_of_an_unsubscribe_where_nobody_can_be_taken_out(
    arguments: tuple[str, ...], made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, err = told(capsys, made, "remove", *arguments)
    assert status == 2
    assert "unsubscribe" not in err


def test_initiating_a_draft_says_what_its_removals_are_there(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = made / "draft.toml"
    file.write_text(DRAFT, encoding="utf-8")
    assert told(capsys, made, "apply", str(file))[0] == 0
    status, err = told(capsys, made, "activate", "Draft")
    assert status == 0
    assert '"Draft" removes people from the hub: at Marketing Automation that is Do-Not-Mail, and cannot be undone.' in err
    told(capsys, made, "deactivate", "Draft")
    assert "Do-Not-Mail" not in told(capsys, made, "activate", "Draft")[1]


def test_approving_says_what_the_removals_are_there(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, made, "run", "All alumni")
    execute(["--workspace", str(made), "outcomes", "1", "--status", "new", "--format", "jsonl"])
    brought = [json.loads(line)["record_id"] for line in capsys.readouterr().out.splitlines()]
    organisation = Organisation.open(made / bootstrap.ORGANISATION)
    for record in brought:
        organisation.records.delete(int(record), organisation.seconds())
    organisation.close()
    assert told(capsys, made, "run", "All alumni")[0] == 4
    status, err = told(capsys, made, "approve", "2")
    assert status in (0, 5)
    assert "At Marketing Automation that is an unsubscribe of" in err
