"""Second opinions: two people judge the same thing without seeing each other's answer."""
