"""Settings for all tests: how many examples hypothesis tries, chosen by ``HYPOTHESIS_PROFILE``."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from omnilink_sansio.client import ClientCalls, load_now

# Tests that go through all records find all of them, whichever tests run.
assert "list_names" in vars(ClientCalls)
load_now()

# How long an example takes depends on the machine, so no example may fail for it.
settings.register_profile(
    "default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# What a change has to pass before it goes in.
settings.register_profile("gate", settings.get_profile("default"), max_examples=300)
# pytest's own --hypothesis-profile wins over this.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    # Thousands of tests stay until the end: looking through them again and again is the collector's dearest part.
    gc.collect()
    gc.freeze()
