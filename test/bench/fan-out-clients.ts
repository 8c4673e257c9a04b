/**
 * A process full of WebSocket clients that only count what arrives. Speaks just enough Engine.IO and Socket.IO to be let
 * in, so that the server does its whole work and the clients cost next to nothing.
 *
 * Arguments: url, number of clients, `socket.io` or `ws`. Tells its parent "connected" once, then "heard" each time
 * every client got one more whole message.
 */

import WebSocket from "ws";
import { Encoder } from "socket.io-msgpack-parser";

const [url = "", count = "0", protocol = "ws"] = process.argv.slice(2);
const clients = Number(count);
const encoder = new Encoder();
/** How many of the clients have been let in, and how many messages they got. */
let connected = 0;
let heard = 0;

function hear(): void {
  if (++heard % clients === 0) process.send?.("heard");
}

function letIn(): void {
  if (++connected === clients) process.send?.("connected");
}

function pack(packet: object): Uint8Array {
  const [bytes] = encoder.encode(packet) as unknown as readonly [Uint8Array];
  return bytes;
}

/** Engine.IO 4: text `0…` opens, `2` asks for `3`. Socket.IO: type 0 connects; `hello` joins the room. */
function openSocketIo(): void {
  const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`);
  let isIn = false;
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) {
      if (isIn) return hear();
      isIn = true;
      socket.send(pack({ type: 2, nsp: "/", data: ["join"] }), letIn);
    } else if (data[0] === 0x30) socket.send(pack({ type: 0, nsp: "/" }));
    else if (data[0] === 0x32) socket.send("3");
  });
}

function openWs(): void {
  const socket = new WebSocket(url);
  socket.on("open", letIn);
  socket.on("message", hear);
}

for (let i = 0; i < clients; i++) {
  if (protocol === "socket.io") openSocketIo();
  else openWs();
}
process.on("disconnect", () => process.exit());
