"""Tags the wheel: no compiled Python in it, but a library for one platform (glibc Linux, x86-64)."""

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class PlatformDistribution(Distribution):
    """Not pure: setuptools then lays the package out for one platform."""

    def has_ext_modules(self) -> bool:
        return True


class LibraryWheel(bdist_wheel):
    """One wheel for every Python 3 on that platform."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", "linux_x86_64"


setup(distclass=PlatformDistribution, cmdclass={"bdist_wheel": LibraryWheel})
