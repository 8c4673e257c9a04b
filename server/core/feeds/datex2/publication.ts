/** What situation publications come in: bare, in SOAP, in the containers of exchange platforms, several at once. */

import { quote } from "../body.ts";
import { findElements, type XmlElement } from "../xml.ts";
import { findChild, findWithin, isDatex, textAt, typeOf, wordOf, type Reading } from "./reading.ts";

export interface Contents {
  readonly publications: readonly XmlElement[];
  /** As `modelBaseVersion` says, else by the namespace. */
  readonly version: string | null;
  /** What the exchange says about the mode; `null`: nothing. */
  readonly mode: "full" | "partial" | null;
  /** A break of the delivery or a sign of life: nothing about what is not in it, whatever the feed usually tells. */
  readonly isSilent: boolean;
  /** Only the changed records of a situation are there, even where it has a newer version. */
  readonly isByElement: boolean;
  /** Ids of elements that the exchange declares closed or cancelled (3.x, informationManagement). */
  readonly closed: readonly string[];
}

/** 2.x: `payloadPublication`; 3.x: `payload`. Both say by `xsi:type` what they hold. */
function isPublication(element: XmlElement): boolean {
  return (element.name === "payloadPublication" || element.name === "payload") && isDatex(element);
}

/** `null` when the document is no DATEX II at all. */
export function openContents(reading: Reading, root: XmlElement): Contents | null {
  const models = findElements(root, isModel);
  if (models.length === 0) return null;
  const exchanges = models.flatMap((model) =>
    findOutside(model, ({ name }) => name === "exchange" || name === "exchangeInformation"),
  );
  noteBinary(reading, root);
  const publications = models
    .flatMap((model) => findElements(model, isPublication))
    .filter((publication) => isAboutSituations(reading, publication));
  const method = methodOf(exchanges);
  return {
    publications,
    version: versionOf(reading, models[0]!),
    mode: method === null ? null : method.startsWith("snapshot") ? "full" : "partial",
    isSilent: hasBreak(reading, exchanges) || publications.length === 0,
    isByElement: method === "singleElementUpdate",
    closed: models.flatMap(closedBy),
  };
}

/** Not looked for inside situations, which are most of a document. */
function findOutside(parent: XmlElement, matches: (element: XmlElement) => boolean): XmlElement[] {
  const isSituation = (element: XmlElement): boolean => element.name === "situation" && isDatex(element);
  return findElements(parent, (element) => isSituation(element) || matches(element)).filter(matches);
}

function isModel(element: XmlElement): boolean {
  return isDatex(element) && ["d2LogicalModel", "messageContainer", "payload"].includes(element.name);
}

function isAboutSituations({ notices }: Reading, publication: XmlElement): boolean {
  const type = typeOf(publication);
  if (type === null ? findChild(publication, "situation") : type.endsWith("SituationPublication"))
    return true;
  notices.add(
    "datex2-publication",
    "info",
    () => `${publication.name}: a ${quote(type)}, expected a SituationPublication; it is left out`,
  );
  return false;
}

/** Containers may hold a publication as base64 or hexadecimal text besides XML. */
function noteBinary({ notices }: Reading, root: XmlElement): void {
  const binaries = findOutside(root, ({ name, uri }) => name === "binary" && uri.includes("container"));
  if (binaries.length > 0)
    notices.add(
      "datex2-binary",
      "error",
      "a container holds its body as binary, expected XML; it is left out",
      binaries.length,
    );
}

function versionOf({ notices }: Reading, model: XmlElement): string | null {
  const version = model.attributes.get("modelBaseVersion") ?? /\/schema\/(\d+)/.exec(model.uri)?.[1] ?? null;
  if (!/^[23]/.test(version ?? ""))
    notices.add(
      "datex2-version",
      "warning",
      `version ${quote(version)}, expected 2 or 3; read by what it holds`,
    );
  return version;
}

/**
 * `updateMethod` (2.x `exchange/subscription`, 3.x `exchangeContext`), else `codedExchangeProtocol` as far as its name says
 * it: a simple or stateful push may be anything.
 */
function methodOf(exchanges: readonly XmlElement[]): string | null {
  const words = ["updateMethod", "codedExchangeProtocol"].flatMap((name) =>
    exchanges.flatMap((exchange) => findWithin(exchange, name) ?? []),
  );
  return (
    words.map(wordOf).find((word) => /^(snapshot|delta|allElement|singleElement)/.test(word ?? "")) ?? null
  );
}

function hasBreak({ notices }: Reading, exchanges: readonly XmlElement[]): boolean {
  const isBroken = exchanges.some((exchange) => textAt(exchange, "deliveryBreak") === "true");
  if (isBroken)
    notices.add("datex2-delivery-break", "warning", "the supplier says deliveryBreak, expected deliveries");
  return isBroken;
}

function closedBy(model: XmlElement): string[] {
  return findOutside(model, ({ name }) => name === "elementReference")
    .filter((element) => /^(clos|cancel|invalid)/i.test(textAt(element, "managementStatus") ?? ""))
    .flatMap(({ children }) => children.flatMap(({ attributes }) => attributes.get("id") ?? []));
}
