"""X: asked by its API v2, and read as the archives of it are."""
