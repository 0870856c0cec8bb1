"""The suite is a package of its own in this folder; `make fuzz` runs it as a program."""

import sys
from pathlib import Path

FOLDER = str(Path(__file__).parent)
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)
