"""axe-core's script, from a package of which only that file is read."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.web.chromium import Chromium

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(browser: Chromium) -> list[str]:
    """Give what axe finds wrong on the page, one line each."""
    if not browser.run("typeof axe === 'object'"):
        browser.run(_script())
    options = {"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = browser.run(
        f"axe.run(document, {json.dumps(options)}).then((found) => found.violations)"
    )
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]


def _script() -> str:
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.submodule_search_locations
    return (Path(package.submodule_search_locations[0]) / "axe.min.js").read_text()
