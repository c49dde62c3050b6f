"""Public changes told to other programs: each public event of an open register, in order, signed, until it is taken."""
