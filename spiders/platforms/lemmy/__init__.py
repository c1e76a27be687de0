"""Lemmy, of both versions. In: posts and comments as the API shows them. Out: records."""
