BEGIN TRANSACTION;
CREATE TABLE attempt (
    visitor TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, hints INTEGER NOT NULL, shown INTEGER NOT NULL,
    at REAL NOT NULL, PRIMARY KEY (visitor, question)
) STRICT;
INSERT INTO "attempt" VALUES('a-visitor','begun','Half an answer.',1,0,1.79540429766195821763e+09);
CREATE TABLE card (
    visitor TEXT NOT NULL, question TEXT NOT NULL, stage TEXT NOT NULL, step INTEGER, stability REAL NOT NULL, difficulty REAL NOT NULL,
    due REAL NOT NULL, last REAL NOT NULL, PRIMARY KEY (visitor, question)
) STRICT;
INSERT INTO "card" VALUES('a-visitor','rated','review',NULL,2.3065,2.11810397045901588342e+00,1795521600.0,1795348800.0);
CREATE TABLE review (
    visitor TEXT NOT NULL, question TEXT NOT NULL, at REAL NOT NULL, rating TEXT NOT NULL, first INTEGER NOT NULL
) STRICT;
INSERT INTO "review" VALUES('a-visitor','rated',1795348800.0,'good',1);
CREATE TABLE setting (visitor TEXT PRIMARY KEY, new_a_day INTEGER NOT NULL) STRICT;
INSERT INTO "setting" VALUES('a-visitor',7);
CREATE INDEX review_of ON review (visitor, at);
COMMIT;
PRAGMA user_version = 2;
