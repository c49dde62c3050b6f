"""`python -m app.bootstrap`: the command line, for processes that start others."""

from app.bootstrap.command_line import main

main()
