"""Wrong usage of ``digitus train`` is refused before any data is loaded."""

import pytest

from digitus.cli.train.command import _PRESETS
from digitus.cli.train.config_options import make_config
from digitus.models.presets import PRESETS

WRONG = [
    "--preset s9",
    "--rate -1",
    "--rate 0",
    "--rate nan",
    "--rate inf",
    "--dropout 1.5",
    "--dropout 1",
    "--dropout -0.1",
    "--hidden 128,x",
    "--hidden 128,0",
    "--hidden -3",
    "--hidden 1.5",
    "--batch-size 0",
    "--batch-size -5",
    "--batch-size some",
    "--epochs 0",
    "--epochs 1.5",
    "--momentum 1 --optimizer momentum",
    "--label-smoothing 1",
    "--label-smoothing nan",
    "--l2 -1",
    "--l2 nan",
    "--warm-up -1",
    "--weight-decay -1 --optimizer adamw",
    "--stages 5",
    "--stages 0:x",
    "--stages 0:-1",
    "--stages 1:0.1",
    "--schedule staged",
    "--schedule nonsense",
    "--activation nonsense",
    "--output nonsense",
    "--optimizer nonsense",
    "--normalizer nonsense",
    "--weights nonsense",
    "--weights uniform:",
    "--weights uniform:-1",
    "--biases uniform:x",
    "--seed -1",
    "--split-seed -1",
    "--validation -1",
    "--patience 0",
    "--patience 3 --validation 0",
    "--patience 3 --preset s0",
    "--optimizer lbfgs --dropout 0.2",
    "--optimizer lbfgs --patience 2",
    "--optimizer lbfgs --hard-rounds 1",
    "--output sigmoid --label-smoothing 0.1",
    "--find-rate --resume",
    "--find-rate --optimizer lbfgs",
    "--lines 100",
    "--preset lines --lines 5",
    "--preset lines --validation 10",
    "--preset lines --find-rate",
    "--preset lines --epochs 0",
    "--epochs 0",
    "--preset cnn --epochs 0",
]
IDLE = [
    "--momentum 0.5",
    "--weight-decay 0.1",
    "--preset s1 --rate 0.1",
    "--preset s1 --batch-size 100",
    "--preset s0 --rate 0.1",
    "--stages 0:0.1 --schedule constant",
    "--preset lines --hidden 8",
    "--preset lines --augmentation",
]


@pytest.mark.parametrize("line", WRONG)
def test_wrong_options_are_exit_2_with_nothing_on_stdout(digitus, drawn, line):
    words = line.split()
    held = [] if "--validation" in words else ["--validation", "0" if "s0" in words else "20"]
    result = digitus("train", "--data", drawn, *held, *words)
    assert (result.code, result.out) == (2, "")
    assert "Error: " in result.err


def test_no_epoch_is_refused_where_nothing_is_started_from(digitus):
    for words, why in ((("--preset", "lines"), "--start-from"), ((), "--preset lines")):
        result = digitus("train", *words, "--epochs", 0)
        assert result.code == 2
        assert why in result.err.splitlines()[-1]


@pytest.mark.parametrize("line", IDLE)
def test_an_option_without_effect_is_refused_instead_of_ignored(digitus, line):
    result = digitus("train", *line.split())
    assert result.code == 2
    assert "no effect" in result.err


def test_every_preset_can_be_chosen():
    assert sorted(_PRESETS) == sorted([*PRESETS, "lines"])


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_without_options_is_the_preset(name):
    assert make_config(name, {"hidden": None}) == PRESETS[name].config


def test_given_stages_choose_the_staged_schedule():
    assert make_config(None, {"stages": {"0": 0.1}}).schedule == "staged"


def test_a_full_batch_is_all_rows():
    assert make_config(None, {"batch_size": 0}).batch_size is None
