"""Where the mailing lists are: Marketing Automation over its API, or embedded in the workspace."""
