"""Pure functions, Arrow tables in and out: no paths, no clock, no network."""
