"""How the outside reaches Uptake: web pages, API, command line and scheduled jobs."""
