"""The words that DESIGN retired stay out of the source and the documents, names included."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "docs")
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
TEXT_SUFFIXES = frozenset(
    {".py", ".md", ".in", ".json", ".toml", ".txt", ".css", ".js", ".html", ".svg", ".pyi"}
)
RETIRED = frozenset(
    {
        "rubbish",  # negatives
        "hands",  # augmentation
        "worn",  # degraded, augmented
        "heed",  # weight
        *("lesson", "lessons", "exercise", "exercises"),  # synthesis
        *("recipe", "recipes"),  # training config, preset
        "road",  # preprocessing
        *("judge", "judges", "judged", "judging", "judgement", "judgements"),  # classify, score
        "skills",  # models
        "opinions",  # probabilities
        *("promise", "promises", "promised", "promising"),  # error bound
        "hereabouts",  # threshold
    }
)
NAMES_OF_JAVASCRIPT = re.compile(r"\bPromise\b")  # the language's class
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def retired_words(text: str) -> list[str]:
    """Return the retired words of a text: whole, or parts of snake_case and CamelCase names."""
    return [part for part in map(str.lower, _PARTS.findall(text)) if part in RETIRED]


def texts() -> Iterator[Path]:
    """Find the text files of the source and the documents."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in TEXT_SUFFIXES and path.is_file():
                yield path
    yield from (ROOT / page for page in PAGES)


def places(path: Path, *, root: Path = ROOT) -> Iterator[str]:
    """Name each retired word of a file, in its name and on its lines."""
    name = path.relative_to(root)
    yield from (f"{name}: {word} in the file's name" for word in retired_words(str(name)))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        text = NAMES_OF_JAVASCRIPT.sub("", text)
    for number, line in enumerate(text.splitlines(), 1):
        yield from (f"{name}:{number}: {word}" for word in retired_words(line))


def test_no_retired_word_stands_in_the_source_or_the_documents():
    assert [place for path in texts() for place in places(path)] == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Draw rubbish.", "rubbish"),
        ("rubbish_patches(rng)", "rubbish"),
        ("class RubbishShare:", "rubbish"),
        ("RUBBISH_SHARE = 0.1", "rubbish"),
        ("def _judge_line(self):", "judge"),
        ("the Road to the patch", "road"),
        ("as_promise(error)", "promise"),
        ("--no-hands", "hands"),
        ("many hands wrote", "hands"),
        ("many_hands = 3", "hands"),
        ("class ManyHands:", "hands"),
        ("hands_on", "hands"),
    ],
)
def test_a_retired_word_is_found(text, word):
    assert retired_words(text) == [word]


@pytest.mark.parametrize(
    "text", ["broad", "abroad", "threads", "handshake", "_handshakes", "sworn", "compromise"]
)
def test_a_word_that_only_contains_a_retired_one_is_free(text):
    assert retired_words(text) == []


def test_names_of_files_are_read_too(tmp_path):
    path = tmp_path / "src" / "lessons.py"
    path.parent.mkdir()
    path.write_text("x = 1\nopinions = 2\n")
    assert list(places(path, root=tmp_path)) == [
        "src/lessons.py: lessons in the file's name",
        "src/lessons.py:2: opinions",
    ]


def test_javascripts_own_name_is_free_in_javascript_alone(tmp_path):
    for name in ("a.js", "b.py"):
        (tmp_path / name).write_text("x: Promise\ny: promise\n")
    assert list(places(tmp_path / "a.js", root=tmp_path)) == ["a.js:2: promise"]
    assert len(list(places(tmp_path / "b.py", root=tmp_path))) == 2


def test_there_are_texts_to_read():
    found = {path.suffix for path in texts()}
    assert {".py", ".md", ".json"} <= found
