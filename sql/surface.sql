--
-- The surface that all functions share: types that drivers send, keys that are
-- not text, whom calls trust by default, and how an answer says that it was cut.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_surface;
SET search_path = pt_surface, public;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;

-- ---------------------------------------------------------------------------
-- What a user sees: functions to call, each with options in one order.
-- ---------------------------------------------------------------------------
SELECT proname, count(*) FROM pg_proc
WHERE pronamespace = (SELECT extnamespace FROM pg_extension WHERE extname = 'parseltongue') AND proname ~ '^pt_' AND prokind <> 'p'
	AND EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
GROUP BY proname ORDER BY proname COLLATE "C";
-- the common options are the last ones, in one order
WITH arguments AS (
	SELECT p.oid, a.name, a.n, array_position('{edge_types,min_confidence,avoid,within,stop_at,max_nodes,missing_ok,graph}', a.name) AS place, pronargs
	FROM pg_proc AS p, unnest(p.proargnames[1:p.pronargs]) WITH ORDINALITY AS a (name, n)
	WHERE EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') AND 'min_confidence' = ANY (proargnames)
		AND pronamespace <> '_parseltongue'::regnamespace)
SELECT oid::regprocedure FROM arguments AS a
WHERE n > 1 AND place IS NOT NULL AND EXISTS (SELECT FROM arguments AS b WHERE b.oid = a.oid AND b.n > a.n AND (b.place IS NULL OR b.place < a.place));
-- and have one type each
SELECT DISTINCT a.name, format_type(a.type, NULL)
FROM pg_proc AS p, unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) AS a (name, type)
WHERE EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') AND pronamespace <> '_parseltongue'::regnamespace
	AND a.name IN ('edge_types', 'min_confidence', 'avoid', 'within', 'stop_at', 'max_nodes', 'missing_ok', 'graph', 'hops', 'direction', 'max_edges', 'max_paths') ORDER BY 1, 2;

-- ---------------------------------------------------------------------------
-- Keys and nodes of other types than text.
-- ---------------------------------------------------------------------------
CREATE TABLE numbers (a bigint NOT NULL, b bigint NOT NULL);
CREATE INDEX ON numbers USING adjacency (a, b);
INSERT INTO numbers VALUES (1, 2), (2, 3), (3, 4), (1, 5);
CREATE TABLE ids (a uuid NOT NULL, b uuid NOT NULL);
CREATE INDEX ON ids USING adjacency (a, b);
INSERT INTO ids SELECT md5(a::text)::uuid, md5(b::text)::uuid FROM numbers;
CREATE TABLE texts (a text NOT NULL, b text NOT NULL);
CREATE INDEX ON texts USING adjacency (a, b);
INSERT INTO texts SELECT a, b FROM numbers;
CREATE DOMAIN number AS integer;

SELECT * FROM pt_blast_radius(4, graph => 'numbers');
SELECT * FROM pt_blast_radius(4::smallint, 2::smallint, graph => 'numbers');
SELECT * FROM pt_blast_radius(4::number, 1::bigint, graph => 'texts');
SELECT key = md5('3')::uuid::text AS right FROM pt_blast_radius(md5('4')::uuid, 1, graph => 'ids');
SELECT pt_blast_radius_count(4, graph => 'numbers'), pt_blast_radius_count(md5('4')::uuid, graph => 'ids');
SELECT * FROM pt_blast_radius_summary(4, graph => 'numbers');
SELECT from_key, to_key FROM pt_callers(4, graph => 'numbers');
SELECT from_key, to_key FROM pt_callees(1, graph => 'numbers') ORDER BY to_key;
SELECT step, from_key, to_key FROM pt_path(1, 4, graph => 'numbers');
SELECT path, step, from_key, to_key FROM pt_paths(1, 4, graph => 'numbers');
SELECT count(*) FROM pt_path(1::smallint, 4::bigint, graph => 'numbers');
SELECT count(*) FROM pt_paths('1', 4, graph => 'numbers');
SELECT count(*) FROM pt_path(md5('1')::uuid, md5('4')::uuid, graph => 'ids');
SELECT from_key, to_key, from_distance, to_distance FROM pt_subgraph(1, 1, graph => 'numbers');
SELECT * FROM pt_tree(4, graph => 'numbers');
-- untyped parameters, as drivers send them, are text
PREPARE untyped AS SELECT key FROM pt_blast_radius($1, $2, graph => 'numbers') UNION ALL SELECT to_key FROM pt_path($3, $4, graph => 'numbers');
SELECT parameter_types FROM pg_prepared_statements WHERE name = 'untyped';
EXECUTE untyped ('4', 1, '1', '2');
-- types that are none of these
SELECT o.* FROM unnest(ARRAY['1.5', 'true', 'now()', '''{}''::json', '''x''::varchar', '''x''::char(3)', '''x''::name', 'NULL::integer', 'NULL::text', 'NULL']) AS v,
	outcome(format('SELECT pt_blast_radius(%s, graph => ''texts'', missing_ok => true)', v)) AS o;

-- nodes come in the type they were asked in, integers of any width as bigint
SELECT pg_typeof(node) AS node, pg_typeof(parent) AS parent, distance, certain FROM pt_bfs('numbers', 4::smallint);
SELECT pg_typeof(node), node FROM pt_bfs('numbers', '3');
SELECT pg_typeof(node) FROM pt_bfs('ids', md5('4')::uuid);
-- several starts: arrays of any of these, and an untyped literal, as drivers send lists
SELECT pg_typeof(node), count(*) FROM pt_multi_source_bfs('numbers', ARRAY[3, 5]) GROUP BY 1;
SELECT pg_typeof(node), count(*) FROM pt_multi_source_bfs('numbers', ARRAY[3, 5]::smallint[]) GROUP BY 1;
SELECT pg_typeof(node), count(*) FROM pt_multi_source_bfs('numbers', '{3,5}') GROUP BY 1;
SELECT pg_typeof(node), count(*) FROM pt_multi_source_bfs('texts', ARRAY['3', '5']::varchar[]) GROUP BY 1;
SELECT pg_typeof(node), count(*) FROM pt_multi_source_bfs('ids', ARRAY[md5('3')::uuid]) GROUP BY 1;
PREPARE lists AS SELECT node FROM pt_multi_source_bfs('texts', $1, $2) ORDER BY node;
SELECT parameter_types FROM pg_prepared_statements WHERE name = 'lists';
EXECUTE lists ('{3,5}', 0);
SELECT o.* FROM unnest(ARRAY['''3''', '''{3,NULL}''', 'NULL', '''{}''', '''{{3},{5}}''', 'ARRAY[1.5]']) AS v,
	outcome(format('SELECT pt_multi_source_bfs(''texts'', %s)', v)) AS o;
-- NULL is the default graph here, too
SET parseltongue.graph = 'pt_surface.numbers';
SELECT count(*) FROM pt_bfs(NULL, 1);
SELECT count(*) FROM pt_multi_source_bfs(NULL, ARRAY[1, 2]);
RESET parseltongue.graph;

-- ---------------------------------------------------------------------------
-- Whom a call trusts.
-- ---------------------------------------------------------------------------
CREATE TABLE guesses (a text, b text, kind text, confidence numeric(3,2));
CREATE INDEX ON guesses USING adjacency (a, b, kind, confidence);
-- b and c by guesses, d by a fact and a longer way of facts, e as good as a fact
INSERT INTO guesses VALUES ('a', 'b', 'x (resolved)', 0.5), ('a', 'c', 'x (resolved)', 0.49), ('a', 'd', 'x (resolved)', 0.9), ('a', 'e', 'x', 1), ('e', 'f', 'x', NULL), ('f', 'd', 'x', NULL),
	('a', 'g', 'x (resolved)', NULL);
SHOW parseltongue.min_confidence;
SELECT * FROM pt_blast_radius('a', NULL, 'out', graph => 'guesses') ORDER BY distance, key;
SELECT * FROM pt_blast_radius('a', 1, 'out', graph => 'guesses') ORDER BY distance, key;
SELECT * FROM pt_blast_radius_summary('a', NULL, 'out', graph => 'guesses');
SELECT * FROM pt_bfs('guesses', 'a') ORDER BY distance, node;
SELECT * FROM pt_impact('{a,f}', NULL, 'out', graph => 'guesses') ORDER BY distance, key;
SELECT * FROM pt_tree('a', NULL, 'out', graph => 'guesses');
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT key, certain FROM pt_blast_radius('a', NULL, 'out', graph => 'guesses') ORDER BY distance, key;
COMMIT;
-- of a type: its guesses, too, but not a type of that name
SELECT to_key, edge_type, confidence FROM pt_callees('a', '{x}', graph => 'guesses') ORDER BY to_key;
SELECT to_key, edge_type, confidence FROM pt_callees('a', '{"x (resolved)"}', graph => 'guesses') ORDER BY to_key;
SELECT to_key, confidence FROM pt_subgraph('a', 1, 'out', graph => 'guesses') ORDER BY from_key, to_key;
SELECT to_key, confidence FROM pt_path('a', 'd', graph => 'guesses') ORDER BY step;
SELECT path, to_key, confidence FROM pt_paths('a', 'd', graph => 'guesses') ORDER BY path, step;
-- one that is as good as a fact is no guess of the type
INSERT INTO guesses VALUES ('a', 'h', 'x (resolved)', 1);
SELECT to_key, edge_type, confidence FROM pt_callees('a', '{x}', graph => 'guesses') ORDER BY to_key;
SELECT node FROM pt_bfs('guesses', 'a', edge_types => '{x}') ORDER BY node;
DELETE FROM guesses WHERE b = 'h';
-- certain is what the same call finds with facts only, also where it is cut
CREATE TABLE cut (a text, b text, kind text, confidence numeric(3,2));
CREATE INDEX ON cut USING adjacency (a, b, kind, confidence);
INSERT INTO cut SELECT x.* FROM generate_series(1, 4) AS i, LATERAL (VALUES ('s', 'x' || i, 'x'), ('x' || i, 'o' || i, 'x'), ('i' || i, 'x' || i, 'x')) AS x;
INSERT INTO cut VALUES ('s', 'g', 'x (resolved)', 0.9);
SET client_min_messages = error;
SELECT n, direction, f, node FROM generate_series(1, 15) AS n, unnest('{in,out,both}'::text[]) AS direction,
	LATERAL (SELECT 'pt_bfs', node, certain, node IN (SELECT f.node FROM pt_bfs('cut', 's', direction => direction, max_nodes => n, min_confidence => 1) AS f)
		FROM pt_bfs('cut', 's', direction => direction, max_nodes => n)
		UNION ALL
		SELECT 'pt_blast_radius', key, certain, key IN (SELECT f.key FROM pt_blast_radius('s', NULL, direction, max_nodes => n, min_confidence => 1, graph => 'cut') AS f)
		FROM pt_blast_radius('s', NULL, direction, max_nodes => n, graph => 'cut')
		UNION ALL
		SELECT 'pt_impact', key, certain, key IN (SELECT f.key FROM pt_impact('{s,x1}', NULL, direction, max_nodes => n, min_confidence => 1, graph => 'cut') AS f)
		FROM pt_impact('{s,x1}', NULL, direction, max_nodes => n, graph => 'cut')) AS c (f, node, certain, found)
WHERE certain <> found;
SET client_min_messages = warning;
-- the setting counts where a call says nothing, and nowhere else
SET parseltongue.min_confidence = 1;
SELECT string_agg(to_key, ' ' ORDER BY to_key) FROM pt_callees('a', graph => 'guesses');
SELECT string_agg(to_key, ' ' ORDER BY to_key) FROM pt_callees('a', min_confidence => 0.9, graph => 'guesses');
SET parseltongue.min_confidence = 0;
SELECT string_agg(to_key, ' ' ORDER BY to_key) FROM pt_callees('a', graph => 'guesses');
SELECT string_agg(to_key, ' ' ORDER BY to_key) FROM pt_callees('a', min_confidence => 1, graph => 'guesses');
SET parseltongue.min_confidence = 1.01;
SET parseltongue.min_confidence = -0.01;
SET parseltongue.min_confidence = 'NaN';
-- an index without such a column: the setting asks for nothing, a call does
SET parseltongue.min_confidence = 0.3;
SELECT count(*) FROM pt_blast_radius('4', graph => 'numbers');
SELECT o.* FROM unnest('{0,0.01,1}'::text[]) AS v, outcome(format('SELECT pt_blast_radius(''4'', graph => ''numbers'', min_confidence => %s)', v)) AS o;
RESET parseltongue.min_confidence;
-- hundredths that binary fractions miss; between two of them it is the upper one
CREATE TABLE hundredths (a integer, b integer, kind text, confidence numeric(3,2));
CREATE INDEX ON hundredths USING adjacency (a, b, kind, confidence);
INSERT INTO hundredths SELECT 0, i, NULL, i / 100.0 FROM generate_series(1, 100) AS i;
SELECT count(*) AS hundredths FROM generate_series(0, 100) AS i
WHERE (SELECT count(*) FROM pt_callees(0, min_confidence => (i / 100.0)::float8, graph => 'hundredths')) = 101 - greatest(i, 1);
SELECT i, (SELECT min(confidence) FROM pt_callees(0, min_confidence => i, graph => 'hundredths')) FROM unnest('{0.07,0.14,0.28,0.281,0.9900001}'::float8[]) AS i;
SELECT i, (SELECT min(confidence) FROM pt_callees(0, min_confidence => i, graph => 'hundredths')) FROM unnest('{0.07,0.28,1}'::numeric[]) AS i;
SELECT count(*) FROM pt_callees(0, min_confidence => 1, graph => 'hundredths');
-- the same for functions in SQL
SET parseltongue.min_confidence = 0.07;
SELECT _parseltongue.pt_trusted(NULL), _parseltongue.pt_trusted(0.28), _parseltongue.pt_trusted(0), _parseltongue.pt_trusted(1);
RESET parseltongue.min_confidence;
SELECT state, message FROM outcome('SELECT _parseltongue.pt_trusted(1.01)');
SELECT _parseltongue.pt_types('{Calls,"",x}'), _parseltongue.pt_types('{}'), _parseltongue.pt_types(NULL);
SELECT state, message FROM outcome($$SELECT _parseltongue.pt_types('{Calls,NULL}')$$);

-- ---------------------------------------------------------------------------
-- Functions that somebody has put beside these, and that fit integers better.
-- ---------------------------------------------------------------------------
BEGIN;
CREATE FUNCTION public.pt_callers(key text, min_confidence integer, missing_ok boolean, graph regclass) RETURNS TABLE (from_key text) LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
CREATE FUNCTION public.pt_multi_source_bfs(regclass, text[], integer) RETURNS TABLE (node text) LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
CREATE FUNCTION public.pt_blast_radius_count(key text, hops integer, direction text, edge_types text[], min_confidence float8, avoid text[] DEFAULT NULL, within text[] DEFAULT NULL, stop_at text[] DEFAULT NULL, max_nodes bigint DEFAULT NULL, missing_ok boolean DEFAULT NULL, graph regclass DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
SELECT pt_insert_edge('pt:a', 'pt:b'), pt_insert_entity('pt:b');
SELECT _parseltongue.pt_blast_radius_count('pt:b');
SELECT count(*) FROM pt_unreferenced(entry_points => '{pt:b}');
SELECT pt_delete_entity('pt:b', true);
SELECT count(*) FROM pt_edge WHERE to_key = 'pt:b';
ROLLBACK;

-- ---------------------------------------------------------------------------
-- An answer that was cut: a warning of a class of its own, everywhere.
-- ---------------------------------------------------------------------------
SET client_min_messages = warning;
\set VERBOSITY sqlstate
SELECT count(*) FROM pt_blast_radius(4, max_nodes => 1, graph => 'numbers');
SELECT count(*) FROM pt_bfs('numbers', 1, max_nodes => 1);
SELECT count(*) FROM pt_tree(4, max_nodes => 1, graph => 'numbers');
SELECT count(*), bool_and(truncated) FROM pt_subgraph(4, NULL, max_nodes => 3, graph => 'numbers');
SELECT count(*), bool_and(truncated) FROM pt_subgraph(4, NULL, max_edges => 1, graph => 'numbers');
\set VERBOSITY default
SELECT count(*) FROM pt_subgraph(4, NULL, max_edges => 1, graph => 'numbers');
SELECT * FROM pt_tree(4, max_nodes => 1, graph => 'numbers');
DROP SCHEMA pt_surface CASCADE;
