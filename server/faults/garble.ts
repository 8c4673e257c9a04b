/** Faults inside a body: the same feed as its supplier would publish it on a bad day. In every form that bodies have. */

import { unzipSync, zipSync } from "fflate";
import { readFields, writeFields } from "./wire-format.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** How a fault shows in each form; a form that it does not speak of is left as it is. */
interface Garbler {
  readonly json: (value: Json) => Json;
  readonly text: (text: string) => string;
  readonly message: (bytes: Bytes) => Bytes;
}

function garble(bytes: Bytes, garbler: Garbler): Bytes {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const files = Object.entries(unzipSync(bytes));
    return new Uint8Array(
      zipSync(
        Object.fromEntries(files.map(([name, file]) => [name, garble(new Uint8Array(file), garbler)])),
        { level: 1 },
      ),
    );
  }
  const text = new TextDecoder().decode(bytes);
  const json = parseJson(text);
  if (json !== undefined) return encode(JSON.stringify(garbler.json(json)));
  return text.includes("\uFFFD") && !text.startsWith("<")
    ? garbler.message(bytes)
    : encode(garbler.text(text));
}

const encode = (text: string): Bytes => new TextEncoder().encode(text);

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch {
    return undefined;
  }
}

/** Every entry twice: in lists of objects, lines of a table, fields of a message. XML and the like is written twice over. */
export function doubled(bytes: Bytes): Bytes {
  return garble(bytes, {
    json: doubleEntries,
    text: (text) => {
      if (text.trimStart().startsWith("<")) return text + text;
      const [head = "", ...lines] = text.split("\n");
      return [head, ...lines.flatMap((line) => (line === "" ? [line] : [line, line]))].join("\n");
    },
    message: (message) => new Uint8Array(Buffer.concat([message, message])),
  });
}

function doubleEntries(value: Json): Json {
  if (Array.isArray(value)) return value.some(isObject) ? value.flatMap((entry) => [entry, entry]) : value;
  return isObject(value) ? mapMembers(value, doubleEntries) : value;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapMembers(object: { [key: string]: Json }, map: (value: Json) => Json): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** Latitude and longitude in each other's place. */
export function swapped(bytes: Bytes): Bytes {
  return garble(bytes, { json: swapPlaces, text: swapWords, message: swapFloats });
}

const placeWords = [
  ["latitude", "longitude"],
  ["lat", "lon"],
  ["lat", "long"],
  ["lat", "lng"],
  ["stop_lat", "stop_lon"],
  ["Latitude", "Longitude"],
] as const;

function swapPlaces(value: Json): Json {
  if (Array.isArray(value)) {
    const [a, b] = value;
    const isPlace = typeof a === "number" && typeof b === "number" && value.length <= 3;
    return isPlace ? [b, a, ...value.slice(2)] : value.map(swapPlaces);
  }
  if (!isObject(value)) return value;
  const swappedMembers = mapMembers(value, swapPlaces);
  for (const [lat, lon] of placeWords)
    if (lat in value && lon in value) [swappedMembers[lat], swappedMembers[lon]] = [value[lon]!, value[lat]!];
  return swappedMembers;
}

/** Names of columns and elements, and pairs of degrees as CAP and WKT write them. */
function swapWords(text: string): string {
  const pairs = text.replace(/(-?\d{1,3}\.\d+)([, ]\s*)(-?\d{1,3}\.\d+)/g, "$3$2$1");
  for (const [lat, lon] of placeWords) {
    const isThere = new RegExp(`\\b${lat}\\b[^]*\\b${lon}\\b|\\b${lon}\\b[^]*\\b${lat}\\b`).test(text);
    if (!isThere) continue;
    return pairs.replace(new RegExp(`\\b(${lat}|${lon})\\b`, "g"), (word) => (word === lat ? lon : lat));
  }
  return pairs;
}

/** In GTFS-Realtime a Position alone begins with two floats, fields 1 and 2. */
function swapFloats(message: Bytes): Bytes {
  const fields = readFields(message);
  if (fields === null) return message;
  const isPosition =
    fields.length >= 2 && fields.every(({ number, type }, i) => i > 1 || (number === i + 1 && type === 5));
  for (const field of fields) {
    if (isPosition && field.number <= 2) field.number = 3 - field.number;
    else if (field.value instanceof Uint8Array) field.value = swapFloats(new Uint8Array(field.value));
  }
  return writeFields(fields);
}

/** Every time that the body tells, `seconds` later: a clock that runs ahead or, below 0, behind. */
export function atOtherTimes(bytes: Bytes, seconds: number): Bytes {
  const shift = (text: string): string => shiftTimes(text, seconds);
  return garble(bytes, {
    json: (value) => JSON.parse(shift(JSON.stringify(value))) as Json,
    text: shift,
    message: (message) => shiftMessage(message, BigInt(Math.round(seconds))),
  });
}

/** Epoch seconds and milliseconds of 2001 to 2033. */
const epochNumber = /(?<![\d.])1\d{9}(?:\d{3})?(?![\d.])/g;
const writtenTime = /(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)/g;

function shiftTimes(text: string, seconds: number): string {
  return text
    .replace(epochNumber, (digits) => String(Number(digits) + seconds * (digits.length === 10 ? 1 : 1_000)))
    .replace(writtenTime, (written, date: string, between: string, time: string) => {
      const at = Date.parse(`${date}T${time}Z`) + seconds * 1_000;
      return Number.isNaN(at) ? written : new Date(at).toISOString().slice(0, 19).replace("T", between);
    });
}

function shiftMessage(message: Bytes, seconds: bigint): Bytes {
  const fields = readFields(message);
  if (fields === null) return message;
  for (const field of fields) {
    const { value } = field;
    if (value instanceof Uint8Array) {
      const inner = shiftMessage(new Uint8Array(value), seconds);
      // What is text stays text: read as a message and written again it would be the same, or is none.
      field.value = inner.length === value.length ? inner : value;
    } else if (value >= 1_000_000_000n && value < 2_000_000_000n) field.value = value + seconds;
  }
  return writeFields(fields);
}
