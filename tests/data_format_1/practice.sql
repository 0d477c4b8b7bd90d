CREATE TABLE card (
    visitor TEXT NOT NULL, question TEXT NOT NULL, stage TEXT NOT NULL, step INTEGER, stability REAL NOT NULL, difficulty REAL NOT NULL,
    due REAL NOT NULL, last REAL NOT NULL, PRIMARY KEY (visitor, question)
) STRICT;
CREATE TABLE review (
    visitor TEXT NOT NULL, question TEXT NOT NULL, at REAL NOT NULL, rating TEXT NOT NULL, first INTEGER NOT NULL
) STRICT;
CREATE INDEX review_of ON review (visitor, at);
CREATE TABLE attempt (
    visitor TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, hints INTEGER NOT NULL, shown INTEGER NOT NULL,
    PRIMARY KEY (visitor, question)
) STRICT;
CREATE TABLE setting (visitor TEXT PRIMARY KEY, new_a_day INTEGER NOT NULL) STRICT;
INSERT INTO card VALUES ('a-visitor', 'rated', 'review', NULL, 2.3, 5.1, 1795500000.0, 1795300000.0);
INSERT INTO review VALUES ('a-visitor', 'rated', 1795300000.0, 'good', 1);
INSERT INTO attempt VALUES ('a-visitor', 'begun', 'Half an answer.', 1, 0);
INSERT INTO setting VALUES ('a-visitor', 7);
PRAGMA user_version = 1;
