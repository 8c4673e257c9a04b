/**
 * One event to everybody in a room: encoded and framed for the WebSocket once, then written as the same bytes to each.
 * Socket.IO does this by itself for text only; binary packets it frames anew for every client.
 */

import type { Server, Socket } from "socket.io";
import { Encoder } from "socket.io-msgpack-parser";
import type { ServerToClient } from "../../shared/protocol.ts";

type Connection = Socket["conn"];

/** `EVENT` of the Socket.IO protocol, revision 5. */
const eventPacket = 2;
const encoder = new Encoder();

export interface EncodedEvent {
  /** The Socket.IO packet. */
  readonly packet: Buffer;
  /** The packet as a whole WebSocket message. */
  readonly frame: readonly [Buffer];
}

/** An event with its one argument, ready to be written to any number of clients. */
export function encodeEvent<E extends keyof ServerToClient>(
  event: E,
  argument: Parameters<ServerToClient[E]>[0],
): EncodedEvent {
  const [packet] = encoder.encode({
    type: eventPacket,
    nsp: "/",
    data: [event, argument],
  }) as unknown as readonly [Buffer];
  return { packet, frame: [binaryFrame(packet)] };
}

/** Writes an event to the sockets in `room`. */
export function fanOut(io: Pick<Server, "of">, room: string, event: EncodedEvent): void {
  const { adapter, sockets } = io.of("/");
  for (const id of adapter.rooms.get(room) ?? []) {
    const connection = sockets.get(id)?.conn;
    if (connection) write(connection, event);
  }
}

/** Writes an event to one client; calls `taken` when the network has taken it and everything before it. */
export function write(connection: Connection, { packet, frame }: EncodedEvent, taken?: () => void): void {
  const sender = idleSender(connection);
  if (sender) sender.sendFrame(frame, taken);
  // Engine.IO's own queue, which writes the frame as it is; any other transport frames the packet by itself.
  else connection.write(packet, { compress: false, wsPreEncodedFrame: frame } as object, taken);
}

/** What was handed to a connection and the network has not taken yet. */
export function unsentOf(connection: Connection): { bytes: number; packets: number } {
  const { transport, writeBuffer } = connection as unknown as {
    readonly transport: { readonly socket?: { readonly bufferedAmount?: number } };
    readonly writeBuffer?: readonly unknown[];
  };
  return { bytes: transport.socket?.bufferedAmount ?? 0, packets: writeBuffer?.length ?? 0 };
}

interface FrameSender {
  /** Writes framed bytes to the network; the same method of `ws` that Engine.IO uses for frames made beforehand. */
  sendFrame(frame: readonly Uint8Array[], taken?: () => void): void;
}

/** The WebSocket's writer when nothing waits in Engine.IO's queue, so that no event overtakes another. */
function idleSender(connection: Connection): FrameSender | null {
  const { readyState, transport, writeBuffer } = connection as unknown as {
    readonly readyState: string;
    readonly writeBuffer: readonly unknown[];
    readonly transport: {
      readonly writable: boolean;
      readonly socket?: { readonly readyState: number; readonly _sender?: Partial<FrameSender> };
    };
  };
  if (readyState !== "open" || !transport.writable || writeBuffer.length > 0) return null;
  const { socket } = transport;
  const isOpen = socket?.readyState === 1;
  return isOpen && typeof socket._sender?.sendFrame === "function" ? (socket._sender as FrameSender) : null;
}

/** A whole, unmasked, binary WebSocket message (RFC 6455 §5.2), header and payload in one piece. */
export function binaryFrame(payload: Uint8Array): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + length);
  frame[0] = 0x82;
  if (extended === 0) frame[1] = length;
  else if (extended === 2) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, 2 + extended);
  return frame;
}
