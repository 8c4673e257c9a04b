-- A history as schema 2 keeps it: the tables, and a row or two of what must not be lost. Never changed.

CREATE TABLE closed_days(from_at BIGINT, to_at BIGINT, file VARCHAR);
CREATE TABLE "days"(series UINTEGER, valid_at BIGINT, known_at BIGINT, mean DOUBLE, min DOUBLE, max DOUBLE, fresh_seconds UINTEGER, code UTINYINT);
CREATE TABLE entity_names(number UINTEGER, "text" VARCHAR);
CREATE TABLE feed_days(day_at BIGINT, feed VARCHAR, "minutes" UINTEGER, available UINTEGER, fresh UINTEGER, on_time UINTEGER, judged UINTEGER, complete DOUBLE, heard UINTEGER, lag DOUBLE, oldest DOUBLE, error_count DOUBLE, warning_count DOUBLE);
CREATE TABLE feed_definitions(number UINTEGER, "text" VARCHAR);
CREATE TABLE feed_notices(day_at BIGINT, feed VARCHAR, code VARCHAR, severity UTINYINT, "minutes" UINTEGER, entries DOUBLE);
CREATE TABLE feeds(feed VARCHAR, known_at BIGINT, definition UINTEGER, status UTINYINT, last_good_at BIGINT, observed_at BIGINT, entities UINTEGER, dropped UINTEGER, "error" VARCHAR, notices VARCHAR, age_seconds DOUBLE, is_on_time BOOLEAN, completeness DOUBLE, errors UINTEGER, warnings UINTEGER);
CREATE TABLE "hours"(series UINTEGER, valid_at BIGINT, known_at BIGINT, mean DOUBLE, min DOUBLE, max DOUBLE, fresh_seconds UINTEGER, code UTINYINT);
CREATE TABLE keyframes(kind VARCHAR, known_at BIGINT);
CREATE TABLE "minutes"(series UINTEGER, valid_at BIGINT, known_at BIGINT, low DOUBLE, high DOUBLE, mean_share USMALLINT, fresh_seconds UTINYINT, code UTINYINT, revision USMALLINT);
CREATE TABLE moments(valid_at BIGINT, known_at BIGINT, kind VARCHAR, subject VARCHAR, department VARCHAR, "value" DOUBLE, "text" VARCHAR);
CREATE TABLE observations(entity UINTEGER, property USMALLINT, valid_at BIGINT, known_at BIGINT, "value" DOUBLE);
CREATE TABLE properties(number USMALLINT, "text" VARCHAR);
CREATE TABLE readings(series UINTEGER, known_at BIGINT, valid_at BIGINT, is_keyframe BOOLEAN, is_removed BOOLEAN, "value" DOUBLE, code UTINYINT, quality UTINYINT, observed_at BIGINT, oldest_at BIGINT);
CREATE TABLE recorded(from_at BIGINT, to_at BIGINT, generation UINTEGER);
CREATE TABLE revisions(number USMALLINT, "text" VARCHAR);
CREATE TABLE schema_versions("version" UINTEGER);
CREATE TABLE series(number UINTEGER, "text" VARCHAR);
CREATE TABLE unknown_days(valid_at BIGINT);
CREATE TABLE unknown_hours(valid_at BIGINT);
CREATE TABLE zones("name" VARCHAR, number UINTEGER);
CREATE TABLE entities_ServiceRequest(id VARCHAR, known_at BIGINT, valid_at BIGINT, is_keyframe BOOLEAN, is_removed BOOLEAN, observed_at BIGINT, received_at BIGINT, lon DOUBLE, lat DOUBLE, is_estimated BOOLEAN, more VARCHAR, status VARCHAR, "isRepeat" BOOLEAN);

INSERT INTO schema_versions VALUES (1), (2);
INSERT INTO zones VALUES ('Europe/Berlin', 0);
INSERT INTO series VALUES (0, 'bikes');
INSERT INTO revisions VALUES (0, '1');
-- Two minutes of a day that is rolled up, one of a day that is not.
INSERT INTO minutes BY NAME SELECT 0 AS series, 1777845600000 AS valid_at, 1777845660000 AS known_at, 3 AS low, 60 AS fresh_seconds, 0 AS code, 0 AS revision;
INSERT INTO minutes BY NAME SELECT 0 AS series, 1777932000000 AS valid_at, 1777932060000 AS known_at, 4 AS low, 6 AS high, 250 AS mean_share, 60 AS fresh_seconds, 0 AS code, 0 AS revision;
INSERT INTO hours VALUES (0, 1777845600000, 1777845660000, 3, 3, 3, 60, 0);
INSERT INTO days VALUES (0, 1777845600000, 1777845660000, 3, 3, 3, 60, 0);
INSERT INTO unknown_hours VALUES (1777932000000);
INSERT INTO unknown_days VALUES (1777932000000);
INSERT INTO keyframes VALUES ('Reading', 1777845600000), ('ServiceRequest', 1777845600000);
INSERT INTO readings BY NAME SELECT 0 AS series, 1777845600000 AS known_at, 1777845599000 AS valid_at, true AS is_keyframe, false AS is_removed, 3 AS value, 2 AS code, 1 AS quality, 1777845599000 AS observed_at;
INSERT INTO entities_ServiceRequest BY NAME SELECT 'calls/ServiceRequest/1' AS id, 1777845600000 AS known_at, 1777845600000 AS valid_at, true AS is_keyframe, false AS is_removed, 1777845600000 AS received_at, false AS is_estimated, 'open' AS status, true AS "isRepeat";
