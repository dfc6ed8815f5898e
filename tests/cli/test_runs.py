"""run, runs, outcomes, approve and retry: shapes, statuses, and what goes to stdout and what to stderr."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.cli.conftest import NEWSLETTER, Program
from tui_sync.engine import related
from tui_sync.engine.ports import Hub
from tui_sync.model.errors import PersonError, PersonFailed, PersonRefused, Unreachable
from tui_sync.model.hub import HubCall
from tui_sync.store.locks import process_start

KEYS = [
    "id", "sync", "result", "started", "finished", "full", "read", "counts", "ignored", "withheld", "failed", "calls",
]  # fmt: skip
COUNTS = ["total", "new", "re_added", "duplicate", "ignored", "deleted"]
IGNORED = [
    "empty_email", "invalid_pattern", "file_duplicate", "group_email", "do_not_mail", "bounced", "unsubscribed",
    "opted_out", "converted", "refused",
]  # fmt: skip
TROUBLE = {
    "refuses": PersonRefused("2016", "Lead cannot be added"),
    "fails": PersonFailed("the hub answered 500"),
}


class Troubled:
    """A hub that says the same no to one person, and passes everything else on."""

    def __init__(self, hub: Hub, email: str, error: PersonError) -> None:
        self._hub, self._email, self._error = hub, email, error
        self.batch, self.transactional, self.removal_blocks = hub.batch, hub.transactional, hub.removal_blocks

    def __getattr__(self, name: str) -> object:
        return getattr(self._hub, name)

    async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
        answers = iter(await self._hub.deliver([call for call in calls if call.email != self._email]))
        return [self._error if call.email == self._email else next(answers) for call in calls]


@pytest.fixture
def ready(tui: Program) -> Program:
    """Thirty people and some whom nobody can mail, under one sync."""
    tui.people(30)
    tui.recruit.add("91", "no address at all")
    tui.recruit.add("92", None)
    tui.apply()
    return tui


def trouble(tui: Program, what: str) -> None:
    """Let the hub refuse (or fail to take) the first person."""
    tui.hub = lambda hub: Troubled(hub, "1@example.org", TROUBLE[what])  # type: ignore[assignment, return-value]


def test_a_run_as_json_has_the_keys_of_the_contract_and_no_others(ready: Program) -> None:
    ended = ready("run", "Newsletter", "--json")
    run = ended.json("run")
    assert (ended.status, ended.err) == (0, "")
    assert list(run) == KEYS
    assert list(run["counts"]) == COUNTS
    assert list(run["ignored"]) == IGNORED
    assert list(run["calls"]) == ["recruit", "hub"]
    assert (run["id"], run["sync"], run["result"]) == ("1", "Newsletter", "completed")
    assert (run["full"], run["read"]) == (True, 32)
    assert run["counts"] == {"total": 32, "new": 30, "re_added": 0, "duplicate": 0, "ignored": 2, "deleted": 0}
    assert run["started"].endswith("Z")


def test_runs_are_listed_newest_first_with_the_same_keys(ready: Program) -> None:
    ready("run", "Newsletter")
    ready("run", "Newsletter")
    runs = ready("runs", "--json").json("runs")
    assert [run["id"] for run in runs] == ["2", "1"]
    assert [list(run) for run in runs] == [KEYS, KEYS]
    assert ready("runs", "Newsletter", "--json").json("runs") == runs


def test_the_table_of_runs_tells_what_was_fetched_and_why(ready: Program) -> None:
    ready("run", "Newsletter")
    assert "full: the first run fetches everything" in ready("runs").lines[1]


def test_no_runs_are_an_empty_listing(ready: Program) -> None:
    assert ready("runs", "--json").json("runs") == []
    assert ready("runs").out == ""


def test_a_dry_run_tells_the_same_and_leaves_no_trace(ready: Program) -> None:
    foreseen = ready("run", "Newsletter", "--dry-run", "--json")
    assert foreseen.status == 0
    assert ready("runs", "--json").json("runs") == []
    made = ready("run", "Newsletter", "--json").json("run")
    assert foreseen.json("run")["counts"] == made["counts"]
    assert list(foreseen.json("run")) == KEYS
    assert foreseen.json("run")["id"] == ""


def test_a_draft_is_run_dry_before_it_is_initiated(ready: Program) -> None:
    ready("duplicate", "Newsletter", "Draft")
    assert ready("run", "Draft").status == 2
    foreseen = ready("run", "Draft", "--dry-run", "--json")
    assert (foreseen.status, foreseen.err) == (0, "")
    assert foreseen.json("run")["counts"]["total"] > 0


def test_a_dry_run_names_whom_it_would_remove(ready: Program) -> None:
    ready("run", "Newsletter")
    ready.recruit.delete("7")
    assert "7@example.org" in ready("run", "Newsletter", "--dry-run").out


def test_a_failed_run_tells_its_message_on_stderr_and_still_prints_the_object(ready: Program) -> None:
    def broken(number: int) -> None:
        raise Unreachable("Recruit does not answer.", "Try again.")

    ready.recruit.on_page = broken
    ended = ready("run", "Newsletter", "--json")
    assert ended.status == 1
    assert ended.json("run")["result"] == "failed"
    assert ended.err == "Recruit does not answer. Try again.\n"
    assert "Run 1: Recruit does not answer. Try again." in ready("runs").lines
    assert "It broke off; the next run does what is left: tui-sync run Newsletter" in ready("retry", "1").err


def test_people_the_hub_refuses_make_status_5(ready: Program) -> None:
    trouble(ready, "refuses")
    ended = ready("run", "Newsletter", "--json")
    assert (ended.status, ended.json("run")["result"]) == (5, "completed")
    assert ended.json("run")["ignored"]["refused"] == 1
    assert "--reason refused" in ended.err


def test_people_who_failed_make_status_5_and_a_retry_makes_up_for_it(ready: Program) -> None:
    trouble(ready, "fails")
    ended = ready("run", "Newsletter", "--json")
    assert (ended.status, ended.json("run")["result"]) == (5, "completed-with-errors")
    assert "tui-sync retry 1" in ended.err
    ready.hub = lambda hub: hub
    again = ready("retry", "1", "--json")
    assert (again.status, again.json("run")["id"], again.json("run")["failed"]) == (0, "1", 0)


def test_withheld_removals_make_status_4_until_they_are_approved(ready: Program) -> None:
    ready("run", "Newsletter")
    ready.recruit.delete(*map(str, range(1, 21)))
    held = ready("run", "Newsletter", "--json")
    assert (held.status, held.json("run")["result"], held.json("run")["withheld"]) == (4, "held", 20)
    assert "tui-sync approve 2" in held.err
    assert "Look: tui-sync outcomes 2 --status withheld; make them: tui-sync approve 2" in ready("health").out
    assert len(ready("outcomes", "2", "--status", "withheld", "--json").json("outcomes")) == 20
    approved = ready("approve", "2", "--json")
    assert (approved.status, approved.json("run")["counts"]["deleted"]) == (0, 20)
    assert "20 people" in approved.err


def test_an_approval_that_removes_nobody_announces_nothing_and_names_the_run_that_took_over(ready: Program) -> None:
    ready("run", "Newsletter")
    ready.recruit.delete(*map(str, range(1, 21)))
    ready("run", "Newsletter")
    ready("run", "Newsletter")
    early = ready("approve", "2")
    assert early.status == 2
    assert "Removing" not in early.err
    assert "Run 2 has no removals that wait for approval. A later run has taken them over: tui-sync approve 3" in early.err
    assert ready("approve", "3").status == 0
    assert "taken them over" not in ready("approve", "2").err


def test_outcomes_as_json_lines_have_the_keys_of_the_contract(ready: Program) -> None:
    ready("run", "Newsletter")
    lines = [json.loads(line) for line in ready("outcomes", "1", "--format", "jsonl").lines]
    assert len(lines) == 32
    assert {tuple(line) for line in lines} == {("record_id", "email", "status", "reason", "cause", "detail")}
    ignored = next(line for line in lines if line["record_id"] == "92")
    assert ignored["email"] is None
    assert (ignored["status"], ignored["reason"], ignored["cause"]) == ("ignored", "empty_email", None)


def test_outcomes_can_be_asked_for_by_status_and_reason_in_any_case(ready: Program) -> None:
    ready("run", "Newsletter")
    assert len(ready("outcomes", "1", "--status", "New", "--json").json("outcomes")) == 30
    found = ready("outcomes", "1", "--reason", "INVALID_PATTERN", "--json").json("outcomes")
    assert [outcome["record_id"] for outcome in found] == ["91"]


def test_outcomes_as_csv_carry_no_formula(ready: Program) -> None:
    ready.recruit.add("93", '=HYPERLINK("http://evil")')
    ready("run", "Newsletter")
    rows = list(csv.reader(ready("outcomes", "1", "--status", "ignored", "--format", "csv").lines))
    assert rows[0] == ["record_id", "email", "status", "reason", "cause", "detail"]
    assert '\'=HYPERLINK("http://evil")' in [row[1] for row in rows]


def test_outcomes_as_a_table_are_in_words(ready: Program) -> None:
    ready("run", "Newsletter")
    assert any("Ignored  Empty email" in line for line in ready("outcomes", "1").lines)


@pytest.mark.parametrize("command", [("outcomes", "9"), ("approve", "9"), ("retry", "9"), ("run", "Nobody's")])
def test_an_unknown_run_or_sync_is_status_2_and_prints_no_object(command: tuple[str, ...], ready: Program) -> None:
    ended = ready(*command, "--json")
    assert (ended.status, ended.out) == (2, "")
    assert "tui-sync" in ended.err


def test_a_draft_cannot_be_run_and_the_way_out_is_named(ready: Program) -> None:
    ready("duplicate", "Newsletter", "Copy")
    ended = ready("run", "Copy", "--json")
    assert (ended.status, ended.out) == (2, "")
    assert "tui-sync activate Copy" in ended.err


def test_an_unexpected_error_is_one_sentence_and_a_log(ready: Program) -> None:
    def bug(number: int) -> None:
        raise ZeroDivisionError

    ready.recruit.on_page = bug
    ended = ready("run", "Newsletter")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.count("\n") == 1
    assert "ZeroDivisionError" in (ready.folder / "errors.log").read_text()
    assert ready("runs", "--json").json("runs")[0]["result"] == "interrupted"


def test_a_run_whose_outcomes_went_for_their_age_says_so(ready: Program) -> None:
    ready("run", "Newsletter")
    ready.clock.pass_by(days=100)
    ended = ready("doctor", "--prune")
    assert "Dropped the outcomes of 1 run." in ended.err
    look = ready("outcomes", "1", "--json")
    assert look.json("outcomes") == []
    assert "The outcomes of run 1 were kept until 2026-06-10; its counts stay." in look.err
    assert ready("runs", "--json").json("runs")[0]["counts"]["new"] == 30


OF_OPENINGS = NEWSLETTER + """
select = "criteria"
conditions = [{ field = "Job_Openings.City", operator = "is", value = "Pune" }]
"""


def test_a_dear_run_tells_its_price_on_stderr_and_goes_on(tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(related, "ASK_ABOVE", 1)
    tui.people(2)
    for opening in ("o1", "o2"):
        tui.recruit.add(opening, None, module="Job_Openings")
        tui.recruit.associations.add((opening, "1"))
    tui.apply(OF_OPENINGS)
    ended = tui("run", "Newsletter", "--json")
    assert ended.status == 0
    assert ended.json("run")["counts"]["total"] == 1
    assert "2 job openings satisfy a row, and each is asked for its candidates." in ended.err
    assert "That takes 2 calls to Recruit and 2 credits; it goes on." in ended.err
    assert "Related records: " in tui("run", "Newsletter", "--dry-run").out


def test_a_run_that_never_fetched_does_not_claim_a_full_fetch(ready: Program) -> None:
    ready("run", "Newsletter")

    def gone(name: str) -> None:
        raise Unreachable("Recruit does not answer.", "Try again.")

    ready.recruit.module = gone  # type: ignore[method-assign, assignment]
    run = ready("run", "Newsletter", "--json").json("run")
    assert (run["result"], run["full"], run["read"]) == ("failed", False, 0)


def test_a_sync_that_runs_is_neither_run_nor_deleted_and_who_runs_it_is_named(ready: Program) -> None:
    desk = ready.open(ready.folder, "test")
    sync = desk.sync("Newsletter")
    locks, name, other = desk.workspace.locks, f"sync:{sync.id}", os.getppid()
    assert locks.take(name, "a run of Newsletter") == ""
    mine = locks._shelf.get(name)
    assert mine is not None
    locks._shelf.put(replace(mine, pid=other, started=process_start(other)))
    for arguments in (("run", "Newsletter"), ("delete", "Newsletter")):
        ended = ready(*arguments)
        assert (ended.status, ended.out) == (1, "")
        assert '"Newsletter" is running' in ended.err
        assert f"process {other}, a run of Newsletter" in ended.err
    desk.workspace.close()


def test_the_command_of_a_hint_takes_a_name_as_it_is_and_carries_nothing_of_it_out(tui: Program) -> None:
    tui.apply()
    tui("duplicate", "Newsletter", "Graduates of `touch made`")
    assert tui("run", "Graduates of `touch made`").err.endswith("tui-sync activate 'Graduates of `touch made`'\n")
    tui("duplicate", "--", "Newsletter", "-x")
    assert tui("run", "--", "-x").err.endswith("tui-sync activate -- -x\n")
