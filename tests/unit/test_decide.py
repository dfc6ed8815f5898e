"""The decision table: one decision a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_sync.model import decide as table
from tui_sync.model.decide import STRANGER, Decision, NewBar, Person, PersonRemoval, Rules, Ruling, decide
from tui_sync.model.ledger import HUB_SCOPE, Bar, Candidate, Holding, Membership, MembershipState, RecordEntry, Refusal
from tui_sync.model.outcomes import Cause, Outcome, Reason, RunSummary, Status
from tui_sync.model.sync import Policies, Removal, weaker

NOW = datetime(2024, 5, 1, tzinfo=UTC)
JANE, MAY, JUNE = "jane@example.com", "2024-05-01T09:00:00+00:00", "2024-06-01T09:00:00+00:00"
FIELDS = ("First Name", "City")
SENT = {"First Name": "Jane", "City": "Chennai"}
LIST, HUB, KEEP, ACTIVE = Removal.LIST, Removal.HUB, Removal.KEEP, MembershipState.ACTIVE


Address = tuple[list[Candidate], dict[str, RecordEntry], list[RecordEntry]]


def differences(values: Sequence[str], delivered: Mapping[str, str] | None) -> dict[str, str]:
    """The filled values that were not delivered."""
    before = delivered or {}
    return {f: v for f, v in zip(FIELDS, values, strict=True) if v and before.get(f) != v}


def rules(on_opt_out: Removal = KEEP, on_convert: Removal = KEEP) -> Rules:
    return Rules(sync="s", list_key="L", policies=Policies(on_opt_out, None, on_convert), differences=differences)


SAMPLE = Candidate("7", JANE, JANE, "", "", MAY, False, False, True, ("Jane", "Chennai"))
MOVED = replace(SAMPLE, values=("Jane", "Mumbai"), modified=JUNE)
OPTED_OUT, CONVERTED = replace(SAMPLE, opted_out=True), replace(SAMPLE, converted=True)
KNOWN = RecordEntry(key="s/7", email=JANE, modified=MAY, matched=True, delivered=SENT)


def other(record: str, modified: str = MAY, *, converted: bool = False) -> RecordEntry:
    """What the sync knows of another record with Jane's address."""
    return replace(KNOWN, key=f"s/{record}", modified=modified, converted=converted)


def bar(cause: Cause, scope: str = "L") -> Bar:
    return Bar(key=f"{scope}/{cause}", email=JANE, scope=scope, cause=cause, origin="Contacts/9", sync="t", since=NOW)


def member(stored: Policies | None = None, state: MembershipState = ACTIVE, made_by: str = "s") -> Person:
    """Jane as a member of the list, known to the sync under the policies `stored`."""
    by = {} if stored is None else {"s": Holding("7", NOW, stored)}
    place = Membership(key=f"{JANE}/L", list_key="L", state=state, made_by=made_by, since=NOW, by=by)
    gone = state is MembershipState.GONE
    return Person(known=not gone, tombstone=gone, membership=place)


def only(who: Candidate, person: Person, under: Rules | None = None, entry: RecordEntry | None = None) -> Decision:
    """The decision for the only record of an address."""
    [decision] = decide([who], person, under or rules(), {} if entry is None else {who.record: entry}).decisions
    return decision


def test_a_stranger_is_new_and_sent_with_all_fields() -> None:
    assert (only(SAMPLE, STRANGER).status, only(SAMPLE, STRANGER).send) == (Status.NEW, SENT)
    assert only(replace(SAMPLE, values=("", "")), STRANGER).send == {}


@pytest.mark.parametrize("person", [Person(known=True), Person(known=True, tombstone=True)])
def test_a_lead_of_the_hub_outside_the_list_is_a_duplicate_and_becomes_a_member(person: Person) -> None:
    decision = only(SAMPLE, person)
    assert (decision.status, decision.send) == (Status.DUPLICATE, SENT)
    assert decision.detail.startswith("updated")
    assert only(SAMPLE, person, entry=KNOWN).send == {}


def test_a_member_whose_values_changed_is_a_duplicate_sent_with_what_changed() -> None:
    decision = only(MOVED, member(Policies()), entry=KNOWN)
    assert (decision.status, decision.detail) == (Status.DUPLICATE, "updated: City")
    assert decision.send == {"City": "Mumbai"}


def test_a_member_with_nothing_new_is_unchanged_and_needs_no_call() -> None:
    decision = only(SAMPLE, member(Policies()), entry=KNOWN)
    assert (decision.status, decision.detail, decision.send) == (Status.DUPLICATE, "unchanged", None)


def test_one_taken_out_of_the_list_by_a_sync_may_be_brought_back_by_a_sync() -> None:
    decision = only(SAMPLE, member(Policies(), MembershipState.REMOVED), entry=KNOWN)
    assert (decision.status, decision.send) == (Status.DUPLICATE, {})


@pytest.mark.parametrize("person", [Person(tombstone=True), member(Policies(), MembershipState.GONE)])
def test_one_deleted_at_the_hub_waits_until_the_record_changes_and_is_then_added_again(person: Person) -> None:
    waiting = only(SAMPLE, person, entry=KNOWN)
    assert (waiting.status, waiting.detail[:9], waiting.send) == (Status.DUPLICATE, "unchanged", None)
    back = only(replace(SAMPLE, modified=JUNE), person, entry=KNOWN)
    assert (back.status, back.send) == (Status.RE_ADDED, SENT)


@pytest.mark.parametrize("change", [{"email": "old@example.com"}, {"deleted": True}])
def test_one_deleted_at_the_hub_is_added_again_for_a_record_that_came_or_came_back(change: dict[str, object]) -> None:
    decision = only(SAMPLE, Person(tombstone=True), entry=replace(KNOWN, **change))
    assert (decision.status, decision.send) == (Status.RE_ADDED, SENT)
    assert only(SAMPLE, Person(tombstone=True)).status is Status.RE_ADDED


@pytest.mark.parametrize("reason", [Reason.EMPTY_EMAIL, Reason.INVALID_PATTERN])
def test_a_record_without_a_usable_address_is_ignored_with_what_is_wrong(reason: Reason) -> None:
    broken = replace(SAMPLE, email="", problem=reason, detail="has no @ sign")
    assert table.without_address(broken) == Decision(broken, Status.IGNORED, reason, "has no @ sign")


ROLE = replace(SAMPLE, problem=Reason.GROUP_EMAIL, detail="a role address")
BARRED = Person(bars=(bar(Cause.OPTED_OUT),))
LEFT, BY_HAND = member(state=MembershipState.LEFT), member(state=MembershipState.BY_HAND)


@pytest.mark.parametrize(
    ("candidate", "person", "under", "reason", "words"),
    [
        (ROLE, STRANGER, rules(), Reason.GROUP_EMAIL, "a role address"),
        (SAMPLE, Person(blocked="code 2006"), rules(), Reason.DO_NOT_MAIL, "code 2006"),
        (SAMPLE, Person(bounced=True), rules(), Reason.BOUNCED, "bounce"),
        (SAMPLE, LEFT, rules(), Reason.UNSUBSCRIBED, "left this list"),
        (SAMPLE, BY_HAND, rules(), Reason.UNSUBSCRIBED, "by hand"),
        (OPTED_OUT, STRANGER, rules(LIST), Reason.OPTED_OUT, "remove-from-list"),
        (OPTED_OUT, Person(known=True), rules(HUB), Reason.OPTED_OUT, "remove-from-hub"),
        (SAMPLE, BARRED, rules(), Reason.OPTED_OUT, "this list"),
        (SAMPLE, Person(bars=(bar(Cause.OPTED_OUT, HUB_SCOPE),)), rules(), Reason.OPTED_OUT, "the hub"),
        (CONVERTED, STRANGER, rules(on_convert=LIST), Reason.CONVERTED, "remove-from-list"),
        (SAMPLE, Person(bars=(bar(Cause.CONVERTED, HUB_SCOPE),)), rules(), Reason.CONVERTED, "Contacts/9"),
    ],
)
def test_each_reason_keeps_a_person_out(
    candidate: Candidate, person: Person, under: Rules, reason: Reason, words: str
) -> None:
    decision = only(candidate, person, under)
    assert (decision.status, decision.reason, decision.send) == (Status.IGNORED, reason, None)
    assert words in decision.detail


def test_the_first_reason_of_the_table_wins() -> None:
    both = replace(OPTED_OUT, converted=True)
    left = LEFT.membership
    bars = (bar(Cause.CONVERTED, HUB_SCOPE), bar(Cause.OPTED_OUT))
    person, under = Person(blocked="2006", bounced=True, membership=left, bars=bars), rules(LIST, HUB)
    role = replace(both, problem=Reason.GROUP_EMAIL)
    assert only(role, person, under).reason is Reason.GROUP_EMAIL
    assert only(both, person, under).reason is Reason.DO_NOT_MAIL
    assert only(both, Person(bounced=True, membership=left, bars=bars), under).reason is Reason.BOUNCED
    assert only(both, Person(membership=left, bars=bars), under).reason is Reason.UNSUBSCRIBED
    assert only(both, Person(bars=bars), under).reason is Reason.OPTED_OUT
    assert only(SAMPLE, Person(bars=bars)).reason is Reason.OPTED_OUT


CODES = {"2004": Reason.INVALID_PATTERN, "2005": Reason.GROUP_EMAIL, "2006": Reason.DO_NOT_MAIL, "3001": Reason.REFUSED}


@pytest.mark.parametrize(("code", "reason"), CODES.items())
def test_one_whom_the_hub_refused_is_asked_again_only_with_other_values(code: str, reason: Reason) -> None:
    refused = replace(KNOWN, delivered=None, refusal=Refusal(code, "no", SENT))
    again = only(SAMPLE, STRANGER, entry=refused)
    assert (again.status, again.reason, again.send) == (Status.IGNORED, reason, None)
    assert f"code {code}: no" in again.detail
    assert only(MOVED, STRANGER, entry=refused).status is Status.NEW
    elsewhere = replace(refused, email="old@example.com")
    assert only(SAMPLE, STRANGER, entry=elsewhere).status is Status.NEW


@pytest.mark.parametrize("flagged", [OPTED_OUT, CONVERTED])
def test_under_keep_flagged_people_are_ordinary_leads(flagged: Candidate) -> None:
    ruling = decide([flagged], STRANGER, rules(), {})
    assert (ruling.decisions[0].status, ruling.removal, ruling.bars) == (Status.NEW, None, ())


@pytest.mark.parametrize(("flagged", "cause"), [(OPTED_OUT, Cause.OPTED_OUT), (CONVERTED, Cause.CONVERTED)])
@pytest.mark.parametrize(("policy", "scope"), [(LIST, "L"), (HUB, HUB_SCOPE)])
def test_a_flagged_member_is_ignored_removed_and_barred(
    flagged: Candidate, cause: Cause, policy: Removal, scope: str
) -> None:
    under = rules(policy, policy)
    ruling = decide([flagged], member(under.policies), under, {"7": KNOWN})
    assert [decision.reason for decision in ruling.decisions] == [Reason(cause)]
    assert ruling.removal == PersonRemoval(policy, cause, "7")
    assert ruling.bars == (NewBar(scope, cause, "7", flagged.modified),)


OUTSIDE = [member(Policies(LIST), state) for state in MembershipState if state is not ACTIVE]


@pytest.mark.parametrize("person", [*OUTSIDE, member(Policies(LIST), made_by="")])
def test_one_outside_the_list_or_whom_no_sync_brought_is_barred_but_not_removed(person: Person) -> None:
    ruling = decide([OPTED_OUT], person, rules(LIST), {})
    assert (ruling.decisions[0].status, ruling.removal) == (Status.IGNORED, None)
    assert ruling.bars == (NewBar("L", Cause.OPTED_OUT, "7", OPTED_OUT.modified),)


@pytest.mark.parametrize(("flagged", "under"), [(OPTED_OUT, rules(LIST)), (CONVERTED, rules(KEEP, LIST))])
def test_one_fetched_under_keep_is_exempt_unless_a_bar_covers_the_list(flagged: Candidate, under: Rules) -> None:
    ruling = decide([flagged], member(Policies()), under, {"7": KNOWN})
    assert (ruling.decisions[0].status, ruling.removal, ruling.bars) == (Status.DUPLICATE, None, ())
    assert ruling.decisions[0].detail.startswith("exempt")
    changed = only(replace(flagged, values=("Jane", "Mumbai")), member(Policies()), under, KNOWN)
    assert (changed.detail[:6], changed.send) == ("exempt", {"City": "Mumbai"})
    barred = replace(member(Policies()), bars=(bar(Cause.OPTED_OUT),))
    assert only(flagged, barred, under, KNOWN).reason is Reason.OPTED_OUT


@given(st.sampled_from(Removal), st.sampled_from(Removal))
def test_what_acts_is_the_weaker_of_what_was_stored_for_the_sync_and_the_current(
    stored: Removal, current: Removal
) -> None:
    for person, acts in ((member(Policies(stored)), weaker(stored, current)), (member(), current)):
        removal = decide([OPTED_OUT], person, rules(current), {"7": KNOWN}).removal
        assert (removal.scope if removal is not None else KEEP) is acts


def numbered(record: str, modified: str = MAY, *, converted: bool = False) -> Candidate:
    return replace(SAMPLE, record=record, modified=modified, converted=converted)


@pytest.mark.parametrize(
    "group",
    [
        (numbered("9", MAY), numbered("1", JUNE, converted=True)),
        (numbered("9", JUNE), numbered("1", MAY)),
        (numbered("9", "2024-05-01T09:30:00+00:00"), numbered("1", "2024-05-01T14:00:00+05:30")),
        (numbered("9"), numbered("10"), numbered("11")),
        (numbered("9"), numbered("1", "no stamp")),
    ],
    ids=["unconverted", "most recent", "most recent over time zones", "lowest id", "readable stamp"],
)
def test_one_record_of_an_address_wins_and_the_others_name_it(group: tuple[Candidate, ...]) -> None:
    for order in permutations(group):
        decisions = {decision.candidate.record: decision for decision in decide(order, STRANGER, rules(), {}).decisions}
        assert decisions.pop("9").status is Status.NEW
        assert {decision.reason for decision in decisions.values()} == {Reason.FILE_DUPLICATE}
        assert all("record 9 " in decision.detail for decision in decisions.values())


@pytest.mark.parametrize("known", [other("1", JUNE), other("1"), other("1", "2024-06-01T09:00:00Z")])
def test_a_record_of_the_ledger_that_was_not_fetched_may_win(known: RecordEntry) -> None:
    fetched = [numbered("8"), numbered("9", converted=True)]
    decisions = decide(fetched, member(Policies()), rules(), {}, [known]).decisions
    assert [(d.reason, "record 1 " in d.detail) for d in decisions] == [(Reason.FILE_DUPLICATE, True)] * 2


@pytest.mark.parametrize("known", [other("1", "2023-01-01T00:00:00Z"), other("9"), other("1", JUNE, converted=True)])
def test_a_fetched_record_beats_a_lesser_one_of_the_ledger(known: RecordEntry) -> None:
    [decision] = decide([numbered("8")], Person(known=True), rules(), {}, [known]).decisions
    assert (decision.status, decision.reason) == (Status.DUPLICATE, None)


def test_a_record_that_takes_over_an_address_sends_only_what_differs_from_the_one_before() -> None:
    before = replace(KNOWN, key="s/1")
    moved = replace(numbered("8", JUNE), values=("Jane", "Mumbai"))
    [decision] = decide([moved], member(Policies()), rules(), {}, [before]).decisions
    assert decision.send == {"City": "Mumbai"}


def test_a_person_of_whose_records_any_is_opted_out_is_opted_out() -> None:
    group = [replace(OPTED_OUT, record="8"), numbered("9", JUNE)]
    ruling = decide(group, member(Policies(LIST)), rules(LIST), {})
    reasons = {decision.candidate.record: decision.reason for decision in ruling.decisions}
    assert reasons == {"9": Reason.OPTED_OUT, "8": Reason.FILE_DUPLICATE}
    assert ruling.removal is not None
    assert [(new.scope, new.cause) for new in ruling.bars] == [("L", Cause.OPTED_OUT)]


def test_an_opt_out_acts_also_where_a_record_of_the_ledger_wins() -> None:
    ruling = decide([OPTED_OUT], member(Policies(LIST)), rules(LIST), {}, [other("1", JUNE)])
    assert [decision.reason for decision in ruling.decisions] == [Reason.FILE_DUPLICATE]
    assert ruling.removal == PersonRemoval(LIST, Cause.OPTED_OUT, "7")


records = st.lists(st.integers(1, 12).map(str), min_size=1, max_size=7, unique=True)
stamps = st.sampled_from(["", MAY, JUNE])
removals = st.sampled_from(Removal)
policies = st.builds(Policies, removals, st.none(), removals)
makers = st.sampled_from(["", "s", "t"])
people = st.builds(
    replace,
    st.just(STRANGER) | st.builds(member, st.none() | policies, st.sampled_from(MembershipState), makers),
    known=st.booleans(),
    tombstone=st.booleans(),
    blocked=st.sampled_from(["", "", "code 2006"]),
    bounced=st.booleans(),
    bars=st.lists(st.builds(bar, st.sampled_from(Cause), st.sampled_from(["L", HUB_SCOPE])), max_size=2).map(tuple),
)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """Everything about one address: its candidates, what the sync knows of them, and its records not fetched."""
    ids, problem = draw(records), draw(st.sampled_from(["", "", Reason.GROUP_EMAIL]))
    fetched = draw(st.integers(1, len(ids)))
    values, flags = st.tuples(st.sampled_from(["", "Jane"]), st.sampled_from(["", "Chennai"])), st.booleans()
    group = [
        Candidate(i, JANE, JANE, problem, "", draw(stamps), draw(flags), draw(flags), True, draw(values))
        for i in ids[:fetched]
    ]
    refusal = st.none() | st.builds(Refusal, st.sampled_from(["2004", "2006", "3001"]), st.just("no"), st.just(SENT))
    known = {
        i: replace(other(i, draw(stamps), converted=draw(flags)), opted_out=draw(flags), refusal=draw(refusal))
        for i in ids
    }
    return group, {i: known[i] for i in ids[:fetched] if draw(flags)}, [known[i] for i in ids[fetched:]]


def assert_lawful(ruling: Ruling, group: list[Candidate], person: Person, under: Rules) -> None:
    """What holds for every address, whatever is known of it."""
    run = RunSummary(id="1", sync_id="s", sync="S", started=NOW)
    for decision in ruling.decisions:
        assert (decision.reason is not None) is (decision.status is Status.IGNORED)
        assert decision.send is None or decision.status is not Status.IGNORED
        assert decision.send is not None or decision.status not in (Status.NEW, Status.RE_ADDED)
        assert ruling.removal is None or decision.status is Status.IGNORED
        run.count([Outcome(record_id=decision.candidate.record, status=decision.status, reason=decision.reason)])
    counts, ignored = run.counts, run.ignored
    assert counts.total == len(group) == counts.new + counts.re_added + counts.duplicate + counts.ignored
    assert counts.ignored == sum(getattr(ignored, reason) for reason in Reason)
    assert ignored.file_duplicate >= len(group) - 1
    if ruling.removal is not None:
        place, cause, scope = person.membership, ruling.removal.cause, ruling.removal.scope
        assert place is not None
        assert (place.state, place.made_by != "") == (ACTIVE, True)
        assert (under.policies.on_opt_out if cause is Cause.OPTED_OUT else under.policies.on_convert) is not KEEP
        assert 0 < scope.strength <= max(under.policies.on_opt_out.strength, under.policies.on_convert.strength)
        assert cause in {new.cause for new in ruling.bars}


@given(addresses(), people, removals, removals)
def test_every_record_gets_exactly_one_decision_and_the_counts_reconcile(
    address: Address, person: Person, on_opt_out: Removal, on_convert: Removal
) -> None:
    (group, entries, others), under = address, rules(on_opt_out, on_convert)
    ruling = decide(group, person, under, entries, others)
    assert sorted(d.candidate.record for d in ruling.decisions) == sorted(c.record for c in group)
    assert_lawful(ruling, group, person, under)
    turned = decide(group[::-1], person, under, entries, others[::-1])
    by_record = {decision.candidate.record: decision for decision in turned.decisions}
    assert [by_record[decision.candidate.record] for decision in ruling.decisions] == ruling.decisions
    assert (turned.removal, set(turned.bars)) == (ruling.removal, set(ruling.bars))
