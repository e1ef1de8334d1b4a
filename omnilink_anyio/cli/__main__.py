"""``python -m omnilink_anyio.cli``."""

from omnilink_anyio.cli import main

main(prog_name="omnilink")
