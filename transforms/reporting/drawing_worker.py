"""A process that draws: a Vega specification a line comes in, an SVG as a JSON string a line goes out."""

from __future__ import annotations

import json
import sys

import vl_convert


def main() -> None:
    """Draw every line of the input."""
    # other systems would read and write in a code page of their own
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        sys.stdout.write(json.dumps(vl_convert.vega_to_svg(line)) + "\n")


if __name__ == "__main__":
    main()
