"""What hashing a password costs in the process of the tests."""

from passlib.hash import argon2

REAL_COST = (argon2.memory_cost, argon2.default_rounds)
LOWEST_COST = (64, 1)


def set_hashing_cost(cost: tuple[int, int]) -> None:
    """KiB of memory and rounds. Processes that a test starts keep the real cost."""
    argon2.memory_cost, argon2.default_rounds = cost
