"""The demo as a whole: everything that can happen to a person does, in process and over a socket alike."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.contract.simulated import served
from tui_sync import bootstrap
from tui_sync.model.outcomes import Cause, Outcome, Reason, Result, Status
from tui_sync.services import definitions, running
from tui_sync.services.connections import ConnectRequest
from tui_sync.services.desk import Desk
from tui_sync.simulator import Organisation

Told = dict[str, list[tuple[str, str | None, Status, Reason | None, Cause | None]]]


async def set_up(desk: Desk, folder: Path) -> None:
    file = folder / "samples.toml"
    file.write_text(bootstrap.sample_definitions(), encoding="utf-8")
    await definitions.apply(desk, file)


async def run_all(desk: Desk) -> Told:
    """Run every sync once; what happened to everybody, by sync."""
    told: Told = {}
    for sync in desk.workspace.syncs.all():
        run = await running.start(desk, sync.name, running.control(desk, lambda event: None))
        assert run.result is Result.COMPLETED, run.message
        told[sync.name] = sorted(map(row_of, running.outcomes(desk, run.id)), key=str)
    return told


def row_of(outcome: Outcome) -> tuple[str, str | None, Status, Reason | None, Cause | None]:
    return outcome.record_id, outcome.email, outcome.status, outcome.reason, outcome.cause


async def in_process(folder: Path) -> list[Told]:
    """Two days of the demo organisation."""
    desk = bootstrap.open_demo(folder / "demo", "test")
    try:
        await set_up(desk, folder)
        first = await run_all(desk)
        bootstrap.advance_day(desk)
        return [first, await run_all(desk)]
    finally:
        await bootstrap.close(desk)


async def over_a_socket(folder: Path, url: str) -> Told:
    """The first day of the same organisation, through a connection like any other."""
    desk = bootstrap.open_desk(folder / "connected", "test")
    request = ConnectRequest(
        data_centre="us", client_id="demo-client", client_secret="demo-secret", refresh_token="demo-refresh",
        recruit_url=url, accounts_url=url, hub_url=url,
    )  # fmt: skip
    try:
        await bootstrap.connect_zoho(desk, request)
        await set_up(desk, folder)
        return await run_all(desk)
    finally:
        await bootstrap.close(desk)


def test_two_days_of_the_demo_show_every_status_reason_and_cause_and_a_connection_tells_the_same(tmp_path: Path) -> None:
    days = asyncio.run(in_process(tmp_path))
    rows = [row for day in days for told in day.values() for row in told]
    assert {status for _, _, status, _, _ in rows} == set(Status) - {Status.WITHHELD}
    assert {reason for *_, reason, _ in rows} - {None} == set(Reason)
    assert {cause for *_, cause in rows} - {None} == set(Cause)
    organisation = Organisation.open(tmp_path / "organisation.db")
    try:
        with served(organisation, hub_limits=True) as client:
            assert asyncio.run(over_a_socket(tmp_path, str(client.base_url))) == days[0]
    finally:
        organisation.close()
