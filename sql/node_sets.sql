-- Where a walk may go: avoid, within and stop_at, against recursive queries that
-- have the same conditions, over graphs that are read in different ways.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA node_sets;
SET search_path = node_sets, public;
SET jit = off;

-- ---- an oracle ----

-- The edges of a relation as (u, v, l) in the direction of a walk.
CREATE FUNCTION edges_of(rel regclass, condition text, direction text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE direction
		WHEN 'out' THEN format('SELECT a::text AS u, b::text AS v, k::text AS l FROM %s AS e WHERE a IS NOT NULL AND b IS NOT NULL AND %s', rel, condition)
		WHEN 'in' THEN format('SELECT v AS u, u AS v, l FROM (%s) AS e', edges_of(rel, condition, 'out'))
		ELSE format('%s UNION ALL %s', edges_of(rel, condition, 'out'), edges_of(rel, condition, 'in')) END
$$;

CREATE FUNCTION may_enter(node text, avoid text[], within text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT (avoid IS NULL OR node <> ALL (avoid)) AND (within IS NULL OR node = ANY (within))
$$;

CREATE FUNCTION literal_or_null(value text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT format('%L::text[]', value)
$$;

-- One question to all functions; a row a difference. options: more arguments,
-- which mean the condition.
CREATE FUNCTION wrong(rel regclass, node_type text, starts text[], far text, direction text, hops text, avoid text[], within text[], stop_at text[], options text, condition text)
RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	start CONSTANT text := starts[1];
	sets CONSTANT text := format(', avoid => %s, within => %s, stop_at => %s', literal_or_null(avoid), literal_or_null(within), literal_or_null(stop_at));
	few CONSTANT text := format(', avoid => %s, within => %s', literal_or_null(avoid), literal_or_null(within));
	typed CONSTANT text := regexp_replace(sets, 'text\[\]', node_type || '[]', 'g');
	enter CONSTANT text := format('may_enter(e.v, %s, %s)', literal_or_null(avoid), literal_or_null(within));
	leave CONSTANT text := CASE WHEN stop_at IS NULL THEN 'true' ELSE format('r.node <> ALL (%L::text[])', stop_at) END;
	-- $1: starts
	oracle CONSTANT text := format('e AS MATERIALIZED (%s), r (node, d) AS (SELECT s, 0 FROM unnest($1) AS s
			UNION SELECT e.v, d + 1 FROM r JOIN e ON e.u = r.node WHERE d < %s AND (d = 0 OR %s) AND %s), o AS MATERIALIZED (SELECT node, min(d)::integer AS d FROM r GROUP BY node)',
		edges_of(rel, condition, direction), coalesce(hops, '60'), leave, enter);
	bounds CONSTANT text := format('%s, %L%s, missing_ok => true', coalesce(hops, 'NULL'), direction, options);
BEGIN
	-- walks: each node at its distance, under a parent that may be left
	RETURN QUERY EXECUTE format('WITH RECURSIVE %1$s, w (node, d, p) AS MATERIALIZED (SELECT node::text, distance, parent::text FROM pt_multi_source_bfs(%2$L, $1::%3$s[], %4$s%5$s))
		SELECT format(''bfs: %%s'', x) FROM ((SELECT node, d FROM o EXCEPT SELECT node, d FROM w) UNION ALL (SELECT node, d FROM w EXCEPT SELECT node, d FROM o)) AS x
		UNION ALL SELECT format(''parent: %%s'', w) FROM w WHERE d > 0 AND NOT EXISTS (SELECT FROM e JOIN w AS r ON r.node = e.u WHERE e.u = w.p AND e.v = w.node AND r.d = w.d - 1 AND (r.d = 0 OR %6$s))',
		oracle, rel, node_type, bounds, typed, leave) USING starts;
	RETURN QUERY EXECUTE format('WITH RECURSIVE %1$s, i AS MATERIALIZED (SELECT key, distance, nearest_key FROM pt_impact($1, %2$s%3$s, graph => %4$L))
		SELECT format(''impact: %%s'', x) FROM ((SELECT node, d FROM o WHERE d > 0 EXCEPT SELECT key, distance FROM i) UNION ALL (SELECT key, distance FROM i EXCEPT SELECT node, d FROM o)) AS x
		UNION ALL SELECT format(''nearest: %%s'', nearest_key) FROM i WHERE nearest_key <> ALL ($1)', oracle, bounds, sets, rel) USING starts;
	-- from one start
	RETURN QUERY EXECUTE format('WITH RECURSIVE %1$s, b AS MATERIALIZED (SELECT key, distance, certain FROM pt_blast_radius(%5$L::text, %2$s%3$s, graph => %4$L)),
			s AS MATERIALIZED (SELECT distance, entities, certain FROM pt_blast_radius_summary(%5$L::text, %2$s%3$s, graph => %4$L))
		SELECT format(''radius: %%s'', x) FROM ((SELECT node, d FROM o WHERE d > 0 EXCEPT SELECT key, distance FROM b) UNION ALL (SELECT key, distance FROM b EXCEPT SELECT node, d FROM o)) AS x
		UNION ALL SELECT format(''summary: %%s'', x) FROM ((SELECT d, count(*) FROM o WHERE d > 0 GROUP BY d EXCEPT SELECT distance, entities FROM s) UNION ALL (SELECT distance, entities FROM s EXCEPT SELECT d, count(*) FROM o GROUP BY d)) AS x
		UNION ALL SELECT ''certain'' WHERE (SELECT count(*) FILTER (WHERE certain) FROM b) <> (SELECT coalesce(sum(certain), 0) FROM s)
		UNION ALL SELECT format(''count: %%s'', n) FROM pt_blast_radius_count(%5$L::text, %2$s%3$s, graph => %4$L) AS n WHERE n <> (SELECT count(*) FROM o WHERE d > 0)
		UNION ALL SELECT format(''tree: %%s'', n) FROM (SELECT count(*) FROM pt_tree(%5$L::text, %2$s%3$s, graph => %4$L)) AS t (n) WHERE n <> (SELECT count(*) FROM o)',
		oracle, bounds, sets, rel, start) USING ARRAY[start];
	-- all edges among the nodes, stored as they are
	RETURN QUERY EXECUTE format('WITH RECURSIVE %1$s, f AS MATERIALIZED (%6$s), s AS MATERIALIZED (SELECT from_key, to_key, edge_type FROM pt_subgraph(%5$L::text, %2$s, max_nodes => NULL, max_edges => NULL%3$s, graph => %4$L) WHERE to_key IS NOT NULL)
		SELECT format(''subgraph: %%s'', x) FROM ((SELECT u, v, l FROM f WHERE u IN (SELECT node FROM o) AND v IN (SELECT node FROM o) EXCEPT ALL SELECT * FROM s)
			UNION ALL (SELECT * FROM s EXCEPT ALL SELECT u, v, l FROM f)) AS x', oracle, bounds, sets, rel, start, edges_of(rel, condition, 'out')) USING ARRAY[start];
	-- edges at the start, which is exempt
	RETURN QUERY EXECUTE format('WITH e AS MATERIALIZED (%1$s), c AS MATERIALIZED (SELECT from_key, to_key, edge_type FROM pt_callees(%2$L::text%3$s%4$s, missing_ok => true, graph => %5$L))
		SELECT format(''callees: %%s'', x) FROM ((SELECT u, v, l FROM e WHERE u = %2$L AND (v = u OR %6$s) EXCEPT ALL SELECT * FROM c) UNION ALL (SELECT * FROM c EXCEPT ALL SELECT u, v, l FROM e)) AS x',
		edges_of(rel, condition, 'out'), start, options, few, rel, enter);
	RETURN QUERY EXECUTE format('WITH e AS MATERIALIZED (%1$s), c AS MATERIALIZED (SELECT to_key, from_key, edge_type FROM pt_callers(%2$L::text%3$s%4$s, missing_ok => true, graph => %5$L))
		SELECT format(''callers: %%s'', x) FROM ((SELECT u, v, l FROM e WHERE u = %2$L AND (v = u OR %6$s) EXCEPT ALL SELECT * FROM c) UNION ALL (SELECT * FROM c EXCEPT ALL SELECT u, v, l FROM e)) AS x',
		edges_of(rel, condition, 'in'), start, options, few, rel, enter);
	-- one path: as long as the distance, along edges, through nodes that may be entered and left
	RETURN QUERY EXECUTE format('WITH RECURSIVE %1$s, p AS MATERIALIZED (SELECT *, CASE WHEN node = to_key AND (lag(node, 1, %5$L::text) OVER (ORDER BY step)) = from_key THEN from_key ELSE to_key END AS before
				FROM pt_path(%5$L::text, %6$L::text, %2$s%3$s, graph => %4$L))
		SELECT format(''path: %%s'', n) FROM (SELECT count(*) FROM p) AS t (n) WHERE n <> coalesce((SELECT d FROM o WHERE node = %6$L), 0)
		UNION ALL SELECT format(''path: %%s'', p) FROM p WHERE NOT EXISTS (SELECT FROM e WHERE u = before AND v = node AND l IS NOT DISTINCT FROM edge_type AND %7$s)
		UNION ALL SELECT format(''path: %%s'', r) FROM p AS r WHERE node <> %6$L AND NOT (%8$s)',
		oracle, bounds, sets, rel, start, far, enter, leave) USING ARRAY[start];
	-- all simple paths of a few edges
	RETURN QUERY EXECUTE format('WITH RECURSIVE e AS MATERIALIZED (SELECT DISTINCT u, v FROM (%1$s) AS e WHERE %7$s),
			r (nodes, node) AS (SELECT ARRAY[%5$L::text], %5$L::text UNION ALL SELECT nodes || v, v FROM r JOIN e ON e.u = r.node AND v <> ALL (nodes)
				WHERE cardinality(nodes) <= 3 AND node <> %6$L AND (cardinality(nodes) = 1 OR %8$s)),
			p (nodes) AS (SELECT %5$L::text || array_agg(node ORDER BY step) FROM pt_paths(%5$L::text, %6$L::text, NULL, 3, %2$L%9$s, missing_ok => true%3$s, graph => %4$L) GROUP BY path),
			o AS (SELECT nodes FROM r WHERE node = %6$L AND cardinality(nodes) > 1)
		SELECT format(''paths: %%s'', x) FROM ((SELECT nodes FROM o EXCEPT ALL SELECT nodes FROM p) UNION ALL (SELECT nodes FROM p EXCEPT ALL SELECT nodes FROM o)) AS x',
		edges_of(rel, condition, direction), direction, sets, rel, start, far, enter, leave, options);
END $$;

-- A set of some nodes, with doubles and keys that the graph does not have; NULL
-- as often as not, and empty now and then.
CREATE FUNCTION some_nodes(nodes text[], share float8, alien text) RETURNS text[] LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < 0.4 THEN NULL WHEN random() < 0.1 THEN '{}'
		ELSE ARRAY(SELECT n FROM unnest(nodes) AS n WHERE random() < share) || CASE WHEN random() < 0.5 THEN ARRAY[alien, nodes[1], nodes[1]] END END
$$;

-- That many questions about a relation, all from one seed.
CREATE FUNCTION ask(rel regclass, node_type text, seed float8, questions int, options text DEFAULT '', condition text DEFAULT 'true', hops text[] DEFAULT '{0,1,2,5,NULL}')
RETURNS TABLE (question int, difference text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	nodes text[];
	starts text[];
	far text;
	direction text;
	bound text;
	avoid text[];
	within text[];
	stop_at text[];
	alien CONSTANT text := CASE node_type WHEN 'bigint' THEN '987654321' WHEN 'uuid' THEN md5('')::uuid::text ELSE 'nowhere' END;
BEGIN
	EXECUTE format('SELECT array_agg(n ORDER BY n) FROM (SELECT a::text COLLATE "C" FROM %1$s WHERE b IS NOT NULL UNION SELECT b::text FROM %1$s WHERE a IS NOT NULL) AS s (n) WHERE n IS NOT NULL', rel) INTO nodes;
	PERFORM setseed(seed);
	FOR question IN 1 .. questions LOOP
		starts := ARRAY(SELECT DISTINCT nodes[1 + floor(random() * cardinality(nodes))::int] FROM generate_series(1, 3));
		far := nodes[1 + floor(random() * cardinality(nodes))::int];
		direction := (ARRAY['out', 'in', 'both'])[1 + question % 3];
		bound := hops[1 + question % cardinality(hops)];
		avoid := some_nodes(nodes, (ARRAY[0.02, 0.15, 0.4])[1 + floor(random() * 3)::int], alien);
		within := some_nodes(nodes, (ARRAY[0.3, 0.7, 0.95])[1 + floor(random() * 3)::int], alien);
		stop_at := some_nodes(nodes, (ARRAY[0.05, 0.2, 0.6])[1 + floor(random() * 3)::int], alien);
		-- starts in the sets
		IF random() < 0.3 THEN
			avoid := avoid || starts;
			stop_at := stop_at || starts;
		END IF;
		RETURN QUERY SELECT question, format('%s [%s to %s, %s, %s, avoid %s, within %s, stop_at %s]', w, starts, far, direction, bound, avoid, within, stop_at)
			FROM wrong(rel, node_type, starts, far, direction, bound, avoid, within, stop_at, options, condition) AS w;
	END LOOP;
END $$;

-- ---- graphs ----

SELECT setseed(0.31);
CREATE TABLE raw (id serial, a int, b int, k text, c numeric(3,2));
INSERT INTO raw (a, b, k, c)
SELECT floor(random() * 40), floor(random() * 40), (ARRAY['calls', 'uses', 'calls (resolved)'])[1 + i % 3], CASE i % 3 WHEN 2 THEN (ARRAY[0.3, 0.5, 0.8, 1.0])[1 + i % 4] END
FROM generate_series(1, 110) AS i;
INSERT INTO raw (a, b, k) VALUES (NULL, 3, 'calls'), (3, NULL, 'calls'), (7, 7, 'calls'), (3, 4, 'calls'), (3, 4, 'calls'), (1, 3, NULL);
CREATE TABLE texts AS SELECT 'n' || a AS a, 'n' || b AS b, k, c FROM raw;
CREATE INDEX ON texts USING adjacency (a, b, k, c);
CREATE TABLE bigints AS SELECT a::bigint AS a, b::bigint AS b, k FROM raw;
CREATE INDEX ON bigints USING adjacency (a, b, k);
CREATE TABLE uuids AS SELECT md5(a::text)::uuid AS a, md5(b::text)::uuid AS b, k FROM raw;
CREATE INDEX ON uuids USING adjacency (a, b, k);
CREATE VIEW viewed AS SELECT a, b, k, k AS label FROM texts WHERE a <> 'n5';
CREATE TABLE hashed (a text, b text, k text) PARTITION BY HASH (a);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON hashed USING adjacency (a, b, k);
INSERT INTO hashed SELECT a, b, k FROM texts;
CREATE TABLE secret AS SELECT a, b, k FROM texts;
CREATE INDEX ON secret USING adjacency (a, b, k);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON secret USING (b <> 'n11' AND a <> 'n3');
CREATE ROLE node_sets_reader;
GRANT USAGE ON SCHEMA node_sets TO node_sets_reader;
GRANT SELECT ON secret TO node_sets_reader;
ANALYZE;

SELECT * FROM ask('texts', 'text', 0.1, 30, ', min_confidence => 0');
SELECT * FROM ask('texts', 'text', 0.2, 15, ', edge_types => ''{calls}'', min_confidence => 0.5', '(k = ''calls'' OR k = ''calls (resolved)'' AND c < 1) AND coalesce(c, 1) >= 0.5');
SELECT * FROM ask('bigints', 'bigint', 0.3, 15);
SELECT * FROM ask('uuids', 'uuid', 0.4, 6);
SELECT * FROM ask('viewed', 'text', 0.5, 12);
SELECT * FROM ask('hashed', 'text', 0.6, 10);
SET ROLE node_sets_reader;
SELECT * FROM ask('secret', 'text', 0.7, 10);
RESET ROLE;
-- what needs no guess is what the same call lists that trusts none
SELECT count(*) AS wrong FROM generate_series(0, 39) AS n, LATERAL (
	SELECT FROM pt_bfs('texts', 'n' || n, NULL, 'both', min_confidence => 0, avoid => '{n1,n2,n3}', stop_at => '{n4,n5,n6,n7,n8}', missing_ok => true) AS w
		FULL JOIN pt_bfs('texts', 'n' || n, NULL, 'both', min_confidence => 1, avoid => '{n1,n2,n3}', stop_at => '{n4,n5,n6,n7,n8}', missing_ok => true) AS f USING (node)
	WHERE w.certain IS DISTINCT FROM (f.node IS NOT NULL)) AS d;
-- own writes, some of which the image lacks
BEGIN;
INSERT INTO texts SELECT 'n' || i, 'n' || i * 7 % 45, 'calls', NULL FROM generate_series(0, 44, 2) AS i;
DELETE FROM texts WHERE a IN ('n6', 'n9', 'n13');
SELECT * FROM ask('texts', 'text', 0.8, 12, ', min_confidence => 0');
ROLLBACK;
-- one that is read as a whole, and as an image
CREATE TABLE large AS SELECT floor(random() * 5000)::bigint AS a, floor(random() * 5000)::bigint AS b, 'x'::text AS k FROM generate_series(1, 20000);
CREATE VIEW large_view AS SELECT a, b, k FROM large;
CREATE INDEX ON large USING adjacency (a, b, k);
ANALYZE large;
SELECT d.* FROM (VALUES ('large'::regclass, 0.9), ('large_view', 0.9)) AS r (rel, seed), LATERAL (
	SELECT setseed(seed)) AS s, LATERAL (
	SELECT array_agg(n) FILTER (WHERE random() < 0.3) AS avoid, array_agg(n) FILTER (WHERE random() < 0.8) AS within, array_agg(n) FILTER (WHERE random() < 0.2) AS stop_at
	FROM generate_series(0, 5010) AS n) AS n, LATERAL (
	WITH RECURSIVE o (node, d) AS (SELECT a, 0 FROM large WHERE a = 17 UNION SELECT b, d + 1 FROM o JOIN large ON a = node
		WHERE d < 7 AND (d = 0 OR node <> ALL (stop_at)) AND b <> ALL (avoid) AND b = ANY (within)), w AS (
		SELECT node, distance FROM pt_bfs(rel, 17, 7, avoid => avoid, within => within, stop_at => stop_at))
	SELECT 'distance', node::text FROM ((SELECT node, min(d) FROM o GROUP BY node EXCEPT SELECT * FROM w) UNION ALL (SELECT * FROM w EXCEPT SELECT node, min(d) FROM o GROUP BY node)) AS x (node)
	UNION ALL SELECT 'count', n::text FROM pt_blast_radius_count(17, 7, 'out', avoid => avoid::text[], within => within::text[], stop_at => stop_at::text[], graph => rel) AS n
	WHERE n <> (SELECT count(DISTINCT node) - 1 FROM o)) AS d;
-- whatever is cut is not what may not be entered
SET client_min_messages = error;
SELECT cut FROM generate_series(0, 12) AS cut, LATERAL (SELECT count(*) AS n FROM pt_bfs('bigints', 1, NULL, avoid => '{2,3,4,5}', stop_at => '{8,9}')) AS a, LATERAL (
	SELECT count(*) AS n FROM pt_bfs('bigints', 1, NULL, avoid => '{2,3,4,5}', stop_at => '{8,9}', max_nodes => cut) WHERE node NOT IN (2, 3, 4, 5)) AS p
WHERE p.n <> least(cut, a.n) ORDER BY cut;
SET client_min_messages = warning;

-- ---- what is what ----

CREATE TABLE small (source text, target text);
INSERT INTO small VALUES ('main', 'parse'), ('parse', 'read'), ('read', 'close'), ('test', 'parse'), ('test', 'read'), ('parse', 'parse'), ('close', 'main');
CREATE INDEX ON small USING adjacency (source, target);
SET parseltongue.graph = 'node_sets.small';
SELECT key, distance FROM pt_blast_radius('close', avoid => '{test}');
SELECT key, distance FROM pt_blast_radius('close', stop_at => '{parse}') ORDER BY distance, key;
SELECT key, distance FROM pt_blast_radius('close', within => '{read,test}');
SELECT * FROM pt_tree('close', avoid => '{parse}');
-- starts are exempt: they are listed and left, an end of a path that may not be entered is not reached
SELECT node, distance FROM pt_bfs(NULL, 'main', avoid => '{main,close}', stop_at => '{main}') ORDER BY distance;
SELECT node FROM pt_bfs(NULL, 'main', within => '{}');
SELECT node FROM pt_path('main', 'read', avoid => '{main}', stop_at => '{main,read}') ORDER BY step;
SELECT count(*) FROM pt_path('main', 'read', avoid => '{read}');
SELECT count(*) FROM pt_path('main', 'read', within => '{parse}');
SELECT count(*) FROM pt_path('main', 'read', stop_at => '{parse}');
SELECT count(*) FROM pt_paths('main', 'read', avoid => '{read}');
-- edges at a key: a loop leads to the start
SELECT from_key, to_key FROM pt_callers('parse', avoid => '{test}') ORDER BY from_key;
SELECT from_key, to_key FROM pt_callers('parse', within => '{}') ORDER BY from_key;
-- all edges among the nodes, also those that leave one where the walk stopped
SELECT from_key, to_key FROM pt_subgraph('main', NULL, 'out', stop_at => '{close}', avoid => '{read}') ORDER BY 1, 2;
SELECT from_key, to_key, truncated FROM pt_subgraph('main', within => '{}');
-- keys that do not exist, duplicates, NULL
SELECT key FROM pt_blast_radius('close', 1, avoid => '{nowhere,read,read}');
SELECT count(*) FROM pt_blast_radius('close', avoid => NULL, within => NULL, stop_at => NULL);
SELECT key FROM pt_blast_radius('close', avoid => ARRAY['test', NULL]);
\echo :LAST_ERROR_SQLSTATE
SELECT key FROM pt_blast_radius('close', within => '{NULL}', missing_ok => true);
SELECT node FROM pt_bfs('bigints', 1, stop_at => ARRAY[NULL]::bigint[]);
-- the type of nodes, as a start's
SELECT pg_typeof(node), count(*) FROM pt_bfs('bigints', 1, 1, avoid => ARRAY[2, 3]) GROUP BY 1;
SELECT count(*) FROM pt_bfs('bigints', '1', 1, avoid => '{2,3}');
SELECT count(*) FROM pt_bfs('bigints', '1', 1, avoid => '{two}');
SELECT count(*) FROM pt_multi_source_bfs('bigints', '{1,2}', 1, avoid => '{3}');
SELECT count(*) = 1 AS alone FROM pt_bfs('uuids', md5('3')::uuid, within => ARRAY[]::uuid[]);
\set VERBOSITY terse
SELECT pt_bfs('bigints', 1, avoid => ARRAY['1'::text]);
\set VERBOSITY default
-- more nodes are met than the walk had bits for when it was bound
CREATE VIEW wide AS SELECT 1 AS source, i AS target FROM generate_series(2, 100000) AS i;
SELECT pt_blast_radius_count(1, 1, 'out', within => '{2,3,100000}', graph => 'wide'), (SELECT count(*) FROM pt_path(1, 100000, within => '{2,100000}', graph => 'wide'));
-- many of them, in a setting that has little memory
SELECT count(*) FROM pt_bfs('bigints', 1, 2, avoid => ARRAY(SELECT i FROM generate_series(100000, 200000) AS i));
SELECT pt_blast_radius_count('close', avoid => ARRAY(SELECT 'key ' || i FROM generate_series(1, 100000) AS i));
SET parseltongue.local_image_memory = '64kB';
\set VERBOSITY terse
SELECT count(*) FROM pt_bfs('viewed', 'n1', avoid => ARRAY(SELECT 'key ' || i FROM generate_series(1, 10000) AS i));
RESET parseltongue.local_image_memory;
-- the next walk is not bound by the last one's sets, nor by one that failed
SELECT count(*) FROM pt_bfs(NULL, 'main');
SELECT pt_blast_radius_count('close', NULL, within => '{read}'), pt_blast_radius_count('close', NULL);

SET client_min_messages = error;
DROP SCHEMA node_sets CASCADE;
DROP ROLE node_sets_reader;
