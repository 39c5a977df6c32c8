"""The processors that QEMU plays: what is compiled for each, and what Linux tells programs about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Processor:
    """``architecture`` in the compiler's words, ARM's number of the ``part``, and its ``features`` in Linux's words."""

    architecture: str
    part: int
    features: str

    def cpuinfo(self, cores: int) -> str:
        """Write ``/proc/cpuinfo`` as it is on a board with so many cores of this kind."""
        return "".join(
            f"processor\t: {core}\nBogoMIPS\t: 108.00\nFeatures\t: {self.features}\nCPU implementer\t: 0x41\n"
            f"CPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: {self.part:#05x}\nCPU revision\t: 0\n\n"
            for core in range(cores)
        )


PROCESSORS: Mapping[str, Processor] = MappingProxyType(
    {
        "cortex-a76": Processor(
            "armv8.2-a+dotprod+fp16",
            0xD0B,
            "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp",
        ),
        "cortex-a72": Processor("armv8-a", 0xD08, "fp asimd evtstrm crc32 cpuid"),
    }
)
"""Each by QEMU's name for it: a Raspberry Pi 5, and a Pi 4, which stands for any other ARMv8.

Code for the Pi 5 ends with an illegal instruction on the others. Code for the others runs everywhere, but without
the dot products of whole numbers, on which all quantised models live, it is several times as slow.
"""
