"""Zoho accounts: `POST /oauth/v2/token` with the grants refresh_token and authorization_code.

Wrong credentials are answered with HTTP 200 and `{"error": ...}`, too many refreshes with HTTP 400, as at Zoho. A grant
code is any text that begins with `demo-code`, once. `scope` narrows what the token may do.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.responses import Response

from tui_sync.simulator.call import Call, html_page, json_answer
from tui_sync.simulator.tokens import ALL_SCOPES, LIFETIME, TooManyRefreshesError


class Credentials(NamedTuple):
    """What the accounts server accepts."""

    client_id: str
    client_secret: str
    refresh_token: str


class Accounts:
    """The accounts server of one organisation."""

    def __init__(self, credentials: Credentials) -> None:
        self._known = credentials

    def __call__(self, call: Call) -> Response:
        """Answer one call below /oauth/v2/."""
        if call.rest != "token" or call.method != "POST":
            return html_page(call)
        params = call.params
        if (params.get("client_id"), params.get("client_secret")) != self._known[:2]:
            return json_answer({"error": "invalid_client"})
        grant = params.get("grant_type")
        if grant == "refresh_token":
            if params.get("refresh_token") != self._known.refresh_token:
                return json_answer({"error": "invalid_code"})
            return self._token(call, {})
        if grant == "authorization_code":
            code = params.get("code", "")
            if not code.startswith("demo-code") or not call.organisation.tokens.use_code(code):
                return json_answer({"error": "invalid_code"})
            return self._token(call, {"refresh_token": self._known.refresh_token})
        return json_answer({"error": "unsupported_grant_type"})

    def _token(self, call: Call, more: dict[str, str]) -> Response:
        scopes = call.params.get("scope", "").replace(" ", ",") or ALL_SCOPES
        try:
            token = call.organisation.tokens.issue(self._known.refresh_token, scopes, call.now)
        except TooManyRefreshesError:
            text = "You have made too many requests continuously. Please try again after some time."
            return json_answer({"error": "Access Denied", "error_description": text, "status": "failure"}, 400)
        return json_answer(
            {
                "access_token": token,
                **more,
                "scope": scopes.replace(",", " "),
                "api_domain": "https://www.zohoapis.com",
                "token_type": "Bearer",
                "expires_in": LIFETIME,
            }
        )
