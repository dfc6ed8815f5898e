"""The simulated Recruit over a real socket: lists, views, search, metadata and the codes of wrong calls."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.contract.simulated import code, listed, served
from tui_sync.simulator import Organisation
from tui_sync.simulator.schema import CANDIDATES


def test_pages_go_on_until_more_records_is_false(client: httpx.Client) -> None:
    first = client.get("/recruit/v2/Candidates").json()
    assert first["info"] == {"per_page": 200, "count": 200, "page": 1, "more_records": True}
    rows = listed(client, "Candidates")
    assert 400 < len(rows) < 450
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(isinstance(row["id"], str) and len(row["id"]) == 18 for row in rows)


def test_fields_are_honoured_and_the_id_is_always_there(client: httpx.Client) -> None:
    rows = listed(client, "Candidates", fields="Email,Updated_On,Nonsense")
    assert {tuple(row) for row in rows} == {("id", "Email", "Updated_On")}


def test_each_module_has_its_own_stamp_in_indian_time(client: httpx.Client) -> None:
    candidate, contact = listed(client, "Candidates")[0], listed(client, "Contacts")[0]
    assert "Modified_Time" not in candidate
    assert candidate["Updated_On"].endswith("+05:30")
    assert contact["Modified_Time"].endswith("+05:30")
    assert contact["Client_Name"].keys() == {"name", "id"}


def test_converted_and_unapproved_records_hide_from_the_default_list(client: httpx.Client) -> None:
    unconverted, converted = listed(client, "Candidates"), listed(client, "Candidates", converted="true")
    assert {row["$converted"] for row in unconverted} == {False}
    assert {row["$converted"] for row in converted} == {True}
    assert len(listed(client, "Candidates", converted="both")) == len(unconverted) + len(converted)
    assert {row["$approved"] for row in listed(client, "Candidates", approved="false")} == {False}


def test_job_openings_answer_to_both_spellings(client: httpx.Client) -> None:
    assert listed(client, "JobOpenings") == listed(client, "Job_Openings")


def test_an_empty_module_answers_204_without_a_body(client: httpx.Client) -> None:
    answer = client.get("/recruit/v2/Interviews")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_page_behind_the_end_answers_204(client: httpx.Client) -> None:
    assert client.get("/recruit/v2/Candidates", params={"page": "99"}).status_code == 204


def test_if_modified_since_is_inclusive_and_answers_304_when_nothing_changed(client: httpx.Client) -> None:
    newest = max(listed(client, "Candidates"), key=lambda row: datetime.fromisoformat(row["Updated_On"]))
    since = {"If-Modified-Since": newest["Updated_On"]}
    rows = client.get("/recruit/v2/Candidates", headers=since).json()["data"]
    assert [row["id"] for row in rows] == [newest["id"]]
    later = (datetime.fromisoformat(newest["Updated_On"]) + timedelta(seconds=1)).isoformat()
    answer = client.get("/recruit/v2/Candidates", headers={"If-Modified-Since": later})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_list_is_sorted_as_asked(client: httpx.Client) -> None:
    for field in ("Updated_On", "Experience_in_Years", "City"):
        values = [row[field] for row in listed(client, "Candidates", sort_by=field, sort_order="desc") if row[field]]
        if field == "Updated_On":
            values = [datetime.fromisoformat(value) for value in values]
        assert values == sorted(values, reverse=True)


def test_a_custom_view_selects_by_its_criteria_and_costs_three_credits(
    client: httpx.Client, organisation: Organisation
) -> None:
    views = client.get("/recruit/v2/settings/custom_views", params={"module": "Candidates"}).json()["custom_views"]
    seniors = next(view for view in views if view["name"] == "Seniors")
    before = organisation.usage.credits_used(organisation.seconds())
    rows = client.get("/recruit/v2/Candidates", params={"cvid": seniors["id"]}).json()["data"]
    assert organisation.usage.credits_used(organisation.seconds()) - before == 3
    everybody = listed(client, "Candidates")
    assert [row["id"] for row in rows] == [row["id"] for row in everybody if row["Experience_in_Years"] >= 10]


def test_a_removed_view_is_told_apart_from_an_empty_one(fresh: Organisation) -> None:
    with served(fresh) as client:
        view = fresh.views.of(CANDIDATES)[1]
        fresh.views.rename(str(view.id), "Renamed")
        renamed = client.get(f"/recruit/v2/settings/custom_views/{view.id}", params={"module": "Candidates"})
        assert renamed.json()["custom_views"][0]["name"] == "Renamed"
        fresh.views.remove(str(view.id))
        assert code(client.get("/recruit/v2/Candidates", params={"cvid": str(view.id)})) == (400, "INVALID_DATA")


def test_one_record_comes_in_the_same_envelope(client: httpx.Client) -> None:
    row = listed(client, "Contacts")[5]
    assert client.get(f"/recruit/v2/Contacts/{row['id']}").json() == {"data": [row]}
    assert client.get("/recruit/v2/Contacts/846336999999999999").status_code == 204
    assert code(client.get("/recruit/v2/Contacts/abc")) == (400, "INVALID_DATA")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("candidates", (400, "INVALID_MODULE")),
        ("Documents", (400, "INVALID_MODULE")),
        ("Candidates?per_page=201", (400, "INVALID_DATA")),
        ("Candidates?page=0", (400, "INVALID_DATA")),
        ("Candidates?converted=maybe", (400, "INVALID_DATA")),
        ("Candidates?sort_by=Nonsense", (400, "INVALID_DATA")),
        ("Candidates/deleted?type=lost", (400, "INVALID_DATA")),
        ("Candidates/846336001000100001/nonsense", (404, "INVALID_URL_PATTERN")),
        ("settings/nonsense", (404, "INVALID_URL_PATTERN")),
        ("settings/fields", (400, "REQUIRED_PARAM_MISSING")),
        ("Candidates/search", (400, "REQUIRED_PARAM_MISSING")),
        ("Candidates/search?criteria=(City:contains:B)", (400, "INVALID_DATA")),
        ("Candidates/search?criteria=((City:equals:B)", (400, "INVALID_DATA")),
    ],
)
def test_a_wrong_call_is_told_with_recruits_code(client: httpx.Client, path: str, expected: tuple[int, str]) -> None:
    assert code(client.get(f"/recruit/v2/{path}")) == expected


def test_another_products_address_shows_a_page(client: httpx.Client) -> None:
    answer = client.get("/crm/v2/Leads")
    assert (answer.status_code, answer.text[:15]) == (404, "<!DOCTYPE html>")


def test_writing_calls_are_refused(client: httpx.Client) -> None:
    assert code(client.post("/recruit/v2/Candidates", json={})) == (400, "INVALID_REQUEST_METHOD")


def test_used_up_credits_answer_429(fresh: Organisation) -> None:
    fresh.daily_credits = 2
    with served(fresh) as client:
        assert [client.get("/recruit/v2/Clients").status_code for _ in range(3)] == [200, 200, 429]


def test_a_wrong_zsc_key_is_refused_and_an_absent_one_is_not(fresh: Organisation) -> None:
    with served(fresh) as client:
        old = {"X-ZSC-Key": fresh.zsc_key}
        assert client.get("/recruit/v2/Clients", headers=old).status_code == 200
        new = client.post("/simulator/zsc-key").json()["zsc_key"]
        assert new == fresh.zsc_key
        assert code(client.get("/recruit/v2/Clients", headers=old)) == (401, "INVALID_ZSC_KEY")
        assert client.get("/recruit/v2/Clients", headers={"X-ZSC-Key": new}).status_code == 200
        assert client.get("/recruit/v2/Clients").status_code == 200


def test_search_knows_equals_and_starts_with_and_escapes(client: httpx.Client) -> None:
    rows = listed(client, "Candidates")
    wanted = [row["id"] for row in rows if row["Skill_Set"] == "Java, SQL" and row["First_Name"].startswith("A")]
    criteria = r"((Skill_Set:equals:Java\, SQL)and(First_Name:starts_with:A))"
    assert wanted
    assert [row["id"] for row in listed(client, "Candidates/search", criteria=criteria)] == wanted
    email = rows[0]["Email"]
    assert listed(client, "Candidates/search", email=email.upper())[0]["id"] == rows[0]["id"]


def test_metadata_describes_every_type_that_a_mapping_meets(client: httpx.Client) -> None:
    fields: list[dict[str, Any]] = []
    for module in ("Candidates", "Contacts"):
        fields += client.get("/recruit/v2/settings/fields", params={"module": module}).json()["fields"]
    types = {field["data_type"] for field in fields}
    assert types >= {"text", "textarea", "email", "phone", "website", "picklist", "multiselectpicklist", "integer"}
    assert types >= {"currency", "percent", "boolean", "date", "datetime", "lookup", "ownerlookup", "autonumber"}
    assert types >= {"subform", "profileimage", "fileupload"}
    custom = {field["api_name"]: field for field in fields if field["custom_field"]}
    choices = [choice["actual_value"] for choice in custom["Department"]["pick_list_values"]]
    assert "Information Technology" in choices
    assert custom["Year_of_Passing"]["data_type"] == "integer"
    assert custom["Passed_Out_On"]["data_type"] == "date"


def test_modules_tell_what_the_api_serves(client: httpx.Client) -> None:
    modules = {row["api_name"]: row for row in client.get("/recruit/v2/settings/modules").json()["modules"]}
    assert modules["CustomModule1"]["plural_label"] == "Alumni"
    assert modules["CustomModule1"]["generated_type"] == "custom"
    assert not modules["Documents"]["api_supported"]
    single = client.get("/recruit/v2/settings/modules/Candidates").json()["modules"][0]
    assert single.keys() > modules["Candidates"].keys()


def test_the_associate_call_goes_both_ways_with_old_key_names(client: httpx.Client) -> None:
    opening = listed(client, "Job_Openings")[0]
    people = client.get(f"/recruit/v2/Job_Openings/{opening['id']}/associate").json()["data"]
    assert "Skillset" in people[0]
    jobs = client.get(f"/recruit/v2/Candidates/{people[0]['id']}/associate").json()["data"]
    found = next(job for job in jobs if job["id"] == opening["id"])
    assert found["Potential_Name"] == opening["Posting_Title"]
    assert found["Account_Name"] == opening["Client_Name"]
    title = {"posting_title": "No such title"}
    assert client.get(f"/recruit/v2/Candidates/{people[0]['id']}/associate", params=title).status_code == 204


def names(client: httpx.Client, module: str) -> set[str]:
    """The fields of a module."""
    return {field["api_name"] for field in client.get("/recruit/v2/settings/fields", params={"module": module}).json()["fields"]}


def test_a_field_and_a_module_can_be_taken_away_and_brought_back(fresh: Organisation) -> None:
    with served(fresh) as client:
        assert client.post("/simulator/hide", params={"name": "Candidates.City"}).json() == {"hidden": ["Candidates.City"]}
        assert "City" not in names(client, "Candidates")
        assert "City" in names(client, "CustomModule1")
        row = client.get("/recruit/v2/Candidates", params={"fields": "id, City ,Email"}).json()["data"][0]
        assert ("City" in row, "Email" in row) == (False, True)
        client.post("/simulator/hide", params={"name": "CustomModule1"})
        assert code(client.get("/recruit/v2/CustomModule1")) == (400, "INVALID_MODULE")
        modules = client.get("/recruit/v2/settings/modules").json()["modules"]
        assert "CustomModule1" not in {module["api_name"] for module in modules}
        for name in ("Candidates.City", "CustomModule1"):
            client.post("/simulator/show", params={"name": name})
        assert "City" in names(client, "Candidates")
        assert client.get("/recruit/v2/CustomModule1").status_code == 200
        assert client.post("/simulator/hide").status_code == 400
