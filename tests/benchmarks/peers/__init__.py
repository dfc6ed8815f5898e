"""The first load done by what else one could use; `python -m tests.benchmarks.peers` runs all in turn."""
