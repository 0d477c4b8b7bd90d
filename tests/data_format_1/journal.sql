BEGIN TRANSACTION;
CREATE TABLE event (
    id TEXT PRIMARY KEY, machine TEXT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES('d4bfbad6-ae21-4007-b772-3f3d4ea9a758','7c9002de-dcdc-45ec-b136-de56122cd879','2026-11-22T12:00:00.000+00:00','question','{"question": "What is the risk to each child in dominant inheritance?", "understood": "What is the risk to each child in dominant inheritance?", "language": "en", "state": "covered", "confidence": 0.94, "cited": ["1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1"], "nearest": [], "conversation": "0123456789abcdef"}');
INSERT INTO "event" VALUES('7395d338-80e8-4969-89b6-7c4b20365d4b','7c9002de-dcdc-45ec-b136-de56122cd879','2026-11-22T12:01:00.000+00:00','question','{"question": "and in recessive inheritance? partly", "understood": "and in recessive inheritance? partly", "language": "en", "state": "partly", "confidence": 0.55, "cited": ["1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1", "1.6#autosomal-dominant/1"], "nearest": [], "conversation": "0123456789abcdef"}');
CREATE TABLE machine (id TEXT NOT NULL) STRICT;
INSERT INTO "machine" VALUES('7c9002de-dcdc-45ec-b136-de56122cd879');
CREATE INDEX event_time ON event (time);
COMMIT;
