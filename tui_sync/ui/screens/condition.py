"""The dialogs that make or change one criteria row, and the one that chooses a person of the sample.

All are awaited within a worker of the screen below; escape goes a step back, at the first step it leaves everything as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tui_sync.model import criteria
from tui_sync.model.criteria import Operand
from tui_sync.model.criteria.values import as_text
from tui_sync.model.records import Field, Record, Scalar, Value
from tui_sync.model.sync import Condition
from tui_sync.model.text import visible
from tui_sync.services import sampling
from tui_sync.services.sampling import Sample
from tui_sync.ui.present.columns import Column
from tui_sync.ui.present.criteria import (
    MEANING,
    email_of,
    fields_by_name,
    hint,
    matching,
    not_offered,
    operand_from,
    operator_and_value,
    problem,
)
from tui_sync.ui.present.criteria_edits import Criteria
from tui_sync.ui.present.fields import type_word
from tui_sync.ui.present.lines import Span, Tone, span
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

FIELD_COLUMNS = (Column("Field", 12, 34, grow=True), Column("Type", 8, 16), Column("API name", 8, 30, spare=1))
PERSON_COLUMNS = (Column("Name", 8, 28), Column("E-mail", 8, 40, grow=True), Column("Matches", 7, 7))


class RowDialogs:
    """Asks for one row over the fields and values of a sample."""

    def __init__(self, program: TuiSync, sample: Sample) -> None:
        self._program, self._sample = program, sample
        self._fields = fields_by_name(sample)

    async def add(self) -> Condition | None:
        """A new row: field, operator, value. None where it was left."""
        name = ""
        while (chosen := await self._field("A new row: which field", name)) is not None:
            name = chosen
            made = await self._rest(self._fields[name], Condition(field=name, operator=""))
            if made is not None:
                return made
        return None

    async def edit(self, number: int, now: Condition) -> Condition | None:
        """Another field, operator or value for a row. None where nothing was chosen."""
        field = self._fields.get(now.field)
        while (part := await self._part(number, now, field)) is not None:
            made: Condition | None = None
            if part == "field":
                name = await self._field(f"Row {number}: which field", now.field)
                if name is not None:
                    made = await self._with_field(self._fields[name], now)
            elif field is not None and part == "operator":
                operator = await self._operator(field, now.operator)
                if operator is not None:
                    made = await self._with_operator(field, operator, now)
            elif field is not None:
                made = await self._with_value(field, now)
            if made is not None:
                return made
        return None

    async def _part(self, number: int, now: Condition, field: Field | None) -> str | None:
        """Which of the three is to be changed; the cursor stands on the value, or on what is wrong."""
        operator, value = operator_and_value(now)
        usable = field is not None and bool(criteria.operators_for(field.type))
        first = "" if usable else "Choose a field first."
        known = field is not None and now.operator in criteria.operators_for(field.type)
        takes = criteria.operand_of(now.operator) is not Operand.NONE
        no_value = first or ("Choose an operator first." if not known else "" if takes else "This operator takes no value.")
        choices = [
            Choice("field", Span("Field"), span(now.field if field is None else field.label)),
            Choice("operator", Span("Operator"), span(operator), why_not=first),
            Choice("value", Span("Value"), span(value), why_not=no_value),
        ]
        at = "field" if first else "operator" if no_value else "value"
        columns = (Column("", 8, 8), Column("", 10, 50, grow=True))
        return await self._program.push_screen_wait(Picker(f"Change row {number}", choices, columns=columns, at=at))

    async def _field(self, title: str, at: str) -> str | None:
        choices = [
            Choice(
                field.name, span(field.label), span(type_word(field.type)), span(field.name, Tone.DIM),
                why_not=_unusable(field),
            )
            for field in self._sample.fields
        ]  # fmt: skip
        more = not_offered(self._sample.module.name, self._sample.related)
        told = f"Type a part of the label or of the API name. {more}".strip()
        return await self._program.push_screen_wait(Picker(title, choices, columns=FIELD_COLUMNS, at=at, hint=told))

    async def _operator(self, field: Field, at: str) -> str | None:
        offered = criteria.operators_for(field.type)
        choices = [Choice(operator, operator, Span(MEANING.get(operator, ""), Tone.DIM)) for operator in offered]
        columns = (Column("Operator", 12, 20), Column("", 10, 50, grow=True))
        return await self._program.push_screen_wait(
            Picker(f"{visible(field.label)} ({type_word(field.type)}): which operator", choices, columns=columns, at=at)
        )

    async def _rest(self, field: Field, now: Condition) -> Condition | None:
        """Operator and value for a field."""
        operator = now.operator
        while (chosen := await self._operator(field, operator)) is not None:
            operator = chosen
            made = await self._with_value(field, Condition(field=field.name, operator=operator, value=now.value))
            if made is not None:
                return made
        return None

    async def _with_field(self, field: Field, now: Condition) -> Condition | None:
        """The row over another field: operator and value stay if they mean something there."""
        same = msgspec.structs.replace(now, field=field.name)
        if field.name == now.field or (not problem(same, self._sample) and criteria.warn(same, field) is None):
            return same
        return await self._rest(field, msgspec.structs.replace(now, value=None))

    async def _with_operator(self, field: Field, operator: str, now: Condition) -> Condition | None:
        """The row under another operator: the value stays if it means something there."""
        same = Condition(field=field.name, operator=operator, value=now.value)
        alike = criteria.operand_of(operator) is criteria.operand_of(now.operator)
        return same if alike and not problem(same, self._sample) else await self._with_value(field, same)

    async def _with_value(self, field: Field, now: Condition) -> Condition | None:
        """The row with another value, asked for as the operator needs it."""
        value: Value
        match criteria.operand_of(now.operator):
            case Operand.NONE:
                return msgspec.structs.replace(now, value=None)
            case Operand.PAIR:
                value = await self._pair(field, now)
            case Operand.ONE if field.choices and now.operator in ("is", "isn't"):
                value = await self._choice(field, now)
            case _:
                value = await self._typed(field, now, _single(now.value), lambda one: one)
        return None if value is None else msgspec.structs.replace(now, value=value)

    async def _choice(self, field: Field, now: Condition) -> str | None:
        at = as_text(_single(now.value))
        known = (*field.choices, at) if at and at not in field.choices else field.choices
        choices = [Choice(value, span(value)) for value in known]
        told = "A value that is no choice of the field: type it and press enter."
        title = f"{visible(field.label)} {now.operator}"
        return await self._program.push_screen_wait(Picker(title, choices, at=at, other=str.strip, hint=told))

    async def _pair(self, field: Field, now: Condition) -> Value:
        """The lower and the upper value, one after the other; escape at the second goes back to the first."""
        low, upper = now.value if isinstance(now.value, (tuple, list)) and len(now.value) == 2 else (None, None)
        while True:
            first = await self._typed(field, now, low, lambda one: (one, one), "the lower value", "next")
            if first is None:
                return None
            low = first
            asked = f"the upper value, from {visible(as_text(first), 30)} to"
            second = await self._typed(field, now, upper, partial(_pair_of, first), asked)
            if second is not None:
                return (first, second)

    async def _typed(
        self, field: Field, now: Condition, present: Scalar, whole: Callable[[Scalar], Value], which: str = "", go: str = "take"
    ) -> Scalar:
        """One typed value; `whole` makes the row's value of it, which is checked while it is typed. None where it was left."""
        old = as_text(present)

        def meant(text: str) -> Scalar:
            return present if present is not None and text == visible(old) else operand_from(text, field, now.operator)

        def check(text: str) -> str:
            return problem(msgspec.structs.replace(now, value=whole(meant(text))), self._sample)

        title = f"{visible(field.label)} {now.operator}" + (f": {which}" if which else "")
        replaced = criteria.family(field.type) is not criteria.Family.TEXT
        prompt = Prompt(title, old, hint=hint(self._sample, field, now.operator), check=check, go=go, replaced=replaced)
        text = await self._program.push_screen_wait(prompt)
        return None if text is None else meant(text)


def _pair_of(low: Scalar, high: Scalar) -> Value:
    return (low, high)


def _single(value: Value) -> Scalar:
    """A value for an operator that takes one: the first of a pair."""
    return (value[0] if value else None) if isinstance(value, (tuple, list)) else value


def _unusable(field: Field) -> str:
    """Why a field cannot be used in criteria, a sentence; empty where it can."""
    reason = criteria.reason_without(field.type)
    return f"{visible(field.label, 60)} cannot be used in criteria: {reason}." if reason else ""


async def asked_person(program: TuiSync, sample: Sample, edited: Criteria, at: str) -> str | None:
    """A record id of the sample, chosen by name or address. None where it was left."""
    answers = matching(edited, sample)
    words = {True: Span("yes"), False: Span("no", Tone.DIM), None: Span("")}

    def choice(record: Record) -> Choice[str]:
        name, email = sampling.person_name(sample, record), email_of(sample, record)
        return Choice(record.id, span(name), span(email), words[answers.get(record.id)])

    choices = [choice(record) for record in sample.records]
    told = "Type a part of the name or of the address."
    return await program.push_screen_wait(Picker("Whose values to look at", choices, columns=PERSON_COLUMNS, at=at, hint=told))
