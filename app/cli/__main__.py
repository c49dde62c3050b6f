"""`python -m app.cli`, for processes that start each other."""

from app.cli.main import main

main()
