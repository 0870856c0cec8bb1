"""Sentences for clients name no folder of the server."""

import pytest

from digitus.web.access.sentences import without_folders


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("/srv/data/t10k.gz: damaged; delete it", "t10k.gz: damaged; delete it"),
        ("the folder /home/Ada Lovelace/my data/mnist/ is empty", "the folder mnist is empty"),
        ("'/srv/a.png': no image (/tmp/x)", "'a.png': no image (x)"),
        (r"C:\Users\Ada L\x.db is locked", "x.db is locked"),
        ("sqlite:////home/ada/review.db: no space", "sqlite:review.db: no space"),
        ("open https://example.org/a/b or a/b", "open https://example.org/a/b or a/b"),
        ("3/4 of 12 / 16, and/or 1/2", "3/4 of 12 / 16, and/or 1/2"),
    ],
)
def test_a_path_is_shortened_to_its_last_name(sentence, wanted):
    assert without_folders(sentence) == wanted
