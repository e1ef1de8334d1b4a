"""The golden transcript: a whole session of a plain client with the emulated demo house, in virtual time.

``python -m tests.simulator.transcript`` prints what it is now, with ``--write`` it goes into the file that the
test compares it with. What stands there is all that is needed to replay the session with another client.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from omnilink_sansio.simulator import demo_house
from tests.simulator.driver import KEY
from tests.simulator.plain_client import NothingCameError, Packet, PlainClient, session_key
from tests.simulator.wire import END, Wire

TRANSCRIPT = Path(__file__).parent / "transcripts" / "session.txt"

_TABLES = Path(__file__).parents[1] / "tables"
_BLOCK = 16


def _names(table: str) -> dict[int, str]:
    rows = json.loads((_TABLES / f"{table}.json").read_text(encoding="utf-8"))
    return {row["value"]: row["name"] for row in rows}


_PACKETS, _MESSAGES = _names("packet_types"), _names("opcodes_v2")

_HEAD = """\
# A whole session of Omni-Link II between a client and the emulated panel: the demo house, in virtual time.
#
# controller key  {key}    (the tests' own)
# session ID      {session_id}
# session key     {session_key}
#
# Every packet has two lines. The first: seconds since the stream was opened; -> to the panel or <- from it; the
# packet's type and its name; its sequence number; what is in it, decrypted and not padded; the message's name. A
# message is shown as start character, length and type, data in fours, CRC. The second line: all the packet's
# bytes as they are on the wire. After ** stands what happens in the house at that moment, in the words of
# `omnilink mock-panel`.
#
# To take a change over: python -m tests.simulator.transcript --write
"""


def _grouped(data: bytes, size: int = 4) -> str:
    return " ".join(data[start : start + size].hex() for start in range(0, len(data), size))


def _content(packet: Packet) -> str:
    """Return what is in a packet, for people."""
    if packet.type != 32:
        # A session ID of 5 bytes; with the protocol's version before it in packet 2.
        plain = packet.data[:5] if packet.type in (3, 4) else packet.data
        parts = [plain[:2], plain[2:]] if packet.type == 2 else [plain]
        return " ".join(part.hex() for part in parts)
    end = packet.data[1] + 2
    head, data, crc = packet.data[:3], packet.data[3:end], packet.data[end : end + 2]
    shown = [head.hex(" "), _grouped(data), crc.hex()]
    return "  ".join([*filter(None, shown), _MESSAGES.get(head[2], "(unknown)")])


class _Session:
    """What the client does, and every packet of it as lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._wire = Wire(demo_house())
        self._start = self._wire.now
        self._client = self._wire.client(observe=self._write_packet)

    def _write_packet(self, sent: bool, packet: Packet) -> None:
        arrow = "->" if sent else "<-"
        line = (
            f"{self._moment()}  {arrow} {packet.type:2} {_PACKETS[packet.type]}  seq {packet.sequence}"
            f"  {_content(packet)}"
        )
        self.lines += [line.rstrip(), f"            {packet.raw.hex()}"]

    def _moment(self) -> str:
        return f"{self._wire.now - self._start:8.3f}"

    # What is done.

    def chapter(self, title: str) -> None:
        self.lines += ["", f"## {title}"]

    def client(self) -> PlainClient:
        return self._client

    def ask(self, *messages: str) -> None:
        """Send requests one after another, and hear what is pushed after each reply."""
        for message in messages:
            self._client.ask(message)
            self._hear()

    def walk(self, kind: int) -> None:
        """Read the properties of the named objects of a kind."""
        index = 0
        while (
            reply := self._client.ask(bytes((0x20, kind)) + index.to_bytes(2, "big") + b"\1\1\0\0")
        ) != END:
            index = int.from_bytes(reply[2:4], "big")

    def read_log(self) -> None:
        """Read the event log, newest first."""
        number = b"\0\0"
        while (reply := self._client.ask(b"\x24" + number + b"\xff")) != END:
            number = reply[1:3]

    def happens(self, text: str) -> None:
        self.lines.append(f"{self._moment()}  ** {text}")
        self._wire.happens(text)
        self._hear()

    def wait(self, seconds: float) -> None:
        self._wire.advance(seconds, self._hear)

    def _hear(self) -> None:
        try:
            while True:
                self._client.hear()
        except NothingCameError:
            return


def _whole_session() -> Iterator[str]:
    session = _Session()
    client = session.client()

    session.chapter("Start-up")
    client.connect()
    session.ask("16", "18", "28", "1A", "1C")

    session.chapter("Inventory: how many of everything, what has a name, how it is")
    session.ask(*(f"1E {kind:02X}" for kind in range(1, 15)))
    for kind in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14):
        session.walk(kind)
    # One whole range, and 26 at a time beginning with the last again.
    session.ask("3A 01 0001 0032", "3A 01 0032 004B", "22 01 0001 0007")
    session.ask("3A 02 0001 0004", "3A 02 0101 0101", "3A 02 0189 0189", "3A 05 0001 0008", "3A 06 0001 0002")
    session.ask("22 06 0001 0002", "3A 07 0001 0002", "3A 08 00AA 00AB", "3A 0A 0001 0002", "3A 0B 0001 0008")
    session.ask("3A 0D 0001 0002", "3A 0E 0001 0001", "3A 0F 0001 0001")
    session.ask("38", "30 0001 00", "30 0001 02", "0D 01 0000 01", "11 01 0000 01", "24 0000 FF")

    session.chapter(
        "What is refused: a range the wrong way round, one that is too long, a type that there is not"
    )
    session.ask("22 01 0003 0001", "3A 01 0001 0040", "22 10 0001 0001", "20 01 0001 02 00 00 00", "FE")

    session.chapter("Notifications, and commands that change things")
    session.wait(10)
    session.ask("15 01", "14 01 05 0001", "14 09 32 0002")
    session.wait(6)
    session.ask("14 42 80 0001", "14 50 00 0001", "14 71 32 0001", "14 07 00 0001", "14 6A 03 0001")
    session.wait(4)
    session.happens("open zone 2")
    session.happens("close zone 2")
    session.ask("14 01 00 0200")

    session.chapter("Codes: one for another area, one that is nobody's, one that is right")
    session.ask("26 02 00000402", "26 02 09090909", "26 02 01020304")

    session.chapter("Arming the garage with a code's number; its exit delay of 30 seconds")
    session.ask("14 33 01 0002")
    session.wait(30.5)
    session.ask("3A 05 0001 0002", "3A 01 0006 0006")

    session.chapter("A zone trips")
    session.wait(9.5)
    session.happens("open zone 6")
    session.ask("3A 05 0002 0002", "18", "38")

    session.chapter("Disarming with a code's digits, first a wrong one")
    session.wait(5)
    session.ask("4A 02 00 09090909", "4A 02 00 01020304")
    session.happens("close zone 6")
    session.ask("18")
    session.read_log()

    session.chapter("The end")
    session.ask("15 00")
    session.happens("open zone 1")
    client.end()

    yield from _HEAD.format(
        key=_grouped(KEY),
        session_id=client.session_id.hex(),
        session_key=_grouped(session_key(KEY, client.session_id)),
    ).splitlines()
    yield from session.lines


def transcript() -> list[str]:
    """Return the lines of the session as it goes now."""
    return list(_whole_session())


def main(arguments: list[str]) -> None:
    """Print the transcript, or with ``--write`` put it into its file."""
    text = "\n".join(transcript()) + "\n"
    if arguments == ["--write"]:
        TRANSCRIPT.write_text(text, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
