-- Graphs that are relations of any kind: each answer is compared with that of a
-- recursive query over the same relation, as the same user.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA relation;
SET search_path = relation, public;
SET datestyle = ISO;

-- ---- an oracle ----

-- The walks of pt_bfs and its like, in all directions and several bounds; a row a
-- difference. types and trust: as arguments; condition: what they mean in SQL.
CREATE FUNCTION wrong_walks(rel regclass, u text, v text, start text, options text DEFAULT '', condition text DEFAULT 'true', node_type text DEFAULT 'text')
RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	edges text;
	direction text;
	hops text;
	oracle text;
BEGIN
	FOREACH direction IN ARRAY '{out,in,both}'::text[] LOOP
		FOREACH hops IN ARRAY '{0,1,3,40}'::text[] LOOP
			edges := format('SELECT %s AS u, %s AS v FROM %s AS e WHERE %1$s IS NOT NULL AND %2$s IS NOT NULL AND %4$s', u, v, rel, condition);
			IF direction = 'in' THEN
				edges := format('SELECT v AS u, u AS v FROM (%s) AS e', edges);
			ELSIF direction = 'both' THEN
				edges := format('WITH e AS (%s) SELECT u, v FROM e UNION ALL SELECT v, u FROM e', edges);
			END IF;
			oracle := format('WITH RECURSIVE e AS MATERIALIZED (%s), r (node, d) AS (SELECT %L::%s, 0 UNION SELECT e.v, d + 1 FROM r JOIN e ON e.u = r.node WHERE d < %s)
				SELECT node::text, min(d)::integer FROM r GROUP BY node', edges, start, node_type, hops);
			RETURN QUERY EXECUTE format(
				'WITH o (node, d) AS MATERIALIZED (%1$s), w (node, d, p) AS MATERIALIZED (SELECT node, distance, parent FROM pt_bfs(%2$L, %3$L::text, %4$s, %5$L%6$s)),
					e AS MATERIALIZED (%7$s)
				 (SELECT format(''%5$s, %4$s, missing: %%s'', x) FROM (SELECT node, d FROM o EXCEPT SELECT node, d FROM w) AS x
				  UNION ALL SELECT format(''%5$s, %4$s, invented: %%s'', x) FROM (SELECT node, d FROM w EXCEPT SELECT node, d FROM o) AS x
				  UNION ALL SELECT format(''%5$s, %4$s, twice: %%s'', node) FROM w GROUP BY node HAVING count(*) > 1
				  UNION ALL SELECT format(''%5$s, %4$s, no such edge: %%s, %%s'', p, node) FROM w WHERE d > 0 AND NOT EXISTS (SELECT FROM e WHERE e.u::text = p AND e.v::text = node))',
				oracle, rel, start, hops, direction, options, edges);
			RETURN QUERY EXECUTE format(
				'WITH o (node, d) AS MATERIALIZED (%1$s)
				 (SELECT format(''%4$s, %3$s, radius: %%s'', x) FROM ((SELECT node, d FROM o WHERE d > 0 EXCEPT SELECT key, distance FROM pt_blast_radius(%2$L::text, %3$s, %4$L%5$s, graph => %6$L))
						UNION ALL (SELECT key, distance FROM pt_blast_radius(%2$L::text, %3$s, %4$L%5$s, graph => %6$L) EXCEPT SELECT node, d FROM o)) AS x
				  UNION ALL SELECT format(''%4$s, %3$s, count: %%s'', n) FROM pt_blast_radius_count(%2$L::text, %3$s, %4$L%5$s, graph => %6$L) AS n WHERE n <> (SELECT count(*) FROM o WHERE d > 0)
				  UNION ALL SELECT format(''%4$s, %3$s, summary: %%s'', x) FROM ((SELECT d, count(*) FROM o WHERE d > 0 GROUP BY d
						EXCEPT SELECT distance, entities FROM pt_blast_radius_summary(%2$L::text, %3$s, %4$L%5$s, graph => %6$L))) AS x
				  UNION ALL SELECT format(''%4$s, %3$s, impact: %%s'', x) FROM ((SELECT node, d FROM o WHERE d > 0 EXCEPT SELECT key, distance FROM pt_impact(ARRAY[%2$L], %3$s, %4$L%5$s, graph => %6$L))) AS x
				  UNION ALL SELECT format(''%4$s, %3$s, tree: %%s'', n) FROM (SELECT count(*) FROM pt_tree(%2$L::text, %3$s, %4$L%5$s, graph => %6$L)) AS t (n) WHERE n <> (SELECT count(*) FROM o))',
				oracle, start, hops, direction, options, rel);
		END LOOP;
	END LOOP;
END $$;

-- Rows of edges: callers, callees, subgraph and a path, each as a multiset.
CREATE FUNCTION wrong_edges(rel regclass, u text, v text, label text, start text, far text, options text DEFAULT '', condition text DEFAULT 'true', node_type text DEFAULT 'text')
RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	edges text := format('SELECT (%s)::text AS u, (%s)::text AS v, (%s)::text AS l FROM %s AS e WHERE %1$s IS NOT NULL AND %2$s IS NOT NULL AND %5$s', u, v, label, rel, condition);
	reach text := format('WITH RECURSIVE e AS MATERIALIZED (%s), r (node, d) AS (SELECT %L::text, 0 UNION SELECT e.v, d + 1 FROM r JOIN e ON e.u = r.node WHERE d < 40)
		SELECT node, min(d)::integer AS d FROM r GROUP BY node', edges, start);
	places text[] := '{callees,callers}';
	place text;
BEGIN
	FOREACH place IN ARRAY places LOOP
		RETURN QUERY EXECUTE format('SELECT format(''%1$s: %%s'', x) FROM (
				(SELECT u, v, l FROM (%2$s) AS e WHERE %3$s = %4$L EXCEPT ALL SELECT from_key, to_key, edge_type FROM pt_%1$s(%4$L::text%5$s, graph => %6$L))
				UNION ALL (SELECT from_key, to_key, edge_type FROM pt_%1$s(%4$L::text%5$s, graph => %6$L) EXCEPT ALL SELECT u, v, l FROM (%2$s) AS e WHERE %3$s = %4$L)) AS x',
			place, edges, CASE place WHEN 'callees' THEN 'u' ELSE 'v' END, start, options, rel);
	END LOOP;
	RETURN QUERY EXECUTE format('WITH o AS MATERIALIZED (%s), e AS MATERIALIZED (%s), s AS MATERIALIZED (SELECT from_key, to_key, edge_type FROM pt_subgraph(%L::text, NULL, ''out''%s, graph => %L) WHERE to_key IS NOT NULL)
		SELECT format(''subgraph: %%s'', x) FROM ((SELECT u, v, l FROM e WHERE u IN (SELECT node FROM o) AND v IN (SELECT node FROM o) EXCEPT ALL SELECT * FROM s)
			UNION ALL (SELECT * FROM s EXCEPT ALL SELECT u, v, l FROM e)) AS x', reach, edges, start, options, rel);
	RETURN QUERY EXECUTE format('WITH o AS MATERIALIZED (%s), e AS MATERIALIZED (%s), p AS MATERIALIZED (SELECT * FROM pt_path(%L::text, %L::text, NULL, ''out''%s, graph => %L))
		SELECT format(''path: %%s'', x) FROM (
			SELECT count(*)::text FROM p HAVING count(*) <> coalesce((SELECT d FROM o WHERE node = %4$L), 0)
			UNION ALL SELECT p::text FROM p WHERE NOT EXISTS (SELECT FROM e WHERE u = from_key AND v = to_key AND l IS NOT DISTINCT FROM edge_type)
			UNION ALL SELECT a::text FROM p AS a JOIN p AS b ON b.step = a.step + 1 WHERE a.to_key <> b.from_key) AS t (x)', reach, edges, start, far, options, rel);
	-- all simple paths of at most four edges, of which the function gives each pair of nodes once
	RETURN QUERY EXECUTE format('WITH RECURSIVE e AS MATERIALIZED (SELECT DISTINCT u, v FROM (%s) AS x), r (nodes) AS (SELECT ARRAY[%L::text] UNION ALL SELECT nodes || v FROM r JOIN e ON e.u = nodes[cardinality(nodes)] AND v <> ALL (nodes) WHERE cardinality(nodes) <= 4 AND nodes[cardinality(nodes)] <> %L),
			p (nodes) AS (SELECT array_agg(from_key ORDER BY step) || %3$L::text FROM pt_paths(%2$L::text, %3$L::text, NULL, 4, ''out''%4$s, graph => %5$L) GROUP BY path),
			o AS (SELECT nodes FROM r WHERE nodes[cardinality(nodes)] = %3$L AND cardinality(nodes) > 1)
		SELECT format(''paths: %%s'', x) FROM ((SELECT nodes FROM o EXCEPT ALL SELECT nodes FROM p) UNION ALL (SELECT nodes FROM p EXCEPT ALL SELECT nodes FROM o)) AS x', edges, start, far, options, rel);
END $$;

CREATE FUNCTION wrong(rel regclass, u text, v text, label text, start text, far text, options text DEFAULT '', condition text DEFAULT 'true', node_type text DEFAULT 'text')
RETURNS TABLE (what text) LANGUAGE sql STABLE AS $$
	SELECT * FROM wrong_walks(rel, u, v, start, options, condition, node_type)
	UNION ALL SELECT * FROM wrong_edges(rel, u, v, label, start, far, options, condition, node_type)
$$;

-- ---- relations ----

SELECT setseed(0.14);
CREATE TABLE raw (id serial, a int, b int, k text, c numeric(3,2), day date);
INSERT INTO raw (a, b, k, c, day)
SELECT (random() * 40)::int, (random() * 40)::int, (ARRAY['calls', 'uses', 'calls (resolved)'])[1 + i % 3],
	CASE i % 3 WHEN 2 THEN (ARRAY[0.3, 0.5, 0.8, 1.0])[1 + i % 4] END, date '2026-01-01' + i
FROM generate_series(1, 90) AS i;
INSERT INTO raw (a, b, k) VALUES (NULL, 3, 'calls'), (3, NULL, 'calls'), (7, 7, 'calls'), (3, 4, 'calls'), (3, 4, 'calls'), (1, 3, NULL);
CREATE TABLE banned (node int);
INSERT INTO banned VALUES (11), (17), (23);

-- none of these may have an edge that the others lack
CREATE VIEW v_filter AS SELECT a AS source, b AS target, k AS label FROM raw WHERE a <> 5;
CREATE VIEW v_join AS SELECT a AS source, b AS target, k AS label FROM raw JOIN (SELECT node FROM generate_series(0, 40) AS node EXCEPT SELECT node FROM banned) AS n ON n.node = raw.b WHERE EXISTS (SELECT FROM raw AS r WHERE r.b = raw.a);
CREATE VIEW v_now AS SELECT a AS source, b AS target, k AS label FROM raw WHERE coalesce(day, date '2026-01-01') < now();
CREATE VIEW v_union AS SELECT a AS from_key, b AS to_key, k AS edge_type FROM raw WHERE id % 2 = 0 UNION ALL SELECT b, a, 'back' FROM raw WHERE id % 5 = 0;
CREATE VIEW v_aggregate AS SELECT a AS source, b AS target, max(k) AS label FROM raw GROUP BY a, b HAVING count(*) > 0;
CREATE VIEW v_barrier WITH (security_barrier) AS SELECT a AS source, b AS target, k AS label FROM raw WHERE b <> 9;
CREATE VIEW v_short AS SELECT a, b, k AS label FROM raw;
CREATE VIEW v_limit AS SELECT a, b FROM raw ORDER BY id LIMIT 50;
CREATE MATERIALIZED VIEW m_plain AS SELECT a, b, k AS label FROM raw;
CREATE TABLE plain AS SELECT a, b, k AS label FROM raw;
CREATE TABLE listed (k text, source int, target int) PARTITION BY LIST (k);
CREATE TABLE listed_calls PARTITION OF listed FOR VALUES IN ('calls', 'calls (resolved)');
CREATE TABLE listed_rest (target int, source int, k text);
ALTER TABLE listed ATTACH PARTITION listed_rest DEFAULT;
INSERT INTO listed SELECT k, a, b FROM raw;
CREATE TABLE hashed (a int, b int, k text) PARTITION BY HASH (a);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY RANGE (b);
CREATE TABLE hashed_1_low PARTITION OF hashed_1 FOR VALUES FROM (MINVALUE) TO (20);
CREATE TABLE hashed_1_high PARTITION OF hashed_1 DEFAULT;
CREATE INDEX ON hashed USING adjacency (a, b, k);
INSERT INTO hashed SELECT a, b, k FROM raw;
CREATE TABLE parent (source int, target int, label text);
CREATE TABLE child (more text) INHERITS (parent);
INSERT INTO parent SELECT a, b, k FROM raw WHERE id % 2 = 0;
INSERT INTO child SELECT a, b, k FROM raw WHERE id % 2 = 1;
CREATE INDEX ON parent USING adjacency (source, target, label);
CREATE INDEX ON raw (a);
CREATE INDEX ON raw (b);
ANALYZE;

SELECT rel, w.* FROM (VALUES
	('v_filter'::regclass, 'source', 'target', 'label'), ('v_join', 'source', 'target', 'label'), ('v_now', 'source', 'target', 'label'),
	('v_union', 'from_key', 'to_key', 'edge_type'), ('v_aggregate', 'source', 'target', 'label'), ('v_barrier', 'source', 'target', 'label'),
	('v_short', 'a', 'b', 'label'), ('v_limit', 'a', 'b', 'NULL'), ('listed', 'source', 'target', 'NULL'), ('hashed', 'a', 'b', 'k'),
	('parent', 'source', 'target', 'label')) AS r (rel, u, v, l),
	wrong(rel, u, v, l, '3', '31', node_type => 'int') AS w;
-- a table or a materialized view without an index says so, and answers
SET client_min_messages = error;
SELECT rel, w.* FROM (VALUES ('m_plain'::regclass), ('plain')) AS r (rel), wrong(rel, 'a', 'b', 'label', '3', '31', node_type => 'int') AS w;
SET client_min_messages = warning;
SELECT node FROM pt_bfs('plain', 3, 1) ORDER BY node LIMIT 1;
-- types and confidence
CREATE VIEW v_trust AS SELECT a AS from_key, b AS to_key, k AS edge_type, c AS confidence FROM raw;
SELECT w.* FROM wrong('v_trust', 'from_key', 'to_key', 'edge_type', '3', '31', node_type => 'int') AS w;
SELECT w.* FROM wrong('v_trust', 'from_key', 'to_key', 'edge_type', '3', '31', ', min_confidence => 0.5', 'coalesce(confidence, 1) >= 0.5', 'int') AS w;
SELECT w.* FROM wrong('v_trust', 'from_key', 'to_key', 'edge_type', '3', '31', ', min_confidence => 1', 'coalesce(confidence, 1) = 1', 'int') AS w;
SELECT w.* FROM wrong('v_trust', 'from_key', 'to_key', 'edge_type', '3', '31', ', edge_types => ''{calls}''',
	'(edge_type = ''calls'' OR edge_type = ''calls (resolved)'' AND confidence < 1)', 'int') AS w;
SELECT w.* FROM wrong('v_trust', 'from_key', 'to_key', 'edge_type', '3', '31', ', edge_types => ''{uses}'', min_confidence => 0.8', 'edge_type = ''uses'' AND coalesce(confidence, 1) >= 0.8', 'int') AS w;
-- what is certain is what facts alone reach
SELECT count(*) AS wrong FROM pt_bfs('v_trust', 3) AS w FULL JOIN pt_bfs('v_trust', 3, min_confidence => 1) AS f USING (node) WHERE w.certain IS DISTINCT FROM (f.node IS NOT NULL);
SELECT pt_bfs('v_filter', 3, min_confidence => 0.5);
SELECT pt_bfs('v_limit', 3, edge_types => '{calls}');

-- ---- nodes of any type ----

CREATE TYPE place AS (country text, number int);
CREATE TYPE colour AS ENUM ('red', 'green', 'blue');
CREATE DOMAIN small_key AS varchar(10);
CREATE VIEW n_text AS SELECT 'k' || a AS a, 'k' || b AS b, (ARRAY['red', 'green', 'blue'])[1 + id % 3]::colour AS label FROM raw;
CREATE VIEW n_varchar AS SELECT a::varchar(5) AS a, b::varchar(7) AS b FROM raw;
CREATE VIEW n_domain AS SELECT a::text::small_key AS a, b::text::small_key AS b FROM raw;
CREATE VIEW n_numeric AS SELECT a + 0.50 AS a, b + 0.5 AS b FROM raw;
CREATE VIEW n_date AS SELECT date '2026-01-01' + a AS a, date '2026-01-01' + b AS b FROM raw;
CREATE VIEW n_uuid AS SELECT ('00000000-0000-0000-0000-' || lpad(a::text, 12, '0'))::uuid AS a, ('00000000-0000-0000-0000-' || lpad(b::text, 12, '0'))::uuid AS b FROM raw;
CREATE VIEW n_composite AS SELECT ROW('de', a)::place AS a, ROW('de', b)::place AS b FROM raw WHERE a IS NOT NULL AND b IS NOT NULL;
CREATE VIEW n_oid AS SELECT a::oid AS a, b::oid AS b FROM raw;
CREATE VIEW n_name AS SELECT a::text::name AS a, b::text::name AS b FROM raw;
CREATE VIEW n_char AS SELECT a::char(4) AS a, b::char(4) AS b FROM raw;
CREATE VIEW n_mixed AS SELECT a::smallint AS a, b::bigint AS b FROM raw;
SELECT rel, w.* FROM (VALUES
	('n_text'::regclass, 'k3', 'k31', 'text', 'label'), ('n_varchar', '3', '31', 'varchar', 'NULL'), ('n_domain', '3', '31', 'varchar', 'NULL'),
	('n_date', '2026-01-04', '2026-02-01', 'date', 'NULL'),
	('n_uuid', '00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000031', 'uuid', 'NULL'),
	('n_composite', '(de,3)', '(de,31)', 'place', 'NULL'), ('n_oid', '3', '31', 'oid', 'NULL'), ('n_name', '3', '31', 'name', 'NULL'),
	('n_mixed', '3', '31', 'bigint', 'NULL')) AS r (rel, start, far, type, l),
	wrong(rel, 'a', 'b', l, start, far, node_type => type) AS w;
-- equal values that look different are one node
SELECT count(*) = (SELECT count(*) FROM pt_bfs('v_short', 3)) AS same FROM pt_bfs('n_numeric', '3.5'::text);
SELECT count(*) = (SELECT count(*) FROM pt_bfs('v_short', 3)) AS same FROM pt_bfs('n_char', '3'::text);
-- what can be ordered, but not hashed: more than a recursive UNION takes
CREATE TYPE price AS (amount money, number int);
CREATE VIEW n_money AS SELECT a::numeric::money AS a, b::numeric::money AS b FROM raw;
CREATE VIEW n_bits AS SELECT a::bit(8) AS a, b::bit(8) AS b FROM raw;
CREATE VIEW n_vector AS SELECT array_to_tsvector(ARRAY[a::text]) AS a, array_to_tsvector(ARRAY[b::text]) AS b FROM raw WHERE a IS NOT NULL AND b IS NOT NULL;
CREATE VIEW n_price AS SELECT ROW(1, a)::price AS a, ROW(1, b)::price AS b FROM raw WHERE a IS NOT NULL AND b IS NOT NULL;
CREATE VIEW n_point AS SELECT point(a, a) AS a, point(b, b) AS b FROM raw;
SELECT r.rel, direction, count(*) FILTER (WHERE ours.n IS DISTINCT FROM theirs.n) AS wrong, sum(ours.n) = (SELECT count(*) FROM pt_bfs('v_short', 3, NULL, direction)) AS same
FROM (VALUES ('n_money'::regclass, 3::numeric::money::text), ('n_bits', '00000011'), ('n_vector', '''3'''), ('n_price', ROW(3 - 2, 3)::price::text)) AS r (rel, start),
	unnest('{out,in,both}'::text[]) AS direction,
	LATERAL (SELECT distance, count(*) AS n FROM pt_bfs(r.rel, r.start, NULL, direction) GROUP BY 1) AS ours
	FULL JOIN LATERAL (SELECT distance, count(*) AS n FROM pt_bfs('v_short', 3, NULL, direction) GROUP BY 1) AS theirs USING (distance)
GROUP BY r.rel, direction ORDER BY r.rel::text COLLATE "C", direction;
SELECT (SELECT count(DISTINCT component) FROM pt_components('n_money')) = (SELECT count(DISTINCT component) FROM pt_components('v_short')) AS same;
SELECT pt_bfs('n_point', '(3,3)'::text);
SELECT w.* FROM wrong('n_text', 'a', 'b', 'label', 'k3', 'k31', ', edge_types => ''{red,blue}''', 'label IN (''red'', ''blue'')') AS w;

-- whether rows are asked for by key, all read, or all held
CREATE TABLE strategy AS SELECT a AS source, b AS target, k AS label FROM raw;
CREATE INDEX ON strategy (source);
CREATE INDEX ON strategy (target);
ALTER TABLE strategy SET (autovacuum_enabled = false);
INSERT INTO strategy SELECT i, i + 1, 'far' FROM generate_series(1000, 1200) AS i;
ANALYZE strategy;
CREATE VIEW strategies AS SELECT * FROM strategy;
SELECT cost, w.* FROM unnest('{0.0000001,0.01,1000,100000}'::text[]) AS cost, set_config('cpu_tuple_cost', cost, false),
	wrong('strategies', 'source', 'target', 'label', '3', '31', node_type => 'int') AS w;
RESET cpu_tuple_cost;

-- parts by confidence or by type: those that a filter leaves out, too
CREATE TABLE trusted (from_key int, to_key int, edge_type text, confidence numeric(3,2)) PARTITION BY RANGE (confidence);
CREATE TABLE trusted_little PARTITION OF trusted FOR VALUES FROM (0) TO (0.5);
CREATE TABLE trusted_much PARTITION OF trusted FOR VALUES FROM (0.5) TO (0.95);
CREATE TABLE trusted_facts PARTITION OF trusted DEFAULT;
CREATE TABLE parted (from_key int, to_key int, edge_type text, confidence numeric(3,2)) PARTITION BY LIST (confidence);
CREATE TABLE parted_little PARTITION OF parted FOR VALUES IN (0.3);
CREATE TABLE parted_by_type PARTITION OF parted DEFAULT PARTITION BY LIST (edge_type);
CREATE TABLE parted_calls PARTITION OF parted_by_type FOR VALUES IN ('calls');
CREATE TABLE parted_rest PARTITION OF parted_by_type DEFAULT;
INSERT INTO trusted SELECT a, b, k, c FROM raw;
INSERT INTO parted SELECT a, b, k, c FROM raw;
CREATE INDEX ON trusted USING adjacency (from_key, to_key, edge_type, confidence);
ANALYZE trusted, parted;
SELECT rel, least, w.* FROM (VALUES ('trusted'::regclass), ('parted')) AS r (rel), (VALUES ('0.5'), ('0.8'), ('1')) AS t (least),
	wrong(rel, 'from_key', 'to_key', 'edge_type', '3', '31', format(', min_confidence => %s', least), format('coalesce(confidence, 1) >= %s', least), 'int') AS w;
SELECT rel, w.* FROM (VALUES ('trusted'::regclass), ('parted')) AS r (rel), wrong(rel, 'from_key', 'to_key', 'edge_type', '3', '31', ', edge_types => ''{calls}'', min_confidence => 0.5',
	'(edge_type = ''calls'' OR edge_type = ''calls (resolved)'' AND confidence < 1) AND coalesce(confidence, 1) >= 0.5', 'int') AS w;

-- ---- columns that do not tell ----

CREATE TABLE road (id int, a int, b int, length int);
CREATE VIEW streets AS SELECT id, a AS head, b AS tail, length FROM road;
SELECT pt_bfs('streets', 1);
\echo :LAST_ERROR_SQLSTATE
CREATE VIEW halves AS SELECT a AS source, b::text AS target FROM road;
SELECT pt_bfs('halves', 1);
CREATE VIEW oids AS SELECT a::oid AS source, b AS target FROM road;
SELECT pt_bfs('oids', 1);
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE collated (source text COLLATE loose, target text COLLATE "C", other text COLLATE loose);
INSERT INTO collated VALUES ('a', 'B', 'B'), ('b', 'c', 'C'), ('C', 'd', 'd');
SELECT pt_bfs('collated', 'a');
\echo :LAST_ERROR_SQLSTATE
CREATE VIEW loosely AS SELECT source, other AS target FROM collated;
SELECT node, distance FROM pt_bfs('loosely', 'A') ORDER BY distance;
CREATE VIEW strictly AS SELECT source COLLATE "POSIX" AS source, target FROM collated;
SELECT node, distance FROM pt_bfs('strictly', 'a') ORDER BY distance;
CREATE VIEW boxes AS SELECT box(point(a, a), point(b, b)) AS source, box(point(b, b), point(a, a)) AS target FROM road;
SELECT pt_bfs('boxes', '(1,1),(2,2)'::text);
CREATE TABLE two_graphs (a int, b int, c int) PARTITION BY LIST (a);
CREATE INDEX two_one ON two_graphs USING adjacency (a, b);
CREATE INDEX two_two ON two_graphs USING adjacency (a, c);
CREATE TABLE two_rest PARTITION OF two_graphs DEFAULT;
INSERT INTO two_graphs VALUES (1, 2, 3);
SELECT pt_bfs('two_graphs', 1);
SELECT node FROM pt_bfs('two_two', 1) ORDER BY node;
CREATE SEQUENCE numbers;
SELECT pt_bfs('numbers', 1);
SELECT pt_bfs('v_filter', 99);
SELECT * FROM pt_bfs('v_filter', 99, missing_ok => true);
SELECT pt_check_index('v_filter');
SELECT * FROM pt_graph_source('v_filter');
SELECT * FROM pt_graph_source('v_trust');
SELECT * FROM pt_graph_source('v_limit');
SELECT * FROM pt_graph_source('hashed');
SELECT * FROM pt_graph_source('two_two');

-- ---- rights, policies ----

CREATE ROLE relation_reader;
GRANT USAGE ON SCHEMA relation TO relation_reader;
CREATE TABLE secret (a int, b int, k text, who name, c numeric(3,2));
INSERT INTO secret SELECT a, b, k, CASE WHEN id % 7 = 0 THEN 'nobody' ELSE 'relation_reader' END, c FROM raw;
CREATE INDEX ON secret USING adjacency (a, b, k, c);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON secret USING (who = current_user AND b NOT IN (SELECT node FROM banned));
CREATE POLICY low ON secret AS RESTRICTIVE USING (a < current_setting('relation.below', true)::int);
GRANT SELECT ON secret, banned TO relation_reader;
GRANT SELECT (a, b) ON raw TO relation_reader;
CREATE VIEW owners AS SELECT a AS source, b AS target, k AS label FROM raw;
GRANT SELECT ON owners TO relation_reader;
SET relation.below = 30;
SET ROLE relation_reader;
SELECT w.* FROM wrong('secret', 'a', 'b', 'k', '3', '31', condition => 'coalesce(c, 1) >= 0.5', node_type => 'int') AS w;
SELECT w.* FROM wrong('owners', 'source', 'target', 'label', '3', '31', node_type => 'int') AS w;
-- a start whose edges are hidden is as unknown as one that is not there
SELECT pt_bfs('secret', 11, 0, 'in');
SELECT pt_bfs('secret', 999);
SELECT count(*) FROM pt_bfs('secret', 11, missing_ok => true);
-- nothing is cut where hidden nodes are
SELECT count(*) = (SELECT count(*) FROM pt_bfs('secret', 3)) AS same FROM pt_bfs('secret', 3, max_nodes => (SELECT count(*) FROM pt_bfs('secret', 3)));
SELECT * FROM pt_graph_status('secret');
SELECT * FROM pt_graph_source('secret');
SELECT pt_callers('11', graph => 'secret');
SELECT pt_bfs('v_filter', 3);
SELECT pt_graph_source('v_filter');
-- two walks at once
SELECT count(*) = (SELECT sum(n) FROM (SELECT count(*) AS n FROM pt_bfs('secret', 3) AS x, pt_bfs('secret', 4) AS y) AS s) AS same FROM pt_bfs('secret', 3) AS x CROSS JOIN pt_bfs('secret', 4) AS y;
RESET ROLE;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
-- a policy that walks itself
CREATE TABLE allowed (a int, b int);
INSERT INTO allowed VALUES (1, 3), (3, 4), (4, 9);
CREATE INDEX ON allowed USING adjacency (a, b);
CREATE TABLE guarded (a int, b int);
INSERT INTO guarded VALUES (1, 3), (3, 4), (4, 9), (9, 10), (1, 20);
CREATE INDEX ON guarded USING adjacency (a, b);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY walked ON guarded USING (b IN (SELECT node FROM pt_bfs('allowed', 1)));
GRANT SELECT ON allowed, guarded TO relation_reader;
SET ROLE relation_reader;
SELECT node, distance FROM pt_bfs('guarded', 1) ORDER BY node;
RESET ROLE;
-- a policy that fails leaves nothing behind
CREATE FUNCTION fail(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF $1 = 9 THEN RAISE EXCEPTION 'no'; END IF; RETURN true; END $$;
CREATE POLICY failing ON guarded AS RESTRICTIVE USING (fail(b));
SET ROLE relation_reader;
SELECT count(*) FROM pt_bfs('guarded', 1);
SELECT count(*) FROM pt_bfs('guarded', 1, 2);
RESET ROLE;

-- ---- snapshots ----

BEGIN;
INSERT INTO raw (a, b, k) VALUES (3, 500, 'calls');
SELECT count(*) FROM pt_bfs('v_short', 3) WHERE node = 500;
SAVEPOINT s;
DELETE FROM raw WHERE b = 500;
SELECT count(*) FROM pt_bfs('v_short', 3) WHERE node = 500;
ROLLBACK TO s;
DECLARE c CURSOR FOR SELECT count(*) FROM pt_bfs('v_short', 3) WHERE node = 500;
DELETE FROM raw WHERE b = 500;
FETCH c;
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT w.* FROM wrong('v_trust', 'from_key', 'to_key', 'edge_type', '3', '31', node_type => 'int') AS w;
COMMIT;
-- bounds
SELECT count(*) FROM pt_bfs('v_short', 3, max_nodes => 5);
SET parseltongue.local_image_memory = '64kB';
CREATE VIEW wide AS SELECT 1 AS source, i AS target FROM generate_series(1, 100000) AS i;
\set VERBOSITY terse
SELECT pt_blast_radius_count('1', 1, 'out', graph => 'wide');
\set VERBOSITY default
-- what a walk does not come to is held only where there is room for it
CREATE TABLE crowd AS SELECT repeat('far', 50) || i AS source, repeat('off', 50) || i AS target FROM generate_series(1, 20000) AS i
	UNION ALL SELECT 'near', 'next' || i FROM generate_series(1, 30) AS i UNION ALL SELECT 'next' || i, 'last' FROM generate_series(1, 30) AS i;
ANALYZE crowd;
CREATE VIEW few AS SELECT * FROM crowd;
CREATE VIEW few_numbers AS SELECT i AS source, i + 1000000 AS target FROM generate_series(100, 40000) AS i
	UNION ALL SELECT 1, i FROM generate_series(2, 31) AS i UNION ALL SELECT i, 32 FROM generate_series(2, 31) AS i;
SET parseltongue.local_image_memory = '1MB';
SELECT pt_blast_radius_count('near', NULL, 'out', graph => 'few');
SELECT pt_blast_radius_count('1', NULL, 'out', graph => 'few_numbers'), pt_blast_radius_count('1', NULL, 'both', graph => 'few_numbers');
-- thousands of starts
SET parseltongue.local_image_memory = '16MB';
SELECT count(*) FROM pt_impact(ARRAY(SELECT format('start %s', i) FROM generate_series(1, 20000) AS i), missing_ok => true, graph => 'few');
RESET parseltongue.local_image_memory;
SELECT pt_blast_radius_count('near', NULL, 'out', graph => 'few');
SELECT pt_blast_radius_count('1', 1, 'out', graph => 'wide');

-- partitioned by either end, in each way, of several types; one edge has no source
CREATE TABLE by_hash (a text COLLATE "C", b text COLLATE "C") PARTITION BY HASH (a);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE by_list (a varchar(20), b varchar(20)) PARTITION BY LIST (a);
CREATE TABLE by_list_0 PARTITION OF by_list FOR VALUES IN ('1', '2', '3', NULL);
CREATE TABLE by_list_1 PARTITION OF by_list DEFAULT;
CREATE TABLE by_range (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE by_range_0 PARTITION OF by_range FOR VALUES FROM (0) TO (50);
CREATE TABLE by_range_1 PARTITION OF by_range FOR VALUES FROM (50) TO (100) PARTITION BY RANGE (b);
CREATE TABLE by_range_10 PARTITION OF by_range_1 FOR VALUES FROM (0) TO (50);
CREATE TABLE by_range_11 PARTITION OF by_range_1 DEFAULT;
CREATE TABLE by_target (a numeric, b numeric) PARTITION BY RANGE (b);
CREATE TABLE by_target_0 PARTITION OF by_target FOR VALUES FROM (0) TO (50);
CREATE TABLE by_target_1 PARTITION OF by_target DEFAULT;
CREATE TABLE by_name (a name, b name) PARTITION BY HASH (a);
CREATE TABLE by_name_0 PARTITION OF by_name FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE by_expression (a integer, b integer) PARTITION BY HASH ((a % 7), b);
CREATE TABLE by_expression_0 PARTITION OF by_expression FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO by_hash SELECT i * 1979 % 91, i * i * 31 % 91 FROM generate_series(1, 150) AS i;
INSERT INTO by_list SELECT * FROM by_hash UNION ALL SELECT NULL, '5';
INSERT INTO by_range SELECT a::integer, b::integer FROM by_hash;
INSERT INTO by_target SELECT a::numeric, b::numeric FROM by_hash;
INSERT INTO by_name SELECT * FROM by_hash;
INSERT INTO by_expression SELECT * FROM by_range;
SELECT g, count(*), count(*) FILTER (WHERE ours <> theirs) AS wrong
FROM (SELECT g, (SELECT count(*) FROM pt_blast_radius(s::text, 3, d, graph => g, missing_ok => true)) AS ours,
			 (WITH RECURSIVE w (node, depth) AS (SELECT s::text COLLATE "C", 0 UNION SELECT CASE d WHEN 'in' THEN a ELSE b END, depth + 1
				FROM w JOIN by_hash ON CASE d WHEN 'in' THEN b ELSE a END = node WHERE depth < 3) SELECT count(DISTINCT node) - 1 FROM w) AS theirs
	  FROM generate_series(0, 90, 7) AS s, unnest('{in,out}'::text[]) AS d,
		   unnest('{by_hash,by_list,by_range,by_target,by_name,by_expression}'::regclass[]) AS g) AS walks
GROUP BY g ORDER BY g::text COLLATE "C";

-- what a hint tells to do can be done
\set VERBOSITY default
CREATE DOMAIN node_id AS varchar(8);
CREATE TABLE of_points (a point, b point);
CREATE TABLE of_two_types (a integer, b bigint);
CREATE TABLE of_classes (a regclass, b regclass);
CREATE TABLE of_domains (a node_id, b node_id);
INSERT INTO of_two_types VALUES (1, 2);
INSERT INTO of_classes VALUES ('of_points', 'of_two_types');
INSERT INTO of_domains VALUES ('a', 'b');
SET client_min_messages = warning;
SELECT * FROM pt_bfs('of_points', '(1,2)');
SELECT node, distance FROM pt_bfs('of_two_types', 1);
SELECT node, distance FROM pt_bfs('of_classes', 'of_points');
SELECT * FROM pt_bfs('of_classes', 1);
SELECT node, distance FROM pt_bfs('of_domains', 'a');
CREATE INDEX ON of_domains USING adjacency (a, b);
SELECT node, distance FROM pt_bfs('of_domains', 'a');
SELECT * FROM pt_bfs('of_domains', 1);

SET client_min_messages = error;
DROP SCHEMA relation CASCADE;
DROP ROLE relation_reader;
