"""The servers Ohmstead is compared with."""
