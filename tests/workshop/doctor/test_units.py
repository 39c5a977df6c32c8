from __future__ import annotations

import pytest
from codriver.workshop.doctor.units import Unit, unit_findings, units_of

SHOWN = """\
Id=codriver.service
LoadState=loaded
ActiveState=active
Result=success
NRestarts=0

Id=codriver-vehicle.service
LoadState=loaded
ActiveState=failed
Result=exit-code
NRestarts=3

Id=codriver-sound.socket
LoadState=loaded
ActiveState=active
"""


def test_what_systemctl_shows_is_read() -> None:
    assert units_of(SHOWN) == (
        Unit("codriver.service", "loaded", "active"),
        Unit("codriver-vehicle.service", "loaded", "failed", "exit-code", 3),
        Unit("codriver-sound.socket", "loaded", "active"),
    )
    assert units_of("") == ()
    assert units_of("System has not been booted with systemd as init system\n") == ()


@pytest.mark.parametrize(
    ("unit", "part"),
    [
        (
            Unit("codriver.service", "loaded", "failed", "watchdog"),
            "it failed: watchdog `journalctl -u codriver.service",
        ),
        (Unit("codriver.service", "loaded", "active", restarts=7), "it was started again 7 times"),
        (Unit("codriver.service", "bad-setting", "inactive"), "its file is bad-setting"),
        (Unit("codriver.service", "masked", "inactive"), "its file is masked"),
    ],
)
def test_a_unit_in_trouble_is_told_with_what_to_do(unit: Unit, part: str) -> None:
    [found] = unit_findings((unit, Unit("codriver-vehicle.service", "loaded", "active")))
    assert not found.well
    assert part in f"{found.detail} {found.cure}"


def test_units_that_run_are_one_line_and_none_are_none() -> None:
    [found] = unit_findings(units_of(SHOWN.replace("failed", "active")))
    assert (found.well, found.detail) == (True, "3, none of them failed")
    assert list(unit_findings(())) == []
