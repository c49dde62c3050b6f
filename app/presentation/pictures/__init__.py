"""Pictures that the server draws with words in them."""
