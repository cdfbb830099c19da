"""Getting evidence: what lies on disk or at the service becomes a bundle. Nothing here judges it."""
