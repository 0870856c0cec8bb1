"""The benchmarks are scripts: their folder is where they look for each other."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def script(monkeypatch) -> Callable[[str], ModuleType]:
    """Import a script, or a module that scripts share, by its name."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


@dataclass
class FakeReader:
    """Finds what it was told to find, whatever the image: numbers, of which some are doubtful."""

    numbers: list[tuple[str, bool]]
    images: list[Any] = field(default_factory=list)
    grids: list[Any] = field(default_factory=list)

    def read(self, image: Any) -> Any:
        self.images.append(image)
        found = [SimpleNamespace(text=text, to_check=doubt) for text, doubt in self.numbers]
        line = SimpleNamespace(numbers=found)
        return SimpleNamespace(pages=[SimpleNamespace(lines=[line], grids=self.grids)])


@pytest.fixture
def fake_reader() -> Callable[..., FakeReader]:
    """Make a reader that finds the given numbers; a "!" behind one marks it to be checked."""

    def make(*texts: str) -> FakeReader:
        return FakeReader([(text.rstrip("!"), text.endswith("!")) for text in texts])

    return make
