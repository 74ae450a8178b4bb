"""What is still to be done at a drop, from files alone. Standard library only."""

import json
from pathlib import Path

_LEAVING_BYTES = 1_000_000


def still_owed(folder: Path) -> str:
    """Say what `recorder trace` will try again; "" when nothing is owed."""
    count = sum(1 for _ in folder.glob("shared/*/owed/*.json"))
    bundles = "1 bundle is" if count == 1 else f"{count} bundles are"
    told = [f"{bundles} still to be taken back"] if count else []
    told += [
        f"{path.parent.name} is not told yet that you left"
        for path in sorted(folder.glob("shared/*/leaving.json"))
        if _is_undelivered(path)
    ]
    return f"{'; '.join(told)}. Try again: recorder trace" if told else ""


def _is_undelivered(path: Path) -> bool:
    """Tell whether some drop lacks the word of leaving; what cannot be read counts as such."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LEAVING_BYTES))
    except (OSError, ValueError):
        return True
    return not isinstance(found, dict) or bool(found.get("undelivered", True))
