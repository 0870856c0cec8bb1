"""The models that the page is opened with: the shipped ones, or one of the user's first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unicodedata import category

from digitus.errors import ModelFileError
from digitus.models.architecture import title
from digitus.models.model import Model
from digitus.models.shipped import SHIPPED, load_digit_model, shipped_file


@dataclass(frozen=True)
class PageModel:
    """A model and the bytes of its file.

    Attributes:
        model: as read from the file.
        content: the file.
    """

    model: Model
    content: bytes

    @property
    def name(self) -> str:
        """Return the name under which the page lists the model, and which addresses can hold."""
        signs = self.model.name
        shown = "".join("\N{REPLACEMENT CHARACTER}" if category(c)[0] == "C" else c for c in signs)
        return shown if shown.strip(". ") else "model"

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """Return the description for ``/api/models``, as JSON."""
        network = self.model.network
        return {
            "name": self.name,
            "title": title(network),
            "parameters": int(network.parameters.size),
            "declines": self.model.digit_threshold > 0,
            "bytes": len(self.content),
        }


def page_models(name_or_path: str | None, *, alone: bool = False) -> list[PageModel]:
    """Return the models of the page, the chosen one first.

    Args:
        name_or_path: a shipped name or a model file; None is the default model.
        alone: leave out the other shipped models if one is chosen.

    Raises:
        ModelFileError: if the model cannot be read, or does not read images of digits.
    """
    chosen = [] if name_or_path is None else [str(name_or_path)]
    names = chosen if chosen and alone else [*chosen, *SHIPPED]
    models = [_page_model(name) for name in dict.fromkeys(names)]
    return list({one.name: one for one in reversed(models)}.values())[::-1]


def _page_model(name: str) -> PageModel:
    model = load_digit_model(name)
    path = shipped_file(name) if name in SHIPPED else Path(name)
    try:
        return PageModel(model, path.read_bytes())
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read ({error.strerror or error})") from error
