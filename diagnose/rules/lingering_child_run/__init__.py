"""A child run is open or orphaned and holds its parent open."""
