"""`recorder report privacy`: a study on a few pages, for a data protection officer."""

from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import JsonOption
from recorder.cli.study_opening import tell_damaged
from recorder.core.each_alone import EachAlone
from recorder.files import private_folder, write_whole
from recorder.research.collection import Collection, CollectionOfAnother, utc_now
from recorder.research.privacy_report import privacy_report
from recorder.research.report_pages import as_html, as_markdown
from recorder.research.studies import Study

NAME = "privacy-report"
app = typer.Typer(no_args_is_help=True)


@app.callback()
def reports() -> None:
    """Write reports about a study."""


@app.command(
    epilog="Example: recorder report privacy --study typing-1 --collection data --to report"
)
def privacy(
    *,
    study: Annotated[Path, typer.Option("--study", help="The study's folder.")],
    collection: Annotated[Path, typer.Option("--collection", help="Its collection.")],
    to: Annotated[Path, typer.Option("--to", help="A folder; made when it is not there.")],
    as_json: JsonOption = False,
) -> int:
    """Write what is collected, under which consent, for how long, and what was used or erased.

    As Markdown and as HTML, every figure computed from the files; nothing is decrypted. Ends
    with 9 when a file of the collection is damaged.
    """
    opened, mine = Study.open(study), Collection.open(collection)
    if mine.study != opened.id:
        raise CollectionOfAnother(collection, mine.study)
    damaged = EachAlone()
    parts = privacy_report(opened, mine, utc_now(), damaged)
    title = f"Privacy report of {opened.id}"
    where = private_folder(to.expanduser().absolute())
    files = {
        where / f"{NAME}.md": as_markdown(title, parts),
        where / f"{NAME}.html": as_html(title, parts),
    }
    for path, text in files.items():
        write_whole(path, text.encode())
    payload: output.Payload = {"study": opened.id, "files": [str(path) for path in files]}
    output.emit("report-privacy", payload, as_json, "\n".join(f"Wrote {path}" for path in files))
    return tell_damaged(damaged)
