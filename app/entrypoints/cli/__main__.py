"""`python -m app.entrypoints.cli`, for processes that start each other."""

from app.entrypoints.cli.main import main

main()
