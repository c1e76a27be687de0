"""Blogs without an API: feeds, pages and the comments in them, read into one shape whichever notation they are in."""
