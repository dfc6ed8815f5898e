"""Approving or retrying what cannot be finished any more: the sync says so, as after a run."""

from __future__ import annotations

import pytest

from tests.engine.office import SUBSCRIBE, Office
from tests.engine.stage import LIST, Stage
from tui_sync.model.errors import SourceGone
from tui_sync.model.hub import EmbeddedHub
from tui_sync.model.outcomes import Result
from tui_sync.model.sync import SyncState, Trouble


def test_approving_breaks_a_sync_whose_list_is_gone(stage: Stage) -> None:
    records = stage.people(20)
    stage.sync("A", on_opt_out=LIST)
    stage.run("A")
    stage.recruit.delete(*records[:15])
    held = stage.run("A")
    hub = stage.space.leads.hub()
    assert hub is not None
    stage.space.leads.write_hub(EmbeddedHub({}, hub.fields))
    with pytest.raises(SourceGone, match=r'"Zylker" is no longer at the hub\. Mend it: tui-sync repair A'):
        stage.approve(held)
    sync = stage.desk.sync("A")
    assert (sync.state, sync.trouble) == (SyncState.BROKEN, Trouble.LIST)
    assert len(stage.space.ledger.pending(run_id=held.id)) == 15
    told = [line.what for line in stage.space.log.lines()]
    assert told[-1] == 'A: active -> broken: The list "Zylker" is no longer at the hub.'


def test_retrying_breaks_a_sync_whose_list_is_gone_and_the_people_wait_on(office: Office) -> None:
    office.candidate("ann@zylker.com")
    office.sync("A")
    office.fault(kind="status", status=500, path=f"/api/v1/{SUBSCRIBE}", count=50)
    run = office.run("A")
    assert (run.result, run.failed) == (Result.COMPLETED_WITH_ERRORS, 1)
    office.org.faults.clear()
    office.org.leads.delete_list(office.list_key("Zylker"), with_leads=False)
    with pytest.raises(SourceGone):
        office.retry(run)
    assert office.desk.sync("A").state is SyncState.BROKEN
    assert len(office.desk.workspace.ledger.failures(run_id=run.id)) == 1
