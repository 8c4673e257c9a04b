/** Values in the text of a JSON file that may be half written. Pure. */

import { findNodeAtLocation, getNodeValue, parseTree, type JSONPath } from "jsonc-parser";

/** `undefined` where there is nothing. */
export function valueAt(text: string, path: JSONPath): unknown {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  return node && (getNodeValue(node) as unknown);
}

export function textAt(text: string, path: JSONPath): string {
  const value = valueAt(text, path);
  return typeof value === "string" ? value : "";
}

export function numberAt(text: string, path: JSONPath): number | null {
  const value = valueAt(text, path);
  return typeof value === "number" ? value : null;
}
