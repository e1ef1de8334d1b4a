"""Settings for all tests."""

from hypothesis import HealthCheck, settings

# How long an example takes depends on the machine, so no example may fail for it.
settings.register_profile("omnilink", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("omnilink")
