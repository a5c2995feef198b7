"""Clock, ids and units: no domain, no I/O."""
