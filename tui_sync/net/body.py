"""The body of an answer, read within bounds: none may fill the memory or take for ever, whatever a server sends.

The client asks for gzip and undoes it here: httpx would unpack in one step what came over the line in one piece, and 64 kB of
that can become gigabytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator

import httpx
import msgspec

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer, unpacked: ten times a page of 200 records with a large text of 32 000 characters each."""
SECONDS = 120.0
"""Time that one attempt may take from the call to the answer's last byte."""
ACCEPTED = "gzip"
"""The packing that the client asks for."""
_ESCAPE = re.compile(rb"\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
"""An escape in JSON: two halves of one character, a half that stands alone, or any other."""


class TooLargeError(Exception):
    """The answer is larger than `LARGEST`."""


class PackingError(Exception):
    """The answer is packed otherwise than was asked for."""


class CutError(Exception):
    """What was packed cannot be unpacked to its end."""


class Received(msgspec.Struct, frozen=True):
    """An answer that was read whole."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def location(self) -> str | None:
        """Where a redirect leads; None for every other answer."""
        return self.headers.get("location") if self.status in (301, 302, 303, 307, 308) else None


async def read(response: httpx.Response) -> Received:
    """The answer with its body, unpacked. Raises TooLargeError, PackingError, CutError, and what httpx raises."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        body = await _plain(response.aiter_raw())
    elif packing == ACCEPTED:
        body = await _unpacked(response.aiter_raw())
    else:
        raise PackingError
    return Received(response.status_code, response.headers, body)


def whole_characters(body: bytes) -> bytes:
    """The JSON with U+FFFD for each escape of half a character: a server that cuts a text at its length may cut an emoji in
    two, and one such name must not keep everybody else from being read."""
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[2] else found[0], body)


async def _plain(pieces: AsyncIterator[bytes]) -> bytes:
    whole = bytearray()
    async for piece in pieces:
        whole += piece
        if len(whole) > LARGEST:
            raise TooLargeError
    return bytes(whole)


async def _unpacked(pieces: AsyncIterator[bytes]) -> bytes:
    whole = bytearray()
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    empty = True
    async for piece in pieces:
        empty = empty and not piece
        try:
            whole += unpack.decompress(piece, LARGEST + 1 - len(whole))
        except zlib.error:
            raise CutError from None
        if len(whole) > LARGEST:
            raise TooLargeError
    if not (empty or unpack.eof):
        raise CutError
    return bytes(whole)
