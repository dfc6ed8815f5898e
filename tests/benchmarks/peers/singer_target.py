"""target-sqlite 0.2.0, the newest on PyPI, on a Python of today: it needs SQLAlchemy 1.3 and a name that Python 3.10 dropped.

PYTHON -m tests.benchmarks.peers.singer_target --config FILE, where PYTHON is that of an environment of its own in which first
target-sqlite==0.2.0 was installed and then sqlalchemy==1.3.24.
"""

import collections
import collections.abc
import importlib

if __name__ == "__main__":
    setattr(collections, "MutableMapping", collections.abc.MutableMapping)  # noqa: B010 - the name is not declared
    importlib.import_module("target_sqlite").main()
