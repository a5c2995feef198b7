"""Ohmstead: the open EV charging network management system."""
