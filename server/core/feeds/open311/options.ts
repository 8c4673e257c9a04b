/** Options of a feed with `spec: "open311"`. The feed's URL is the endpoint: `https://…/open311/v2`. */
export interface Open311Options {
  /** What is asked for; the body itself says what it is. Default `json`. */
  readonly format?: "json" | "xml" | undefined;
  /** Sent as it is, also when blank; omitted when absent: endpoints differ in which of the three they accept. */
  readonly jurisdictionId?: string | undefined;
  /**
   * `requested` (default): each poll asks for all requests of the last `windowDays`, because GeoReport v2 can only
   * filter by `requested_datetime`. `updated`: asks for what changed since the newest `updated_datetime` seen
   * (`updated_after`, an extension of many endpoints), with `overlapSeconds` for late ones.
   */
  readonly ask?: "requested" | "updated" | undefined;
  /** Default 7; GeoReport v2 allows at most 90. */
  readonly windowDays?: number | undefined;
  /** Default 3,600. */
  readonly overlapSeconds?: number | undefined;
  /** `time` (default): a full page is followed by one that ends where it ended. `page`: by `page=2` and so on. */
  readonly paging?: "time" | "page" | undefined;
  /** How many requests make a full page. Default 1,000, GeoReport v2's limit. */
  readonly pageSize?: number | undefined;
  /** Also read the service list at each poll, to notice an empty one. Default false. */
  readonly services?: boolean | undefined;
}
