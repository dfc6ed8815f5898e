"""Where the calls of a connection go: the hosts of its data centre, or the origins given in their place."""

from __future__ import annotations

from tui_sync.model.datacentres import DATA_CENTRES, DataCentre
from tui_sync.model.errors import UsageError
from tui_sync.model.text import visible
from tui_sync.net.client import checked_origin

RECRUIT_PREFIX = "/recruit/v2"
HUB_PREFIX = "/api/v1"


def data_centre(name: str, *, accounts: str = "", recruit: str = "", hub: str = "") -> DataCentre:
    """The data centre of that name, with the given origins in place of its own.

    Raises UsageError for an unknown name, and for an origin that is none or is plain http to another machine.
    """
    known = DATA_CENTRES.get(name)
    if known is None:
        raise UsageError(f'There is no data centre "{visible(name, 40)}".', f"There are: {', '.join(DATA_CENTRES)}.")
    return DataCentre(
        accounts=checked_origin(accounts or known.accounts),
        recruit=checked_origin(recruit or known.recruit),
        hub=checked_origin(hub or known.hub),
        console=known.console,
    )
