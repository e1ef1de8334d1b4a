"""Clients whose calls block; ``blocking_client.pyi`` beside this shows the calls to type checkers."""

from omnilink_sansio.client.calls import ClientCalls

__all__ = ["BlockingClient"]


class BlockingClient(ClientCalls):
    """A client whose calls return when they are done."""
