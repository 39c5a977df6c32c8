"""What time does to the car by itself: the cabin warms, the battery drains and charges, the road goes by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from codriver.turn import SignalValue

_BATTERY = "Vehicle.Powertrain.TractionBattery."
_CHARGE = _BATTERY + "StateOfCharge.Displayed"
_CHARGING = _BATTERY + "Charging."
_CABLE = _CHARGING + "ChargingPort.AnyPosition.IsChargingCableConnected"
_CABIN = "Vehicle.Cabin.HVAC.AmbientAirTemperature"
_TRIP = "Vehicle.TraveledDistanceSinceStart"
_ODOMETER = "Vehicle.TraveledDistance"
_DURATION = "Vehicle.TripDuration"
_STATIONS = tuple(
    f"Vehicle.Cabin.HVAC.Station.{row}.{side}." for row in ("Row1", "Row2") for side in ("Driver", "Passenger")
)
_CONSUMPTION = 16.0  # kWh for 100 km, a compact electric car on a country road
_POWER = 11.0  # kW, a three-phase wallbox
_WARMING = 300.0  # seconds until all but 1/e of the way to the wanted temperature is done, fans at full
_LEAKING = 3600.0  # the same towards the temperature outside, with all fans off


def after(values: Mapping[str, SignalValue], seconds: float) -> dict[str, SignalValue]:
    """Return the signals that differ ``seconds`` later, with all actuators where they are."""
    changes = _charge_after(values, seconds) | _road_after(values, seconds)
    cabin = _cabin_after(values, seconds)
    if abs(cabin - _number(values, _CABIN)) > 1e-9:
        changes[_CABIN] = cabin
    return changes


def _cabin_after(values: Mapping[str, SignalValue], seconds: float) -> float:
    fans = [_number(values, station + "FanSpeed") / 100 for station in _STATIONS]
    wanted = [_number(values, station + "Temperature") for station in _STATIONS]
    if blowing := sum(fans):
        goal = sum(fan * temperature for fan, temperature in zip(fans, wanted, strict=True)) / blowing
        rate = blowing / len(fans) / _WARMING
    else:
        goal, rate = _number(values, "Vehicle.Exterior.AirTemperature"), 1 / _LEAKING
    return goal + (_number(values, _CABIN) - goal) * math.exp(-seconds * rate)


def _charge_after(values: Mapping[str, SignalValue], seconds: float) -> dict[str, SignalValue]:
    capacity = _number(values, _BATTERY + "NetCapacity")
    limit = _number(values, _CHARGING + "ChargeLimit")
    speed, before = _number(values, "Vehicle.Speed"), _number(values, _CHARGE)
    kilometres = abs(speed) * seconds / 3600
    charge = max(0.0, before - kilometres * _CONSUMPTION / capacity)
    charging = (
        values[_CHARGING + "StartStopCharging"] == "START" and values[_CABLE] is True and speed == 0 and charge < limit
    )
    if charging:
        charge = min(limit, charge + _POWER * seconds / 3600 / capacity * 100)
    changes: dict[str, SignalValue] = {}
    if charge != before:
        changes[_CHARGE] = charge
        changes[_BATTERY + "Range"] = round(charge / 100 * capacity / _CONSUMPTION * 100) * 1000
    if charging or values[_CHARGING + "IsCharging"] is True:
        minutes = math.ceil((limit - charge) / 100 * capacity / _POWER * 60)
        changes[_CHARGING + "IsCharging"] = charging
        changes[_CHARGING + "AveragePower"] = _POWER if charging else 0.0
        changes[_CHARGING + "TimeToComplete"] = minutes * 60 if charging else 0
    return changes


def _road_after(values: Mapping[str, SignalValue], seconds: float) -> dict[str, SignalValue]:
    """Count the road. The odometer follows the trip's time, so that no metre is lost to rounding."""
    speed = _number(values, "Vehicle.Speed")
    if not speed:
        return {}
    duration = _number(values, _DURATION)
    metres = int((duration + seconds) * abs(speed) / 3.6) - int(duration * abs(speed) / 3.6)
    trip = int(_number(values, _TRIP)) + metres
    return {
        _DURATION: duration + seconds,
        _TRIP: trip,
        _ODOMETER: int(_number(values, _ODOMETER)) + metres,
        "Vehicle.AverageSpeed": trip / (duration + seconds) * 3.6,
    }


def _number(values: Mapping[str, SignalValue], path: str) -> float:
    return float(cast(float, values[path]))
