"""Compressed rows hold what the dense ones hold."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from digitus.nn.compiled.arrays.compressed_rows import DENSITY, compress, density, row_arrays


def test_compressed_rows_equal_scipys(make_rows):
    x = make_rows().x
    starts, columns, values = compress(x)
    wanted = csr_matrix(x)
    np.testing.assert_array_equal(starts, wanted.indptr)
    np.testing.assert_array_equal(columns, wanted.indices)
    np.testing.assert_array_equal(values, wanted.data)
    assert (columns.dtype, values.dtype) == (np.uint16, np.float32)


@pytest.mark.parametrize(("filled", "is_dense"), [(0.1, False), (0.95, True)])
def test_rows_are_compressed_where_few_entries_are_not_zero(make_rows, filled, is_dense):
    rows = make_rows(filled=filled)
    found = row_arrays(rows.x, rows.targets, None)
    assert (len(found.dense) > 0) == is_dense == (density(rows.x) > DENSITY.most)


def test_sparse_rows_stay_sparse_however_full_they_are(make_rows):
    rows = make_rows(filled=0.95)
    found = row_arrays(csr_matrix(rows.x), rows.targets, None)
    assert len(found.dense) == 0
    assert found.columns.dtype == np.uint16


def test_more_columns_than_fit_16_bits_are_numbered_with_32():
    x = csr_matrix((np.ones(2, np.float32), ([0, 1], [0, 70_000])), shape=(2, 70_001))
    found = row_arrays(x, np.eye(2, dtype=np.float32), None)
    assert found.columns.tolist() == [0, 70_000]
