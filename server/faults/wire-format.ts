/** Protocol Buffers without their schema: what the wire format alone says of a message. */

/** `type` 2 holds bytes; 0, 1 and 5 are numbers of varying, eight and four bytes. */
export interface WireField {
  number: number;
  type: number;
  value: bigint | Uint8Array;
}

/** The fields of a message in their order; `null` for what is no message. */
export function readFields(bytes: Uint8Array): WireField[] | null {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n && at < bytes.length; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = Number(varint() & 0xffff_ffffn);
    const [number, type] = [tag >>> 3, tag & 7];
    if (number === 0) return null;
    if (type === 0) fields.push({ number, type, value: varint() });
    else {
      const length = type === 2 ? Number(varint()) : type === 1 ? 8 : type === 5 ? 4 : -1;
      if (length < 0 || at + length > bytes.length) return null;
      const value = bytes.subarray(at, (at += length));
      fields.push({ number, type, value: type === 2 ? value : fromLittleEndian(value) });
    }
  }
  return fields;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The message of these fields. */
export function writeFields(fields: readonly WireField[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const varint = (value: bigint): void => {
    for (; value >= 0x80n; value >>= 7n) out.push(Number(value & 0x7fn) | 0x80);
    out.push(Number(value));
  };
  for (const { number, type, value } of fields) {
    const plain = value instanceof Uint8Array ? 2 : type === 2 ? 0 : type;
    varint((BigInt(number) << 3n) | BigInt(plain));
    if (value instanceof Uint8Array) {
      varint(BigInt(value.length));
      for (const byte of value) out.push(byte);
    } else if (plain === 0) varint(value);
    else for (let i = 0; i < (plain === 1 ? 8 : 4); i++) out.push(Number((value >> BigInt(8 * i)) & 0xffn));
  }
  return Uint8Array.from(out);
}
