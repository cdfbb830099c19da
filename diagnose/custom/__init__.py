"""Rules that are not the project's: signatures in YAML files, and Python rules of installed packages."""
