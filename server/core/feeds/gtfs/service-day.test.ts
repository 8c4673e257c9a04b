import { describe, expect, test } from "vitest";
import { makeGtfs } from "../../../../fixtures/make-gtfs.ts";
import { localToInstant } from "../../../../shared/city-time.ts";
import { gtfs } from "./decode.ts";
import type { Schedule } from "./schedule.ts";
import {
  dayOfServiceDate,
  dayOf,
  dayStartAt,
  runningTrips,
  runsOn,
  serviceDateOfDay,
} from "./service-day.ts";

const zone = "America/Los_Angeles";

function scheduleOf(changes: Record<string, string | null> = {}): Schedule {
  const feed = {
    id: "bus",
    spec: "gtfs" as const,
    zone,
    bounds: [0, 0, 0, 0] as const,
    url: null,
    options: {},
  };
  const decoded = gtfs.decode({ name: "body", url: null, bytes: makeGtfs(changes) }, feed, 0);
  if (!decoded.ok || !decoded.value.schedule) throw new Error("the small timetable must decode");
  return decoded.value.schedule;
}

function at(date: string, time: string): number {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const [hour, minute, second] = time.split(":").map(Number) as [number, number, number];
  return localToInstant({ year, month, day, hour, minute, second }, zone);
}

test("service dates are days of the calendar, and nothing else is", () => {
  expect(serviceDateOfDay(dayOfServiceDate("20240229"))).toBe("20240229");
  for (const wrong of ["20230229", "20231301", "2023-1-1", "", "99999999"])
    expect(dayOfServiceDate(wrong)).toBeNaN();
});

describe("which trips run", () => {
  const schedule = scheduleOf();
  const trip = schedule.trips.index.get("T1")!;
  const runs = (date: string): boolean => runsOn(schedule, trip, dayOfServiceDate(date));

  test("follows the weekday, the calendar's ends and its exceptions", () => {
    expect(runs("20230706")).toBe(true);
    expect(runs("20230709")).toBe(false);
    expect(runs("20240102")).toBe(false);
    expect(runs("20230704")).toBe(false);
    expect(runs("20230708")).toBe(true);
  });

  test("a trip is under way from its first departure until its last arrival", () => {
    const count = (time: string): number => runningTrips(schedule, at("2023-07-06", time)).count;
    expect([count("07:59:59"), count("08:00:00"), count("08:19:59"), count("08:20:00")]).toEqual([
      0, 1, 1, 0,
    ]);
    expect(runningTrips(schedule, at("2023-07-06", "07:30:00")).untilAt).toBe(at("2023-07-06", "08:00:00"));
  });

  test("a trip past 24:00 belongs to the service day before", () => {
    const count = (date: string): number => runningTrips(schedule, at(date, "02:00:00")).count;
    expect(count("2023-07-08")).toBe(1);
    // Sunday 2:00 is Saturday's service day, which runs only on the 8th; Monday 2:00 is Sunday's.
    expect([count("2023-07-09"), count("2023-07-10"), count("2023-07-02")]).toEqual([1, 0, 0]);
  });

  test("frequencies count once per run, whatever the template's own times are", () => {
    expect(runningTrips(schedule, at("2023-07-06", "12:30:00")).count).toBe(2);
    expect(runningTrips(schedule, at("2023-07-06", "14:05:00")).count).toBe(1);
    expect(runningTrips(schedule, at("2023-07-06", "10:05:00")).count).toBe(0);
  });
});

describe("clock changes", () => {
  const schedule = scheduleOf({
    "stop_times.txt": "trip_id,arrival_time,stop_id,stop_sequence\nT1,00:05:00,S1,1\nT1,00:30:00,S2,2\n",
    "calendar.txt": "service_id,monday,sunday,start_date,end_date\nWK,1,1,20230101,20231231\n",
    "calendar_dates.txt": null,
    "frequencies.txt": null,
  });

  test("a service day starts at noon minus 12 hours, also when that is the evening before", () => {
    // 2023-03-12: clocks go from 2:00 to 3:00, so 12:00 PDT minus 12 h is 23:00 PST of the 11th.
    expect(dayStartAt(schedule, dayOfServiceDate("20230312"))).toBe(at("2023-03-11", "23:00:00"));
    expect(runningTrips(schedule, at("2023-03-11", "23:10:00")).count).toBe(1);
    // 2023-11-05: clocks go back, so the day starts at 1:00.
    expect(dayStartAt(schedule, dayOfServiceDate("20231105"))).toBe(at("2023-11-05", "00:00:00") + 3_600_000);
  });

  test("the calendar's day is the agency's", () => {
    for (const date of ["2023-03-11", "2023-03-12", "2023-11-05", "2023-07-01"]) {
      for (const time of ["00:00:00", "00:59:59", "05:00:00", "12:00:00", "19:59:59", "23:59:59"]) {
        const day = dayOf(schedule, at(date, time));
        expect(serviceDateOfDay(day)).toBe(date.replaceAll("-", ""));
      }
    }
  });
});
