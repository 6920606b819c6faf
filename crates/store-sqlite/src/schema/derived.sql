-- What can be rebuilt from the journal. A file of an older version has these dropped, made anew, and filled at the next
-- start; so they may change with any version.
-- A key of one integer holds the prefecture in its high bits and the journal position in the low 40 (see key.rs): a table
-- B-tree then appends at its end, and every key still begins with the prefecture.

CREATE TABLE derived_by (
  prefecture  INTEGER PRIMARY KEY,
  definitions TEXT NOT NULL
) STRICT;

CREATE TABLE subjects (
  key        INTEGER PRIMARY KEY,
  prefecture INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  shape      INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  area       INTEGER NOT NULL,
  state      INTEGER NOT NULL,
  withdrawn  INTEGER NOT NULL,
  tag        TEXT    NOT NULL,
  due        INTEGER,
  changed    INTEGER NOT NULL,
  history    BLOB    NOT NULL,
  gives      BLOB    NOT NULL,
  body       BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX subjects_by_id ON subjects (prefecture, id);
CREATE INDEX subjects_by_state ON subjects (prefecture, shape, kind, state, key, area, withdrawn);
-- Only of shapes that are listed (store::tallied): for every other record it would touch a page of its area for nothing.
CREATE INDEX subjects_by_area ON subjects (prefecture, shape, area, key, kind, state, withdrawn, tag)
  WHERE shape = 3 OR shape = 7 OR shape = 8;
CREATE INDEX subjects_by_due ON subjects (prefecture, due, key, area, kind) WHERE due IS NOT NULL;

CREATE TABLE contributions (
  prefecture INTEGER NOT NULL,
  figure     TEXT    NOT NULL,
  part       INTEGER NOT NULL,
  area       INTEGER NOT NULL,
  day        INTEGER NOT NULL,
  subject    BLOB    NOT NULL,
  slot       INTEGER NOT NULL,
  opened     INTEGER NOT NULL,
  closed     INTEGER,
  amount     INTEGER NOT NULL,
  once       INTEGER NOT NULL,
  PRIMARY KEY (prefecture, figure, part, area, opened, subject, slot, day)
) STRICT, WITHOUT ROWID;
-- The position stands before subject and day, so that new rows are appended to the run of their figure and area:
-- ordered by day, a busy hour would touch a page of its own for almost every record.

CREATE TABLE cells (
  prefecture INTEGER NOT NULL,
  area       INTEGER NOT NULL,
  grain      INTEGER NOT NULL,
  figure     TEXT    NOT NULL,
  part       INTEGER NOT NULL,
  period     INTEGER NOT NULL,
  amount     INTEGER NOT NULL,
  records    INTEGER NOT NULL,
  PRIMARY KEY (prefecture, area, grain, figure, part, period)
) STRICT, WITHOUT ROWID;

-- How many subjects stand in a state, for counties and above.
CREATE TABLE tallies (
  prefecture INTEGER NOT NULL,
  area       INTEGER NOT NULL,
  shape      INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  state      INTEGER NOT NULL,
  tag        TEXT    NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (prefecture, area, shape, kind, state, tag)
) STRICT, WITHOUT ROWID;

-- On whose pages subjects stand that wait for somebody, by the day on which their next step is due. A holder is an
-- account's id, an area's number, or a part of the public board, as bytes.
CREATE TABLE holdings (
  prefecture INTEGER NOT NULL,
  holder     BLOB    NOT NULL,
  waits      INTEGER NOT NULL,
  due        INTEGER NOT NULL,
  key        INTEGER NOT NULL,
  area       INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  PRIMARY KEY (prefecture, holder, waits, due, key)
) STRICT, WITHOUT ROWID;

-- The search index follows the journal; `search_progress` says how far it has read.
CREATE VIRTUAL TABLE search USING fts5 (terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE TABLE search_progress (
  prefecture INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL
) STRICT;
