"""Uptake as an application: entrypoints, services, presentation, adapters, and the composition root."""
