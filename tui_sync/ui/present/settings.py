"""The lines of the settings screen: account and privileges, then the organisation's settings, then the look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui_sync.model.settings import SETTINGS, is_default, words_of
from tui_sync.model.text import visible
from tui_sync.model.workspace import NO_CONNECTION, ConnectionKind, HubKind, Settings
from tui_sync.services.account import AccountDetails
from tui_sync.services.privileges import Tried
from tui_sync.services.screen_state import ScreenState
from tui_sync.ui.present.columns import GAP, Cell, Column
from tui_sync.ui.present.lines import Line, Span, Tone, line, pad, wrapped

COLUMNS = (Column("", 12, 16, spare=1), Column("Setting", 12, 22, firm=True), Column("Value", 20, 24, grow=True))
SECTIONS = {
    "Organisation": ("timezone", "limit-month", "limit-day", "limit-active"),
    "Addresses": ("role-names", "misspelt-domains", "allowed-domains"),
    "Retention": ("retention-days",),
    "Alerts": ("webhook", "webhook-private"),
}
ACCOUNT = "Account"
ZSC, BELL, THEME, PRIVILEGES = "zsc", "bell", "theme", "privileges"
SECRET_LABELS = {"client_secret": "Client secret", "refresh_token": "Refresh token"}
HUBS = {HubKind.MARKETING: "Marketing Automation", HubKind.EMBEDDED: "kept in this workspace"}
MARGIN = 1
CALL, WORD = 18, 9
"""Cells of the name of a call that was tried, and of the word for what came of it."""


class SettingLine(NamedTuple):
    """One line: the section (only on its first line), what it is, its value, and what it is for.

    `key` names a setting, or what enter does; a line that cannot be edited has `why_not`.
    """

    key: str
    label: str
    value: Line
    says: str
    section: str = ""
    why_not: str = ""


def setting_lines(
    account: AccountDetails | None, settings: Settings, state: ScreenState, themed: bool
) -> list[SettingLine]:
    """All lines; `themed` where the terminal shows colours."""
    lines = list(_headed(ACCOUNT, _account(account)))
    for section, keys in SECTIONS.items():
        own: list[SettingLine] = [_setting(settings, key) for key in keys]
        if section == "Alerts":
            rings = "rings when a run ends" if state.bell else "silent"
            own.insert(0, SettingLine(BELL, "Bell", line(rings), "The bell of your terminal, at the end of a run."))
        lines += _headed(section, own)
    look = state.theme if themed else "without colours (NO_COLOR)"
    lines += _headed("Look", [SettingLine(THEME, "Theme", line(look), "How the screens look.")])
    return lines


def _headed(section: str, lines: Sequence[SettingLine]) -> Iterator[SettingLine]:
    for number, one in enumerate(lines):
        yield one._replace(section="" if number else section)


def _setting(settings: Settings, key: str) -> SettingLine:
    own = Tone.PLAIN if not is_default(settings, key) else Tone.DIM
    setting = SETTINGS[key]
    default = "" if own is Tone.DIM else f" Default: {words_of(Settings(), key)}."
    return SettingLine(key, setting.label, line(Span(words_of(settings, key), own)), f"{setting.says} {setting.form}{default}")


def _account(account: AccountDetails | None) -> list[SettingLine]:
    if account is None:
        says = "Leave the program and run tui-sync connect, or try tui-sync demo."
        return [SettingLine("connection", "Connection", line(Span(NO_CONNECTION, Tone.WARN)), says, why_not=says)]
    connection = account.connection
    demo = connection.kind is ConnectionKind.DEMO
    fixed = "Another connection is made on the command line: tui-sync connect."
    hub = "simulated Marketing Automation" if demo else HUBS[connection.hub]
    told = [("Connection", line(connection.shown)), ("Hub", line(hub))]
    told += [(f"{what} host", line(origin)) for what, origin in account.hosts]
    if not demo:
        told.append(("Client id", line(connection.client_id)))
    told += [(SECRET_LABELS[name], line("set" if held else Span("missing", Tone.BAD))) for name, held in account.secrets]
    lines = [SettingLine(label, label, value, fixed, why_not=fixed) for label, value in told]
    says = "What Zoho grants this connection. t tries every call that runs need."
    lines.append(SettingLine(PRIVILEGES, "Privileges", _privileges(account), says))
    lines.append(_zsc(account))
    return lines


def _privileges(account: AccountDetails) -> Line:
    if not account.connection.scopes:
        return line(Span("Zoho did not say which; t tries each call", Tone.WARN))
    if account.missing:
        return line(Span(f"missing: {', '.join(account.missing)}", Tone.BAD))
    return line(f"all {len(account.needed)} that are needed")


def _zsc(account: AccountDetails) -> SettingLine:
    says = "From Recruit: Settings > Setup > Extensions & APIs > APIs > ZSC Key. A pasted key is tried before it is kept."
    value = [Span(account.zsc_key or "none")]
    if not account.zsc_checked:
        value.append(Span("  not used by API v2, never sent", Tone.DIM))
        says = "From Recruit: Settings > Setup > Extensions & APIs > APIs > ZSC Key. Version 2 of the API does not use it."
    return SettingLine(ZSC, "ZSC key", line(*value), says)


def setting_cells(one: SettingLine) -> Sequence[Cell]:
    """A line under `COLUMNS`."""
    return (Span(one.section, Tone.STRONG), visible(one.label), one.value)


def below(one: SettingLine | None, width: int) -> list[Line]:
    """What stands below the table: what the line is for."""
    return [] if one is None else [*wrapped(one.says, width - 2, Tone.DIM, " " * MARGIN)]


def trial_lines(tried: Sequence[Tried], *, done: bool, width: int) -> Iterator[Line]:
    """Every call that was tried: a glyph, what came of it, and what to do where it failed."""
    for one in tried:
        glyph, word, tone = ("✓", "ok", Tone.GOOD) if one.well else ("✗", "failed", Tone.BAD)
        if one.skipped:
            glyph, word, tone = "○", "not tried", Tone.DIM
        gap = " " * GAP
        told = one.says.removeprefix("Not tried, ") if one.skipped else one.says
        says = [*wrapped(told, max(20, width - CALL - WORD - 2 * GAP - 4))]
        yield line(Span(f" {glyph} ", tone), pad(one.what, CALL), gap, Span(pad(word, WORD), tone), gap, *says[0])
        yield from (line(" " * (CALL + WORD + 2 * GAP + 3), *more) for more in says[1:])
        if one.fault is not None and one.fault.hint:
            yield from wrapped(one.fault.hint, width - 2, Tone.WARN, "   ")
    yield ()
    if not done:
        yield line(Span(" Trying ...", Tone.ACCENT))
    elif all(one.well for one in tried):
        yield line(Span(" Every call that runs need answers. Nothing was written.", Tone.GOOD))
    else:
        yield from wrapped("Nothing was written. t tries again.", width - 2, Tone.PLAIN, " ")
