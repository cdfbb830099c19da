"""Something that the script started holds the run open after the main work, or still worked when the run was closed."""
