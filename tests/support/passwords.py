"""Password hashes that cost next to nothing, for tests that are not about guessing them."""

from passlib.hash import argon2


def make_hashing_cheap() -> None:
    """Let this process hash passwords with the smallest parameters; processes that a test starts keep the real ones."""
    argon2.memory_cost = 64  # KiB
    argon2.default_rounds = 1
