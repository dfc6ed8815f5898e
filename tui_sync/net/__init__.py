"""HTTP for both APIs: the client, repetition, tokens, and where each data centre is."""
