"""The platform holds the run or misreports it."""
