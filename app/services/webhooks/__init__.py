"""Webhooks: send the public events of open registers to other programs, signed and in order, until accepted."""
