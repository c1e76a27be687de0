"""Invented files in the shapes that platforms without a public search give, and that people keep."""
