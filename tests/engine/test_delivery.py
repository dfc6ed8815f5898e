"""What is sent: only what differs from what the sync delivered last, and what a changed mapping brings."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from tests.engine.stage import LIST, MAPPING, Stage, email_of
from tui_sync.model.errors import RunError
from tui_sync.model.hub import HubCall, Subscribe
from tui_sync.model.ledger import Candidate, Failure
from tui_sync.model.outcomes import Reason, Result, Status
from tui_sync.model.sync import MappingRow

DUPLICATE, IGNORED = Status.DUPLICATE, Status.IGNORED
PHONE = MappingRow(target="Phone", source="Phone")


def sent(writes: list[HubCall]) -> dict[str, dict[str, str]]:
    return {call.email: call.fields for call in writes if isinstance(call, Subscribe)}


def test_an_edited_mapping_fetches_everything_and_sends_only_the_new_field(stage: Stage) -> None:
    stage.people(3)
    stage.recruit.edit("1", Phone="+49 30 1")
    stage.recruit.edit("2", Phone="+49 30 2")
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.change("Newsletter", mapping=(*MAPPING, PHONE))
    stage.writes.clear()
    run = stage.run("Newsletter")
    assert (run.full, run.why) == (True, "mapping, criteria, selection or their time zone changed")
    assert sent(stage.writes) == {email_of("1"): {"Phone": "+49 30 1"}, email_of("2"): {"Phone": "+49 30 2"}}
    assert stage.details(run)["3"] == "unchanged"
    stage.writes.clear()
    stage.run("Newsletter", full=True)
    assert stage.writes == []


def test_a_field_taken_out_of_the_mapping_stays_at_the_hub_and_makes_no_call(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.change("Newsletter", mapping=MAPPING[:2])
    stage.writes.clear()
    stage.run("Newsletter")
    assert stage.writes == []
    assert stage.lead(email_of("1")) == {"First Name": "F1", "City": "Pune"}


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_a_blank_value_never_overwrites_a_filled_target_unless_the_row_says_so(
    stage: Stage, blank: str | None
) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.recruit.edit("1", City=blank)
    stage.writes.clear()
    stage.run("Newsletter")
    assert stage.writes == []
    assert stage.lead(email_of("1")) == {"First Name": "F1", "City": "Pune"}
    overwriting = MappingRow(target="City", source="City", overwrite_blank=True)
    stage.change("Newsletter", mapping=(*MAPPING[:2], overwriting))
    stage.run("Newsletter")
    assert sent(stage.writes) == {email_of("1"): {"City": ""}}
    assert stage.lead(email_of("1")) == {"First Name": "F1", "City": ""}
    stage.writes.clear()
    stage.run("Newsletter", full=True)
    assert stage.writes == []


def test_a_record_may_have_an_id_of_any_length(stage: Stage) -> None:
    ids = ("9" * 5000, "0", "007")
    for number, record in enumerate(ids):
        stage.recruit.add(record, email_of(str(number)))
    stage.sync("A")
    assert set(stage.decisions(stage.run("A"))) == set(ids)
    assert stage.run("A", full=True).counts.duplicate == len(ids)


def test_a_blank_at_first_is_filled_later(stage: Stage) -> None:
    stage.recruit.add("1", email_of("1"), City=None)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    assert stage.lead(email_of("1")) == {"First Name": "F1"}
    stage.recruit.edit("1", City="Madurai")
    stage.writes.clear()
    stage.run("Newsletter")
    assert sent(stage.writes) == {email_of("1"): {"City": "Madurai"}}


def test_a_stamp_without_a_new_value_makes_no_call(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.recruit.edit("1", Phone="+49 30 1")
    stage.writes.clear()
    run = stage.run("Newsletter")
    assert (run.read, stage.details(run), stage.writes) == (1, {"1": "unchanged"}, [])


def test_the_incremental_fetch_reaches_back_fifteen_minutes(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    run = stage.run("Newsletter")
    started = stage.clock.now()
    assert run.full
    stage.clock.pass_by(minutes=-16)
    stage.recruit.add("before", "before@zylker.com")
    stage.clock.pass_by(minutes=2)
    stage.recruit.add("within", "within@zylker.com")
    stage.clock.pass_by(minutes=14)
    run = stage.run("Newsletter")
    assert (run.full, set(stage.decisions(run))) == (False, {"within"})
    since = stage.recruit.queries[-1].since
    assert since is not None
    assert (started - since).total_seconds() == 15 * 60


def test_once_in_seven_days_everything_is_fetched(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.clock.pass_by(days=6)
    assert not stage.run("Newsletter").full
    stage.clock.pass_by(days=1)
    run = stage.run("Newsletter")
    assert (run.full, run.why) == (True, "the last full fetch is 7 days old")


def test_a_file_duplicate_is_judged_over_ledger_and_fetch_together(stage: Stage) -> None:
    stage.people(2)
    stage.sync("Newsletter", on_delete=LIST)
    stage.run("Newsletter")
    stage.recruit.add("3", email_of("1"), City="Madurai")
    run = stage.run("Newsletter")
    assert stage.decisions(run) == {"3": (DUPLICATE, None)}
    assert stage.lead(email_of("1")) == {"First Name": "F3", "City": "Madurai"}
    run = stage.run("Newsletter", full=True)
    assert stage.decisions(run)["1"] == (IGNORED, Reason.FILE_DUPLICATE)
    assert "record 3" in str(stage.details(run)["1"])
    stage.recruit.delete("3")
    assert stage.removals(stage.run("Newsletter")) == {}
    assert stage.members() == {"p1", "p2"}


def test_a_record_that_a_full_fetch_no_longer_lists_stands_for_its_address_once_more(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("2", email_of("1"))
    stage.clock.pass_by(minutes=1)
    stage.recruit.edit("1", City="Madurai")
    stage.sync("Newsletter")
    assert stage.decisions(stage.run("Newsletter"))["2"] == (IGNORED, Reason.FILE_DUPLICATE)
    del stage.recruit.rows["1"]
    run = stage.run("Newsletter", full=True)
    assert stage.decisions(run) == {"2": (IGNORED, Reason.FILE_DUPLICATE)}
    assert "record 1" in str(stage.details(run)["2"])
    assert stage.decisions(stage.run("Newsletter", full=True)) == {"2": (DUPLICATE, None)}


def test_a_record_deleted_in_the_same_fetch_is_no_rival(stage: Stage) -> None:
    stage.people(1)
    stage.recruit.add("2", email_of("1"))
    stage.recruit.edit("2", converted=True)
    stage.sync("Newsletter")
    assert stage.decisions(stage.run("Newsletter"))["2"] == (IGNORED, Reason.FILE_DUPLICATE)
    stage.recruit.delete("1")
    stage.recruit.edit("2", City="Madurai")
    assert stage.decisions(stage.run("Newsletter")) == {"2": (DUPLICATE, None)}
    assert stage.lead(email_of("1")) == {"First Name": "F2", "City": "Madurai"}


def test_if_one_of_several_records_is_opted_out_the_person_is(stage: Stage) -> None:
    stage.people(1)
    stage.sync("Newsletter", on_opt_out=LIST)
    stage.run("Newsletter")
    stage.clock.pass_by(days=-1)
    stage.recruit.add("2", email_of("1"), opted_out=True)
    stage.clock.pass_by(days=1)
    run = stage.run("Newsletter", full=True)
    assert stage.decisions(run) == {"1": (IGNORED, Reason.OPTED_OUT), "2": (IGNORED, Reason.FILE_DUPLICATE)}
    assert stage.removals(run) == {"2": "opted_out"}
    assert stage.members() == set()


def test_only_data_after_the_floor_is_retrieved(stage: Stage) -> None:
    stage.people(1)
    stage.clock.pass_by(days=1)
    floor = stage.clock.now()
    stage.clock.pass_by(hours=1)
    stage.people(1, first=2)
    stage.sync("Newsletter", after=floor)
    assert set(stage.decisions(stage.run("Newsletter"))) == {"2"}
    stage.recruit.edit("1", City="Madurai")
    assert set(stage.decisions(stage.run("Newsletter"))) == {"1"}


def test_a_page_that_cannot_be_committed_fails_the_run_and_takes_no_other_page_with_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.people(2500)
    stage.sync("Newsletter")
    ledger, pages = stage.space.ledger, 0
    commit = ledger.commit

    async def second_fails(gathered: Sequence[Any]) -> None:
        nonlocal pages
        pages += 1
        if pages == 2:
            raise RunError("The disk is full.", "Free some space.")
        for _ in range(9):
            await asyncio.sleep(0)  # the third page is still under way when the second is told to have failed
        await commit(gathered)

    monkeypatch.setattr(ledger, "commit", second_fails)
    run = stage.run("Newsletter")
    assert run.result is Result.FAILED
    assert run.counts.new == len(stage.members()) == len(stage.decisions(run)) == 1000  # the pages before and behind it
    run = stage.run("Newsletter")
    assert run.result is Result.COMPLETED
    assert len(stage.members()) == 2500


def test_a_page_is_written_with_one_statement_for_each_table_whoever_needs_a_call(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.people(300)
    for record in range(1, 300, 7):
        stage.recruit.edit(str(record), Email="nobody")
    stage.sync("Newsletter")
    ledger, tables = stage.space.ledger, list[str]()
    commit = ledger.commit

    async def watched(gathered: Sequence[Any]) -> None:
        tables.extend(sql.split()[2].partition("(")[0] for sql, _ in gathered)
        await commit(gathered)

    monkeypatch.setattr(ledger, "commit", watched)
    run = stage.run("Newsletter")
    assert (run.counts.new, run.counts.ignored) == (257, 43)
    assert sorted(tables) == ['"hub_leads"', '"memberships"', '"outcomes"', '"records"']


def test_a_retry_of_many_tells_of_each_person_once(stage: Stage) -> None:
    stage.people(1700)
    stage.sync("Newsletter")
    run = stage.run("Newsletter")
    for number, record in enumerate(map(str, range(1700, 0, -1))):
        who = Candidate(record, email_of(record), "", "", "", "", False, False, True, ())
        failure = Failure(key=f"Newsletter/{number}", sync="Newsletter", run=run.id, candidate=who, values={}, message="")
        stage.space.ledger.put(failure)
    run = stage.retry(run)
    told = Counter(outcome.record_id for outcome in stage.space.runs.outcomes(run.id))
    assert (len(told), set(told.values()), run.counts.total) == (1700, {1}, 1700)
