"""`recorder consent give|show|history|withdraw|verify|lint`."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from recorder.agent import client
from recorder.cli import output
from recorder.cli.ending import Ended, end_consent, ledger_mark
from recorder.cli.guide import Conversation, talk_about_consent
from recorder.cli.lint_told import lint_told
from recorder.cli.stream_questions import ALL, summary
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import Left, open_terminal
from recorder.consent.audit import audit
from recorder.consent.errors import ConsentUntrusted, NotATerminal, date_text
from recorder.consent.folder import check_folder, chosen_folder, folder_marks
from recorder.consent.gate import Gate
from recorder.consent.ledger import LedgerPlace, read_ledger, set_aside
from recorder.consent.lint import lint as lint_notice
from recorder.consent.notice import NoticeInvalid, default_notice_file, parse_notice
from recorder.consent.records import ConsentEntry
from recorder.consent.studies import study_place
from recorder.core.errors import ExitCode
from recorder.places import Places, places

STOP_DEADLINE_S = 30.0
"""An agent that drains and seals takes 2 s; a busy machine more."""
_SHORT_HASH = 12

app = typer.Typer(no_args_is_help=True)
Folder = Annotated[Path | None, typer.Option("--folder", help="Another recordings' folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
OfStudy = Annotated[str | None, typer.Option("--study", help="Of a study that you joined.")]


@app.command(epilog="Example: recorder consent give")
def give(
    *,
    notice: Annotated[
        Path | None, typer.Option(help="A study's notice: choose what it may get.")
    ] = None,
    folder: Folder = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Opens your key; it is no yes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the notice and choose what may be stored. Asks at a terminal only.

    With --notice you decide about sharing with a study. That starts no recording.
    """
    ask = open_terminal()
    place = _place(folder)
    if notice is not None:
        from recorder.cli import consent_study  # noqa: PLC0415 - only for a study

        consent_study.join(place, notice.expanduser(), passphrase_file, as_json=as_json)
        return
    check_folder(place.folder)
    begin_anew_if_untrusted(place)
    levels = talk_about_consent(
        Conversation(place, ask, streams=ALL, passphrase_file=passphrase_file)
    )
    output.emit("consent-give", {"given": True, "levels": asdict(levels)}, as_json, "")


@app.command(epilog="Example: recorder consent show")
def show(*, study: OfStudy = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """Show what you agreed to, and until when."""
    place = _ours(folder)
    if study is not None:
        from recorder.cli import consent_study  # noqa: PLC0415 - only for a study

        consent_study.show_study(place, study, as_json=as_json)
        return
    terms = Gate(place.folder, place.state, SystemClock()).open().terms
    entry = read_ledger(place).entries[-1]
    until = date_text(terms.expires_wall_ns)
    payload: output.Payload = {
        "consent_id": terms.consent_id,
        "state": entry.state.value,
        "levels": asdict(terms.levels),
        "apps": list(terms.apps),
        "since": entry.record.event.event_time,
        "until": until,
        "notice_sha256": terms.notice_sha256,
    }
    text = (
        f"You agreed on {date_text(entry.wall_ns)}, until {until}. Stored when you record:\n"
        f"{summary(terms.levels)}\nTo take it back: recorder consent withdraw"
    )
    output.emit("consent", payload, as_json, text)


@app.command(epilog="Example: recorder consent history")
def history(*, study: OfStudy = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """List every yes, no and withdrawal."""
    entries = read_ledger(_ours(folder, study)).entries
    payload: output.Payload = {"entries": [_entry(entry) for entry in entries]}
    lines = [_history_line(entry) for entry in entries]
    output.emit("consent-history", payload, as_json, "\n".join(lines) or "Nothing yet.")


@app.command(epilog="Example: recorder consent withdraw --study typing-1")
def withdraw(
    *,
    study: OfStudy = None,
    erase: Annotated[
        list[str] | None,
        typer.Option(help="With --study: what it shall erase, all or an episode. May repeat."),
    ] = None,
    span: Annotated[
        list[str] | None, typer.Option("--range", help="With --erase ID: times of it, A..B.")
    ] = None,
    folder: Folder = None,
    as_json: AsJson = False,
) -> int:
    """Take back your yes; recording stops. Needs no passphrase and no reason.

    With --study you leave that study: what it did not fetch yet is taken back, it is told, and
    nothing more is shared with it. Your own recording goes on. With --erase all, or an episode's
    id, the study is asked to erase what it got. You can add --erase later too.
    """
    if (erase and study is None) or (span and not erase):
        raise output.UsageError(
            "--range needs --erase, and --erase needs --study", "recorder consent withdraw --help"
        )
    if study is not None:
        from recorder.cli import consent_study  # noqa: PLC0415 - only for a study

        wish = consent_study.ErasureWish(tuple(erase or ()), tuple(span or ()))
        return consent_study.leave_study(_place(folder), study, wish, as_json=as_json)
    where, place = places(), _place(folder)
    try:
        output.say(_ended_told(end_consent(place), place.folder))
    finally:
        stopped = _stop_agent(where)
    payload: output.Payload = {"withdrawn": True, "recording_stopped": stopped}
    text = "Recording has stopped." if stopped else "Nothing is being recorded."
    output.emit("consent-withdraw", payload, as_json, text)
    if not as_json:
        _say_still_shared(folder)
        _offer_erasure(folder)
    return ExitCode.OK


@app.command(epilog="Example: recorder consent verify")
def verify(
    *,
    study: OfStudy = None,
    folder: Folder = None,
    without_head: Annotated[
        bool, typer.Option("--without-head", help="Of a copy: lost last lines go unseen.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check that nobody changed what you agreed to; needs files only."""
    findings = audit(_ours(folder, study), with_head=not without_head)
    payload: output.Payload = {
        "ok": all(finding.ok for finding in findings),
        "checks": [asdict(finding) for finding in findings],
    }
    lines = [f"{'ok ' if f.ok else 'BAD'}  {f.what}: {f.detail}" for f in findings]
    output.emit("consent-verify", payload, as_json, "\n".join(lines))
    if not payload["ok"]:
        raise typer.Exit(int(ExitCode.SIGNATURE))


@app.command(epilog="Example: recorder consent lint notice.md")
def lint(
    notice: Annotated[Path | None, typer.Argument(help="A notice; the default one.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check the text of a notice: is it whole, easy to read, and what does it allow?"""
    try:
        data = (notice or default_notice_file()).read_bytes()
    except OSError as cause:
        raise NoticeInvalid("it cannot be read") from cause
    parsed = parse_notice(data)
    report = lint_notice(parsed)
    payload: output.Payload = {**asdict(report), "sha256": parsed.sha256}
    output.emit("consent-lint", payload, as_json, lint_told(report, parsed))
    if report.problems:
        raise typer.Exit(int(ExitCode.CHECKS_FAILED))


def _place(folder: Path | None, study: str | None = None) -> LedgerPlace:
    """Give one's own chain of the ledger, or that of a study."""
    where = places()
    found = chosen_folder(where, folder)
    if study is None:
        return LedgerPlace(found, where.state)
    return study_place(found, where.state, study)


def _ours(folder: Path | None, study: str | None = None) -> LedgerPlace:
    """Give the place of a folder that is one of ours; it need not be private or writable."""
    folder_marks(_place(folder).folder)
    return _place(folder, study)


def begin_anew_if_untrusted(place: LedgerPlace) -> None:
    """Put a ledger that cannot be relied on out of force, and say so."""
    try:
        read_ledger(place)
    except ConsentUntrusted as problem:
        kept = set_aside(place, ledger_mark())
        output.say(f"{problem.message}. It is out of force and kept as {kept.name}.")


def _ended_told(ended: Ended, folder: Path) -> str:
    return {
        "ended": "Your consent is taken back.",
        "already": "You took your consent back before; nothing is in force.",
        "refused": "You said no to recording, so there is nothing to take back.",
        "never": "You never agreed to any recording, so there is nothing to take back.",
        "set aside": f"Your consent is taken back. The ledger was set aside: {ended.why}.",
        "no folder": f"Your consent is taken back. There is no folder {folder} just now.",
    }[ended.how]


def _stop_agent(where: Places) -> bool:
    """Stop the recording; True when there was one.

    Raises:
        Unresponsive: It did not confirm; its gate is shut by the ledger all the same.
    """
    try:
        client.ask(where.socket, {"verb": "stop"}, STOP_DEADLINE_S)
    except client.NotRunning:
        return False
    return True


def _say_still_shared(folder: Path | None) -> None:
    """Name the studies that the person shares with all the same: that is a consent of its own."""
    from recorder.cli import consent_study  # noqa: PLC0415 - loads what only a study needs

    for study in consent_study.still_shared_with(_place(folder)):
        output.say(
            f"You still share what you approve with the study {study}. "
            f"To end that: recorder consent withdraw --study {study}"
        )


def _offer_erasure(folder: Path | None) -> None:
    """Offer to delete every recording; without a person to ask, name the command."""
    try:
        wanted = open_terminal().yes("Delete all your recordings as well?")
    except (NotATerminal, Left):
        wanted = False
    if wanted:
        from recorder.cli.delete import delete  # noqa: PLC0415 - loads the tables' library

        delete(None, every=True, folder=folder, yes=True)
        return
    option = "" if folder is None else f" --folder {shlex.quote(str(folder))}"
    output.say(
        f"Your recordings are still there. To delete them all: recorder delete --all{option}"
    )


def _entry(entry: ConsentEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "state": entry.state.value,
        "time": entry.record.event.event_time,
        "consent_id": entry.record.header.record_id,
        "levels": entry.levels.model_dump(mode="json"),
        "apps": list(entry.apps),
        "until": date_text(entry.expires_wall_ns),
        "notice_sha256": entry.notice_sha256,
    }


def _history_line(entry: ConsentEntry) -> str:
    levels = ", ".join(f"{name} {level}" for name, level in entry.levels.model_dump().items())
    notice = entry.notice_sha256[:_SHORT_HASH]
    return f"{entry.record.event.event_time}  {entry.state.value:9}  {levels}  notice {notice}"
