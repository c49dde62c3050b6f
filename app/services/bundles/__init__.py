"""Register bundles: folders, zips and spreadsheets, read whole or refused whole, and written the same every time."""
