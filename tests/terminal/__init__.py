"""Tests on a real terminal: what the bytes on the wire make of a screen."""
