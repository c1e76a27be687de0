"""Every column has its words, and the generated documents say what the code says."""

from __future__ import annotations

import pyarrow as pa
import pytest

from docs import generate
from passerelle.tables import POSTS, TABLES, Table


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_a_table_is_documented_and_its_key_is_never_null(table: Table) -> None:
    assert all(column.en and column.fr for column in table.columns)
    assert not any(table.schema.field(name).nullable for name in table.key)
    assert table.partition is None or table.partition in table.schema.names
    for language in ("en", "fr"):
        page = generate.dictionary(language)
        assert f"## `{table.name}`" in page
        assert all(f"| `{column.name}` |" in page for column in table.columns)


def test_generated_documents_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generate.main() == 0


def test_a_mandatory_column_cannot_be_left_out() -> None:
    with pytest.raises(KeyError, match="post_id"):
        POSTS.conform(pa.table({"platform": ["x"]}))


def test_a_value_that_does_not_fit_is_refused() -> None:
    rows = POSTS.empty().to_pydict() | {"platform": [1.5]}
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError, ValueError)):
        POSTS.conform(pa.table({**{k: pa.array([], POSTS.schema.field(k).type) for k in rows}, "replies": ["many"]}))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_column_of_few_values_takes_no_other(table: Table) -> None:
    for column in (column for column in table.columns if column.values):
        rows = {c.name: pa.nulls(1, c.type) for c in table.columns}
        for value in column.values:
            assert table.conform(pa.table(rows | {column.name: [value]}))[column.name].to_pylist() == [value]
        with pytest.raises(ValueError, match=f"'{column.name}' may hold .*, not 'invented'"):
            table.conform(pa.table(rows | {column.name: ["invented"]}))
