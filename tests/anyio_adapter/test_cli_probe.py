"""``omnilink probe``."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import omnilink_sync
from omnilink_anyio.cli import main
from omnilink_anyio.cli.options import KEY_VARIABLE
from omnilink_sansio import ControllerSettings

KEY = bytes(range(16, 32))


@pytest.fixture(params=["tcp", "udp"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def served(transport: str) -> Iterator[omnilink_sync.ServedPanel]:
    with omnilink_sync.MockPanel(controller_key=KEY).serve(
        transport="udp" if transport == "udp" else "tcp"
    ) as panel:
        yield panel


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "controller.key"
    path.write_text(KEY.hex("-") + "\n", encoding="utf-8")
    return path


def probe(*arguments: object, key: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(main, ["probe", *map(str, arguments)], env={KEY_VARIABLE: key})
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert KEY.hex() not in result.output
    assert KEY.hex("-") not in result.output
    return result.exit_code, result.output


def to(panel: omnilink_sync.ServedPanel, transport: str) -> tuple[object, ...]:
    return panel.host, "--port", panel.port, "--transport", transport


def test_without_a_key_a_controller_is_fine_when_it_offers_a_session(
    served: omnilink_sync.ServedPanel, transport: str
) -> None:
    code, output = probe(*to(served, transport))
    where = f"{served.host} port {served.port} ({transport.upper()})"
    found = "a controller answers here; without a key it was not tried whether one fits"
    assert (code, output) == (0, f"{where}: fine: {found}\n")


def test_with_a_key_it_names_model_and_firmware(
    served: omnilink_sync.ServedPanel, transport: str, key_file: Path
) -> None:
    for given in ({"key": KEY.hex()}, {}):
        options = () if given else ("--key-file", key_file)
        code, output = probe(*to(served, transport), *options, **given)
        assert code == 0
        assert output.endswith(": fine: Omni Pro II, firmware 4.0b\n")


def test_a_wrong_key_is_called_so(served: omnilink_sync.ServedPanel, transport: str) -> None:
    code, output = probe(*to(served, transport), key="00" * 16)
    assert code == 1
    assert ": wrong key: " in output


@pytest.mark.parametrize("text", ["", "5ec2e7", "no such secret", "5ec2e7\xff"])
def test_what_is_no_key_is_an_error_that_does_not_show_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_bytes(text.encode("latin-1"))
    code, output = probe("127.0.0.1", "--key-file", path)
    assert code == 1
    assert str(path) in output
    assert not text or text[:6] not in output


def test_no_slot_is_busy(transport: str) -> None:
    panel = omnilink_sync.MockPanel(controller_key=KEY, settings=ControllerSettings(max_sessions=1))
    with (
        panel.serve(transport="udp" if transport == "udp" else "tcp") as served,
        omnilink_sync.OmniClient(
            served.host,
            served.port,
            controller_key=KEY,
            transport="udp" if transport == "udp" else "tcp",
        ),
    ):
        code, output = probe(*to(served, transport), key=KEY.hex())
        assert code == 1
        assert ": busy: the controller cannot start another session (packet 7)" in output


def test_nobody_there(transport: str) -> None:
    with socket.socket(type=socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, output = probe("127.0.0.1", "--port", port, "--transport", transport, "--timeout", 5)
    assert code == 1
    assert ": port closed: " in output


def test_help_says_what_it_takes() -> None:
    code, output = probe("--help")
    assert code == 0
    for word in ("--port", "--transport", "--key-file", "--timeout", KEY_VARIABLE, "not an Omni panel"):
        assert word in output
