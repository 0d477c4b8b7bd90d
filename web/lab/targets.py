"""The kinds of machine a bundle is made for: which wheels fit, and what a wheel's conditions say there.

pip can be told which wheels to fetch for another machine, but it reads the conditions of requirements (`; platform_system == "Windows"`)
as on its own machine, so the environment of each target is written out here. Knows nothing of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PYTHONS = ("3.11", "3.12", "3.13")
"""The versions of CPython that a bundle carries wheels for unless told otherwise, oldest first."""

_GLIBC = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")
"""Debian 10, Ubuntu 20.04, Kylin V10, UOS 20 and whatever is newer have glibc 2.28."""

_MANYLINUX = {"2_17": "manylinux2014", "2_12": "manylinux2010", "2_5": "manylinux1"}
_MACOS = (14, 13, 12, 11)
_OLD_MACOS = tuple(range(16, 8, -1))


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of machine. `tags` are the platform tags of wheels that run there; the rest are values of environment markers."""

    name: str
    tags: tuple[str, ...]
    sys_platform: Literal["linux", "win32", "darwin"]
    machine: str
    archive: Literal[".tar.gz", ".zip"]

    def markers(self, python: str) -> dict[str, str]:
        """What the conditions of requirements are read with on this machine, under this version of CPython."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "os_name": "nt" if self.sys_platform == "win32" else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[self.sys_platform],
            "platform_version": "",
            "python_full_version": f"{python}.0",
            "python_version": python,
            "sys_platform": self.sys_platform,
            "extra": "",
        }


def _linux(machine: str) -> tuple[str, ...]:
    tags = [f"manylinux_{glibc}_{machine}" for glibc in _GLIBC]
    return (*tags, *(f"{_MANYLINUX[glibc]}_{machine}" for glibc in _GLIBC if glibc in _MANYLINUX))


def _macos(machine: str) -> tuple[str, ...]:
    versions = [f"{version}_0" for version in _MACOS] + [f"10_{version}" for version in _OLD_MACOS]
    kinds = ("universal2",) if machine == "arm64" else ("universal2", "intel")
    own = [f"macosx_{version}_{machine}" for version in versions if machine != "arm64" or not version.startswith("10_")]
    return (*own, *(f"macosx_{version}_{kind}" for kind in kinds for version in versions))


TARGETS = {
    target.name: target
    for target in (
        Target("linux", _linux("x86_64"), "linux", "x86_64", ".tar.gz"),
        Target("linux-arm", _linux("aarch64"), "linux", "aarch64", ".tar.gz"),
        Target("windows", ("win_amd64",), "win32", "AMD64", ".zip"),
        Target("macos", _macos("arm64"), "darwin", "arm64", ".tar.gz"),
        Target("macos-intel", _macos("x86_64"), "darwin", "x86_64", ".tar.gz"),
    )
}
"""Every kind of machine by the name that `bundle --platform` takes. The modes of scripts matter on Linux and macOS: those get a .tar.gz."""
