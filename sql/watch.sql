-- pt_watch, pt_unwatch, pt_watches: which watches a statement touches, by a
-- recursive query; who may watch what. What is sent: 370_watch.pl and the
-- isolation test.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS parseltongue;
SELECT pt_create_codebase('watch');
SET parseltongue.graph = 'watch.pt_edge';
INSERT INTO watch.pt_edge (from_key, to_key, confidence)
SELECT DISTINCT ON (a, b) a, b, CASE WHEN i % 5 = 0 THEN 0.3 END
FROM generate_series(1, 400) AS i, LATERAL (SELECT 'k' || 1 + i * 7919 % 200, 'k' || 1 + (i * i) % 67) AS e (a, b) ORDER BY a, b, i;
CREATE VIEW watch.triggers AS SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid = 'watch.pt_edge'::regclass OR tgname ~ '^pt_edge_watch';

-- nothing where nobody watches
SELECT count(*) FROM watch.triggers;
SELECT * FROM pt_watches();
SELECT pt_unwatch();
SELECT pt_watch('{k1,k2,k1}');
SELECT pt_watch('{k5}', 1, 'near', min_confidence => 0.2);
SELECT pt_watch('{k10}', NULL, 'far', '{Calls}', 1);
SELECT pt_watch('{k2}', 4);
SELECT channel, key, hops, edge_types, min_confidence, watched_by = current_user AS own, watched_at = now() AS now, enabled FROM pt_watches();
SELECT * FROM watch.triggers ORDER BY 1, 2;

-- Which watches a statement notes: at least those whose radius it changes.
CREATE FUNCTION watch.radius(of text, most bigint, trusted float8) RETURNS TABLE (key text, distance bigint) LANGUAGE sql AS $$
	WITH RECURSIVE r (key, distance) AS (
		SELECT of, 0::bigint
		UNION SELECT from_key, distance + 1 FROM r JOIN watch.pt_edge ON to_key = r.key
		WHERE distance < coalesce(most, 12) AND coalesce(confidence, 1) >= trusted
	) SELECT r.key, min(r.distance) FROM r WHERE r.key <> of GROUP BY r.key
$$;
CREATE FUNCTION watch.try(change text, OUT touched text[], OUT changed text[]) LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE was AS SELECT w.key AS watched, r.* FROM pt_watches() AS w, watch.radius(w.key, w.hops, w.min_confidence) AS r;
	EXECUTE change;
	touched := ARRAY(SELECT key FROM watch.pt_edge_touched ORDER BY key COLLATE "C");
	CREATE TEMP TABLE becomes AS SELECT w.key AS watched, r.* FROM pt_watches() AS w, watch.radius(w.key, w.hops, w.min_confidence) AS r;
	changed := ARRAY(SELECT DISTINCT watched COLLATE "C" FROM ((TABLE was EXCEPT TABLE becomes) UNION ALL (TABLE becomes EXCEPT TABLE was)) AS d ORDER BY 1);
	DROP TABLE was, becomes;
	DELETE FROM watch.pt_edge_touched;
END $$;
SELECT * FROM watch.try($$UPDATE watch.pt_edge SET source_location = 'x'$$);
SELECT * FROM watch.try($$INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('new', 'new too')$$);
SELECT * FROM watch.try($$INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('new', 'k5')$$);
SELECT * FROM watch.try($$UPDATE watch.pt_edge SET confidence = 0.1 WHERE from_key = 'new' AND to_key = 'k5'$$);
SELECT * FROM watch.try($$DELETE FROM watch.pt_edge WHERE from_key = 'new'$$);
SELECT * FROM watch.try($$DELETE FROM watch.pt_edge WHERE false$$);
SELECT count(*) > 50 AS any_changed, count(*) FILTER (WHERE NOT changed <@ touched) AS missed, count(*) FILTER (WHERE touched = '{}') > 5 AS some_are_quiet
FROM generate_series(1, 120) AS i, LATERAL watch.try(CASE i % 4
	WHEN 0 THEN format($$DELETE FROM watch.pt_edge WHERE from_key = 'k%s'$$, 1 + i * 31 % 200)
	WHEN 1 THEN format($$INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('k%s', 'k%s'), ('k%s', 'z%s') ON CONFLICT DO NOTHING$$, 1 + i * 17 % 200, 1 + i % 67, i, i)
	WHEN 2 THEN format($$UPDATE watch.pt_edge SET to_key = 'k%1$s' WHERE from_key = 'k%2$s' AND to_key = (SELECT min(to_key) FROM watch.pt_edge WHERE from_key = 'k%2$s')
		AND NOT EXISTS (SELECT FROM watch.pt_edge WHERE from_key = 'k%2$s' AND to_key = 'k%1$s')$$, 1 + i % 67, 1 + i * 13 % 200)
	ELSE format($$UPDATE watch.pt_edge SET confidence = 0.25 WHERE from_key IN ('k%s', 'z1')$$, 1 + i * 11 % 200) END);
-- more edges than are looked at
SELECT * FROM watch.try($$INSERT INTO watch.pt_edge (from_key, to_key) SELECT 'm' || i, 'm' FROM generate_series(1, 10001) AS i$$);
-- a graph that cannot be walked is no reason to fail
SELECT touched FROM watch.try($$DROP INDEX watch.pt_edge_adjacency; DELETE FROM watch.pt_edge WHERE to_key = 'm'$$);
CREATE INDEX pt_edge_adjacency ON watch.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
SELECT touched FROM watch.try($$TRUNCATE watch.pt_edge$$);
SELECT count(*) FROM watch.pt_edge_touched;

-- the last one takes the triggers with it
SELECT pt_unwatch('{k1}'), pt_unwatch(channel => 'far'), pt_unwatch('{k1}', 'near');
SELECT channel, key, enabled FROM pt_watches();
SELECT pt_unwatch();
SELECT * FROM watch.triggers ORDER BY 1, 2;
INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('a', 'b'), ('b', 'c');

-- arguments
SELECT pt_watch('{}');
SELECT pt_watch('{nowhere}');
SELECT pt_watch('{nowhere}', missing_ok => true);
SELECT pt_watch(NULL);
SELECT pt_watch('{a,NULL}');
SELECT pt_watch('{a}', channel => NULL);
SELECT pt_watch('{a}', channel => '');
SELECT pt_watch('{a}', channel => repeat('c', 64));
SELECT pt_watch('{a}', 0);
SELECT pt_watch('{a}', edge_types => '{NULL}');
SELECT pt_watch('{a}', min_confidence => 2);
SELECT pt_watch(ARRAY[repeat('k', 1001)], missing_ok => true);
\set VERBOSITY sqlstate
SELECT pt_watch('{a}', graph => 'pg_class');
SELECT _parseltongue.pt_watch_statement();
CREATE TRIGGER wrong BEFORE INSERT ON watch.pt_edge FOR EACH ROW EXECUTE FUNCTION _parseltongue.pt_watch_statement();
INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('x', 'y');
DROP TRIGGER wrong ON watch.pt_edge;
CREATE TRIGGER wrong AFTER DELETE ON watch.pt_edge FOR EACH ROW EXECUTE FUNCTION _parseltongue.pt_watch_commit();
DELETE FROM watch.pt_edge WHERE from_key = 'a';
DROP TRIGGER wrong ON watch.pt_edge;
SELECT pt_unwatch();

-- Who may watch: the owner, and whom the owner lets write to the table; who may
-- write edges needs no right for it, and what runs for a write is the owner's.
CREATE ROLE regress_watch_owner;
CREATE ROLE regress_watch_writer;
GRANT USAGE ON SCHEMA watch TO regress_watch_writer;
GRANT INSERT, DELETE, TRIGGER ON watch.pt_edge TO regress_watch_writer;
SET ROLE regress_watch_writer;
SELECT pt_watch('{b}');
RESET ROLE;
GRANT SELECT ON watch.pt_edge, watch.pt_entity TO regress_watch_writer;
SET ROLE regress_watch_writer;
SELECT pt_watch('{b}');
RESET ROLE;
REVOKE SELECT ON watch.pt_edge, watch.pt_entity FROM regress_watch_writer;
SELECT pt_watch('{b}');
CREATE TABLE watch.noted (by_role name, key text);
GRANT SELECT, INSERT ON watch.noted TO PUBLIC;
CREATE FUNCTION watch.who() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO watch.noted VALUES (current_user, NEW.key); RETURN NULL; END $$;
CREATE TRIGGER who AFTER INSERT ON watch.pt_edge_touched FOR EACH ROW EXECUTE FUNCTION watch.who();
ALTER SCHEMA watch OWNER TO regress_watch_owner;
ALTER TABLE watch.pt_edge OWNER TO regress_watch_owner;
ALTER TABLE watch.pt_entity OWNER TO regress_watch_owner;
ALTER TABLE watch.pt_left_out OWNER TO regress_watch_owner;
ALTER TABLE watch.pt_pending OWNER TO regress_watch_owner;
SET ROLE regress_watch_writer;
-- of two owners: what is not the owner's is not looked at
INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('w1', 'b');
RESET ROLE;
-- and whoever asks for it is told
SELECT * FROM pt_watches();
SELECT pt_unwatch();
SELECT pt_watch('{b}');
\set VERBOSITY terse
SELECT * FROM pt_watches();
\set VERBOSITY sqlstate
ALTER TABLE watch.pt_edge_watch OWNER TO regress_watch_owner;
ALTER TABLE watch.pt_edge_touched OWNER TO regress_watch_owner;
SET ROLE regress_watch_writer;
INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('w2', 'b');
SELECT * FROM watch.noted;
SELECT * FROM pt_watches();
RESET ROLE;
DROP TRIGGER who ON watch.pt_edge_touched;
GRANT SELECT ON watch.pt_edge, watch.pt_entity TO regress_watch_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON watch.pt_edge_watch TO regress_watch_writer;
SET ROLE regress_watch_writer;
SELECT pt_watch('{b}', channel => 'mine');
SELECT channel, key, watched_by FROM pt_watches();
-- no triggers go with the last one, which only the owner can take away
SELECT pt_unwatch();
RESET ROLE;
SELECT count(*) FROM watch.triggers WHERE tgrelid = 'watch.pt_edge'::regclass;
SELECT pt_unwatch();
SELECT count(*) FROM watch.triggers WHERE tgrelid = 'watch.pt_edge'::regclass;
SET ROLE regress_watch_writer;
SELECT pt_watch('{b}');
RESET ROLE;
-- a relation of that name that is somebody else's
DROP TABLE watch.pt_edge_watch;
CREATE TABLE watch.pt_edge_watch (key text);
SET ROLE regress_watch_owner;
SELECT pt_watch('{b}');
RESET ROLE;
DROP TABLE watch.pt_edge_watch;

-- what fires no triggers
CREATE TABLE watch.parent (LIKE watch.pt_edge);
ALTER TABLE watch.pt_edge INHERIT watch.parent;
SELECT pt_watch('{b}');
ALTER TABLE watch.pt_edge NO INHERIT watch.parent;
DROP TABLE watch.parent;
\set VERBOSITY default

-- it goes with its codebase, also after a change that is yet to be told of
SELECT pt_watch('{b}');
BEGIN;
INSERT INTO watch.pt_edge (from_key, to_key) VALUES ('last', 'b');
DROP VIEW watch.triggers;
DROP TABLE watch.noted;
DROP FUNCTION watch.radius, watch.try, watch.who;
SELECT pt_drop_codebase('watch');
ROLLBACK;
RESET parseltongue.graph;
DROP VIEW watch.triggers;
DROP TABLE watch.noted;
DROP FUNCTION watch.radius, watch.try, watch.who;
SELECT pt_drop_codebase('watch');
DROP ROLE regress_watch_owner;
DROP OWNED BY regress_watch_writer;
DROP ROLE regress_watch_writer;
