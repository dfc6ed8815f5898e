"""Values as rows, sentences and JSON: pure, one file a theme."""
