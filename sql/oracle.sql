--
-- Random graphs: the functions against recursive queries.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_oracle;
SET search_path = pt_oracle, public;
SET jit = off;				-- would compile for longer than it runs

-- differences(): each row is a difference to recursive queries
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/test/oracle.sql'
\set ECHO none
\i :oracle
\set ECHO all

-- A random graph over nodes 0 .. n-1: some edges to a few hubs, some local,
-- loops, parallel edges, half edges. node and label are expressions over an
-- integer.
CREATE FUNCTION random_graph(name text, seed double precision, nodes integer, edges integer, node_type text, node text, label_type text DEFAULT NULL, label text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	EXECUTE format('CREATE TABLE %I (id serial, a %s, b %s%s)', name, node_type, node_type, ', kind ' || label_type);
	EXECUTE format($query$
		INSERT INTO %I (a, b%s)
		SELECT CASE WHEN r3 < 0.98 THEN %s END, CASE WHEN r3 < 0.97 OR r3 > 0.99 THEN %s END%s
		FROM (SELECT i, floor(random() * %s)::integer AS x, random() AS r1, random() AS r2, random() AS r3, floor(random() * 4)::integer AS k
			  FROM generate_series(1, %s) i) r,
			 LATERAL (SELECT CASE WHEN r1 < 0.3 THEN floor(r2 * r2 * 4)::integer
								  WHEN r1 < 0.35 THEN x
								  WHEN r1 < 0.7 THEN (x + 1 + floor(r2 * 5)::integer) %% %s
								  ELSE floor(r2 * %s)::integer END AS y) t$query$,
		name, CASE WHEN label_type IS NOT NULL THEN ', kind' END,
		replace(node, '@', 'x'), replace(node, '@', 'y'), ', ' || replace(label, '@', 'k'), nodes, edges, nodes, nodes);
	EXECUTE format('INSERT INTO %I SELECT (e).* FROM (SELECT e FROM %I e WHERE id %% 17 = 0) s', name, name);
	EXECUTE format('CREATE INDEX ON %I USING adjacency (a, b%s)', name, CASE WHEN label_type IS NOT NULL THEN ', kind' END);
END $$;

SELECT random_graph('texts', 0.11, 45, 90, 'text', $$'src/file_' || @ % 7 || '.c:fn' || @$$, 'text', $$CASE WHEN @ < 3 THEN (ARRAY['Calls', 'Uses', 'Extends'])[@ + 1] END$$);
SELECT random_graph('bigints', 0.22, 60, 110, 'bigint', '@::bigint * 1000000007 - 5000000000', 'integer', 'nullif(@, 3)');
SELECT random_graph('uuids', 0.33, 40, 70, 'uuid', 'md5(@::text)::uuid', 'smallint', 'nullif(@, 3)::smallint');
SELECT random_graph('integers', 0.44, 50, 75, 'integer', '@ - 25');
SELECT random_graph('smallints', 0.55, 30, 60, 'smallint', '(@ * 1000 - 15000)::smallint', 'varchar(20)', $$'k' || nullif(@, 3)$$);
SELECT random_graph('varchars', 0.66, 40, 90, 'varchar', 'repeat(chr(97 + @ % 26), 1 + @ / 26)');
-- many parts, no cycle but loops; and one dense part
SELECT random_graph('sparse', 0.77, 300, 150, 'integer', '@');
SELECT random_graph('dense', 0.88, 12, 400, 'text', 'md5(@::text)', 'text', 'chr(97 + @)');

-- seed of the graph, seed of the starts
SELECT * FROM differences('texts', 1, '{0,1,2,3,12,NULL}', 'NULL {Calls} {Calls,Uses} {Extends} {none} {}');
SELECT * FROM differences('bigints', 2, '{0,1,2,4,12,NULL}', 'NULL {0} {0,1} {2} {9}');
SELECT * FROM differences('uuids', 3, '{1,2,3,12,NULL}', 'NULL {0} {1,2}');
SELECT * FROM differences('integers', 4, '{0,1,2,3,4,5,12,NULL}');
SELECT * FROM differences('smallints', 5, '{1,3,12,NULL}', 'NULL {k0} {k1,k2}');
SELECT * FROM differences('varchars', 6, '{1,3,12,NULL}');
SELECT * FROM differences('sparse', 7, '{1,3,12,NULL}', starts => 20);
SELECT * FROM differences('dense', 8, '{1,2,NULL}', 'NULL {a} {b,c}');
-- hubs as starts
SELECT count(*) AS wrong FROM (
	SELECT * FROM differences('bigints', 20) UNION ALL SELECT * FROM differences('bigints', 21) UNION ALL
	SELECT * FROM differences('texts', 22) UNION ALL SELECT * FROM differences('texts', 23)) d;
-- the same through the index's name, and the other way round through an index on (b, a)
CREATE TABLE turned AS SELECT a AS x, b AS y, kind FROM texts;
CREATE INDEX turned_adjacency ON turned USING adjacency (y, x, kind);
SELECT count(*) AS compared, count(*) FILTER (WHERE i IS DISTINCT FROM o) AS wrong
FROM (SELECT DISTINCT a FROM texts WHERE a IS NOT NULL AND b IS NOT NULL) s,
	LATERAL (SELECT array_agg((key, distance) ORDER BY distance, key) AS i FROM pt_blast_radius(a, NULL, graph => 'texts')) i,
	LATERAL (SELECT array_agg((key, distance) ORDER BY distance, key) AS o FROM pt_blast_radius(a, NULL, 'out', graph => 'turned_adjacency')) o;

-- The index and the table agree; so do the counts.
SELECT g, c.* FROM unnest(ARRAY['texts', 'bigints', 'uuids', 'integers', 'smallints', 'varchars', 'sparse', 'dense', 'turned']) g,
	LATERAL (SELECT index FROM pt_graph_status(g::regclass)) s, LATERAL pt_check_index(s.index) c;
SELECT s.nodes = (SELECT count(*) FROM (SELECT a FROM texts WHERE b IS NOT NULL UNION SELECT b FROM texts WHERE a IS NOT NULL) n WHERE a IS NOT NULL) AS nodes,
	   s.edges = (SELECT count(*) FROM texts WHERE a IS NOT NULL AND b IS NOT NULL) AS edges FROM pt_graph_status('texts') s;

-- max_nodes: that many of the nearest, at their distances.
CREATE FUNCTION cuts(graph regclass, start anyelement, direction text)
RETURNS TABLE (what text, k bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	total bigint;
	cut integer;
	same boolean;
BEGIN
	SET LOCAL client_min_messages = error;
	SELECT count(*) INTO total FROM pt_bfs(graph, start, NULL, direction);
	FOR cut IN 0 .. total + 1 LOOP
		RETURN QUERY
		WITH all_ AS (SELECT * FROM pt_bfs(graph, start, NULL, direction)),
			part AS (SELECT * FROM pt_bfs(graph, start, NULL, direction, max_nodes => cut)),
			near AS (SELECT * FROM pt_blast_radius(start::text, NULL, direction, max_nodes => cut, graph => graph)),
			counts AS (SELECT * FROM pt_blast_radius_summary(start::text, NULL, direction, max_nodes => cut, graph => graph))
		SELECT 'number', cut::bigint WHERE (SELECT count(*) FROM part) <> least(cut, total)
		UNION ALL
		SELECT 'number of entities', cut WHERE (SELECT count(*) FROM near) <> least(cut, total - 1)
		UNION ALL
		SELECT 'summary', cut WHERE (SELECT coalesce(sum(entities), 0) FROM counts) <> least(cut, total - 1)
		UNION ALL
		SELECT 'not in the whole', cut FROM part LEFT JOIN all_ USING (node, distance) WHERE all_.node IS NULL
		UNION ALL
		SELECT 'entity not in the whole', cut FROM near LEFT JOIN all_ ON node::text = key AND all_.distance = near.distance WHERE node IS NULL
		UNION ALL
		SELECT 'a nearer one left out', cut FROM all_ WHERE node NOT IN (SELECT node FROM part) AND distance < (SELECT max(distance) FROM part)
		UNION ALL
		SELECT 'a nearer entity left out', cut FROM all_ WHERE distance > 0 AND node::text NOT IN (SELECT key FROM near) AND distance < (SELECT max(distance) FROM near)
		UNION ALL
		SELECT 'parent', cut FROM part WHERE distance > 0 AND parent NOT IN (SELECT node FROM part);
	END LOOP;
END $$;
SELECT * FROM cuts('bigints', (SELECT b FROM bigints WHERE a IS NOT NULL GROUP BY b ORDER BY count(*) DESC, b LIMIT 1), 'both');
SELECT * FROM cuts('texts', (SELECT b FROM texts WHERE a IS NOT NULL GROUP BY b ORDER BY count(*) DESC, b COLLATE "C" LIMIT 1), 'in');
SELECT * FROM cuts('integers', (SELECT a FROM integers WHERE b IS NOT NULL GROUP BY a ORDER BY count(*) DESC, a LIMIT 1), 'out');

-- A larger one: 5,000 nodes, 25,000 edges.
SELECT random_graph('large', 0.99, 5000, 25000, 'integer', '@', 'text', 'chr(97 + @)');
SELECT * FROM differences('large', 9, '{2,NULL}', 'NULL {a,b}', starts => 2);
-- A few edges that its image lacks, among old nodes and to new ones, and some
-- that are gone: fewer than there are nodes in a wide level of a walk.
SELECT count(*) FROM pt_bfs('large', (SELECT a FROM large WHERE b IS NOT NULL ORDER BY a LIMIT 1));
INSERT INTO large (a, b, kind) SELECT floor(random() * 5000), floor(random() * 5000), chr(97 + i % 3) FROM generate_series(1, 20) i;
INSERT INTO large (a, b, kind) SELECT floor(random() * 5000), 5000 + i, chr(97 + i % 3) FROM generate_series(1, 40) i;
INSERT INTO large (a, b, kind) SELECT 5000 + i, 5000 + i * 7 % 40, chr(97 + i % 3) FROM generate_series(1, 40) i;
INSERT INTO large (a, b, kind) SELECT 5000 + i * 3, floor(random() * 5000), chr(97 + i % 3) FROM generate_series(1, 10) i;
DELETE FROM large WHERE a % 50 = 7 OR a > 5030 AND a < 5034;
SELECT overlay_edges FROM pt_graph_status('large');
SELECT * FROM differences('large', 10, '{2,NULL}', 'NULL {a,b}', starts => 2);
VACUUM large;
SELECT * FROM differences('large', 11, '{2,NULL}', 'NULL {a,b}', starts => 2);

DROP SCHEMA pt_oracle CASCADE;
