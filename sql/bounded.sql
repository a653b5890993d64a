-- The best or the first rows of large answers are those of the whole answers: hotspots, scores,
-- what nothing refers to. On a random codebase of keys that begin alike, with equal degrees, guesses
-- and placeholders, as its owner and as somebody who sees less.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
SET parseltongue.graph = '';
SET jit = off;
SELECT pt_create_codebase('bounded') \g (format=unaligned tuples_only=on)
SET parseltongue.graph = 'bounded.pt_edge';
SET search_path = bounded, public;

SELECT setseed(0.61);
CREATE FUNCTION bounded.key_of(n integer) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE n % 7 WHEN 0 THEN 'c:macro:' || repeat('REG__', n % 5) || n || ':src/drivers/regs.h:' || n || '-' || n
		WHEN 1 THEN 'c:fn:puts' || n || ':unresolved-reference:0-0' WHEN 2 THEN 'c:fn:Über' || n || ':src/ü.c:1-2'
		ELSE 'c:fn:' || repeat('x', n % 40) || n || ':src/f' || n % 11 || '.c:' || n || '-' || n END
$$;
INSERT INTO pt_entity (key, name, entity_type, entity_class, file_path, line_start, language)
SELECT key_of(n), CASE WHEN n % 3 > 0 THEN CASE n % 50 WHEN 1 THEN 'main' WHEN 2 THEN '__init__' WHEN 4 THEN '____' ELSE 'f' || n END END,
	(ARRAY['fn', 'macro', 'file', NULL])[1 + n % 4], CASE WHEN n % 31 = 0 THEN 'TEST' ELSE 'CODE' END, CASE WHEN n % 13 > 0 THEN 'src/f' || n % 11 || '.c' END, n % 90, 'c'
FROM generate_series(1, 900) AS n WHERE n % 7 <> 1;
INSERT INTO pt_edge (from_key, to_key, edge_type, confidence)
SELECT key_of(a), key_of(b), kind || CASE WHEN c < 1 THEN ' (resolved)' ELSE '' END, c
FROM (SELECT 1 + (random() * 899)::int, 1 + (random() ^ 3 * 899)::int, (ARRAY['Calls', 'Uses', 'Contains'])[1 + floor(random() * 3)::int],
		CASE WHEN random() < 0.4 THEN round(random()::numeric, 2) + 0.01 END FROM generate_series(1, 2500)) AS r (a, b, kind, c)
WHERE c IS NULL OR c <= 1
ON CONFLICT DO NOTHING;
ANALYZE pt_entity, pt_edge;

-- What a call follows.
CREATE FUNCTION bounded.followed(kind text, confidence numeric, types text[], lowest numeric) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
	SELECT coalesce((confidence IS NULL OR confidence >= coalesce(lowest, 0.5))
		AND (types IS NULL OR kind = ANY (types) OR (confidence < 1 AND right(kind, 11) = ' (resolved)' AND left(kind, -11) = ANY (types))), false)
$$;
CREATE FUNCTION bounded.expected_hotspots(placeholders boolean, most bigint, types text[], lowest numeric, avoided text[] DEFAULT '{}', allowed text[] DEFAULT NULL)
RETURNS TABLE (node text, in_degree bigint, out_degree bigint, degree bigint, rank bigint) LANGUAGE sql AS $$
	WITH e AS MATERIALIZED (
		SELECT DISTINCT from_key AS a, to_key AS b FROM bounded.pt_edge
		WHERE bounded.followed(edge_type, confidence, types, lowest) AND from_key <> ALL (avoided) AND to_key <> ALL (avoided)
			AND (allowed IS NULL OR from_key = ANY (allowed) AND to_key = ANY (allowed))
	), n AS (
		SELECT k, sum(i)::bigint AS i, sum(o)::bigint AS o
		FROM (SELECT a, 0, (a <> b)::int FROM e UNION ALL SELECT b, (a <> b)::int, 0 FROM e) AS u (k, i, o) WHERE placeholders OR pt_key_kind(k) = 'local' GROUP BY k
	)
	SELECT k, i, o, i + o, rank() OVER (ORDER BY i + o DESC) FROM n ORDER BY i + o DESC, k COLLATE "C" LIMIT most
$$;
-- Rows that differ, or stand elsewhere.
CREATE FUNCTION bounded.hotspots_differ(placeholders boolean, most bigint, types text[], lowest numeric, avoided text[] DEFAULT '{}', allowed text[] DEFAULT NULL)
RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM pt_hotspots(NULL, placeholders, most, types, lowest, avoided, allowed) WITH ORDINALITY AS g
	FULL JOIN bounded.expected_hotspots(placeholders, most, types, lowest, avoided, allowed) WITH ORDINALITY AS w ON g = w
	WHERE g IS NULL OR w IS NULL
$$;
CREATE VIEW bounded.hotspots AS
SELECT most, sum(hotspots_differ(p, most, types, lowest, avoided, allowed)) AS differ
FROM (VALUES (0), (7), (300), (NULL::bigint)) AS m (most), (VALUES (false), (true)) AS s (p),
	(VALUES (NULL::text[], NULL::numeric), ('{Calls}', NULL), (NULL, 1), ('{Uses,Contains}', 0.2)) AS f (types, lowest),
	(SELECT '{}'::text[], NULL::text[] UNION ALL SELECT array_agg(key_of(n)) FILTER (WHERE n % 9 = 0), array_agg(key_of(n)) FILTER (WHERE n < 700) FROM generate_series(1, 900) AS n) AS b (avoided, allowed)
GROUP BY most;
SELECT * FROM hotspots ORDER BY most;
SELECT count(*) FROM pt_hotspots(max_results => 1000), (SELECT count(*) FROM pt_hotspots()) AS d (usual) WHERE usual = 100 HAVING count(*) > 100;
SELECT count(*), min(rank), max(rank) FROM pt_hotspots(max_results => 40, placeholders => true);
\set VERBOSITY sqlstate
SELECT * FROM pt_hotspots(max_results => -1);
SELECT * FROM pt_unreferenced(max_results => -1);
\set VERBOSITY default

-- The first rows of scores: nodes and ranks are the same, and scores but for the last digits.
CREATE FUNCTION bounded.scores_differ(called text, most bigint, OUT differ bigint) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT count(*) FROM (SELECT * FROM %s WITH ORDINALITY) AS g FULL JOIN (SELECT * FROM %s WITH ORDINALITY LIMIT %s) AS w USING (ordinality) '
		'WHERE g.node IS DISTINCT FROM w.node OR g.rank <> w.rank OR abs(g.score - w.score) > 1e-12',
		format(called, 'max_results => ' || most), format(called, 'max_results => NULL'), most) INTO differ;
END $$;
SELECT called, sum(scores_differ(called, n)) AS differ
FROM (VALUES ('pt_pagerank(%s)'), ('pt_pagerank(personalization => ARRAY[bounded.key_of(9)], missing_ok => true, %s)'), ('pt_hits(%s)'), ('pt_hits(role => ''hub'', %s)'),
		('pt_eigenvector(directed => false, max_iterations => 1000, %s)'), ('pt_katz(alpha => 0.01, %s)'), ('pt_betweenness(samples => 50, %s)'), ('pt_closeness(%s)'), ('pt_harmonic(%s)')) AS f (called),
	generate_series(0, 60, 60) AS n
GROUP BY called ORDER BY called COLLATE "C";

-- What nothing refers to, and where entry points do not lead.
CREATE FUNCTION bounded.expected_unreferenced(wanted text[], reach boolean, points text[], types text[], lowest numeric)
RETURNS TABLE (key text, name text, entity_type text, file_path text, line_start integer, referrers bigint) LANGUAGE sql AS $$
	WITH RECURSIVE d AS MATERIALIZED (
		SELECT from_key, to_key, edge_type FROM bounded.pt_edge WHERE bounded.followed(edge_type, confidence, types, lowest)
	), e AS MATERIALIZED (
		SELECT key, coalesce(name, pt_key_name(key)) AS name, entity_type, file_path, line_start,
			CASE WHEN points IS NOT NULL THEN key = ANY (points) ELSE coalesce(name, pt_key_name(key)) = 'main' OR coalesce(name, pt_key_name(key)) ~ '^__.+__$'
				OR pt_is_test(entity_class, entity_type, file_path) END AS is_entry
		FROM bounded.pt_entity
	), r AS (
		SELECT key FROM e WHERE is_entry UNION SELECT to_key FROM r JOIN d ON from_key = key
	)
	SELECT key, name, entity_type, file_path, line_start, coalesce(n, 0) FROM e
		LEFT JOIN (SELECT to_key, count(DISTINCT from_key) FROM d WHERE from_key <> to_key AND (types IS NOT NULL OR edge_type NOT IN ('Contains', 'Contains (resolved)')) GROUP BY to_key) AS c (k, n) ON k = key
	WHERE NOT is_entry AND pt_key_kind(key) = 'local' AND CASE WHEN wanted IS NULL THEN coalesce(entity_type, '') <> 'file' ELSE entity_type = ANY (wanted) END
		AND CASE WHEN reach THEN key NOT IN (SELECT r.key FROM r) ELSE n IS NULL END
	ORDER BY file_path COLLATE "C", line_start, key COLLATE "C"
$$;
CREATE VIEW bounded.unreferenced AS
SELECT mode, count(*), sum(g.n) > 0 AS some, sum(differ) AS differ
FROM (VALUES ('unreferenced'), ('unreachable')) AS m (mode), (VALUES (NULL::text[]), ('{macro,file}')) AS w (wanted),
	(SELECT NULL::text[] UNION ALL SELECT array_agg(key_of(k)) FROM generate_series(2, 900, 97) AS k WHERE key_of(k) IN (SELECT key FROM pt_entity)) AS p (points), (VALUES (NULL::bigint), (30)) AS l (most),
	(VALUES (NULL::text[], NULL::numeric), ('{Calls}', NULL), ('{Contains}', 1), (NULL, 0.1)) AS f (types, lowest),
	LATERAL (SELECT count(g), count(*) FILTER (WHERE g IS NULL OR u IS NULL)
		FROM pt_unreferenced(wanted, mode, points, most, types, lowest) WITH ORDINALITY AS g
		FULL JOIN (SELECT * FROM expected_unreferenced(wanted, mode = 'unreachable', points, types, lowest) WITH ORDINALITY LIMIT most) AS u ON g = u) AS g (n, differ)
GROUP BY mode;
SELECT * FROM unreferenced ORDER BY mode;

-- In one transaction with changes, and without them.
BEGIN;
DELETE FROM pt_edge WHERE to_key = (SELECT node FROM pt_hotspots(max_results => 1));
INSERT INTO pt_edge (from_key, to_key) SELECT 'c:fn:new:src/new.c:1-1', key_of(n) FROM generate_series(1, 60) AS n;
SELECT sum(differ) FROM hotspots;
SELECT sum(differ) FROM unreferenced;
ROLLBACK;
SELECT sum(differ) FROM hotspots;

-- Who sees less gets the best of what he sees, by queries.
CREATE ROLE bounded_reader;
GRANT USAGE ON SCHEMA bounded TO bounded_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA bounded TO bounded_reader;
ALTER TABLE pt_edge ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_third ON pt_edge USING (hashtext(from_key) % 3 <> 0);
ALTER VIEW hotspots OWNER TO bounded_reader;
ALTER VIEW unreferenced OWNER TO bounded_reader;
SET ROLE bounded_reader;
SELECT sum(hotspots_differ(p, most, NULL, NULL)) FROM (VALUES (5), (200), (NULL::bigint)) AS m (most), (VALUES (false), (true)) AS s (p);
SELECT count(*), count(*) FILTER (WHERE g IS NULL OR u IS NULL) AS differ
FROM (VALUES (false), (true)) AS m (reach), LATERAL (SELECT g, u FROM pt_unreferenced(mode => CASE WHEN reach THEN 'unreachable' ELSE 'unreferenced' END, max_results => 25) WITH ORDINALITY AS g
	FULL JOIN (SELECT * FROM expected_unreferenced(NULL, reach, NULL, NULL, NULL) WITH ORDINALITY LIMIT 25) AS u ON g = u) AS d;
RESET ROLE;
ALTER TABLE pt_edge DISABLE ROW LEVEL SECURITY;

-- Nodes of other types.
CREATE TABLE bounded.numbers (a integer, b integer);
INSERT INTO numbers SELECT (random() * 200)::int, (random() ^ 2 * 200)::int FROM generate_series(1, 700);
CREATE INDEX ON numbers USING adjacency (a, b);
CREATE TABLE bounded.uuids AS SELECT md5(a::text)::uuid AS a, md5(b::text)::uuid AS b FROM numbers;
CREATE INDEX ON uuids USING adjacency (a, b);
SELECT count(*), count(*) FILTER (WHERE g IS NULL OR w IS NULL) AS differ
FROM pt_hotspots('numbers', NULL::bigint, max_results => 50) WITH ORDINALITY AS g
FULL JOIN (SELECT * FROM pt_hotspots('numbers', NULL::bigint, max_results => NULL) WITH ORDINALITY LIMIT 50) AS w ON g = w;
SELECT count(*), count(*) FILTER (WHERE g IS NULL OR w IS NULL) AS differ
FROM pt_hotspots('uuids', NULL::uuid, max_results => 50) WITH ORDINALITY AS g
FULL JOIN (SELECT u, i, o, i + o, rank() OVER (ORDER BY i + o DESC), row_number() OVER (ORDER BY i + o DESC, u)
	FROM (SELECT u, (SELECT count(DISTINCT a) FROM uuids WHERE b = u AND a <> u) AS i, (SELECT count(DISTINCT b) FROM uuids WHERE a = u AND b <> u) AS o FROM (SELECT a FROM uuids UNION SELECT b FROM uuids) AS n (u)) AS d
	ORDER BY 6 LIMIT 50) AS w ON g = w;

-- Keys stand in the order of their bytes, however long they are alike.
CREATE TABLE bounded.alike (a text, b text);
INSERT INTO alike SELECT repeat('abcdefgh', (random() * 6)::int) || left(md5(random()::text), (random() * 3)::int), repeat('abcdefgh', (random() * 6)::int) || chr(1 + (random() * 300)::int)
FROM generate_series(1, 6000);
CREATE INDEX ON alike USING adjacency (a, b);
SELECT count(*) > 500 AS many, count(*) FILTER (WHERE ordinality <> place) AS elsewhere
FROM (SELECT *, row_number() OVER (ORDER BY node COLLATE "C") AS place FROM pt_degree('alike') WITH ORDINALITY) AS d;

-- A search that reads all of the table first looks at letters; what it lets pass is more than what matches.
SELECT count(*) FILTER (WHERE strpos(lower(name), part) > 0) > 100 AS some, count(*) FILTER (WHERE strpos(lower(name), part) > 0 AND NOT _parseltongue.pt_may_contain(name, part)) AS missed,
	count(*) FILTER (WHERE name ~ '^[ -~]*$' AND part ~ '^[ -~]*$' AND strpos(lower(name), part) = 0 AND _parseltongue.pt_may_contain(name, part)) AS too_many
FROM (SELECT translate(md5(random()::text), '01234', 'AbÄä_'), translate(left(md5(random()::text), (random() * 3)::int), '01234', 'abÄä_') FROM generate_series(1, 5000)) AS r (name, part_), LATERAL (SELECT lower(part_)) AS l (part);
SELECT name, sought, _parseltongue.pt_may_be_misspelt(name, sought)
FROM (VALUES ('vfs_raed', 'vfs_read'), ('VFS_Rea', 'vfs_read'), ('vfs_reaad', 'vfs_read'), ('vfs_raxx', 'vfs_read'), ('ext4_read', 'vfs_read'), ('vfs', 'vfs_read'), ('Größe', 'grosse'), ('', '')) AS v (name, sought);

RESET search_path;
DROP OWNED BY bounded_reader;
DROP ROLE bounded_reader;
SET client_min_messages = warning;
DROP SCHEMA bounded CASCADE;
