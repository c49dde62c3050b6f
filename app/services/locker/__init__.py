"""The evidence locker: copies of sources under the digest of their bytes, notes on them, and what became of links."""
