"""Where several facts about a person meet: which one decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tui_sync.model.decide import STRANGER, Person, Rules, decide
from tui_sync.model.ledger import Bar, Candidate, Holding, Membership, MembershipState, RecordEntry, Refusal
from tui_sync.model.outcomes import Cause, Reason, Status
from tui_sync.model.sync import Policies, Removal

NOW = datetime(2024, 5, 1, tzinfo=UTC)
JANE = "jane@example.com"


def differences(values: Sequence[str], delivered: Mapping[str, str] | None) -> dict[str, str]:
    before = delivered or {}
    return {f: v for f, v in zip(("First Name",), values, strict=False) if v and v != before.get(f, "")}


def candidate(
    record: str = "1",
    *,
    modified: str = "2024-01-01T00:00:00Z",
    opted_out: bool = False,
    converted: bool = False,
    values: tuple[str, ...] = ("Jane",),
) -> Candidate:
    return Candidate(record, JANE, JANE, "", "", modified, opted_out, converted, True, values)


def entry(
    record: str = "1",
    *,
    email: str = JANE,
    opted_out: bool = False,
    delivered: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> RecordEntry:
    return RecordEntry(
        key=f"s/{record}", email=email, modified="2024-01-01T00:00:00Z", matched=True,
        opted_out=opted_out, delivered=delivered, refusal=refusal,
    )  # fmt: skip


def rules(on_opt_out: Removal = Removal.KEEP, on_convert: Removal = Removal.KEEP) -> Rules:
    policies = Policies(on_opt_out, None, on_convert)
    return Rules(sync="s", list_key="L", policies=policies, differences=differences)


def member(state: MembershipState = MembershipState.ACTIVE, stored: Policies | None = None) -> Membership:
    by = {"s": Holding("1", NOW, stored or Policies())}
    return Membership(key=f"{JANE}/L", list_key="L", state=state, made_by="s", since=NOW, by=by)


LIST = Removal.LIST


def test_a_plain_stranger_is_decided_as_the_whole_table_would() -> None:
    who = candidate()
    quickly = decide([who], STRANGER, rules(LIST, LIST), {})
    assert quickly == decide([who], Person(), rules(LIST, LIST), {})
    assert quickly == decide([who], STRANGER, rules(LIST, LIST), {"another": entry("another")})


def test_changed_address_is_sent_all_its_fields() -> None:
    known = entry(email="old@example.com", delivered={"First Name": "Jane"})
    [decision] = decide([candidate(modified="2024-02-01T00:00:00Z")], STRANGER, rules(), {"1": known}).decisions
    assert (decision.status, decision.send) == (Status.NEW, {"First Name": "Jane"})


def test_the_bar_comes_from_the_record_that_is_opted_out() -> None:
    group = [candidate("1", opted_out=True), candidate("2", modified="2024-02-01T00:00:00Z")]
    assert [bar.record for bar in decide(group, STRANGER, rules(LIST), {}).bars] == ["1"]


def test_a_record_of_the_ledger_that_is_opted_out_makes_the_person_opted_out() -> None:
    newer = candidate("2", modified="2024-02-01T00:00:00Z")
    [decision] = decide([newer], STRANGER, rules(LIST), {}, [entry("1", opted_out=True)]).decisions
    assert decision.reason is Reason.OPTED_OUT


def test_an_opt_out_bar_comes_before_a_conversion() -> None:
    bar = Bar(key="k", email=JANE, scope="L", cause=Cause.OPTED_OUT, origin="Contacts/9", sync="t", since=NOW)
    [decision] = decide([candidate(converted=True)], Person(bars=(bar,)), rules(on_convert=Removal.LIST), {}).decisions
    assert decision.reason is Reason.OPTED_OUT


def test_policies_of_an_ended_membership_exempt_nobody() -> None:
    for state in (MembershipState.REMOVED, MembershipState.GONE):
        person = Person(known=state is MembershipState.REMOVED, tombstone=state is MembershipState.GONE, membership=member(state))
        [decision] = decide([candidate(opted_out=True)], person, rules(LIST), {}).decisions
        assert decision.reason is Reason.OPTED_OUT, state


def test_a_refusal_of_nothing_to_send_does_not_hide_a_member() -> None:
    refused = entry(refusal=Refusal("3001", "no", {}))
    person = Person(known=True, membership=member())
    [decision] = decide([candidate(values=("",))], person, rules(), {"1": refused}).decisions
    assert decision.status is Status.DUPLICATE


def test_one_never_delivered_and_deleted_elsewhere_is_added_again() -> None:
    [decision] = decide([candidate(values=("",))], Person(tombstone=True), rules(), {"1": entry()}).decisions
    assert decision.status is Status.RE_ADDED


def test_an_opt_out_removal_is_never_withheld_though_the_person_is_converted_too() -> None:
    person = Person(known=True, membership=member(stored=Policies(Removal.LIST, None, Removal.HUB)))
    both = candidate(opted_out=True, converted=True)
    removal = decide([both], person, rules(on_opt_out=Removal.LIST, on_convert=Removal.HUB), {}).removal
    assert removal is not None
    assert removal.cause is Cause.OPTED_OUT


def test_what_the_winning_record_was_sent_counts_and_not_what_another_record_of_the_person_was() -> None:
    sent, other = entry(delivered={"First Name": "Jane"}), entry("2", delivered={"First Name": "Joan"})
    who = candidate(modified="2024-02-01T00:00:00Z")
    ruling = decide([who], Person(known=True, membership=member()), rules(), {"1": sent}, [other])
    assert [(d.status, d.send) for d in ruling.decisions] == [(Status.DUPLICATE, None)]


def test_whom_the_hub_refused_without_a_value_to_send_is_asked_again_only_once_the_record_changes() -> None:
    refused = entry(refusal=Refusal("2007", "no", {}))
    [same] = decide([candidate(values=("",))], STRANGER, rules(), {"1": refused}).decisions
    assert (same.status, same.reason) == (Status.IGNORED, Reason.REFUSED)
    [named] = decide([candidate()], STRANGER, rules(), {"1": refused}).decisions
    assert named.status is Status.NEW


def test_a_lead_deleted_at_the_hub_waits_for_a_change_in_every_list_unless_another_list_has_the_person_still() -> None:
    sent = entry(delivered={"First Name": "Jane"})
    [erased] = decide([candidate()], Person(tombstone=True), rules(), {"1": sent}).decisions
    assert (erased.status, erased.detail) == (
        Status.DUPLICATE, "unchanged: deleted at the hub, comes back when the record changes"
    )
    [held] = decide([candidate()], Person(known=True, tombstone=True), rules(), {"1": sent}).decisions
    assert held.detail == "updated: added to this list"


def test_who_was_deleted_at_the_hub_waits_for_a_change_though_another_list_has_brought_them_back() -> None:
    person = Person(known=True, membership=member(MembershipState.GONE))
    known = {"1": entry(delivered={"First Name": "Jane"})}
    [waiting] = decide([candidate()], person, rules(), known).decisions
    assert (waiting.status, waiting.send) == (Status.DUPLICATE, None)
    [changed] = decide([candidate(modified="2024-02-01T00:00:00Z")], person, rules(), known).decisions
    assert (changed.status, changed.detail, changed.send) == (
        Status.DUPLICATE, "updated: added to this list", {"First Name": "Jane"},
    )  # fmt: skip
