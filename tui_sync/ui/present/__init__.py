"""Values as styled lines: pure, one file a screen."""
