"""Who is asked about which item, on which days, as known at any instant."""
