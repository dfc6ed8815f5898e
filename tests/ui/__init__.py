"""Tests of the screens: keys are pressed, and what stands on the screen and in the store is looked at."""
