"""The terminal at the end of a line that may break: what is written after that goes nowhere, and the program ends in order.

Textual writes in a thread of its own, which dies of the first error. Thirty writes later the program would wait for it for ever,
with its runs not yet told to stop.
"""

from __future__ import annotations

from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


class MayBreak:
    """A text stream whose writing fails silently; all else is the stream's own."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, as far as there is anybody to read it."""
        try:
            return self._stream.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Hand over what was written, as far as there is anybody to read it."""
        try:
            self._stream.flush()
        except OSError:
            return

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        """What the stream has besides."""
        return getattr(self._stream, name)


class PatientDriver(LinuxDriver):
    """Textual's driver over such a stream."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - textual's
        super().__init__(*arguments, **named)
        self._file: Any = MayBreak(self._file)
