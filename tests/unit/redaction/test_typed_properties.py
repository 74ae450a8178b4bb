"""Laws of typed redaction, for people who type in any way."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.core.events import KEY_KINDS, Kind, Mods
from tests.unit.redaction.typist import Typist, characters

SECRETS = st.sampled_from(
    [
        "kim.larsen@post.example.dk",
        "4000 0566 5566 5556",
        "DE89 3704 0044 0532 0130 00",
        "ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX",
        "password: Zebra!7731",
        "https://eve:Zebra!7731@db.example.net/x",
    ]
)
_SPOILED = 4


@st.composite
def typing_of(draw: st.DrawFn, secret: str) -> list[tuple[str, str]]:
    """Give a script of keys that ends with the secret on the line, through typos."""
    script: list[tuple[str, str]] = []
    for char in secret:
        match draw(st.integers(0, 11)):
            case 0:
                wrong = draw(st.text("abcxyz159", min_size=1, max_size=3))
                script += [("type", wrong), ("back", str(len(wrong))), ("type", char)]
            case 1:
                script += [("type", char), ("left", "1"), ("right", "1")]
            case 2 if char != " ":
                script += [("wait", str(draw(st.integers(1, 5)))), ("type", char)]
            case 3:
                script += [("type", "q" + char), ("left", "1"), ("back", "1"), ("end", "1")]
            case 4:
                script += [("type", "qq"), ("select", "2"), ("type", char)]
            case _:
                script.append(("type", char))
    return script


def _play(typist: Typist, script: list[tuple[str, str]]) -> None:
    for what, how in script:
        match what:
            case "type":
                typist.type(how, step_ms=20)
            case "wait":
                typist.wait(float(how))
            case "select":
                typist.key("left", int(how), Mods.SHIFT)
            case _:
                name = {"back": "backspace"}.get(what, what)
                typist.key(name, int(how))


def _leaks(shown: str, secret: str) -> bool:
    value = secret.removeprefix("password: ").removeprefix("https://eve:").split("@db")[0]
    pieces = {value[i : i + _SPOILED] for i in range(len(value) - _SPOILED + 1)}
    return any(piece in shown for piece in pieces) or any(piece[::-1] in shown for piece in pieces)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), secret=SECRETS, ending=st.sampled_from(["\n", "\t", " ok\n", ""]))
def test_nothing_of_a_secret_survives(data: st.DataObject, secret: str, ending: str) -> None:
    typist = Typist()
    typist.type("fine then ", step_ms=20)
    _play(typist, data.draw(typing_of(secret)))
    typist.type(ending, step_ms=20)
    typist.wait(11)
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
