"""Help for staff: the guide, and the terms of the methodology."""
