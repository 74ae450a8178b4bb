"""The command that shows what redaction would remove."""

import json
from pathlib import Path

from typer.testing import CliRunner

from recorder.cli.try_redaction import app
from recorder.core.errors import ExitCode
from recorder.redaction.text import TextTooLong

RUN = CliRunner()


def test_text_comes_back_with_marks(tmp_path: Path) -> None:
    file = tmp_path / "in.txt"
    file.write_text("mail kim@post.example.dk\n")
    assert RUN.invoke(app, ["text", str(file)]).stdout == "mail <EMAIL_1>\n"
    assert RUN.invoke(app, ["text"], input="ssn 219-09-9999").stdout == "ssn <ID_1>"


def test_json_lines_give_spans() -> None:
    lines = [json.dumps({"text": "kim@post.example.dk"}), json.dumps({"text": "a\nb"})]
    found = RUN.invoke(app, ["text", "--json-lines"], input="\n".join(lines)).stdout.splitlines()
    assert [json.loads(line) for line in found] == [
        {"spans": [{"start": 0, "end": 19, "type": "EMAIL"}]},
        {"spans": []},
    ]


def test_a_text_that_is_too_long_is_removed_whole_or_refused() -> None:
    line = json.dumps({"text": "a" * 1_000_000})
    found = json.loads(RUN.invoke(app, ["text", "--json-lines"], input=line).stdout)
    assert found == {"spans": [{"start": 0, "end": 1_000_000, "type": "UNJUDGED"}]}
    error = RUN.invoke(app, ["text"], input="a" * 1_000_000).exception
    assert isinstance(error, TextTooLong)
    assert error.code is ExitCode.FORMAT


def test_a_bad_line_or_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    for args, given in (
        (["text", "--json-lines"], "no json\n"),
        (["text", "--json-lines"], '{"txt": 1}\n'),
        (["text", str(tmp_path / "missing")], ""),
        (["image"], ""),
    ):
        error = RUN.invoke(app, args, input=given).exception
        assert error is not None
        assert "Fix:" in str(error)
