"""The workspace's own suppression list: people whom no sync adds or updates, whatever Recruit and the hub say of them."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tui_sync.model.addresses import AddressRules, key_of
from tui_sync.model.errors import UsageError
from tui_sync.model.ledger import Mark, MembershipState
from tui_sync.model.parts import chunks
from tui_sync.model.text import counted, csv_safe, visible
from tui_sync.services.desk import Desk
from tui_sync.store.named import named_file

HEADER = ("email", "reason")
LONGEST_REASON = 200
"""Characters of a reason."""
PAGE = 500
"""Rows handled before the event loop gets its turn."""
ANYBODY = AddressRules(role_names=(), misspelt={})
"""Gives the normal form of any address, fast: a file may have a hundred thousand."""
NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Suppressed(msgspec.Struct, frozen=True):
    """What suppressing somebody came to."""

    mark: Mark
    fresh: bool
    """They were not on the list, or with another reason."""
    lists: tuple[str, ...]
    """The lists that they are in, and stay in."""


class Imported(msgspec.Struct, frozen=True):
    """What reading a file came to: how many people are new, how many have another reason, how many were there as they are."""

    added: int
    changed: int
    same: int


def listing(desk: Desk) -> list[Mark]:
    """Everybody on the list, the last one added first."""
    return _sorted([mark for some in desk.workspace.ledger.suppressed() for mark in some])


async def read_listing(desk: Desk) -> list[Mark]:
    """The same, read beside the event loop."""
    marks: list[Mark] = []
    for some in desk.workspace.ledger.suppressed():
        marks += some
        await asyncio.sleep(0)
    return _sorted(marks)


def _sorted(marks: list[Mark]) -> list[Mark]:
    marks.sort(key=lambda mark: mark.email)
    marks.sort(key=lambda mark: mark.suppressed_at or NEVER, reverse=True)
    return marks


def person_of(desk: Desk, address: str) -> str:
    """The key of the person whom an address names, also a wrong one that was corrected; "" where it names nobody."""
    email = ANYBODY.check(address).key
    correction = desk.workspace.corrections.get(email) if email else None
    return email if correction is None else correction.right


def suppress(desk: Desk, address: str, reason: str) -> Suppressed:
    """Put somebody on the list; again with another reason changes the reason. Raises UsageError for no address or reason."""
    email, why = _checked(address, reason)
    email = person_of(desk, email)
    space = desk.workspace
    with space.db.batch():
        old = space.ledger.marks([email]).get(email, Mark(email=email))
        fresh = old.suppressed != why
        if fresh:
            before = f' (the reason was "{old.suppressed}")' if old.suppressed else ""
            old = _marked(old, why, desk.clock.now())
            space.ledger.put(old)
            desk.log(f"suppressed {email}: {why}{before}")
    names = {sync.list_key: sync.list_name for sync in space.syncs.every()}
    active = [m for m in space.ledger.memberships_of([email]) if m.state is MembershipState.ACTIVE]
    return Suppressed(old, fresh, tuple(sorted(names.get(member.list_key, member.list_key) for member in active)))


def suppressed_as_well(desk: Desk, wrong: str, right: str) -> None:
    """Suppress the right address of a person who is on the list by the wrong one. To be called within a batch."""
    ledger = desk.workspace.ledger
    marks = ledger.marks([wrong, right])
    old, new = marks.get(wrong, Mark(email=wrong)), marks.get(right, Mark(email=right))
    if old.suppressed and not new.suppressed:
        ledger.put(_marked(new, old.suppressed, desk.clock.now()))
        desk.log(f"suppressed {right}: {old.suppressed}")


def reason_of(text: str) -> str:
    """A reason as it is kept: on one line. Raises UsageError where it is empty or too long."""
    why = visible(" ".join(text.split()))
    if not why:
        raise UsageError("Say why: the reason is kept and shown.")
    if len(why) > LONGEST_REASON:
        raise UsageError(f"The reason has {len(why)} characters; at most {LONGEST_REASON} are kept.")
    return why


def _checked(address: str, reason: str) -> tuple[str, str]:
    email = ANYBODY.check(address).key
    if not email:
        raise UsageError(f'"{visible(address, 60)}" is not an e-mail address.')
    return email, reason_of(reason)


def _marked(mark: Mark, why: str, now: datetime) -> Mark:
    return msgspec.structs.replace(mark, suppressed=why, suppressed_at=now.replace(microsecond=0))


def as_csv(marks: Sequence[Mark]) -> Iterator[str]:
    """The list as CSV, some hundred rows at a time, as `read` takes it; no cell is taken for a formula by a spreadsheet."""
    yield _rows_of([HEADER])
    for some in chunks(marks, PAGE):
        yield _rows_of([csv_safe(visible(mark.email)), csv_safe(visible(mark.suppressed))] for mark in some)


def _rows_of(cells: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells)
    return text.getvalue()


async def export(desk: Desk, path: Path) -> int:
    """Write the list to a file that its owner alone can read; gives how many people are in it. The event loop has its turns
    meanwhile. Raises RunError, UsageError for a file of a workspace."""
    marks = await read_listing(desk)
    with named_file(path) as file:
        for some in as_csv(marks):
            file.write(some.encode())
            await asyncio.sleep(0)
    desk.log(f"exported the suppression list ({counted(len(marks), 'person', 'people')}) to {path}")
    return len(marks)


async def read(desk: Desk, path: Path) -> Imported:
    """Add everybody in a CSV file with the columns email and reason, in one commit with the line of the log; nobody is taken off
    the list. The event loop has its turns meanwhile.

    Raises UsageError, with nothing changed, where the file cannot be read or any row is wrong: each is told with its line.
    """
    wanted = _by_person(desk, await _rows(path))
    space, now = desk.workspace, desk.clock.now()
    news: list[Mark] = []
    changed = 0
    for some in chunks(tuple(wanted), PAGE):
        known = space.ledger.marks(some)
        for email in some:
            old, why = known.get(email, Mark(email=email)), wanted[email]
            if old.suppressed != why:
                news.append(_marked(old, why, now))
                changed += bool(old.suppressed)
        await asyncio.sleep(0)
    done = Imported(len(news) - changed, changed, len(wanted) - len(news))
    with space.db.gathering() as gathered:
        desk.log(
            f"imported the suppression list {path}: {done.added} added, {done.changed} with another reason, "
            f"{done.same} there already"
        )
    await space.ledger.suppress(news, gathered)
    return done


def _by_person(desk: Desk, wanted: dict[str, str]) -> dict[str, str]:
    """The same by the keys of people; of somebody named by a right and a wrong address the reason beside the right one counts."""
    right = {correction.wrong: correction.right for correction in desk.workspace.corrections.all()}
    corrected = {right[email]: why for email, why in wanted.items() if email in right}
    return {**corrected, **{email: why for email, why in wanted.items() if email not in right}}


async def _rows(path: Path) -> dict[str, str]:
    """Address -> reason. Raises UsageError naming every bad row."""
    sheet = csv.reader(io.StringIO(await asyncio.to_thread(_text, path), newline=""), strict=True)
    wanted: dict[str, tuple[str, int]] = {}
    bad: list[str] = []
    try:
        header = [cell.strip().casefold() for cell in next(sheet, [])]
        if header != list(HEADER):
            raise UsageError(f"{visible(str(path))}, line 1: the columns must be email and reason.", "Nothing was imported.")
        for number, cells in enumerate(sheet):
            bad += _take(cells, sheet.line_num, wanted)
            if number % PAGE == 0:
                await asyncio.sleep(0)
    except csv.Error as error:
        bad.append(f"line {sheet.line_num}: {error}")
    if bad:
        raise UsageError(f"{visible(str(path))}: {'; '.join(bad)}.", "Nothing was imported: mend these rows and import again.")
    return {email: why for email, (why, _) in wanted.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{visible(str(path))} cannot be read: {error.strerror}.", "Name a CSV file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{visible(str(path))} is not UTF-8 text.", "Save it as CSV in UTF-8.") from error


def _take(cells: list[str], number: int, wanted: dict[str, tuple[str, int]]) -> Iterator[str]:
    """Add a row to those wanted, or tell what is wrong with it."""
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) != len(HEADER):
        yield f"line {number}: {counted(len(cells), 'column')} instead of {len(HEADER)}"
        return
    try:
        email, why = _checked(*map(plain, cells))
    except UsageError as error:
        yield f"line {number}: {error.sentence.rstrip('.')}"
        return
    before, line = wanted.setdefault(email, (why, number))
    if before != why:
        yield f"line {number}: {visible(email)} stands in line {line} with another reason"


def plain(cell: str) -> str:
    """A cell without the apostrophe that `csv_safe` put before it."""
    bare = cell.removeprefix("'")
    return bare if csv_safe(bare) == cell else cell


def address_check(text: str) -> str:
    """Why a typed text is no address; empty where it is one."""
    return "" if key_of(text) else f'"{visible(text, 60)}" is not an e-mail address.' if text.strip() else "Type an address."


def reason_check(text: str) -> str:
    """Why a typed reason cannot be kept; empty where it can."""
    try:
        reason_of(text)
    except UsageError as error:
        return str(error)
    return ""
