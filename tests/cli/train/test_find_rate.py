"""``digitus train --find-rate``: its table, its JSON and its plot."""

from math import inf

import click
import pytest
from PIL import Image

from digitus.cli.train.find_rate import show_rates
from digitus.data import load
from digitus.models.config import TrainingConfig

FOUND = [(0.01, 0.9), (0.1, 0.4), (1.0, inf)]


@pytest.fixture
def show(drawn, tmp_path, monkeypatch):
    """Show the given rates instead of trying any; return the model file's path."""
    monkeypatch.setattr("digitus.training.find_rates", lambda config, data: FOUND)

    def call(*, as_json, **changes):
        out = tmp_path / "m.safetensors"
        show_rates(TrainingConfig(**changes), load(drawn), out=out, as_json=as_json)
        return out

    return call


def test_the_rate_with_the_lowest_loss_is_marked(show, capsys):
    show(as_json=False)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["0.10000", "0.4000", "lowest"] in rows
    assert ["0.01000", "0.9000"] in rows


def test_a_diverged_loss_is_null_in_json(show, capsys):
    out = show(as_json=True)
    printed = capsys.readouterr().out
    assert '"best": 0.1' in printed
    assert "null" in printed
    assert "Infinity" not in printed
    assert str(out.with_name("m.rates.png")) in printed


def test_the_plot_is_written_beside_the_model_which_is_not(show):
    out = show(as_json=True)
    with Image.open(out.with_name("m.rates.png")) as image:
        assert image.width > 300
    assert not out.exists()


def test_lbfgs_has_no_rate_to_search(show):
    with pytest.raises(click.UsageError, match="no learning rate"):
        show(as_json=False, optimizer="lbfgs")
