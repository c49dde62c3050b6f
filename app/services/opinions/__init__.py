"""Second opinions: two people judge the same item without seeing each other's opinion."""
