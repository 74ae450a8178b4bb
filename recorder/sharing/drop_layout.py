"""Where things lie in a drop: the same in a folder and in an object store.

```
bundles/<pseudonym>/<bundle_id>.tar          participant to researcher
erasures/<pseudonym>/<notice_id>.tar         participant to researcher: notice.dsse.json, ledger.jsonl
leavings/<pseudonym>/<ledger_head>.tar       participant to researcher: notice.dsse.json, ledger.jsonl
receipts/<pseudonym>/<receipt_id>.dsse.json  researcher to participant
uses/<pseudonym>/<use_id>.dsse.json          researcher to participant
```
All below `<study>/`, so that one store serves several studies.
"""

from typing import Final, Literal

Kind = Literal["bundles", "erasures", "leavings", "receipts", "uses"]
ENDINGS: Final[dict[Kind, str]] = {
    "bundles": ".tar",
    "erasures": ".tar",
    "leavings": ".tar",
    "receipts": ".dsse.json",
    "uses": ".dsse.json",
}


def drop_path(kind: Kind, study: str, pseudonym: str, name: str) -> str:
    """Give the path below the drop; the parts were checked by their models."""
    return f"{study}/{kind}/{pseudonym}/{name}{ENDINGS[kind]}"
