"""Records which build the package was installed from; everything else is in pyproject.toml."""

import os

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    def run(self):
        super().run()
        here = os.path.dirname(os.path.abspath(__file__))
        build_dir = os.environ.get("MLOPT_BUILD_DIR") or os.path.join(
            os.path.dirname(here), "build"
        )
        if os.path.exists(os.path.join(build_dir, "lib", "libmlopt_rt.so")):
            with open(os.path.join(self.build_lib, "mlopt", "_recorded.py"), "w") as stream:
                stream.write(
                    f'"""Written at installation."""\n\nBUILD_DIR = {os.path.abspath(build_dir)!r}\n'
                )


setup(cmdclass={"build_py": BuildPy})
