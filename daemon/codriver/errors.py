"""The one family of errors that codriver raises on purpose."""

from __future__ import annotations

from typing import ClassVar


class CodriverError(Exception):
    """Something that can be explained to a person in one sentence.

    ``code`` names the kind of fault; on the bus it becomes ``org.codriver.Error.<code>``. ``str(error)`` is the
    sentence: English, one line, without a traceback, fit for a terminal.
    """

    code: ClassVar[str] = "Failed"

    def __init__(self, sentence: str) -> None:
        super().__init__(" ".join(sentence.split()))


class ConfigurationError(CodriverError):
    """The configuration or the intent catalogue is wrong; the sentence names file, line and cure."""

    code = "Configuration"


class AudioError(CodriverError):
    """Sound could not be read, recorded or played."""

    code = "Audio"


class ControlError(CodriverError):
    """A button or a light cannot be reached; the sentence says what to do about it."""

    code = "Control"


class ModelError(CodriverError):
    """A model file is missing, damaged or of the wrong kind."""

    code = "Model"


class MapError(CodriverError):
    """A map cannot be built, is missing or is damaged, or an OpenStreetMap file cannot be read."""

    code = "Map"


class EngineError(CodriverError):
    """A process that runs a model failed, vanished, or did not answer in time."""

    code = "Engine"


class BusError(CodriverError):
    """A call over D-Bus did not succeed."""

    code = "Bus"


class ServiceUnavailable(BusError):
    """Nobody owns the bus name that was called, or the bus itself is gone."""

    code = "Unavailable"


class ServiceTimeout(BusError):
    """The service took the call and did not answer in time."""

    code = "Timeout"


class Rejected(BusError):
    """The service answered with an error; the sentence is the service's own."""

    code = "Rejected"


class InvalidRequest(CodriverError):
    """A caller asked for something that makes no sense: a wrong type, an unknown name, a value out of range."""

    code = "InvalidRequest"
