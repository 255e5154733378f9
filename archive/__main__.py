"""``python -m archive`` is ``xxgk``."""

from archive.cli import main

main(prog_name="xxgk")
