"""The simulated Marketing Automation: outcomes in the body, and the rules that a client must know better."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.simulated import authorise, served
from tui_sync.simulator import Fault, Organisation

Body = dict[str, Any]


class HubCaller:
    """Calls the hub as a client does: form parameters, JSON leadinfo."""

    def __init__(self, client: httpx.Client, organisation: Organisation) -> None:
        self.client = client
        self.organisation = organisation

    def call(self, endpoint: str, **form: str) -> Body:
        answer = self.client.post(f"/api/v1/{endpoint}", data={"resfmt": "JSON", **form})
        assert answer.status_code == 200
        body: Body = answer.json()
        return body

    def code(self, endpoint: str, **form: str) -> str:
        body = self.call(endpoint, **form)
        return str(body.get("response", body)["code"])

    def key(self, name: str) -> str:
        rows = self.call("getmailinglists", range="100")["list_of_details"]
        return str(next(row["listkey"] for row in rows if row["listname"] == name))

    def subscribe(self, key: str, email: str, **more: str) -> str:
        return self.code("json/listsubscribe", listkey=key, leadinfo=json.dumps({"Lead Email": email, **more}))

    def leads(self, key: str, status: str = "active", **more: str) -> list[Body]:
        body = self.call("getleads", listkey=key, status=status, **{"range": "500"} | more)
        return list(body.get("list_of_details", ()))

    def emails(self, key: str, status: str = "active") -> set[str]:
        return {row["lead_email"] for row in self.leads(key, status)}


@contextmanager
def opened(folder: Path) -> Iterator[HubCaller]:
    organisation = Organisation.open(folder / "organisation.db", records=200)
    with served(organisation) as client:
        yield HubCaller(client, organisation)
    organisation.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubCaller]:
    """One hub for the tests that add leads of their own and change nothing else."""
    with opened(tmp_path_factory.mktemp("hub")) as caller:
        yield caller


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[HubCaller]:
    with opened(tmp_path) as caller:
        yield caller


def test_six_lists_stand_ready_with_members_in_every_state(hub: HubCaller) -> None:
    body = hub.call("getmailinglists")
    rows = body["list_of_details"]
    names = ["Zylker", "Newsletter", "Alumni", "Tech clients", "Winter campaign", "Partners"]
    assert [row["listname"] for row in rows] == names
    assert (body["status"], body["code"]) == ("success", "0")
    assert all(int(row["noofcontacts"]) == len(hub.leads(row["listkey"])) > 0 for row in rows)
    states = {status for row in rows for status in ("unsub", "bounce") if hub.leads(row["listkey"], status)}
    assert states == {"unsub", "bounce"}
    assert [row["is_public"] for row in rows] == ["false"] * 5 + ["true"]


def test_lists_are_paged_from_one_and_end_with_a_code(hub: HubCaller) -> None:
    assert len(hub.call("getmailinglists", fromindex="5", range="4")["list_of_details"]) == 2
    assert hub.code("getmailinglists", fromindex="7") == "2401"


def test_leads_are_paged_from_one_and_end_with_a_code(hub: HubCaller) -> None:
    key = hub.key("Zylker")
    everybody = [row["lead_email"] for row in hub.leads(key)]
    pages = [hub.leads(key, fromindex=str(first), range="2") for first in range(1, len(everybody) + 1, 2)]
    assert [row["lead_email"] for page in pages for row in page] == everybody
    assert hub.code("getleads", listkey=key, fromindex=str(len(everybody) + 1)) == "2203"
    assert [row["lead_email"] for row in hub.leads(key, sort="desc")] == everybody[::-1]


def test_a_private_list_adds_and_updates_at_once(hub: HubCaller) -> None:
    key = hub.key("Zylker")
    assert hub.subscribe(key, "New.Person@zylker.com", **{"First Name": "New", "Nonsense": "x"}) == "0"
    assert hub.subscribe(key, "new.person@ZYLKER.com", **{"last name": "Person"}) == "0"
    row = next(row for row in hub.leads(key, "recent") if row["lead_email"] == "new.person@zylker.com")
    assert (row["firstname"], row["lastname"]) == ("New", "Person")
    assert hub.call("leadscount", listkey=key, status="active")["no_of_leads"] == len(hub.leads(key))


def test_leadinfo_may_be_the_documentations_unquoted_form(hub: HubCaller) -> None:
    key = hub.key("Zylker")
    info = "{First Name:mac,Lead Email:mac.person@zylker.com}"
    assert hub.code("json/listsubscribe", listkey=key, leadinfo=info) == "0"
    assert "mac.person@zylker.com" in hub.emails(key)
    for broken in ('{"Lead Email":', "[1]", "nothing"):
        assert hub.code("json/listsubscribe", listkey=key, leadinfo=broken) == "2001"


def test_a_public_list_waits_for_the_person_and_does_not_update(hub: HubCaller) -> None:
    public, private = hub.key("Partners"), hub.key("Zylker")
    hub.subscribe(private, "waits@zylker.com", **{"First Name": "Before"})
    answer = hub.call(
        "json/listsubscribe", listkey=public, leadinfo='{"Lead Email":"waits@zylker.com","First Name":"After"}'
    )
    assert (answer["code"], answer["message"].split(".")[0]) == ("0", "A confirmation email is sent to the user")
    assert "waits@zylker.com" not in hub.emails(public)
    row = next(row for row in hub.leads(private) if row["lead_email"] == "waits@zylker.com")
    assert row["firstname"] == "Before"


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("patriciazylker.com", "2004"),
        ("patricia@aol", "2004"),
        ("info@zylker.com", "2005"),
        ("ray.refused@blocked.example", "2007"),
        ("dana.donotmail@zylker.com", "2006"),
        ("", "903"),
    ],
)
def test_an_address_that_the_hub_does_not_take_has_its_code(hub: HubCaller, email: str, code: str) -> None:
    assert hub.subscribe(hub.key("Zylker"), email) == code


def test_the_hub_lets_the_api_bring_back_who_unsubscribed(fresh: HubCaller) -> None:
    key = fresh.key("Zylker")
    assert "una.unsubscribed@zylker.com" in fresh.emails(key, "unsub")
    assert fresh.subscribe(key, "una.unsubscribed@zylker.com") == "0"
    assert "una.unsubscribed@zylker.com" in fresh.emails(key)


def test_an_unsubscribe_concerns_one_list_and_an_unknown_lead_has_a_code(hub: HubCaller) -> None:
    one, other = hub.key("Zylker"), hub.key("Newsletter")
    info = '{"Lead Email":"leaver@zylker.com"}'
    for key in (one, other):
        hub.subscribe(key, "leaver@zylker.com")
    assert hub.code("json/listunsubscribe", listkey=one, leadinfo=info) == "0"
    assert "leaver@zylker.com" in hub.emails(one, "unsub") & hub.emails(other)
    assert hub.code("json/listunsubscribe", listkey=one, leadinfo='{"Lead Email":"nobody@zylker.com"}') == "2103"


def test_do_not_mail_takes_a_lead_out_of_everything_for_good(hub: HubCaller) -> None:
    key, info = hub.key("Zylker"), '{"Lead Email":"never@zylker.com"}'
    hub.subscribe(key, "never@zylker.com")
    first, second = (hub.call("json/leaddonotmail", leadinfo=info) for _ in range(2))
    assert (first["code"], second["code"]) == ("0", "0")
    assert first["message"] != second["message"]
    assert not any("never@zylker.com" in hub.emails(key, status) for status in ("active", "unsub", "bounce"))
    assert hub.subscribe(key, "never@zylker.com") == "2006"


def test_a_bounced_lead_bounces_in_every_list(hub: HubCaller) -> None:
    key = hub.key("Zylker")
    hub.subscribe(key, "hard@zylker.com")
    hub.organisation.leads.bounce("hard@zylker.com")
    assert "hard@zylker.com" in hub.emails(key, "bounce") - hub.emails(key)


def test_a_wrong_list_key_and_a_deleted_list_have_codes_of_their_own(fresh: HubCaller) -> None:
    key = fresh.key("Zylker")
    assert fresh.subscribe("wrong", "a@zylker.com") == "2002"
    assert fresh.code("getleads", listkey="wrong") == "2501"
    assert fresh.code("deletemailinglist", listkey=key) == "0"
    assert fresh.subscribe(key, "a@zylker.com") == "2202"
    assert fresh.code("getleads", listkey=key) == "2501"
    assert "Zylker" not in {row["listname"] for row in fresh.call("getmailinglists")["list_of_details"]}


def test_a_list_is_made_with_its_first_leads_and_can_be_renamed(fresh: HubCaller) -> None:
    form = {"listname": "Fresh", "signupform": "private", "mode": "newlist"}
    made = fresh.call("addlistandleads", emailids="one@zylker.com,info@zylker.com", **form)
    assert made["code"] == "0"
    assert fresh.emails(made["listkey"]) == {"one@zylker.com"}
    assert fresh.code("addlistandleads", emailids="two@zylker.com", **form) == "2205"
    change = {"listkey": made["listkey"], "signupform": "private"}
    assert fresh.code("updatelistdetails", newlistname="Zylker", **change) == "2205"
    assert fresh.code("updatelistdetails", newlistname="Newer", **change) == "0"
    assert fresh.key("Newer") == made["listkey"]
    assert fresh.code("addleadsinbulk", listkey=made["listkey"], emailids="two@zylker.com") == "0"
    many = ",".join(f"p{number}@zylker.com" for number in range(11))
    assert fresh.code("addleadsinbulk", listkey=made["listkey"], emailids=many) == "2007"


def test_fields_are_nested_and_a_new_one_is_filled_by_its_display_name(hub: HubCaller) -> None:
    fields = hub.call("lead/allfields", type="json")["response"]["fieldname"]
    email = {"DISPLAY_NAME": "lead Email", "FIELD_NAME": "lead_email", "no": "1", "FIELD_ID": "4000000000015"}
    assert fields[0] == email
    made = hub.call("custom/add", type="json", fieldname="Shoe Size", fieldtype="Integer")["response"]
    assert (made["code"], made["fieldlength"]) == ("200", "20")
    assert hub.code("custom/add", type="json", fieldname="Shoe Size", fieldtype="Integer") == "916"
    hub.subscribe(hub.key("Zylker"), "shoe@zylker.com", **{"Shoe Size": "42"})
    lead = hub.organisation.leads.lead("shoe@zylker.com")
    assert lead is not None
    assert lead["fields"] == {"shoesize": "42"}


def test_missing_parameters_and_unknown_calls_have_codes(hub: HubCaller) -> None:
    assert hub.code("json/listsubscribe", listkey=hub.key("Zylker")) == "903"
    assert hub.code("nonsense") == "1004"


def test_a_bad_token_is_the_one_http_error(hub: HubCaller) -> None:
    answer = hub.client.get("/api/v1/getmailinglists", headers={"Authorization": "Zoho-oauthtoken no"})
    assert (answer.status_code, answer.json()["status"]) == (401, "error")


def test_a_full_plan_refuses_new_leads_only(hub: HubCaller) -> None:
    key = hub.key("Zylker")
    hub.subscribe(key, "old@zylker.com")
    hub.organisation.faults.add(Fault(kind="maximum-leads", count=3, code="980"))
    assert hub.subscribe(key, "brand.new@zylker.com") == "980"
    assert hub.subscribe(key, "old@zylker.com") == "0"
    assert hub.leads(key)
    assert hub.subscribe(key, "brand.new@zylker.com") == "980"
    assert hub.subscribe(key, "brand.new@zylker.com") == "0"


def test_the_501st_call_locks_its_endpoint_and_no_other(tmp_path: Path) -> None:
    organisation = Organisation.open(tmp_path / "organisation.db", records=20)
    with served(organisation, hub_limits=True) as client:
        hub = HubCaller(client, organisation)
        now = organisation.seconds()
        assert all(organisation.usage.hub_call("getleads", now) for _ in range(500))
        assert hub.code("getleads", listkey="wrong") == "2008"
        assert hub.code("leadscount", listkey="wrong") == "2501"
        assert all(organisation.usage.hub_call("lead/allfields", now) for _ in range(100))
        assert hub.code("lead/allfields", type="json") == "2008"
        locked_by = organisation.seconds()
        assert not organisation.usage.hub_call("getleads", now + 1_799)
        assert organisation.usage.hub_call("getleads", locked_by + 1_800)
        organisation.advance_day()
        authorise(client)
        assert hub.code("getleads", listkey="wrong") == "2501"
    organisation.close()


def test_a_day_lets_leads_go_and_touches_their_records(fresh: HubCaller) -> None:
    key = fresh.key("Alumni")
    rows = fresh.client.get("/recruit/v2/CustomModule1").json()["data"]
    people = {row["Email"]: row["id"] for row in rows if row["Email"] and ".alum@" in row["Email"]}
    known = fresh.emails(key) | fresh.emails(key, "unsub") | fresh.emails(key, "bounce")
    for email in people.keys() - known:
        fresh.subscribe(key, email)
    before, unsubscribed = fresh.emails(key), fresh.emails(key, "unsub")
    changes = fresh.organisation.advance_day()
    authorise(fresh.client)
    gone = before - fresh.emails(key) - fresh.emails(key, "unsub") - fresh.emails(key, "bounce")
    assert len(gone) == changes["hub_deletions"] == 3
    assert len(fresh.emails(key, "unsub") - unsubscribed) == changes["unsubscribes"] == 3
    assert changes["bounces"] == 2
    after = {row["id"]: row for row in fresh.client.get("/recruit/v2/CustomModule1").json()["data"]}
    stamps = {row["id"]: row["Modified_Time"] for row in rows}
    assert all(after[people[email]]["Modified_Time"] > stamps[people[email]] for email in gone)


def test_the_control_call_tells_what_was_carried_out_for_whom(tmp_path: Path) -> None:
    with opened(tmp_path) as hub:
        key = hub.key("Zylker")
        assert [hub.subscribe(key, "Ann@zylker.com"), hub.subscribe(key, "ann@zylker.com"), hub.subscribe(key, "info@a.com")] == [
            "0", "0", "2005"]  # fmt: skip
        hub.call("json/leaddonotmail", leadinfo=json.dumps({"Lead Email": "ann@zylker.com"}))
        assert hub.client.get("/simulator/writes").json() == {
            "writes": [
                {"endpoint": "json/leaddonotmail", "email": "ann@zylker.com", "calls": 1},
                {"endpoint": "json/listsubscribe", "email": "ann@zylker.com", "calls": 2},
            ]
        }
        assert hub.client.delete("/simulator/writes").json() == {"writes": []}
