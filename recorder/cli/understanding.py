"""Three questions about a study's notice and a typed phrase, before a yes counts.

The right answers come from the terms that the controller signed, never from the free text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from recorder.cli.terminal import Terminal
from recorder.consent.notice import Notice, sections
from recorder.consent.recipients import roles
from recorder.core.errors import ExitCode, RecorderError

TRIES: Final = 3
_LONGER: Final = 3
"""A wrong number of days is this many times the right one."""
Shuffle = Callable[[list[str]], None]


class NotAgreed(RecorderError):
    """The person did not show that they know what the notice says, or did not type the phrase."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"You did not agree: {why}",
            "read the notice again or ask the study's contact, then run the command again",
            ExitCode.NO_CONSENT,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its only right answer.

    Attributes:
        text: As it is asked.
        right: From the signed terms.
        wrong: What the terms do not say.
        heading: Part of the notice that tells.
    """

    text: str
    right: str
    wrong: tuple[str, str]
    heading: str


def questions(notice: Notice) -> tuple[Question, ...]:
    """Give who gets it, how long, and how to stop, as this notice has them."""
    terms = notice.terms
    return (
        Question(
            "Who can read what you send?",
            "; ".join(roles(terms)),
            ("Anyone who finds the place where it is left", "Nobody, it is never opened"),
            "Who can read it",
        ),
        Question(
            "How long is what you send kept?",
            f"{terms.retention_days} days, then it is deleted",
            (f"{terms.retention_days * _LONGER} days, then it is deleted", "For ever"),
            "How long",
        ),
        Question(
            "How do you end your yes?",
            terms.withdrawal,
            ("I cannot, until the study is over", f"I ask {terms.controller.name} and say why"),
            "How to stop",
        ),
    )


def ask_understanding(ask: Terminal, notice: Notice, shuffle: Shuffle) -> None:
    """Ask the three questions; a wrong answer shows the passage and asks again.

    Args:
        ask: The person.
        notice: A study's.
        shuffle: Puts the answers of a question in another order.

    Raises:
        NotAgreed: A question was answered wrong three times.
        Left: The person ended the questions.
    """
    ask.say()
    ask.say("Three questions, so that nobody agrees to what they did not read.")
    for question in questions(notice):
        if not _understood(ask, notice, question, shuffle):
            raise NotAgreed(f"{question.text!r} was answered wrong {TRIES} times")


def ask_phrase(ask: Terminal, study: str) -> None:
    """Have the person type what they agree to.

    Raises:
        NotAgreed: Something else was typed three times.
        Left: The person ended the questions.
    """
    phrase = f"I share with {study}"
    for _ in range(TRIES):
        typed = ask.line(f"To agree, type these words: {phrase}\n>")
        if " ".join(typed.split()).casefold() == phrase.casefold():
            return
        ask.say("Those are other words. Ctrl-C leaves, and nothing is agreed.")
    raise NotAgreed("the words were not typed")


def _understood(ask: Terminal, notice: Notice, question: Question, shuffle: Shuffle) -> bool:
    for _ in range(TRIES):
        answers = [question.right, *question.wrong]
        shuffle(answers)
        ask.say()
        for number, answer in enumerate(answers, 1):
            ask.say(f"  {number}  {answer}")
        typed = ask.line(f"{question.text} A number:")
        if typed == str(answers.index(question.right) + 1):
            return True
        ask.say(f"That is not it. The notice says, under {question.heading!r}:")
        ask.say(sections(notice.text).get(question.heading, ""))
        ask.say(f"And its signed terms: {question.right}")
    return False
