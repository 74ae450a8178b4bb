import numpy as np

from recorder.redaction.line_cache import LineCache, crop_key


def test_the_entry_not_asked_for_longest_goes_first() -> None:
    cache: LineCache[int] = LineCache(most=2)
    cache.put(b"a", 1)
    cache.put(b"b", 2)
    assert cache.get(b"a") == 1
    cache.put(b"c", 3)
    assert cache.get(b"b") is None
    assert (cache.get(b"a"), cache.get(b"c"), len(cache)) == (1, 3, 2)


def test_crops_of_other_size_have_other_keys() -> None:
    flat = np.zeros((4, 6, 4), np.uint8)
    assert crop_key(flat) != crop_key(flat.reshape(6, 4, 4))
    assert crop_key(flat) == crop_key(flat.copy())
