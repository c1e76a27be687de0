"""Where all is put together: collect, clean, analyse, publish, weekly, and the command.

The only place that knows Prefect and Great Expectations.
"""
