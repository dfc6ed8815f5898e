"""Draws the pictures under `screenshots/` from the demo organisation: `python -m tests.pictures`."""
