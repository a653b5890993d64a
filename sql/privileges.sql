--
-- Who may ask what: grants on tables and columns, row-level security, and what
-- errors and hints give away.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_privileges;
SET search_path = pt_privileges, public;
TRUNCATE pt_entity, pt_edge;
CREATE ROLE regress_pt_owner;
CREATE ROLE regress_pt_user;
CREATE ROLE regress_pt_bypass BYPASSRLS;
GRANT ALL ON SCHEMA pt_privileges TO regress_pt_owner;
GRANT USAGE ON SCHEMA pt_privileges TO regress_pt_user, regress_pt_bypass;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	hint := nullif(hint, '');
END $$;
CREATE TABLE questions (i serial, q text);
GRANT SELECT ON questions TO PUBLIC;
INSERT INTO questions (q) VALUES
	($$SELECT pt_bfs('calls', 'a'::text)$$),
	($$SELECT pt_bfs('calls_adjacency', 'a'::text)$$),
	($$SELECT pt_multi_source_bfs('calls', ARRAY['a', 'b'])$$),
	($$SELECT pt_bfs('calls', 'a'::text, edge_types => '{x}')$$),
	($$SELECT pt_bfs('calls', 'nobody'::text)$$),
	($$SELECT pt_bfs('calls', 'nobody'::text, missing_ok => true)$$),
	($$SELECT pt_bfs('calls', 'a'::text, 0)$$),
	($$SELECT pt_blast_radius('c', graph => 'calls')$$),
	($$SELECT pt_blast_radius('c', 0, graph => 'calls')$$),
	($$SELECT pt_blast_radius_summary('c', graph => 'calls')$$),
	($$SELECT pt_blast_radius_count('c', graph => 'calls')$$),
	($$SELECT pt_callers('c', graph => 'calls')$$),
	($$SELECT pt_callees('a', '{x}', graph => 'calls')$$),
	($$SELECT pt_graph_status('calls')$$),
	($$SELECT pt_check_index('calls_adjacency')$$);
CREATE FUNCTION ask() RETURNS TABLE (query text, state text, message text, hint text) LANGUAGE sql AS
	$$ SELECT q, o.* FROM questions, LATERAL outcome(q) o ORDER BY i $$;

SET ROLE regress_pt_owner;
CREATE TABLE calls (a text, b text, kind text, source_location text, owner text DEFAULT 'all');
CREATE INDEX calls_adjacency ON calls USING adjacency (a, b, kind);
INSERT INTO calls VALUES ('a', 'b', 'x', 'f:1'), ('b', 'c', 'y', 'f:2'), ('c', 'd', 'x', 'f:3');
SELECT * FROM ask();

-- nothing granted
SET ROLE regress_pt_user;
SELECT * FROM ask();
SELECT * FROM outcome($$SELECT * FROM calls$$);

-- columns granted: the nodes are enough for walks, edge_types wants the label,
-- callers and callees want label and source_location
SET ROLE regress_pt_owner;
GRANT SELECT (a, b) ON calls TO regress_pt_user;
SET ROLE regress_pt_user;
SELECT * FROM ask();
SET ROLE regress_pt_owner;
GRANT SELECT (kind) ON calls TO regress_pt_user;
SET ROLE regress_pt_user;
SELECT * FROM ask();
SET ROLE regress_pt_owner;
GRANT SELECT (source_location) ON calls TO regress_pt_user;
REVOKE SELECT (b) ON calls FROM regress_pt_user;
SET ROLE regress_pt_user;
SELECT * FROM ask();

-- the table granted
SET ROLE regress_pt_owner;
GRANT SELECT ON calls TO regress_pt_user, regress_pt_bypass;
SET ROLE regress_pt_user;
SELECT * FROM ask();
RESET ROLE;

-- views and functions: a view does not lend its owner's rights to functions,
-- a SECURITY DEFINER function does
SET ROLE regress_pt_owner;
CREATE VIEW reached AS SELECT * FROM pt_bfs('pt_privileges.calls', 'a'::text);
CREATE FUNCTION reached_definer() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pt_privileges, public AS $$ SELECT count(*) FROM pt_bfs('calls', 'a'::text) $$;
GRANT SELECT ON reached TO regress_pt_user;
REVOKE SELECT ON calls FROM regress_pt_user;
SET ROLE regress_pt_user;
SELECT * FROM outcome('SELECT * FROM reached');
SELECT * FROM outcome('SELECT reached_definer()');
SELECT reached_definer();
RESET ROLE;
CREATE FUNCTION lesser_definer() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pt_privileges, public AS $$ SELECT count(*) FROM pt_bfs('calls', 'a'::text) $$;
ALTER FUNCTION lesser_definer() OWNER TO regress_pt_user;
SELECT * FROM outcome('SELECT lesser_definer()');
-- rights are judged at each call, not once
SET ROLE regress_pt_owner;
GRANT SELECT ON calls TO regress_pt_user;
SET ROLE regress_pt_user;
PREPARE p AS SELECT count(*) FROM pt_bfs('pt_privileges.calls', 'a'::text);
EXECUTE p;
SET ROLE regress_pt_owner;
REVOKE SELECT ON calls FROM regress_pt_user;
SET ROLE regress_pt_user;
SELECT * FROM outcome('EXECUTE p');
DEALLOCATE p;
SET ROLE regress_pt_owner;
GRANT SELECT ON calls TO regress_pt_user;

-- ---------------------------------------------------------------------------
-- Row-level security: an answer for the rows the role may read, or none.
-- ---------------------------------------------------------------------------
ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON calls FOR SELECT USING (owner = 'all' OR owner = current_user);
INSERT INTO calls VALUES ('d', 'secret', 'x', 'f:9', 'regress_pt_owner'), ('secret', 'secret too', 'x', NULL, 'regress_pt_owner');
-- the owner is not subject to it, nor is one with BYPASSRLS
SELECT node, distance FROM pt_bfs('calls', 'a'::text) ORDER BY distance;
SET ROLE regress_pt_bypass;
SELECT node, distance FROM pt_bfs('calls', 'a'::text) ORDER BY distance;
SET ROLE regress_pt_user;
SELECT count(*) FROM calls;
SELECT * FROM ask();
-- neither keys, counts nor hints tell of rows it may not read: a hidden key
-- and one that does not exist cannot be told apart
SELECT o.state, replace(o.message, k, 'KEY') AS message, replace(o.hint, k, 'KEY') AS hint, count(*), min(k), max(k)
FROM unnest(ARRAY['secret', 'secret too', 'nobody', 'secre']) k,
	unnest(ARRAY['SELECT pt_bfs(''calls'', %L::text)', 'SELECT pt_blast_radius(%L, graph => ''calls'')',
		'SELECT pt_blast_radius_summary(%L, graph => ''calls'')', 'SELECT pt_blast_radius_count(%L, graph => ''calls'')', 'SELECT pt_callers(%L, graph => ''calls'')',
		'SELECT pt_bfs(''calls'', %L::text, missing_ok => true)']) f,
	LATERAL outcome(format(f, k)) o
GROUP BY 1, 2, 3 ORDER BY 1, 2;
-- whoever asks for no policies gets an error, not fewer rows
SET row_security = off;
SELECT state FROM outcome($$SELECT pt_bfs('calls', 'a'::text)$$);
RESET row_security;
-- the definer's policies hold in its functions
SELECT reached_definer();
-- the owner forced
SET ROLE regress_pt_owner;
ALTER TABLE calls FORCE ROW LEVEL SECURITY;
SELECT o.state, (SELECT count(*) FROM calls) AS readable FROM outcome($$SELECT pt_bfs('calls', 'a'::text)$$) o;
ALTER TABLE calls NO FORCE ROW LEVEL SECURITY;
ALTER TABLE calls DISABLE ROW LEVEL SECURITY;
SET ROLE regress_pt_user;
SELECT count(*) FROM pt_bfs('calls', 'a'::text);
RESET ROLE;

-- ---------------------------------------------------------------------------
-- The extension's tables.
-- ---------------------------------------------------------------------------
INSERT INTO pt_edge VALUES ('pt:a', 'pt:b');
INSERT INTO pt_entity (key, name) VALUES ('pt:a', 'a'), ('pt:hidden', 'h'), ('pt:shown', 's');
SET ROLE regress_pt_user;
SELECT q, o.* FROM unnest(ARRAY[
	$$SELECT pt_blast_radius('pt:b')$$,
	$$SELECT pt_blast_radius('pt:nobody', missing_ok => true)$$,
	$$SELECT pt_callers('pt:b')$$,
	$$SELECT pt_graph_status()$$,
	$$SELECT pt_insert_entity('pt:new')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:new"}]')$$,
	$$SELECT pt_insert_edge('pt:a', 'pt:c')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":"pt:c"}]')$$,
	$$SELECT pt_delete_entity('pt:a')$$,
	$$SELECT pt_check_index('pt_edge_adjacency')$$]) WITH ORDINALITY q(q, i), LATERAL outcome(q) o ORDER BY i;
RESET ROLE;
GRANT SELECT ON pt_edge TO regress_pt_user;
SET ROLE regress_pt_user;
-- Without SELECT on pt_entity its keys are unknown, and no hint names them.
SELECT k, o.* FROM unnest(ARRAY['pt:a', 'pt:b', 'pt:hidden', 'pt:hidde', 'pt:nobody']) WITH ORDINALITY k(k, i), LATERAL outcome(format('SELECT pt_blast_radius(%L)', k)) o ORDER BY i;
RESET ROLE;
GRANT SELECT ON pt_entity TO regress_pt_user;
SET ROLE regress_pt_user;
SELECT k, o.* FROM unnest(ARRAY['pt:hidden', 'pt:hidde']) WITH ORDINALITY k(k, i), LATERAL outcome(format('SELECT pt_blast_radius(%L)', k)) o ORDER BY i;
RESET ROLE;
-- Under policies on pt_entity a hidden entity is unknown too.
ALTER TABLE pt_entity ENABLE ROW LEVEL SECURITY;
CREATE POLICY shown ON pt_entity FOR SELECT USING (key <> 'pt:hidden');
SET ROLE regress_pt_user;
SELECT k, o.* FROM unnest(ARRAY['pt:a', 'pt:shown', 'pt:hidden', 'pt:hidde', 'pt:show', 'pt:nobody']) WITH ORDINALITY k(k, i), LATERAL outcome(format('SELECT pt_blast_radius(%L)', k)) o ORDER BY i;
RESET ROLE;
DROP POLICY shown ON pt_entity;
ALTER TABLE pt_entity DISABLE ROW LEVEL SECURITY;
-- Writing needs INSERT, UPDATE and DELETE, and obeys policies.
GRANT INSERT, UPDATE, DELETE ON pt_entity, pt_edge TO regress_pt_user;
ALTER TABLE pt_entity ENABLE ROW LEVEL SECURITY;
CREATE POLICY readable ON pt_entity FOR SELECT USING (true);
CREATE POLICY writable ON pt_entity FOR INSERT WITH CHECK (key LIKE 'pt:new%');
SET ROLE regress_pt_user;
SELECT q, o.state, o.message FROM unnest(ARRAY[
	$$SELECT pt_insert_entity('pt:new')$$,
	$$SELECT pt_insert_entity('pt:other')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:new2"},{"key":"pt:zzz"}]')$$,
	$$SELECT pt_insert_edge('pt:a', 'pt:c')$$,
	$$SELECT pt_delete_entity('pt:a', true)$$]) WITH ORDINALITY q(q, i), LATERAL outcome(q) o ORDER BY i;
SELECT key FROM pt_entity ORDER BY key COLLATE "C";
RESET ROLE;
DROP POLICY readable ON pt_entity;
DROP POLICY writable ON pt_entity;
ALTER TABLE pt_entity DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON pt_entity, pt_edge FROM regress_pt_user;

-- names inside the functions mean what they say, whatever the path
CREATE FUNCTION jsonb_typeof(jsonb) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '1999-01-01'::timestamptz $$;
CREATE TABLE pt_entity (LIKE public.pt_entity);
CREATE TABLE pt_edge (LIKE public.pt_edge);
CREATE FUNCTION equal(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT 1 / 0 = 1 $$;
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = equal);
SET search_path = pt_privileges, pg_catalog, public;
SELECT pt_insert_entity('pt:path', properties => '{}'), pt_insert_edge('pt:path', 'pt:other'),
	   pt_insert_entities('[{"key": "pt:path", "x": 1}]'), pt_insert_edges('[{"from_key": "pt:path", "to_key": "pt:third"}]');
SELECT count(*) FROM pt_blast_radius('pt:path', 1, 'out');
SELECT count(*) FROM pt_blast_radius('pt:pat', missing_ok => true);
SELECT * FROM pt_blast_radius('pt:pat');
SELECT pt_delete_entity('pt:path', true);
SELECT (SELECT count(*) FROM pt_privileges.pt_entity) AS entities, (SELECT count(*) FROM pt_privileges.pt_edge) AS edges;
SET search_path = public;

TRUNCATE pt_entity, pt_edge;
DROP SCHEMA pt_privileges CASCADE;
DROP ROLE regress_pt_owner, regress_pt_user, regress_pt_bypass;
