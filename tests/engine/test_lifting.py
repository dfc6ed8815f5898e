"""What is lifted while a run goes on stays lifted."""

from __future__ import annotations

import asyncio
import threading

import msgspec
import pytest

from tests.engine.listed import FixedClock
from tests.engine.office import SUBSCRIBE, Office, block
from tui_sync.engine.confirm import Confirmer
from tui_sync.model.events import Event, Phase, PhaseStarted
from tui_sync.model.ledger import RecordEntry
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import lifting, running
from tui_sync.services.desk import Desk
from tui_sync.store.workspace import Workspace

ANN = "ann@zylker.com"


def refused(office: Office) -> int:
    """The record of somebody whom the hub has refused because of Do-Not-Mail."""
    block(office, ANN)
    record = office.candidate(ANN)
    office.sync("A")
    office.run("A")
    return record


def lift_elsewhere(desk: Desk) -> None:
    """What another program does: it has the workspace open for itself."""
    clock = FixedClock()
    other = Workspace(desk.workspace.folder, clock)
    asyncio.run(lifting.lift(Desk(other, clock, lambda: desk.connect, "elsewhere"), ANN, "asked by phone"))
    other.close()


def test_a_refusal_that_another_program_lifts_while_a_page_is_written_is_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.edit(refused(office), Department="Sales")
    make, another = Confirmer.entry, threading.Thread(target=lift_elsewhere, args=(office.desk,))

    def watched(confirmer: Confirmer, *record: object) -> RecordEntry:
        another.start()
        another.join(timeout=0.5)  # it may have to wait for the page
        return make(confirmer, *record)  # type: ignore[arg-type]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Confirmer, "entry", watched)
        assert office.decisions(office.run("A"))[ANN] == (Status.IGNORED, Reason.DO_NOT_MAIL)
    another.join()
    [entry] = office.desk.workspace.ledger.entries_of([ANN])
    assert entry.refusal is None
    office.run("A")
    assert office.calls == [(SUBSCRIBE, ANN)]


def test_a_refusal_lifted_during_a_run_that_finds_the_record_deleted_is_forgotten(office: Office) -> None:
    office.delete(refused(office))
    ledger = office.desk.workspace.ledger

    def tell(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase is Phase.COMMIT:
            ledger.put(*(msgspec.structs.replace(entry, refusal=None) for entry in ledger.entries_of([ANN])))

    office.wait_for(running.start(office.desk, "A", running.control(office.desk, tell)))
    [entry] = ledger.entries_of([ANN])
    assert (entry.deleted, entry.refusal) == (True, None)
