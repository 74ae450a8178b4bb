"""The person's own rules: `redaction.toml` beside the settings. They add, they never remove."""

import re
import tomllib
from pathlib import Path
from typing import Final

from recorder.cli.never_file import OwnWords
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import read_regular
from recorder.places import Places
from recorder.redaction.hits import Rule
from recorder.redaction.own_rules import OwnRule, UnusableRule, compiled
from recorder.redaction.personal_words import KIND
from recorder.redaction.rules import rules_with

FILE_NAME: Final = "redaction.toml"
_LARGEST_BYTES: Final = 1 << 18
_MOST_RULES: Final = 64
_NAME: Final = re.compile(r"[\w .\-]{1,60}")
_KEYS: Final = ("name", "kind", "regex", "words")


class OwnRulesUnusable(RecorderError):
    """The person's own rules cannot be used; nothing is recorded without them."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.USAGE)


def rules_for(where: Places, own: OwnWords) -> tuple[Rule, ...]:
    """Give every rule in force: ours, the person's rules, the person's words.

    Raises:
        OwnRulesUnusable: The file is damaged, or a rule of it cannot be used; it is named.
    """
    return rules_with(own.find, read_own_rules(where.config / FILE_NAME))


def read_own_rules(file: Path) -> tuple[Rule, ...]:
    """Give the person's rules; none while there is no file.

    Raises:
        OwnRulesUnusable: As `rules_for`.
    """
    try:
        found = tomllib.loads(read_regular(file, _LARGEST_BYTES).decode())
    except FileNotFoundError:
        return ()
    except OSError as cause:
        raise OwnRulesUnusable(
            "Your own redaction rules cannot be read", f"make {file} a file that you can read"
        ) from cause
    except (ValueError, RecursionError) as cause:  # also of numbers and nests without end
        what = " ".join(str(cause).split())
        raise OwnRulesUnusable(
            f"Your own redaction rules are damaged: {what}", f"mend {file}, or remove it"
        ) from cause
    if unknown := sorted(set(found) - {"rule"}):
        raise OwnRulesUnusable(
            f"Your own redaction rules cannot hold {unknown[0][:40]!r}",
            f"write each rule below a line [[rule]] in {file}",
        )
    tables = found.get("rule", [])
    if not isinstance(tables, list) or len(tables) > _MOST_RULES:
        raise OwnRulesUnusable(
            f"Your own redaction rules are not a list of at most {_MOST_RULES} rules",
            f"write each rule below a line [[rule]] in {file}",
        )
    rules: dict[str, Rule] = {}
    for number, table in enumerate(tables, 1):
        _add(rules, table, f"number {number}", file)
    return tuple(rules.values())


def _add(rules: dict[str, Rule], table: object, called: str, file: Path) -> None:
    try:
        own = _own_rule(table)
        called = f"'{own.name}'"
        rules[_free(own.name, rules)] = compiled(own)
    except UnusableRule as cause:
        raise OwnRulesUnusable(
            f"Your redaction rule {called} cannot be used: {cause.why}", f"{cause.fix} in {file}"
        ) from cause


def _free(name: str, rules: dict[str, Rule]) -> str:
    if name in rules:
        raise UnusableRule("another rule has its name", "give it a name of its own")
    return name


def _own_rule(table: object) -> OwnRule:
    if not isinstance(table, dict):
        raise UnusableRule("it is no table", "write [[rule]]")
    if unknown := [key for key in table if key not in _KEYS]:
        raise UnusableRule(f"there is no key {unknown[0][:40]!r}", f"write {', '.join(_KEYS)}")
    name, kind, regex = (
        table.get(key, other) for key, other in (("name", ""), ("kind", KIND), ("regex", ""))
    )
    words = table.get("words", [])
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise UnusableRule("it has no name of letters, digits and blanks", "give it a name")
    if not (isinstance(kind, str) and isinstance(regex, str)):
        raise UnusableRule("kind and regex are texts", "put them in quotes")
    if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        raise UnusableRule("words is no list of texts", 'write words = ["…", "…"]')
    return OwnRule(name, kind, regex, tuple(words))
