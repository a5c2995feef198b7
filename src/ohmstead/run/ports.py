"""Whether we may listen on a port, and who sits on it if not."""

import errno
import socket

import psutil

from ohmstead.run.data_folder import CannotStart


def require_free(host: str, port: int, option: str) -> None:
    """Raise CannotStart with the sentence that helps when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                raise CannotStart(
                    f"Port {port} is in use{_by(port)}: stop that or choose another port with {option}."
                ) from None
            raise CannotStart(
                f"Cannot listen on {host}:{port} ({refused.strerror}): see --host and {option}."
            ) from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _by(port: int) -> str:
    holder = holder_of(port)
    return f" by {holder.name()} (process {holder.pid})" if holder else ""


def holder_of(port: int) -> psutil.Process | None:
    """The process listening there, where the system lets us see it (macOS shows others' only to root)."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return psutil.Process(connection.pid)
    except (psutil.Error, PermissionError):
        pass
    return None
