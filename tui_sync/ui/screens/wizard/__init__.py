"""The wizard that makes a new sync, or edits one in state draft: a file for each of its larger steps."""

from tui_sync.ui.screens.wizard.page import WizardPage

__all__ = ["WizardPage"]
