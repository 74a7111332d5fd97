"""A thousand calendars behind one port, in a process of its own: `python -m` it with a size.

Of fifty, one is another each time that it is asked for; of the rest every other one knows its ETag,
and the others come whole, with the same bytes.
"""

from __future__ import annotations

import itertools
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ONE_OF = 50
MARK = '"base"'
_turn = itertools.count(1)


def changes(n: int) -> bool:
    return n % ONE_OF == 0


def knows_its_mark(n: int) -> bool:
    return not changes(n) and n % 2 == 1


def body(events: int, turn: int = 0) -> bytes:
    """So many meetings over two years, one each eight hours of a working day."""
    first = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(minutes=turn)
    parts = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:soak"]
    for n in range(events):
        starts = first + timedelta(hours=9 * n)
        parts += [
            "BEGIN:VEVENT", f"UID:{n}@soak.example", f"SUMMARY:Meeting {n}",
            f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
            f"DTEND:{starts + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
            "DESCRIPTION:" + "An agenda that somebody wrote down with some care. " * 4,
            "ATTENDEE;CN=Sam:mailto:sam@ours.example",
            f"ATTENDEE;CN=Jo {n}:mailto:jo{n}@customer{n % 40}.example",
            "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*parts, "END:VCALENDAR", ""]).encode()


def main(events: int) -> None:
    """Serve until standard input closes; prints the port."""
    base = body(events)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            n = int(self.path.strip("/").partition(".")[0])
            if knows_its_mark(n) and self.headers.get("If-None-Match") == MARK:
                self.send_response(304)
                self.end_headers()
                return
            data = body(events, next(_turn)) if changes(n) else base
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar")
            self.send_header("Content-Length", str(len(data)))
            if knows_its_mark(n):
                self.send_header("ETag", MARK)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
