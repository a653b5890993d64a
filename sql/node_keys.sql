--
-- Keys that the image remembers: which node a row names must be what the table
-- says, whoever asked before, however long the keys are, before and after the
-- image is caught up, merged and built anew.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_node_keys;
SET search_path = pt_node_keys, public;
SET jit = off;				-- would compile for longer than it runs

-- What the functions that name nodes get wrong, from a start; nothing if they are right.
CREATE FUNCTION wrong(graph regclass, start text) RETURNS TABLE (what text, node text, distance integer)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($query$
		WITH RECURSIVE arcs AS MATERIALIZED (SELECT a::text AS s, b::text AS d FROM %1$s),
		walk (node, distance) AS (
			SELECT %2$L, 0 UNION SELECT arcs.d, distance + 1 FROM walk JOIN arcs ON arcs.s = walk.node WHERE distance < 4
		), expected AS MATERIALIZED (
			SELECT node, min(distance) AS distance FROM walk GROUP BY 1
		), radius AS MATERIALIZED (SELECT * FROM pt_blast_radius(%2$L, 4, 'out', graph => %1$L)),
		impact AS MATERIALIZED (SELECT * FROM pt_impact(ARRAY[%2$L], 4, 'out', graph => %1$L)),
		bfs AS MATERIALIZED (SELECT * FROM pt_bfs(%1$L, %2$L::text, 4))
		(SELECT 'pt_blast_radius', * FROM (SELECT key, distance FROM radius EXCEPT ALL SELECT * FROM expected WHERE distance > 0) x)
		UNION ALL
		(SELECT 'pt_blast_radius lacks', * FROM (SELECT * FROM expected WHERE distance > 0 EXCEPT ALL SELECT key, distance FROM radius) x)
		UNION ALL
		(SELECT 'pt_impact', * FROM (SELECT key, distance FROM impact EXCEPT ALL SELECT * FROM expected WHERE distance > 0) x)
		UNION ALL
		(SELECT 'pt_impact lacks', * FROM (SELECT * FROM expected WHERE distance > 0 EXCEPT ALL SELECT key, distance FROM impact) x)
		UNION ALL
		(SELECT 'pt_bfs', * FROM (SELECT node, distance FROM bfs EXCEPT ALL SELECT * FROM expected) x)
		UNION ALL
		(SELECT 'pt_bfs lacks', * FROM (SELECT * FROM expected EXCEPT ALL SELECT node, distance FROM bfs) x)
		UNION ALL
		SELECT 'parent', node, distance FROM bfs c
		WHERE distance > 0 AND NOT EXISTS (SELECT FROM bfs p JOIN arcs ON s = p.node WHERE p.node = c.parent AND p.distance = c.distance - 1 AND d = c.node)
		UNION ALL
		SELECT 'nothing compared', NULL, NULL WHERE (SELECT count(*) FROM expected) < 20$query$,
		graph, start);
END $$;

-- 1,000 nodes and 3,000 edges, i -> 3i, 3i + 1, 3i + 2 modulo the number of nodes
CREATE FUNCTION fill(graph regclass, node text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s SELECT %s, %s FROM generate_series(0, 999) i, generate_series(0, 2) j',
		graph, replace(node, '@', 'i'), replace(node, '@', '((3 * i + j) % 1000)'));
END $$;

-- keys that fit the room there is, that do not, and of all lengths, beyond those
-- that have a short header, too
CREATE TABLE short (a text NOT NULL, b text NOT NULL);
CREATE TABLE long (a text NOT NULL, b text NOT NULL);
CREATE TABLE mixed (a varchar NOT NULL, b varchar NOT NULL);
CREATE TABLE uuids (a uuid NOT NULL, b uuid NOT NULL);
SELECT fill('short', $$'n' || @$$),
	fill('long', $$'n' || @ || repeat('-', 2000)$$),
	fill('mixed', $$'ñ' || @ || repeat('x', @ * 7 % 400)$$),
	fill('uuids', $$md5((@)::text)::uuid$$);
CREATE INDEX ON short USING adjacency (a, b);
CREATE INDEX ON long USING adjacency (a, b);
CREATE INDEX ON mixed USING adjacency (a, b);
CREATE INDEX ON uuids USING adjacency (a, b);

-- nobody has asked; somebody has; another session has
SELECT * FROM wrong('short', 'n0');
SELECT * FROM wrong('long', 'n0' || repeat('-', 2000));
SELECT * FROM wrong('mixed', 'ñ0');
SELECT * FROM wrong('uuids', md5('0')::uuid::text);
SELECT * FROM wrong('short', 'n0');
SELECT * FROM wrong('long', 'n0' || repeat('-', 2000));
SELECT * FROM wrong('mixed', 'ñ0');
SELECT * FROM wrong('uuids', md5('0')::uuid::text);
\c -
SET search_path = pt_node_keys, public;
SET client_min_messages = warning;
SET jit = off;
SELECT * FROM wrong('short', 'n0');
SELECT * FROM wrong('long', 'n0' || repeat('-', 2000));
SELECT * FROM wrong('mixed', 'ñ0');
SELECT * FROM wrong('uuids', md5('0')::uuid::text);

-- Integers of two widths, some of which only the wider one has.
CREATE TABLE widths (a integer, b bigint);
CREATE TABLE narrow (a bigint, b smallint);
SELECT fill('widths', '@ - 500'), fill('narrow', '@ - 500');
CREATE INDEX widths_adjacency ON widths USING adjacency (a, b);
CREATE INDEX narrow_adjacency ON narrow USING adjacency (a, b);
INSERT INTO widths VALUES (-500, 5000000000), (7, NULL), (NULL, 7), (-500, -500);
INSERT INTO narrow VALUES (5000000000, -500), (NULL, 7), (7, NULL);
SELECT * FROM wrong('widths', '-500');
SELECT * FROM wrong('narrow', '-500');
SELECT from_key, to_key FROM pt_callers(5000000000, graph => 'widths');
SELECT node, pg_typeof(node) FROM pt_bfs('narrow', 5000000000, 1) ORDER BY distance;
SELECT count(*) FROM pt_check_index('widths_adjacency') UNION ALL SELECT count(*) FROM pt_check_index('narrow_adjacency');
CREATE FUNCTION rows_found(OUT rows text, OUT scanned boolean) LANGUAGE plpgsql AS $$
DECLARE
	query CONSTANT text := 'SELECT a, b FROM widths WHERE a = -500 UNION ALL SELECT a, b FROM widths WHERE b = 5000000000 UNION ALL SELECT b, a FROM narrow WHERE b = -500::bigint UNION ALL SELECT a, b FROM narrow WHERE a = ANY (ARRAY[5000000000, 1])';
	line text;
BEGIN
	scanned := true;
	FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
		scanned := scanned AND line !~ 'Seq Scan';
	END LOOP;
	EXECUTE 'SELECT string_agg(x::text, '' '' ORDER BY x) FROM (' || query || ') AS x' INTO rows;
END $$;
SET enable_seqscan = off;
CREATE TEMP TABLE found AS SELECT * FROM rows_found();
RESET enable_seqscan;
SET enable_bitmapscan = off;
SELECT f.scanned, f.rows = r.rows AS same, length(r.rows) > 80 AS some FROM found AS f, rows_found() AS r;
RESET enable_bitmapscan;

-- The second time no row is fetched. The graph is so dense that the widest level
-- of a walk is found backwards.
CREATE FUNCTION blocks_hit(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ' || query INTO plan;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint;
END $$;
CREATE TABLE dense (a text NOT NULL, b text NOT NULL);
INSERT INTO dense SELECT 'node ' || i, 'node ' || (i * i + j * j * 7 + 1) % 1999 FROM generate_series(0, 1998) i, generate_series(0, 9) j;
CREATE INDEX dense_adjacency ON dense USING adjacency (a, b);
VACUUM dense;
SELECT blocks_hit($$SELECT key FROM pt_blast_radius('node 3', NULL, 'out', graph => 'dense')$$) > 900 AS fetched;
SELECT blocks_hit($$SELECT key FROM pt_blast_radius('node 3', NULL, 'out', graph => 'dense')$$) < 200 AS remembered;
CREATE FUNCTION same(direction text) RETURNS boolean LANGUAGE sql AS $$
	WITH RECURSIVE arcs AS MATERIALIZED (
		SELECT a AS s, b AS d FROM dense WHERE direction <> 'in' UNION ALL SELECT b, a FROM dense WHERE direction <> 'out'
	), walk (n) AS (
		SELECT 'node 3' UNION SELECT arcs.d FROM walk JOIN arcs ON arcs.s = walk.n
	)
	SELECT count(*) > 900 AND array_agg(n ORDER BY n) = (SELECT array_agg(key ORDER BY key) FROM pt_blast_radius('node 3', NULL, direction, graph => 'dense'))
	FROM walk WHERE n <> 'node 3' $$;
REINDEX INDEX dense_adjacency;
SELECT same('out');
REINDEX INDEX dense_adjacency;
SELECT same('in'), same('both');
REINDEX INDEX dense_adjacency;
SELECT same('both');

-- The rows that taught the keys go, others come in their place, with new nodes.
DELETE FROM mixed WHERE length(a) % 3 = 0;
VACUUM mixed;
INSERT INTO mixed SELECT 'ñ' || i || repeat('x', i * 7 % 400), 'new' || i % 50 FROM generate_series(0, 999) i;
SELECT * FROM wrong('mixed', 'ñ0');
SELECT * FROM wrong('mixed', 'ñ0');
DELETE FROM mixed WHERE b LIKE 'new%' AND length(a) % 2 = 0;
VACUUM mixed;
SELECT * FROM wrong('mixed', 'ñ0');

-- Enough new edges that a new base is merged, which takes the keys along; twice.
INSERT INTO mixed SELECT 'ñ' || i % 1000 || repeat('x', i % 1000 * 7 % 400), 'more' || i FROM generate_series(1, 26000) i;
SELECT * FROM wrong('mixed', 'ñ1xxxxxxx');
SELECT pt_prewarm('mixed') IS NOT NULL AS prewarmed, (SELECT overlay_edges FROM pt_graph_status('mixed'));
SELECT * FROM wrong('mixed', 'ñ1xxxxxxx');
INSERT INTO mixed SELECT 'more' || i, 'ñ' || i % 1000 || repeat('x', i % 1000 * 7 % 400) FROM generate_series(1, 30000) i;
SELECT * FROM wrong('mixed', 'ñ1xxxxxxx');
SELECT pt_prewarm('mixed') IS NOT NULL AS prewarmed, (SELECT overlay_edges FROM pt_graph_status('mixed'));
SELECT * FROM wrong('mixed', 'more1');

-- Another hash seed, so other nodes at the same numbers.
REINDEX TABLE mixed;
SELECT * FROM wrong('mixed', 'ñ1xxxxxxx');
TRUNCATE short;
INSERT INTO short SELECT 'm' || i, 'm' || (3 * i + j) % 1000 FROM generate_series(0, 999) i, generate_series(0, 2) j;
SELECT * FROM wrong('short', 'm0');

-- Room only where it does not crowd out others: the same answers without.
SET parseltongue.local_image_memory = '320kB';
CREATE TEMP TABLE cramped (a text NOT NULL, b text NOT NULL);
SELECT fill('cramped', $$'n' || @$$);
CREATE INDEX ON cramped USING adjacency (a, b);
SELECT * FROM wrong('cramped', 'n0');
SELECT * FROM wrong('cramped', 'n0');
RESET parseltongue.local_image_memory;

DROP SCHEMA pt_node_keys CASCADE;
