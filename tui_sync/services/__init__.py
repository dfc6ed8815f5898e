"""The one door for command line and user interface: actions in, events and values out."""
