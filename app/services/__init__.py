"""Application services: what Uptake does around the record, without a web request."""
