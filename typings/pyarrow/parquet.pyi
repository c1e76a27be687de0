from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Literal

from pyarrow import RecordBatch, Schema, Table

class FileMetaData:
    @property
    def num_rows(self) -> int: ...

class ParquetFile:
    def __init__(self, source: str | Path | IO[bytes]) -> None: ...
    def iter_batches(
        self,
        batch_size: int = 65536,
        row_groups: Sequence[int] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[RecordBatch]: ...

def read_metadata(where: str | Path) -> FileMetaData: ...
def read_table(source: str | Path, *, columns: Sequence[str] | None = None, schema: Schema | None = None) -> Table: ...
def write_table(
    table: Table,
    where: str | Path | IO[bytes],
    row_group_size: int | None = None,
    *,
    compression: Literal["snappy", "zstd"] = "snappy",
    compression_level: int | None = None,
) -> None: ...
def write_to_dataset(
    table: Table,
    root_path: str | Path,
    partition_cols: Sequence[str] | None = None,
    *,
    basename_template: str | None = None,
    use_threads: bool | None = None,
    existing_data_behavior: Literal["overwrite_or_ignore", "error", "delete_matching"] | None = None,
    compression: Literal["snappy", "zstd"] = "snappy",
) -> None: ...
