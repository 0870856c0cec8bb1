"""Benchmarks are scripts that import each other from their own folder."""

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
    """Return a function that imports a benchmark, or a module that they share, by name."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


@dataclass
class FakeReader:
    """Returns the same numbers for every image, some of them flagged."""

    numbers: list[tuple[str, bool]]
    images: list[Any] = field(default_factory=list)
    grids: list[Any] = field(default_factory=list)

    def read(self, image: Any) -> Any:
        self.images.append(image)
        found = [SimpleNamespace(digit_text=text, to_check=flag) for text, flag in self.numbers]
        line = SimpleNamespace(numbers=found)
        return SimpleNamespace(pages=[SimpleNamespace(lines=[line], grids=self.grids)])


@pytest.fixture
def fake_reader() -> Callable[..., FakeReader]:
    """Make a reader that finds the given numbers; those that end with "!" are flagged."""

    def make(*texts: str) -> FakeReader:
        return FakeReader([(text.rstrip("!"), text.endswith("!")) for text in texts])

    return make
