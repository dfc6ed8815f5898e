"""The pages that are written by hand name everything of which they tell, as the program has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import commands_page
from tui_sync.cli.exits import Exit
from tui_sync.model.criteria.operators import operators_for, reason_without
from tui_sync.model.definitions.read import _CHOICES, _KEYS
from tui_sync.model.outcomes import Result
from tui_sync.model.records import FieldType
from tui_sync.model.settings import SETTINGS, words_of
from tui_sync.model.workspace import Settings
from tui_sync.present.runs import KEYS, OUTCOME_KEYS

ROOT = Path(__file__).parents[2]


def written(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def rows(page: str) -> list[list[str]]:
    """The cells of every row of its tables."""
    lines = (line for line in written(page).splitlines() if line.startswith("| "))
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def test_the_page_of_settings_has_every_setting_in_their_order_with_its_default() -> None:
    told = [(row[0].strip("`"), row[-1]) for row in rows("docs/settings.md") if row[0].strip("`") in SETTINGS]
    defaults = [(key, words_of(Settings(), key).removesuffix(f" {one.unit}")) for key, one in SETTINGS.items()]
    assert told == defaults, "write it in docs/settings.md"


def test_the_page_of_criteria_has_every_operator_with_the_others_of_its_fields() -> None:
    told = {tuple(re.findall(r"`([^`]+)`", row[-1])) for row in rows("docs/criteria.md")}
    assert {operators_for(kind) for kind in FieldType if not reason_without(kind)} <= told, "write it in docs/criteria.md"


@pytest.mark.parametrize("key", _KEYS)
def test_the_page_of_definitions_has_every_key_and_what_may_stand_there(key: str) -> None:
    [line, *_] = re.findall(rf"^(?:# |\[sync\.)?{key}\b.*|.*;  {key} =.*$", written("docs/definitions.md"), re.MULTILINE) or [""]
    assert line, f"write it in docs/definitions.md: {key}"
    if key in ("select", "on_opt_out", "frequency"):
        assert all(word in line for word in _CHOICES[key]), line


def test_the_page_of_commands_tells_runs_and_outcomes_as_they_are_printed() -> None:
    head = " ".join(commands_page.HEAD.split()).replace("- ", "-")
    for word in (*KEYS, *OUTCOME_KEYS):
        assert f"`{word}`" in head, "write it in tests/commands_page.py"
    for result in Result:
        assert result in head, "write it in tests/commands_page.py"


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
def test_every_exit_status_has_a_row(page: str) -> None:
    assert [row[0] for row in rows(page) if row[0].isdecimal()] == [str(int(status)) for status in Exit]
