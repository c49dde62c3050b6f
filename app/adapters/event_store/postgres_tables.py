"""The tables of the log in PostgreSQL, and the function that appends to them in one round trip."""

from hashlib import sha256

TABLES_LOCK = 0x757074616B65
"""The advisory lock that stops two processes from creating the tables at the same time."""
LOG_LOCK = 0x7570746C6F67
"""The advisory lock of the process that appends. Ids are committed in order, because it ends with the commit."""
LOCK_TIMEOUT_SECONDS = 15

LEASE_LOST = "UP001"
"""The condition when a worker that does not lead any more appends."""

_APPEND = f"""(
    from_staging boolean, counted_row bigint, machine_now bigint, given_now bigint, max_skew bigint,
    corrects_from bigint, corrects_to bigint, taken_stamps bigint[],
    ids uuid[], versions bigint[], topics text[], states bytea[],
    claim_names text[], claim_values text[], record_keys text[], record_bodies bytea[], erased text[], lease bigint,
    OUT newest_row bigint, OUT newest bigint, OUT now bigint, OUT row_ids bigint[])
LANGUAGE plpgsql SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s' AS $$
DECLARE
    asked_at bigint := coalesce(given_now, extract(epoch FROM clock_timestamp()) * 1000000);
    stamp bigint;
    ending bytea;
BEGIN
    IF lease IS NOT NULL THEN
        PERFORM FROM leases l WHERE l.name = 'worker' AND l.number = lease FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = '{LEASE_LOST}', MESSAGE = 'another worker leads';
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock({LOG_LOCK});
    LOCK TABLE stored_events IN ROW EXCLUSIVE MODE; -- an older version of Uptake locks the table instead
    SELECT e.notification_id, e.recorded_at INTO newest_row, newest
    FROM stored_events e ORDER BY e.notification_id DESC LIMIT 1;
    newest_row := coalesce(newest_row, 0);
    now := coalesce(given_now, extract(epoch FROM clock_timestamp()) * 1000000);
    stamp := CASE WHEN corrects_from IS NULL THEN newest ELSE corrects_to END;
    IF counted_row NOT BETWEEN 0 AND newest_row OR abs(machine_now - asked_at) > max_skew
        OR (corrects_from IS NOT NULL AND corrects_from IS DISTINCT FROM newest)
        OR stamp - now > max_skew
    THEN
        RETURN; -- without ids: the caller says why
    END IF;
    stamp := greatest(now, coalesce(stamp + 1, now));
    WHILE stamp = ANY (taken_stamps) LOOP
        stamp := stamp + 1;
    END LOOP;
    ending := convert_to(',"recorded_at":"' || to_char(
        timestamp 'epoch' + stamp * interval '1 microsecond', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"}}', 'UTF8');
    INSERT INTO claims SELECT * FROM unnest(claim_names, claim_values);
    INSERT INTO records SELECT * FROM unnest(record_keys, record_bodies);
    UPDATE records SET body = '' WHERE key = ANY (erased) AND length(body) > 0;
    IF from_staging THEN
        INSERT INTO claims SELECT * FROM staged_claims;
        INSERT INTO records SELECT * FROM staged_records;
        WITH added AS (
            INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at)
            SELECT s.id, s.version, s.topic, substr(s.state, 1, length(s.state) - 1) || ending, stamp
            FROM staged_events s ORDER BY s.nth RETURNING notification_id)
        SELECT array_agg(a.notification_id ORDER BY a.notification_id) INTO row_ids FROM added a;
    ELSE
        WITH added AS (
            INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at)
            SELECT s.id, s.version, s.topic, substr(s.state, 1, length(s.state) - 1) || ending, stamp
            FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS s (id, version, topic, state, nth)
            ORDER BY s.nth RETURNING notification_id)
        SELECT array_agg(a.notification_id ORDER BY a.notification_id) INTO row_ids FROM added a;
    END IF;
    row_ids := coalesce(row_ids, '{{}}');
END$$"""
APPEND_FUNCTION = f"append_to_log_{sha256(_APPEND.encode()).hexdigest()[:8]}"
"""Another version of Uptake over the same log has and makes its own function, and replaces none."""

TABLES = (
    """CREATE TABLE IF NOT EXISTS stored_events (
    notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    recorded_at bigint NOT NULL,
    UNIQUE (originator_id, originator_version))""",
    "CREATE TABLE IF NOT EXISTS claims (name text PRIMARY KEY, stands_for text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS records (key text PRIMARY KEY, body bytea NOT NULL)",
    """CREATE OR REPLACE FUNCTION refuse_to_change_the_log() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'the log is append-only'; END$$""",
    *(
        f"""CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_log()"""
        for table in ("stored_events", "claims")
    ),
    f"CREATE OR REPLACE FUNCTION {APPEND_FUNCTION}{_APPEND}",
)

STAGING = (
    """CREATE TEMPORARY TABLE staged_events (nth bigint, id uuid, version bigint, topic text, state bytea)
    ON COMMIT DROP""",
    "CREATE TEMPORARY TABLE staged_claims (name text, stands_for text) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE staged_records (key text, body bytea) ON COMMIT DROP",
)
"""Where a large import waits until all of it is there. No one else sees these tables, or waits for them."""
