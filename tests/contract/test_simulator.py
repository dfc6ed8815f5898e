"""The simulated accounts server and the organisation itself, over a real socket and in its file."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from email_validator import validate_email

from tests.contract.simulated import GRANT, authorise, code, listed, served
from tui_sync.simulator import Organisation
from tui_sync.simulator.names import DOMAINS
from tui_sync.simulator.planted import PLANTED
from tui_sync.simulator.schema import CANDIDATES, CONTACTS, first_id

Params = dict[str, str]


def test_a_refresh_gives_an_hours_token_and_an_api_domain_that_is_not_recruits(client: httpx.Client) -> None:
    answers = client.post("/oauth/v2/token", data=GRANT), client.post("/oauth/v2/token", params=GRANT)
    for body in (answer.json() for answer in answers):
        assert body["expires_in"] == 3600
        assert body["api_domain"] == "https://www.zohoapis.com"
        assert body["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_secret": "no"}, "invalid_client"),
        ({"refresh_token": "no"}, "invalid_code"),
        ({"grant_type": "no"}, "unsupported_grant_type"),
    ],
)
def test_wrong_credentials_are_told_inside_http_200(client: httpx.Client, wrong: Params, error: str) -> None:
    answer = client.post("/oauth/v2/token", data=GRANT | wrong)
    assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_a_grant_code_works_once(client: httpx.Client) -> None:
    form = GRANT | {"grant_type": "authorization_code", "code": "demo-code-1"}
    assert client.post("/oauth/v2/token", data=form).json()["refresh_token"] == "demo-refresh"
    assert client.post("/oauth/v2/token", data=form).json() == {"error": "invalid_code"}


def test_too_many_refreshes_are_denied_for_a_while(fresh: Organisation) -> None:
    with served(fresh) as client:
        answers = [client.post("/oauth/v2/token", data=GRANT) for _ in range(100)]
    assert (answers[98].status_code, answers[99].status_code) == (200, 400)
    assert answers[99].json()["error"] == "Access Denied"


def test_a_token_dies_after_an_hour_and_when_thirty_younger_ones_live(fresh: Organisation) -> None:
    with served(fresh) as client:
        for _ in range(30):
            client.post("/oauth/v2/token", data=GRANT)
        assert code(client.get("/recruit/v2/Candidates")) == (401, "INVALID_TOKEN")
        authorise(client)
        assert client.get("/recruit/v2/Candidates").status_code == 200
        fresh.advance_day()
        assert code(client.get("/recruit/v2/Candidates")) == (401, "INVALID_TOKEN")


def test_a_token_may_be_sent_as_bearer_and_must_be_sent(client: httpx.Client) -> None:
    token = client.headers["Authorization"].split()[1]
    assert client.get("/recruit/v2/Clients", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    with httpx.Client(base_url=client.base_url) as stranger:
        assert code(stranger.get("/recruit/v2/Clients")) == (401, "AUTHENTICATION_FAILURE")


def test_a_token_does_only_what_its_scopes_say(fresh: Organisation) -> None:
    with served(fresh) as client:
        authorise(client, scope="ZohoRECRUIT.modules.candidate.READ")
        assert client.get("/recruit/v2/Candidates").status_code == 200
        for path in ("Contacts", "settings/modules", "Candidates/search?word=x"):
            assert code(client.get(f"/recruit/v2/{path}")) == (401, "OAUTH_SCOPE_MISMATCH")
        assert client.get("/api/v1/getmailinglists").status_code == 401


def test_what_a_start_that_was_killed_has_left_is_cleared_and_what_a_living_one_makes_is_not(tmp_path: Path) -> None:
    mine, theirs, foreign = (tmp_path / f"organisation.db.{what}" for what in ("1.new", "2.new", "old"))
    for path in (mine, theirs, foreign):
        path.touch()
    for path in (mine, foreign):
        os.utime(path, (0, 0))
    Organisation.open(tmp_path / "organisation.db", records=5).close()
    assert (mine.exists(), theirs.exists(), foreign.exists()) == (False, True, True)


def test_the_file_is_private_and_shared_by_its_openers(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "organisation.db"
    one, two = Organisation.open(path, records=60), Organisation.open(path, records=999)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in path.parent.glob("*.new")] == []
    one.advance_day()
    assert two.days == 1
    assert two.regenerate_zsc_key() == one.zsc_key
    assert two.records.count() == one.records.count()
    one.close()
    two.close()


def test_the_same_seed_gives_the_same_people_and_the_same_days(tmp_path: Path) -> None:
    def story(name: str, seed: int) -> list[object]:
        organisation = Organisation.open(tmp_path / name, records=150, seed=seed)
        days: list[object] = [organisation.advance_day() for _ in range(2)]
        values = [organisation.records.get(first_id(CANDIDATES) + place) or {} for place in range(150)]
        days += [(value.get("Email"), value.get("City")) for value in values]
        organisation.close()
        return days

    assert story("one", 5) == story("two", 5) != story("three", 6)


def bring(path: Path, worker: int) -> int:
    """What one of several processes does: open, make a day happen, subscribe a few leads."""
    organisation = Organisation.open(path, records=300)
    target = organisation.leads.lists()[0]
    organisation.advance_day()
    for number in range(40):
        organisation.leads.subscribe(target, {"Lead Email": f"w{worker}.{number}@zylker.com"}, organisation.seconds())
    organisation.close()
    return worker


def test_several_processes_may_make_and_use_one_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "organisation.db"
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        assert sorted(pool.map(bring, [path] * 3, range(3))) == [0, 1, 2]
    organisation = Organisation.open(path)
    assert organisation.days == 3
    members = organisation.leads.rows(
        organisation.leads.members(organisation.leads.lists()[0], "recent", organisation.seconds())
    )
    assert len(members) == 120
    assert list(tmp_path.glob("*.new")) == []
    organisation.close()


def test_progress_is_told_from_nothing_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    Organisation.open(tmp_path / "o.db", records=11_000, progress=lambda *step: told.append(step)).close()
    assert told == [(0, 11_000), (5_000, 11_000), (10_000, 11_000), (11_000, 11_000)]


def test_every_answer_is_dated_by_the_organisations_clock(fresh: Organisation) -> None:
    with served(fresh) as client:
        client.post("/simulator/advance")
        dates = [client.get(path).headers.get_list("date") for path in ("/recruit/v2/Clients", "/nowhere")]
    for date in dates:
        assert len(date) == 1
        assert timedelta(hours=23) < parsedate_to_datetime(date[0]) - datetime.now(UTC) < timedelta(hours=25)


def test_an_advanced_day_shows_over_the_wire(fresh: Organisation) -> None:
    before = fresh.now()
    with served(fresh) as client:
        everybody = {row["id"] for row in listed(client, "CustomModule1")}
        changes = client.post("/simulator/advance").json()["changes"]
        authorise(client)
        since = {"If-Modified-Since": before.isoformat()}
        gone = client.get("/recruit/v2/CustomModule1/deleted", params={"type": "all"}, headers=since).json()["data"]
        touched = client.get("/recruit/v2/CustomModule1", headers=since).json()["data"]
        now = {row["id"] for row in listed(client, "CustomModule1")}
    assert {row["id"] for row in gone} == everybody - now
    assert now - everybody <= {row["id"] for row in touched}
    assert changes.keys() >= {"edits", "additions", "deletions", "opt_outs", "conversions", "address_changes"}


def test_a_converted_candidate_becomes_a_contact_of_the_same_address(tmp_path: Path) -> None:
    fresh = Organisation.open(tmp_path / "organisation.db", records=600)
    before = {row["id"] for row in converted_rows(fresh)}
    contacts = fresh.records.count(CONTACTS)
    changes = fresh.advance_day()
    new = [row for row in converted_rows(fresh) if row["id"] not in before]
    assert len(new) == changes["conversions"] > 0
    assert fresh.records.count(CONTACTS) > contacts
    assert all(len(fresh.records.live_with(str(row["Email"]))) == 1 for row in new)
    fresh.close()


def converted_rows(organisation: Organisation) -> list[dict[str, Any]]:
    places = (organisation.records.get(first_id(CANDIDATES) + place) for place in range(620))
    return [values for values in places if values and values["$state"] == 1]


def test_a_second_advance_makes_the_bin_older(fresh: Organisation) -> None:
    for _ in range(12):
        fresh.advance_day()
    kinds = {kind for _, _, kind, _ in fresh.records.deleted(CANDIDATES, "all", None, 0, 500)}
    assert kinds == {"recycle", "permanent"}


def test_valid_people_have_addresses_that_the_validator_accepts() -> None:
    for domain in DOMAINS:
        assert validate_email(f"first.last1.alum@{domain}", check_deliverability=False)
    validate_email("ray.refused@blocked.example", check_deliverability=False)


def test_the_planted_people_are_there(organisation: Organisation, client: httpx.Client) -> None:
    for module, planted in PLANTED.items():
        rows = listed(client, module, converted="both", approved="both", fields="Email,Last_Name")
        there = {(row["Last_Name"], row["Email"]) for row in rows}
        assert {(one["Last_Name"], one["Email"]) for one in planted} <= there


@pytest.mark.parametrize("quicker", [True, False])
def test_where_there_are_no_hard_links_the_organisation_is_made_too_and_one_that_is_there_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quicker: bool
) -> None:
    """As on FAT, and in the terminals of telephones."""
    path = tmp_path / "zoho.db"

    def refused(*_names: Path) -> None:
        if quicker:
            path.write_bytes(there)
        raise PermissionError(errno.EPERM, "Operation not permitted")

    with closing(Organisation.open(tmp_path / "another.db", records=5, seed=8)) as other:
        key = other.zsc_key
    there = (tmp_path / "another.db").read_bytes()
    monkeypatch.setattr(os, "link", refused)
    with closing(Organisation.open(path, records=20)) as made:
        assert (made.zsc_key == key) is quicker
        assert made.records.count() == (5 if quicker else 20)
    assert {found.name for found in tmp_path.iterdir()} == {"zoho.db", "another.db"}
