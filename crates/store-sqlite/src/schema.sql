-- Version 1. A key of one integer holds the prefecture in its high bits and the journal position in the low 40
-- (see key.rs): a table B-tree then appends at its end, and every key still begins with the prefecture.

CREATE TABLE heads (
  prefecture INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL,
  hash       BLOB    NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

CREATE TABLE journal (
  key     INTEGER PRIMARY KEY,
  command BLOB NOT NULL,
  subject BLOB NOT NULL,
  bytes   BLOB NOT NULL,
  hash    BLOB NOT NULL
) STRICT;

CREATE TABLE commands (
  prefecture INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  digest     INTEGER NOT NULL,
  first      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  refusal    TEXT,
  PRIMARY KEY (prefecture, id)
) STRICT, WITHOUT ROWID;

-- Derived: can be dropped and rebuilt from the journal.

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
  WHERE shape = 3 OR shape = 7;
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

-- The search index follows the journal; `search_progress` says how far it has read.
CREATE VIRTUAL TABLE search USING fts5 (terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE TABLE search_progress (
  prefecture INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL
) STRICT;

-- Not derived and not in the journal: keys and verifiers, because both must be erasable.

CREATE TABLE seal_keys (
  prefecture INTEGER NOT NULL,
  subject    BLOB    NOT NULL,
  wrapped    BLOB    NOT NULL,
  PRIMARY KEY (prefecture, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
  login        TEXT PRIMARY KEY,
  prefecture   INTEGER NOT NULL,
  account      BLOB    NOT NULL,
  verifier     TEXT    NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  login      TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_login ON sessions (login);

-- What is told to people. Not derived either: that a message went out cannot be computed again.

-- How far the journal has been read for it.
CREATE TABLE told (
  prefecture INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL
) STRICT;

CREATE TABLE notices (
  prefecture INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  rule       TEXT    NOT NULL,
  account    BLOB    NOT NULL,
  actor      BLOB    NOT NULL,
  at         INTEGER NOT NULL,
  subject    BLOB    NOT NULL,
  kind       TEXT    NOT NULL,
  area       INTEGER NOT NULL,
  facts      BLOB    NOT NULL,
  PRIMARY KEY (prefecture, position, rule, account)
) STRICT, WITHOUT ROWID;

-- Up to where each account has read its notices.
CREATE TABLE notices_read (
  prefecture INTEGER NOT NULL,
  account    BLOB    NOT NULL,
  position   INTEGER NOT NULL,
  PRIMARY KEY (prefecture, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  prefecture INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  position   INTEGER NOT NULL,
  rule       TEXT    NOT NULL,
  channel    TEXT    NOT NULL,
  recipient  TEXT    NOT NULL,
  subject    BLOB    NOT NULL,
  kind       TEXT    NOT NULL,
  area       INTEGER NOT NULL,
  emergency  INTEGER NOT NULL,
  message    BLOB    NOT NULL,
  at         INTEGER NOT NULL,
  state      INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  next_at    INTEGER NOT NULL,
  since      INTEGER NOT NULL,
  answer     TEXT    NOT NULL,
  PRIMARY KEY (prefecture, position, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_by_id ON outbox (prefecture, id);
CREATE INDEX outbox_by_state ON outbox (prefecture, channel, state, emergency DESC, next_at);
CREATE INDEX outbox_by_try ON outbox (prefecture, channel, since) WHERE attempts > 0;
