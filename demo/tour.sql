-- What ./run demo shows after it has indexed a tree: who depends on one
-- well-connected function, and how long it takes to find out.

\pset footer off
\pset border 1
\pset null ''
SET client_min_messages = warning;

-- The recursive query must not lose for want of memory.
SET work_mem = '256MB';

-- Runs a query several times, but begins no run after ten seconds. The first
-- time is apart, as it may have to build the graph's image. Times are the
-- server's, in milliseconds.
CREATE FUNCTION pg_temp.timed(query text, runs integer, OUT answer bigint, OUT first numeric, OUT later numeric)
LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
	begun timestamptz := clock_timestamp();
	times numeric[] := '{}';
BEGIN
	FOR i IN 0 .. runs LOOP
		EXIT WHEN i > 0 AND clock_timestamp() - begun > interval '10 s';
		started := clock_timestamp();
		EXECUTE query INTO answer;
		times := times || extract(epoch FROM clock_timestamp() - started)::numeric * 1000;
	END LOOP;
	first := round(times[1], 2);
	SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t)::numeric, 2) INTO later
	FROM unnest(CASE WHEN cardinality(times) > 1 THEN times[2:] ELSE times END) AS t;
END
$$;

-- The most called functions, and of these the one most depend on in all.
CREATE TEMP TABLE popular AS
SELECT e.key, e.name, e.file_path, e.line_start, e.line_end, c.calls
FROM (SELECT to_key, count(*) AS calls FROM pt_edge GROUP BY to_key) AS c
JOIN pt_entity e ON e.key = c.to_key
WHERE e.entity_type = 'function'
ORDER BY c.calls DESC, e.key
LIMIT 10;

SELECT count(*) = 0 AS nobody_calls FROM popular \gset
\if :nobody_calls
\echo 'No function of this tree calls another one of it: there is no blast radius to show.'
\quit
\endif

SELECT key, name, file_path || ':' || line_start AS place
FROM popular
CROSS JOIN LATERAL (
	SELECT pt_blast_radius_count(key, NULL, missing_ok => true) AS dependents
) AS s
ORDER BY dependents DESC NULLS LAST, calls DESC, key
LIMIT 1 \gset

\echo What breaks if :name changes? It is defined in :place, its key is
\echo '   ' :key
\echo
\echo '=> SELECT * FROM pt_blast_radius_summary(key, NULL)   (the first twelve)'
SELECT distance AS hops, entities, sum(entities) OVER (ORDER BY distance) AS "so far"
FROM pt_blast_radius_summary(:'key', NULL)
ORDER BY distance
LIMIT 12;

\echo '=> SELECT ... FROM pt_blast_radius(key, 3) JOIN pt_entity ...   (two of each distance)'
SELECT hops, function, place
FROM (
	SELECT r.distance AS hops, e.name AS function, left(e.file_path, 60) || ':' || e.line_start AS place,
		row_number() OVER (PARTITION BY r.distance ORDER BY e.file_path, e.line_start) AS nth
	FROM pt_blast_radius(:'key', 3) r
	JOIN pt_entity e ON e.key = r.entity_key
) AS sample
WHERE nth <= 2
ORDER BY hops, place;

\echo '=> SELECT ... FROM pt_callers(key)   (the first five)'
SELECT e.name AS caller, c.edge_type, left(c.source_location, 60) AS "at"
FROM pt_callers(:'key') c
LEFT JOIN pt_entity e ON e.key = c.from_key
ORDER BY c.source_location
LIMIT 5;

\echo Timing the whole question, as functions and as WITH RECURSIVE

-- For the latter with the index that serves it best.
CREATE INDEX edge_by_target ON pt_edge (to_key, from_key);
ANALYZE pt_edge;

SELECT format('SELECT pt_blast_radius_count(%L, NULL)', :'key') AS count_query,
	format('SELECT count(*) FROM pt_blast_radius(%L, NULL)', :'key') AS list_query,
	format('WITH RECURSIVE affected(key) AS (
		SELECT from_key FROM pt_edge WHERE to_key = %1$L
		UNION
		SELECT e.from_key FROM affected a JOIN pt_edge e ON e.to_key = a.key)
	SELECT count(*) FROM affected WHERE key <> %1$L', :'key') AS cte_query \gset

CREATE TEMP TABLE timing AS
SELECT 1 AS n, 'pt_blast_radius_count' AS how, t.* FROM pg_temp.timed(:'count_query', 5) t
UNION ALL
SELECT 2, 'pt_blast_radius', t.* FROM pg_temp.timed(:'list_query', 5) t
UNION ALL
SELECT 3, 'WITH RECURSIVE', t.* FROM pg_temp.timed(:'cte_query', 3) t;
DROP INDEX edge_by_target;

\echo 'Everything that depends on it at any distance; time in the server, median of later runs:'
SELECT how, answer AS found, first AS "first ms", later AS "later ms",
	CASE WHEN later > 0 THEN
		round((SELECT later FROM timing WHERE n = 3) / later, 1) || ' x' END AS "against WITH RECURSIVE"
FROM timing
ORDER BY n;
\echo All three find the same set. WITH RECURSIVE had a b-tree on (to_key, from_key) for it and
\echo gives no distances; pt_blast_radius lists keys, pt_blast_radius_count only counts them.

SELECT count(DISTINCT answer) > 1 AS differ FROM timing \gset
\if :differ
DO $$ BEGIN RAISE EXCEPTION 'the answers differ'; END $$;
\endif
