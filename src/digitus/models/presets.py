r"""Presets: the networks of the five original systems, and those that ship.

The shipped files were written by `digitus train`::

    digitus train --preset mlp --out mlp.safetensors

    digitus train --preset cnn --out first.safetensors
    digitus train --preset cnn --start-from first.safetensors --validation 5000 --averaged 22 \
        --schedule constant --rate 0.001 --epochs 24 --seed 1 --out cnn.safetensors

The preset ``cnn`` alone is the first of its two runs; it reaches 99.56 % on MNIST's test images.
The second holds out 5,000 rows fewer and averages the weights of the last 22 of 24 epochs; the
shipped file, with both, reaches 99.64 %. The record in a model file, printed by
``digitus model info --json``, holds the config of its run and of the run that it started from.
"""

from dataclasses import dataclass, replace

from digitus.models.config import TrainingConfig


@dataclass(frozen=True)
class Preset:
    """A named training config.

    Attributes:
        title: what it is, in one line.
        config: of the network and its training.
        claim: accuracy that the original system claims, or None.
        claim_source: where it claims that.
    """

    title: str
    config: TrainingConfig
    claim: float | None = None
    claim_source: str = "none made"


_S1 = TrainingConfig(
    hidden=(100,),
    activation="sigmoid",
    output="sigmoid",
    weights="uniform:0.15",
    biases="uniform:0.15",
    optimizer="lbfgs",
    l2=0.1,
    epochs=70,
    batch_size=None,
    validation=0,
)

_S2 = TrainingConfig(
    hidden=(10,),
    weights="uniform:0.5",
    biases="uniform:0.5",
    optimizer="sgd",
    rate=0.1,
    epochs=500,
    batch_size=None,
    validation=0,
)

PRESETS: dict[str, Preset] = {
    "s0": Preset(
        "784-100-10, ReLU and softmax, mini-batch SGD in stages",
        TrainingConfig(
            hidden=(100,),
            weights="glorot_uniform",
            biases="uniform:0.1",
            normalizer="zscore",
            optimizer="sgd",
            schedule="staged",
            stages={"0": 10**-1.1, "2": 10**-1.5, "3": 10**-1.6, "4": 10**-1.7},
            rate=10**-1.1,
            epochs=5,
            batch_size=50,
            validation=0,
        ),
    ),
    "s1": Preset(
        "784-100-10, sigmoid throughout, L-BFGS-B",
        _S1,
        claim=0.9732,
        claim_source="its text; its code tests on training rows",
    ),
    "s1-tuned": Preset(
        "the same network and optimizer, lambda and iterations chosen on validation rows",
        replace(_S1, l2=2.0, epochs=300),
        claim=0.9732,
        claim_source="S1's text",
    ),
    "s2": Preset(
        "784-10-10, ReLU and softmax, 500 full-batch steps",
        _S2,
        claim_source="only in images",
    ),
    "s3": Preset(
        "784-128-64-10, ReLU and softmax, 600 full-batch steps three times over",
        TrainingConfig(
            optimizer="sgd",
            rate=0.01,
            epochs=3 * 600,  # S3 resumes from its file; 600 steps alone stay below its claim
            batch_size=None,
            validation=0,
            seed=42,
        ),
        claim=0.9091,
        claim_source="its weight file, checked",
    ),
    "s4": Preset(
        "784-10-10, ReLU and softmax, 1,000 full-batch steps",
        replace(_S2, epochs=1000),
        claim=0.854,
        claim_source="its text",
    ),
    "cnn": Preset(
        "four convolutions, each normalized, AdamW in one cycle, augmentation and negatives",
        TrainingConfig(
            network="cnn",
            optimizer="adamw",
            schedule="one_cycle",
            rate=4e-3,
            weight_decay=0.05,
            epochs=100,
            batch_size=128,
            augmentation=True,
            negatives=True,
            threads=2,
        ),
    ),
    "mlp": Preset(
        "784-128-64-10, ReLU and softmax, AdamW in one cycle, augmentation",
        TrainingConfig(
            optimizer="adamw",
            schedule="one_cycle",
            rate=3e-3,
            weight_decay=0.05,
            epochs=60,
            batch_size=128,
            augmentation=True,
            threads=2,
        ),
    ),
}
