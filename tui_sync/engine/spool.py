"""Pages of structs kept encoded, so that a run of a million records stays small in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

PAGE = 500
"""Items of a page: what is read, decided or committed at once, about 10 ms of work."""

_encode = msgspec.msgpack.Encoder().encode


class Spool(Generic[T]):
    """An append-only sequence of items, given out in pages of some 500. About 100 to 250 bytes an item."""

    def __init__(self, item: type[T]) -> None:
        self._pages: list[bytes] = []
        self._open: list[T] = []
        self._decode = msgspec.msgpack.Decoder(list[item]).decode  # type: ignore[valid-type]

    def extend(self, items: Sequence[T]) -> None:
        """Keep the items."""
        self._open.extend(items)
        if len(self._open) >= PAGE:
            self._close_page()

    def _close_page(self) -> None:
        if self._open:
            self._pages.append(_encode(self._open))
            self._open = []

    def __iter__(self) -> Iterator[list[T]]:
        """The pages in their order."""
        self._close_page()
        for page in self._pages:
            yield self._decode(page)

    def drain(self) -> Iterator[list[T]]:
        """The pages in their order, each forgotten once it was given out."""
        self._close_page()
        for number, page in enumerate(self._pages):
            self._pages[number] = b""
            yield self._decode(page)
        self._pages.clear()
