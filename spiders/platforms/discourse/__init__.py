"""Discourse. In: topics and posts as its pages show them in JSON. Out: records."""
