import { expect, test } from "vitest";
import { insideKind, namesHost } from "./inside-address.ts";

test.each([
  ["127.0.0.1", "a loopback address"],
  ["127.255.0.9", "a loopback address"],
  ["::1", "a loopback address"],
  ["::ffff:127.0.0.1", "a loopback address"],
  ["::ffff:7f00:1", "a loopback address"],
  ["0:0:0:0:0:ffff:a00:1", "a private address"],
  ["64:ff9b::10.0.0.1", "a private address"],
  ["64:ff9b::a00:0", "a private address"],
  ["10.1.2.3", "a private address"],
  ["172.16.0.1", "a private address"],
  ["172.31.255.255", "a private address"],
  ["192.168.1.1", "a private address"],
  ["fd00:ec2::254", "a unique local address"],
  ["fec0::1", "a unique local address"],
  ["169.254.169.254", "a link-local or metadata address"],
  ["168.63.129.16", "a link-local or metadata address"],
  ["fe80::1%eth0", "a link-local or metadata address"],
  ["100.64.0.1", "an address behind a provider's NAT"],
  ["100.100.100.200", "an address behind a provider's NAT"],
  ["224.0.0.1", "a multicast address"],
  ["ff02::1", "a multicast address"],
  ["0.0.0.0", "an address of no host"],
  ["255.255.255.255", "an address of no host"],
  ["::", "an address of no host"],
  ["192.0.2.1", "an address for tests and documents"],
  ["2001:db8::1", "an address for tests and documents"],
  ["192.0.0.192", "an address of a protocol's own"],
  ["2002:7f00:1::", "an address of a protocol's own"],
  ["2001:0:53aa:64c::1", "an address of a protocol's own"],
  ["::127.0.0.1", "a reserved address"],
  ["64:ff9b:1::1", "a reserved address"],
  ["nonsense", "no address"],
])("%s is %s", (address, what) => {
  expect(insideKind(address)).toBe(what);
});

test.each([
  "8.8.8.8",
  "172.15.0.1",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.0",
  "192.167.0.1",
  "2606:4700::1111",
  "2a00:1450:4001::200e",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
])("%s is of the public internet", (address) => {
  expect(insideKind(address)).toBeNull();
});

test("a host is named alone, with its port, in any case, and with or without brackets", () => {
  expect(namesHost(["sensors.internal"], "Sensors.Internal.", 80)).toBe(true);
  expect(namesHost(["sensors.internal"], "sensors.internal", 8080)).toBe(true);
  expect(namesHost(["db.internal:5432"], "db.internal", 5432)).toBe(true);
  expect(namesHost(["db.internal:5432"], "db.internal", 22)).toBe(false);
  expect(namesHost(["sensors.internal"], "evil-sensors.internal", 80)).toBe(false);
  expect(namesHost(["sensors.internal"], "sensors.internal.evil.example", 80)).toBe(false);
  expect(namesHost(["[fd00::1]"], "fd00::1", 80)).toBe(true);
  expect(namesHost(["[fd00::1]:81"], "[fd00::1]", 81)).toBe(true);
  expect(namesHost([], "127.0.0.1", 80)).toBe(false);
});
