"""Asking a station for something: a form for every operation, made from the table of operations."""
