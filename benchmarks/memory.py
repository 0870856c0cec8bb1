"""Peak memory of training `mlp` on all 60,000 pictures, as the operating system accounts it.

python benchmarks/memory.py [--quick] [--json]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

AT_MOST_MB = 600


def peak_mb(epochs: int) -> float:
    """Give the largest resident size of the training process, in MB (10^6 bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        executable = str(Path(sys.executable).with_name("digitus"))
        options = ["--preset", "mlp", "--validation", "0", "--epochs", str(epochs)]
        process = subprocess.Popen(
            [executable, "train", *options, "--out", f"{folder}/mlp.safetensors"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"digitus train failed with status {status}")
    scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return usage.ru_maxrss * scale / 1e6


def main() -> None:
    """Print the peak beside what it may be at most."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1 epoch instead of 5")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    peak = peak_mb(1 if options.quick else 5)
    if options.as_json:
        print(json.dumps({"peak_mb": peak, "at_most_mb": AT_MOST_MB}))
    else:
        print(f"training mlp on 60,000 pictures: peak {peak:.0f} MB (at most {AT_MOST_MB})")


if __name__ == "__main__":
    main()
