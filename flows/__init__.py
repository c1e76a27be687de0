"""The only place that knows Prefect and Great Expectations: collect, clean, analyse, publish, weekly, and the command."""
