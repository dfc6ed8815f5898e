"""tui_sync: bring people from Zoho Recruit into mailing lists, and tell for every one of them what happened and why."""

__version__ = "1.0.0"
