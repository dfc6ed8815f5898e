"""Definition files: exact mistakes, and names tied to the connection."""

import tomllib
from datetime import UTC, datetime

import msgspec
import pytest

from tests.unit.definition_samples import CATALOGUE, EXAMPLE, NOW, PLAIN, all_of, criteria, field, only
from tui_sync.model.definitions import Catalogue, Definition, parse, resolve
from tui_sync.model.definitions.write import literal
from tui_sync.model.errors import DefinitionError
from tui_sync.model.sync import (
    Condition,
    Frequency,
    MappingRow,
    Policies,
    Removal,
    Schedule,
    Selection,
    SelectionKind,
    Sync,
)
from tui_sync.model.text import visible


def mistake(text: str, catalogue: Catalogue = CATALOGUE) -> DefinitionError:
    """What is wrong with a file."""
    with pytest.raises(DefinitionError) as caught:
        all_of(text, catalogue)
    assert caught.value.file == "a.toml"
    return caught.value


def test_the_documented_file_gives_the_documented_sync() -> None:
    assert only(EXAMPLE) == Sync(
        id="s1",
        name="IT graduates",
        module="Candidates",
        module_label="Candidates",
        list_key="key-z",
        list_name="Zylker",
        selection=Selection(
            kind=SelectionKind.CRITERIA,
            conditions=(
                Condition(field="Department", operator="is", value="Information Technology"),
                Condition(field="Experience_in_Years", operator=">=", value=2),
                Condition(field="Year_of_Passing", operator="=", value=2015),
                Condition(field="Year_of_Passing", operator="=", value=2016),
            ),
            pattern="((1 and 2) and (3 or 4))",
        ),
        policies=Policies(Removal.LIST, Removal.LIST, Removal.KEEP),
        schedule=Schedule(frequency=Frequency.WEEKLY, on="monday", at="09:00", timezone="Asia/Kolkata"),
        mapping=(
            MappingRow(target="Lead Email", source="Email"),
            MappingRow(target="First Name", source="First_Name"),
            MappingRow(target="Last Name", source="Last_Name"),
            MappingRow(target="City", source="City", overwrite_blank=True),
        ),
        labels={
            "Department": "Department", "Experience_in_Years": "Experience in Years", "Year_of_Passing": "Year of Passing",
            "Email": "Email", "First_Name": "First Name", "Last_Name": "Last Name", "City": "City",
        },
        created=NOW,
    )


def test_what_is_absent_takes_its_default() -> None:
    (definition,) = parse(PLAIN, "a.toml")
    assert definition == Definition(name="A", module="Candidates", list_name="Zylker")
    sync = only(PLAIN)
    assert (sync.selection, sync.policies, sync.schedule) == (Selection(), Policies(), Schedule())
    assert [row.source for row in sync.mapping] == ["Email", "First_Name", "Last_Name"]
    assert definition.initiate


def test_a_pattern_that_is_absent_joins_all_rows_by_and() -> None:
    text = "\n".join(line for line in EXAMPLE.splitlines() if not line.startswith("pattern"))
    assert only(text).selection.pattern == "(((1 and 2) and 3) and 4)"


MISTAKES = [
    ("sync = 3", "", "there is no sync in it"),
    ("sync = [1]", "", "there is no sync in it"),
    ("[[synk]]", "synk", "unknown key"),
    ('[[sync]]\nname = "A\n', "", "line 2, column 10"),
    ("a = " + "9" * 5000, "", "not valid TOML"),
    ("a = " + "[" * 50_000, "", "not valid TOML"),
    (PLAIN.replace('"A"', '" "'), "name", "must not be empty"),
    (PLAIN.replace('"A"', "1"), "name", "must be text in quotes, not a whole number"),
    (PLAIN.replace('list = "Zylker"', ""), "list", "is missing"),
    (PLAIN + PLAIN, "name", "same name"),
    (PLAIN + PLAIN.replace('"A"', '" A "'), "name", "same name"),
    (PLAIN + 'shedule = "daily"', "shedule", "unknown key"),
    (PLAIN + 'on_delete = "remove"', "on_delete", '"remove" is none of keep, remove-from-list, remove-from-hub'),
    (PLAIN + 'frequency = "hourly"', "frequency", "once, daily, weekly, monthly"),
    (PLAIN + 'on = "monday"', "on", 'needs frequency = "weekly"'),
    (PLAIN + 'frequency = "weekly"', "on", "needs its week day"),
    (PLAIN + 'frequency = "weekly"\non = "Mon"', "on", "is none of monday"),
    (PLAIN + 'frequency = "monthly"', "day", "needs its day"),
    (PLAIN + 'frequency = "monthly"\nday = 0', "day", "0 is not a day"),
    (PLAIN + 'frequency = "monthly"\nday = 32', "day", "32 is not a day"),
    (PLAIN + 'frequency = "monthly"\nday = "1"', "day", "must be a whole number, not text in quotes"),
    (PLAIN + "day = 3", "day", 'needs frequency = "monthly"'),
    (PLAIN + 'at = "9:00"', "at", "not a time of day"),
    (PLAIN + 'at = "24:00"', "at", "not a time of day"),
    (PLAIN + 'at = "09:00\\n"', "at", "not a time of day"),
    (PLAIN + "at = 09:00:00", "at", "must be text in quotes"),
    (PLAIN + 'timezone = "Asia/Kolkatta"', "timezone", "not a time zone"),
    (PLAIN + 'timezone = "America"', "timezone", "not a time zone"),
    (PLAIN + 'timezone = "../x"', "timezone", "not a time zone"),
    (PLAIN + 'timezone = ""', "timezone", "must not be empty"),
    (PLAIN + 'after = "2026-01-01"', "after", "must be a date-time or a date"),
    (PLAIN + "after = 09:00:00", "after", "must be a date-time or a date"),
    (PLAIN + "after = 0001-01-01", "after", "outside the years"),
    (PLAIN + 'initiate = "no"', "initiate", "must be true or false, not text in quotes"),
    (PLAIN + 'view = "Everyone"', "view", 'needs select = "view"'),
    (PLAIN + 'select = "view"', "view", "needs the name of a view"),
    (PLAIN + 'select = "view"\nview = "Evryone"', "view", 'Candidates has no custom view "Evryone"'),
    (PLAIN + 'select = "view"\nview = "Two"', "view", '2 custom views named "Two"'),
    (PLAIN + 'pattern = "1"', "pattern", "needs conditions"),
    (PLAIN + 'conditions = [{ field = "City", operator = "is empty" }]', "conditions", 'select = "criteria"'),
    (PLAIN + 'select = "criteria"', "conditions", "at least one"),
    (criteria(""), "conditions", "at least one"),
    (criteria('{ field = "City", operator = "is empty" },' * 26), "conditions", "at most 25"),
    (criteria("1"), "conditions[1]", "must be a table, not a whole number"),
    (criteria('{ field = "City" }'), "conditions[1].operator", "is missing"),
    (criteria('{ field = "City", operater = "is" }'), "conditions[1].operater", "unknown key"),
    (criteria('{ field = 1, operator = "is" }'), "conditions[1].field", "must be text in quotes"),
    (criteria('{ field = "City", operator = "is", value = {} }'), "conditions[1].value", "must be"),
    (criteria('{ field = "City", operator = "is", value = 09:00:00 }'), "conditions[1].value", "time of day"),
    (criteria('{ field = "Year_of_Passing", operator = "=", value = nan }'), "conditions[1].value", "finite"),
    (criteria(f'{{ field = "Year_of_Passing", operator = "=", value = {2**63} }}'), "conditions[1].value", "64 bits"),
    (criteria('{ field = "Town", operator = "is empty" }'), "conditions[1].field", 'Candidates has no field "Town"'),
    (criteria('{ field = "City", operator = ">", value = 2 }'), "conditions[1].operator", "City"),
    (criteria('{ field = "Year_of_Passing", operator = "=", value = "x" }'), "conditions[1].value", "not a number"),
    (criteria('{ field = "Clients.Industry", operator = "is empty" }'), "conditions[1].field", "no related module"),
    (criteria('{ field = "Job_Openings.X", operator = "is empty" }'), "conditions[1].field", "are not available"),
    (criteria('{ field = "City", operator = "is empty" }', 'pattern = "1 and 2"'), "pattern", "position 7: row 2"),
    (criteria('{ field = "City", operator = "is empty" }', 'pattern = ""'), "pattern", "position 1: the pattern is"),
    (PLAIN.replace("Candidates", "Candidate"), "module", 'there is no module "Candidate"'),
    (PLAIN.replace("Candidates", "CustomModule2"), "module", "cannot be synced: it has no e-mail field"),
    (PLAIN.replace("Candidates", "CustomModule1") + 'on_opt_out = "remove-from-hub"', "on_opt_out", "Email_Opt_Out"),
    (PLAIN.replace("Zylker", "zylker"), "list", 'there is no list "zylker"'),
    (PLAIN + "mapping = 1", "mapping", "must be a table, not a whole number"),
    (PLAIN + "[sync.mapping]", 'mapping."Lead Email"', "must be mapped"),
    (PLAIN + "[sync.mapping]\nCity = 3", 'mapping."City"', "must be the name of a field"),
    (PLAIN + "[sync.mapping]\nCity = {}", 'mapping."City".field', "must be the name of a field"),
    (PLAIN + '[sync.mapping]\nCity = { field = "City", blanks = 1 }', 'mapping."City".blanks', "unknown key"),
    (PLAIN + '[sync.mapping]\nCity = { field = "City", blank = "no" }', 'mapping."City".blank', "keep, overwrite"),
    (PLAIN + '[sync.mapping]\nCity = { field = "City", blank = 1 }', 'mapping."City".blank', "keep, overwrite"),
    (PLAIN + '[sync.mapping]\nCity = "Citi"', 'mapping."City"', "no field Citi"),
    (PLAIN + '[sync.mapping]\nYears = "City"', 'mapping."Years"', "does not fit"),
    (PLAIN + '[sync.mapping]\nCity = "Candidate_Owner"', 'mapping."City"', "cannot be mapped"),
    (PLAIN + '[sync.mapping]\nTown = "City"', 'mapping."Town"', "the hub has no field Town"),
    (PLAIN + '[sync.mapping]\nCity = "City"\ncity = "City"', 'mapping."City"', "twice"),
]


@pytest.mark.parametrize(("text", "key", "problem"), MISTAKES)
def test_a_mistake_is_told_with_its_key(text: str, key: str, problem: str) -> None:
    error = mistake(text)
    assert error.key == key
    assert problem in error.problem


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[[synk]]", 'Did you mean "sync"?'),
        (PLAIN + 'frequenzy = "daily"', 'Did you mean "frequency"?'),
        (PLAIN + 'frequency = "weakly"', 'Did you mean "weekly"?'),
        (PLAIN.replace("Candidates", "Candidats"), 'Did you mean "Candidates"?'),
        (PLAIN.replace("Zylker", "New people"), 'Create it with: tui-sync create-list "New people"'),
        (PLAIN.replace("Zylker", "Zylke"), 'Did you mean "Zylker"?'),
        (criteria('{ field = "Year of passing", operator = "is empty" }'), 'Did you mean "Year_of_Passing"?'),
        (PLAIN + '[sync.mapping]\n"Lead Email" = "Emial"', 'Did you mean "Email"?'),
        (PLAIN + '[sync.mapping]\n"Lead Email" = "Email"\n"Frist Name" = "City"', 'Did you mean "First Name"?'),
        (PLAIN + 'after = "2026-01-01"', "without quotes"),
    ],
)
def test_a_mistake_comes_with_the_way_out(text: str, hint: str) -> None:
    assert hint in mistake(text).hint


def test_a_mistake_names_file_sync_and_key() -> None:
    assert str(mistake(PLAIN + 'at = "nine"')).startswith('a.toml, sync "A", key at: "nine" is not a time of day')


def test_a_sync_without_a_name_is_named_by_its_number() -> None:
    assert mistake(PLAIN + '[[sync]]\nmodule = "Candidates"').sync == "number 2"


def test_a_mistake_steers_no_terminal() -> None:
    error = mistake(PLAIN.replace('"A"', '"\\u001b[2J"').replace("Zylker", "\\u001b[2J"))
    assert "\x1b" not in str(error)


@pytest.mark.parametrize("name", ["candidates", "Candidates"])
def test_a_module_is_known_by_its_name_in_any_case(name: str) -> None:
    assert only(PLAIN.replace("Candidates", name)).module == "Candidates"


def test_a_module_is_known_by_its_label() -> None:
    assert only(PLAIN.replace("Candidates", "contact people")).module == "Contacts"


def test_a_view_is_bound_by_its_id() -> None:
    selection = only(PLAIN + 'select = "view"\nview = " Everyone "').selection
    assert selection == Selection(kind=SelectionKind.VIEW, view_id="11", view_name="Everyone")


def test_a_custom_module_maps_its_own_email_field() -> None:
    policies = 'on_delete = "remove-from-list"\non_convert = "remove-from-hub"'
    sync = only(PLAIN.replace("Candidates", "Alumni") + policies)
    assert sync.mapping == (MappingRow(target="Lead Email", source="Mail"),)
    assert sync.policies == Policies(Removal.KEEP, Removal.LIST, Removal.HUB)


def test_a_module_without_an_email_field_cannot_be_mapped_by_default() -> None:
    catalogue = msgspec.structs.replace(CATALOGUE, fields={"Candidates": (field("City"),)})
    assert mistake(PLAIN, catalogue).key == 'mapping."Lead Email"'


def test_fields_of_related_modules_are_known() -> None:
    text = criteria('{ field = "Clients.Industry", operator = "is empty" }').replace("Candidates", "Contacts")
    assert only(text).selection.conditions[0].field == "Clients.Industry"
    assert 'Clients has no field "Industri"' in mistake(text.replace("Industry", "Industri")).problem


def test_a_value_that_is_no_choice_is_a_warning() -> None:
    (definition,) = parse(criteria('{ field = "Department", operator = "is", value = "Legal" }'), "a.toml")
    warnings = resolve(definition, CATALOGUE, sync_id="s1", created=NOW).warnings
    assert [warning.startswith("row 1: ") and "Legal" in warning for warning in warnings] == [True]


def test_a_date_in_a_condition_may_be_written_without_quotes() -> None:
    text = criteria('{ field = "Birthday", operator = "between", value = [1990-01-01, "1999-12-31"] }')
    assert only(text).selection.conditions[0].value == ("1990-01-01", "1999-12-31")


@pytest.mark.parametrize(
    ("written", "more", "moment"),
    [
        ("2026-01-01T00:00:00Z", "", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00+02:00", "", datetime(2025, 12, 31, 22, tzinfo=UTC)),
        ("2026-01-01", "", datetime(2025, 12, 31, 18, 30, tzinfo=UTC)),
        ("2026-01-01T12:00:00", 'timezone = "Europe/Berlin"', datetime(2026, 1, 1, 11, tzinfo=UTC)),
    ],
)
def test_a_floor_without_offset_is_in_the_zone_of_the_sync(written: str, more: str, moment: datetime) -> None:
    after = only(f"{PLAIN}after = {written}\n{more}").schedule.after
    assert after == moment
    assert after is not None
    assert after.tzinfo is UTC


def test_the_target_is_spelled_as_the_hub_spells_it() -> None:
    sync = only(PLAIN + '[sync.mapping]\n"lead email" = "Email"\ncity = "City"')
    assert [row.target for row in sync.mapping] == ["Lead Email", "City"]


def test_a_name_may_have_two_hundred_characters_and_no_more() -> None:
    text = '[[sync]]\nname = "{name}"\nmodule = "Candidates"\nlist = "Zylker"\n'
    assert parse(text.format(name="x" * 200), "a.toml")[0].name == "x" * 200
    with pytest.raises(DefinitionError, match="at most 200 characters") as refused:
        parse(text.format(name="x" * 100_000), "a.toml")
    assert len(str(refused.value)) < 400


def test_what_hides_or_steers_is_written_as_an_escape_that_reads_back() -> None:
    name = "\u202eevil\u200b\x9b31m\x1b[2J\t\ufeff\U000e0041 \u5c71\u7530 Zo\u0308e \\ \""
    written = literal(name)
    assert tomllib.loads(f"v = {written}") == {"v": name}
    assert visible(written) == written
