"""The mapping: what fits, what is suggested, and what has to be sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_sync.model.mapping import (
    FIRST_NAME,
    LAST_NAME,
    LEAD_EMAIL,
    HubField,
    Mistake,
    as_text,
    check_mapping,
    check_row,
    compile_mapping,
    default_rows,
    differences,
    suggest,
    value_rows,
    why_not_mappable,
)
from tui_sync.model.records import Columns, Field, FieldType, Value
from tui_sync.model.sync import MappingRow

T = FieldType


def field(name: str, kind: FieldType = FieldType.TEXT, label: str = "") -> Field:
    return Field(name=name, label=label or name.replace("_", " "), type=kind)


def row(target: str, source: str, *, overwrite_blank: bool = False) -> MappingRow:
    return MappingRow(target=target, source=source, overwrite_blank=overwrite_blank)


FIELDS = (
    field("First_Name"), field("Last_Name"), field("Email", FieldType.EMAIL), field("City"),
    field("Mobile", FieldType.PHONE), field("Experience_in_Years", FieldType.INTEGER),
    field("Candidate_Owner", FieldType.OWNER), field("Skills", FieldType.MULTISELECT),
)  # fmt: skip
HUB = (
    *(HubField(name=name) for name in (LEAD_EMAIL, FIRST_NAME, LAST_NAME, "City")),
    HubField(name="Phone", kind="Phone"),
    HubField(name="Experience", kind="Integer"),
)
DEFAULTS = (row(LEAD_EMAIL, "Email"), row(FIRST_NAME, "First_Name"), row(LAST_NAME, "Last_Name"))


def test_a_new_sync_maps_email_first_and_last_name() -> None:
    assert default_rows(FIELDS) == DEFAULTS


def test_a_custom_module_takes_its_first_email_field_and_leaves_out_the_names_it_lacks() -> None:
    fields = (field("Name"), field("Work_Mail", FieldType.EMAIL), field("Home_Mail", FieldType.EMAIL))
    assert default_rows(fields) == (row(LEAD_EMAIL, "Work_Mail"),)
    assert default_rows(fields, "Home_Mail") == (row(LEAD_EMAIL, "Home_Mail"),)


def test_a_module_without_an_email_field_has_no_email_row() -> None:
    assert default_rows((field("Last_Name"),)) == (row(LAST_NAME, "Last_Name"),)


@pytest.mark.parametrize(
    "kind", [FieldType.OWNER, FieldType.LAYOUT, FieldType.IMAGE, FieldType.FILE, FieldType.SUBFORM]
)
def test_what_holds_no_plain_value_is_not_mappable_and_says_the_way_out(kind: FieldType) -> None:
    reason = why_not_mappable(field("Thing", kind))
    assert reason is not None
    assert "Thing" in reason
    assert "custom field in Recruit" in reason


@pytest.mark.parametrize("name", ["Created_By", "Modified_By"])
def test_who_created_or_modified_a_record_is_not_mappable_whatever_its_type(name: str) -> None:
    assert why_not_mappable(field(name, FieldType.LOOKUP)) is not None


def test_a_lookup_is_mapped_by_its_name() -> None:
    lookup = field("Client_Name", FieldType.LOOKUP)
    assert why_not_mappable(lookup) is None
    assert check_row(row("City", "Client_Name"), lookup, HubField(name="City")) is None


@pytest.mark.parametrize(
    ("kind", "hub_kind", "fits"),
    [
        (T.DATETIME, "Text", True), (T.FORMULA, "Text", True), (T.TEXT, "Integer", False),
        (T.INTEGER, "Integer", True), (T.DECIMAL, "Integer", False), (T.INTEGER, "Decimal", True),
        (T.CURRENCY, "Percent", True), (T.TEXT, "Phone", True), (T.PHONE, "Phone", True), (T.INTEGER, "Phone", False),
        (T.DATE, "Date", True), (T.DATETIME, "Date", False), (T.DATETIME, "DateTime", True),
        (T.DATE, "Date Time", False), (T.BOOLEAN, "Checkbox", True), (T.TEXT, "Checkbox", False),
        (T.PICKLIST, "Picklist", True), (T.TEXT, "Picklist", False), (T.PICKLIST, "Multiselect", True),
        (T.MULTISELECT, "Picklist", False), (T.URL, "URL", True), (T.EMAIL, "Email", True), (T.PHONE, "Email", False),
        (T.INTEGER, "LongInteger", True), (T.SUBFORM, "Text", False), (T.BOOLEAN, "Something new", True),
        (T.TEXT, "textarea", True),
    ],
)  # fmt: skip
def test_types_that_do_not_fit_are_told(kind: FieldType, hub_kind: str, fits: bool) -> None:
    sentence = check_row(row("Target", "Origin"), field("Origin", kind), HubField(name="Target", kind=hub_kind))
    assert (sentence is None) is fits
    assert sentence is None or "Origin" in sentence


def test_the_reason_names_both_sides() -> None:
    sentence = check_row(row("Experience", "City"), field("City"), HubField(name="Experience", kind="Integer"))
    assert sentence == "City holds text, which does not fit Experience, a field of type Integer of the hub"


@pytest.mark.parametrize(("kind", "right"), [(FieldType.EMAIL, True), (FieldType.TEXT, True), (FieldType.PHONE, False)])
def test_the_address_comes_from_an_email_or_text_field(kind: FieldType, right: bool) -> None:
    mistakes = check_mapping((row(LEAD_EMAIL, "Origin"),), (field("Origin", kind),), HUB)
    assert (mistakes == []) is right


def test_the_default_rows_are_right() -> None:
    assert check_mapping(DEFAULTS, FIELDS, HUB) == []


def test_the_hub_may_spell_its_own_email_field_in_another_case() -> None:
    assert check_mapping((row("lead email", "Email"),), FIELDS, (HubField(name="lead Email"),)) == []


def test_every_mistake_of_a_mapping_is_told_in_its_order() -> None:
    rows = (
        row(FIRST_NAME, "Frist_Name"), row("City", "City"), row("city", "Last_Name"), row("Shoe Size", "City"),
        row(LAST_NAME, "Candidate_Owner"),
    )  # fmt: skip
    mistakes = check_mapping(rows, FIELDS, HUB)
    assert [mistake.target for mistake in mistakes] == [FIRST_NAME, "city", "Shoe Size", LAST_NAME, LEAD_EMAIL]
    assert mistakes[0] == Mistake(FIRST_NAME, "the module has no field Frist_Name")
    assert "twice" in mistakes[1].sentence
    assert "the hub has no field Shoe Size" in mistakes[2].sentence
    assert "must be mapped" in mistakes[4].sentence


def test_suggestions_go_by_name_and_type_and_leave_mapped_fields_alone() -> None:
    suggestions = suggest(FIELDS, HUB, DEFAULTS)
    assert [suggestion.row for suggestion in suggestions] == [row("City", "City"), row("Phone", "Mobile")]
    assert suggestions[0].why == "the same name, and text fits"


def test_a_field_that_only_ends_in_the_wanted_name_comes_last() -> None:
    fields = (field("Mailing_City"), field("Other_City"), field("Town", label="City"))
    hub = (HubField(name="City"),)
    assert [s.row.source for s in suggest(fields, hub, ())] == ["Town"]
    assert [s.row.source for s in suggest(fields[:2], hub, ())] == ["Mailing_City"]


def test_nothing_is_suggested_against_its_type_or_with_a_likeness_of_letters_alone() -> None:
    fields = (field("Phone", FieldType.INTEGER), field("Velocity"), field("City", FieldType.OWNER))
    assert suggest(fields, HUB, ()) == []


def test_suggested_rows_are_right() -> None:
    rows = (*DEFAULTS, *(suggestion.row for suggestion in suggest(FIELDS, HUB, DEFAULTS)))
    assert check_mapping(rows, FIELDS, HUB) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("  Pune \n", "Pune"), (3, "3"), (3.0, "3"), (2.50, "2.5"), (1e-7, "0.0000001"), (-0.0, "0"),
        (True, "true"), (False, "false"), (("Java", " SQL ", None, ""), "Java; SQL"), ((), ""), (0, "0"),
        (10**20, "100000000000000000000"), (1e20, "100000000000000000000"),
    ],
)  # fmt: skip
def test_values_become_the_text_that_the_hub_gets(value: Value, text: str) -> None:
    assert as_text(value) == text


def test_mapped_values_stand_in_the_order_of_the_rows_without_the_address() -> None:
    rows = (row("City", "City"), row(LEAD_EMAIL, "Email"), row("Years", "Experience_in_Years"), row("Again", "City"))
    mapped = compile_mapping(rows, Columns(("Email", "Experience_in_Years", "City")))
    assert mapped(["a@b.com", 3.0, " Pune "]) == ("Pune", "3", "Pune")
    assert [r.target for r in value_rows(rows)] == ["City", "Years", "Again"]


def test_a_mapping_of_the_address_alone_has_no_values() -> None:
    assert compile_mapping((row(LEAD_EMAIL, "Email"),), Columns(("Email",)))(["a@b.com"]) == ()


def test_a_source_that_was_not_fetched_is_refused_before_the_first_record() -> None:
    with pytest.raises(ValueError, match="index"):
        compile_mapping((row("City", "City"),), Columns(("Email",)))


ROWS = (row("City", "City"), row("Phone", "Mobile", overwrite_blank=True))


@pytest.mark.parametrize(
    ("mapped", "delivered", "sent"),
    [
        (("Pune", "1"), None, {"City": "Pune", "Phone": "1"}),
        (("", ""), None, {}),
        (("Pune", "1"), {"City": "Pune", "Phone": "1"}, {}),
        (("Delhi", "1"), {"City": "Pune", "Phone": "1"}, {"City": "Delhi"}),
        (("", ""), {"City": "Pune", "Phone": "1"}, {"Phone": ""}),
        (("", ""), {"City": "Pune", "Phone": ""}, {}),
        (("", ""), {"City": "Pune"}, {}),
        (("Pune", "2"), {}, {"City": "Pune", "Phone": "2"}),
    ],
)
def test_only_differences_are_sent_and_a_blank_empties_only_what_was_filled_here(
    mapped: tuple[str, ...], delivered: dict[str, str] | None, sent: dict[str, str]
) -> None:
    assert differences(mapped, delivered, ROWS) == sent


VALUES = st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["", "a", "b"]))


@given(VALUES, st.none() | st.dictionaries(st.sampled_from(["City", "Phone", "Old"]), st.sampled_from(["", "a", "b"])))
def test_what_was_sent_is_not_sent_again(mapped: tuple[str, str], delivered: dict[str, str] | None) -> None:
    sent = differences(mapped, delivered, ROWS)
    assert differences(mapped, {**(delivered or {}), **sent}, ROWS) == {}
    assert all(value or (delivered or {})[target] for target, value in sent.items())
