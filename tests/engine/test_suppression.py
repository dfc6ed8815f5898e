"""The workspace's own suppression list, and what lifting by hand brings back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.engine.office import Office
from tests.engine.stage import HUB, Stage, WatchedHub, email_of
from tests.engine.turns import beside
from tui_sync.model.errors import PersonError, RunError, UsageError
from tui_sync.model.events import Event, Phase, PhaseStarted
from tui_sync.model.hub import HubCall, Remove
from tui_sync.model.ledger import Mark, MembershipState
from tui_sync.model.outcomes import Reason, Status
from tui_sync.services import catalogue, lifting, people, running, suppression
from tui_sync.services.afresh import decide_anew
from tui_sync.services.lifting import Lifted
from tui_sync.store.rowfile import Statement

DO_NOT_MAIL = (Status.IGNORED, Reason.DO_NOT_MAIL)


def lift(stage: Stage | Office, email: str) -> Lifted:
    return stage.wait_for(lifting.lift(stage.desk, email, "asked by phone"))


def test_a_suppressed_person_is_neither_added_nor_updated_and_stays_where_they_are(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    stage.run("A")
    done = suppression.suppress(stage.desk, email_of("1"), "a complaint")
    assert done.lists == ("Zylker",)
    suppression.suppress(stage.desk, email_of("3"), "never")
    stage.people(1, first=3)
    stage.recruit.edit("1", City="Lyon")
    told = stage.decisions(stage.run("A"))
    assert told == {"1": DO_NOT_MAIL, "3": DO_NOT_MAIL}
    assert (stage.lead(email_of("1")) or {})["City"] == "Pune"
    assert stage.members() == {"p1", "p2"}


def test_suppression_outlasts_a_removal_from_the_hub_that_was_under_way(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A", on_delete=HUB)
    stage.run("A")

    class Blocking(WatchedHub):
        removal_blocks, transactional = True, False

        async def deliver(self, calls: Sequence[HubCall]) -> Sequence[PersonError | None]:
            if any(isinstance(call, Remove) for call in calls):
                suppression.suppress(stage.desk, email_of("1"), "meanwhile")
            return await super().deliver(calls)

    stage.open_hub = lambda monitor: Blocking(stage.space.leads, monitor, stage.writes)
    stage.recruit.delete("1")
    stage.run("A")
    [mark] = suppression.listing(stage.desk)
    assert (mark.suppressed, bool(mark.blocked)) == ("meanwhile", True)


def test_a_suppression_during_a_run_keeps_the_person_out_of_it(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")

    def tell(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase is Phase.DELIVER:
            suppression.suppress(stage.desk, email_of("2"), "meanwhile")

    run = stage.run("A", control=running.control(stage.desk, tell))
    assert stage.decisions(run)["2"] == DO_NOT_MAIL


def test_a_suppression_is_audited_and_the_same_once_more_changes_nothing(stage: Stage) -> None:
    assert suppression.suppress(stage.desk, "A@Zylker.com ", "one").fresh
    before = stage.dump()
    assert not suppression.suppress(stage.desk, "a@zylker.com", "one").fresh
    assert stage.dump() == before
    assert suppression.suppress(stage.desk, "a@zylker.com", "two").fresh
    [first, second] = [line.what for line in stage.space.log.lines()]
    assert first == "suppressed a@zylker.com: one"
    assert second == 'suppressed a@zylker.com: two (the reason was "one")'


@pytest.mark.parametrize(("address", "reason"), [("nonsense", "why"), ("a@zylker.com", "  "), ("a@zylker.com", "x" * 201)])
def test_nobody_is_suppressed_without_an_address_and_a_reason(stage: Stage, address: str, reason: str) -> None:
    with pytest.raises(UsageError):
        suppression.suppress(stage.desk, address, reason)
    assert suppression.listing(stage.desk) == []


HOSTILE = {"=cmd@zylker.com": "=1+1", "a@zylker.com": "@click, \"quoted\"", "b@zylker.com": "\x1b]0;pwn\x07\nline"}


def test_an_exported_list_is_read_back_as_it_was(stage: Stage, tmp_path: Path) -> None:
    for email, reason in HOSTILE.items():
        suppression.suppress(stage.desk, email, reason)
    path = tmp_path / "out.csv"
    assert stage.wait_for(suppression.export(stage.desk, path)) == len(HOSTILE)
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "'=cmd@zylker.com,'=1+1" in text
    before = suppression.listing(stage.desk)
    other = Stage(tmp_path / "other")
    assert other.wait_for(suppression.read(other.desk, path)).added == len(HOSTILE)
    assert [(m.email, m.suppressed) for m in before] == [(m.email, m.suppressed) for m in suppression.listing(other.desk)]
    assert other.wait_for(suppression.read(other.desk, path)) == suppression.Imported(0, 0, len(HOSTILE))
    other.close()


def test_a_file_with_bad_rows_changes_nothing_and_names_each_with_its_line(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("email,reason\na@zylker.com,one\nnonsense,two\n\nb@zylker.com,\na@zylker.com,other\nc@zylker.com\n")
    with pytest.raises(UsageError) as refused:
        stage.wait_for(suppression.read(stage.desk, path))
    for told in ("line 3", "line 5", "line 6: a@zylker.com stands in line 2", "line 7"):
        assert told in str(refused.value)
    assert suppression.listing(stage.desk) == []


@pytest.mark.parametrize("content", [b"name,why\n", b"", b"\xff\xfe", b'email,reason\n"a@zylker.com,x\n'])
def test_a_file_that_is_no_list_is_refused(stage: Stage, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError):
        stage.wait_for(suppression.read(stage.desk, path))


def test_an_unchanged_record_is_delivered_after_its_suppression_is_lifted(stage: Stage) -> None:
    suppression.suppress(stage.desk, email_of("1"), "a complaint")
    stage.people(2)
    stage.sync("A")
    stage.run("A")
    assert stage.members() == {"p2"}
    done = lift(stage, email_of("1"))
    assert done.syncs == ("A",)
    run = stage.run("A")
    assert (run.full, run.why) == (True, "what kept p1@zylker.com out was lifted")
    assert stage.decisions(run)["1"] == (Status.NEW, None)
    assert stage.members() == {"p1", "p2"}
    assert not stage.run("A").full, "asked for once"


def test_lifting_during_a_run_is_heeded_by_the_next_one(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    suppression.suppress(stage.desk, email_of("1"), "a complaint")
    stage.run("A")
    stage.recruit.edit("2", City="Lyon")

    def tell(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase is Phase.COMMIT:
            suppression_off()

    def suppression_off() -> None:
        ledger = stage.space.ledger
        ledger.drop(*ledger.marks([email_of("1")]).values())
        decide_anew(stage.desk, ledger.entries_of([email_of("1")]), "lifted meanwhile")

    stage.run("A", control=running.control(stage.desk, tell))
    assert stage.run("A").counts.new == 1


def test_somebody_taken_out_by_hand_comes_back_once_that_is_lifted(stage: Stage) -> None:
    stage.people(2)
    stage.sync("A")
    stage.run("A")
    stage.remove(email_of("1"))
    stage.run("A", full=True)
    assert stage.members() == {"p2"}
    stage.sync("Elsewhere", "Other")
    stage.run("Elsewhere")
    done = lift(stage, email_of("1"))
    assert 'taken out of the list "Zylker" by hand' in done.lifted[0]
    assert done.syncs == ("A",), "a sync of another list has nothing to decide anew"
    run = stage.run("A")
    assert stage.decisions(run)["1"] == (Status.DUPLICATE, None)
    assert stage.members() == {"p1", "p2"}


def test_bars_are_lifted_and_the_record_is_judged_by_the_rules_again(stage: Stage) -> None:
    stage.recruit.add("1", email_of("1"), opted_out=True)
    stage.sync("A", on_opt_out=HUB)
    stage.sync("B", "Other")
    stage.run("A")
    stage.run("B")
    assert stage.members("Other") == set()
    done = lift(stage, email_of("1"))
    assert "The bar from every list of the hub is gone" in done.lifted[0]
    assert "opted out in Recruit" in done.staying[0]
    stage.run("B")
    assert stage.members("Other") == {"p1"}, "a sync that keeps such people brings them in"
    assert stage.decisions(stage.run("A"))["1"] == (Status.IGNORED, Reason.OPTED_OUT), "one that does not, does not"


def test_nothing_to_lift_is_refused_and_told(stage: Stage) -> None:
    stage.people(1)
    stage.sync("A")
    stage.run("A")
    with pytest.raises(RunError, match=r"Nothing that can be lifted keeps p1@zylker\.com out"):
        lift(stage, email_of("1"))


def test_a_hard_bounce_is_not_lifted(stage: Stage) -> None:
    stage.space.ledger.put(Mark(email=email_of("1"), bounced="zylker", suppressed="why"))
    assert "hard bounce" in lift(stage, email_of("1")).staying[0]
    assert stage.space.ledger.marks([email_of("1")])[email_of("1")] == Mark(email=email_of("1"), bounced="zylker")


def left(office: Office) -> str:
    """Somebody whom a sync delivered and who has left the list at the hub since."""
    office.candidate("ann@zylker.com")
    office.sync("A", on_opt_out="remove-from-list")
    office.run("A")
    office.leaves("ann@zylker.com", "Zylker")
    return "ann@zylker.com"


@pytest.mark.parametrize("known", [True, False])
def test_whoever_left_on_their_own_is_not_brought_back_even_if_taken_out_by_hand_after_it(office: Office, known: bool) -> None:
    email = left(office)
    if known:
        office.run("A")
        with pytest.raises(RunError, match="on their own"):
            lift(office, email)
    office.wait_for(people.remove(office.desk, email, "Zylker"))
    suppression.suppress(office.desk, email, "why")
    done = lift(office, email)
    assert any("on their own" in sentence for sentence in done.staying)
    assert [m.state for m in office.desk.workspace.ledger.memberships_of([email])] == [MembershipState.LEFT]
    run = office.run("A", full=True)
    assert office.decisions(run)[email] == (Status.IGNORED, Reason.UNSUBSCRIBED)


def test_a_remembered_do_not_mail_is_asked_of_the_hub_again_once_lifted(office: Office) -> None:
    record = office.candidate("ann@zylker.com")
    office.sync("A", on_delete="remove-from-hub")
    office.run("A")
    office.edit(record, City="Lyon")
    office.org.leads.do_not_mail("ann@zylker.com")
    assert office.decisions(office.run("A"))["ann@zylker.com"] == DO_NOT_MAIL
    assert office.run("A", full=True).counts.ignored == 1
    assert office.calls == [], "it is not asked again while it is remembered"
    done = lift(office, "ann@zylker.com")
    assert "The hub itself may still refuse them" in done.lifted[0]
    office.run("A")
    assert office.calls, "the hub is asked, and may say no again"


def test_marketing_automation_tells_only_names_with_a_list(office: Office) -> None:
    columns = office.wait_for(catalogue.import_columns(office.desk))
    assert columns == ("Lead Email", "First Name", "Last Name")


def long_list(path: Path, people: int = 2000) -> Path:
    """A file of so many people."""
    path.write_text("email,reason\n" + "".join(f"p{number}@zylker.com,asked us to\n" for number in range(people)))
    return path


def test_a_long_file_is_one_commit_beside_the_event_loop(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    commit = stage.space.db.commit

    async def watched(statements: Sequence[Statement]) -> None:
        await commit(statements)
        done.append("commit")

    monkeypatch.setattr(stage.space.db, "commit", watched)
    monkeypatch.setattr(stage.space.db.rows, "before_writing", lambda: done.append("backup"))
    read, turns = stage.wait_for(beside(suppression.read(stage.desk, long_list(tmp_path / "in.csv"))))
    assert read == suppression.Imported(2000, 0, 0)
    assert len(suppression.listing(stage.desk)) == 2000
    assert done[:2] == ["backup", "commit"]
    assert done.count("commit") == 1
    assert turns >= 3 * 2000 / suppression.PAGE, "reading, comparing and making the commit"
    marks, turns = stage.wait_for(beside(suppression.read_listing(stage.desk)))
    assert marks == suppression.listing(stage.desk)
    assert turns >= 2000 / suppression.PAGE
    number, turns = stage.wait_for(beside(suppression.export(stage.desk, tmp_path / "out.csv")))
    assert number == 2000
    assert turns >= 2 * 2000 / suppression.PAGE, "reading and writing"
    assert sorted((tmp_path / "out.csv").read_text().splitlines()) == sorted((tmp_path / "in.csv").read_text().splitlines())


def test_the_event_loop_has_its_turns_also_where_every_row_of_a_file_stands_on_two_lines(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, take, rows_of_turn = tmp_path / "in.csv", suppression._take, [0]

    def watched(cells: list[str], number: int, wanted: dict[str, tuple[str, int]]) -> Iterator[str]:
        rows_of_turn[-1] += 1
        return take(cells, number, wanted)

    async def read() -> suppression.Imported:
        async def others() -> None:
            while True:
                if rows_of_turn[-1]:
                    rows_of_turn.append(0)
                await asyncio.sleep(0)

        ticking = asyncio.create_task(others())
        try:
            return await suppression.read(stage.desk, path)
        finally:
            ticking.cancel()

    monkeypatch.setattr(suppression, "_take", watched)
    path.write_text("email,reason\n" + "".join(f'p{number}@zylker.com,"asked\nus to"\n' for number in range(2000)))
    assert stage.wait_for(read()).added == sum(rows_of_turn) == 2000
    assert max(rows_of_turn) <= suppression.PAGE


def test_what_is_learned_of_a_person_while_a_file_is_read_stays(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suppress = stage.space.ledger.suppress

    async def overtaken(marks: Sequence[Mark], gathered: Sequence[Statement]) -> None:
        stage.space.ledger.put(Mark(email="p1@zylker.com", blocked="the hub answered 2006"))
        await suppress(marks, gathered)

    monkeypatch.setattr(stage.space.ledger, "suppress", overtaken)
    stage.wait_for(suppression.read(stage.desk, long_list(tmp_path / "in.csv", 3)))
    mark = stage.space.ledger.marks(["p1@zylker.com"])["p1@zylker.com"]
    assert (mark.suppressed, mark.blocked) == ("asked us to", "the hub answered 2006")
    assert mark.suppressed_at is not None
    assert not stage.space.db.integrity()
