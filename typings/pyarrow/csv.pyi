from pathlib import Path
from typing import IO

from pyarrow import Table

def write_csv(data: Table, output_file: str | Path | IO[bytes]) -> None: ...
