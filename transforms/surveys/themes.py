"""Themes of the open answers to one question: TF-IDF and non-negative matrix factorisation (NMF).

Lee and Seung (1999), Nature 401; the number of themes by stability: Greene, O'Callaghan and Cunningham
(2014), ECML PKDD, "How many topics? Stability analysis for topic models".

Limits: English stop words; no stemming, so that "slide" and "slides" are two words; a theme is a set of words
that go together, not what was meant; irony and negation are not understood.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from transforms.surveys.answer_words import telling_words, vocabulary_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

OTHER = 0
_ITERATIONS = 100


@dataclass(frozen=True)
class ThemeRules:
    """By which rule answers become themes.

    Fewer than ``least_answers`` are not grouped. There is no more than one theme per ``answers_per_theme``
    answers and never more than ``most_themes``. A word counts when ``least_respondents`` people wrote it.

    For each number of themes the model is fitted again to ``n_refits`` random subsets of ``refit_share``
    of the answers; of the numbers whose agreement is within ``agreement_tolerance`` of the best the largest
    is taken. An answer whose weight in its main theme is below ``least_weight`` (1: nothing else) belongs to
    none. ``most_fitted`` answers at most are drawn to fit the model, all are then assigned.
    """

    least_answers: int = 30
    answers_per_theme: int = 10
    most_themes: int = 12
    least_respondents: int = 5
    n_refits: int = 6
    refit_share: float = 0.8
    n_compared_words: int = 10
    agreement_tolerance: float = 0.02
    least_weight: float = 0.25
    n_top_words: int = 5
    least_word_weight: float = 0.25
    most_fitted: int = 2_000


@dataclass(frozen=True)
class Agreement:
    """How alike the themes of refits are to those of all answers, 0 to 1, for one number of themes."""

    n_themes: int
    agreement: float


@dataclass(frozen=True)
class Themes:
    """Themes of one question, the largest first.

    ``top_words[i]`` are of theme i + 1; ``theme_of_answer`` has 1 … for the main theme, 0 for none;
    ``weight_of_answer`` the weight in it. ``n_fitted`` themes were fitted: those that are no answer's main
    theme are left out. Without themes ``reason`` says why.
    """

    top_words: tuple[tuple[str, ...], ...]
    theme_of_answer: np.ndarray
    weight_of_answer: np.ndarray
    agreements: tuple[Agreement, ...] = ()
    n_fitted: int = 0
    reason: str = ""


def find_themes(
    texts: Sequence[str], respondents: Sequence[str], seed: int, rules: ThemeRules | None = None
) -> Themes:
    """Group scrubbed ``texts`` by theme; ``respondents`` tell who wrote which.

    Deterministic: the same answers, in any order, with the same seed give the same themes.
    """
    rules = rules or ThemeRules()
    if len(texts) < rules.least_answers:
        return _ungrouped(texts, f"fewer than {rules.least_answers} answers: not grouped into themes")
    vocabulary = vocabulary_of(texts, respondents, rules.least_respondents)
    most = min(rules.most_themes, len(texts) // rules.answers_per_theme, len(vocabulary) - 1)
    if most < 2:
        return _ungrouped(texts, "too few words in common: not grouped into themes")
    order = np.array(sorted(range(len(texts)), key=lambda i: (texts[i], respondents[i])))
    weights = _tfidf([texts[i] for i in order], vocabulary)
    drawn = _draw(weights.shape[0], rules.most_fitted, np.random.default_rng(seed))
    agreements = tuple(Agreement(n, _agreement(weights[drawn], n, seed, rules)) for n in range(2, most + 1))
    best = max(found.agreement for found in agreements)
    n_themes = max(
        found.n_themes for found in agreements if found.agreement >= best - rules.agreement_tolerance
    )
    directions = _directions(weights[drawn], n_themes, seed)
    return _assigned(weights, order, directions, vocabulary, agreements, rules)


def _ungrouped(texts: Sequence[str], reason: str) -> Themes:
    nothing = np.zeros(len(texts))
    return Themes((), nothing.astype(int), nothing, reason=reason)


def _tfidf(texts: Sequence[str], vocabulary: Sequence[str]) -> csr_matrix:
    """Rows of length 1 (0 where an answer has no word of the vocabulary)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=telling_words, vocabulary=vocabulary)
    return vectorizer.fit_transform(texts)


def _draw(n: int, most: int, generator: np.random.Generator) -> np.ndarray:
    return np.arange(n) if n <= most else np.sort(generator.choice(n, most, replace=False))


def _directions(weights: csr_matrix, n_themes: int, seed: int) -> np.ndarray:
    """Word weights of each theme, shape (themes, words), rows of length 1 (0 for an empty theme)."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    model = NMF(n_themes, init="nndsvd", random_state=seed, max_iter=_ITERATIONS, tol=1e-3)
    # The order of the words settles long before the last digit of their weights. Matrices are so small that
    # threads wait for each other.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(weights)
    length = np.linalg.norm(model.components_, axis=1, keepdims=True)
    return model.components_ / np.where(length > 0, length, 1)


def _agreement(weights: csr_matrix, n_themes: int, seed: int, rules: ThemeRules) -> float:
    """Mean agreement of the themes of random subsets with those of all answers, best matched."""
    whole = _ranked_words(_directions(weights, n_themes, seed), rules.n_compared_words)
    generator = np.random.default_rng(seed + n_themes)
    n_answers = weights.shape[0]
    n_drawn = max(n_themes, round(rules.refit_share * n_answers))
    found = []
    for _ in range(rules.n_refits):
        subset = np.sort(generator.choice(n_answers, n_drawn, replace=False))
        refitted = _ranked_words(_directions(weights[subset], n_themes, seed), rules.n_compared_words)
        found.append(_matched_agreement(whole, refitted))
    return float(np.mean(found))


def _ranked_words(directions: np.ndarray, n_words: int) -> list[list[int]]:
    """Positions of the heaviest words of each theme; words without weight are none of its words."""
    ranked = np.argsort(-directions, axis=1, kind="stable")[:, :n_words]
    return [
        [int(word) for word in row if theme[word] > 0] for row, theme in zip(ranked, directions, strict=True)
    ]


def _matched_agreement(first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]) -> float:
    from scipy.optimize import linear_sum_assignment

    alike = np.array([[average_jaccard(a, b) for b in second] for a in first])
    rows, columns = linear_sum_assignment(-alike)
    return float(alike[rows, columns].mean())


def average_jaccard(first: Sequence[int], second: Sequence[int]) -> float:
    """Agreement of two ranked lists, 0 to 1: mean overlap of their first 1, 2, … words.

    Greene, O'Callaghan and Cunningham (2014), equation 2. Lists of unlike length are compared to the longer.
    """
    depth = max(len(first), len(second))
    if depth == 0:
        return 0.0
    overlaps = [
        len(set(first[:n]) & set(second[:n])) / len(set(first[:n]) | set(second[:n]))
        for n in range(1, depth + 1)
    ]
    return sum(overlaps) / depth


def _assigned(
    weights: csr_matrix,
    order: np.ndarray,
    directions: np.ndarray,
    vocabulary: Sequence[str],
    agreements: tuple[Agreement, ...],
    rules: ThemeRules,
) -> Themes:
    alike = np.asarray(weights @ directions.T)  # cosines: both have length 1
    main = alike.argmax(axis=1)
    weight = alike.max(axis=1)
    is_told = weight >= rules.least_weight
    sizes = np.bincount(main[is_told], minlength=len(directions))
    by_size = [int(theme) for theme in np.argsort(-sizes, kind="stable") if sizes[theme]]
    number = np.zeros(len(directions), dtype=int)
    number[by_size] = np.arange(1, len(by_size) + 1)
    theme_of_answer = np.empty(len(order), dtype=int)
    weight_of_answer = np.empty(len(order))
    theme_of_answer[order] = np.where(is_told, number[main], OTHER)
    weight_of_answer[order] = weight
    top_words = tuple(_top_words(directions[theme], vocabulary, rules) for theme in by_size)
    return Themes(top_words, theme_of_answer, weight_of_answer, agreements, len(directions))


def _top_words(direction: np.ndarray, vocabulary: Sequence[str], rules: ThemeRules) -> tuple[str, ...]:
    ranked = np.argsort(-direction, kind="stable")[: rules.n_top_words]
    least = rules.least_word_weight * direction.max()
    return tuple(vocabulary[word] for word in ranked if direction[word] >= max(least, 1e-12))
