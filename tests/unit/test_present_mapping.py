"""The mapping as rows and sentences."""

from __future__ import annotations

from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, FieldType
from tui_sync.model.sync import MappingRow
from tui_sync.ui.present.columns import as_line
from tui_sync.ui.present.mapping import (
    cells,
    free_targets,
    likeliest,
    next_suggestion,
    rows_of,
    sources_for,
    told_below,
    with_blanks_turned,
    with_source,
)

FIELDS = (
    Field(name="Email", label="Email", type=FieldType.EMAIL),
    Field(name="City", label="Current City", type=FieldType.TEXT),
    Field(name="Mobile", label="Mobile", type=FieldType.PHONE),
    Field(name="Owner", label="Owner", type=FieldType.OWNER),
)
HUB = (
    HubField(name="Lead Email", kind="Email"), HubField(name="City"), HubField(name="Phone"),
    HubField(name="Age", kind="Integer"),
)  # fmt: skip
EMAIL = MappingRow(target="Lead Email", source="Email")
CITY = MappingRow(target="City", source="City")


def text(row: object) -> str:
    return " ".join(part.text for cell in cells(row) for part in as_line(cell))  # type: ignore[arg-type]


def test_a_row_shows_labels_types_and_the_values_that_will_arrive() -> None:
    [_, city] = rows_of((EMAIL, CITY), FIELDS, HUB, {"City": ("Pune", "(blank)")})
    assert text(city) == "City Current City text keeps Pune  |  (blank)"


def test_of_two_fields_with_one_label_a_row_says_which_is_meant() -> None:
    twin = Field(name="City_2", label="Current City", type=FieldType.TEXT)
    [city] = rows_of((CITY,), (*FIELDS, twin), HUB, {})
    assert city.label == "Current City (City)"


def test_a_row_that_cannot_be_used_says_why_instead_of_its_values() -> None:
    [_, age, gone] = rows_of(
        (EMAIL, MappingRow(target="Age", source="City"), MappingRow(target="Phone", source="Fax")), FIELDS, HUB,
        {"City": ("Pune",)},
    )  # fmt: skip
    assert "Current City holds text, which does not fit Age" in text(age)
    assert "Pune" not in text(age)
    assert "The module has no field Fax." in text(gone)


def test_a_mistake_calls_a_field_of_recruit_as_the_rows_do_also_one_that_vanished_since() -> None:
    homepage = Field(name="Web_1", label="eHomepage", type=FieldType.IMAGE)
    rows = (MappingRow(target="City", source="Web_1"), MappingRow(target="Phone", source="Fax_2"))
    [picture, gone] = rows_of((*rows,), (*FIELDS, homepage), HUB, {}, {"Fax_2": "Fax number"})
    assert picture.mistake.startswith("eHomepage holds an image and cannot be mapped")
    assert gone.mistake == "The module has no field Fax number."
    [*_, (_, why)] = sources_for("City", (*FIELDS, homepage), HUB)
    assert why == picture.mistake


def test_the_likeliest_field_of_recruit_is_the_one_of_a_like_name_that_nothing_else_uses() -> None:
    assert likeliest("phone", FIELDS, HUB, (EMAIL,)) == "Mobile"
    assert likeliest("Phone", FIELDS, HUB, (EMAIL, MappingRow(target="City", source="Mobile"))) == ""
    assert likeliest("Age", FIELDS, HUB, ()) == ""


def test_nothing_is_called_wrong_before_the_fields_are_known() -> None:
    [row] = rows_of((CITY,), (), (), {})
    assert (row.mistake, row.values) == ("", None)


def test_values_and_names_from_elsewhere_cannot_steer_the_terminal() -> None:
    evil = Field(name="Evil", label="\x1b[2Jred", type=FieldType.TEXT)
    [row] = rows_of((MappingRow(target="City\x1b", source="Evil"),), (evil,), (), {"Evil": ("\u202eabc\x07",)})
    lines = list(told_below(row, None, (evil,), 80))
    shown = text(row._replace(mistake="")) + "".join(part.text for line in lines for part in line)
    assert shown.isprintable()
    assert "\\x1b[2Jred" in shown


def test_fields_that_cannot_fill_the_target_come_last_with_their_reasons() -> None:
    judged = [(field.name, bool(why)) for field, why in sources_for("City", FIELDS, HUB)]
    assert judged == [("Email", False), ("City", False), ("Mobile", False), ("Owner", True)]
    assert "make a custom field in Recruit" in {field.name: why for field, why in sources_for("City", FIELDS, HUB)}["Owner"]


def test_the_email_takes_only_email_and_text_fields() -> None:
    assert [field.name for field, why in sources_for("Lead Email", FIELDS, HUB) if not why] == ["Email", "City"]


def test_another_source_keeps_the_place_of_the_row_and_what_its_blanks_do() -> None:
    turned = with_blanks_turned((EMAIL, CITY), 1)
    changed = with_source(turned, "city", "Mobile")
    assert changed == (EMAIL, MappingRow(target="City", source="Mobile", overwrite_blank=True))


def test_a_suggestion_that_was_passed_over_gives_way_to_the_next() -> None:
    hub = (*HUB, HubField(name="Mobile"))
    first = next_suggestion(FIELDS, hub, (EMAIL,), set())
    assert first is not None
    assert first.row.target == "City"
    second = next_suggestion(FIELDS, hub, (EMAIL,), {"City"})
    assert second is not None
    assert second.row.target == "Phone"


def test_a_field_of_the_hub_is_filled_whatever_the_case_of_its_name() -> None:
    mapping = (MappingRow(target="lead email", source="Email"), CITY)
    assert [field.name for field in free_targets(mapping, HUB)] == ["Phone", "Age"]
