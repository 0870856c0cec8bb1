import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from digitus.evaluation import evaluate

# Three classes, ten samples: true 0 0 0 0 0 0 1 1 1 2, read as 0 0 0 0 0 1 1 1 2 0.
TRUE = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 2])
READ = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2, 0])


def sure(answers, k):
    """Return probabilities (n, k) of 0.9 for the given answers."""
    return np.where(np.eye(k, dtype=bool)[answers], 0.9, 0.1 / (k - 1))


@pytest.fixture
def three():
    return evaluate(sure(READ, 3), TRUE)


@st.composite
def cases(draw):
    n, k = draw(st.integers(1, 60)), draw(st.integers(1, 10))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    coarse = rng.integers(1, 5, size=(n, k)).astype(float)  # few values, so that ties occur
    return coarse / coarse.sum(axis=1, keepdims=True), rng.integers(0, k, n)


@settings(deadline=None, max_examples=40)
@given(cases())
def test_accuracy_is_the_share_counted_one_by_one(case):
    probabilities, labels = case
    hits = sum(
        max(range(len(row)), key=lambda digit: row[digit]) == label
        for row, label in zip(probabilities, labels, strict=True)
    )
    assert evaluate(probabilities, labels).accuracy == hits / len(labels)


@settings(deadline=None, max_examples=40)
@given(cases())
def test_errors_and_hits_make_up_all_samples(case):
    result = evaluate(*case)
    assert result.errors + np.trace(result.confusion) == result.n == len(case[1])


@settings(deadline=None, max_examples=40)
@given(cases())
def test_accuracy_of_a_digit_is_diagonal_over_row_sum(case):
    result = evaluate(*case)
    rows = zip(result.per_class, np.diag(result.confusion), result.confusion, strict=True)
    for scores, hits, row in rows:
        assert scores.accuracy == (pytest.approx(hits / row.sum()) if row.sum() else None)


def test_ten_classes_give_ten_scores_even_if_a_digit_is_absent():
    result = evaluate(sure(np.array([3, 3]), 10), [3, 4])
    assert [scores.digit for scores in result.per_class] == list(range(10))


def test_rows_of_the_confusion_matrix_are_true_digits(three):
    assert three.confusion.tolist() == [[5, 1, 0], [0, 2, 1], [1, 0, 0]]


def test_confusion_matrix_is_that_of_scikit_learn():
    rng = np.random.default_rng(1)
    labels, answers = rng.integers(0, 10, 300), rng.integers(0, 10, 300)
    theirs = confusion_matrix(labels, answers, labels=range(10))
    np.testing.assert_array_equal(evaluate(sure(answers, 10), labels).confusion, theirs)


def test_precision_divides_by_the_answers_of_the_digit(three):
    assert [scores.precision for scores in three.per_class] == pytest.approx([5 / 6, 2 / 3, 0])


def test_recall_divides_by_the_samples_of_the_digit(three):
    assert [scores.recall for scores in three.per_class] == pytest.approx([5 / 6, 2 / 3, 0])


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    result = evaluate(sure(np.array([0, 0, 0, 1]), 2), [0, 0, 1, 1])
    assert [scores.f1 for scores in result.per_class] == pytest.approx([0.8, 2 / 3])


def test_macro_precision_is_not_accuracy(three):
    assert (three.macro.precision, three.accuracy) == (pytest.approx(0.5), pytest.approx(0.7))


def test_macro_means_ignore_digits_that_do_not_occur():
    result = evaluate(sure(np.array([3, 7]), 10), [3, 7])
    assert result.macro == (1.0, 1.0, 1.0)


def test_interval_is_that_of_wilson():
    result = evaluate(sure(np.array([0] * 9 + [1]), 2), [0] * 10)
    assert result.accuracy_interval == pytest.approx((0.59585, 0.98212), abs=1e-5)


def test_ties_go_to_the_lower_digit():
    assert evaluate([[0.2, 0.4, 0.4]], [1]).accuracy == 1


def test_surest_mistakes_are_in_order_of_descending_confidence():
    probabilities = [[0.6, 0.4], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8], [0.0, 1.0]]
    result = evaluate(probabilities, [1, 1, 0, 0, 1])
    assert result.surest_mistakes.tolist() == [1, 2, 3, 0]


def test_one_class_alone_can_be_evaluated():
    assert evaluate(np.ones((3, 1)), [0, 0, 0]).confusion.tolist() == [[3]]


def test_labels_may_be_bytes():
    assert evaluate(sure(READ, 3), TRUE.astype(np.uint8)).errors == 3


@pytest.mark.parametrize(
    ("probabilities", "labels", "reason"),
    [
        (np.empty((0, 3)), [], "needs at least one"),
        ([0.2, 0.8], [1], "got shape"),
        ([[0.2, 0.8]], [1, 0], "one per row"),
        ([[0.2, 0.8]], [[1]], "one per row"),
        ([[0.5, 0.5], [np.nan, 0.8]], [1, 0], "row 1 does not or is NaN"),
        ([[1.5, -0.5]], [1], "between 0 and 1"),
        ([[0.9, 0.8]], [1], "row 0 sums to 1.7"),
        ([[0.2, 0.8]], [2], "row 0 has 2"),
        ([[0.2, 0.8]], [-1], "row 0 has -1"),
        ([[0.2, 0.8]], [0.5], "integers"),
    ],
)
def test_invalid_input_is_refused_with_the_reason(probabilities, labels, reason):
    with pytest.raises(ValueError, match=reason):
        evaluate(probabilities, labels)


@pytest.mark.mnist
def test_row_sums_on_the_mnist_test_set_are_its_class_sizes(mnist):
    labels = mnist.test.labels
    result = evaluate(np.full((len(labels), 10), 0.1), labels)
    sizes = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert result.confusion.sum(axis=1).tolist() == sizes
