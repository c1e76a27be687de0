"""Threads (Meta), by its API."""
