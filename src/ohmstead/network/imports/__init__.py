"""Tables of sites and stations: what a file would do, done as one transaction, and the way back out."""
