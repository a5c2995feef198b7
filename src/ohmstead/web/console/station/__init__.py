"""One station, a tab per file: how it is now, what it did, what it says, what we asked, what happened."""
