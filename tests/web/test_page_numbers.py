"""How the page writes numbers."""

WRITTEN = """
async ({ load }, calls) => {
    const numbers = await load("ui/numbers.js");
    return calls.map(([name, ...args]) => numbers[name](...args));
}
"""


def test_numbers_have_few_digits_a_true_minus_and_a_noun_that_agrees(run_module):
    cases = {
        ("numberText", 2.7666): "2.767",
        ("numberText", -0.5): "\N{MINUS SIGN}0.500",
        ("numberText", 1.234e-5): "1.23e\N{MINUS SIGN}5",
        ("numberText", 123456): "1.23e5",
        ("numberText", 0): "0",
        ("fineText", -2.7670134): "\N{MINUS SIGN}2.767013",
        ("fineText", 1.234e-7): "1.23e\N{MINUS SIGN}7",
        ("signedText", 0.2541): "+0.254",
        ("signedText", -0.2541): "\N{MINUS SIGN}0.254",
        ("signedText", 0): "0",
        ("preciseText", -0.01234567891): "\N{MINUS SIGN}0.0123456789",
        ("preciseText", 0.012345, 2): "0.012",
        ("shortText", -2.7666): "\N{MINUS SIGN}2.77",
        ("shortText", 0.5): "0.5",
        ("shortText", 0.0012): "0.0012",
        ("shortText", -1.234e-5, 2): "\N{MINUS SIGN}1.2e\N{MINUS SIGN}5",
        ("shortText", 123456): "123000",
        ("shortText", 1e30): "1e30",
        ("shortText", 0): "0",
        ("countText", 60000): "60,000",
        ("countText", 1, "image"): "1 image",
        ("countText", 0, "image"): "0 images",
        ("countText", 2000, "image"): "2,000 images",
    }
    assert run_module(WRITTEN, [list(call) for call in cases]) == list(cases.values())
