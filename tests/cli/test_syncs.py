"""syncs, show, rename, duplicate, activate, deactivate, delete; plan, apply, export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NEWSLETTER, Program

CRITERIA = """
[[sync]]
name = "Graduates"
module = "Candidates"
select = "criteria"
conditions = [
  { field = "City", operator = "is", value = "Pune" },
  { field = "City", operator = "is", value = "Lyon" },
  { field = "First_Name", operator = "is not empty" },
]
pattern = "(1 or 2) and 3"
list = "Zylker"
on_opt_out = "remove-from-hub"
frequency = "weekly"
on = "monday"
at = "09:00"
timezone = "Asia/Kolkata"
"""


def test_applying_a_file_initiates_its_syncs_and_starts_no_run(tui: Program) -> None:
    ended = tui.apply()
    assert '+ sync "Newsletter", initiated: Candidates to Zylker' in ended.lines
    assert any(line.startswith('+ list "Zylker"') for line in ended.lines)
    assert tui("runs", "--json").json("runs") == []


def test_a_plan_tells_what_applying_would_change_and_changes_nothing(tui: Program, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(NEWSLETTER)
    (change,) = tui("plan", str(path), "--json").json("changes")
    assert (change["sync"], change["action"], change["initiate"], change["new_list"]) == (
        "Newsletter", "create", True, "Zylker",
    )  # fmt: skip
    assert tui("syncs", "--json").json("syncs") == []
    assert tui("lists", "--json").json("lists") == []


def test_a_changed_definition_is_told_key_by_key(tui: Program, tmp_path: Path) -> None:
    tui.apply()
    path = tmp_path / "changed.toml"
    path.write_text(NEWSLETTER + 'frequency = "daily"\n')
    (change,) = tui("plan", str(path), "--json").json("changes")
    assert change["action"] == "change"
    assert change["changes"] == [{"key": "frequency", "before": "", "after": '"daily"'}]
    assert '    frequency: once (default) -> daily' in tui("apply", str(path)).lines
    assert tui("apply", str(path)).lines == ['= sync "Newsletter"']


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('module = "Candidate"', "module"),
        ('on_opt_out = "burn"', "on_opt_out"),
        ('pattern = "1 and 2"', "pattern"),
        ('liste = "x"', "liste"),
        ("mapping = 3", "mapping"),
    ],
)
def test_a_mistake_names_file_sync_and_key_and_changes_nothing(
    change: str, named: str, tui: Program, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.toml"
    key = change.split(" =")[0]
    kept = [line for line in NEWSLETTER.splitlines() if not line.startswith(f"{key} ")]
    path.write_text("\n".join([*kept, change]))
    ended = tui("apply", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert all(word in ended.err for word in (str(path), "Newsletter", named))
    assert tui("syncs", "--json").json("syncs") == []


def test_an_unreadable_file_is_status_2(tui: Program, tmp_path: Path) -> None:
    (tmp_path / "no.toml").write_text("[[sync")
    assert tui("apply", str(tmp_path / "no.toml")).status == 2
    assert tui("plan", str(tmp_path / "absent.toml")).status == 2
    assert tui("plan", str(tmp_path)).status == 2


def test_an_export_is_a_file_that_changes_nothing(tui: Program, tmp_path: Path) -> None:
    tui.apply(NEWSLETTER + CRITERIA)
    path = tmp_path / "export.toml"
    path.write_text(tui("export").out)
    assert tui("plan", str(path)).lines == ['= sync "Newsletter"', '= sync "Graduates"']


def test_the_listing_has_name_module_list_state_and_next_newest_first(tui: Program) -> None:
    tui.apply(NEWSLETTER + CRITERIA)
    first, second = tui("syncs", "--json").json("syncs")
    assert (first["name"], second["name"]) == ("Graduates", "Newsletter")
    assert (first["module"], first["list"], first["state"]) == ("Candidates", "Zylker", "active")
    assert first["next"] == "2026-03-09T03:30:00Z"
    assert first["last"] is None
    assert tui("syncs").lines[1].startswith("Graduates")


def test_a_sync_is_shown_in_words(tui: Program) -> None:
    tui.apply(CRITERIA)
    shown = tui("show", "Graduates").out
    for words in (
        "Candidates, where (1 or 2) and 3", 'City is "Pune"', "First Name is not empty", "from First Name",
        "ignored, and removed from the whole hub", "every Monday 09:00 Asia/Kolkata", "active", "none yet",
    ):  # fmt: skip
        assert words in shown


def test_a_sync_as_json_carries_its_whole_definition(tui: Program) -> None:
    tui.apply(CRITERIA)
    sync = tui("show", "Graduates", "--json").json("sync")
    assert sync["pattern"] == "(1 or 2) and 3"
    assert sync["conditions"][0] == {"field": "City", "operator": "is", "value": "Pune"}
    assert (sync["on_opt_out"], sync["on_delete"], sync["on_convert"]) == ("remove-from-hub", "remove-from-hub", "keep")
    assert sync["mapping"]["Lead Email"] == "Email"
    assert sync["last"] is None


def test_a_sync_goes_through_its_states(tui: Program) -> None:
    def states() -> dict[str, str]:
        return {sync["name"]: sync["state"] for sync in tui("syncs", "--json").json("syncs")}

    tui.apply()
    assert tui("rename", "Newsletter", "News").status == 0
    assert tui("duplicate", "News", "Copy").status == 0
    assert states() == {"News": "active", "Copy": "draft"}
    assert tui("activate", "Copy").status == 0
    assert tui("deactivate", "News").status == 0
    assert states() == {"News": "inactive", "Copy": "active"}
    assert tui("delete", "News").status == 0
    assert states() == {"Copy": "active"}


def test_what_a_state_or_a_name_forbids_is_status_2(tui: Program) -> None:
    tui.apply()
    tui("duplicate", "Newsletter", "Copy")
    for command in (
        ("deactivate", "Copy"), ("rename", "Newsletter", "Copy"), ("duplicate", "Newsletter", " "), ("show", "News"),
    ):  # fmt: skip
        ended = tui(*command)
        assert (ended.status, ended.out) == (2, "")
    assert 'Did you mean "Newsletter"?' in tui("show", "Newslettre").err


def test_the_log_names_the_states_before_and_after(tui: Program) -> None:
    tui.people(1)
    tui.apply(NEWSLETTER.replace("on_opt_out", 'frequency = "daily"\non_opt_out'))
    tui("deactivate", "Newsletter")
    tui("activate", "Newsletter")
    told = [line["what"] for line in tui("log", "--json").json("log")]
    assert told[:2] == ["activated Newsletter: inactive -> active", "deactivated Newsletter: active -> inactive"]
    tui("delete", "Newsletter")
    assert tui("log", "--json").json("log")[0]["what"] == "deleted Newsletter, which was active"


def test_a_deleted_sync_is_brought_back_in_its_state(tui: Program) -> None:
    tui.apply(NEWSLETTER + 'frequency = "daily"\n')
    tui("duplicate", "Newsletter", "Copy")
    for name, state in (("Newsletter", "active"), ("Copy", "a draft")):
        tui("delete", name)
        assert tui("show", name).status == 2
        ended = tui("restore", name)
        assert (ended.status, ended.err) == (0, f'"{name}" is there again, and {state}.\n')
        assert tui("show", name).status == 0


def test_a_sync_that_was_not_deleted_or_whose_name_is_taken_is_not_brought_back(tui: Program) -> None:
    tui.apply()
    assert (tui("restore", "Newsletter").status, tui("restore", "None").status) == (2, 2)
    tui("delete", "Newsletter")
    tui.apply()
    ended = tui("restore", "Newsletter")
    assert (ended.status, "already" in ended.err) == (2, True)
