"""What the account has: modules, their fields and their views. A client asks for modules and fields once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar
from urllib.parse import quote

import msgspec

from tui_sync.model.errors import BadAnswer, CallRejected
from tui_sync.model.records import Field, FieldType, Module, View
from tui_sync.net.sending import Answer, Request
from tui_sync.recruit.paging import PER_PAGE, Sheet, listing
from tui_sync.recruit.rows import OPT_OUT
from tui_sync.recruit.wire import Asked, FieldRow, ModuleRow, read_fields, read_modules, read_views

PEOPLE = ("Candidates", "Contacts")
OPENINGS = ("Job_Openings", "JobOpenings")
"""Both spellings of job openings that accounts have; the first is the one used here."""
TOO_MANY, SERVER_FAULT = 429, 500
"""HTTP statuses that say nothing about a module: they pass."""
MODULES_SCOPE = "ZohoRecruit.settings.ALL with ZohoRecruit.setup.operation.READ"
SETTINGS_SCOPE = "ZohoRecruit.settings.ALL"

T = TypeVar("T")


class Get(Protocol):
    """Makes a reading call; the answer's value is None where it is empty."""

    async def __call__(self, request: Request, read: Callable[[bytes], T], asked: Asked) -> Answer[T | None]:
        """The answer to `request`, read by `read`."""


def stamp_of(module: str) -> str:
    """The field with the time of a record's last modification: candidates have one of their own."""
    return "Updated_On" if module == "Candidates" else "Modified_Time"


class Metadata:
    """The account's modules, fields and views."""

    def __init__(self, get: Get, host: str) -> None:
        self._get, self._host = get, host
        self._rows: list[ModuleRow] | None = None
        self._fields: dict[str, tuple[Field, ...]] = {}

    async def modules(self) -> tuple[Module, ...]:
        """Candidates, Contacts and the custom modules; those that cannot be synced with the reason."""
        rows = await self._modules()
        found = {row.api_name: row for row in rows}
        modules = [await self._module(name, found.get(name), custom=False) for name in PEOPLE]
        customs = [row for row in rows if row.generated_type == "custom"]
        modules += [await self._module(row.api_name, row, custom=True) for row in customs]
        return tuple(modules)

    async def module(self, name: str) -> Module | None:
        """One module of people, without asking for the fields of the others; None where the account has none such."""
        row = next((row for row in await self._modules() if row.api_name == name), None)
        custom = row is not None and row.generated_type == "custom"
        return await self._module(name, row, custom=custom) if custom or name in PEOPLE else None

    async def fields(self, module: str) -> tuple[Field, ...]:
        """All fields of a module. Raises CallRejected where the account does not have it."""
        name = await self.spelled(module)
        if name not in self._fields:
            asked = Asked(f"the fields of {name}", SETTINGS_SCOPE)
            request = Request(path="/settings/fields", params={"module": name}, credits=1)
            answer = (await self._get(request, read_fields, asked)).value
            if answer is None or not answer.fields:
                # Believed, it would break every sync of the module.
                raise BadAnswer(f"Recruit lists no fields of {name}, though every module has some.", "Try again later.")
            self._fields[name] = tuple(map(_field, answer.fields))
        return self._fields[name]

    async def views(self, module: str) -> tuple[View, ...]:
        """The custom views of a module, as they are now."""
        name = await self.spelled(module)
        asked = Asked(f"the views of {name}", SETTINGS_SCOPE)

        async def page(number: int) -> Sheet[View]:
            params = {"module": name, "page": str(number), "per_page": str(PER_PAGE)}
            request = Request(path="/settings/custom_views", params=params, credits=1)
            answer = await self._get(request, read_views, asked)
            rows = answer.value.custom_views if answer.value else []
            views = [View(id=str(row.id), name=row.display_value or row.name or str(row.id)) for row in rows]
            more = bool(answer.value and answer.value.info and answer.value.info.more_records)
            return Sheet(views, more, answer.at)

        pages = listing(page, self._host, asked.what, ahead=1)
        return tuple([view async for sheet in pages for view in sheet.items])

    async def spelled(self, module: str) -> str:
        """The module's API name in this account: job openings are found under either spelling."""
        if module not in OPENINGS:
            return module
        names = {row.api_name for row in await self._modules()}
        return next((name for name in OPENINGS if name in names), module)

    async def path(self, module: str, *rest: str) -> str:
        """The path of a module's call."""
        return "/" + "/".join(quote(part, safe="") for part in (await self.spelled(module), *rest))

    async def _modules(self) -> list[ModuleRow]:
        if self._rows is None:
            request = Request(path="/settings/modules", credits=1)
            answer = (await self._get(request, read_modules, Asked("the list of modules", MODULES_SCOPE))).value
            if answer is None or not answer.modules:
                raise BadAnswer("Recruit lists no modules, though every account has some.", "Try again later.")
            self._rows = answer.modules
        return self._rows

    async def _module(self, name: str, row: ModuleRow | None, *, custom: bool) -> Module:
        label = row.plural_label if row and row.plural_label else name
        off = Module(name=name, label=label, custom=custom, available=False, stamp=stamp_of(name))
        if row is None:
            return _because(off, f"The account's edition of Recruit does not have {name}.")
        if not row.api_supported:
            return _because(off, "Recruit's API does not serve this module.")
        try:
            fields = await self.fields(name)
        except CallRejected as refused:
            if refused.status == TOO_MANY or refused.status >= SERVER_FAULT:
                raise
            return _because(off, refused.sentence)
        emails = {field.name: field.label or field.name for field in fields if field.type is FieldType.EMAIL}
        if not emails:
            return _because(off, "The module has no e-mail field.")
        email = "Email" if "Email" in emails else next(iter(emails))
        return Module(
            name=name,
            label=label,
            custom=custom,
            has_opt_out=any(field.name == OPT_OUT for field in fields),
            stamp=stamp_of(name),
            email=email,
            email_label=emails[email],
        )


def _because(module: Module, reason: str) -> Module:
    return msgspec.structs.replace(module, reason=reason)


def _field(row: FieldRow) -> Field:
    choices = (choice.actual_value or choice.display_value for choice in row.pick_list_values or ())
    return Field(
        name=row.api_name,
        label=row.display_label or row.field_label or row.api_name,
        type=FieldType.of(row.data_type),
        choices=tuple(choice for choice in choices if choice),
        custom=bool(row.custom_field),
    )
