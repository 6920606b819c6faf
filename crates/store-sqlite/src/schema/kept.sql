-- What is kept for ever, or until it is erased. Tables are added here and never changed: a file of an older version gets
-- those that it lacks.
-- A key of one integer holds the prefecture in its high bits and the journal position in the low 40 (see key.rs): a table
-- B-tree then appends at its end, and every key still begins with the prefecture.

CREATE TABLE IF NOT EXISTS heads (
  prefecture INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL,
  hash       BLOB    NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS journal (
  key     INTEGER PRIMARY KEY,
  command BLOB NOT NULL,
  subject BLOB NOT NULL,
  bytes   BLOB NOT NULL,
  hash    BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS commands (
  prefecture INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  digest     INTEGER NOT NULL,
  first      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  refusal    TEXT,
  PRIMARY KEY (prefecture, id)
) STRICT, WITHOUT ROWID;

-- Not derived and not in the journal: keys and verifiers, because both must be erasable.

CREATE TABLE IF NOT EXISTS seal_keys (
  prefecture INTEGER NOT NULL,
  subject    BLOB    NOT NULL,
  wrapped    BLOB    NOT NULL,
  PRIMARY KEY (prefecture, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS credentials (
  login        TEXT PRIMARY KEY,
  prefecture   INTEGER NOT NULL,
  account      BLOB    NOT NULL,
  verifier     TEXT    NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
  token_hash BLOB PRIMARY KEY,
  login      TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_by_login ON sessions (login);

-- What is told to people. Not derived either: that a message went out cannot be computed again.

-- How far the journal has been read for it.
CREATE TABLE IF NOT EXISTS told (
  prefecture INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS notices (
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
CREATE TABLE IF NOT EXISTS notices_read (
  prefecture INTEGER NOT NULL,
  account    BLOB    NOT NULL,
  position   INTEGER NOT NULL,
  PRIMARY KEY (prefecture, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS outbox (
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
CREATE UNIQUE INDEX IF NOT EXISTS outbox_by_id ON outbox (prefecture, id);
CREATE INDEX IF NOT EXISTS outbox_by_state ON outbox (prefecture, channel, state, emergency DESC, next_at);
CREATE INDEX IF NOT EXISTS outbox_by_try ON outbox (prefecture, channel, since) WHERE attempts > 0;
