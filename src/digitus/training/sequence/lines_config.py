"""The config of the preset ``lines``: how the sequence models are trained."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class LinesConfig:
    """How to train the sequence models; every field is written into the record of the file.

    The defaults are those of the shipped file.

    Attributes:
        lines: lines in an epoch of the network, 20,000 in the shipped file. All other numbers of
            lines, strings and pages are in proportion.
        epochs: of the network; 0 keeps the weights that a run starts from, and fits the rest anew.
        rate: largest learning rate of the network's first round; half of it in the second.
        validation: last training images, which the network does not see: three fifths of them write
            the lines that the scorer is trained on, the others those for calibration and curves.
        seed: of everything that is drawn.
        threads: that train the network and write lines. The same seed gives the same file only
            with the same number of threads.

    Raises:
        ValueError: if a number is out of range.
    """

    lines: int = 20_000
    epochs: int = 28
    rate: float = 0.003
    validation: int = 5_000
    seed: int = 6
    threads: int = 2

    def __post_init__(self) -> None:
        """Refuse what would train nothing."""
        for name, least in (("lines", 50), ("epochs", 0), ("validation", 1000), ("threads", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: expected {least} or more, got {getattr(self, name)}")
        if not 0 < self.rate < 1:
            raise ValueError(f"rate: expected a number between 0 and 1, got {self.rate}")

    def to_json(self) -> dict[str, Any]:
        """Return the config as JSON types."""
        return asdict(self)

    @property
    def first_round(self) -> int:
        """Epochs of the first round, 13 of 28; the others are the second."""
        return max(1, round(self.epochs * 13 / 28))

    @property
    def written_lines(self) -> int:
        """Lines made for each round, from which every epoch takes others: 50,000."""
        return self.lines * 5 // 2

    @property
    def scorer_lines(self) -> int:
        """Lines that the scorer is trained on: 4,000."""
        return self.lines // 5

    @property
    def text_weight_lines(self) -> int:
        """Lines, as many degraded ones and of pages, that the text weight is chosen on: 500."""
        return max(2, self.lines // 40)

    @property
    def calibration_lines(self) -> int:
        """Strings that the confidences are calibrated on: 6,000."""
        return self.lines * 3 // 10

    @property
    def curve_strings(self) -> int:
        """Strings of the second error curve: 2,000."""
        return self.lines // 10

    @property
    def curve_pages(self) -> int:
        """Pages of the first error curve: 210."""
        return max(2, self.lines * 210 // 20_000)

    @property
    def scorer_images(self) -> int:
        """Training images that write the scorer's lines: 3,000."""
        return self.validation * 3 // 5
