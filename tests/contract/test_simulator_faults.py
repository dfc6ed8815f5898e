"""Fault switches, in process and over a socket: bounded, narrowed by path, and gone when used up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from tests.contract.simulated import GRANT, served
from tui_sync.simulator import Fault, Organisation, create_app
from tui_sync.simulator.faults import Kind

PATH = "/recruit/v2/Clients"


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    opened = Organisation.open(tmp_path / "organisation.db", records=20)
    yield opened
    opened.close()


@pytest.fixture
def client(organisation: Organisation) -> Iterator[httpx.Client]:
    with served(organisation) as opened:
        yield opened


def in_process(organisation: Organisation) -> httpx.Response:
    """One authorised call without a socket."""

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(organisation))
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
            token = (await client.post("/oauth/v2/token", data=GRANT)).json()["access_token"]
            return await client.get(PATH, headers={"Authorization": f"Zoho-oauthtoken {token}"})

    return asyncio.run(call())


def test_a_status_fault_acts_as_often_as_it_says(client: httpx.Client, organisation: Organisation) -> None:
    organisation.faults.add(Fault(kind="status", status=500, count=2))
    assert [client.get(PATH).status_code for _ in range(3)] == [500, 500, 200]
    assert organisation.faults.active() == []


def test_a_fault_may_let_calls_pass_first_and_meets_its_path_only(
    client: httpx.Client, organisation: Organisation
) -> None:
    organisation.faults.add(Fault(kind="status", status=503, path="/recruit/v2/Clients", after=1))
    answers = [client.get(path).status_code for path in ("/recruit/v2/Contacts", PATH, PATH, PATH)]
    assert answers == [200, 200, 503, 200]


def test_retry_after_is_absent_or_seconds_or_a_date(client: httpx.Client, organisation: Organisation) -> None:
    for fault in (
        Fault(kind="status", status=429),
        Fault(kind="status", status=429, retry_after=7),
        Fault(kind="status", status=429, retry_after=60, retry_as_date=True),
    ):
        organisation.faults.add(fault)
    plain, seconds, date = (client.get(PATH) for _ in range(3))
    assert {plain.status_code, seconds.status_code, date.status_code} == {429}
    assert plain.json()["code"] == "TOO_MANY_REQUESTS"
    assert "retry-after" not in plain.headers
    assert seconds.headers["retry-after"] == "7"
    assert 50 <= (parsedate_to_datetime(date.headers["retry-after"]) - datetime.now(UTC)).total_seconds() <= 61


def test_a_page_and_broken_json_come_with_status_200(client: httpx.Client, organisation: Organisation) -> None:
    organisation.faults.add(Fault(kind="html"))
    organisation.faults.add(Fault(kind="bad-json"))
    page, broken = client.get(PATH), client.get(PATH)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert broken.status_code == 200
    with pytest.raises(ValueError, match="Unterminated"):
        broken.json()


@pytest.mark.parametrize("kind", ["cut", "drop"])
def test_a_broken_connection_is_broken_over_a_socket(
    client: httpx.Client, organisation: Organisation, kind: Kind
) -> None:
    organisation.faults.add(Fault(kind=kind))
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(PATH)
    assert client.get(PATH).status_code == 200


def test_in_process_a_dropped_call_fails_and_a_cut_body_is_short(organisation: Organisation) -> None:
    whole = in_process(organisation)
    organisation.faults.add(Fault(kind="cut", path=PATH))
    assert whole.content.startswith(in_process(organisation).content)
    organisation.faults.add(Fault(kind="drop", path=PATH))
    with pytest.raises(ConnectionResetError):
        in_process(organisation)
    assert in_process(organisation).content == whole.content


def test_a_slow_call_is_answered_late(client: httpx.Client, organisation: Organisation) -> None:
    organisation.faults.add(Fault(kind="slow", seconds=0.5))
    with pytest.raises(httpx.ReadTimeout):
        client.get(PATH, timeout=0.05)
    organisation.faults.add(Fault(kind="slow", seconds=0.05))
    assert client.get(PATH).elapsed.total_seconds() >= 0.05


def test_switches_are_set_seen_and_cleared_over_http(client: httpx.Client) -> None:
    fault = {"kind": "status", "status": 500, "count": 9, "path": "/recruit/"}
    assert client.post("/simulator/faults", json=fault).status_code == 200
    assert client.get(PATH).status_code == 500
    assert client.get("/simulator/faults").json()["faults"][0]["count"] == 8
    assert client.delete("/simulator/faults").json() == {"faults": []}
    assert client.get(PATH).status_code == 200
    assert "kind" in client.post("/simulator/faults", json={"kind": "nonsense"}).json()["error"]


def test_the_state_tells_day_sizes_and_usage(client: httpx.Client) -> None:
    client.get(PATH)
    client.post("/simulator/advance")
    state = client.get("/simulator/state").json()
    assert state["day"] == 1
    assert state["records"]["Contacts"] >= 300
    assert state["credits"]["allowed"] == 100_000
    assert len(state["lists"]) == 6
    assert client.get("/simulator/nonsense").status_code == 404
