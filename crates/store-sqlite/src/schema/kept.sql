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
