"""The walk through the test images, its numbers and its score; no widgets."""

import numpy as np
import pytest

from digitus.data import Samples
from digitus.data.sources.watching import Watch
from digitus.desktop.test_set.walk import Score, Walk, find_mistakes, is_right, parse_number
from digitus.errors import Cancelled
from digitus.models.model import split_classes
from digitus.recognizer import Prediction, Recognizer


def walk(n=20, seed=0):
    return Walk(n, np.random.default_rng(seed))


def test_the_same_seed_walks_the_same_images():
    one, other = walk(10_000), walk(10_000)
    assert [one.random() for _ in range(50)] == [other.random() for _ in range(50)]
    assert [walk(10_000, seed=1).random() for _ in range(3)] != [one.random() for _ in range(3)]


def test_no_image_is_repeated_before_all_were_shown():
    one = walk(20)
    assert sorted(one.random() for _ in range(20)) == list(range(20))


@pytest.mark.parametrize(("start", "by", "there"), [(3, 1, 4), (3, -1, 2), (19, 1, 0), (0, -1, 19)])
def test_steps_go_by_number_and_wrap_around(start, by, there):
    one = walk(20)
    one.go(start)
    assert one.step(by) == there


def test_a_restricted_walk_visits_these_images_only():
    one, wanted = walk(20), np.isin(np.arange(20), [2, 5, 11])
    one.restrict_to(wanted)
    assert {one.random() for _ in range(6)} == {2, 5, 11}
    one.go(4)
    assert one.step(1) == 5
    assert one.step(1) == 11
    assert one.step(1) == 2
    one.restrict_to(None)
    assert one.step(1) == 3


def test_without_a_reachable_image_there_is_no_next():
    one = walk(20)
    one.restrict_to(np.zeros(20, bool))
    assert one.random() is None
    assert one.step(1) is None


def test_a_mask_of_another_set_and_an_empty_set_are_refused():
    with pytest.raises(ValueError, match="mask"):
        walk(20).restrict_to(np.ones(3, bool))
    with pytest.raises(ValueError, match="at least one"):
        walk(0)


@pytest.mark.parametrize("text", ["10000", "-1", "7.5", "seven", "", "  ", "9" * 5000, "1e3"])
def test_an_invalid_number_is_a_sentence(text):
    with pytest.raises(ValueError, match="go from 0 to 9999"):
        parse_number(text, 10_000)


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 9999 ", 9999), ("0042", 42)])
def test_a_valid_number_is_parsed(text, number):
    assert parse_number(text, 10_000) == number


def test_an_image_counts_once_with_its_latest_answer():
    score = Score()
    for is_it in (False, True, True):
        score.count(3, is_right=is_it)
    score.count(4, is_right=False)
    assert (len(score.right), len(score.seen)) == (1, 2)
    score.clear()
    assert (len(score.right), len(score.seen)) == (0, 0)


def test_a_declined_image_is_not_right():
    assert is_right(Prediction("digit", digit=4, best_guess=4), 4)
    assert not is_right(Prediction("not_a_digit", best_guess=4), 4)


class FirstPixel:
    """Reads the first pixel as the digit."""

    digit_threshold = 0.0

    def classify(self, pixels):
        answers = pixels[:, 0].round().astype(int)
        return split_classes(np.eye(10)[answers])


@pytest.fixture
def samples():
    """450 images, every seventh with another label than the network's answer."""
    pixels = np.full((450, 784), 200, np.uint8)
    pixels[:, 0] = np.arange(450) % 10
    wrong = np.arange(450) % 7 == 0
    return Samples(pixels, (pixels[:, 0] + wrong) % 10, "made up")


def test_the_mistakes_are_what_single_predictions_get_wrong(samples):
    recognizer, seen = Recognizer(FirstPixel()), []
    watch = Watch(lambda *report: seen.append(report))
    mistakes = find_mistakes(recognizer, samples, watch)
    alone = [recognizer.predict(row).digit for row in samples.pixels]
    np.testing.assert_array_equal(mistakes.wrong, alone != samples.labels)
    np.testing.assert_array_equal(mistakes.all, mistakes.wrong)
    assert mistakes.wrong.sum() == 65
    assert seen[0] == ("the test set", 0, 450)
    assert seen[-1] == ("the test set", 450, 450)


def test_the_search_for_mistakes_can_be_stopped(samples):
    with pytest.raises(Cancelled):
        find_mistakes(Recognizer(FirstPixel()), samples, Watch(cancelled=lambda: True))


def test_images_without_labels_have_no_mistakes_to_find(samples):
    unlabelled = Samples(samples.pixels, None, "made up")
    with pytest.raises(ValueError, match="no labels"):
        find_mistakes(Recognizer(FirstPixel()), unlabelled, Watch())
