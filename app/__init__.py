"""The faces of Uptake, and everything that touches the outside."""
