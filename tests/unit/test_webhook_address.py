"""Which addresses a webhook may have."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tui_sync.model.webhook import check_webhook, is_public


@pytest.mark.parametrize(
    "url",
    [
        "", "https://hooks.example.com/services/T0/B0", "https://example.com:8443/a?key=b", "https://8.8.8.8/hook",
        "https://[2001:4860:4860::8888]/hook",
    ],
)  # fmt: skip
def test_https_to_the_internet_is_right_and_so_is_none(url: str) -> None:
    assert check_webhook(url, private=False) == ""


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/hook", "https"),
        ("http://127.0.0.1/hook", "https"),
        ("https://user:secret@example.com/hook", "user name or password"),
        ("https://token@example.com/hook", "user name or password"),
        ("https://localhost/hook", "private network"),
        ("https://127.0.0.1/hook", "private network"),
        ("https://10.0.0.7/hook", "private network"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://[::1]/hook", "private network"),
        ("https://[::ffff:10.0.0.7]/hook", "private network"),
        ("ftp://example.com/hook", "https://host/path"),
        ("example.com/hook", "https://host/path"),
        ("https:///hook", "https://host/path"),
        ("https://example.com:port/", "https://host/path"),
        ("https://exa mple.com/", "https://host/path"),
        ("https://example.com/\n", "https://host/path"),
        ("https://exämple.com/", "https://host/path"),
    ],
)
def test_everything_else_is_refused_with_the_reason(url: str, why: str) -> None:
    assert why in check_webhook(url, private=False)


@pytest.mark.parametrize("url", ["https://10.0.0.7/hook", "https://127.0.0.1:8443/", "http://127.0.0.1:8080/", "http://[::1]/"])
def test_an_own_machine_may_be_permitted(url: str) -> None:
    assert check_webhook(url, private=True) == ""


def test_plain_http_to_another_machine_is_refused_even_then() -> None:
    assert "https" in check_webhook("http://10.0.0.7/hook", private=True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1",  # noqa: S104
     "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1",
     "fec0::1", "64:ff9b:1::a00:1", "::10.0.0.7", "::ffff:0:10.0.0.7", "::ffff:0:0:a00:7"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_disguise(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))
