"""Logistic regression of rows that share dense parts: scikit-learn's objective and solver, several times as fast.

Every labelled post is shown several times with other words struck out, but always with the same vector.
`sklearn.linear_model.LogisticRegression` wants one matrix, in which that vector stands once a copy; here it is
multiplied once a post. The optimum is the same, and the way to it too (L-BFGS from zero, the same tolerances).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit, logsumexp, softmax

Floats = NDArray[np.float64]
Loss = Callable[[Floats], tuple[float, Floats]]  # of raw scores (rows, k): the mean loss, its slope
_TOLERANCE, _MOST_STEPS = 1e-4, 300


@dataclass(frozen=True)
class Rows:
    """`words` (rows, a) sparse, beside the line `post` (rows) of `vectors` (posts, b): a matrix (rows, a + b)."""

    words: csr_matrix
    vectors: Floats
    post: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64]) -> Rows:
        """Some of the rows."""
        posts, post = np.unique(self.post[rows], return_inverse=True)
        return Rows(self.words[rows], self.vectors[posts], post)

    def times(self, weights: Floats) -> Floats:
        """The matrix by `weights` (a + b, k)."""
        split = self.words.shape[1]
        product: Floats = self.words @ weights[:split] + (self.vectors @ weights[split:])[self.post]
        return product

    def transposed_times(self, values: Floats) -> Floats:
        """The transposed matrix by `values` (rows, k)."""
        count, num_posts = len(self.post), len(self.vectors)
        of_posts = csr_matrix((np.ones(count), (self.post, np.arange(count))), (num_posts, count)) @ values
        return np.vstack([self.words.T @ values, self.vectors.T @ of_posts])


def fit_classes(rows: Rows, classes: NDArray[np.int64], strength: float) -> tuple[Floats, Floats]:
    """Weights (a + b, k) and bias (k) of a multinomial model of `classes` (0 to k - 1); larger `strength`, freer."""
    num_classes, places = int(classes.max()) + 1, np.arange(len(classes))

    def loss(raw: Floats) -> tuple[float, Floats]:
        slope = softmax(raw, axis=1)
        slope[places, classes] -= 1
        return float((logsumexp(raw, axis=1) - raw[places, classes]).mean()), slope / len(classes)

    return _minimum(rows, loss, num_classes, strength)


def fit_yes_no(rows: Rows, holds: NDArray[np.bool_], strength: float) -> tuple[Floats, Floats]:
    """Weights (a + b, 1) and bias (1) of a binary model of `holds`."""

    def loss(raw: Floats) -> tuple[float, Floats]:
        value = np.logaddexp(0, raw[:, 0]) - holds * raw[:, 0]
        return float(value.mean()), (expit(raw) - holds[:, None]) / len(holds)

    return _minimum(rows, loss, 1, strength)


def _minimum(rows: Rows, loss: Loss, num_columns: int, strength: float) -> tuple[Floats, Floats]:
    size, penalty = rows.words.shape[1] + rows.vectors.shape[1], 1 / (strength * len(rows.post))

    def goal(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(size + 1, num_columns)
        value, slope = loss(rows.times(weights[:size]) + weights[size])
        pull = np.vstack([rows.transposed_times(slope) + penalty * weights[:size], slope.sum(axis=0)])
        return value + penalty / 2 * float((weights[:size] ** 2).sum()), pull.ravel()

    limits = {"maxiter": _MOST_STEPS, "maxls": 50, "gtol": _TOLERANCE, "ftol": 64 * np.finfo(float).eps}
    found = minimize(goal, np.zeros((size + 1) * num_columns), method="L-BFGS-B", jac=True, options=limits)
    weights = found.x.reshape(size + 1, num_columns)
    return weights[:size], weights[size]
