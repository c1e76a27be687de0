"""Graphs of who interacted with whom: array kernels, and networkx as the public object."""
