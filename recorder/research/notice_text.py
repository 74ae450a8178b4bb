"""The first draft of a study's notice, and what its participants read beside it."""

from dataclasses import dataclass
from typing import Final

import yaml

DRAFT_VERSION: Final = "1.0"
_ERASURE_DUE_DAYS: Final = 14
_CONSENT_VALID_DAYS: Final = 365
_OFFERED: Final = {
    "keyboard": ["class", "text"],
    "screen": ["layout", "redacted"],
    "titles": ["app", "title"],
    "pointer": ["clicks", "full"],
    "targets": ["on"],
}
"""Everything is up to the participant; a study that needs a stream moves it to `required`."""


@dataclass(frozen=True, slots=True)
class StudyWish:
    """What a researcher tells about a new study.

    Attributes:
        id: Small letters, digits and dashes.
        controller: Who decides about the recordings: a person or an institution.
        contact: Where participants ask.
        purposes: What the recordings are used for, one sentence each.
        recipients: Who gets them; the first one without a key gets the study's.
        drop: Where bundles go; None leaves it to the participants.
        apps: Which apps at most; `*` for all that a participant approves.
        retention_days: How long they are kept.
    """

    id: str
    controller: str
    contact: str
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    drop: str | None = None
    apps: tuple[str, ...] = ("*",)
    retention_days: int = 365


def draft_notice(wish: StudyWish, signing_key: str, sealing_key: str) -> bytes:
    """Give a notice for the researcher to read, change and sign.

    Args:
        wish: What they told.
        signing_key: Hex Ed25519 public key.
        sealing_key: The study's `age1…` key.
    """
    fields = {
        "schema": "recorder.notice/1",
        "id": wish.id,
        "version": DRAFT_VERSION,
        "language": "en",
        "controller": {
            "name": wish.controller, "contact": wish.contact, "keys": [signing_key],
        },
        "purposes": list(wish.purposes),
        "streams": {"required": {}, "optional": _offered(wish.apps)},
        "apps": list(wish.apps),
        "recipients": _with_key(wish.recipients, sealing_key),
        "drop": wish.drop,
        "retention_days": wish.retention_days,
        "consent_valid_days": _CONSENT_VALID_DAYS,
        "erasure_due_days": _ERASURE_DUE_DAYS,
        "withdrawal": f"recorder consent withdraw --study {wish.id}, at any time, "
        "without a passphrase",
        "employment_effect": "none",
        "lawful_basis": "consent",
        "dpia": "not made yet; ask the contact",
        "supersedes": None,
    }  # fmt: skip
    front = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{front}---\n{_text(wish)}".encode()


def participants_readme(wish_id: str, contact: str, drop: str | None) -> bytes:
    """Give what participants do, with the exact commands."""
    to = "" if drop else " --to FOLDER-OR-URL"
    return _README.format(id=wish_id, contact=contact, to=to).encode()


def _offered(apps: tuple[str, ...]) -> dict[str, list[str]]:
    """Give the levels to choose from; a site can be shared only where the site is told."""
    titles = [*_OFFERED["titles"], *(["host"] if any(":" in app for app in apps) else [])]
    return _OFFERED | {"titles": titles}


def _with_key(recipients: tuple[str, ...], key: str) -> list[str]:
    """Give the recipients, the study's key at the first one that brings none."""
    found = list(recipients)
    for position, line in enumerate(found):
        if "<" not in line:
            found[position] = f"{line} <{key}>"
            break
    return found


def _text(wish: StudyWish) -> str:
    apps = "any app" if "*" in wish.apps else ", ".join(f"`{app}`" for app in wish.apps)
    people = "\n".join(f"- {line.partition('<')[0].strip()}" for line in wish.recipients)
    uses = "\n".join(f"- {purpose}" for purpose in wish.purposes)
    return _NOTICE.format(
        id=wish.id, controller=wish.controller, contact=wish.contact, days=wish.retention_days,
        due=_ERASURE_DUE_DAYS, valid=_CONSENT_VALID_DAYS, apps=apps, people=people, uses=uses,
    )  # fmt: skip


_NOTICE: Final = """\
# Sharing recordings with the study {id}

## In short

{controller} asks you to share recordings of your computer work. You choose what to share. If
you do nothing, nothing is shared.

- To record is a choice of its own. Your yes here starts no recording.
- You look at each recording first. Only what you approve is sent.
- What you send is locked. Only the people named below can open it.
- Private data is taken out before. This can miss things.
- It is kept for {days} days. Then it is deleted.
- You can stop at any time, and you can have it all erased. You need no reason.

Nothing happens to you if you say no.

To stop, type: `recorder consent withdraw --study {id}`

## What it is for

{uses}

It is used for nothing else.

## What is stored

You are asked for each part: keys, screen, pointer, window names and targets. You can say no to
each of them. The study can get less than you record, but never more than you chose here. It can
come from {apps}. The study does not learn your name. It knows you by a random name that no other
study gets.

## What is never stored

Sound and the camera are never used. The clipboard is never read. Passwords and private windows
are left out, where the program can tell what they are. What you did not approve stays with you.

## What can go wrong

The program looks for private data by rule and takes it out. It does not find all of it. A name in
an odd place or a picture of a person can stay in. So look before you approve. The way you work may
tell people who know you well who you are. What was sent can be erased, but what somebody saw
cannot be unseen.

## Who can read it

{people}

What you send is locked to their keys before it leaves. The place where it is left cannot read it.

## How long

It is kept for {days} days and then deleted. If you ask to have it erased, that is done within
{due} days, and you get a signed note that it was. Your yes holds for {valid} days. After that the
program asks again. It asks again too if this text changes, and shows you what changed.

## How to stop

- `recorder consent withdraw --study {id}` ends your yes. It needs no passphrase.
- What you sent and nobody fetched yet is taken back then.
- The same with `--erase all` asks the study to erase what it has.
- Your own recordings stay with you, and so does your choice to record.

Nothing happens to you if you say no, and nothing if you stop. Ask here: {contact}.
"""

_README: Final = """\
# Taking part in the study {id}

Nothing is recorded or sent until you say so. You need the recorder, and the two files
`notice.md` and `notice.md.dsse.json` in one folder.

1. Read the notice and join, at a terminal:

       recorder consent give --notice notice.md

   Compare the key that it shows with the one you were told in another way. {contact} can tell you.

2. Record your own work, if you do not do so yet. It asks you first:

       recorder start

3. Look at a recording, and approve it or a part of it:

       recorder review last
       recorder approve last --study {id}

4. See what would leave your computer, then send it:

       recorder share --study {id} --dry-run{to}
       recorder share --study {id}{to}

5. See what was done with it:

       recorder trace --study {id}

To stop, at any time and without a reason:

    recorder consent withdraw --study {id}

To have erased what you sent as well:

    recorder consent withdraw --study {id} --erase all
"""
