"""The documented keys and commands are those of the program."""

from __future__ import annotations

from tests import commands_page, keys_page


def test_the_page_of_keys_is_that_of_the_registry() -> None:
    assert keys_page.PAGE.read_text(encoding="utf-8") == keys_page.page(), "write it anew: python -m tests.keys_page"


def test_the_page_of_commands_is_that_of_their_help() -> None:
    assert commands_page.PAGE.read_text(encoding="utf-8") == commands_page.page(), "write it anew: python -m tests.commands_page"
