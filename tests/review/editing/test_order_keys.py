from hypothesis import given
from hypothesis import strategies as st

from digitus.review.editing.order_keys import first_key, key_between


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_there_is_always_a_key_between_two_others(places):
    keys = [first_key(number) for number in range(3)]
    for place in places:
        at = place % (len(keys) + 1)
        low = keys[at - 1] if at > 0 else ""
        keys.insert(at, key_between(low, keys[at] if at < len(keys) else None))
    assert keys == sorted(set(keys))
    assert not any(key.endswith("0") for key in keys)


def test_keys_stay_short_where_lines_are_broken_again_and_again():
    low, high = first_key(0), first_key(1)
    for _ in range(200):
        low = key_between(low, high)
    assert len(low) < 250


def test_the_first_keys_are_in_order():
    keys = [first_key(number) for number in (0, 1, 9, 10, 99, 100, 5000)]
    assert keys == sorted(keys)
