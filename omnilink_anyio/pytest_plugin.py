"""Fixtures for tests of any Omni-Link client: ``mock_panel`` is an emulated panel, served while the test runs.

Name this module in a ``conftest.py``: ``pytest_plugins = ["omnilink_anyio.pytest_plugin"]``. Override
``mock_panel_house``, ``mock_panel_key``, ``mock_panel_transport`` or ``mock_panel_faults`` where a test needs
another one.
"""

import os
from collections.abc import Callable, Hashable, Iterator
from typing import Literal, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from omnilink_anyio.mock_panel import MockPanel, ServedPanel
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.faults.fault_plan import FaultPlan
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.panel import EmulatedPanel
from omnilink_sansio.simulator.stimuli import Stimulus

try:
    import pytest
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError("omnilink_anyio.pytest_plugin is for pytest: pip install pytest") from error

__all__ = [
    "PanelUnderTest",
    "mock_panel",
    "mock_panel_faults",
    "mock_panel_house",
    "mock_panel_key",
    "mock_panel_transport",
]

_T = TypeVar("_T")


class PanelUnderTest:
    """An emulated panel that a thread of its own serves, for clients in any thread, event loop or process.

    ``host`` and ``port`` are where it listens, ``controller_key`` the 16 bytes of its key. Its methods return when
    what they do is done, and its notifications are on their way.
    """

    def __init__(self, served: ServedPanel, portal: BlockingPortal, controller_key: bytes) -> None:
        self.host = served.host
        self.port = served.port
        # No report of a failed test shall show it.
        self._controller_key = ControllerKey(controller_key)
        self._served = served
        self._portal = portal

    @property
    def controller_key(self) -> bytes:
        """The 16 bytes of the controller key."""
        return self._controller_key

    @property
    def house(self) -> House:
        """What the panel controls: to look at. Change it with `happen` or `act`."""
        return self._served.panel.house

    def happen(self, what: Stimulus | str) -> None:
        """Have something happen in the house, such as "open zone 3"; see `ServedPanel.happen`."""
        self._portal.call(self._served.happen, what)

    def reboot(self) -> None:
        """Have the panel restart; see `ServedPanel.reboot`."""
        self._portal.call(self._served.reboot)

    def act(self, action: Callable[[EmulatedPanel[Hashable], float], _T]) -> _T:
        """Do something to the panel, and return what ``action`` returns; see `ServedPanel.act`."""
        return self._portal.call(self._served.act, action)


@pytest.fixture
def mock_panel_key() -> bytes:
    """Return the controller key of ``mock_panel``: a new one for each test."""
    return os.urandom(ControllerKey.SIZE)


@pytest.fixture
def mock_panel_house() -> House:
    """Return the house of ``mock_panel``: a new demo house for each test."""
    return demo_house()


@pytest.fixture
def mock_panel_transport() -> Literal["tcp", "udp", "both"]:
    """Return what ``mock_panel`` is served over: "tcp"."""
    return "tcp"


@pytest.fixture
def mock_panel_faults() -> FaultPlan | None:
    """Return what goes wrong at ``mock_panel``: None, so nothing."""
    return None


@pytest.fixture
def mock_panel(
    mock_panel_house: House,
    mock_panel_key: bytes,
    mock_panel_transport: Literal["tcp", "udp", "both"],
    mock_panel_faults: FaultPlan | None,
) -> Iterator[PanelUnderTest]:
    """Serve an emulated panel on a free port of this machine while the test runs."""
    panel = MockPanel(controller_key=mock_panel_key, house=mock_panel_house, faults=mock_panel_faults)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(panel.serve(transport=mock_panel_transport)) as served,
    ):
        yield PanelUnderTest(served, portal, mock_panel_key)
