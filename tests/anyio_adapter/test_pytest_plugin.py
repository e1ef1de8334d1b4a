"""The fixture that other projects get, in a pytest run of its own."""

import os
import re
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]

CONFTEST = 'pytest_plugins = ["omnilink_anyio.pytest_plugin"]'

THREE_CLIENTS = """
import asyncio
import socket

import omnilink_anyio
import omnilink_sync


def test_a_client_that_blocks(mock_panel):
    key = mock_panel.controller_key
    with omnilink_sync.OmniClient(mock_panel.host, mock_panel.port, controller_key=key) as client:
        with client.events() as events:
            mock_panel.happen("open zone 1")
            assert next(events).index == 1
        client.turn_unit_on(1)
        assert mock_panel.house.units[1].state == 1
        assert mock_panel.act(lambda panel, now: panel.session_count) == 1
        mock_panel.reboot()
        assert mock_panel.act(lambda panel, now: panel.session_count) == 0


def test_a_client_on_asyncio(mock_panel):
    async def list_areas():
        key = mock_panel.controller_key
        async with omnilink_anyio.OmniClient(mock_panel.host, mock_panel.port, controller_key=key) as client:
            return await client.list_area_names()

    assert asyncio.run(list_areas()) == {1: "HOUSE", 2: "GARAGE"}


def test_a_socket(mock_panel):
    with socket.create_connection((mock_panel.host, mock_panel.port), timeout=20) as connected:
        connected.sendall(bytes([0, 1, 1, 0]))
        assert connected.recv(4) == bytes([0, 1, 2, 0])
"""

OVERRIDDEN = """
import pytest

from omnilink_sansio.simulator import FaultPlan, House, Zone
from omnilink_sync import OmniClient, SessionRefusedError


@pytest.fixture
def mock_panel_key():
    return bytes(16)


@pytest.fixture
def mock_panel_house():
    return House(zones={1: Zone("GATE")})


@pytest.fixture(params=["udp", "both"])
def mock_panel_transport(request):
    return request.param


def test_a_house_of_ones_own(mock_panel):
    with OmniClient(mock_panel.host, mock_panel.port, controller_key=bytes(16), transport="udp") as client:
        assert client.list_zone_names() == {1: "GATE"}


class TestFaults:
    @pytest.fixture
    def mock_panel_faults(self):
        return FaultPlan.parse("refuse")

    def test_who_asks_gets_no_session(self, mock_panel):
        client = OmniClient(mock_panel.host, mock_panel.port, controller_key=bytes(16), transport="udp")
        with pytest.raises(SessionRefusedError), client:
            pytest.fail("a session")
""".replace(
    "from omnilink_sync import OmniClient, SessionRefusedError",
    """
from omnilink_sansio import SessionRefusedError
from omnilink_sync import OmniClient
""",
)


FAILING = """
import pytest

@pytest.fixture
def mock_panel_key():
    return bytes(range(100, 116))

def test_that_fails(mock_panel):
    assert mock_panel.controller_key == mock_panel
"""


def test_it_serves_any_client_can_be_another_and_shows_no_key(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one run, most of which is starting: three clients, everything overridden, and a report of a failure."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    # What else is installed beside pytest is none of its business, and slow to load.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_clients=THREE_CLIENTS, test_overridden=OVERRIDDEN, test_failing=FAILING)
    result = pytester.runpytest_subprocess("-v", "-p", "no:cacheprovider", "-W", "error", timeout=60)
    result.assert_outcomes(passed=3 + 4, failed=1)
    said = result.stdout.str()
    for module, passed, failed in (("clients", 3, 0), ("overridden", 4, 0), ("failing", 0, 1)):
        assert len(re.findall(rf"^test_{module}\.py::.* PASSED", said, re.MULTILINE)) == passed, module
        assert len(re.findall(rf"^test_{module}\.py::.* FAILED", said, re.MULTILINE)) == failed, module
    assert "<hidden>" in said
    key = bytes(range(100, 116))
    assert repr(key)[2:-1] not in said
    assert key.hex() not in said
