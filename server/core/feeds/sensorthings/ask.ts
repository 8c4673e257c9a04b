/** What to ask a service for: every stream with its newest observation and its place, in one request (OGC 18-088 §9). */

import type { ConnectorFeed, Fetch } from "../connector.ts";
import type { SensorThingsOptions } from "./options.ts";

/** The whole answer costs as much as its streams: no more of each entity is asked for than is read. */
const select = "@iot.id,name,unitOfMeasurement";
const expand = [
  "Thing($select=@iot.id,name;$expand=Locations($select=location))",
  "ObservedProperty($select=name,definition)",
  "Observations($select=result,phenomenonTime,resultTime;$orderby=phenomenonTime desc;$top=1)",
].join(",");
const defaultPageSize = 1_000;

/** A round is the first page of Datastreams, or the query that the feed's URL is. */
export function nextRound({ url, options }: ConnectorFeed<SensorThingsOptions>): readonly Fetch[] {
  if (url === null) return [];
  const headers = { accept: "application/json" };
  const [path = "", query] = url.split("?");
  const asked = /\/(Things|Datastreams)\/?$/.exec(path);
  if (asked) return [{ name: asked[1]!, url, headers }];
  const parameters = {
    $select: select,
    $expand: expand,
    ...(options.filter === undefined ? {} : { $filter: options.filter }),
    $top: String(options.pageSize ?? defaultPageSize),
  };
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  // What query the root has (a key) is kept.
  const text = [...(query ? [query] : []), ...pairs].join("&");
  return [{ name: "Datastreams", url: `${path.replace(/\/+$/, "")}/Datastreams?${text}`, headers }];
}
