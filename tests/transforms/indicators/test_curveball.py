"""The null model keeps what it promises and draws every admissible matrix equally often."""

from itertools import product

import numpy as np
from scipy.stats import chisquare

from transforms.indicators.curveball import null_histograms

OBSERVED = np.array([[1, 1, 0], [0, 1, 0], [1, 0, 1], [0, 0, 1]], dtype=bool)
ALLOWED = np.array([[1, 1, 1], [0, 1, 1], [1, 1, 1], [1, 0, 1]], dtype=bool)


def _draws(code: np.ndarray, draws: int, allowed: np.ndarray = ALLOWED) -> np.ndarray:
    actor, episode = np.nonzero(OBSERVED)
    return null_histograms(actor, episode, allowed, code.astype(np.uint8), draws, 11)


def _matrices() -> list[np.ndarray]:
    """Every matrix with the margins of OBSERVED and nothing where it is not allowed."""
    cells = np.argwhere(ALLOWED)
    found = []
    for filled in product((False, True), repeat=len(cells)):
        matrix = np.zeros(OBSERVED.shape, dtype=bool)
        matrix[tuple(cells[list(filled)].T)] = True
        if (matrix.sum(0) == OBSERVED.sum(0)).all() and (matrix.sum(1) == OBSERVED.sum(1)).all():
            found.append(matrix)
    return found


def test_margins_stay_and_nobody_mobilises_where_they_may_not() -> None:
    by_actor = _draws(np.repeat(np.arange(4)[:, None], 3, 1), 300)
    assert (by_actor[:, :4] == OBSERVED.sum(1)).all()
    by_episode = _draws(np.repeat(np.arange(3)[None], 4, 0), 300)
    assert (by_episode[:, :3] == OBSERVED.sum(0)).all()
    assert (_draws(~ALLOWED, 300)[:, 1] == 0).all()


def test_every_admissible_matrix_is_equally_likely() -> None:
    cells = np.arange(12).reshape(4, 3)
    counts = _draws(cells, 60_000)[:, :12]
    drawn, times = np.unique(counts, axis=0, return_counts=True)
    possible = np.array([matrix.ravel() for matrix in _matrices()])
    assert len(possible) > 4
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, possible.astype(int)))
    assert chisquare(times).pvalue > 0.001


def test_one_episode_has_nothing_to_trade() -> None:
    code = np.array([[1], [2]], dtype=np.uint8)
    drawn = null_histograms(np.array([0]), np.array([0]), np.ones((2, 1), bool), code, 50, 1)
    assert (drawn[:, 1] == 1).all()
