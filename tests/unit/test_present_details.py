"""The lines of the details screen as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from tui_sync.model.ledger import Bar, Membership, MembershipState
from tui_sync.model.outcomes import Calls, Cause, Counts, Outcome, Reason, Result, RunSummary, Status
from tui_sync.model.sync import Frequency, MappingRow, Schedule, Sync, SyncState
from tui_sync.services.outcomes import Waiting
from tui_sync.services.people import Explanation
from tui_sync.services.syncs import SyncRow
from tui_sync.ui.present import details, outcomes, person, setup
from tui_sync.ui.present.columns import fit, natural
from tui_sync.ui.present.lines import Line, width_of

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
KOLKATA = ZoneInfo("Asia/Kolkata")
ROW = SyncRow(
    id="s1", name="IT graduates", module="Candidates", module_shown="Candidates", list="Zylker", state=SyncState.ACTIVE,
    running=False, next=NOW, last=None, reason="",
)  # fmt: skip


def text(lines: Iterable[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def run(**more: object) -> RunSummary:
    known = {
        "id": "7", "sync_id": "s1", "sync": "IT graduates", "result": Result.COMPLETED, "started": NOW - timedelta(hours=2),
        "finished": NOW - timedelta(hours=2) + timedelta(seconds=41), "calls": Calls(recruit=5, hub=43), "why": "first run",
        "counts": Counts(total=812, new=42, re_added=1, duplicate=731, ignored=38),
    }  # fmt: skip
    return RunSummary(**{**known, **more})  # type: ignore[arg-type]


def sync(**more: object) -> Sync:
    known = {
        "id": "s1", "name": "IT graduates", "module": "Candidates", "list_key": "k", "list_name": "Zylker",
        "mapping": (MappingRow(target="Lead Email", source="Email"),), "state": SyncState.ACTIVE, "created": NOW,
        "initiated": NOW, "schedule": Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata"),
    }  # fmt: skip
    return Sync(**{**known, **more})  # type: ignore[arg-type]


def run_line(width: int, **more: object) -> str:
    [told] = text([details.run_line(run(**more), None, older=True, newer=False, now=NOW, zone=KOLKATA, width=width)])
    return told


def test_the_line_of_the_run_says_less_where_there_is_less_room() -> None:
    wide = " Run ◂ today 15:30 ▸  ✓ completed in 41 s, 5 calls to Recruit, 43 to the hub, full: first run"
    assert run_line(140) == wide
    assert run_line(80) == wide.removesuffix(", full: first run")
    assert run_line(60) == " Run ◂ today 15:30 ▸  ✓ completed in 41 s, full: first run"
    assert len(run_line(45, result=Result.HELD)) <= 45


@pytest.mark.parametrize("width", [50, 60, 80, 130])
def test_the_tabs_stand_on_as_many_lines_as_they_need_and_never_wider(width: int) -> None:
    lines = details.tab_lines(run(withheld=60), 14, Status.IGNORED, width)
    assert all(width_of(line) <= width for line in lines)
    told = " ".join(text(lines))
    assert "[5 Ignored 38]" in told
    assert told.count("[") == 1
    for tab in ("1 Total 812", "3 Re-added 1", "6 Deleted 0", "7 Withheld 60", "9 Runs 14", "0 Configuration"):
        assert tab in told
    assert len(lines) == 1 or width < 130


def test_a_tab_is_withheld_only_where_somebody_is_and_a_sync_that_never_ran_has_no_people() -> None:
    assert Status.WITHHELD not in details.tabs(run())
    assert Status.WITHHELD in details.tabs(run(withheld=1))
    assert details.tabs(None) == ["runs", "setup"]


def test_what_waits_names_the_key_that_deals_with_it() -> None:
    told = text(details.remarks(run(failed=2, message="It stopped."), sync(), waiting=60, undelivered=2, width=78))
    assert told == [
        " It stopped.",
        " 60 people are to be removed once you approve: 7 shows them, a approves.",
        " 2 people are not delivered. They join the next run; t tries again at once.",
    ]
    assert list(details.remarks(run(), sync(), waiting=0, undelivered=0, width=78)) == []


def test_people_stand_in_their_tabs_and_reasons_and_removals_are_outside_total() -> None:
    sheet = outcomes.Sheet()
    sheet.take([
        Outcome(record_id="1", status=Status.NEW), Outcome(record_id="2", status=Status.IGNORED, reason=Reason.BOUNCED),
        Outcome(record_id="3", status=Status.IGNORED, reason=Reason.EMPTY_EMAIL),
    ])  # fmt: skip
    sheet.take([
        Outcome(record_id="3", status=Status.DELETED, cause=Cause.OPTED_OUT),
        Outcome(record_id="4", status=Status.IGNORED, reason=Reason.EMPTY_EMAIL),
    ])  # fmt: skip
    assert [row.record_id for row in sheet.rows("total")] == ["1", "2", "3", "4"]
    assert sheet.whys(Status.IGNORED) == [(Reason.EMPTY_EMAIL, 2), (Reason.BOUNCED, 1)]
    assert sheet.whys(Status.DELETED) == [(Cause.OPTED_OUT, 1)]
    assert sheet.whys("total") == []
    assert [row.record_id for row in sheet.rows(Status.IGNORED, Reason.EMPTY_EMAIL)] == ["3", "4"]


@pytest.mark.parametrize("why", ["", Reason.BOUNCED])
@pytest.mark.parametrize("tab", ["total", *Status])
def test_every_tab_has_as_many_cells_and_orders_as_columns(tab: str, why: str) -> None:
    outcome = Outcome(record_id="1", status=Status.IGNORED, reason=Reason.BOUNCED, detail="\x1b[2J")
    columns = outcomes.columns(tab, why)
    assert len(outcomes.cells(outcome, "", tab, why)) == len(outcomes.sort_keys(tab, lambda _: "", why)) == len(columns)
    assert "\x1b" not in str(outcomes.cells(outcome, "", tab, why))


def test_a_long_address_takes_the_room_that_short_details_leave() -> None:
    address = "alexandra.vandersteen-gudmundsdottir@letters.example.org"
    added = Outcome(record_id="846336005000100001", status=Status.NEW, email=address, detail="added")
    row, columns = outcomes.cells(added, "Alexandra", Status.NEW), outcomes.columns(Status.NEW)
    assert fit(columns, natural(columns, [row]), 117)[1] >= len(address)


def test_at_80_columns_a_long_detail_is_cut_before_name_address_and_reason() -> None:
    detail = "record 846336005000100066 of this sync carries the same address"
    email, why = "ute.unsubscribed@zylker.com", Reason.FILE_DUPLICATE
    twice = Outcome(record_id="1", status=Status.IGNORED, reason=why, email=email, detail=detail)
    columns = outcomes.columns(Status.IGNORED)
    wished = natural(columns, [outcomes.cells(twice, "Ute Unsubscribed", Status.IGNORED)])
    assert fit(columns, wished, 77)[:3] == wished[:3]


def test_the_question_before_an_approval_tells_numbers_and_what_they_mean() -> None:
    waiting = Waiting(from_list=48, from_hub=12, causes=((Cause.DELETED, 55), (Cause.CONVERTED, 5)))
    question, told = details.approval(sync(), waiting, 812, marketing=True)
    assert question == "Remove 60 of 812 people from Zylker?"
    assert told[0] == "Because in Recruit: Deleted 55, Converted 5."
    assert "48 of them it is an unsubscribe" in told[1]
    assert "12 of them it is a permanent Do-Not-Mail" in told[2]
    _, embedded = details.approval(sync(), waiting, 812, marketing=False)
    assert not any("Marketing" in sentence for sentence in embedded)


def test_the_configuration_tells_the_next_five_runs_in_both_zones_and_wraps_to_the_width() -> None:
    rows = setup.setup_rows(sync(), ROW, NOW, KOLKATA, ZoneInfo("Europe/Berlin"), 80)
    moments = [row.text for row in rows if " here)" in row.text]
    assert moments[0] == "Mon 9 Mar 09:00 (in 5 days, 04:30 here)"
    assert len(moments) == 5
    assert {row.edit for row in rows if row.label.strip() in ("Schedule", "Opted out")} == {"retrieval"}
    assert next(row.edit for row in rows if row.label == "  Lead Email") == "mapping"
    narrow = setup.setup_rows(sync(), ROW, NOW, KOLKATA, None, 60)
    assert all(len(row.text) <= 60 - 24 for row in narrow)


def test_each_of_the_next_runs_stands_on_one_line_at_80_columns_however_far_away_it_is() -> None:
    last = Schedule(frequency=Frequency.MONTHLY, day=31, at="20:00", timezone="America/Argentina/Buenos_Aires")
    rows = setup.setup_rows(sync(schedule=last), ROW, NOW, KOLKATA, ZoneInfo("Asia/Tokyo"), 80)
    ahead = [row.text for row in rows if "(in " in row.text]
    assert len(ahead) == 5
    assert all(text.endswith(" here)") for text in ahead)


def test_the_configuration_wraps_by_cells_so_that_nothing_of_a_broad_text_is_cut() -> None:
    name = "東京のパートナー企業の採用担当者向けメーリングリスト、毎週月曜日に配信"
    rows = setup.setup_rows(sync(list_name=name), ROW, NOW, KOLKATA, None, 60)
    here = next(place for place, row in enumerate(rows) if row.label == "To list")
    parts = [rows[here], *takewhile(lambda row: not row.label, rows[here + 1 :])]
    assert "".join(row.text for row in parts) == name
    assert max(cell_len(row.text) for row in parts) <= 60 - 24


@pytest.mark.parametrize(
    ("full", "told"), [(True, "No record matched the selection."),
                       (False, "No record of the selection had changed since the run before.")])  # fmt: skip
def test_a_run_that_looked_at_nobody_says_why_by_what_it_fetched(full: bool, told: str) -> None:
    rows = details.nobody(run(full=full, counts=Counts()), "total", "", "", 80)
    assert told in [part.text.strip() for row in rows for part in row]


def test_a_paused_sync_has_no_next_runs() -> None:
    assert list(setup.next_runs(sync(state=SyncState.INACTIVE), NOW, KOLKATA, None)) == []


def test_values_that_changed_stand_side_by_side_and_what_is_unknown_is_not_guessed() -> None:
    before, after = {"City": "Pune", "Phone": "1"}, {"City": "Lyon", "Phone": "1", "Fax": ""}
    told = text(person.value_lines(before, after, 80))
    assert [line.split() for line in told] == [["City", "Pune", "->", "Lyon"], ["Phone", "1"], ["Fax", "(blank)"]]
    assert "->" not in " ".join(text(person.value_lines(before, None, 80)))
    assert "delivered nothing" in text(person.value_lines(None, after, 80))[0]


def test_only_lists_that_somebody_is_in_can_be_left_and_bars_are_told() -> None:
    places = [
        ("Zylker", Membership(key="a/k", list_key="k", since=NOW)),
        ("Old", Membership(key="a/o", list_key="o", since=NOW, state=MembershipState.LEFT)),
    ]
    assert person.lists_in(places) == ["Zylker"]
    bar = Bar(key="b", email="a@b.example", scope="hub", cause=Cause.CONVERTED, origin="Candidates/9", sync="s1", since=NOW)
    known = Explanation(
        email="a@b.example", records=(), memberships=tuple(places), bars=(("hub", bar),), mark=None, pending=()
    )
    told = " ".join(text(person.known_lines(known, {"s1": "IT graduates"}, KOLKATA, 200)))
    assert "Barred from every list of the hub" in told
    assert 'Left the list "Old"' in told


def test_a_run_whose_outcomes_went_for_their_age_says_until_when_they_were_kept() -> None:
    kept = datetime(2026, 3, 2, 12, tzinfo=UTC)
    run = RunSummary(id="1", sync_id="s", sync="A", result=Result.COMPLETED, started=kept, kept_until=kept)
    for tab in details.tabs(run)[:-2]:
        told = " ".join(part.text for row in details.nobody(run, tab, "", "", 80) for part in row)
        assert "were kept until 2026-03-02; its counts stay." in told


def test_tabs_begin_where_everything_else_begins() -> None:
    run = RunSummary(id="1", sync_id="s", sync="A", result=Result.COMPLETED, started=datetime(2026, 3, 2, tzinfo=UTC))
    for told in text(details.tab_lines(run, 3, "total", 60)):
        assert told.startswith(" ")
        assert len(told) <= 60


def test_a_cause_that_says_what_the_status_says_stands_once() -> None:
    gone = Outcome(record_id="9", email="a@b.example", status=Status.DELETED, cause=Cause.DELETED)
    assert text(person.outcome_lines(gone, "10", 80))[0].startswith(" Run 10: Deleted   record 9")


@pytest.mark.parametrize(("width", "told"), [(60, "Permission to write…"), (120, "Permission to write by e-mail")])
def test_names_of_fields_stand_whole_where_there_is_room(width: int, told: str) -> None:
    fields = [("Permission to write by e-mail", "yes"), ("City", "Pune")]
    assert told in text(person.field_lines(fields, width))[0]


def test_reasons_that_a_low_terminal_has_no_line_for_are_counted() -> None:
    whys = [(reason, 3) for reason in Reason]
    [row] = details.reason_lines(whys, 30, "", 60, low=True)
    [shown] = text([row])
    assert width_of(row) <= 60
    assert shown.startswith(" [All 30]")
    assert shown.endswith(f"+{len(whys) - shown.count(' 3 ')} more")
    assert len(details.reason_lines(whys, 30, "", 60)) > 1
