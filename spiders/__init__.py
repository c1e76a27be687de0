"""What comes from outside: servers that are asked (asking, collecting, platforms), and files (archives).

In: requests and files. Out: records of `passerelle.records`, which the pipelines land.
"""
