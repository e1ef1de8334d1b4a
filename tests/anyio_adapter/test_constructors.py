"""What is wrong with a key or a port is found out in the constructor, in words that name its form."""

from collections.abc import Callable
from pathlib import Path

import anyio
import click
import pytest

import omnilink_anyio
import omnilink_sync
from omnilink_anyio.cli.options import read_key
from omnilink_sansio import ControllerKey, LocalProtocolError

HOST = "127.0.0.1"
KEY = bytes.fromhex("cafe0203040506070809000a0b0c0eee")
HEX = KEY.hex()


class NoTransport:
    """A transport that no constructor may touch."""

    def send(self, data: bytes) -> None:
        raise AssertionError(f"{len(data)} bytes sent by a constructor")

    def receive(self, timeout: float) -> bytes | None:
        raise AssertionError(f"waited {timeout} s in a constructor")

    def close(self) -> None:
        raise AssertionError("closed by a constructor")


async def opened() -> omnilink_anyio.Transport:
    raise AssertionError("opened by a constructor")


OWN = NoTransport()

CHECKED: dict[str, Callable[[bytes], object]] = {
    "anyio OmniClient": lambda key: omnilink_anyio.OmniClient(HOST, controller_key=key),
    "anyio ReconnectingClient": lambda key: omnilink_anyio.ReconnectingClient(HOST, controller_key=key),
    "anyio ReconnectingClient.opening": lambda key: omnilink_anyio.ReconnectingClient.opening(
        opened, controller_key=key
    ),
    "anyio MockPanel": lambda key: omnilink_anyio.MockPanel(controller_key=key),
    "sync OmniClient": lambda key: omnilink_sync.OmniClient(HOST, controller_key=key),
    "sync OmniClient.over": lambda key: omnilink_sync.OmniClient.over(OWN, controller_key=key),
    "sync ReconnectingClient": lambda key: omnilink_sync.ReconnectingClient(HOST, controller_key=key),
    "sync ReconnectingClient.opening": lambda key: omnilink_sync.ReconnectingClient.opening(
        lambda: OWN, controller_key=key
    ),
    "sync MockPanel": lambda key: omnilink_sync.MockPanel(controller_key=key),
}

WITHOUT_KEY: dict[str, Callable[[bytes], object]] = {
    "anyio OmniConnection": lambda key: omnilink_anyio.OmniConnection(HOST, controller_key=key),
    "anyio OmniConnection.opening": lambda key: omnilink_anyio.OmniConnection.opening(
        opened, controller_key=key
    ),
    "anyio probe": lambda key: anyio.run(omnilink_anyio.probe, HOST, 1, key),
    "sync OmniConnection": lambda key: omnilink_sync.OmniConnection(HOST, controller_key=key),
    "sync OmniConnection.over": lambda key: omnilink_sync.OmniConnection.over(OWN, controller_key=key),
    "sync probe": lambda key: omnilink_sync.probe(HOST, 1, key),
}
"""What takes None as well, and finds out then whether a session would be offered."""

PORTS: dict[str, Callable[[int], object]] = {
    "anyio OmniClient": lambda port: omnilink_anyio.OmniClient(HOST, port, controller_key=KEY),
    "anyio OmniConnection": lambda port: omnilink_anyio.OmniConnection(HOST, port, controller_key=KEY),
    "anyio ReconnectingClient": lambda port: omnilink_anyio.ReconnectingClient(
        HOST, port, controller_key=KEY
    ),
    "anyio probe": lambda port: anyio.run(omnilink_anyio.probe, HOST, port),
    "sync OmniClient": lambda port: omnilink_sync.OmniClient(HOST, port, controller_key=KEY),
    "sync OmniConnection": lambda port: omnilink_sync.OmniConnection(HOST, port, controller_key=KEY),
    "sync ReconnectingClient": lambda port: omnilink_sync.ReconnectingClient(HOST, port, controller_key=KEY),
    "sync probe": lambda port: omnilink_sync.probe(HOST, port),
}
LISTENING: dict[str, Callable[[int], object]] = {
    "anyio MockPanel": lambda port: omnilink_anyio.MockPanel(controller_key=KEY).serve(HOST, port),
    "sync MockPanel": lambda port: omnilink_sync.MockPanel(controller_key=KEY).serve(HOST, port),
}


def refusal(make: Callable[[], object]) -> str:
    """Return the text of the refusal, which shows nothing of the key."""
    with pytest.raises(LocalProtocolError) as caught:
        make()
    text = f"{caught.value} {caught.value!r}"
    assert "cafe" not in text
    assert "0405" not in text
    return str(caught.value)


@pytest.mark.parametrize("name", [*CHECKED, *WITHOUT_KEY])
@pytest.mark.parametrize(
    ("key", "found"),
    [
        (HEX, "a value of type str"),
        (HEX.encode(), "32"),
        (KEY[:15], "15"),
        (16, "a value of type int"),
    ],
    ids=["hex", "hex as bytes", "short", "number"],
)
def test_what_is_no_key_is_found_out_at_once(name: str, key: bytes, found: str) -> None:
    text = refusal(lambda: {**CHECKED, **WITHOUT_KEY}[name](key))
    assert text.startswith(f"a ControllerKey has 16 bytes, not {found}: ControllerKey.from_hex() reads")
    assert text.endswith("32 hexadecimal digits")


@pytest.mark.parametrize("name", CHECKED)
def test_no_key_is_found_out_at_once(name: str) -> None:
    assert "not None: ControllerKey.from_hex()" in refusal(lambda: CHECKED[name](None))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in WITHOUT_KEY if "probe" not in name])
def test_a_connection_without_a_key_finds_out_about_offers(name: str) -> None:
    WITHOUT_KEY[name](None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [*PORTS, *LISTENING])
@pytest.mark.parametrize("port", ["4369", HEX, None, 4369.0, True, -1, 65536])
def test_what_is_no_port_is_found_out_at_once(name: str, port: int) -> None:
    text = refusal(lambda: {**PORTS, **LISTENING}[name](port))
    lowest = 0 if name in LISTENING else 1
    is_number = type(port) is int
    form = f"a port is {lowest} to 65535, not {port}"
    assert text == (
        form
        if is_number
        else f"a port is an int, {lowest} to 65535, not a value of type {type(port).__name__}"
    )


@pytest.mark.parametrize("name", PORTS)
def test_nothing_is_found_at_port_0(name: str) -> None:
    assert refusal(lambda: PORTS[name](0)) == "a port is 1 to 65535, not 0"


@pytest.mark.parametrize("name", LISTENING)
@pytest.mark.parametrize("port", [0, 1, 65535])
def test_a_panel_takes_any_port_and_a_free_one(name: str, port: int) -> None:
    LISTENING[name](port)


@pytest.mark.parametrize(
    ("text", "tail"),
    [(HEX[:30], ", not 30"), (HEX + "\n" + HEX, ", not 64"), ("cafe key", ", and nothing else")],
)
def test_a_key_file_says_what_is_wrong_with_its_digits(tmp_path: Path, text: str, tail: str) -> None:
    file = tmp_path / "panel.key"
    file.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(click.ClickException) as caught:
        read_key(file)
    assert caught.value.message.endswith(
        "panel.key: a controller key is 32 hexadecimal digits "
        f"(blanks, dashes and colons between them are allowed){tail}"
    )
    assert "cafe" not in caught.value.message


def test_a_key_as_it_is_written_is_one() -> None:
    for make in CHECKED.values():
        make(ControllerKey.from_hex(HEX))
