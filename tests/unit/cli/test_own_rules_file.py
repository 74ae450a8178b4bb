"""The person's file of rules: used where it stands, refused by the rule's name."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from recorder.cli.own_rules_file import FILE_NAME, OwnRulesUnusable, read_own_rules
from recorder.cli.try_redaction import app
from recorder.core.errors import ExitCode
from recorder.places import places

EXAMPLE = Path(__file__).parents[3] / "config" / FILE_NAME
RUN = CliRunner()


def _write(text: str) -> Path:
    file = places().config / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_no_file_means_no_rule(tmp_path: Path) -> None:
    assert read_own_rules(tmp_path / FILE_NAME) == ()


def test_the_example_can_be_used_as_it_is() -> None:
    _write(EXAMPLE.read_text())
    told = RUN.invoke(app, ["text"], input="ACME-204417, bluebird").stdout
    assert told == "<ID_1>, <PERSONAL_1>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[rule]]\nname = "bad one"\nregex = "("', "'bad one' cannot be used: its regex does not"),
        ('[[rule]]\nname = "slow"\nregex = "(a+)+"', "'slow' cannot be used: its regex may take"),
        ('[[rule]]\nregex = "a"', "number 1 cannot be used: it has no name"),
        ('[[rule]]\nname = "a"\nregex = "b"\nallow = true', "no key 'allow'"),
        ('[[rule]]\nname = "a"\nregex = 1', "kind and regex are texts"),
        ('[[rule]]\nname = "a"\nwords = [1]', "no list of texts"),
        ('[[rule]]\nname = "a"\nregex = "b"\n' * 2, "another rule has its name"),
        ("rule = 1", "not a list"),
        ("disabled = ['e-mail address']", "cannot hold 'disabled'"),
        ("[[rule", "damaged"),
        ("rule = " + "[" * 20_000, "damaged"),
        ("rule = " + "9" * 5_000, "damaged"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(text: str, said: str) -> None:
    file = _write(text)
    with pytest.raises(OwnRulesUnusable, match=said) as error:
        read_own_rules(file)
    assert error.value.code is ExitCode.USAGE
    assert str(file) in error.value.fix


def test_a_file_that_is_no_text_or_no_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(OwnRulesUnusable, match="damaged"):
        read_own_rules(file)
    with pytest.raises(OwnRulesUnusable, match="cannot be read"):
        read_own_rules(tmp_path)
