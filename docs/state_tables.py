"""Write the state machines' page from their transition tables: ``python docs/state_tables.py``."""

from enum import Enum, IntEnum
from pathlib import Path
from typing import TypeVar

from omnilink_sansio import Framing
from omnilink_sansio.session.connection_states import CLIENT_TABLE, CONTROLLER_TABLE
from omnilink_sansio.session.secure_client_states import SECURE_CLIENT_TABLE
from omnilink_sansio.session.secure_controller_states import SECURE_CONTROLLER_TABLE
from omnilink_sansio.session.states import TransitionTable

_S = TypeVar("_S", bound=Enum)
_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)
_R = TypeVar("_R", bound=Enum)

PAGE = Path(__file__).with_name("states.md")

_HEAD = """# The state machines

A connection, at either end, knows its link's reports and its owner's calls, whatever the link. Each end's secure
link has a machine of its own, which knows packets. Drawn from the transition tables by `docs/state_tables.py`; a
test keeps this page in step. An input that has no row in a state cannot come about there. Rows that hold for
streams or for datagrams only say so.
"""


def page() -> str:
    """Return the whole page."""
    machines = [
        _machine("Client", CLIENT_TABLE),
        _machine("Controller", CONTROLLER_TABLE),
        _machine("Secure link, client", SECURE_CLIENT_TABLE),
        _machine("Secure link, controller", SECURE_CONTROLLER_TABLE),
    ]
    return "\n".join([_HEAD, *(line for machine in machines for line in machine)])


def _machine(name: str, table: TransitionTable[_S, _I, _A, _R]) -> list[str]:
    stream = table.rows(Framing.STREAM)
    datagram = table.rows(Framing.DATAGRAM)
    # State by state, as the table lists them.
    pairs = list(dict.fromkeys((*stream, *datagram)))
    order = list(dict.fromkeys(state for state, _ in pairs))
    pairs.sort(key=lambda pair: (order.index(pair[0]), pair[1]))
    rows = []
    arrows: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        state, item = pair
        both = stream.get(pair) == datagram.get(pair)
        for link, transition in (("stream", stream.get(pair)), ("datagram", datagram.get(pair))):
            if transition is None or (both and link == "datagram"):
                continue
            where = "both" if both else link
            reason = "" if transition.reason is None else str(transition.reason.value)
            action = "" if transition.action is None else str(transition.action.value)
            target = transition.next_state.value
            rows.append(f"| {state.value} | {_words(item)} | {where} | {target} | {action} | {reason} |")
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
