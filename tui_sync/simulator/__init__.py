"""A simulated Zoho: accounts, Recruit v2 and Marketing Automation v1 as one ASGI application over one organisation.

It imports nothing of tui_sync, so that it cannot share its mistakes. In process it is reached through an ASGI
transport, for the demo; on a loopback socket through uvicorn (with `date_header=False`). Beside Zoho's calls there are
control calls, JSON in and out, without a token:

- `POST /simulator/advance`: move on by one day; `{"day","now","changes":{...}}`.
- `GET /simulator/faults`: the switches that are on, `{"faults":[...]}`; `POST` switches one on (a JSON object with the
  keys of `Fault`, for example `{"kind":"status","status":429,"retry_after":2,"count":3,"path":"/recruit/v2/"}`);
  `DELETE` switches all off. Switches belong to the process that serves.
- `GET /simulator/writes`: the writes that the hub has carried out since this process began, by person,
  `{"writes":[{"endpoint","email","calls"}]}`; `DELETE` counts anew.
- `GET /simulator/state`: day, clock, sizes, credits and calls used, switches, the ZSC key.
- `POST /simulator/hide?name=Candidates.City` (or a module): Recruit has it no more; `POST /simulator/show?name=...`: it is
  back. `{"hidden":[...]}`.
- `POST /simulator/zsc-key`: issue a new ZSC key, `{"zsc_key"}`.
"""

from importlib import resources

from tui_sync.simulator.app import create_app
from tui_sync.simulator.faults import Fault
from tui_sync.simulator.organisation import Organisation

SAMPLES = resources.files(__name__).joinpath("samples.toml").read_text(encoding="utf-8")
"""The demo's sample syncs, as a definition file."""

__all__ = ["SAMPLES", "Fault", "Organisation", "create_app"]
