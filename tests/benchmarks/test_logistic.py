"""The trainer's regression against scikit-learn's, on one matrix that has everything written out."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, hstack, random_array
from sklearn.linear_model import LogisticRegression

from benchmarks.logistic import Rows, fit_classes, fit_yes_no

STRENGTH = 2.0


def rows_and_classes() -> tuple[Rows, csr_matrix, np.ndarray]:
    """Three copies of each of 120 posts: sparse words of their own, a vector in common."""
    rng = np.random.default_rng(7)
    post = np.repeat(np.arange(120), 3)
    vectors = rng.normal(size=(120, 6))
    words = csr_matrix(random_array((360, 40), density=0.2, rng=rng))
    classes = np.argmax(vectors[post] @ rng.normal(size=(6, 4)) + rng.normal(size=(360, 4)), axis=1)
    return Rows(words, vectors, post), hstack([words, csr_matrix(vectors[post])]).tocsr(), classes


def test_classes_agree_with_scikit_learn() -> None:
    rows, matrix, classes = rows_and_classes()
    oracle = LogisticRegression(C=STRENGTH, max_iter=300).fit(matrix, classes)
    weights, bias = fit_classes(rows, classes, STRENGTH)
    np.testing.assert_allclose(weights.T, oracle.coef_, atol=1e-4)
    np.testing.assert_allclose(bias, oracle.intercept_, atol=1e-4)


def test_yes_or_no_of_some_rows_agrees_with_scikit_learn() -> None:
    rows, matrix, classes = rows_and_classes()
    some = np.flatnonzero(classes != 3)
    oracle = LogisticRegression(C=STRENGTH, max_iter=300).fit(matrix[some], classes[some] == 1)
    weights, bias = fit_yes_no(rows.of(some), classes[some] == 1, STRENGTH)
    np.testing.assert_allclose(weights.T, oracle.coef_, atol=1e-4)
    np.testing.assert_allclose(bias, oracle.intercept_, atol=1e-4)
