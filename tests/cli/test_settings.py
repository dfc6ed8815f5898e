"""settings: listed, set, set back; each change is on record and acts."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Program


def test_the_settings_are_listed_with_their_defaults(tui: Program) -> None:
    known = {item["key"]: item for item in tui("settings", "--json").json("settings")}
    assert known["limit-day"] == {"key": "limit-day", "value": 10, "default": 10}
    assert tui("settings", "set", "limit-day", "25").status == 0
    assert "limit-day" in tui("settings").out
    assert {"key": "limit-day", "value": 25, "default": 10} in tui("settings", "--json").json("settings")


def test_a_change_is_on_record_with_the_value_before_and_after(tui: Program) -> None:
    tui("settings", "set", "timezone", "Asia/Kolkata")
    tui("settings", "set", "timezone", "Europe/Berlin")
    tui("settings", "set", "timezone", "Europe/Berlin")
    tui("settings", "set", "timezone", "--reset")
    assert [line["what"] for line in tui("log", "--json").json("log")] == [
        "setting timezone: Europe/Berlin -> the system's",
        "setting timezone: Asia/Kolkata -> Europe/Berlin",
        "setting timezone: the system's -> Asia/Kolkata",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("limit-day", "0"), "whole number from 1"),
        (("colour", "red"), "There is no setting"),
        (("limit-day",), "Name a value for limit-day, or --reset. A number."),
        (("limit-day", "3", "--reset"), "Name a value for limit-day, or --reset."),
    ],
)
def test_a_mistake_is_wrong_usage_and_changes_nothing(arguments: tuple[str, ...], said: str, tui: Program) -> None:
    before = tui("settings").out
    ended = tui("settings", "set", *arguments)
    assert (ended.status, tui("settings").out) == (2, before)
    assert said in ended.err


def test_a_role_name_set_by_hand_acts_in_the_next_run(tui: Program) -> None:
    tui.recruit.add("1", "sales@example.org")
    tui.apply()
    tui("settings", "set", "role-names", "sales")
    counts = tui("run", "Newsletter", "--json").json("run")["ignored"]
    assert counts["group_email"] == 1


def test_the_webhooks_secret_path_is_not_in_the_log(tui: Program) -> None:
    tui("settings", "set", "webhook", "https://hooks.example.com/T0/geheim")
    assert "geheim" not in tui("log").out
    assert "https://hooks.example.com/..." in tui("log").out
