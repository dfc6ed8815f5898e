"""Pages of structs kept encoded, beyond some megabytes on the disk, so that a run of a million records stays small in memory."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Generic, TypeVar

import msgspec

from tui_sync.model.errors import RunError
from tui_sync.model.text import visible

T = TypeVar("T", bound=msgspec.Struct)

PAGE = 500
"""Items of a page: what is read, decided or committed at once, about 10 ms of work."""
IN_MEMORY = 32 * 2**20
"""Bytes of a spool beyond which it goes on in a file without a name, which nobody else can open and which ends with it."""

_encode = msgspec.msgpack.Encoder().encode


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # what a full disk did not take was told when it was written
        file.close()


class Spool(Generic[T]):
    """An append-only sequence of items, given out in pages of some 500. About 100 to 250 bytes an item.

    Raises RunError where the disk of the temporary files has no room.
    """

    def __init__(self, item: type[T]) -> None:
        self._ends: list[int] = [0]
        self._open: list[T] = []
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed with this object
        weakref.finalize(self, _close, self._file)
        self._decode = msgspec.msgpack.Decoder(list[item]).decode  # type: ignore[valid-type]

    def extend(self, items: Sequence[T]) -> None:
        """Keep the items."""
        self._open.extend(items)
        if len(self._open) >= PAGE:
            self._close_page()

    def _close_page(self) -> None:
        if self._open:
            page = _encode(self._open)
            try:
                self._file.seek(self._ends[-1])
                self._file.write(page)
                self._file.flush()
            except OSError as error:
                sentence = f"What was read finds no room in {visible(tempfile.gettempdir())}: {error.strerror}."
                raise RunError(sentence, "Free some space there, or name another folder in TMPDIR.") from error
            self._ends.append(self._ends[-1] + len(page))
            self._open = []

    def __iter__(self) -> Iterator[list[T]]:
        """The pages in their order."""
        self._close_page()
        for begin, end in zip(self._ends, self._ends[1:], strict=False):
            self._file.seek(begin)
            yield self._decode(self._file.read(end - begin))
