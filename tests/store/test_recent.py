from routeflow.store.recent import Recent


def test_what_was_made_is_kept_and_the_oldest_goes():
    made = []

    def make(name):
        return lambda: made.append(name) or name

    recent = Recent(keep=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert recent.get(name, make(name)) == name
    assert made == ["a", "b", "c", "b"]
