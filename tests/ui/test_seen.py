"""What a person sees, cell by cell: text and look."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.ui.seen import VIEWS, prepare, seen, written


@pytest.mark.parametrize("name", VIEWS)
def test_the_screen_looks_as_it_did(name: str, tmp_path: Path) -> None:
    prepare(tmp_path / "w")
    picture = asyncio.run(seen(tmp_path / "w", VIEWS[name]))
    assert picture == written(name).read_text(encoding="utf-8"), "look at it, then write it anew: python -m tests.ui.seen"
