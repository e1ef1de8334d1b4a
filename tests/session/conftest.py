"""How many seeds the panels behind faulty links are tried with."""

import pytest

OPTION = "--faulty-link-seeds"
SEEDS = 1000


def pytest_addoption(parser: pytest.Parser) -> None:
    # pytest knows of it only where this folder, or a file in it, is named on the command line.
    parser.addoption(
        OPTION,
        type=int,
        default=SEEDS,
        metavar="NUMBER",
        help=f"with how many seeds the session's tests let everything go wrong together (default: {SEEDS})",
    )


@pytest.fixture
def faulty_link_seeds(pytestconfig: pytest.Config) -> range:
    """Every seed to be tried."""
    number = pytestconfig.getoption(OPTION, default=SEEDS)
    assert isinstance(number, int)
    if number < 1:
        raise pytest.UsageError(f"{OPTION} takes 1 or more")
    return range(number)
