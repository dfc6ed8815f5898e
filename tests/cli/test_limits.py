"""The limits on the command line: what is used, what is queued, what is refused with status 3."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Ended, Program
from tui_sync.model.limits import Limits
from tui_sync.model.workspace import Settings
from tui_sync.services import syncs


def allow(tui: Program, **plan: int) -> None:
    """Another plan, in a time zone of its own."""
    desk = tui.open(tui.folder, "test")
    desk.workspace.meta.write("settings", Settings(timezone="Asia/Kolkata", limits=Limits(**plan)))
    desk.workspace.close()


def definition(*names: str, at: str = "09:00", mailing: str = "Zylker") -> str:
    return "".join(
        f'[[sync]]\nname = "{name}"\nmodule = "Candidates"\nlist = "{mailing}"\nfrequency = "daily"\nat = "{at}"\n'
        for name in names
    )


def apply(tui: Program, tmp_path: Path, text: str) -> Ended:
    path = tmp_path / "more.toml"
    path.write_text(text)
    return tui("apply", str(path))


def states(tui: Program) -> dict[str, str]:
    return {row["name"]: row["state"] for row in tui("syncs", "--json").json("syncs")}


def test_what_is_used_is_shown_with_the_limit_and_until_when(tui: Program) -> None:
    allow(tui)
    tui.apply(definition("A", "B"))
    now = tui("limits", "--json").json("limits")
    assert now["month"] == {"used": 2, "limit": 50, "until": "2026-04-01T00:00:00+05:30", "ends_at": 2}
    assert now["day"] == {"used": 2, "limit": 10, "until": "2026-03-03T00:00:00+05:30"}
    assert now["active"] == {"used": 2, "limit": 10, "queued": 0}
    assert (now["timezone"], now["queued"], now["credits"]) == ("Asia/Kolkata", [], [])
    assert now["due"][0] == {"date": "2026-03-02", "syncs": 2}
    assert len(now["due"]) == 31
    told = tui("limits").out
    assert "2 of 50 initiated, until 2026-04-01 00:00 Asia/Kolkata" in told
    assert "At the current schedules the month ends at 2 of 50." in told
    assert "No day of the 30 days after today has more than 2 of 10 due." in told


def test_an_applied_sync_beyond_the_day_is_queued_and_says_until_when(tui: Program, tmp_path: Path) -> None:
    allow(tui, day=2)
    ended = apply(tui, tmp_path, definition("A", "B", "C"))
    assert ended.status == 0
    assert '+ sync "C", queued: Candidates to Zylker' in ended.lines
    assert '"C" is queued and becomes active on 2026-03-03 00:00 Asia/Kolkata.' in ended.err
    assert states(tui) == {"A": "active", "B": "active", "C": "queued"}
    [shown] = [line for line in tui("syncs").lines if line.startswith("C ")]
    assert "2026-03-03 00:00" in shown, "where the next run stands, it says when it becomes active"
    assert "It becomes active on 2026-03-03 00:00 Asia/Kolkata." in tui("show", "C").out
    assert tui("limits", "--json").json("limits")["queued"] == [{"sync": "C", "starts": "2026-03-03T00:00:00+05:30"}]
    assert {sync["name"]: sync["next"] for sync in tui("syncs", "--json").json("syncs")}["C"] == "2026-03-02T18:30:00Z"
    assert "C, active on 2026-03-03 00:00 Asia/Kolkata" in tui("limits").out


def test_a_draft_that_is_activated_beyond_the_day_is_queued_too(tui: Program, tmp_path: Path) -> None:
    allow(tui, day=1)
    tui.apply(definition("A"))
    tui("duplicate", "A", "B")
    ended = tui("activate", "B")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == '"B" is queued and becomes active on 2026-03-03 00:00 Asia/Kolkata.\n'


def test_a_queued_sync_is_not_run_status_3_and_prints_no_object(tui: Program) -> None:
    allow(tui, day=1)
    tui.apply(definition("A"))
    tui("duplicate", "A", "B")
    tui("activate", "B")
    ended = tui("run", "B", "--json")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err == '"B" is queued and becomes active on 2026-03-03 00:00 Asia/Kolkata.\n'


def test_a_run_beyond_the_day_is_status_3_with_the_moment_and_prints_no_object(tui: Program) -> None:
    allow(tui)
    tui.apply(definition("A", "B"))
    tui.clock.pass_by(days=1)
    allow(tui, day=1)
    assert tui("run", "A").status == 0
    ended = tui("run", "B", "--json")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err == (
        'The only sync of today, 2026-03-03, is used. "B" can run from 2026-03-04 00:00 Asia/Kolkata on.\n'
    )
    assert tui("run", "B", "--dry-run").status == 0
    assert tui("run", "A").status == 0


@pytest.mark.parametrize(
    ("plan", "told"),
    [({"month": 2}, "All 2 initiations of March 2026 are used."), ({"active": 2}, "All 2 places of active syncs are taken.")],
)
def test_a_file_with_one_refusal_is_refused_whole(
    tui: Program, tmp_path: Path, plan: dict[str, int], told: str
) -> None:
    allow(tui, **plan)
    tui.apply(definition("A"))
    changed = definition("A", at="08:00") + definition("B", "C", mailing="New list")
    ended = apply(tui, tmp_path, changed)
    assert (ended.status, ended.out) == (3, "")
    assert told in ended.err
    assert states(tui) == {"A": "active"}
    assert "every day 09:00" in tui("show", "A").out
    assert [known["name"] for known in tui("lists", "--json").json("lists")] == ["Zylker"]
    assert tui("limits", "--json").json("limits")["month"]["used"] == 1


def test_activating_beyond_the_places_is_status_3_with_the_way_out(tui: Program) -> None:
    allow(tui, active=1)
    tui.apply(definition("A"))
    tui("duplicate", "A", "B")
    ended = tui("activate", "B")
    assert ended.status == 3
    assert ended.err == "The only place of active syncs is taken. Deactivate a sync first: tui-sync deactivate NAME\n"
    tui("deactivate", "A")
    assert tui("activate", "B").status == 0


def test_the_credits_of_a_run_are_told_with_its_calls(tui: Program) -> None:
    allow(tui)
    tui.apply(definition("A"))
    tui("run", "A")
    desk = tui.open(tui.folder, "test")
    run = desk.workspace.runs.all()[0]
    desk.workspace.runs.put(msgspec.structs.replace(run, credits=15))
    assert syncs.listing(desk)[0].last is not None
    desk.workspace.close()
    assert "15 credits" in tui("show", "A").out
    assert tui("limits", "--json").json("limits")["credits"] == [{"run": "1", "sync": "A", "credits": 15}]
    assert "run 1 of A: 15" in tui("limits").out
