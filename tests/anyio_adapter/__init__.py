"""The anyio adapter: the same test bodies on asyncio and on trio."""
