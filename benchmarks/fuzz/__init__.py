"""fuzz: damaged bundles, spreadsheets, packages, dates and addresses are read or refused in a sentence, soon"""
