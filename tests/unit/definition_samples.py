"""A small organisation, and definition files for it."""

from datetime import UTC, datetime

from tui_sync.model.definitions import Catalogue, parse, resolve
from tui_sync.model.mapping import FIRST_NAME, LAST_NAME, LEAD_EMAIL, HubField
from tui_sync.model.records import Field, FieldType, Module, View
from tui_sync.model.sync import (
    Sync,
)

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def field(name: str, kind: FieldType = FieldType.TEXT, choices: tuple[str, ...] = ()) -> Field:
    """A field whose label is its name with spaces."""
    return Field(name=name, label=name.replace("_", " "), type=kind, choices=choices)


PEOPLE = (
    field("First_Name"), field("Last_Name"), field("Email", FieldType.EMAIL), field("City"),
    field("Department", FieldType.PICKLIST, choices=("Information Technology", "Sales")),
    field("Experience_in_Years", FieldType.DECIMAL), field("Year_of_Passing", FieldType.INTEGER),
    field("Birthday", FieldType.DATE), field("Is_Locked", FieldType.BOOLEAN), field("Candidate_Owner", FieldType.OWNER),
)  # fmt: skip
CATALOGUE = Catalogue(
    modules=(
        Module(name="Candidates", label="Candidates"),
        Module(name="Contacts", label="Contact people"),
        Module(name="CustomModule1", label="Alumni", custom=True, has_opt_out=False),
        Module(name="CustomModule2", label="Rooms", available=False, reason="it has no e-mail field"),
    ),
    fields={
        "Candidates": PEOPLE,
        "Contacts": PEOPLE,
        "CustomModule1": (field("Mail", FieldType.EMAIL),),
        "Clients": (field("Industry"),),
    },
    views={"Candidates": (View(id="11", name="Everyone"), View(id="12", name="Two"), View(id="13", name="Two"))},
    lists={"Zylker": "key-z", "Old \"list\" #1": "key-o"},
    hub_fields=(
        *(HubField(name=name) for name in (LEAD_EMAIL, FIRST_NAME, LAST_NAME, "City")),
        HubField(name="Years", kind="Integer"),
    ),
    default_zone="Asia/Kolkata",
)  # fmt: skip

EXAMPLE = """
[[sync]]
name = "IT graduates"
module = "Candidates"
select = "criteria"                # all (default) | view | criteria
conditions = [
  { field = "Department", operator = "is", value = "Information Technology" },
  { field = "Experience_in_Years", operator = ">=", value = 2 },
  { field = "Year_of_Passing", operator = "=", value = 2015 },
  { field = "Year_of_Passing", operator = "=", value = 2016 },
]
pattern = "(1 and 2) and (3 or 4)" # absent = the default pattern
list = "Zylker"
on_opt_out = "remove-from-list"
on_delete = "remove-from-list"
on_convert = "keep"
frequency = "weekly"
on = "monday"
at = "09:00"
timezone = "Asia/Kolkata"
[sync.mapping]
"Lead Email" = "Email"
"First Name" = "First_Name"
"Last Name" = "Last_Name"
City = { field = "City", blank = "overwrite" }
"""
PLAIN = '[[sync]]\nname = "A"\nmodule = "Candidates"\nlist = "Zylker"\n'


def all_of(text: str, catalogue: Catalogue = CATALOGUE) -> list[Sync]:
    """The syncs of a file, in their order."""
    definitions = parse(text, "a.toml")
    return [resolve(one, catalogue, sync_id="s1", created=NOW, file="a.toml").sync for one in definitions]


def only(text: str, catalogue: Catalogue = CATALOGUE) -> Sync:
    """The sync of a file that holds one."""
    (sync,) = all_of(text, catalogue)
    return sync


def criteria(row: str, more: str = "") -> str:
    """A file with one sync under these criteria rows."""
    return f'{PLAIN}select = "criteria"\nconditions = [{row}]\n{more}'
