"""The log as a Merkle tree (RFC 9162): one root that changes when a byte of the record changes."""
