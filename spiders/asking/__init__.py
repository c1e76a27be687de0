"""One door to any server. In: a path and what the run knows. Out: an answer with one of few outcomes, in the vault.

Limits, politeness, robots.txt, coats and broken JSON are seen to here; what an answer means is not known here.
"""
