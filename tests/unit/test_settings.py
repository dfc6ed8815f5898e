"""The rules that each setting keeps, and how values are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_sync.model.addresses import ROLE_NAMES
from tui_sync.model.errors import UsageError
from tui_sync.model.settings import SETTINGS, changed, is_default, text_of, value_of, webhook_words, words_of
from tui_sync.model.workspace import Settings
from tui_sync.store.workspace import system_zone
from tui_sync.ui.present.settings import SECTIONS


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("timezone", " Asia/Kolkata ", "Asia/Kolkata"),
        ("timezone", "", ""),
        ("limit-day", "25", 25),
        ("Limit_Month", "1", 1),
        ("limit-month", "50".zfill(5000), 50),
        ("role-names", " Info, SALES ,info,", ("info", "sales")),
        ("role-names", "", ()),
        ("misspelt-domains", "Zilker.com = zylker.com", {"zilker.com": "zylker.com"}),
        ("allowed-domains", "@Gmail.co, münchen.de", ("gmail.co", "münchen.de")),
        ("retention-days", "1", 1),
        ("webhook", "https://hooks.example.com/abc?x=1", "https://hooks.example.com/abc?x=1"),
        ("webhook-private", "YES", True),
    ],
)
def test_a_value_that_keeps_its_rule_is_taken_in_its_tidy_form(key: str, text: str, value: object) -> None:
    after = changed(Settings(), key, text)
    known = key.lower().replace("_", "-")
    assert value_of(after, known) == value
    assert changed(Settings(), known, text_of(after, known)) == after, "what it is written as gives it again"


@pytest.mark.parametrize(
    ("key", "text", "rule"),
    [
        ("timezone", "Mars/Olympus", "not a time zone"),
        ("timezone", "America", "not a time zone"),
        ("limit-month", "0", "whole number from 1"),
        ("limit-active", "-3", "whole number from 1"),
        ("limit-day", "ten", "whole number from 1"),
        ("limit-day", "٣", "whole number from 1"),
        ("limit-day", "9" * 5000, "whole number from 1"),
        ("limit-day", "1".zfill(10) + "0" * 5000, "whole number from 1"),
        ("limit-day", "12345678".zfill(16), "whole number from 1"),
        ("retention-days", "", "needs a value"),
        ("role-names", "info@zylker.com", "has an @ sign"),
        ("role-names", '""', "for none, an empty value"),
        ("role-names", "''", "for none, an empty value"),
        ("role-names", 'info, "jobs"', "without quotation marks"),
        ("role-names", "a..b", "never stands before the @ sign"),
        ("role-names", "human resources", "has a blank in it"),
        ("role-names", "in\x1bfo", "cannot be seen"),
        ("misspelt-domains", "zilker.com", "has no = sign"),
        ("misspelt-domains", "zilker=zylker.com", "is not a domain"),
        ("misspelt-domains", "zilker.com=", "is not a domain"),
        ("misspelt-domains", "a.com=a.com", "same domain"),
        ("misspelt-domains", "mail.com=gmail.com", "real provider"),
        ("misspelt-domains", "a.com=gmial.com", "known misspelling itself"),
        ("misspelt-domains", "a.com=b.com,a.com=c.com", "stands there twice"),
        ("misspelt-domains", "a.com=b.com,b.com=c.com", "right domain of one pair"),
        ("allowed-domains", "not a domain", "is not a domain"),
        ("webhook", "http://example.com", "plain http"),
        ("webhook", "https://user:pass@example.com", "user name or password"),
        ("webhook", "https://10.0.0.1/hook", "private network"),
        ("webhook", "https:///path", "https://host/path"),
        ("webhook-private", "maybe", "neither yes nor no"),
        ("colour", "red", "There is no setting"),
    ],
)
def test_a_value_that_breaks_its_rule_is_refused_with_the_rule(key: str, text: str, rule: str) -> None:
    with pytest.raises(UsageError, match=rule):
        changed(Settings(), key, text)


def test_the_default_is_stored_as_the_default_so_that_a_later_one_applies() -> None:
    own = changed(Settings(), "role-names", "sales")
    assert not is_default(own, "role-names")
    again = changed(own, "role-names", ", ".join(ROLE_NAMES))
    assert again == Settings()


def test_a_webhook_inside_needs_the_permission_as_long_as_it_is_set() -> None:
    inside = changed(changed(Settings(), "webhook_private", "yes"), "webhook", "https://10.0.0.1/hook")
    with pytest.raises(UsageError, match=r"The webhook https://10.0.0.1/... needs it. Set another webhook first."):
        changed(inside, "webhook-private", "no")


def test_a_webhooks_path_is_shown_nowhere() -> None:
    own = changed(Settings(), "webhook", "https://hooks.example.com/T0/secret")
    assert words_of(own, "webhook") == "https://hooks.example.com/..."
    assert webhook_words("https://hooks.example.com") == "https://hooks.example.com"


def test_every_setting_has_its_line_on_the_screen() -> None:
    assert [key for keys in SECTIONS.values() for key in keys] == list(SETTINGS)


def test_every_setting_can_be_told_in_words() -> None:
    for key in SETTINGS:
        assert words_of(Settings(), key)


def test_every_setting_about_addresses_has_all_records_decided_anew() -> None:
    assert [key for key, setting in SETTINGS.items() if setting.anew] == list(SECTIONS["Addresses"])


@pytest.mark.parametrize(
    ("told", "zone"), [("Asia/Kolkata", "Asia/Kolkata"), (":Asia/Kolkata", "Asia/Kolkata"), ("nowhere", "UTC"),
                       ("{}", "Asia/Kolkata"), (":{}", "Asia/Kolkata")],
)  # fmt: skip
def test_the_zone_of_the_system_is_that_of_tz_by_its_name_or_by_the_path_of_its_file(
    told: str, zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    localtime, file = tmp_path / "localtime", tmp_path / "zoneinfo" / "Asia" / "Kolkata"
    file.parent.mkdir(parents=True)
    file.touch()
    localtime.symlink_to(file)
    monkeypatch.setenv("TZ", told.format(localtime))
    assert system_zone() == zone
