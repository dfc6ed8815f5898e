"""tui_sync: bring people from Zoho Recruit into mailing lists, and tell for every one of them what happened and why."""

import sys
from types import ModuleType

__version__ = "1.0.0"

# httpx loads its own command line with itself, and that rich and pygments: a tenth of the start of a run. Where the module has
# no such function, it goes on without.
sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
