"""Clients whose calls are awaited; ``awaited_client.pyi`` beside this shows the calls to type checkers."""

from omnilink_sansio.client.calls import ClientCalls

__all__ = ["AwaitedClient"]


class AwaitedClient(ClientCalls):
    """A client whose calls are awaited."""
