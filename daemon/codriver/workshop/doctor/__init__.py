"""Look for what could keep codriver from working on this machine, and say what to do about it."""

from codriver.workshop.doctor.examining import examine
from codriver.workshop.doctor.finding import Finding, show

__all__ = ["Finding", "examine", "show"]
