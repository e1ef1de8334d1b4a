"""The fixture that other projects get, in a pytest run of its own."""

import os
import sys
from pathlib import Path

import pytest

from tests.anyio_adapter.test_imports import BLOCKED, run

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


def run_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tests: str) -> pytest.RunResult:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(tests)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error", timeout=60)


def test_it_serves_any_client(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    run_tests(pytester, monkeypatch, THREE_CLIENTS).assert_outcomes(passed=3)


def test_all_of_it_can_be_another(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    run_tests(pytester, monkeypatch, OVERRIDDEN).assert_outcomes(passed=4)


def test_a_report_of_a_failure_shows_no_key(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = bytes(range(100, 116))
    result = run_tests(
        pytester,
        monkeypatch,
        """
        import pytest

        @pytest.fixture
        def mock_panel_key():
            return bytes(range(100, 116))

        def test_that_fails(mock_panel):
            assert mock_panel.controller_key == mock_panel
        """,
    )
    result.assert_outcomes(failed=1)
    said = result.stdout.str()
    assert "<hidden>" in said
    assert repr(key)[2:-1] not in said
    assert key.hex() not in said


def test_only_the_fixture_needs_pytest() -> None:
    assert run(BLOCKED.format(module="omnilink_anyio", missing="pytest")) == "imported"
    assert "pip install pytest" in run(
        BLOCKED.format(module="omnilink_anyio.pytest_plugin", missing="pytest")
    )
