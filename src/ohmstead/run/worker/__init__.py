"""The worker's parts: leases of shards, positions in the journal, the folding loop, the job runner."""
