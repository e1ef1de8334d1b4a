"""Something that happens once, which any number of tasks may wait for."""

import anyio
import anyio.lowlevel

__all__ = ["Flag"]


class Flag:
    """As `anyio.Event`, but made anywhere, and small while nobody waits: a process may have thousands."""

    __slots__ = ("_waiting", "is_set")

    def __init__(self) -> None:
        self.is_set = False
        """Whether it has happened."""
        self._waiting: list[anyio.Event] | None = None

    def set(self) -> None:
        """Let everybody go on who waits, now or later."""
        self.is_set = True
        waiting, self._waiting = self._waiting, None
        for event in waiting or ():
            event.set()

    async def wait(self) -> None:
        """Wait until it happens."""
        if self.is_set:
            await anyio.lowlevel.checkpoint()
            return
        event = anyio.Event()
        self._waiting = [*(self._waiting or ()), event]
        try:
            await event.wait()
        finally:
            if self._waiting is not None:
                self._waiting = [other for other in self._waiting if other is not event] or None
