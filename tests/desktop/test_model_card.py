"""The card of a model."""

import dataclasses

import pytest

from digitus.desktop.model_card import ModelCard
from digitus.models import load_model


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_the_card_has_architecture_parameters_scores_and_date(qtbot, name):
    model = load_model(name)
    card = ModelCard(model)
    qtbot.addWidget(card)
    facts = dict(card.facts(model))
    assert facts["Architecture"].startswith("784-")
    assert facts["Parameters"] == f"{model.network.parameters.size:,}"
    assert model.record["date"] in facts["Trained"]
    assert f"{100 * model.record['scores']['test']['accuracy']:.2f} %" in facts["Score (test)"]


def test_a_model_without_a_record_says_so(qtbot):
    model = dataclasses.replace(load_model("mlp"), record={}, digit_threshold=0.0)
    card = ModelCard(model)
    qtbot.addWidget(card)
    facts = dict(card.facts(model))
    assert facts["Trained"] == "not recorded"
    assert facts["Not a digit"].startswith("never")
