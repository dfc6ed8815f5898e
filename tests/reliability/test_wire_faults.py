"""Faults on the wire, through the program and a real socket: what is said, what is committed, and that the rest follows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.firm import SYNC, firm_of, found, quick
from tests.reliability.spoiled import Call, Spoil, Wire, proper
from tests.reliability.wire_answers import deleting
from tests.reliability.wire_cases import CASES, RECORDS, Case
from tests.reliability.wire_faults import PAGE, finished, table_in, tried
from tui_sync.simulator.records import Listing
from tui_sync.simulator.schema import CANDIDATES


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The firm before the run that meets a fault."""
    folder = tmp_path_factory.mktemp("wire") / "founded"
    with quick():
        found(folder)
        yield folder


def marked(case: Case) -> object:
    return pytest.param(case, id=case.name, marks=() if case.core else pytest.mark.slow)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_a_fault_commits_nothing_wrong_and_is_told_as_documented(case: Case, founded: Path, tmp_path: Path) -> None:
    documented = table_in(PAGE.read_text(encoding="utf-8")).splitlines()
    assert tried(case, founded, tmp_path / "firm") in documented, "write it anew: python -m tests.reliability.wire_faults"


def test_the_documented_faults_are_those_that_are_tried() -> None:
    lines = table_in(PAGE.read_text(encoding="utf-8")).splitlines()[2:]
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines] == [case.name for case in CASES]


def test_a_record_that_slips_to_a_page_already_read_is_taken_by_the_next_run(founded: Path, tmp_path: Path) -> None:
    with firm_of(founded, tmp_path / "firm") as firm:
        records = firm.server.organisation.records
        moved = records.ids(Listing(CANDIDATES))[2]
        records.edit(moved, {"City": "Madurai"}, firm.server.organisation.seconds() - 7200)
        firm.server.spoil(Spoil(RECORDS, deleting()))
        assert "the next run fetches everything" in firm("run", SYNC, "--full").out
        assert firm.city() == "Pune"
        firm.server.heal()
        ended = firm("run", SYNC)
        assert "went from page to page" in ended.out
        assert firm.city() == "Madurai"


async def with_the_last_again(wire: Wire, call: Call) -> None:
    """Every page but the first begins with the last record of the page before: somebody came in front of them."""
    number = call.page
    ids = call.organisation.records.ids(Listing(CANDIDATES))
    again = call.organisation.records.get(ids[min(2 * number - 3, len(ids) - 1)]) if number > 1 else None

    def begun(page: dict[str, Any]) -> dict[str, Any]:
        return page if again is None else {**page, "data": [{**again, "id": str(ids[2 * number - 3])}, *page["data"]]}

    await proper(wire, call, begun)


def test_a_record_that_is_read_on_two_pages_counts_once(founded: Path, tmp_path: Path) -> None:
    with firm_of(founded, tmp_path / "firm") as firm:
        firm.server.spoil(Spoil(RECORDS, with_the_last_again))
        ended = firm("run", SYNC, "--full", "--json")
        run = json.loads(ended.out)["run"]
        assert (run["read"], run["counts"]["total"], run["counts"]["ignored"]) == (5, 4, 0)
        assert finished(firm)
