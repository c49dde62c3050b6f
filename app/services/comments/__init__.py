"""What staff say to each other about a recommendation or a proposal: never public, and not part of the record."""
