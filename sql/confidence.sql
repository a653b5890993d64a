--
-- Guesses: edges with a confidence, followed from min_confidence on. Random
-- graphs of facts and guesses, against recursive queries.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_confidence;
SET search_path = pt_confidence, public;
SET jit = off;				-- would compile for longer than it runs

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

-- Does a walk follow an edge? A fact always, a guess if it is trusted, by
-- default from 0.5 on; and a type asked for means its guesses, too.
CREATE FUNCTION followed(kind text, confidence numeric, types text[], lowest numeric) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
	SELECT coalesce((confidence IS NULL OR confidence >= coalesce(lowest, 0.5))
		AND (types IS NULL OR kind = ANY (types) OR (confidence < 1 AND right(kind, 11) = ' (resolved)' AND left(kind, -11) = ANY (types))), false)
$$;

-- The answers of all functions from a few starts, drawn by the seed, against
-- a recursion over the table: each row is a difference. Graphs have columns a,
-- b, kind, confidence. Distances are compared up to 12.
CREATE FUNCTION differences(graph regclass, seed integer, types text[], lowest numeric, starts integer DEFAULT 3)
RETURNS TABLE (what text, direction text, start text, node text, distance integer, wrongs bigint)
LANGUAGE plpgsql AS $$
DECLARE
	start_type text := (SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = graph AND attname = 'a');
BEGIN
	FOREACH direction IN ARRAY ARRAY['in', 'out', 'both'] LOOP
		RETURN QUERY EXECUTE format($query$
			WITH RECURSIVE edges AS MATERIALIZED (
				SELECT a, b, kind::text AS kind, confidence::float8 AS confidence,
					followed(kind::text, confidence, %3$L, %4$L) AS followed, followed(kind::text, confidence, %3$L, 1) AS certain FROM %1$s WHERE a IS NOT NULL AND b IS NOT NULL
			), arcs AS MATERIALIZED (
				SELECT a AS s, b AS d FROM edges WHERE followed AND %2$L <> 'in'
				UNION
				SELECT b, a FROM edges WHERE followed AND %2$L <> 'out'
			), sure_arcs AS MATERIALIZED (
				SELECT a AS s, b AS d FROM edges WHERE certain AND %2$L <> 'in'
				UNION
				SELECT b, a FROM edges WHERE certain AND %2$L <> 'out'
			), starts AS MATERIALIZED (
				SELECT s, row_number() OVER (ORDER BY md5(s::text || %5$s)) AS ord
				FROM (SELECT a AS s FROM edges UNION SELECT b FROM edges) n
				ORDER BY md5(s::text || %5$s) LIMIT %6$s
			), walk (start, node, distance) AS (
				SELECT s, s, 0 FROM starts
				UNION
				SELECT walk.start, arcs.d, walk.distance + 1 FROM walk JOIN arcs ON arcs.s = walk.node WHERE walk.distance < 12
			), sure_walk (start, node, distance) AS (
				SELECT s, s, 0 FROM starts
				UNION
				SELECT w.start, a.d, w.distance + 1 FROM sure_walk AS w JOIN sure_arcs AS a ON a.s = w.node WHERE w.distance < 12
			), sure AS MATERIALIZED (
				SELECT start, node, min(distance) AS distance FROM sure_walk GROUP BY start, node
			), expected AS MATERIALIZED (
				SELECT w.start, w.node, min(w.distance) AS distance, ord FROM walk w JOIN starts ON s = w.start GROUP BY w.start, w.node, ord
			), bounds (bound) AS (VALUES (1), (3), (12), (NULL)
			), together AS MATERIALIZED (
				SELECT DISTINCT ON (e.node) e.node, e.distance, e.start FROM expected e ORDER BY e.node, e.distance, e.ord
			), all_starts AS MATERIALIZED (
				SELECT array_agg(s ORDER BY ord)::%7$s[] AS s, array_agg(s::text ORDER BY ord) AS t FROM starts
			), found (what, bound, start, node, distance) AS (
				SELECT 'pt_bfs', bound, s::text, f.node::text, f.distance FROM bounds, starts,
					pt_bfs(%1$L, s::%7$s, bound, %2$L, %3$L, min_confidence => %4$L) f
				UNION ALL
				SELECT 'pt_bfs certain', bound, s::text, f.node::text, 0 FROM bounds, starts,
					pt_bfs(%1$L, s::%7$s, bound, %2$L, %3$L, min_confidence => %4$L) f WHERE certain AND bound IS NOT NULL
				UNION ALL
				SELECT 'pt_bfs array certain', bound, NULL, f.node::text, 0 FROM bounds, all_starts,
					pt_multi_source_bfs(%1$L, s, bound, %2$L, %3$L, min_confidence => %4$L) f WHERE certain AND bound IS NOT NULL
				UNION ALL
				SELECT 'pt_blast_radius certain', bound, s::text, f.key, 0 FROM bounds, starts,
					pt_blast_radius(s::text, bound, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f WHERE certain AND bound IS NOT NULL
				UNION ALL
				SELECT 'pt_blast_radius_summary certain', bound, s::text, f.certain::text, f.distance FROM bounds, starts,
					pt_blast_radius_summary(s::text, bound, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f WHERE bound IS NOT NULL
				UNION ALL
				SELECT 'pt_impact certain', bound, NULL, f.key, 0 FROM bounds, all_starts,
					pt_impact(t, bound, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f WHERE certain AND bound IS NOT NULL
				UNION ALL
				SELECT 'pt_bfs array', bound, NULL, f.node::text, f.distance FROM bounds, all_starts,
					pt_multi_source_bfs(%1$L, s, bound, %2$L, %3$L, min_confidence => %4$L) f
				UNION ALL
				SELECT 'pt_blast_radius', bound, s::text, f.key, f.distance FROM bounds, starts,
					pt_blast_radius(s::text, bound, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f
				UNION ALL
				SELECT 'pt_blast_radius_summary', bound, s::text, f.entities::text, f.distance FROM bounds, starts,
					pt_blast_radius_summary(s::text, bound, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f
				UNION ALL
				SELECT 'pt_impact', bound, f.nearest_key, f.key, f.distance FROM bounds, all_starts,
					pt_impact(t, bound, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f
				UNION ALL
				SELECT 'pt_path', NULL, x.s::text, y.s::text, count(*)::integer FROM starts x, starts y,
					pt_path(x.s::text, y.s::text, 12, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f
				GROUP BY x.s, y.s
			), right_ (what, bound, start, node, distance) AS (
				SELECT 'pt_bfs', bound, e.start::text, e.node::text, e.distance FROM bounds, expected e WHERE e.distance <= coalesce(bound, 12)
				UNION ALL
				SELECT 'pt_bfs certain', bound, e.start::text, e.node::text, 0 FROM bounds, sure e WHERE e.distance <= bound
				UNION ALL
				SELECT DISTINCT 'pt_bfs array certain', bound, NULL, e.node::text, 0 FROM bounds, sure e WHERE e.distance <= bound
				UNION ALL
				SELECT 'pt_blast_radius certain', bound, e.start::text, e.node::text, 0 FROM bounds, sure e WHERE e.distance BETWEEN 1 AND bound
				UNION ALL
				SELECT 'pt_blast_radius_summary certain', bound, e.start::text, count(u.node)::text, e.distance
				FROM bounds CROSS JOIN expected e LEFT JOIN sure u ON u.start = e.start AND u.node = e.node AND u.distance <= bound
				WHERE e.distance BETWEEN 1 AND bound GROUP BY bound, e.start, e.distance
				UNION ALL
				SELECT DISTINCT 'pt_impact certain', bound, NULL, e.node::text, 0 FROM bounds, sure e
				WHERE e.distance <= bound AND e.node NOT IN (SELECT s FROM starts)
				UNION ALL
				SELECT 'pt_bfs array', bound, NULL, e.node::text, e.distance FROM bounds, together e WHERE e.distance <= coalesce(bound, 12)
				UNION ALL
				SELECT 'pt_blast_radius', bound, e.start::text, e.node::text, e.distance FROM bounds, expected e WHERE e.distance BETWEEN 1 AND coalesce(bound, 12)
				UNION ALL
				SELECT 'pt_blast_radius_summary', bound, e.start::text, count(*)::text, e.distance FROM bounds, expected e
				WHERE e.distance BETWEEN 1 AND coalesce(bound, 12) GROUP BY bound, e.start, e.distance
				UNION ALL
				SELECT 'pt_impact', bound, e.start::text, e.node::text, e.distance FROM bounds, together e WHERE e.distance BETWEEN 1 AND coalesce(bound, 12)
				UNION ALL
				SELECT 'pt_path', NULL, e.start::text, e.node::text, e.distance FROM expected e JOIN starts ON s = e.node WHERE e.distance > 0
			), found_edges AS (
				SELECT 'pt_callees' AS what, s::text AS start, f.from_key, f.to_key, f.edge_type, f.confidence FROM starts, pt_callees(s::text, %3$L, graph => %1$L, min_confidence => %4$L) f
				UNION ALL
				SELECT 'pt_callers', s::text, f.from_key, f.to_key, f.edge_type, f.confidence FROM starts, pt_callers(s::text, %3$L, graph => %1$L, min_confidence => %4$L) f
			), right_edges AS (
				SELECT 'pt_callees', s::text, a::text, b::text, kind, confidence FROM starts JOIN edges ON a = s AND followed
				UNION ALL
				SELECT 'pt_callers', s::text, a::text, b::text, kind, confidence FROM starts JOIN edges ON b = s AND followed
			), wrong AS (
				SELECT 'missing: ' || w.what AS what, w.start, w.node, w.distance FROM (SELECT * FROM right_ EXCEPT ALL SELECT * FROM found) w
				UNION ALL
				SELECT 'surplus: ' || w.what, w.start, w.node, w.distance FROM (SELECT * FROM found WHERE found.distance <= 12 EXCEPT ALL SELECT * FROM right_) w
				UNION ALL
				SELECT 'missing: ' || w.what, w.start, format('%%s -> %%s', from_key, to_key), NULL FROM (SELECT * FROM right_edges EXCEPT ALL SELECT * FROM found_edges) w (what, start, from_key, to_key, t, c)
				UNION ALL
				SELECT 'surplus: ' || w.what, w.start, format('%%s -> %%s', from_key, to_key), NULL FROM (SELECT * FROM found_edges EXCEPT ALL SELECT * FROM right_edges) w
				UNION ALL
				-- each step of a path is an edge to follow
				SELECT 'edge: pt_path', x.s::text, y.s::text, f.step FROM starts x, starts y,
					pt_path(x.s::text, y.s::text, 12, %2$L, %3$L, graph => %1$L, min_confidence => %4$L) f
				WHERE NOT EXISTS (SELECT FROM edges WHERE a::text = f.from_key AND b::text = f.to_key AND kind IS NOT DISTINCT FROM f.edge_type AND confidence IS NOT DISTINCT FROM f.confidence AND followed)
				UNION ALL
				SELECT 'nothing compared', NULL, NULL, NULL WHERE NOT EXISTS (SELECT FROM expected)
			)
			SELECT what, %2$L, start, node, distance, count(*) OVER () FROM wrong LIMIT 3$query$,
			graph, direction, types, lowest, seed, starts, start_type);
	END LOOP;
END $$;

-- A random graph of n nodes: facts and guesses, loops, parallel edges, half
-- edges. node and label are expressions over @, an integer.
CREATE FUNCTION random_rows(nodes integer, edges integer, node text, label text) RETURNS text LANGUAGE sql AS $$
	SELECT format($query$
		SELECT CASE WHEN r3 < 0.98 THEN %s END, CASE WHEN r3 < 0.97 OR r3 > 0.99 THEN %s END, %s,
			   CASE WHEN r4 < 0.5 THEN NULL WHEN r4 < 0.7 THEN (ARRAY[0.01, 0.49, 0.5, 0.51, 0.99, 1])[1 + floor(r5 * 6)::integer] ELSE ceil(r5 * 100) / 100 END
		FROM (SELECT floor(random() * %s)::integer AS x, random() AS r1, random() AS r2, random() AS r3, random() AS r4, (0.001 + 0.999 * random())::numeric AS r5, floor(random() * 5)::integer AS k
			  FROM generate_series(1, %s)) r,
			 LATERAL (SELECT CASE WHEN r1 < 0.3 THEN floor(r2 * r2 * 4)::integer WHEN r1 < 0.35 THEN x ELSE floor(r2 * %s)::integer END AS y) t$query$,
		replace(node, '@', 'x'), replace(node, '@', 'y'), replace(label, '@', 'k'), nodes, edges, nodes)
$$;
CREATE TABLE texts (a text, b text, kind text, confidence numeric(3,2), id serial) WITH (autovacuum_enabled = off);
CREATE TABLE numbers (a integer, b integer, kind smallint, confidence numeric(3,2), id serial) WITH (autovacuum_enabled = off);
CREATE TABLE uuids (a uuid, b uuid, kind varchar(20), confidence numeric(3,2), id serial) WITH (autovacuum_enabled = off);
CREATE FUNCTION add_texts(n integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'INSERT INTO texts ' ||
	random_rows(40, n, '''fn '' || @', '(ARRAY[''Calls'', ''Uses'', ''Calls (resolved)'', ''Uses (resolved)'', NULL])[@ + 1]'); END $$;
CREATE FUNCTION add_numbers(n integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'INSERT INTO numbers ' ||
	random_rows(50, n, '@ - 25', 'nullif(@, 4)'); END $$;
CREATE FUNCTION add_uuids(n integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'INSERT INTO uuids ' ||
	random_rows(30, n, 'md5(@::text)::uuid', '''k'' || @ / 2 || CASE @ % 2 WHEN 1 THEN '' (resolved)'' ELSE '''' END'); END $$;
SELECT setseed(0.42);
SELECT add_texts(110), add_numbers(130), add_uuids(80);
-- one index made over the rows, two that see them come
CREATE INDEX texts_adjacency ON texts USING adjacency (a, b, kind, confidence);
CREATE INDEX numbers_adjacency ON numbers USING adjacency (a, b, kind, confidence);
CREATE INDEX uuids_adjacency ON uuids USING adjacency (a, b, kind, confidence);

-- What to ask: every bound that matters, with and without edge types.
CREATE VIEW limits AS SELECT * FROM (VALUES (NULL::numeric), (0), (0.005), (0.01), (0.5), (0.50), (0.501), (0.99), (1)) v (lowest);
CREATE VIEW questions AS
	SELECT 'texts'::regclass AS graph, t.types, l.lowest FROM limits l, (VALUES (NULL::text[]), ('{Calls}'), ('{Calls,"Uses (resolved)"}'), ('{}')) t (types)
	UNION ALL
	SELECT 'numbers', t.types, l.lowest FROM limits l, (VALUES (NULL::text[]), ('{0}'), ('{1,3}')) t (types)
	UNION ALL
	SELECT 'uuids', t.types, l.lowest FROM limits l, (VALUES (NULL::text[]), ('{k0}'), ('{k0,"k1 (resolved)"}')) t (types);
CREATE FUNCTION compare(seed integer) RETURNS TABLE (graph regclass, types text[], lowest numeric, what text, direction text, start text, node text, distance integer, wrongs bigint)
LANGUAGE sql AS $$
	SELECT q.graph, q.types, q.lowest, d.* FROM questions q, LATERAL differences(q.graph, seed, q.types, q.lowest) d
$$;
-- fewer questions, for in between
CREATE FUNCTION compare_some(seed integer) RETURNS TABLE (graph regclass, types text[], lowest numeric, what text, direction text, start text, node text, distance integer, wrongs bigint)
LANGUAGE sql AS $$
	SELECT q.graph, q.types, q.lowest, d.* FROM (SELECT *, row_number() OVER (PARTITION BY graph, types IS NULL ORDER BY types, lowest) AS n FROM questions) q,
		LATERAL differences(q.graph, seed, q.types, q.lowest) d
	WHERE n % 9 = seed % 9
$$;
SELECT * FROM compare(1);
-- it is not the same everywhere, nor nothing
SELECT graph, count(DISTINCT n) > 4 AS differ, max(n) > min(n) * 2 AS widely
FROM questions, LATERAL (SELECT count(*) FROM (SELECT a::text AS s FROM texts WHERE graph = 'texts'::regclass UNION SELECT b::text FROM texts WHERE graph = 'texts'::regclass
	UNION SELECT a::text FROM numbers WHERE graph = 'numbers'::regclass UNION SELECT a::text FROM uuids WHERE graph = 'uuids'::regclass) s,
	pt_blast_radius(s, 2, 'both', graph => graph, missing_ok => true, min_confidence => lowest) WHERE types IS NULL AND s IS NOT NULL) x (n)
WHERE types IS NULL GROUP BY graph ORDER BY graph::text COLLATE "C";

-- ---------------------------------------------------------------------------
-- Changes: to the overlay first, then with VACUUM and REINDEX.
-- ---------------------------------------------------------------------------
CREATE FUNCTION change(step integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	g text;
BEGIN
	PERFORM setseed(step / 100.0);
	FOREACH g IN ARRAY ARRAY['texts', 'numbers', 'uuids'] LOOP
		EXECUTE format('SELECT add_%s(8)', g);
		-- a guess becomes a fact, a fact a guess, another guess, the confidence alone
		EXECUTE format('UPDATE %1$s SET confidence = NULL WHERE id IN (SELECT id FROM %1$s WHERE confidence IS NOT NULL ORDER BY random() LIMIT 4)', g);
		EXECUTE format('UPDATE %1$s SET confidence = 0.5 WHERE id IN (SELECT id FROM %1$s WHERE confidence IS NULL ORDER BY random() LIMIT 4)', g);
		EXECUTE format('UPDATE %1$s SET confidence = 1.01 - confidence WHERE id IN (SELECT id FROM %1$s ORDER BY random() LIMIT 10)', g);
		EXECUTE format('UPDATE %1$s SET b = a WHERE id IN (SELECT id FROM %1$s ORDER BY random() LIMIT 2)', g);
		EXECUTE format('DELETE FROM %1$s WHERE id IN (SELECT id FROM %1$s ORDER BY random() LIMIT 6)', g);
	END LOOP;
END $$;
SELECT change(1);
SELECT * FROM compare_some(2);
SELECT command FROM generate_series(3, 6) i, LATERAL (VALUES
	(1, format('SELECT change(%s)', i)),
	(2, format('SELECT * FROM compare_some(%s)', i)),
	(3, CASE i % 4 WHEN 0 THEN 'REINDEX INDEX texts_adjacency' ELSE 'VACUUM texts, numbers, uuids' END),
	(4, format('SELECT * FROM compare_some(%s)', i + 1))) c(n, command) ORDER BY i, n \gexec
REINDEX TABLE numbers;
SELECT * FROM compare_some(10);
SELECT * FROM compare_some(11);
-- rolled back, in whole and in part
BEGIN;
SELECT change(20);
SELECT * FROM compare_some(20);
SAVEPOINT s;
UPDATE texts SET confidence = NULL;
UPDATE numbers SET confidence = 0.01;
DELETE FROM uuids WHERE confidence IS NULL;
SELECT * FROM compare_some(21);
ROLLBACK TO s;
SELECT * FROM compare_some(21);
UPDATE uuids SET confidence = 0.5 WHERE confidence IS NULL;
SELECT * FROM compare_some(23);
ROLLBACK;
SELECT * FROM compare_some(24);
SELECT * FROM compare_some(25);
SELECT g, c.* FROM unnest(ARRAY['texts_adjacency', 'numbers_adjacency', 'uuids_adjacency']::regclass[]) g, pt_check_index(g) c;

-- The extension's own tables.
TRUNCATE pt_entity, pt_edge;
INSERT INTO pt_edge (from_key, to_key, edge_type, confidence)
	SELECT a, b, coalesce(kind, 'Extends'), CASE WHEN kind LIKE '%(resolved)' THEN max(confidence) END FROM texts WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b, kind;
CREATE VIEW own AS SELECT from_key AS a, to_key AS b, edge_type AS kind, confidence FROM pt_edge;
SELECT min_confidence, types, string_agg(direction || ' ' || n, ', ' ORDER BY direction) AS wrong
FROM unnest(ARRAY[NULL, 0, 0.4, 1]) min_confidence, (VALUES (NULL::text[]), ('{Calls}')) t (types), unnest(ARRAY['in', 'out']) direction,
	LATERAL (
		WITH RECURSIVE w (s, n) AS (
			SELECT a, a FROM own
			UNION
			SELECT s, CASE direction WHEN 'out' THEN b ELSE a END FROM w JOIN own ON n = CASE direction WHEN 'out' THEN a ELSE b END
			WHERE followed(kind, confidence, types, min_confidence))
		SELECT count(*) FROM w FULL JOIN (SELECT a AS s, key AS n FROM (SELECT DISTINCT a FROM own) o,
			pt_blast_radius(a, NULL, direction, types, min_confidence => min_confidence)) f USING (s, n) WHERE (w IS NULL OR f IS NULL) AND s <> n) x (n)
WHERE n > 0 GROUP BY 1, 2;
SELECT count(*) > 20 AS guesses FROM pt_edge WHERE confidence IS NOT NULL;
SELECT * FROM pt_check_index('pt_edge_adjacency');
DROP VIEW own;
TRUNCATE pt_edge;

-- ---------------------------------------------------------------------------
-- More changes than the overlay takes, and most of them gone: a merge, a
-- compaction.
-- ---------------------------------------------------------------------------
CREATE TABLE many (id serial, a integer, b integer, kind text, confidence numeric(3,2)) WITH (autovacuum_enabled = off);
CREATE INDEX many_adjacency ON many USING adjacency (a, b, kind, confidence);
CREATE INDEX ON many (a);
CREATE INDEX ON many (b);
CREATE FUNCTION reach(start integer) RETURNS TABLE (min_confidence numeric, types text[], out_wrong bigint, in_wrong bigint, reached boolean) LANGUAGE sql AS $$
	SELECT l, t, o.wrong, i.wrong, o.n + i.n > 100
	FROM unnest(ARRAY[NULL, 0, 0.3, 0.75, 1]) WITH ORDINALITY l (l, j), (VALUES (NULL::text[]), ('{x,y}')) t (t),
	LATERAL (
		WITH RECURSIVE forth AS (SELECT start AS n UNION SELECT b FROM forth JOIN many ON a = n WHERE b IS NOT NULL AND followed(kind, confidence, t, l))
		SELECT count(*) AS n, count(*) FILTER (WHERE f.n IS NULL OR w.node IS NULL) AS wrong
		FROM forth f FULL JOIN pt_bfs('many', start, edge_types => t, min_confidence => l) w ON w.node = f.n) o,
	LATERAL (
		WITH RECURSIVE back AS (SELECT start AS n UNION SELECT a FROM back JOIN many ON b = n WHERE a IS NOT NULL AND followed(kind, confidence, t, l))
		SELECT count(*) AS n, count(*) FILTER (WHERE f.n IS NULL OR w.node IS NULL) AS wrong
		FROM back f FULL JOIN pt_bfs('many', start, direction => 'in', edge_types => t, min_confidence => l) w ON w.node = f.n) i
	ORDER BY t, j
$$;
-- guesses among them come in all hundredths
CREATE FUNCTION guess(i integer) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$ SELECT CASE WHEN i % 3 > 0 THEN (1 + i % 100) / 100.0 END $$;
CREATE FUNCTION kind(i integer) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT (ARRAY['x', 'x (resolved)', 'y', NULL])[1 + i % 4] $$;
INSERT INTO many (a, b, kind) SELECT i / 3, i, kind(i) FROM generate_series(1, 1000) i;	-- facts only, at first
ANALYZE many;
SELECT * FROM reach(0);
INSERT INTO many (a, b, kind, confidence) SELECT i, 1000 + i / 2, kind(i), guess(i) FROM generate_series(1, 14000) i;
SELECT * FROM reach(0);
INSERT INTO many (a, b, kind, confidence) SELECT 1000 - i % 1000, 25000 + i, kind(i / 7), guess(i) FROM generate_series(1, 20000) i;
SELECT * FROM reach(0);
SELECT nodes > 20000 AS nodes FROM pt_prewarm('many');
SELECT overlay_edges < 25000 AS merged FROM pt_graph_status('many');
UPDATE many SET confidence = CASE WHEN confidence IS NULL THEN 0.74 END WHERE id % 5 = 0;
SELECT * FROM reach(0);
UPDATE many SET confidence = 1.01 - confidence WHERE id % 2 = 0;
SELECT * FROM reach(0);
SELECT epoch FROM pt_graph_status('many') \gset
DELETE FROM many WHERE id % 10 < 8 AND id > 2000;
VACUUM many;
VACUUM many;
SELECT * FROM reach(0);
SELECT epoch > :epoch AS compacted FROM pt_graph_status('many');
UPDATE many SET confidence = 0.75 WHERE id % 10 = 9;
SELECT * FROM reach(0);
REINDEX INDEX many_adjacency;
SELECT * FROM reach(0);
SELECT * FROM pt_check_index('many_adjacency');
DROP TABLE many;

-- ---------------------------------------------------------------------------
-- Bad definitions, values and arguments.
-- ---------------------------------------------------------------------------
CREATE DOMAIN d_confidence AS numeric(3,2);
SELECT c.t AS type, o.* FROM unnest(ARRAY['numeric(3,2)', 'real', 'double precision', 'numeric', 'numeric(3)', 'numeric(5,4)', 'numeric(4,2)', 'numeric(3,1)', 'integer', 'text', 'd_confidence']) WITH ORDINALITY c (t, i),
	LATERAL outcome(format('CREATE TABLE bad (a integer, b integer, kind text, confidence %s, e integer); CREATE INDEX bad_index ON bad USING adjacency (a, b, kind, confidence); DROP TABLE bad', t)) o ORDER BY i;
CREATE TABLE bad (a integer, b integer, kind text, confidence numeric(3,2), e numeric(3,2)) WITH (autovacuum_enabled = off);
SELECT c, o.* FROM unnest(ARRAY['(a, b, kind, confidence, e)', '(a, b, confidence)', '(a, confidence)', '(confidence, e)', '(a, b, kind, (confidence + 0))', '(a, b, kind, e DESC)']) WITH ORDINALITY c (c, i),
	LATERAL outcome('CREATE INDEX bad_index ON bad USING adjacency ' || c) o ORDER BY i;
-- values: not into an indexed table, nor an index over them
CREATE INDEX bad_index ON bad USING adjacency (a, b, kind, confidence);
SELECT v AS value, o.* FROM unnest(ARRAY['0', '0.004', '1.01', '-0.5', '-0.01', 'NaN', '9.99', '0.005', '1.004', '0.01', '1', NULL]) WITH ORDINALITY v (v, i),
	LATERAL outcome(format('INSERT INTO bad VALUES (%s, %s, NULL, %L)', i, i + 1, v)) o ORDER BY i;
SELECT a, b, confidence FROM bad ORDER BY a;
SELECT node, distance FROM pt_bfs('bad', 8, min_confidence => 0.01) ORDER BY distance;
SELECT node, distance FROM pt_bfs('bad', 8, min_confidence => 0.02) ORDER BY distance;
SELECT state FROM outcome('UPDATE bad SET confidence = 0');
-- half an edge is no edge: nothing of it is looked at
SELECT state FROM outcome('INSERT INTO bad VALUES (1, NULL, NULL, 5)');
DROP INDEX bad_index;
INSERT INTO bad VALUES (1, 2, 'x', 0);
SELECT * FROM outcome('CREATE INDEX bad_index ON bad USING adjacency (a, b, kind, confidence)');
DELETE FROM bad WHERE confidence = 0;
CREATE INDEX bad_index ON bad USING adjacency (a, b, kind, confidence);
SELECT state FROM outcome('REINDEX INDEX bad_index');
SELECT v AS value, o.state FROM unnest(ARRAY['0', '1.01', '-0.5', 'NaN']) WITH ORDINALITY v (v, i), LATERAL outcome(format('INSERT INTO pt_edge (from_key, to_key, confidence) VALUES (''a'', ''b'', %L)', v)) o ORDER BY i;
-- a column made finer later: an error at ALTER TABLE or when asked, never a
-- walk that takes 0.505 for 0.51
CREATE TABLE finer (a integer, b integer, kind text, confidence numeric(3,2));
CREATE INDEX finer_index ON finer USING adjacency (a, b, kind, confidence);
INSERT INTO finer VALUES (1, 2, NULL, NULL);
SELECT t AS type, o.state FROM unnest(ARRAY['numeric(5,4)', 'numeric(2,1)', 'real', 'text']) WITH ORDINALITY t (t, i), LATERAL outcome(format('ALTER TABLE finer ALTER confidence TYPE %s', t)) o ORDER BY i;
CREATE FUNCTION alter_and_ask(type text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('ALTER TABLE finer ALTER confidence TYPE %s', type);
	INSERT INTO finer VALUES (2, 3, NULL, 0.505);
	RETURN (SELECT string_agg(node::text, ' ' ORDER BY distance) FROM pt_bfs('finer', 1, min_confidence => 0.51));
EXCEPTION WHEN datatype_mismatch OR feature_not_supported OR numeric_value_out_of_range OR object_not_in_prerequisite_state THEN
	RETURN 'refused';
END $$;
SELECT alter_and_ask('numeric') IN ('refused', '1 2') AS right;
SELECT alter_and_ask('numeric(10,2)') IN ('refused', '1 2 3') AS right;	-- 0.505 is 0.51 there
DROP TABLE finer;

-- min_confidence: NULL, and what is not from 0 to 1
CREATE TABLE plain (a integer, b integer, kind text);
CREATE INDEX plain_adjacency ON plain USING adjacency (a, b, kind);
INSERT INTO plain VALUES (1, 2, 'x');
SELECT f AS call, v AS min_confidence, o.*
FROM unnest(ARRAY['pt_bfs(%s, 9, min_confidence => %s)', 'pt_multi_source_bfs(%s, ARRAY[9], min_confidence => %s)', 'pt_blast_radius(''9'', graph => %s, min_confidence => %s)', 'pt_blast_radius_summary(''9'', graph => %s, min_confidence => %s)',
	'pt_impact(''{9}'', graph => %s, min_confidence => %s)', 'pt_callers(''9'', graph => %s, min_confidence => %s)', 'pt_callees(''9'', graph => %s, min_confidence => %s)', 'pt_path(''9'', ''8'', graph => %s, min_confidence => %s)']) WITH ORDINALITY f (f, i),
	unnest(ARRAY['-0.1', '-0.0001', '1.1', '1.0001', '''NaN''', '''Infinity''', '''-Infinity''', '1e100', 'NULL', '-0', '1.0000']) WITH ORDINALITY v (v, j),
	LATERAL outcome('SELECT * FROM ' || format(f, '''bad''', v)) o
WHERE i IN (1, 4) OR j IN (1, 3, 5, 9) ORDER BY i, j;
SELECT f AS call, v AS min_confidence, o.*
FROM unnest(ARRAY['pt_bfs(%s, 1, min_confidence => %s)', 'pt_multi_source_bfs(%s, ARRAY[1], min_confidence => %s)', 'pt_blast_radius(''1'', graph => %s, min_confidence => %s)', 'pt_blast_radius_summary(''1'', graph => %s, min_confidence => %s)',
	'pt_impact(''{1}'', graph => %s, min_confidence => %s)', 'pt_callers(''1'', graph => %s, min_confidence => %s)', 'pt_callees(''1'', graph => %s, min_confidence => %s)', 'pt_path(''1'', ''2'', graph => %s, min_confidence => %s)']) WITH ORDINALITY f (f, i),
	unnest(ARRAY['0', '1', 'NULL']) WITH ORDINALITY v (v, j), LATERAL outcome('SELECT * FROM ' || format(f, '''plain''', v)) o ORDER BY i, j;
-- a key on guesses alone is known, though nothing is reached by facts
INSERT INTO bad VALUES (100, 101, 'x', 0.3);
SELECT (SELECT count(*) FROM pt_blast_radius('101', graph => 'bad')) AS facts, (SELECT count(*) FROM pt_blast_radius('101', graph => 'bad', min_confidence => 0.3)) AS guesses,
	(SELECT count(*) FROM pt_callees('100', graph => 'bad')) AS facts, (SELECT count(*) FROM pt_callees('100', '{x}', graph => 'bad', min_confidence => 0)) AS guesses;
DROP TABLE plain;

-- ---------------------------------------------------------------------------
-- pt_check_index. While an index is marked as not ready, commands leave it out;
-- so another row takes the place of one it has an entry for.
-- ---------------------------------------------------------------------------
CREATE PROCEDURE set_ready(index regclass, ready boolean) LANGUAGE sql AS
	$$ UPDATE pg_index SET indisready = ready WHERE indexrelid = index $$;
CREATE TABLE checked (a text, b text, kind text, confidence numeric(3,2), id serial PRIMARY KEY) WITH (autovacuum_enabled = off);
CREATE INDEX checked_adjacency ON checked USING adjacency (a, b, kind, confidence);
INSERT INTO checked VALUES ('a', 'b', 'x', 0.5), ('b', 'c', 'x', 0.5), ('c', 'd', 'x', NULL), ('d', 'e', NULL, 0.5), ('e', 'f', NULL, NULL);
SELECT * FROM pt_check_index('checked_adjacency') ORDER BY tid;
DELETE FROM checked;
CALL set_ready('checked_adjacency', false);
VACUUM checked;
INSERT INTO checked VALUES ('a', 'b', 'x', 0.5), ('b', 'c', 'x', 0.51), ('c', 'd', 'x', 0.5), ('d', 'e', NULL, NULL), ('e', 'f', NULL, 0.01);
CALL set_ready('checked_adjacency', true);
SELECT * FROM pt_check_index('checked_adjacency') ORDER BY tid;
REINDEX INDEX checked_adjacency;
SELECT * FROM pt_check_index('checked_adjacency') ORDER BY tid;
DROP TABLE checked;

-- ---------------------------------------------------------------------------
-- What is followed depends on the confidence: to walk is to read it.
-- ---------------------------------------------------------------------------
CREATE ROLE regress_pt_confidence;
GRANT USAGE ON SCHEMA pt_confidence TO regress_pt_confidence;
GRANT SELECT (a, b, kind) ON bad TO regress_pt_confidence;
SET ROLE regress_pt_confidence;
SELECT q, o.state FROM unnest(ARRAY['pt_bfs(''bad'', 100)', 'pt_bfs(''bad'', 100, min_confidence => 0.5)', 'pt_blast_radius(''101'', graph => ''bad'')', 'pt_blast_radius_summary(''101'', graph => ''bad'', min_confidence => 0)',
	'pt_impact(''{101}'', graph => ''bad'')', 'pt_callers(''101'', graph => ''bad'')', 'pt_callees(''100'', graph => ''bad'', min_confidence => 1)', 'pt_path(''100'', ''101'', graph => ''bad'')']) WITH ORDINALITY q (q, i),
	LATERAL outcome('SELECT * FROM ' || q) o ORDER BY i;
RESET ROLE;
GRANT SELECT (confidence) ON bad TO regress_pt_confidence;
REVOKE SELECT (kind) ON bad FROM regress_pt_confidence;
SET ROLE regress_pt_confidence;
SELECT q, o.state FROM unnest(ARRAY['pt_bfs(''bad'', 100)', 'pt_bfs(''bad'', 100, min_confidence => 0.3)', 'pt_impact(''{101}'', graph => ''bad'', min_confidence => 0)', 'pt_bfs(''bad'', 100, edge_types => ''{x}'')']) WITH ORDINALITY q (q, i),
	LATERAL outcome('SELECT * FROM ' || q) o ORDER BY i;
SELECT node FROM pt_bfs('bad', 100, min_confidence => 0.3) ORDER BY node;
RESET ROLE;
DROP SCHEMA pt_confidence CASCADE;
DROP ROLE regress_pt_confidence;
