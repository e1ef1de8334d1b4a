"""How long importing a client takes: whole processes, interpreter included, the best of several."""

import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

FLOOR = "import anyio, asyncio"
PEER = "import omni_pca.client"
OURS = (
    "from omnilink_anyio import OmniClient",
    "from omnilink_sync import OmniClient",
    "import omnilink_sansio; omnilink_sansio.ClientConnection",
)

ROOT = Path(__file__).parents[2]


def import_seconds(rounds: int = 9) -> dict[str, float]:
    """Return the least time of a process for each program, the peer's too where it is installed, in turns."""
    programs = [FLOOR, *OURS, *([PEER] if find_spec("omni_pca") else [])]
    best = dict.fromkeys(programs, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        # Compiled once, as after an installation: the round before the first of those that count.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": folder}
        for turn in range(rounds + 1):
            for program in programs:
                began = time.perf_counter()
                # The programs are those above and hold nothing from outside.
                subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
                if turn:
                    best[program] = min(best[program], time.perf_counter() - began)
    return best
