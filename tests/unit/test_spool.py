"""Spools: what is put in comes out in its order, however much it is, and a full disk is told."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_sync.engine import spool
from tui_sync.engine.spool import Spool
from tui_sync.model.errors import RunError


class Item(msgspec.Struct, frozen=True):
    number: int
    text: str = ""


@given(st.lists(st.integers(0, 1300), max_size=6), st.sampled_from([0, 5000, spool.IN_MEMORY]))
def test_what_was_kept_comes_out_in_its_order_as_often_as_it_is_asked_for(sizes: list[int], in_memory: int) -> None:
    items = [Item(number, "x" * (number % 7)) for number in range(sum(sizes))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "IN_MEMORY", in_memory)
        kept, begin = Spool(Item), 0
        for size in sizes:
            kept.extend(items[begin : begin + size])
            begin += size
        for _ in range(2):
            assert [item for page in kept for item in page] == items
    assert all(len(page) < 2 * max([spool.PAGE, *sizes]) for page in kept)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_its_file_has_no_name_and_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gc.collect()
    before = open_files()
    kept = Spool(Item)
    kept.extend([Item(number) for number in range(spool.PAGE)])
    assert open_files() == before + 1
    assert list(tmp_path.iterdir()) == []
    del kept
    gc.collect()
    assert open_files() == before


def test_a_full_disk_is_told_with_the_folder_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda most: full)
        kept = Spool(Item)
        with pytest.raises(RunError, match=r"finds no room in .*: No space left on device\. Free some space there"):
            kept.extend([Item(number) for number in range(spool.PAGE)])
