"""A sync made ready to run: its columns, criteria, mapping and address rules compiled for one fetch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.engine.ports import Page
from tui_sync.engine.related import Wanted, opening_test
from tui_sync.model.addresses import AddressRules, still_names
from tui_sync.model.criteria import compile_criteria, parse, uses_relative_dates
from tui_sync.model.errors import UsageError
from tui_sync.model.ledger import Candidate
from tui_sync.model.mapping import LEAD_EMAIL, compile_mapping, differences, full_name, same_name, value_rows
from tui_sync.model.records import Columns, Field, FieldType, Module, Record, Value
from tui_sync.model.related import CLIENT_OF_CONTACT, CLIENTS, OPENINGS, Related, module_of, named, related_modules, rows_of
from tui_sync.model.sync import MappingRow, Selection, SelectionKind, Sync

Test = Callable[[Sequence[Value]], bool]


def fingerprint(sync: Sync, zone: str = "") -> str:
    """Identifies what a fetch depends on; when it changes, the next run fetches everything. A view counts by its id, the time
    `zone` only where one is given: where the criteria mean something else in another one."""
    selection = msgspec.structs.replace(sync.selection, view_name="")
    what = (sync.module, selection, sync.mapping, sync.schedule.after, *([zone] if zone else []))
    return hashlib.blake2b(msgspec.json.encode(what), digest_size=12).hexdigest()


def columns_for(sync: Sync) -> Columns:
    """The fields of the module to ask for: those mapped, those of the conditions, and what clients are joined by."""
    names = [row.source for row in sync.mapping]
    names += [c.field for c in sync.selection.conditions if not module_of(c.field)]
    by_id = [CLIENT_OF_CONTACT] if CLIENTS in related_modules(sync) else []
    return Columns(tuple(dict.fromkeys([*names, *by_id])))


def email_source(sync: Sync) -> str:
    """The Recruit field that the person's address comes from. Raises UsageError where none is mapped."""
    for row in sync.mapping:
        if same_name(row.target, LEAD_EMAIL):
            return row.source
    raise UsageError(f"{LEAD_EMAIL} is not mapped.", "Map it from an e-mail or text field.")


def _everything(_: Sequence[Value]) -> bool:
    return True


def _criteria(
    selection: Selection, fields: Mapping[str, Field], columns: Columns, zone: ZoneInfo, today: date
) -> Test:
    if selection.kind is not SelectionKind.CRITERIA:
        return _everything
    pattern = parse(selection.pattern, len(selection.conditions))
    return compile_criteria(selection.conditions, pattern, fields, columns, zone, today)


class Job:
    """What one run of `sync` needs to turn fetched pages into candidates.

    `fields` are the module's, and those of the related modules that the conditions name. Where `wanted` is not None, what it
    asks for must be put into `related` before records are looked at.
    """

    def __init__(
        self,
        sync: Sync,
        module: Module,
        fields: Sequence[Field],
        addresses: AddressRules,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self.sync, self.module = sync, module
        self.columns = columns_for(sync)
        self.rows: tuple[MappingRow, ...] = value_rows(sync.mapping)
        by_name = {field.name: field for field in fields}
        self._email = self.columns.index(email_source(sync))
        today = now.astimezone(zone).date()
        timed = any(by_name[c.field].type is FieldType.DATETIME for c in sync.selection.conditions if c.field in by_name)
        self.fingerprint = fingerprint(sync, zone.key if timed else "")
        names = named(rows_of(sync))
        self._matches = _criteria(sync.selection, by_name, Columns((*self.columns.names, *names)), zone, today)
        self.wanted: Wanted | None = None
        if names:
            of_openings = [name for name in names if module_of(name) == OPENINGS]
            needed = opening_test(sync.selection.conditions, of_openings, by_name, zone, today)
            self.wanted = Wanted(module.name, self.columns, names, needed)
        self.related: Related | None = None
        self._mapped = compile_mapping(sync.mapping, self.columns)
        self.addresses = addresses
        self._check = addresses.check
        self._after = sync.schedule.after
        self.always_full = self._reason_for_full()

    def _reason_for_full(self) -> str:
        if self.sync.selection.kind is SelectionKind.VIEW:
            return "a view tells only by a full fetch who left it"
        if uses_relative_dates(self.sync.selection.conditions):
            return "conditions with relative dates change their meaning every day"
        if self.wanted is not None:
            return "conditions on related modules need every record"
        return ""

    @property
    def lists_everything(self) -> bool:
        """Whether a full fetch lists every record of the module, so that an absent one is worth telling."""
        return self._after is None and self.sync.selection.kind is not SelectionKind.VIEW

    def candidates(self, page: Page) -> list[Candidate]:
        """The page's records, each with its verdicts; records beneath the floor of the sync do not match."""
        out = []
        related = self.related
        for record in page.records:
            values = record.values
            raw = values[self._email]
            verdict = self._check(raw)
            seen = values if related is None else (*values, *related.of(record))
            matched = self._matches(seen) and (self._after is None or self._modified_after(record.modified))
            out.append(
                Candidate(
                    record.id,
                    verdict.key,
                    raw if isinstance(raw, str) else "" if raw is None else str(raw),
                    verdict.reason or "",
                    verdict.detail,
                    record.modified,
                    record.opted_out,
                    record.converted,
                    matched,
                    self._mapped(values) if matched else (),
                )
            )
        return out

    def names(self, record: Record, email: str) -> bool:
        """Whether a record's address is that of this person, also where the rules of now would not let it in."""
        value = record.values[self._email]
        known = self._check(value).key
        return known == email if known else still_names(value, email)

    def _modified_after(self, stamp: str) -> bool:
        try:
            return self._after is None or datetime.fromisoformat(stamp) > self._after
        except (ValueError, TypeError):
            return True

    def differences(self, values: Sequence[str], delivered: Mapping[str, str] | None) -> dict[str, str]:
        """The fields to send for a record, by hub field."""
        return differences(values, delivered, self.rows)

    def named(self, values: Sequence[str]) -> dict[str, str]:
        """Mapped values by hub field, blanks left out."""
        return {row.target: value for row, value in zip(self.rows, values, strict=True) if value}

    def name_of(self, candidate: Candidate) -> str | None:
        """The person's first and last name, as far as the mapping carries them and the record matched."""
        return full_name(self.named(candidate.values)) or None if candidate.values else None
