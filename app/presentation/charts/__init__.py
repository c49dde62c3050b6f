"""Charts as positions in percent and pixels. Templates draw them."""
