BEGIN TRANSACTION;
CREATE TABLE event (
    id TEXT PRIMARY KEY, machine TEXT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    taken TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO "event" VALUES('edbd57a6-e33d-4bb2-beab-cc1802379bec','d0f04d00-ca2d-4b3c-b18b-11f0a02e27f7','2026-11-22T12:00:00.000+00:00','question','{"question": "What is the risk to each child in dominant inheritance?", "understood": "What is the risk to each child in dominant inheritance?", "language": "en", "state": "covered", "confidence": 0.94, "cited": ["1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1"], "nearest": [], "conversation": "0123456789abcdef"}','');
INSERT INTO "event" VALUES('beea56e1-84de-4547-90bd-b1301b994c47','d0f04d00-ca2d-4b3c-b18b-11f0a02e27f7','2026-11-22T12:01:00.000+00:00','question','{"question": "and in recessive inheritance? partly", "understood": "and in recessive inheritance? partly", "language": "en", "state": "partly", "confidence": 0.55, "cited": ["1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1"], "nearest": [], "conversation": "0123456789abcdef"}','');
CREATE TABLE import (machine TEXT PRIMARY KEY, time TEXT NOT NULL) STRICT;
CREATE TABLE machine (id TEXT NOT NULL) STRICT;
INSERT INTO "machine" VALUES('d0f04d00-ca2d-4b3c-b18b-11f0a02e27f7');
CREATE INDEX event_time ON event (time);
COMMIT;
PRAGMA user_version = 0;
