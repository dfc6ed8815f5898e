"""Named case *clients and job openings*: people selected by what is related to them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.simulated import served
from tests.engine.office import MARKERS, MINE, Office
from tui_sync import bootstrap
from tui_sync.connectors import ZohoConnector
from tui_sync.engine import related
from tui_sync.engine.control import Price
from tui_sync.model.outcomes import Result, RunSummary
from tui_sync.services import definitions, running
from tui_sync.services.connections import ConnectRequest
from tui_sync.simulator import Organisation
from tui_sync.simulator.schema import CLIENTS, OPENINGS, first_id


class Trade:
    """Clients, openings, and the people who belong to them, in the organisation of an office."""

    def __init__(self, office: Office) -> None:
        self.office, self.records = office, office.org.records

    def client(self, industry: str | None, name: str = "Zylker") -> int:
        return self.records.add(CLIENTS, {"Client_Name": name, "Industry": industry}, self.office.when())

    def opening(self, title: str | None, *candidates: int, contact: int = 0, **values: object) -> int:
        asked_by = {"name": "somebody", "id": str(contact)} if contact else None
        known = {"Posting_Title": title, "Contact_Name": asked_by, **values}
        made = self.records.add(OPENINGS, known, self.office.when())
        for candidate in candidates:
            self.records.associate(made, candidate)
        return made

    def contact(self, name: str, client: int = 0) -> int:
        at = {"name": "Zylker", "id": str(client)} if client else None
        return self.office.contact(f"{name}@zylker.com", Client_Name=at)

    def candidate(self, name: str) -> int:
        return self.office.candidate(f"{name}@zylker.com")

    def selected(self, module: str, *rows: tuple[object, ...], pattern: str = "") -> set[str]:
        """Who of the test's own people a new sync with these rows selects, by the local part of their address."""
        return self.names(self.office.run(self.sync(module, *rows, pattern=pattern)))

    def sync(self, module: str, *rows: tuple[object, ...], pattern: str = "") -> str:
        name = f"sync {len(self.office.desk.workspace.syncs.all())}"
        own = {"field": MARKERS[module], "operator": "is", "value": MINE}
        keys = ("field", "operator", "value")
        conditions = [own, *(dict(zip(keys, row, strict=False)) for row in rows)]
        numbers = [str(number) for number in range(2, len(conditions) + 1)]
        joined = f"1 and ({pattern or ' and '.join(numbers)})"
        self.office.sync(name, module=module, select="criteria", conditions=conditions, pattern=joined)
        return name

    def names(self, run: RunSummary) -> set[str]:
        assert run.result is Result.COMPLETED, run.message
        return {(email or "").partition("@")[0] for email in self.office.decisions(run)}


@pytest.fixture
def trade(office: Office) -> Trade:
    return Trade(office)


def test_contacts_are_selected_by_the_industry_of_their_client(trade: Trade) -> None:
    software, retail, blank = trade.client("Software"), trade.client("Retail"), trade.client(None)
    gone = trade.client("Software")
    for name, client in (("dev", software), ("shop", retail), ("blank", blank), ("orphan", gone), ("alone", 0)):
        trade.contact(name, client)
    trade.office.delete(gone)
    field = "Clients.Industry"
    assert trade.selected("Contacts", (field, "is", "Software")) == {"dev"}
    assert trade.selected("Contacts", (field, "isn't", "Software")) == {"shop", "blank", "orphan", "alone"}
    assert trade.selected("Contacts", (field, "is empty")) == {"blank", "orphan", "alone"}
    assert trade.selected("Contacts", (field, "is not empty")) == {"dev", "shop"}
    assert trade.selected("Contacts", (field, "is", "Retail"), (field, "is", "Software"), pattern="2 or 3") == {"dev", "shop"}


def test_clients_of_one_name_are_told_apart_by_their_id(trade: Trade) -> None:
    trade.contact("first", trade.client("Software", "Twin"))
    trade.contact("second", trade.client("Retail", "Twin"))
    assert trade.selected("Contacts", ("Clients.Industry", "is", "Retail")) == {"second"}


def test_candidates_are_selected_by_the_posting_title_of_any_of_their_openings(trade: Trade) -> None:
    chef, cook, both, none, converted = map(trade.candidate, ("chef", "cook", "both", "none", "converted"))
    trade.opening("Chef", chef, both, converted)
    trade.opening("Cook", cook, both)
    trade.opening("Chef")
    trade.office.convert(converted)
    assert none
    title = "Job_Openings.Posting_Title"
    assert trade.selected("Candidates", (title, "is", "chef")) == {"chef", "both", "converted"}
    assert trade.selected("Candidates", (title, "isn't", "chef")) == {"cook", "none"}
    assert trade.selected("Candidates", (title, "doesn't contain", "c")) == {"none"}
    assert trade.selected("Candidates", (title, "is", "Chef"), (title, "is", "Cook")) == {"both"}
    assert trade.selected("Candidates", (title, "is empty")) == {"none"}
    assert trade.selected("Candidates", (title, "is not empty")) == {"chef", "cook", "both", "converted"}


def test_an_opening_that_was_deleted_counts_no_more(trade: Trade) -> None:
    person = trade.candidate("person")
    trade.office.delete(trade.opening("Chef", person))
    assert trade.selected("Candidates", ("Job_Openings.Posting_Title", "is", "Chef")) == set()
    assert trade.selected("Candidates", ("Job_Openings.Posting_Title", "is empty")) == {"person"}


def test_contacts_are_selected_by_the_openings_that_they_asked_for(trade: Trade) -> None:
    remote, local, nothing = map(trade.contact, ("remote", "local", "nothing"))
    assert nothing
    trade.opening("Chef", contact=remote, Remote_Job=True)
    trade.opening("Cook", contact=remote, Remote_Job=False)
    trade.opening("Cook", contact=local, Remote_Job=False)
    assert trade.selected("Contacts", ("Job_Openings.Remote_Job", "is selected")) == {"remote"}
    assert trade.selected("Contacts", ("Job_Openings.Remote_Job", "is not selected")) == {"local", "nothing"}
    assert trade.selected("Contacts", ("Job_Openings.Posting_Title", "is", "Cook")) == {"remote", "local"}


def test_a_changed_client_is_noticed_although_no_contact_changed(trade: Trade) -> None:
    client = trade.client("Retail")
    trade.contact("person", client)
    name = trade.sync("Contacts", ("Clients.Industry", "is", "Software"))
    assert trade.names(trade.office.run(name)) == set()
    trade.office.edit(client, Industry="Software")
    run = trade.office.run(name)
    assert trade.names(run) == {"person"}
    assert (run.full, run.why) == (True, "conditions on related modules need every record")


def test_a_failed_person_is_judged_with_what_is_related_when_the_run_is_retried(trade: Trade) -> None:
    trade.contact("person", trade.client("Software"))
    name = trade.sync("Contacts", ("Clients.Industry", "is", "Software"))
    trade.office.fault(kind="status", path="/api/v1/json/listsubscribe", status=500, count=50)
    failed = trade.office.run(name)
    assert failed.failed == 1
    trade.office.org.faults.clear()
    assert trade.office.retry(failed).counts.new == 1


# what it costs


def asked_for(calls: list[httpx.Request], part: str) -> list[str]:
    return [call.url.path for call in calls if part in call.url.path and "/settings/" not in call.url.path]


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    made = Organisation.open(tmp_path_factory.mktemp("related") / "organisation.db", records=1500, seed=5)
    yield made
    made.close()


def over_a_socket(
    organisation: Organisation, folder: Path, definition: str
) -> tuple[RunSummary, list[httpx.Request]]:
    """A dry run of one sync over a connection like any other, and every call that it made at Recruit."""
    calls: list[httpx.Request] = []

    async def note(request: httpx.Request) -> None:
        if "/recruit/" in request.url.path:
            calls.append(request)

    async def run(url: str) -> RunSummary:
        desk = bootstrap.open_desk(folder / "connected", "test")
        request = ConnectRequest(
            data_centre="us", client_id="demo-client", client_secret="demo-secret", refresh_token="demo-refresh",
            recruit_url=url, accounts_url=url, hub_url=url,
        )  # fmt: skip
        try:
            await bootstrap.connect_zoho(desk, request)
            (folder / "d.toml").write_text(definition)
            await definitions.apply(desk, folder / "d.toml")
            connector = desk.connect
            assert isinstance(connector, ZohoConnector)
            connector.http.event_hooks = {"request": [note]}
            return (await running.preview(desk, "S", running.control(desk, lambda event: None))).summary
        finally:
            await bootstrap.close(desk)

    with served(organisation) as client:
        return asyncio.run(run(str(client.base_url))), calls


ROWS = """
[[sync]]
name = "S"
module = "{module}"
list = "Zylker"
select = "criteria"
conditions = [{rows}]
"""


def definition(module: str, *rows: str) -> str:
    return ROWS.format(module=module, rows=", ".join(f"{{ {row} }}" for row in rows))


def test_clients_and_openings_are_listed_once_however_many_rows_name_them(organisation: Organisation, tmp_path: Path) -> None:
    text = definition(
        "Contacts", 'field = "Clients.Industry", operator = "is", value = "Software"',
        'field = "Clients.Source", operator = "is not empty"',
        'field = "Job_Openings.Remote_Job", operator = "is selected"',
    )  # fmt: skip
    run, calls = over_a_socket(organisation, tmp_path, text)
    assert run.result is Result.COMPLETED, run.message
    assert asked_for(calls, "/Clients") == ["/recruit/v2/Clients"]
    assert asked_for(calls, "/Job_Openings") == ["/recruit/v2/Job_Openings"]
    fields = {call.url.path: call.url.params["fields"].split(",") for call in calls if "fields" in call.url.params}
    assert {"id", "Industry", "Source"} <= set(fields["/recruit/v2/Clients"])
    assert "Client_Name" not in fields["/recruit/v2/Clients"]
    assert "Contact_Name" in fields["/recruit/v2/Job_Openings"]
    assert run.notes == ("Related records: 1 call for 60 clients, 1 call for 40 job openings (6 credits)",)


def test_only_openings_that_satisfy_a_row_are_asked_for_their_candidates(organisation: Organisation, tmp_path: Path) -> None:
    text = definition("Candidates", 'field = "Job_Openings.Job_Type", operator = "isn\'t", value = "Contract"')
    run, calls = over_a_socket(organisation, tmp_path, text)
    contracts = [key for key, values in openings(organisation).items() if values["Job_Type"] == "Contract"]
    assert 0 < len(contracts) < 40
    asked = asked_for(calls, "/associate")
    assert sorted(asked) == sorted(f"/recruit/v2/Job_Openings/{key}/associate" for key in contracts)
    credits = 3 + len(contracts)
    told = f"Related records: 1 call for 40 job openings, {len(contracts)} calls for the candidates of {len(contracts)} openings"
    assert run.notes[0] == f"{told} ({credits} credits)"
    assert run.calls.recruit == len(calls)
    taken = {key for opening in contracts for key, _ in organisation.records.associations(OPENINGS, opening)}
    assert run.counts.total == run.read - len(taken)


def openings(organisation: Organisation) -> dict[int, dict[str, object]]:
    found: dict[int, dict[str, object]] = {}
    for key in range(first_id(OPENINGS), first_id(OPENINGS) + 40):
        values = organisation.records.get(key)
        if values is not None:
            found[key] = values
    return found


def test_without_related_rows_nothing_related_is_read(organisation: Organisation, tmp_path: Path) -> None:
    text = definition("Contacts", 'field = "Department", operator = "is", value = "Technology"')
    _, calls = over_a_socket(organisation, tmp_path, text)
    assert not asked_for(calls, "/Clients")
    assert not asked_for(calls, "/Job_Openings")
    fields = next(call.url.params["fields"] for call in calls if "fields" in call.url.params)
    assert "Client_Name" not in fields.split(",")


# the price that is asked for


@pytest.fixture
def dear(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> str:
    """A sync whose run costs more calls than may be made without asking."""
    monkeypatch.setattr(related, "ASK_ABOVE", 2)
    for number in range(3):
        trade.opening("Chef", trade.candidate(f"p{number}"))
    return trade.sync("Candidates", ("Job_Openings.Posting_Title", "is", "Chef"))


class Asked:
    """Somebody who is asked for a price and gives one answer."""

    def __init__(self, answer: bool) -> None:
        self.prices: list[Price] = []
        self.answer = answer

    async def __call__(self, price: Price) -> bool:
        self.prices.append(price)
        return self.answer


def test_a_run_asks_before_many_associate_calls_and_ends_cancelled_where_that_is_declined(trade: Trade, dear: str) -> None:
    person = Asked(False)
    office = trade.office
    run = office.run(dear, control=running.control(office.desk, office.events.append, person))
    assert [(price.calls, price.credits) for price in person.prices] == [(3, 3)]
    assert "3 job openings" in person.prices[0].why
    assert run.result is Result.CANCELLED
    assert (office.calls, run.counts.total) == ([], 0)
    assert not office.desk.workspace.ledger.knows(office.desk.sync(dear).id)


def test_it_goes_on_where_that_is_agreed_to(trade: Trade, dear: str) -> None:
    person = Asked(True)
    office = trade.office
    run = office.run(dear, control=running.control(office.desk, office.events.append, person))
    assert trade.names(run) == {"p0", "p1", "p2"}
    assert len(person.prices) == 1


def test_a_run_that_nobody_watches_goes_on_and_notes_it(trade: Trade, dear: str) -> None:
    run = trade.office.run(dear)
    assert trade.names(run) == {"p0", "p1", "p2"}
    assert "3 calls for the candidates of 3 openings, more than 2 without asking, since nobody watched" in run.notes[0]


def test_a_question_that_waits_ends_with_the_run_that_is_cancelled(trade: Trade, dear: str) -> None:
    office = trade.office

    async def never(_: Price) -> bool:
        control.cancel()
        await asyncio.Event().wait()
        return True

    control = running.control(office.desk, office.events.append, never)
    assert office.run(dear, control=control).result is Result.CANCELLED
