"""The documented keys are the keys."""

from __future__ import annotations

from tests.keys_page import PAGE, page


def test_the_page_of_keys_is_that_of_the_registry() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.keys_page"
