"""`ohmstead doctor`: is everything there that should be, and why does that station not connect?"""
