"""Crashes, damage and other trouble, counted: short forms run in the default suite, long ones as scripts."""
