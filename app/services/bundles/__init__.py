"""Register bundles: folders, zips and spreadsheets. Reads all or nothing, and writes the same bytes every time."""
