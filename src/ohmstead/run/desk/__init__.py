"""The desk's moving parts: batches of requests, one database thread, the dispatch of commands."""
