import json

from digitus.nn.fitting.history import Epoch, History

EPOCH = Epoch(
    epoch=1,
    loss=0.5,
    accuracy=0.9,
    validation_loss=None,
    validation_accuracy=0.8,
    rate=0.1,
    gradient_norms=[1.0, 2.0],
    seconds=0.25,
)


def test_a_history_survives_json():
    history = History([EPOCH, EPOCH])
    assert History.from_json(json.loads(json.dumps(history.to_json()))) == history


def test_a_new_history_has_no_first_gradient():
    assert History().first_gradient_norms is None
