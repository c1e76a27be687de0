"""`python -m flows.cli` is `passerelle`."""

from flows.cli import main

main()
