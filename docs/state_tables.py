"""Write the state machines' page from their transition tables: ``python docs/state_tables.py``."""

from enum import Enum, IntEnum
from pathlib import Path
from typing import TypeVar

from omnilink_sansio import ConnectionState, Framing
from omnilink_sansio.session.client_states import CLIENT_TABLE
from omnilink_sansio.session.controller_states import CONTROLLER_TABLE
from omnilink_sansio.session.states import TransitionTable

_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)

PAGE = Path(__file__).with_name("states.md")

_HEAD = """# The two state machines

Drawn from the transition tables by `docs/state_tables.py`; a test keeps this page in step. An input that has no
row in a state cannot come about there. Rows that hold on one kind of link only say so.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *_machine("Client", CLIENT_TABLE), *_machine("Controller", CONTROLLER_TABLE)])


def _machine(name: str, table: TransitionTable[_I, _A]) -> list[str]:
    stream = table.rows(Framing.STREAM)
    datagram = table.rows(Framing.DATAGRAM)
    pairs = sorted(
        stream.keys() | datagram.keys(), key=lambda pair: (list(ConnectionState).index(pair[0]), pair[1])
    )
    rows = []
    arrows: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        state, item = pair
        both = stream.get(pair) == datagram.get(pair)
        for link, transition in (("stream", stream.get(pair)), ("datagram", datagram.get(pair))):
            if transition is None or (both and link == "datagram"):
                continue
            where = "both" if both else link
            why = "" if transition.why is None else str(transition.why.value)
            target = transition.next_state.value
            rows.append(
                f"| {state.value} | {_words(item)} | {where} | {target} | {transition.action.value} | {why} |"
            )
            if transition.next_state is not state:
                label = _words(item) + ("" if both else f" ({link})")
                arrows.setdefault((state.value, target), []).append(label)
    diagram = [f"    {start} --> {end}: {', '.join(labels)}" for (start, end), labels in arrows.items()]
    return [
        f"## {name}\n",
        "```{mermaid}",
        "stateDiagram-v2",
        "    [*] --> idle",
        *diagram,
        "    closed --> [*]",
        "```\n",
        "| state | input | link | next state | action | reason |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _words(item: IntEnum) -> str:
    return item.name.lower().replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
