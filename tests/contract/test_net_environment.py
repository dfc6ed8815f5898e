"""What the environment says of proxies and certificates, where no connection can do with it."""

from __future__ import annotations

import pytest

from tui_sync.model.errors import RunError
from tui_sync.net.client import open_client


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("ALL_PROXY", "socks5://me:passw0rd@127.0.0.1:1080", "HTTPS_PROXY"),
        ("HTTPS_PROXY", "ftp://me:passw0rd@127.0.0.1:21", "HTTPS_PROXY"),
        ("HTTPS_PROXY", "http://me:passw0rd@127.0.0.1:port", "HTTPS_PROXY"),
        ("HTTPS_PROXY", "http://me:passw0rd@127.0.0.1:99999", "HTTPS_PROXY"),
        ("ALL_PROXY", "127.0.0.1:65536", "HTTPS_PROXY"),
        ("HTTP_PROXY", "ftp://me:passw0rd@127.0.0.1:21", " HTTP_PROXY"),
        ("NO_PROXY", "[::1", "NO_PROXY"),
        ("SSL_CERT_FILE", "/none/passw0rd.pem", "SSL_CERT_FILE"),
        ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE"),
    ],
)
def test_an_environment_that_no_connection_can_use_is_told_by_its_variable_and_without_its_value(
    variable: str, value: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv(variable, value)
    with pytest.raises(RunError) as raised:
        open_client()
    assert named in raised.value.hint
    assert "passw0rd" not in str(raised.value)
    assert raised.value.__cause__ is None
