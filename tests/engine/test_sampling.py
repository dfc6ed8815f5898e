"""A sample of real records: counts, truth tables, values as they arrive, and an estimate that agrees with the run."""

from __future__ import annotations

import asyncio
import time

import msgspec
import pytest

from tests.engine.office import MINE, Office
from tests.engine.stage import LIST, Stage
from tui_sync.engine.ports import Query
from tui_sync.model.errors import Unreachable, UsageError
from tui_sync.model.outcomes import Reason, Status
from tui_sync.model.records import Field, FieldType, Record
from tui_sync.model.sync import (
    Condition,
    Frequency,
    Policies,
    Schedule,
    Selection,
    SelectionKind,
    Sync,
)
from tui_sync.services import sampling
from tui_sync.services.sampling import Sample
from tui_sync.ui.present.review import estimate_words

IN_SALES = Condition(field="Department", operator="is", value="Sales")
TWO_YEARS = Condition(field="Experience_in_Years", operator=">=", value=2)


def take(stage: Stage, size: int = 500, **more: str) -> Sample:
    return stage.wait_for(sampling.take(stage.desk, "Candidates", size=size, **more))


def graduates(stage: Stage) -> None:
    """Five candidates of two departments."""
    for number, (department, years, city) in enumerate(
        [("Sales", 1, "Pune"), ("Sales", 3, "Lyon"), ("IT", 2, "Pune"), ("IT", None, ""), (None, 5, "Pune")], start=1
    ):
        stage.recruit.add(
            str(number), f"p{number}@zylker.com", Department=department, Experience_in_Years=years, City=city
        )


def test_a_sample_stops_reading_as_soon_as_it_has_enough(stage: Stage) -> None:
    stage.people(180)
    pages: list[int] = []
    stage.recruit.on_page = pages.append
    sample = take(stage, size=60)
    assert (len(sample.records), sample.whole) == (60, False)
    assert pages == [1, 2]


def test_a_sample_of_everything_says_so_and_has_the_converted_ones(stage: Stage) -> None:
    stage.people(60)
    stage.recruit.edit("7", converted=True)
    sample = take(stage)
    assert (len(sample.records), sample.whole) == (60, True)
    assert [record.id for record in sample.records if record.converted] == ["7"]
    assert {"Email", "Department", "City"} <= set(sample.columns.names)


def test_a_sample_of_a_view_holds_only_its_records(stage: Stage) -> None:
    stage.people(4)
    stage.recruit.views_by_id["v"] = lambda row: row.values["First_Name"] in ("F2", "F3")
    assert [record.id for record in take(stage, view_id="v").records] == ["2", "3"]


def test_a_sample_comes_from_the_demo_organisation_over_the_wire_page_by_page(office: Office) -> None:
    for number in range(430):
        office.candidate(f"p{number}@zylker.com")
    control = office.control()
    sample = office.wait_for(sampling.take(office.desk, "Candidates", size=150))
    assert (len(sample.records), sample.whole) == (150, False)
    names = set(sample.columns.names)
    assert {"Email", "First_Name", "Current_Employer"} <= names
    assert not {field.name for field in sample.fields if field.type.value in ("subform", "profileimage")} & names
    everyone = office.wait_for(sampling.take(office.desk, "Candidates", size=5000))
    assert everyone.whole
    assert len(everyone.records) >= 430
    assert control.calls.recruit == 0


def test_an_unknown_module_or_zone_is_refused(stage: Stage) -> None:
    with pytest.raises(UsageError, match="There is no module"):
        stage.wait_for(sampling.take(stage.desk, "Rooms"))
    with pytest.raises(UsageError, match="is not known here"):
        take(stage, zone_name="Mars/Base")


def test_trouble_at_recruit_is_told(stage: Stage) -> None:
    def cut(number: int) -> None:
        raise Unreachable("Recruit gave no answer.")

    stage.recruit.on_page = cut
    with pytest.raises(Unreachable):
        take(stage)


def test_counts_tell_each_row_and_the_whole(stage: Stage) -> None:
    graduates(stage)
    sample = take(stage)
    assert sampling.counts(sample, (IN_SALES, TWO_YEARS), "1 and 2") == sampling.SampleCounts((2, 3), 1, 5)
    assert sampling.counts(sample, (IN_SALES, TWO_YEARS), "1 or 2").whole == 4


def test_a_row_with_a_mistake_has_no_count_and_neither_has_the_whole(stage: Stage) -> None:
    graduates(stage)
    sample = take(stage)
    wrong = Condition(field="Experience_in_Years", operator=">=", value="many")
    nowhere = Condition(field="Nowhere", operator="is", value="x")
    counted = sampling.counts(sample, (IN_SALES, wrong, nowhere), "(1 and 2) or 3")
    assert (counted.rows, counted.whole) == ((2, None, None), None)
    assert sampling.counts(sample, (IN_SALES,), "1 and").rows == (2,)
    assert sampling.counts(sample, (IN_SALES,), "1 and").whole is None
    assert sampling.counts(sample, (), "").whole is None


def test_counts_of_an_empty_module_are_zero(stage: Stage) -> None:
    assert sampling.counts(take(stage), (IN_SALES,), "1") == sampling.SampleCounts((0,), 0, 0)


def test_the_counts_agree_with_the_truth_of_every_record(stage: Stage) -> None:
    graduates(stage)
    sample = take(stage)
    rows, pattern = (IN_SALES, TWO_YEARS, Condition(field="City", operator="is", value="Lyon")), "(1 and 2) or 3"
    judged = [sampling.truth(sample, record, rows, pattern) for record in sample.records]
    assert sum(answer.matched for answer in judged) == sampling.counts(sample, rows, pattern).whole
    assert judged[1].sentence == "match: row 3 is true"


def test_today_is_the_day_of_the_zone(stage: Stage) -> None:
    stage.clock.pass_by(hours=10)  # 19:00 UTC of 2 March, 00:30 of 3 March in Kolkata
    stage.recruit.add("1", "a@zylker.com", Phone="2026-03-03")
    day = Field(name="Phone", label="Phone", type=FieldType.DATE)
    for zone, matching in (("", 1), ("Europe/Berlin", 0)):
        sample = take(stage, zone_name=zone)
        dated = msgspec.structs.replace(sample, fields=(day,))
        assert sample.zone.key == (zone or "Asia/Kolkata")
        assert sampling.counts(dated, (Condition(field="Phone", operator="today"),), "1").whole == matching


def test_a_wrong_row_or_pattern_has_no_truth(stage: Stage) -> None:
    graduates(stage)
    sample = take(stage)
    wrong = Condition(field="Experience_in_Years", operator=">=", value="many")
    with pytest.raises(UsageError, match=r'row 2: .*"many" is not a number'):
        sampling.truth(sample, sample.records[0], (IN_SALES, wrong), "1 and 2")
    with pytest.raises(UsageError, match="column"):
        sampling.truth(sample, sample.records[0], (IN_SALES,), "1 and")


def test_a_person_is_named_by_what_is_known_and_harmless(stage: Stage) -> None:
    stage.recruit.add("1", "a@zylker.com", First_Name="Zo\x1bë ")
    stage.recruit.add("2", "b@zylker.com", First_Name=" ")
    stage.recruit.add("3", None, First_Name=None)
    sample = take(stage)
    assert [sampling.person_name(sample, record) for record in sample.records] == ["Zo\\x1bë", "b@zylker.com", "3"]


def test_arriving_values_are_different_ones_filled_before_blank_and_harmless(stage: Stage) -> None:
    graduates(stage)
    stage.recruit.edit("5", City=" \x1b[2JNice")
    sample = take(stage)
    assert sampling.arriving(sample, "City") == ("Pune", "Lyon", "\\x1b[2JNice")
    assert sampling.arriving(sample, "Department") == ("Sales", "IT", "(blank)")
    assert sampling.arriving(sample, "Phone") == ("(blank)",)
    assert sampling.arriving(sample, "Nowhere") == ()


def test_choices_are_the_most_frequent_values_as_recruit_holds_them(stage: Stage) -> None:
    graduates(stage)
    stage.recruit.add("6", "p6@zylker.com", City="pune", Department=("Sales", "IT", "IT"))
    sample = take(stage)
    assert sampling.choices(sample, "City") == ("Pune", "Lyon")
    assert sampling.choices(sample, "Department") == ("IT", "Sales")
    assert sampling.choices(sample, "City", most=1) == ("Pune",)
    found = Condition(field="City", operator="is", value=sampling.choices(sample, "City")[0])
    assert sampling.counts(sample, (found,), "1").whole == 4


def unsaved(stage: Stage, **changes: object) -> Sync:
    """A definition that was never saved, for a list that does not exist yet."""
    made = stage.sync("Template")
    stage.space.syncs.put(msgspec.structs.replace(made, deleted=stage.clock.now()))
    return msgspec.structs.replace(made, id="", name="New", list_key="", list_name="Brand new", **changes)


def test_an_estimate_of_an_unsaved_sync_with_a_new_list_foresees_its_run(stage: Stage) -> None:
    stage.people(30)
    stage.recruit.add("31", "careers@zylker.com")
    stage.recruit.add("32", "p1@zylker.com")
    stage.recruit.add("33", None)
    foreseen = stage.wait_for(sampling.estimate(stage.desk, unsaved(stage), take(stage)))
    assert (foreseen.read, foreseen.whole) == (33, True)
    stage.sync("Real", "Brand new")
    run = stage.run("Real")
    assert foreseen.summary.counts == run.counts
    assert foreseen.summary.ignored == run.ignored
    assert len(foreseen.people) == 20
    assert foreseen.people[0].record_id == "1"


def test_an_estimate_writes_nothing_and_asks_nobody(stage: Stage) -> None:
    stage.people(30)
    sync, sample = unsaved(stage), take(stage)
    before, queries = stage.dump(), list[Query](stage.recruit.queries)
    stage.writes.clear()
    stage.wait_for(sampling.estimate(stage.desk, sync, sample))
    assert stage.dump() == before
    assert stage.recruit.queries == queries
    assert stage.writes == []


def test_an_estimate_knows_what_the_ledger_knows(stage: Stage) -> None:
    stage.people(5)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.remove("p1@zylker.com")
    stage.recruit.edit("2", opted_out=True)
    stage.people(1, first=6)
    sync = msgspec.structs.replace(stage.desk.sync("Newsletter"), id="", name="Second", policies=Policies(LIST))
    foreseen = stage.wait_for(sampling.estimate(stage.desk, sync, take(stage)))
    told = {outcome.record_id: (outcome.status, outcome.reason) for outcome in foreseen.people}
    assert told["1"] == (Status.IGNORED, Reason.UNSUBSCRIBED)
    assert told["2"] == (Status.IGNORED, Reason.OPTED_OUT)
    assert told["3"] == (Status.DUPLICATE, None)
    assert told["6"] == (Status.NEW, None)
    assert foreseen.people[0].name == "F1"


def test_an_estimate_says_how_many_opted_out_people_of_another_sync_the_first_run_would_remove(stage: Stage) -> None:
    stage.people(5)
    stage.sync("Newsletter")
    stage.run("Newsletter")
    stage.recruit.edit("2", opted_out=True)
    stage.recruit.edit("3", opted_out=True)
    stage.sync("Second", on_opt_out=LIST)
    second = stage.desk.sync("Second")
    foreseen = stage.wait_for(sampling.estimate(stage.desk, msgspec.structs.replace(second, id=""), take(stage)))
    assert "2 people who are there already would be removed." in estimate_words(foreseen)
    assert stage.run("Second").counts.deleted == 2


def test_an_estimate_counts_only_who_matches(stage: Stage) -> None:
    graduates(stage)
    chosen = Selection(kind=SelectionKind.CRITERIA, conditions=(IN_SALES,), pattern="1")
    foreseen = stage.wait_for(sampling.estimate(stage.desk, unsaved(stage, selection=chosen), take(stage)))
    assert (foreseen.read, foreseen.summary.read, foreseen.summary.counts.total) == (5, 5, 2)
    assert [outcome.record_id for outcome in foreseen.people] == ["1", "2"]


def test_an_estimate_is_refused_where_the_definition_cannot_run(stage: Stage) -> None:
    graduates(stage)
    sample = take(stage)
    for changes, words in (
        ({"mapping": ()}, "Lead Email is not mapped"),
        ({"module": "Contacts"}, "another module or view"),
        ({"selection": Selection(kind=SelectionKind.VIEW, view_id="v")}, "another module or view"),
        ({"schedule": Schedule(frequency=Frequency.DAILY, timezone="Mars/Base")}, "is not known here"),
        ({"selection": Selection(kind=SelectionKind.CRITERIA, conditions=(IN_SALES,), pattern="2")}, "row 2 does not exist"),
    ):
        with pytest.raises(UsageError, match=words):
            stage.wait_for(sampling.estimate(stage.desk, unsaved(stage, **changes), sample))


def test_an_estimate_agrees_with_the_run_in_the_demo_organisation(office: Office) -> None:
    for number in range(40):
        office.candidate(f"p{number}@zylker.com", Last_Name="Rao", Email_Opt_Out=number == 3)
    office.candidate("info@zylker.com")
    office.candidate("john@gnail.com")
    office.sync("Newsletter", on_opt_out="remove-from-list")
    sync = office.desk.sync("Newsletter")
    sample = office.wait_for(sampling.take(office.desk, "Candidates", size=5000))
    mine = Condition(field="Current_Employer", operator="is", value=MINE)
    assert sampling.counts(sample, (mine,), "1").whole == 42
    foreseen = office.wait_for(sampling.estimate(office.desk, msgspec.structs.replace(sync, id=""), sample))
    run = office.run("Newsletter")
    assert foreseen.summary.counts == run.counts
    assert foreseen.summary.ignored == run.ignored
    assert (run.counts.new, run.counts.ignored) == (39, 3)


def test_the_event_loop_gets_its_turn_while_an_estimate_is_made(stage: Stage) -> None:
    stage.people(500)
    sync, sample = unsaved(stage), take(stage)
    turns: list[float] = []

    async def both() -> None:
        work = asyncio.ensure_future(sampling.estimate(stage.desk, sync, sample))
        while not work.done():
            turns.append(time.perf_counter())
            await asyncio.sleep(0)

    stage.wait_for(both())
    assert len(turns) > 10


def record_of(sample: Sample, record_id: str) -> Record:
    return next(record for record in sample.records if record.id == record_id)


def test_mapped_values_are_those_that_a_run_delivers(stage: Stage) -> None:
    graduates(stage)
    sync = stage.sync("A")
    stage.run("A")
    sample = take(stage)
    given = sampling.mapped(sample, record_of(sample, "2"), sync.mapping)
    assert given == {"First Name": "F2", "City": "Lyon"}
    assert (stage.lead("p2@zylker.com") or {})["City"] == "Lyon"
