"""Pages of structs kept encoded, so that a run of a million records stays small in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

_encode = msgspec.msgpack.Encoder().encode


class Spool(Generic[T]):
    """An append-only sequence of pages; a page comes back as it was put in. About 100 to 250 bytes a record."""

    def __init__(self, item: type[T]) -> None:
        self._pages: list[bytes] = []
        self._decode = msgspec.msgpack.Decoder(list[item]).decode  # type: ignore[valid-type]
        self.items = 0

    def append(self, page: Sequence[T]) -> None:
        """Keep one page."""
        self._pages.append(_encode(page))
        self.items += len(page)

    def __iter__(self) -> Iterator[list[T]]:
        """The pages in their order."""
        for page in self._pages:
            yield self._decode(page)

    def drain(self) -> Iterator[list[T]]:
        """The pages in their order, each forgotten once it was given out."""
        for number, page in enumerate(self._pages):
            self._pages[number] = b""
            yield self._decode(page)
        self._pages.clear()
        self.items = 0
