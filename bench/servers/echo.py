"""The reference: picows and uvloop send every frame back as it came."""

import picows
import uvloop


class Echo(picows.WSListener):
    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
            return
        transport.send(frame.msg_type, frame.get_payload_as_bytes())


def accept(request: picows.WSUpgradeRequest) -> picows.WSUpgradeResponseWithListener:
    headers = {"Sec-WebSocket-Protocol": request.headers["Sec-WebSocket-Protocol"]}
    return picows.WSUpgradeResponseWithListener(
        picows.WSUpgradeResponse.create_101_response(headers),
        Echo(),
    )


async def main() -> None:
    server = await picows.ws_create_server(accept, "127.0.0.1", 0, enable_auto_pong=True)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
