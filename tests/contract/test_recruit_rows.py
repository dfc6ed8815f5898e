"""Records out of JSON: every shape of value, every odd name, ids to the last digit."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tui_sync.model.errors import UsageError
from tui_sync.model.records import Columns, Record, Value
from tui_sync.recruit.rows import row_reader, settled


def read(row: Mapping[str, object], *names: str, old_names: bool = False) -> Record:
    reader = row_reader(Columns(names), "Updated_On", old_names=old_names)
    return reader.page(json.dumps({"data": [row]}).encode())[0][0]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("x", "x"), (3, 3), (2.5, 2.5), (True, True), (None, None),
        ({"name": "Acme", "id": "1"}, "Acme"), ({"name": None, "id": "1"}, None), ({"name": 7}, "7"),
        (["a", "b"], ("a", "b")), ([], ()), ([{"name": "U", "email": "e"}, 1, None, True], ("U", "1", "null", "true")),
        ({"id": "1"}, '{"id": "1"}'), ([["a"]], ('["a"]',)), (10**30, 10**30),
    ],
)  # fmt: skip
def test_every_json_shape_becomes_a_plain_value(given: object, value: Value) -> None:
    assert settled(given) == value
    assert read({"id": "1", "F": given}, "F").values == (value,)
    assert read({"id": "1", "F": given, "G": "g"}, "F", "G").values == (value, "g")


def test_a_numeric_id_keeps_every_digit() -> None:
    assert read({"id": 846336000000552208}).id == "846336000000552208"
    assert read({"id": 99999999999999999999999}).id == "99999999999999999999999"


def test_flags_stamps_and_missing_fields_are_taken_as_they_are() -> None:
    full = {"id": "1", "Updated_On": "2026-01-01T00:00:00+05:30", "Email_Opt_Out": True, "$converted": True}
    assert read(full, "City", "Email_Opt_Out", "Updated_On") == Record(
        "1", "2026-01-01T00:00:00+05:30", True, True, (None, True, "2026-01-01T00:00:00+05:30")
    )
    odd = {"id": "1", "Updated_On": 5, "Email_Opt_Out": 1, "$converted": None}
    assert read(odd) == Record("1", "", False, False, ())


def test_whoever_is_opted_out_or_converted_in_words_is_so_too_as_for_criteria() -> None:
    assert read({"id": "1", "Email_Opt_Out": "true", "$converted": "True"}) == Record("1", "", True, True, ())
    assert read({"id": "1", "Email_Opt_Out": "false", "$converted": ""}) == Record("1", "", False, False, ())


def test_field_names_that_clash_with_anything_do_no_harm() -> None:
    names = ("f0", "f1", "data", "__class__", "id", "Email", "Email")
    row = {"id": "9", "f0": "a", "f1": "b", "data": "c", "__class__": "d", "Email": "e"}
    assert read(row, *names).values == ("a", "b", "c", "d", "9", "e", "e")


@pytest.mark.parametrize("name", ["", "a,b", 'x"', "x\\", "Clients.Industry", "ü", "a\n"])
def test_a_name_that_no_field_can_have_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError, match="no field"):
        row_reader(Columns((name,)), "Updated_On")


def test_old_names_fill_only_what_is_empty() -> None:
    row: dict[str, object] = {"id": "1", "Potential_Name": "Old", "Account_Name": {"name": "Acme"}, "Skillset": "Java"}
    columns = ("Posting_Title", "Client_Name", "Skill_Set", "City")
    assert read(row, *columns, old_names=True).values == ("Old", "Acme", "Java", None)
    assert read(row, *columns).values == (None, None, None, None)
    assert read({**row, "Posting_Title": "New"}, *columns, old_names=True).values[0] == "New"


def test_a_column_of_a_lookup_with_id_holds_the_id_and_the_field_is_asked_for_once() -> None:
    columns = Columns(("Client_Name", "Client_Name.id", "City"))
    assert row_reader(columns, "Updated_On").names[-2:] == ("Client_Name", "City")
    row: dict[str, object] = {"id": "1", "Client_Name": {"name": "Acme", "id": "77"}, "City": "Pune"}
    assert read(row, *columns.names).values == ("Acme", "77", "Pune")
    assert read({**row, "Client_Name": {"name": "Acme", "id": 77}}, *columns.names).values[1] == "77"
    assert read({**row, "Client_Name": {"name": "Acme"}}, *columns.names).values == ("Acme", None, "Pune")
    assert read({**row, "Client_Name": None}, *columns.names).values == (None, None, "Pune")
