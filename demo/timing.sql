-- How long the first question of the tour takes, by functions and by WITH RECURSIVE.
-- Runs after tour.sql, in its session: :key is what is asked for, :trusted the
-- confidence from which on guesses are followed.

-- The recursive query must not lose for want of memory, nor to its compilation.
SET work_mem = '256MB';
SET jit = off;

-- Runs a query several times, but begins no run after ten seconds. The first
-- time is apart, as it may have to build the graph's image or fill a cache. Times
-- are the server's, in milliseconds.
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
	first := round(times[1], 3);
	SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t)::numeric, 3) INTO later
	FROM unnest(CASE WHEN cardinality(times) > 1 THEN times[2:] ELSE times END) AS t;
END
$$;

-- The plan of a recursive query in a few words: how its recursive part joins the
-- table of edges, and how it reads that.
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	plan json;
	joins jsonb;
	scan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	joins := jsonb_path_query_first(plan::jsonb, 'strict $.** ? (@."Node Type" like_regex "Join|Nested Loop")');
	scan := jsonb_path_query_first(joins, 'strict $.** ? (@."Relation Name" == "pt_edge")');
	RETURN lower(concat_ws(', ', joins ->> 'Node Type', scan ->> 'Node Type')) || coalesce(' on ' || (scan ->> 'Index Name'), '');
END
$$;

\echo 'Timing "everything that depends on it", by functions and by WITH RECURSIVE ...'

-- The recursive query gets what serves it best: the primary key covers the other
-- direction already, statistics are fresh, and VACUUM lets it read indexes alone,
-- which leave out the guesses that nobody follows.
CREATE INDEX edge_by_target ON pt_edge (to_key, from_key) WHERE confidence IS NULL OR confidence >= :trusted;
VACUUM ANALYZE pt_edge;

SELECT format('SELECT pt_blast_radius_count(%L, NULL)', :'key') AS count_query,
	format('SELECT count(*) FROM pt_blast_radius(%L, NULL)', :'key') AS list_query,
	format('WITH RECURSIVE affected(key) AS (
		SELECT from_key FROM pt_edge WHERE to_key = %1$L AND (confidence IS NULL OR confidence >= %2$s)
		UNION
		SELECT e.from_key FROM affected a JOIN pt_edge e ON e.to_key = a.key AND (e.confidence IS NULL OR e.confidence >= %2$s))
	SELECT count(*) FROM affected WHERE key <> %1$L', :'key', :trusted) AS cte_query \gset

CREATE TEMP TABLE timing (n integer, how text, answer bigint, first numeric, later numeric);
INSERT INTO timing SELECT 1, 'pt_blast_radius_count', t.* FROM pg_temp.timed(:'count_query', 7) t;
INSERT INTO timing SELECT 2, 'pt_blast_radius', t.* FROM pg_temp.timed(:'list_query', 7) t;

-- The planner can only guess how many rows a step of the recursion has, so it may
-- choose to read the whole table where the index would be ten times faster, or the
-- other way round. Both are timed, and the faster one counts.
SELECT pg_temp.plan_of(:'cte_query') AS plan \gset
INSERT INTO timing SELECT 3, 'WITH RECURSIVE (' || :'plan' || ')', t.* FROM pg_temp.timed(:'cte_query', 5) t;
SELECT :'plan' NOT LIKE 'nested loop%' AS joins_in_bulk \gset
\if :joins_in_bulk
SET enable_hashjoin = off;
SET enable_mergejoin = off;
\else
SET enable_nestloop = off;
\endif
SELECT pg_temp.plan_of(:'cte_query') AS other_plan \gset
INSERT INTO timing SELECT 4, 'WITH RECURSIVE (' || :'other_plan' || ')', t.* FROM pg_temp.timed(:'cte_query', 5) t
WHERE :'other_plan' <> :'plan';
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_nestloop;
DROP INDEX edge_by_target;

SELECT min(later) FILTER (WHERE n >= 3) AS best FROM timing \gset
SELECT how, answer AS found, first AS "first ms", later AS "later ms",
	CASE WHEN later > 0 THEN round(:best / later, 1) || ' x' END AS "speed"
FROM timing
ORDER BY n;
\echo 'Times are measured in the server: the first run, and the median of several later ones. Speed is'
\echo 'relative to the faster WITH RECURSIVE, which has covering b-trees for both directions, fresh'
\echo 'statistics and a warm cache. It finds no distances.'
\echo 'The planner''s own choice for WITH RECURSIVE was:' :plan
SELECT format('Fastest WITH RECURSIVE: %s ms; pt_blast_radius_count is %s times as fast, pt_blast_radius %s times.',
	:best, round(:best / max(later) FILTER (WHERE n = 1), 1), round(:best / max(later) FILTER (WHERE n = 2), 1)) AS verdict
FROM timing \gset
\echo :verdict

SELECT count(DISTINCT answer) > 1 AS differ FROM timing \gset
\if :differ
DO $$ BEGIN RAISE EXCEPTION 'the answers differ'; END $$;
\endif
