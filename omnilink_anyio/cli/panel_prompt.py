"""The prompt under the live view of an emulated panel, in a terminal."""

import re
from collections.abc import Callable, Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from omnilink_anyio.cli.panel_text import next_words

__all__ = ["prompt_for_commands"]

_REFRESH = 0.5
"""Seconds after which the line at the bottom is made anew."""

_MAY_BE_A_CODE = re.compile(r"\d{4}")
"""What a line with a code has in it, mistyped or not."""


async def prompt_for_commands(
    run: Callable[[str], None], forms: Iterable[str], summary: Callable[[], str]
) -> None:
    """Run each line that is typed until the user ends it; what is printed meanwhile scrolls above the prompt.

    Needs asyncio. ``summary`` is shown at the bottom.
    """
    session: PromptSession[str] = PromptSession(
        "omnilink> ",
        completer=_FormCompleter(tuple(forms)),
        complete_while_typing=False,
        history=_History(),
        bottom_toolbar=summary,
        refresh_interval=_REFRESH,
        # What was typed may hold a code, and does not stay.
        erase_when_done=True,
    )
    with patch_stdout(raw=True):
        while True:
            try:
                line = await session.prompt_async(handle_sigint=False)
            except (EOFError, KeyboardInterrupt):
                return
            run(line)


class _FormCompleter(Completer):
    """Completes what is typed as the forms allow."""

    def __init__(self, forms: tuple[str, ...]) -> None:
        self._forms = forms

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        del complete_event
        typed = document.text_before_cursor.lstrip()
        last = typed.rpartition(" ")[2]
        return [Completion(word, start_position=-len(last)) for word in next_words(self._forms, typed)]


class _History(InMemoryHistory):
    """The lines of this run, without those that may have a code in them."""

    def append_string(self, string: str) -> None:
        if not _MAY_BE_A_CODE.search(string):
            super().append_string(string)
