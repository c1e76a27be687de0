"""How much was seen. In: looks, coverage, runs. Out: what was asked and came each week; what nobody saw."""
