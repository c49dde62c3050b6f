"""Application services: accounts, mail, snapshots, backups and more, without a web request."""
