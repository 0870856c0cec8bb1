"""The settings of the page's training: presets like Python's, and links of any content."""

from dataclasses import asdict
from typing import Any

import pytest

from digitus.models.config import TrainingConfig
from digitus.models.presets import PRESETS

FIELDS = {
    "hidden": "hidden",
    "activation": "activation",
    "slope": "slope",
    "output": "output",
    "inputBias": "input_bias",
    "weights": "weights",
    "biases": "biases",
    "normalizer": "normalizer",
    "optimizer": "optimizer",
    "momentum": "momentum",
    "rate": "rate",
    "epochs": "epochs",
    "batchSize": "batch_size",
    "l2": "l2",
    "dropout": "dropout",
    "seed": "seed",
}
PAGE_ONLY = {"preset", "nImages", "shift", "trainShift", "stages"}
"""What Python's config has not, or writes otherwise."""

ADAM_FOR_LBFGS = {"optimizer", "rate", "epochs", "batchSize", "l2"}
"""Settings of S1, which the page trains in mini-batches."""


NONSENSE = (
    ("preset=s9", "s9"),
    ("hidden=abc", "abc"),
    ("hidden=100000", "100000"),
    ("hidden=10,10,10,10,10", "10,10,10,10,10"),
    ("hidden=", "hidden"),
    ("hidden=1e1,-3", "-3"),
    ("rate=-1", "-1"),
    ("rate=0", "rate"),
    ("rate=NaN", "NaN"),
    ("rate=Infinity", "Infinity"),
    ("rate=0x10", "0x10"),
    ("batch=0", "batch"),
    ("batch=2.5", "2.5"),
    ("batch=60001", "60001"),
    ("stages=2:0.1", "stages"),
    ("stages=0:0.1,1:-1", "stages"),
    ("stages=0", "stages"),
    ("stages=0:0.1,1e0:0.05", "1e0"),
    ("stages=0:0.1,01:0.05", "01"),
    ("stages=0:0.1,%2B1:0.05", "stages"),
    ("activation=magic", "magic"),
    ("optimizer=lbfgs", "lbfgs"),
    ("weights=uniform:0", "uniform:0"),
    ("weights=uniform:", "weights"),
    ("weights=constructor", "constructor"),
    ("seed=-1", "-1"),
    ("seed=1.5", "1.5"),
    ("dropout=1", "dropout"),
    ("images=3", "3"),
    ("shift=99", "99"),
    ("inputbias=yes", "yes"),
    ("colour=red", "colour"),
    ("__proto__=1", "__proto__"),
    ("preset=__proto__", "__proto__"),
    ("rate", "rate"),
    ("rate=%E0%A4%A", "rate"),
    ("=5", "unknown"),
    ("rate=" + "9" * 5000, "…"),
)
"""Settings, and what the sentence on each names."""


@pytest.fixture
def read_link(run_module: Any) -> Any:
    """A function from a link to its config and problems."""
    return lambda link: run_module(
        "async ({ load }, link) => (await load('training/config_link.js')).configOfLink(link)", link
    )


@pytest.fixture
def default(read_link: Any) -> dict[str, Any]:
    """The config of a link without settings."""
    return read_link("#learn")["config"]


def test_the_presets_are_those_of_python(run_module):
    presets = run_module("async ({ load }) => (await load('training/presets.js')).PRESETS")

    assert set(presets) == {"s0", "s1", "s2", "s3", "s4"}
    for name, preset in presets.items():
        page, python = preset["config"], asdict(PRESETS[name].config)
        assert set(page) == set(FIELDS) | PAGE_ONLY
        skipped = ADAM_FOR_LBFGS if name == "s1" else set()
        compared = {key: page[key] for key in FIELDS if key not in skipped}
        expected = {key: python[FIELDS[key]] for key in compared}
        expected["hidden"] = list(expected["hidden"])
        assert compared == expected, name
        assert (page["stages"] or {}) == dict(python["stages"]), name
        assert page["preset"] == name
    assert "L-BFGS" in presets["s1"]["note"]
    penalty = PRESETS["s1"].config.l2 / 60_000
    page = presets["s1"]["config"]
    assert page["l2"] / page["batchSize"] == pytest.approx(penalty)


def test_the_record_of_a_config_makes_a_config_in_python(run_module):
    records = run_module("""async ({ load }) => {
        const { recordOfConfig } = await load("training/config.js");
        const { PRESETS } = await load("training/presets.js");
        return Object.values(PRESETS).map(({ config }) => recordOfConfig(config, 10000));
    }""")
    for record in records:
        own = {key: record.pop(key) for key in ("preset", "n_images", "train_shift_px")}
        record["hidden"] = tuple(record["hidden"])
        config = TrainingConfig(**record)
        assert config.validation == 10_000
        assert own["preset"] in PRESETS


def test_a_config_comes_back_from_its_link(run_module):
    outcome = run_module("""async ({ load }) => {
        const { DEFAULT_CONFIG } = await load("training/config.js");
        const { checkConfig } = await load("training/config_check.js");
        const { configOfLink, configToLink } = await load("training/config_link.js");
        const { PRESETS } = await load("training/presets.js");
        const { EXPERIMENTS } = await load("training/experiments.js");
        const all = [DEFAULT_CONFIG, ...Object.values(PRESETS).map(({ config }) => config)];
        for (const { config, versus } of EXPERIMENTS) all.push(config, versus);
        all.push({
            ...DEFAULT_CONFIG, hidden: [], stages: { 0: 0.5, 3: 1e-7 }, batchSize: null,
            nImages: 300, inputBias: true, weights: "uniform:0.015", seed: 2 ** 32 - 1,
        });
        all.push({ ...PRESETS.s0.config, stages: null, hidden: [30], rate: 0.5, seed: 3 });
        return all.map((config) => {
            checkConfig(config);
            const link = configToLink(config);
            return { config, link, back: configOfLink(link) };
        });
    }""")
    for entry in outcome:
        assert entry["back"] == {"config": entry["config"], "problems": []}, entry["link"]
    assert outcome[0]["link"] == "#learn"
    assert outcome[1]["link"] == "#learn?preset=s0"
    assert outcome[-1]["link"] == "#learn?preset=s0&hidden=30&rate=0.5&stages=none&seed=3"


def test_a_nonsense_setting_is_named_in_one_sentence_and_left_out(run_module, default):
    outcome = run_module(
        """async ({ load }, links) =>
            links.map((await load('training/config_link.js')).configOfLink)""",
        [f"#learn?{query}" for query, _ in NONSENSE],
    )
    for (query, named), found in zip(NONSENSE, outcome, strict=True):
        assert found["config"] == default, query
        assert len(found["problems"]) == 1, query
        (sentence,) = found["problems"]
        assert named in sentence
        assert sentence.endswith(".")
        assert len(sentence) < 250


def test_the_good_settings_of_a_link_are_kept_beside_the_bad(read_link, default):
    found = read_link("#learn?rate=-5&hidden=20&&seed=7&x=<b>&hidden=30")
    assert found["config"] == {**default, "hidden": [30], "seed": 7}
    assert len(found["problems"]) == 2


def test_a_config_out_of_range_is_refused(run_module):
    outcome = run_module("""async ({ load }) => {
        const { DEFAULT_CONFIG } = await load("training/config.js");
        const { checkConfig } = await load("training/config_check.js");
        const bad = [{ rate: -1 }, { hidden: "30" }, { hidden: null }, { stages: 5 },
            { seed: undefined }, { nImages: 1 }, { weights: null }, { batchSize: NaN }];
        return bad.map((change) => {
            try {
                checkConfig({ ...DEFAULT_CONFIG, ...change });
                return null;
            } catch (error) {
                return [error.constructor.name, error.message];
            }
        });
    }""")
    for found in outcome:
        assert found[0] == "DigitusError"
        assert "expected" in found[1]


def test_a_run_may_change_only_what_leaves_its_parameters_alone(run_module):
    outcome = run_module("""async ({ load }) => {
        const { branchedConfig } = await load("training/config_check.js");
        const { PRESETS } = await load("training/presets.js");
        const changed = branchedConfig(PRESETS.s0.config, { rate: 0.5, dropout: 0.2 });
        let problem = null;
        try {
            branchedConfig(PRESETS.s0.config, { hidden: [20] });
        } catch (error) {
            problem = error.message;
        }
        return [changed.rate, changed.stages, changed.dropout, changed.hidden, problem];
    }""")
    assert outcome[:4] == [0.5, None, 0.2, [100]]
    assert "hidden" in outcome[4]


def test_the_parts_of_a_run_share_no_image(run_module):
    found = run_module("""async ({ load }) => {
        const { splitImages, trainingData, repeats } = await load("training/training_images.js");
        const { DEFAULT_CONFIG } = await load("training/config.js");
        const make = (n, first) => {
            const pixels = new Uint8Array(n * 784);
            for (let i = 0; i < n; i++) new DataView(pixels.buffer).setUint32(784 * i, first + i);
            return { pixels, labels: Uint8Array.from({ length: n }, (_, i) => i % 10) };
        };
        const names = ({ pixels, labels }) => Array.from(labels, (_, i) =>
            new DataView(pixels.buffer, pixels.byteOffset).getUint32(784 * i));
        const mnist = make(600, 0);
        const own = make(4, 5000);
        const parts = splitImages(mnist, own);
        const data = trainingData({ ...DEFAULT_CONFIG, nImages: 300 }, parts);
        const alone = splitImages(null, make(24, 0));
        let tooFew = "";
        try { splitImages(null, own); } catch (error) { tooFew = error.message; }
        return {
            train: names(parts.train), validation: names(parts.validation),
            given: names(data.train), repeats: repeats(300, 4), tooFew,
            aloneTrain: names(alone.train), aloneValidation: names(alone.validation),
        };
    }""")
    assert found["train"] == list(range(500))
    assert found["validation"] == list(range(500, 600))
    assert found["repeats"] == 8  # 32 of 332 images: a tenth
    assert found["given"] == list(range(300)) + 8 * list(range(5000, 5004))
    assert found["aloneValidation"] == [5, 11, 17, 23]
    assert sorted(found["aloneTrain"] + found["aloneValidation"]) == list(range(24))
    assert "at least 6" in found["tooFew"]


def test_images_are_shifted_by_whole_pixels(run_module):
    found = run_module("""async ({ load }) => {
        const { shifted } = await load("training/training_images.js");
        const { Random } = await load("engine/random.js");
        const pixels = new Uint8Array(50 * 784);
        for (let i = 0; i < 50; i++) pixels[784 * i + 14 * 28 + 14] = 1 + i;
        const moved = shifted({ pixels, labels: new Uint8Array(50) }, 3, new Random(1)).pixels;
        return Array.from({ length: 50 }, (_, i) => {
            const at = moved.subarray(784 * i, 784 * (i + 1)).indexOf(1 + i);
            return [Math.floor(at / 28) - 14, (at % 28) - 14];
        });
    }""")
    rows, columns = zip(*found, strict=True)
    for moves in (rows, columns):
        assert set(moves) == set(range(-3, 4))
