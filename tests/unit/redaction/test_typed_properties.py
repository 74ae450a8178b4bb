"""Laws of typed redaction, for people who type in any way."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.core.events import KEY_KINDS, Kind, Mods
from tests.unit.redaction.typist import Typist, characters

SECRETS = st.sampled_from(
    [
        ("", "kim.larsen@post.example.dk", ""),
        ("", "4000 0566 5566 5556", ""),
        ("", "DE89 3704 0044 0532 0130 00", ""),
        ("", "+44 20 7946 0018", ""),
        ("", "219-09-9999", ""),
        ("", "203.0.113.77", ""),
        ("", "Tr0ub4dor&3x", ""),
        ("", "AKIAQ3EGSMJ7T2LXW5VB", ""),
        ("", "ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX", ""),
        ("password: ", "Zebra!7731", ""),
        ("Passwort: ", "Kerzen!91", ""),
        ("pin: ", "482913", ""),
        ("https://eve:", "Zebra!7731", "@db.example.net/x"),
    ]
)
_SPOILED = 4
"""So many characters of a secret in a row must never be readable."""
Step = tuple[str, str]

_TYPOS = st.sampled_from(
    [
        lambda char: [("type", "wq"), ("backspace", "2"), ("type", char)],
        lambda char: [("type", char), ("left", "1"), ("right", "1")],
        lambda char: [("type", "q" + char), ("left", "1"), ("backspace", "1"), ("end", "1")],
        lambda char: [("type", "qq"), ("select", "2"), ("type", char)],
        lambda char: [("type", " wrongq"), ("word", "1"), ("backspace", "1"), ("type", char)],
        lambda char: [("type", char + " "), ("wait", "3"), ("backspace", "1")],
        lambda char: [("type", char + " "), ("wait", "12"), ("backspace", "1")],
        lambda char: [("wait", "3"), ("type", char)],
        lambda char: [("wait", "12"), ("type", char)],
        lambda char: [("dead", "1"), ("type", char)],
        lambda char: [("up", "1"), ("type", char)],
        lambda char: [("click", "1"), ("type", char)],
        lambda char: [("undo", "1"), ("type", char)],
        lambda char: [("move", "1"), ("type", char)],
    ]
)


@st.composite
def typing_of(draw: st.DrawFn, secret: str) -> list[Step]:
    """Give a script of keys that puts the secret on the line, with a few slips and pauses."""
    slips = draw(st.dictionaries(st.integers(0, len(secret) - 1), _TYPOS, max_size=4))
    script: list[Step] = []
    for at, char in enumerate(secret):
        script += slips[at](char) if at in slips else [("type", char)]
    return script


@st.composite
def halves_of(draw: st.DrawFn, secret: str) -> list[Step]:
    """Give a script that types the end of the secret first."""
    cut = draw(st.integers(1, len(secret) - 1))
    back = ("left", str(len(secret) - cut))
    return [("type", secret[cut:]), back, *draw(typing_of(secret[:cut])), ("end", "1")]


def groups_of(secret: str) -> list[Step]:
    """Give a script that types the groups of the secret into a field each."""
    return [step for group in secret.split() for step in (("type", group), ("field", "1"))]


def _play(typist: Typist, script: list[Step]) -> None:
    for what, how in script:
        match what:
            case "type":
                typist.type(how, step_ms=20)
            case "wait":
                typist.wait(float(how))
            case "select":
                typist.key("left", int(how), Mods.SHIFT)
            case "word":
                typist.key("backspace", int(how), Mods.CTRL)
            case "undo":
                typist.press(char="z", mods=Mods.CTRL)
            case "click":
                typist.click()
            case "move":
                typist.row(Kind.MOVE)
            case "field":
                typist.key("tab")
                typist.field_id += 1
            case _:
                typist.key(what, int(how))


def _leaks(shown: str, secret: str) -> bool:
    pieces = {secret[i : i + _SPOILED] for i in range(len(secret) - _SPOILED + 1)}
    return any(piece in shown or piece[::-1] in shown for piece in pieces)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), spoken=SECRETS, ending=st.sampled_from(["\n", "\t", " uh\n", ""]))
def test_nothing_of_a_secret_survives(
    data: st.DataObject, spoken: tuple[str, str, str], ending: str
) -> None:
    label, secret, rest = spoken
    typist = Typist()
    typist.type(data.draw(st.sampled_from(["", "uh yyy "])) + label, step_ms=20)
    ways = st.one_of(typing_of(secret), halves_of(secret), st.just(groups_of(secret)))
    _play(typist, data.draw(ways))
    typist.type(rest + ending, step_ms=20)
    typist.wait(data.draw(st.sampled_from([0, 3, 11])))
    assert not _leaks(characters(typist.finish().rows), secret)


KEYS = st.one_of(
    st.tuples(st.just("char"), st.sampled_from("ab1@ .-")),
    st.tuples(
        st.just("key"),
        st.sampled_from(
            ["enter", "tab", "backspace", "delete", "left", "home", "up", "f5", "dead"]
        ),
    ),
    st.tuples(st.just("row"), st.sampled_from([Kind.MOVE, Kind.SCROLL, Kind.GAP])),
    st.tuples(st.just("click"), st.just("")),
    st.tuples(st.just("field"), st.sampled_from(["1", "2"])),
    st.tuples(st.just("wait"), st.sampled_from(["0.5", "3", "12"])),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(script=st.lists(KEYS, max_size=40))
def test_rows_come_in_order_and_only_keys_vanish(script: list[tuple[str, str]]) -> None:
    typist = Typist()
    for what, how in script:
        match what:
            case "char":
                typist.press(char=how, step_ms=20)
            case "key":
                typist.key(how)
            case "row":
                typist.row(Kind(how))
            case "click":
                typist.click()
            case "field":
                typist.field_id = int(how)
            case _:
                typist.wait(float(how))
    rows = typist.finish().rows
    times = [row.t_ns for row in rows]
    assert times == sorted(times)
    others = [e.row for e in typist.fed if e.row.kind not in KEY_KINDS]
    assert [r.kind for r in rows if r.kind not in KEY_KINDS] == [r.kind for r in others]
    assert sum(r.kind is Kind.KEY_DOWN for r in rows) <= sum(
        e.row.kind is Kind.KEY_DOWN for e in typist.fed
    )
