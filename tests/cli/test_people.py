"""explain and remove; the catalogue's listings; doctor, dump and load."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import NEWSLETTER, Program
from tests.engine.listed import FIELDS
from tui_sync.model.workspace import Connection, ConnectionKind
from tui_sync.store.workspace import Workspace


@pytest.fixture
def ran(tui: Program) -> Program:
    """Three people, delivered."""
    tui.people(3)
    tui.apply()
    tui("run", "Newsletter")
    return tui


def test_a_person_is_explained_in_sentences(ran: Program) -> None:
    told = ran("explain", "2@example.org")
    assert told.status == 0
    assert told.lines[0] == "2@example.org"
    assert 'The sync "Newsletter" knows it from record 2.' in told.out
    assert "Run 1, 2026-03-02 09:40: New." in told.out
    assert 'Is in the list "Zylker" since 2026-03-02' in told.out
    assert 'brought there by the sync "Newsletter"' in told.out


def test_an_address_is_found_however_it_is_written(ran: Program) -> None:
    assert ran("explain", " 2@Example.ORG ").out == ran("explain", "2@example.org").out


def test_known_addresses_that_begin_like_an_unknown_one_are_named_beside_the_answer(ran: Program) -> None:
    told = ran("explain", "2@example")
    assert (told.status, told.out) == (0, "Nothing is known of 2@example.\n")
    assert told.err == "Known addresses like it: 2@example.org\n"


def test_nothing_known_is_an_answer(ran: Program) -> None:
    told = ran("explain", "nobody@example.org")
    assert (told.status, told.out) == (0, "Nothing is known of nobody@example.org.\n")
    person = ran("explain", "nobody@example.org", "--json").json("person")
    assert (person["known"], person["records"], person["memberships"]) == (False, [], [])


def test_an_opted_out_person_is_explained_with_the_bar_and_its_cause(ran: Program) -> None:
    ran.recruit.edit("2", opted_out=True)
    ran("run", "Newsletter")
    told = ran("explain", "2@example.org").out
    assert "record 2: opted out" in told
    assert "Run 2, 2026-03-02 10:00: Deleted, opted out in Recruit." in told
    assert 'Barred from the list "Zylker"' in told
    person = ran("explain", "2@example.org", "--json").json("person")
    began = [past["started"] for past in person["records"][0]["history"]]
    assert began == ["2026-03-02T09:40:00Z", "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"]
    assert [bar["cause"] for bar in person["bars"]] == ["opted_out"]
    assert person["memberships"][0]["state"] == "removed"


def test_a_withheld_removal_names_the_command_that_makes_it(tui: Program) -> None:
    tui.people(30)
    tui.apply()
    tui("run", "Newsletter")
    tui.recruit.delete(*map(str, range(1, 21)))
    tui("run", "Newsletter")
    assert "waits for approval: tui-sync approve 2" in tui("explain", "1@example.org").out


def test_a_person_taken_out_by_hand_stays_out(ran: Program) -> None:
    gone = ran("remove", "2@example.org", "--list", "Zylker")
    assert gone.status == 0
    assert "no sync brings them back" in gone.err
    ran.recruit.edit("2", City="Lyon")
    ran("run", "Newsletter", "--full")
    assert "by hand" in ran("explain", "2@example.org").out
    states = {lead["email"]: lead["state"] for lead in ran("leads", "Zylker", "--json").json("leads")}
    assert states == {"1@example.org": "active", "2@example.org": "unsubscribed", "3@example.org": "active"}


@pytest.mark.parametrize("arguments", [("nonsense", "--list", "Zylker"), ("2@example.org", "--list", "Nowhere")])
def test_nobody_can_be_removed_without_an_address_and_a_list(arguments: tuple[str, ...], ran: Program) -> None:
    assert ran("remove", *arguments).status == 2


def test_leads_as_csv_are_the_active_ones_in_the_columns_of_the_hubs_own_import(ran: Program) -> None:
    ran("remove", "2@example.org", "--list", "Zylker")
    assert ran("leads", "Zylker", "--format", "csv").lines == [
        "Lead Email,First Name,Last Name,City,Phone", "1@example.org,F1,,,", "3@example.org,F3,,,",
    ]  # fmt: skip


def test_leads_as_csv_carry_every_mapped_field_under_its_display_name(tui: Program) -> None:
    tui.recruit.add("1", "1@example.org", Phone="=1+1", City="Z\u00fcrich")
    mapping = '[sync.mapping]\n"Lead Email" = "Email"\nCity = "City"\nPhone = "Phone"\n'
    tui.apply(NEWSLETTER + mapping)
    tui("run", "Newsletter")
    assert tui("leads", "Zylker", "--format", "csv").lines == [
        "Lead Email,First Name,Last Name,City,Phone", "1@example.org,,,Z\u00fcrich,'=1+1",
    ]  # fmt: skip


def test_leads_as_json_lines_carry_their_state(ran: Program) -> None:
    first = json.loads(ran("leads", "Zylker", "--format", "jsonl").lines[0])
    assert first == {"email": "1@example.org", "first_name": "F1", "last_name": "", "state": "active"}


def test_json_is_a_format_like_the_others(ran: Program) -> None:
    assert ran("leads", "Zylker", "--json", "--format", "csv").json("leads")


@pytest.mark.parametrize(
    ("command", "key", "names"),
    [
        (("modules",), "modules", {"Candidates", "Contacts"}),
        (("fields", "Candidates"), "fields", {field.name for field in FIELDS}),
        (("views", "candidates"), "views", set()),
        (("lists",), "lists", {"Zylker"}),
    ],
)
def test_listings_of_the_catalogue_have_one_key_and_a_table(
    command: tuple[str, ...], key: str, names: set[str], ran: Program
) -> None:
    assert {item["name"] for item in ran(*command, "--json").json(key)} == names
    assert len(ran(*command).lines) == (1 + len(names) if names else 0)


def test_a_list_is_created_once(ran: Program) -> None:
    assert ran("create-list", "Winter").status == 0
    assert ran("create-list", "Winter").status == 2
    assert "Winter" in {known["name"] for known in ran("lists", "--json").json("lists")}


def test_a_list_that_the_hub_has_is_not_deleted_here(ran: Program) -> None:
    ended = ran("delete-list", "Zylker")
    assert (ended.status, "is at the hub" in ended.err) == (2, True)
    assert "Zylker" in {known["name"] for known in ran("lists", "--json").json("lists")}


def test_an_unknown_module_names_those_there_are(ran: Program) -> None:
    ended = ran("fields", "Cats")
    assert ended.status == 2
    assert "Candidates, Contacts" in ended.err


def test_the_doctor_names_what_it_found_and_what_to_do(ran: Program) -> None:
    findings = ran("doctor", "--json").json("findings")
    assert {"what": "No connection yet.", "advice": "tui-sync connect, or tui-sync demo"} in findings
    assert "! No connection yet. tui-sync connect, or tui-sync demo" in ran("doctor").lines


def test_the_doctor_passes_over_a_file_that_is_gone_when_it_is_looked_at(ran: Program) -> None:
    (ran.folder / "left.link").symlink_to("nothing")
    assert ran("doctor").status == 0


def test_a_dump_loads_into_an_empty_workspace_and_only_there(ran: Program, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    before = ran("explain", "2@example.org").out
    assert ran("dump", str(path)).status == 0
    assert ran("load", str(path)).status == 2
    ran.folder = tmp_path / "another"
    assert ran("load", str(path)).status == 0
    assert ran("explain", "2@example.org").out == before


def test_a_loaded_connection_to_zoho_is_told_to_need_its_secrets_again(ran: Program, tmp_path: Path) -> None:
    with closing(Workspace(ran.folder, ran.clock)) as space:
        space.write_connection(Connection(kind=ConnectionKind.ZOHO))
    ran("dump", str(tmp_path / "dump.json"))
    ran.folder = tmp_path / "another"
    loaded = ran("load", str(tmp_path / "dump.json"))
    assert loaded.err.endswith("Enter its secrets again, which no file carries: tui-sync connect\n")


def test_a_suppressed_person_is_told_to_stay_where_they_are_until_lifted(ran: Program) -> None:
    done = ran("suppress", "2@example.org", "--reason", "a complaint")
    assert done.status == 0
    assert 'They stay in "Zylker"; `tui-sync remove 2@example.org --list NAME` takes them out.' in done.err
    [known] = ran("suppression", "--json").json("suppression")
    assert (known["email"], known["reason"], known["since"][:10]) == ("2@example.org", "a complaint", "2026-03-02")
    assert "a complaint" in ran("suppression").out
    assert "On the suppression list: a complaint." in ran("explain", "2@example.org").out
    lifted = ran("lift", "2@example.org", "--reason", "sorted out")
    assert lifted.status == 0
    assert 'The next run of "Newsletter" decides their record anew' in lifted.err
    assert ran("suppression", "--json").json("suppression") == []


def test_a_removal_by_hand_that_was_lifted_is_explained(ran: Program) -> None:
    ran("remove", "2@example.org", "--list", "Zylker")
    ran("lift", "2@example.org", "--reason", "a mistake")
    assert 'taken out by hand of the list "Zylker", which was lifted 2026-03-02' in ran("explain", "2@example.org").out


def test_nothing_to_lift_is_a_failure_for_scripts(ran: Program) -> None:
    ended = ran("lift", "2@example.org", "--reason", "why")
    assert ended.status == 1
    assert "Nothing that can be lifted keeps 2@example.org out." in ended.err


@pytest.mark.parametrize("command", ["suppress", "lift"])
def test_a_person_is_suppressed_and_lifted_only_with_a_reason(command: str, ran: Program) -> None:
    assert ran(command, "2@example.org").status == 2
    assert ran(command, "2@example.org", "--reason", " ").status == 2
    assert ran(command, "nonsense", "--reason", "why").status == 2


def test_the_suppression_list_goes_out_and_in_as_csv(ran: Program, tmp_path: Path) -> None:
    ran("suppress", "2@example.org", "--reason", "=1+1")
    path = tmp_path / "list.csv"
    assert ran("suppression", "export").lines == ["email,reason", "2@example.org,'=1+1"]
    assert ran("suppression", "export", str(path)).status == 0
    ran.folder = tmp_path / "another"
    assert ran("suppression", "import", str(path)).status == 0
    assert ran("suppression", "--json").json("suppression")[0]["reason"] == "=1+1"
    path.write_text("email,reason\nnonsense,why\n,\n3@example.org,\n")
    refused = ran("suppression", "import", str(path))
    assert refused.status == 2
    assert "line 2" in refused.err
    assert "line 4" in refused.err


def test_explaining_no_address_is_a_wrong_usage(tui: Program) -> None:
    ended = tui("explain", " ")
    assert (ended.status, ended.out) == (2, "")
    assert "There is no address to explain." in ended.err
