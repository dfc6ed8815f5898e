"""Related records joined to people: the same people as by a naive join, whatever the rows; the sample's and one person's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.listed import FIELDS, START, FixedClock, ListedRecruit
from tests.engine.office import Office
from tests.engine.stage import MAPPING
from tests.engine.test_named_case_related import Trade
from tui_sync.engine.control import Control
from tui_sync.engine.job import Job
from tui_sync.engine.ports import Page, Query
from tui_sync.engine.related import join
from tui_sync.model.addresses import ROLE_NAMES, AddressRules
from tui_sync.model.criteria import compile_condition, operators_for
from tui_sync.model.criteria.operators import NEGATIVES
from tui_sync.model.errors import CallRejected, DefinitionError
from tui_sync.model.outcomes import Result
from tui_sync.model.records import Columns, Field, FieldType, Module, Record, Value
from tui_sync.model.related import Joined, flattened, prefixed, why_not
from tui_sync.model.sync import Condition, Selection, SelectionKind, Sync, Trouble
from tui_sync.services import catalogue, definitions, people, relating, sampling
from tui_sync.services.sampling import Sample

TITLE, YEARS = "Job_Openings.Posting_Title", "Job_Openings.Years"
OPENING_FIELDS = (
    Field(name="Posting_Title", label="Posting Title", type=FieldType.PICKLIST),
    Field(name="Years", label="Years", type=FieldType.INTEGER),
)
ZONE = ZoneInfo("UTC")
TODAY = START.astimezone(UTC).date()


class TradingRecruit(ListedRecruit):
    """Listed Recruit whose openings have fields of their own."""

    async def fields(self, module: str) -> tuple[Field, ...]:
        """The fields of openings, or the usual ones."""
        return OPENING_FIELDS if module == "Job_Openings" else FIELDS


def condition(row: tuple[str, str, Value]) -> Condition:
    name, operator, value = row
    return Condition(field=name, operator=operator, value=value)


titles = st.sampled_from([None, "", "Chef", "chef ", "Cook"])
text_rows = st.tuples(
    st.just(TITLE), st.sampled_from(operators_for(FieldType.PICKLIST)), st.sampled_from(["Chef", "c", "Cook"])
)
number_rows = st.tuples(
    st.just(YEARS), st.sampled_from([o for o in operators_for(FieldType.INTEGER) if "between" not in o]), st.integers(0, 3)
)
rows = st.one_of(text_rows, number_rows).map(
    lambda row: condition((row[0], row[1], None if "empty" in row[1] else row[2]))
)
openings = st.lists(
    st.tuples(titles, st.sampled_from([None, 0, 1, 2, 3]), st.sets(st.integers(0, 4))), max_size=6
)


def naive(row: Condition, mine: Sequence[Mapping[str, Value]]) -> bool:
    """The product's rule for one person, over the openings that are theirs."""
    name = row.field.rpartition(".")[2]
    field = next(field for field in OPENING_FIELDS if field.name == name)
    plain = msgspec.structs.replace(row, field=name, operator=NEGATIVES.get(row.operator, row.operator))
    test = compile_condition(plain, field, 0, ZONE, TODAY)
    holds = [test([opening[name]]) for opening in mine]
    if row.operator == "is empty":
        return not mine or any(holds)
    return any(holds) is (row.operator not in NEGATIVES)


@settings(max_examples=150, deadline=None)
@given(openings, st.lists(rows, min_size=1, max_size=3))
def test_the_people_are_those_of_a_naive_join(made: Sequence[tuple[Value, Value, set[int]]], chosen: list[Condition]) -> None:
    recruit = TradingRecruit(FixedClock())
    for person in range(5):
        recruit.add(f"p{person}", f"p{person}@zylker.com")
    mine: dict[str, list[dict[str, Value]]] = {f"p{person}": [] for person in range(5)}
    for number, (title, years, candidates) in enumerate(made):
        values: dict[str, Value] = {"Posting_Title": title, "Years": years}
        recruit.add(f"o{number}", None, module="Job_Openings", Posting_Title=title, Years=years)
        for person in candidates:
            recruit.associations.add((f"o{number}", f"p{person}"))
            mine[f"p{person}"].append(values)
    pattern = " or ".join(map(str, range(1, len(chosen) + 1)))
    expected = {person for person, theirs in mine.items() if any(naive(row, theirs) for row in chosen)}
    assert asyncio.run(matched(recruit, chosen, pattern, whole=True)) == expected
    assert asyncio.run(matched(recruit, chosen, pattern, whole=False)) == expected


async def matched(recruit: ListedRecruit, chosen: Sequence[Condition], pattern: str, *, whole: bool) -> set[str]:
    """Who matches, related records read for everybody or for the people at hand only."""
    selection = Selection(kind=SelectionKind.CRITERIA, conditions=tuple(chosen), pattern=pattern)
    sync = Sync(id="s", name="s", module="Candidates", list_key="l", list_name="l", selection=selection, mapping=MAPPING,
                created=START)  # fmt: skip
    fields = (*FIELDS, *prefixed("Job_Openings", OPENING_FIELDS))
    module = Module(name="Candidates", label="Candidates")
    job = Job(sync, module, fields, AddressRules(ROLE_NAMES, {}, ()), ZONE, START)
    assert job.wanted is not None
    query = Query(module="Candidates", columns=job.columns, stamp="Updated_On")
    found = [record async for page in recruit.records(query) for record in page.records]
    control = Control(recruit.clock, lambda event: None)
    job.related = await join(recruit, job.wanted, control, None if whole else found)
    return {candidate.record for candidate in job.candidates(Page(found, START)) if candidate.matched}


def test_parts_of_a_multi_select_stand_each_on_its_own_and_an_empty_one_is_not_lost() -> None:
    assert flattened([("a", "b"), None, (), ("", "c")]) == ("a", "b", None, None, "c")
    joined = Joined(1)
    joined.put("p", [(("a", "b"),), ((),)])
    record = Record("p", "", False, False, ())
    assert joined.of(record) == (("a", "b", None),)


class Vanishing(ListedRecruit):
    """Recruit in which an opening is deleted while its candidates are asked for."""

    async def associated(self, module: str, record_id: str, columns: Columns) -> AsyncIterator[Page]:
        """The candidates, unless the opening is the one that vanishes."""
        if record_id == "gone":
            self.delete(record_id)
        if record_id not in self.rows:
            raise CallRejected("the id given seems to be invalid", code="INVALID_DATA", status=400)
        async for page in super().associated(module, record_id, columns):
            yield page


def test_an_opening_deleted_while_openings_are_asked_stops_nothing() -> None:
    recruit = Vanishing(FixedClock())
    recruit.add("p", "p@zylker.com")
    for opening in ("gone", "there"):
        recruit.add(opening, None, module="Job_Openings", Posting_Title="Chef")
        recruit.associations.add((opening, "p"))
    row = condition((TITLE, "is", "Chef"))
    assert asyncio.run(matched(recruit, [row], "1", whole=True)) == {"p"}


def test_an_opening_that_is_there_and_refused_stops_the_run() -> None:
    class Refusing(Vanishing):
        async def associated(self, module: str, record_id: str, columns: Columns) -> AsyncIterator[Page]:
            raise CallRejected("refused", code="INVALID_REQUEST", status=400)
            yield Page([], START)

    recruit = Refusing(FixedClock())
    recruit.add("o", None, module="Job_Openings", Posting_Title="Chef")
    with pytest.raises(CallRejected):
        asyncio.run(matched(recruit, [condition((TITLE, "is", "Chef"))], "1", whole=True))


def test_why_a_module_has_no_related_one() -> None:
    assert not why_not("Contacts", "Clients")
    assert not why_not("Candidates", "Job_Openings")
    assert "Make a sync of Contacts" in why_not("Candidates", "Clients")
    assert "not to a custom module" in why_not("CustomModule1", "Job_Openings")


# samples and one person


@pytest.fixture
def trade(office: Office) -> Trade:
    return Trade(office)


def related_sample(office: Office, module: str, *modules: str, words: list[str] | None = None) -> Sample:
    async def take() -> Sample:
        sample = await sampling.take(office.desk, module)
        return await relating.relate(office.desk, sample, modules, (words if words is not None else []).append)

    return office.wait_for(take())


def test_a_sample_counts_rows_over_related_fields_as_a_run_selects(trade: Trade) -> None:
    office, client = trade.office, trade.client("Software")
    for name in ("one", "two"):
        trade.contact(name, client)
    words: list[str] = []
    sample = related_sample(office, "Contacts", "Clients", words=words)
    row = Condition(field="Clients.Industry", operator="is", value="Software")
    counts = sampling.counts(sample, [row], "1")
    office.sync("whole", module="Contacts", select="criteria",
                conditions=[{"field": row.field, "operator": "is", "value": "Software"}])  # fmt: skip
    assert counts.rows == (office.run("whole").counts.total,)
    assert words[0] == "reading Clients ..."
    assert "Software" in sampling.choices(sample, "Clients.Industry")
    person = next(record for record in sample.records if record.values[0] == "one@zylker.com")
    truth = sampling.truth(sample, person, [row], "1")
    assert (truth.matched, truth.rows[0].shown) == (True, "Software")


def test_what_would_take_too_many_calls_is_not_known_and_says_why(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "MOST_CALLS", 3)
    for number in range(6):
        trade.opening("Chef", trade.candidate(f"p{number}"))
    sample = related_sample(trade.office, "Candidates", "Job_Openings")
    rows_of = [
        Condition(field="Job_Openings.Posting_Title", operator="is", value="Chef"),
        Condition(field="City", operator="is", value="Pune"),
    ]
    counts = sampling.counts(sample, rows_of, "(1 and 2)")
    assert counts.rows[0] is None
    assert counts.rows[1] is not None
    assert counts.whole is None
    assert "not known here" in sample.related["Job_Openings"]
    assert "7 calls to Recruit or more, and a sample makes at most 3" in sample.related["Job_Openings"]


def test_an_estimate_uses_the_related_records_of_the_sample(trade: Trade) -> None:
    office, chef = trade.office, trade.candidate("chef")
    trade.candidate("other")
    trade.opening("Chef", chef)
    name = trade.sync("Candidates", ("Job_Openings.Posting_Title", "is", "Chef"))
    sync = office.desk.sync(name)
    sample = related_sample(office, "Candidates", "Job_Openings")
    estimate = office.wait_for(sampling.estimate(office.desk, sync, sample))
    assert estimate.summary.counts.total == office.run(name).counts.total == 1


def test_one_person_is_judged_with_few_calls(trade: Trade) -> None:
    office, person = trade.office, trade.candidate("person")
    trade.opening("Chef", person)
    trade.opening("Cook", person)
    name = trade.sync("Candidates", ("Job_Openings.Posting_Title", "is", "Cook"))
    calls = watched(office)
    seen = office.wait_for(people.look(office.desk, office.desk.sync(name).id, str(person), "person@zylker.com"))
    assert seen.truth is not None
    assert seen.truth.matched
    assert seen.truth.rows[1].shown == "Chef, Cook"
    assert sum("/associate" in path for path in calls) == 1
    assert sum("/Job_Openings/" in path for path in calls) == 2
    assert "Client Name.id" not in dict(seen.fields)


def test_one_contact_is_judged_by_their_one_client(trade: Trade) -> None:
    office = trade.office
    person = trade.contact("person", trade.client("Software"))
    name = trade.sync("Contacts", ("Clients.Industry", "is", "Software"))
    calls = watched(office)
    seen = office.wait_for(people.look(office.desk, office.desk.sync(name).id, str(person), "person@zylker.com"))
    assert seen.truth is not None
    assert seen.truth.matched
    assert [path.count("/") for path in calls if "/Clients" in path] == [4]


def watched(office: Office) -> list[str]:
    """The paths of the calls that the office makes from now on."""
    calls: list[str] = []

    async def note(request: object) -> None:
        calls.append(request.url.path)  # type: ignore[attr-defined]

    office.desk.connect.http.event_hooks = {"request": [note]}  # type: ignore[attr-defined]
    return calls


# definitions


TWO_ROWS = [
    {"field": "Clients.Industry", "operator": "is", "value": "Software"},
    {"field": "Job_Openings.Remote_Job", "operator": "is selected"},
]


def test_an_export_of_related_rows_applied_again_changes_nothing(office: Office) -> None:
    office.sync("Remote", module="Contacts", select="criteria", conditions=TWO_ROWS)
    text = definitions.export(office.desk)
    assert 'field = "Clients.Industry"' in text
    path = office.folder / "exported.toml"
    path.write_text(text)
    assert [item.changes for item in office.wait_for(definitions.apply(office.desk, path))] == [()]
    assert definitions.export(office.desk) == text


@pytest.mark.parametrize(
    ("module", "row", "told"),
    [
        ("Contacts", {**TWO_ROWS[0], "field": "Clients.Industri"}, 'Clients has no field "Industri". Did you mean "Industry"?'),
        ("Candidates", TWO_ROWS[0], 'Candidates has no related module "Clients". Related modules: Job_Openings.'),
        ("Contacts", {**TWO_ROWS[0], "operator": ">"}, 'Industry is a text field without an operator ">"'),
    ],
)
def test_a_mistake_in_a_related_row_is_told_with_its_place_and_the_nearest_name(
    office: Office, module: str, row: dict[str, str], told: str
) -> None:
    with pytest.raises(DefinitionError) as raised:
        office.sync("Wrong", module=module, select="criteria", conditions=[row])
    assert told in str(raised.value)
    assert "conditions[1]" in str(raised.value)


def test_the_fields_of_related_modules_are_listed_by_name_or_label(office: Office) -> None:
    for name in ("Clients", "Job_Openings", "JobOpenings", "job openings"):
        fields = office.wait_for(catalogue.fields(office.desk, name))
        assert {"Industry"} <= {field.name for field in fields}


def test_a_related_field_that_vanished_breaks_the_sync(office: Office) -> None:
    office.sync("Remote", module="Contacts", select="criteria", conditions=TWO_ROWS)
    office.org.hide("Clients.Industry")
    run = office.run("Remote")
    assert run.result is Result.FAILED
    assert office.desk.sync("Remote").trouble is Trouble.CRITERIA
    assert "Industry" in run.message


def test_a_listing_that_is_too_long_for_a_sample_is_left_and_says_why(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "MOST_CALLS", 1)
    for number in range(200):
        trade.client("Software", f"Client {number}")
    sample = related_sample(trade.office, "Contacts", "Clients")
    assert "All clients take 2 calls to Recruit or more" in sample.related["Clients"]
