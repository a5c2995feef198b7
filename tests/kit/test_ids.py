from ohmstead.kit.ids import derived_id, uuid7


def test_uuid7_rises_with_time_and_says_its_version():
    first, second = uuid7(at_ms=1_000), uuid7(at_ms=2_000)
    assert first < second
    assert first.version == second.version == 7


def test_derived_id_is_the_same_for_the_same_content_only():
    assert derived_id("a", "bc") == derived_id("a", "bc")
    assert derived_id("a", "bc") != derived_id("ab", "c")
    assert derived_id("a").version == 8
