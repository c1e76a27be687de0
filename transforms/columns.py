"""Arrow columns as pandas columns of one text type, so that frames join even where one of them is empty."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa


def texts(column: pa.ChunkedArray | pa.Array) -> pd.Series:
    """A text column; null becomes NaN."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pd.Series(whole.to_pandas(), dtype="str")
