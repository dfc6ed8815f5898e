"""One organisation and an authorised client for the tests of a module that change nothing, and one that a test may change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.simulated import served
from tui_sync.simulator import Organisation


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    opened = Organisation.open(tmp_path_factory.mktemp("simulator") / "organisation.db", records=450)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(organisation: Organisation) -> Iterator[httpx.Client]:
    with served(organisation) as opened:
        yield opened


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Organisation]:
    """An organisation that a test may change."""
    opened = Organisation.open(tmp_path / "organisation.db", records=120)
    yield opened
    opened.close()
