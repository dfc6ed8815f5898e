"""What is kept: TinyDB over rows, and the workspace's ledger, runs, syncs, locks and secrets on it."""
