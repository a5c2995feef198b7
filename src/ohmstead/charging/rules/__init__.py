"""Pure: how what stations said becomes sessions, and who may charge. No Django, no I/O, no clock."""
