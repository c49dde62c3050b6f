"""The composition root: builds the container, the Flask application and the WSGI entry point."""
