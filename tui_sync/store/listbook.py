"""Lists that the workspace has noted before the hub knows them: satisfies `engine.ports.ListBook`."""

from __future__ import annotations

import msgspec

from tui_sync.model.hub import HubList
from tui_sync.store.rows import RowsDB, TableSpec
from tui_sync.store.shelf import Shelf

TABLES = {"lists": TableSpec(key="key")}


class Noted(msgspec.Struct, frozen=True):
    """A noted list; `hub_key` is empty until the hub has created it."""

    key: str
    name: str
    hub_key: str = ""


class ListBook:
    """Noted lists by their key in the workspace, which stays the same when the hub gives them one of its own."""

    def __init__(self, db: RowsDB) -> None:
        self._db = db
        self._shelf = Shelf(db, "lists", Noted)

    def noted(self) -> dict[str, HubList]:
        """Noted lists by their key in the workspace."""
        return {n.key: HubList(key=n.key, name=n.name, noted=not n.hub_key) for n in self._shelf.all()}

    def note(self, name: str) -> HubList:
        """Note a list that the hub does not have, by name; the same name, in any case, gives the same list.

        One of that name which the hub has created already is gone by now, or called otherwise: the new one gets another key.
        """
        key, number = f"noted:{name.casefold()}", 1
        with self._db.batch():
            while (noted := self._shelf.get(key)) is not None and noted.hub_key:
                number += 1
                key = f"noted:{name.casefold()}:{number}"
            if noted is None:
                self._shelf.put(Noted(key, name))
        return HubList(key=key, name=name, noted=True)

    def forget(self, list_key: str) -> None:
        """Note the list no more."""
        self._shelf.remove(list_key)

    def hub_key(self, list_key: str) -> str:
        """The hub's own key for a list of the workspace; empty while it is not created."""
        noted = self._shelf.get(list_key)
        return list_key if noted is None else noted.hub_key

    def created(self, list_key: str, hub_key: str) -> None:
        """The hub has created the noted list under `hub_key`."""
        with self._db.batch():
            noted = self._shelf.get(list_key)
            self._shelf.put(Noted(list_key, noted.name if noted else list_key, hub_key))
