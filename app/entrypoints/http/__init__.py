"""What the public, staff and API web pages share."""
