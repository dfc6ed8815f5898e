"""What the domain is: syncs, records, criteria, mapping, addresses, decisions. Pure: no I/O, no clock, no randomness."""
