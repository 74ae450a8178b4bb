"""`recorder study init|lint|sign|status`: a researcher's study, from its folder."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.opening import JsonOption, PassphraseOption
from recorder.cli.passphrase import new_passphrase
from recorder.cli.study_opening import StudyFolderOption, unlock_study
from recorder.cli.study_status import show_status
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import Terminal, open_terminal
from recorder.consent.errors import NotATerminal
from recorder.consent.lint import lint as lint_notice
from recorder.consent.notice_signature import SIGNATURE_ENDING, check_study_id, fingerprint
from recorder.core.errors import ExitCode
from recorder.research.new_study import check_free, create_study
from recorder.research.notice_text import StudyWish
from recorder.research.studies import NOTICE_FILE, README_FILE, Study

_RETENTION_DAYS: Final = 365
_MOST_DAYS: Final = 3650
_NS_PER_S: Final = 1_000_000_000
app = typer.Typer(no_args_is_help=True)


@app.command(epilog='Example: recorder study init --id typing-1 --controller "Example Lab"')
def init(  # noqa: PLR0913 - one parameter an option
    *,
    study_id: Annotated[
        str | None, typer.Option("--id", help="Small letters, digits and dashes.")
    ] = None,
    controller: Annotated[str | None, typer.Option(help="Who decides about the data.")] = None,
    contact: Annotated[str | None, typer.Option(help="Where participants ask.")] = None,
    purpose: Annotated[
        list[str] | None, typer.Option(help="What it is used for; may come several times.")
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option(help="Who gets it; the first one holds the study's key."),
    ] = None,
    drop: Annotated[
        str | None, typer.Option(help="Folder or URL that participants send to.")
    ] = None,
    apps: Annotated[
        list[str] | None, typer.Option("--app", help="Only from these apps; any, if left out.")
    ] = None,
    retention_days: Annotated[
        int, typer.Option(min=1, max=_MOST_DAYS, help="Days it is kept.")
    ] = _RETENTION_DAYS,
    folder: Annotated[Path | None, typer.Option(help="Where; ./ID if left out.")] = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a study's folder: keys, a draft of the notice, a README for participants.

    What you leave out is asked for at the terminal.
    """
    missing = _Missing()
    name = check_study_id(study_id or missing.one("Id of the study, like typing-1:", "--id"))
    where = (folder or Path(name)).expanduser().absolute()
    check_free(where)
    wish = StudyWish(
        id=name,
        controller=controller or missing.one("Who decides about the recordings?", "--controller"),
        contact=contact or missing.one("Where do participants ask? Mail or phone:", "--contact"),
        purposes=_several(purpose) or (missing.one("What are they for?", "--purpose"),),
        recipients=_several(recipient) or (missing.one("Who gets them?", "--recipient"),),
        drop=drop,
        apps=_several(apps) or ("*",),
        retention_days=retention_days,
    )
    output.say("A passphrase locks the keys of the study. Nobody can reset it: without it nobody")
    output.say("opens what participants share, and nobody signs for the study. Keep it safe.")
    created = datetime.fromtimestamp(SystemClock().wall_ns() // _NS_PER_S, UTC).isoformat()
    study = create_study(where, wish, new_passphrase(passphrase_file), created)
    payload: output.Payload = {
        "study": study.id, "study_folder": str(where), "key": study.audience,
        "fingerprint": fingerprint(study.audience),
    }  # fmt: skip
    output.emit("study-init", payload, as_json, _made(study))


@app.command(epilog="Example: recorder study lint --folder typing-1")
def lint(*, folder: StudyFolderOption = Path(), as_json: JsonOption = False) -> None:
    """Check the notice: is it whole, fair and easy to read, and can its data be opened?"""
    study = Study.open(folder.expanduser().absolute())
    notice = study.draft()
    report, problems = lint_notice(notice), study.problems(notice)
    payload: output.Payload = {
        **asdict(report), "problems": list(problems), "sha256": notice.sha256,
    }  # fmt: skip
    lines = [
        f"In short: {report.short_words} words, grade {report.short_grade}.",
        f"The whole text: grade {report.grade}.",
        "With your signature you promise:",
        *(f"  {promise}" for promise in report.promises),
        *(f"PROBLEM: {problem}" for problem in problems),
    ]
    done = "No problems. Next: recorder study sign"
    output.emit("study-lint", payload, as_json, "\n".join([*lines, *([] if problems else [done])]))
    if problems:
        raise typer.Exit(int(ExitCode.CHECKS_FAILED))


@app.command(epilog="Example: recorder study sign --folder typing-1")
def sign(
    *,
    folder: StudyFolderOption = Path(),
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign the notice as it is now. Participants are asked again where it changed."""
    study = Study.open(folder.expanduser().absolute())
    study.check_fit(study.draft())
    notice = study.sign_notice(unlock_study(study, passphrase_file))
    files = [NOTICE_FILE, NOTICE_FILE + SIGNATURE_ENDING, README_FILE]
    payload: output.Payload = {
        "study": study.id, "notice_sha256": notice.sha256, "version": notice.terms.version,
        "files": files, "fingerprint": fingerprint(study.audience),
    }  # fmt: skip
    text = (
        f"Signed version {notice.terms.version}. Give participants {', '.join(files)}.\n"
        "Tell them the study's key in another way, by phone or on your own page:\n"
        f"  {fingerprint(study.audience)}"
    )
    output.emit("study-sign", payload, as_json, text)


@app.command(epilog="Example: recorder study status --folder typing-1 --collection data")
def status(
    *,
    folder: StudyFolderOption = Path(),
    collection: Annotated[
        Path | None, typer.Option(help="Count what was collected into it, too.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Show what is signed, who gets the data, how long it is kept, and what came so far."""
    study = Study.open(folder.expanduser().absolute())
    return show_status(study, collection, as_json=as_json)


class _Missing:
    """Asks for what no flag told; without a terminal it names the flag."""

    def __init__(self) -> None:
        self._ask: Terminal | None = None

    def one(self, question: str, flag: str) -> str:
        """Give an answer that is not empty.

        Raises:
            UsageError: There is no terminal.
            Left: The person ended the questions.
        """
        if self._ask is None:
            try:
                self._ask = open_terminal()
            except NotATerminal as cause:
                raise output.UsageError(
                    "Something is missing and there is no terminal to ask", f"add {flag}"
                ) from cause
        while not (answer := self._ask.line(question)):
            self._ask.say("This cannot stay empty. Ctrl-C leaves.")
        return answer


def _several(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(value.strip() for value in values or () if value.strip())


def _made(study: Study) -> str:
    return (
        f"Made {study.folder} with a first draft of the notice.\n"
        f"  1. Read and change {NOTICE_FILE}: it is your promise.\n"
        "  2. recorder study lint\n"
        "  3. recorder study sign\n"
        f"The study's key is {fingerprint(study.audience)}"
    )
