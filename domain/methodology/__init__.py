"""What a status means, and what may be published: versions of the methodology as values, and the rules."""
