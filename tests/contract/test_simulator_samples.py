"""The demo organisation and its sample syncs, judged by a small reading of the contract that is independent of ours."""

from __future__ import annotations

import asyncio
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from email_validator import EmailNotValidError, validate_email

from tui_sync.simulator import SAMPLES, Organisation, create_app

ROLES = {"info", "administrator", "admin", "careers", "service", "support", "postmaster", "webmaster", "noreply"}
MISSPELT = {"gnail.com", "gmial.com", "hotmial.com"}
Values = dict[str, Any]


def judged(raw: str | None) -> tuple[str, str]:
    """The key of a person, and the reason why an address is out (empty: it is good)."""
    if not raw or not raw.strip():
        return "", "empty_email"
    try:
        key = validate_email(raw.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return raw.strip().lower(), "invalid_pattern"
    local, _, domain = key.partition("@")
    if domain in MISSPELT:
        return key, "invalid_pattern"
    return key, "group_email" if local in ROLES else ""


class Reader:
    """Runs the sample syncs over HTTP in process, with just enough of the contract's sections 4 to 6."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.known: set[str] = set()
        self.gone: set[str] = set()
        self.blocked: set[str] = set()
        self.bars: set[str] = set()
        self.delivered: dict[tuple[str, str], Values] = {}
        self.fetched: dict[str, dict[str, str]] = {}
        self.deliveries = 0
        self.causes: dict[str, Counter[str]] = {}

    async def call(self, path: str, **data: str) -> Values:
        """A hub call's body."""
        answer = await self.client.post(f"/api/v1/{path}", data=data)
        body: Values = answer.json()
        assert body["code"] != "2008", "the samples stay under the hub's limits"
        return body

    async def records(self, path: str, **params: str) -> list[Values]:
        """Every row of a Recruit listing."""
        rows: list[Values] = []
        for page in range(1, 50):
            answer = await self.client.get(f"/recruit/v2/{path}", params={**params, "page": str(page)})
            if answer.status_code == 204:
                return rows
            rows += answer.json()["data"]
            if not answer.json()["info"]["more_records"]:
                break
        return rows

    async def members(self, key: str, status: str) -> set[str]:
        """The addresses of a list in one state."""
        body = await self.call("getleads", listkey=key, status=status, range="500")
        return {row["lead_email"] for row in body.get("list_of_details", ())}

    async def selected(self, sync: Values) -> list[Values]:
        """The records of a sync, each with `$converted`."""
        params = {}
        if sync["select"] == "view":
            asked = {"module": sync["module"]}
            answer = await self.client.get("/recruit/v2/settings/custom_views", params=asked)
            views = answer.json()["custom_views"]
            params = {"cvid": next(view["id"] for view in views if view["name"] == sync["view"])}
        rows = await self.records(sync["module"], **params)
        if sync["module"] == "Candidates":
            rows += await self.records(sync["module"], converted="true", **params)
        if sync["module"] == "Contacts":
            industries = {client["id"]: client["Industry"] for client in await self.records("Clients")}
            for row in rows:
                row["Clients.Industry"] = industries.get((row["Client_Name"] or {}).get("id"))
        return [row for row in rows if fits(row, sync)]

    async def run(self, sync: Values, key: str) -> Counter[str]:
        """One run; the counts of statuses and reasons. Causes and deliveries are kept aside."""
        on_list = {state: await self.members(key, state) for state in ("active", "unsub", "bounce")}
        present = on_list["active"] | on_list["unsub"] | on_list["bounce"]
        self.known |= present
        mine = {email for name, email in self.delivered if name == sync["name"]}
        self.gone |= mine - present - self.blocked
        rows = sorted(await self.selected(sync), key=lambda row: (row["$converted"], negative(row), row["id"]))
        await self.removals(sync, key, rows, len(mine))
        counts: Counter[str] = Counter()
        taken: set[str] = set()
        opted_out = {judged(row["Email"])[0] for row in rows if row["Email_Opt_Out"]}
        for row in rows:
            email, reason = judged(row["Email"])
            counts[await self.one(sync, key, row, reason or self.reason(sync, row, on_list, taken, opted_out))] += 1
            taken.add(email)
            self.fetched.setdefault(sync["name"], {})[row["id"]] = email
        return counts

    def reason(
        self, sync: Values, row: Values, on_list: dict[str, set[str]], taken: set[str], opted_out: set[str]
    ) -> str:
        """Why a record with a good address is ignored; empty where it is not."""
        email = judged(row["Email"])[0]
        checks = {
            "file_duplicate": email in taken,
            "do_not_mail": email in self.blocked,
            "bounced": email in on_list["bounce"],
            "unsubscribed": email in on_list["unsub"],
            "opted_out": email in opted_out and sync["on_opt_out"] != "keep",
            "converted": (row["$converted"] and sync.get("on_convert", "keep") != "keep") or email in self.bars,
        }
        return next((name for name, true in checks.items() if true), "")

    async def one(self, sync: Values, key: str, row: Values, reason: str) -> str:
        """Deliver one record unless it is ignored; its status or reason."""
        if reason == "converted" and sync.get("on_convert") == "remove-from-hub":
            self.bars.add(judged(row["Email"])[0])
        if reason:
            return reason
        email = judged(row["Email"])[0]
        info = {target: row[source] for target, source in sync["mapping"].items()} | {"Lead Email": email}
        if self.delivered.get((sync["name"], email)) == info:
            return "duplicate"
        self.deliveries += 1
        answer = await self.call("json/listsubscribe", listkey=key, leadinfo=json.dumps(info))
        if answer["code"] != "0":
            self.blocked |= {email} if answer["code"] == "2006" else set()
            return "do_not_mail" if answer["code"] == "2006" else "refused"
        self.delivered[sync["name"], email] = info
        status = "re_added" if email in self.gone else "duplicate" if email in self.known else "new"
        self.gone.discard(email)
        self.known.add(email)
        return status

    async def removals(self, sync: Values, key: str, rows: list[Values], managed: int) -> None:
        """Unsubscribe whom the policies remove, and count the causes."""
        policies = {"deleted": sync.get("on_delete", sync["on_opt_out"]), "opted out": sync["on_opt_out"]}
        policies |= {"converted": sync.get("on_convert", "keep"), "address changed": policies["deleted"]}
        before = self.fetched.get(sync["name"], {})
        causes: Counter[str] = Counter()
        found: dict[str, str] = {}
        for row in await self.records(f"{sync['module']}/deleted", type="all"):
            found[row["id"]] = "deleted"
        for row in rows:
            changed = before.get(row["id"]) != judged(row["Email"])[0]
            cause = "opted out" if row["Email_Opt_Out"] else "converted" if row["$converted"] else ""
            found[row["id"]] = cause or ("address changed" if changed else "")
        for record, cause in found.items():
            email = before.get(record, "")
            if cause and policies[cause] != "keep" and (sync["name"], email) in self.delivered:
                causes[cause] += 1
                del self.delivered[sync["name"], email]
                await self.call("json/listunsubscribe", listkey=key, leadinfo=json.dumps({"Lead Email": email}))
        guarded = causes.total() - causes["opted out"]
        assert guarded <= 10 or guarded <= managed / 10, f"{sync['name']} would be held: {causes}"
        self.causes[sync["name"]] = self.causes.get(sync["name"], Counter()) + causes


def negative(row: Values) -> tuple[int, ...]:
    """A key that puts the record changed last first."""
    return tuple(-ord(letter) for letter in row.get("Updated_On") or row["Modified_Time"])


def fits(row: Values, sync: Values) -> bool:
    """The samples' criteria: conditions on one field are alternatives, and fields must all fit; but see `Tech clients`."""
    fields: dict[str, list[bool]] = {}
    for one in sync.get("conditions", ()):
        value, operand = row[one["field"]], one.get("value", True)
        fits_one = value is not None and (value >= operand if one["operator"] == ">=" else value == operand)
        fields.setdefault(one["field"], []).append(fits_one)
    held = [any(alternatives) for alternatives in fields.values()]
    return held[0] or (held[1] and held[2]) if sync.get("pattern") == "1 or (2 and 3)" else all(held)


async def two_days(organisation: Organisation) -> tuple[list[Counter[str]], list[int], Reader]:
    """All samples on two days: the counts and deliveries of each day."""
    transport = httpx.ASGITransport(create_app(organisation))
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
        reader = Reader(client)
        counts: list[Counter[str]] = []
        deliveries: list[int] = []
        for _ in range(2):
            token = await client.post(
                "/oauth/v2/token",
                data={
                    "grant_type": "refresh_token",
                    "client_id": "demo-client",
                    "client_secret": "demo-secret",
                    "refresh_token": "demo-refresh",
                },
            )
            client.headers["Authorization"] = f"Zoho-oauthtoken {token.json()['access_token']}"
            lists = (await reader.call("getmailinglists"))["list_of_details"]
            keys = {row["listname"]: row["listkey"] for row in lists}
            day: Counter[str] = Counter()
            for sync in tomllib.loads(SAMPLES)["sync"]:
                day += await reader.run(sync, keys[sync["list"]])
            counts.append(day)
            deliveries.append(reader.deliveries - sum(deliveries))
            organisation.advance_day()
        return counts, deliveries, reader


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Counter[str]], list[int], Reader]]:
    path: Path = tmp_path_factory.mktemp("samples") / "organisation.db"
    organisation = Organisation.open(path)
    yield asyncio.run(two_days(organisation))
    organisation.close()


Outcome = tuple[list[Counter[str]], list[int], Reader]


def test_the_first_day_delivers_fewer_people_than_five_minutes_allow(outcome: Outcome) -> None:
    _, deliveries, _ = outcome
    assert 250 <= deliveries[0] <= 380


def test_one_advanced_day_brings_a_few_dozen_more(outcome: Outcome) -> None:
    _, deliveries, _ = outcome
    assert 30 <= deliveries[1] <= 80


def test_every_status_and_reason_occurs_within_two_days(outcome: Outcome) -> None:
    counts, _, _ = outcome
    wanted = {"new", "re_added", "duplicate", "empty_email", "invalid_pattern", "file_duplicate", "group_email"}
    wanted |= {"do_not_mail", "bounced", "unsubscribed", "opted_out", "converted", "refused"}
    assert set(counts[0] + counts[1]) == wanted


def test_every_cause_of_a_removal_occurs_within_two_days(outcome: Outcome) -> None:
    _, _, reader = outcome
    causes = sum(reader.causes.values(), Counter())
    assert set(causes) == {"deleted", "opted out", "converted", "address changed"}


def test_the_samples_use_every_kind_of_selection_policy_and_schedule() -> None:
    syncs = tomllib.loads(SAMPLES)["sync"]
    assert {sync["select"] for sync in syncs} == {"all", "view", "criteria"}
    assert {sync["module"] for sync in syncs} == {"Candidates", "Contacts", "CustomModule1"}
    assert {sync["frequency"] for sync in syncs} == {"once", "daily", "weekly", "monthly"}
    for policy in ("on_opt_out", "on_delete", "on_convert"):
        chosen = {sync.get(policy, "keep") for sync in syncs}
        assert chosen == {"keep", "remove-from-list", "remove-from-hub"}
