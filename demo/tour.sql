-- What ./run demo shows after it has indexed a tree: who depends on one
-- well-connected function, and how long it takes to find out.

\pset footer off
\pset border 1
\pset null ''
SET client_min_messages = warning;

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

-- Guesses below this confidence no walk follows unless it is asked to.
SELECT current_setting('parseltongue.min_confidence') AS trusted \gset

-- The most called functions, and of these the one most depend on in all; rather
-- none that only tests have.
CREATE TEMP TABLE popular AS
SELECT e.key, e.name, e.file_path, e.line_start, e.line_end, c.calls, pt_is_test(e.entity_class, e.entity_type, e.file_path) AS is_test
FROM (SELECT to_key, count(*) AS calls FROM pt_edge WHERE confidence IS NULL OR confidence >= :trusted GROUP BY to_key) AS c
JOIN pt_entity e ON e.key = c.to_key
WHERE e.entity_type IN ('function', 'method')
ORDER BY is_test, c.calls DESC, e.key
LIMIT 10;

SELECT count(*) = 0 AS nobody_calls FROM popular \gset
\if :nobody_calls
\echo 'No function in this tree calls another function in it, so there is nothing to show.'
\quit
\endif

SELECT key, name, file_path || ':' || line_start AS place
FROM popular
CROSS JOIN LATERAL (
	SELECT pt_blast_radius_count(key, NULL, missing_ok => true) AS dependents
) AS s
ORDER BY is_test, dependents DESC NULLS LAST, calls DESC, key
LIMIT 1 \gset

\echo What breaks if the function :name changes? It is defined in :place, and its key is
\echo '   ' :key
\echo 'What is shown behind => can be pasted into "./run psql".'
\echo

-- What is shown is what is run.
\echo 'How many entities depend on it, by distance (the first twelve rows):'
SELECT format('SELECT distance, entities FROM pt_blast_radius_summary(%L, NULL) LIMIT 12;', :'key') AS statement \gset
\echo '=>' :statement
:statement

\echo 'Which ones, for example (one of each distance up to 4):'
SELECT format($$SELECT DISTINCT ON (r.distance) r.distance, e.name, e.file_path || ':' || e.line_start AS place
   FROM pt_blast_radius(%L, 4) AS r
   JOIN pt_entity AS e USING (key) ORDER BY r.distance, e.file_path, e.line_start;$$, :'key') AS statement \gset
\echo '=>' :statement
:statement

\echo 'Who refers to it directly, and from where (the first five):'
SELECT format('SELECT pt_key_name(from_key) AS "who", edge_type, confidence, source_location
   FROM pt_callers(%L)
   ORDER BY source_location LIMIT 5;', :'key') AS statement \gset
\echo '=>' :statement
:statement

SELECT count(*) > 0 AS has_guesses FROM pt_edge WHERE confidence < 1 \gset
\if :has_guesses
\echo 'A type that ends in "(resolved)" is a guess: the code has a name there, and this is what it most'
\echo 'likely means, with what confidence. min_confidence => 1 follows facts only (docs/resolving.md).'
\echo
\endif

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

\echo
\echo 'More questions to try:'
\echo
SELECT format('=> SELECT key, match FROM pt_search(%1$L);%3$s-- functions by name; each has a key
=> SELECT * FROM pt_tree(%2$L, max_nodes => 20);
=> SELECT content FROM pt_context(ARRAY[%2$L], 2000);%3$s-- what to read before changing it
=> SELECT key, distance FROM pt_affected_tests(ARRAY[%2$L]) LIMIT 10;
=> SELECT node, score FROM pt_pagerank() WHERE pt_key_kind(node) = ''local'' LIMIT 10;%3$s-- on what most depends
=> SELECT function, example FROM pt_help(''cycles'');%3$s-- what else there is; pt_help() lists all', :'name', :'key', '    ') AS more \gset
\echo :more
