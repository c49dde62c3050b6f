"""Charts as numbers: places in percent and pixels, which the templates draw."""
