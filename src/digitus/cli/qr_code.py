"""QR codes in the terminal."""

import os
import shutil
import sys

_QUIET = 4
"""Light modules around a code, as the standard asks."""
_BLOCKS = {(True, True): "\N{FULL BLOCK}", (True, False): "\N{UPPER HALF BLOCK}"}
_BLOCKS |= {(False, True): "\N{LOWER HALF BLOCK}", (False, False): " "}
_WHITE_ON_BLACK, _PLAIN = "\x1b[38;2;255;255;255;48;2;0;0;0m", "\x1b[0m"


def qr_code(text: str, *, is_colored: bool) -> str:
    """Return a QR code as lines of half blocks, two rows of modules in each.

    Light modules are drawn, dark ones left out.

    Args:
        text: that the code holds.
        is_colored: set white on black, whatever the terminal's colors are. Without that, a code on
            a dark terminal is as the standard has it, and on a light one inverted, which most
            phones read.
    """
    import segno

    code = segno.make(text, micro=False, error="l", boost_error=False)
    light = [[not module for module in row] for row in code.matrix_iter(border=_QUIET)]
    light.append([True] * len(light[0]))  # the number of rows is odd
    lines = (
        "".join(_BLOCKS[pair] for pair in zip(*light[i : i + 2], strict=True))
        for i in range(0, len(light) - 1, 2)
    )
    start, end = (_WHITE_ON_BLACK, _PLAIN) if is_colored else ("", "")
    return "\n".join(f"{start}{one}{end}" for one in lines)


def terminal_qr_code(text: str) -> str | None:
    """Return a QR code for stdout; None if that is no terminal that can show it."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return None
    code = qr_code(text, is_colored=not os.environ.get("NO_COLOR"))
    try:
        code.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return None
    width = len(qr_code(text, is_colored=False).partition("\n")[0])
    return code if width <= shutil.get_terminal_size().columns else None
