"""Comments of staff about a recommendation or a proposal: never public, and not part of the record."""
