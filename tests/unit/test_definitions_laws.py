"""Definitions: export followed by apply is the identity, nothing else is ever raised, and what changed is told."""

from contextlib import suppress
from datetime import UTC, timedelta, timezone
from typing import Any

import msgspec
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.definition_samples import CATALOGUE, EXAMPLE, NOW, PLAIN, all_of, only
from tui_sync.model.criteria import pattern
from tui_sync.model.definitions import Change, Definition, changes, frozen_changes, parse, render, resolve
from tui_sync.model.errors import DefinitionError
from tui_sync.model.labels import labelled
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL
from tui_sync.model.sync import (
    LONGEST_NAME,
    WEEKDAYS,
    Condition,
    Frequency,
    MappingRow,
    Policies,
    Removal,
    Schedule,
    Selection,
    SelectionKind,
    Sync,
    SyncState,
)


def test_a_rendered_sync_is_the_documented_file() -> None:
    sync = msgspec.structs.replace(only(EXAMPLE), state=SyncState.ACTIVE)
    documented = [line.split(" #")[0].split("    ")[0] for line in EXAMPLE.strip().splitlines()]
    documented.remove('on_convert = "keep"')
    assert render([sync], "Asia/Kolkata").splitlines()[2:] == documented


def test_only_a_draft_is_marked_as_one() -> None:
    sync = only(PLAIN)
    assert "initiate = false" in render([sync], "UTC")
    assert "initiate" not in render([msgspec.structs.replace(sync, state=SyncState.INACTIVE)], "UTC")


OPERANDS: dict[str, st.SearchStrategy[Any]] = {
    "City": st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() != ""),
    "Year_of_Passing": st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    "Birthday": st.dates().map(lambda day: day.isoformat()),
}
CONDITIONS = st.one_of(
    st.builds(Condition, field=st.just("City"), operator=st.sampled_from(["is", "contains"]), value=OPERANDS["City"]),
    st.builds(
        Condition, field=st.just("Year_of_Passing"), operator=st.sampled_from(["=", "<"]),
        value=OPERANDS["Year_of_Passing"],
    ),
    st.builds(
        Condition, field=st.just("Birthday"), operator=st.just("between"),
        value=st.tuples(OPERANDS["Birthday"], OPERANDS["Birthday"]).map(lambda pair: tuple(sorted(pair))),
    ),
    st.just(Condition(field="Is_Locked", operator="is selected")),
)  # fmt: skip


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    kind = draw(st.sampled_from(SelectionKind))
    if kind is SelectionKind.VIEW:
        return Selection(kind=kind, view_id="11", view_name="Everyone")
    if kind is SelectionKind.ALL:
        return Selection()
    rows = draw(st.lists(CONDITIONS, min_size=1, max_size=5))
    node: pattern.Node = pattern.Row(1)
    for number in range(2, len(rows) + 1):
        operator: pattern.Operator = "and" if draw(st.booleans()) else "or"
        parts = (pattern.Row(number), node) if draw(st.booleans()) else (node, pattern.Row(number))
        node = pattern.Join(operator, *parts)
    return Selection(kind=kind, conditions=tuple(rows), pattern=pattern.normal(node))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    frequency = draw(st.sampled_from(Frequency))
    return Schedule(
        frequency=frequency,
        on=draw(st.sampled_from(WEEKDAYS)) if frequency is Frequency.WEEKLY else "",
        day=draw(st.integers(1, 31)) if frequency is Frequency.MONTHLY else 0,
        at=draw(st.sampled_from(["", "00:00", "23:59", "09:05"])),
        timezone=draw(st.sampled_from(["", "Europe/Berlin", "Asia/Kolkata"])),
        after=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
    )


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=LONGEST_NAME).map(str.strip).filter(bool)
MAPPINGS = st.lists(st.sampled_from([FIRST_NAME, LAST_NAME, "City"]), unique=True).flatmap(
    lambda targets: st.tuples(
        st.just(MappingRow(target=LEAD_EMAIL, source="Email")),
        *(
            st.builds(
                MappingRow, target=st.just(target), source=st.sampled_from(["City", "Birthday"]),
                overwrite_blank=st.booleans(),
            )
            for target in targets
        ),
    )
)  # fmt: skip
SYNCS = st.builds(
    Sync,
    id=st.just("s1"),
    name=NAMES,
    module=st.just("Candidates"),
    module_label=st.just("Candidates"),
    list_key=st.just("key-o"),
    list_name=st.just('Old "list" #1'),
    selection=selections(),
    policies=st.builds(
        Policies, st.sampled_from(Removal), st.none() | st.sampled_from(Removal), st.sampled_from(Removal)
    ),
    schedule=schedules(),
    mapping=MAPPINGS,
    created=st.just(NOW),
).map(lambda sync: labelled(sync, CATALOGUE.fields["Candidates"]))


@given(st.lists(SYNCS, min_size=1, max_size=3, unique_by=lambda sync: sync.name))
def test_export_then_apply_is_the_identity(syncs: list[Sync]) -> None:
    definitions = parse(render(syncs, "Asia/Kolkata"), "a.toml")
    assert [resolve(d, CATALOGUE, sync_id="s1", created=NOW).sync for d in definitions] == syncs
    assert not any(definition.initiate for definition in definitions)


@given(SYNCS)
def test_a_sync_differs_from_itself_in_nothing(sync: Sync) -> None:
    assert changes(sync, msgspec.structs.replace(sync, state=SyncState.ACTIVE, initiated=NOW)) == ()


@given(SYNCS, SYNCS)
def test_syncs_that_differ_in_their_definition_have_changes(old: Sync, new: Sync) -> None:
    same = msgspec.structs.replace(old, mapping=()) == msgspec.structs.replace(new, mapping=())
    assert same or changes(old, new) != ()


SNIPPETS = st.sampled_from([*PLAIN.splitlines(), *EXAMPLE.splitlines(), "[sync]", "sync = [", "]", "{", "="])


@given(st.text() | st.lists(SNIPPETS | st.text(max_size=20), max_size=12).map("\n".join))
def test_no_text_raises_anything_but_a_definition_error(text: str) -> None:
    with suppress(DefinitionError):
        all_of(text)


TOML_VALUES = st.recursive(
    st.text() | st.integers() | st.floats() | st.booleans() | st.datetimes() | st.dates() | st.times()
    | st.datetimes(timezones=st.just(timezone(timedelta(hours=14)))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["field", "operator", "value"]), inner),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from(Definition.__struct_encode_fields__), TOML_VALUES)
def test_no_value_of_any_key_raises_anything_but_a_definition_error(key: str, value: object) -> None:
    table = {"name": "A", "module": "Candidates", "list": "Zylker", key: value}
    with suppress(DefinitionError):
        all_of(tomli_w.dumps({"sync": [table]}))


def changed(**new: object) -> list[Change]:
    """The changes of the documented sync when some of its properties are replaced."""
    old = only(EXAMPLE)
    return list(changes(old, msgspec.structs.replace(old, **new)))


def test_changes_are_told_key_by_key_as_the_file_writes_them() -> None:
    assert changed(name="B") == [Change("name", '"IT graduates"', '"B"')]
    assert changed(policies=Policies(Removal.LIST)) == [Change("on_delete", '"remove-from-list"', "")]
    assert changed(schedule=Schedule()) == [
        Change("frequency", '"weekly"', ""), Change("on", '"monday"', ""), Change("at", '"09:00"', ""),
        Change("timezone", '"Asia/Kolkata"', ""),
    ]  # fmt: skip


def test_changed_conditions_and_mapping_are_told_row_by_row() -> None:
    old = only(EXAMPLE)
    rows = list(old.selection.conditions)
    rows[1] = Condition(field="Experience_in_Years", operator=">=", value=3)
    selection = Selection(kind=SelectionKind.CRITERIA, conditions=tuple(rows), pattern="(((1 and 2) and 3) and 4)")
    assert changed(selection=selection) == [
        Change(
            "conditions[2]",
            '{ field = "Experience_in_Years", operator = ">=", value = 2 }',
            '{ field = "Experience_in_Years", operator = ">=", value = 3 }',
        ),
        Change("pattern", '"(1 and 2) and (3 or 4)"', ""),
    ]
    mapping = (*old.mapping[:2], MappingRow(target="City", source="City"))
    assert changed(mapping=mapping) == [
        Change('mapping."Last Name"', '"Last_Name"', ""),
        Change("mapping.City", '{ field = "City", blank = "overwrite" }', '"City"'),
    ]


def test_views_and_lists_are_told_apart_by_what_they_are_bound_to() -> None:
    old = only(PLAIN + 'select = "view"\nview = "Everyone"')
    renamed = Selection(kind=SelectionKind.VIEW, view_id="11", view_name="All of them")
    assert changes(old, msgspec.structs.replace(old, selection=renamed, list_name="Zylker 2")) == ()
    other = Selection(kind=SelectionKind.VIEW, view_id="12", view_name="Everyone")
    both = msgspec.structs.replace(old, selection=other, list_key="key-o")
    assert [change.key for change in changes(old, both)] == ["view", "list"]


def test_module_selection_view_and_list_are_what_an_initiated_sync_refuses() -> None:
    old = only(EXAMPLE)
    new = only('[[sync]]\nname = "B"\nmodule = "Contacts"\nlist = "Old \\"list\\" #1"\nat = "10:00"\n')
    assert [change.key for change in frozen_changes(old, new)] == ["module", "select", "list"]
    assert frozen_changes(old, msgspec.structs.replace(old, name="B", schedule=Schedule())) == ()
