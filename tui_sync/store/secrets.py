"""Secrets of a workspace: a file for its owner only, or the system's keyring. No value is ever part of a message."""

from __future__ import annotations

import fcntl
import importlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import msgspec

from tui_sync.model.errors import Damaged, RunError, UsageError
from tui_sync.model.text import visible, word

FILE = "secrets.json"
SERVICE = "tui-sync "
"""How the names of all our services in the keyring begin; the folder follows."""


class Held(msgspec.Struct, frozen=True):
    """Stands in the file for a value that the system's keyring holds, under this service and the secret's name."""

    keyring: str


def keyring_service(folder: Path) -> str:
    """Under which service the keyring keeps the secrets of the workspace in this folder."""
    return f"{SERVICE}{folder.resolve()}"


class Secrets:
    """Named secrets, safe for several processes. With `keyring_service`, new values go to the system's keyring.

    A file that came with a workspace of somebody else may name any entry of the keyring. Only the workspace's own are used: those
    of its folder, and those of a folder that holds no secrets any more, from which it was moved.

    Raises `Damaged` where the file is open to others or not valid, `UsageError` where the keyring is not installed,
    `RunError` where file or keyring refuse.
    """

    def __init__(self, folder: Path, keyring_service: str | None = None) -> None:
        self._folder, self._service = folder, keyring_service
        self._path = folder / FILE

    def __repr__(self) -> str:
        """The place, never a value."""
        return f"Secrets({str(self._folder)!r}, keyring_service={self._service!r})"

    def names(self) -> list[str]:
        """The names of the secrets that are kept."""
        return sorted(self._read())

    def get(self, name: str) -> str | None:
        """The value, or None where there is none."""
        entry = self._read().get(name)
        if not isinstance(entry, Held):
            return entry
        if self._is_foreign(entry):
            whose = visible(entry.keyring.removeprefix(SERVICE), 200)
            said = f'The keyring holds the secret "{name}" for {whose}, not for this workspace.'
            raise RunError(said, "Enter it again: tui-sync connect.")
        with _keyring() as keyring:
            value: str | None = keyring.get_password(entry.keyring, name)
        if value is None:
            raise RunError(f'The keyring no longer holds the secret "{name}".', "Enter it again: tui-sync connect.")
        return value

    def set(self, name: str, value: str) -> None:
        """Keep a value; one for the keyring is read back before the file says that the keyring has it."""
        self.set_all({name: value})

    def set_all(self, values: Mapping[str, str]) -> None:
        """The same of several that belong together: the file has all of them or none, whatever happens meanwhile."""
        for name, value in values.items():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise UsageError(f'The secret "{name}" is not valid text.', "Enter it again.") from None
        for name, value in values.items() if self._service is not None else ():
            with _keyring() as keyring:
                keyring.set_password(self._service, name, value)
                kept = keyring.get_password(self._service, name) == value
            if not kept:
                raise RunError(f'The keyring did not keep the secret "{name}".', "Unlock it, or do without it.")
        entries = values if self._service is None else dict.fromkeys(values, Held(self._service))
        for name, old in self._change(entries).items():
            if isinstance(old, Held) and old != entries[name] and not self._is_foreign(old):
                _forget(old, name)

    def renew(self, name: str, value: str) -> None:
        """Keep another value where the old one is kept, in the file or in the keyring; a first one where the others are kept."""
        entries = self._read()
        old, service = entries.get(name), self._service
        if isinstance(old, Held):
            service = keyring_service(self._folder) if self._is_foreign(old) else old.keyring
        elif old is None and any(isinstance(entry, Held) for entry in entries.values()):
            service = keyring_service(self._folder)
        Secrets(self._folder, service).set(name, value)

    def delete(self, name: str) -> None:
        """Remove a secret; nothing happens where there is none."""
        old = self._change({name: None})[name]
        if isinstance(old, Held) and not self._is_foreign(old):
            _forget(old, name)

    def _is_foreign(self, held: Held) -> bool:
        """Whether what the keyring holds belongs to another program or to another workspace that is there."""
        if held.keyring in (self._service, keyring_service(self._folder)):
            return False
        if not held.keyring.startswith(SERVICE):
            return True
        try:
            Path(held.keyring.removeprefix(SERVICE), FILE).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError):  # one that this user may not look at, and one that cannot be a path
            return True
        return True

    def _read(self) -> dict[str, str | Held]:
        fix = f"Run: chmod 600 {word(str(self._path))}"
        try:
            with self._path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode & 0o777
                if mode & 0o077:
                    raise Damaged(f"{self._path} is open to other users (mode {mode:04o}).", fix)
                return msgspec.json.decode(file.read(), type=dict[str, str | Held])
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Damaged(f"{self._path} cannot be read: {error.strerror}.", fix) from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            problem = f"{self._path} is not a valid file of secrets."
            raise Damaged(problem, "Remove it and enter them again: tui-sync connect.") from None

    def _change(self, changed: Mapping[str, str | Held | None]) -> dict[str, str | Held | None]:
        """Write some entries (None: remove it) under the lock; returns those before."""
        with self._locked():
            entries = self._read()
            old = {name: entries.pop(name, None) for name in changed}
            entries |= {name: entry for name, entry in changed.items() if entry is not None}
            for left in self._folder.glob(f".{FILE}.*"):  # by who was killed while writing: the lock says that nobody writes now
                left.unlink()
            if old != changed:
                with private_file(self._path) as file:
                    file.write(msgspec.json.format(msgspec.json.encode(entries)))
        return old

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._folder / "secrets.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise RunError(f"{self._folder} cannot be written: {error.strerror}.", "Check its permissions.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


@contextmanager
def _keyring() -> Iterator[ModuleType]:
    """The keyring module, whose own errors are told without their text."""
    try:
        keyring = importlib.import_module("keyring")
        errors = importlib.import_module("keyring.errors")
    except ImportError:
        problem = "The system's keyring is asked for, but the package for it is not installed."
        raise UsageError(problem, "Run: pip install 'tui-sync[keyring]'") from None
    try:
        yield keyring
    except errors.KeyringError as error:
        raise RunError(f"The system's keyring refuses: {type(error).__name__}.", "Unlock it and try again.") from None


def _forget(held: Held, name: str) -> None:
    with _keyring() as keyring:
        if keyring.get_password(held.keyring, name) is not None:
            keyring.delete_password(held.keyring, name)


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that its owner alone can read and that appears whole or not at all; RunError where it cannot be, and for a
    device or a pipe: whoever may would put a file in its place for all programs."""
    temporary = None
    try:
        if path.exists() and not path.is_file():
            raise RunError(f"{path} is no file, and none can take its place.", "Name another one.")
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = None
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}.", "Check the disk and the folder.") from None
    finally:
        if temporary is not None:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
