from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pyarrow import Schema, Table
from pyarrow.compute import Expression

class Partitioning: ...

class Dataset:
    @property
    def schema(self) -> Schema: ...
    def to_table(
        self,
        columns: Sequence[str] | None = None,
        filter: Expression | None = None,
        batch_size: int = 131_072,
        batch_readahead: int = 16,
        fragment_readahead: int = 4,
    ) -> Table: ...

def dataset(
    source: str | Path | Sequence[str] | Sequence[Path],
    schema: Schema | None = None,
    format: str | None = None,
    filesystem: object = None,
    partitioning: Partitioning | None = None,
    partition_base_dir: str | None = None,
) -> Dataset: ...
def partitioning(
    schema: Schema | None = None, field_names: Iterable[str] | None = None, flavor: Literal["hive"] | None = None
) -> Partitioning: ...
