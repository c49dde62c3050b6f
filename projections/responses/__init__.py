"""Responses of bodies that were asked, at any pair of times; what is only proposed is not here."""
