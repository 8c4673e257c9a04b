/** What the core may use beyond ECMAScript: nothing that reads a clock, a disk or a network. */

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class URL {
  constructor(url: string, base?: string);
  href: string;
  readonly protocol: string;
  readonly origin: string;
  readonly searchParams: { set(name: string, value: string): void; get(name: string): string | null };
  static canParse(url: string, base?: string): boolean;
}
