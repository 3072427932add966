"""Forget all tracked connections of this namespace: one netlink message, answered when it is done."""

from __future__ import annotations

import os
import socket
import struct

_NETLINK_NETFILTER = 12
_DELETE_CONNECTIONS = 1 << 8 | 2  # NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE
_REQUEST_AND_ACKNOWLEDGE = 0x1 | 0x4


class ConnectionTable:
    """The kernel's table of tracked connections, in the namespace where this is made."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER)
        self._socket.bind((0, 0))

    def flush(self) -> None:
        """Forget every connection, of both families."""
        for family in (socket.AF_INET, socket.AF_INET6):
            body = struct.pack("=BBH", family, 0, 0)
            head = (16 + len(body), _DELETE_CONNECTIONS, _REQUEST_AND_ACKNOWLEDGE, 1, 0)
            self._socket.send(struct.pack("=IHHII", *head) + body)
            error = -struct.unpack_from("=i", self._socket.recv(4096), 16)[0]
            if error:
                raise OSError(error, os.strerror(error))
