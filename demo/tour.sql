-- What ./run demo shows after it has indexed a tree: the questions one has before
-- changing a function on which much depends. What is shown is what is run.

\pset footer off
\pset border 1
\pset null ''
SET client_min_messages = error;

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

\echo 'What is shown behind => can be pasted into "./run psql".'
\echo
\echo 'Much depends on the function' :name', of' :place'. Looking for it by a part of its name, as you would:'
SELECT format('SELECT key, entity_type, match FROM pt_search(%L, 5);', left(:'name', greatest(4, length(:'name') * 2 / 3))) AS statement \gset
\echo '=>' :statement
:statement


\echo 'What breaks if it changes? How many entities depend on it, by distance (the first eight rows):'
SELECT format('SELECT distance, entities FROM pt_blast_radius_summary(%L, NULL) LIMIT 8;', :'key') AS statement \gset
\echo '=>' :statement
:statement

\echo 'Who refers to it directly, and from where (the first five):'
SELECT format('SELECT pt_key_name(from_key) AS "who", edge_type, confidence, source_location
   FROM pt_callers(%L) ORDER BY source_location LIMIT 5;', :'key') AS statement \gset
\echo '=>' :statement
:statement

SELECT count(*) > 0 AS has_guesses FROM pt_edge WHERE confidence < 1 \gset
\if :has_guesses
\echo 'A type that ends in "(resolved)" is a guess: the code has a name there, and this is what it most'
\echo 'likely means, with what confidence. min_confidence => 1 follows facts only (docs/resolving.md).'
\echo
\endif

\echo 'Who refers to them in turn, as a tree:'
SELECT format('SELECT * FROM pt_tree(%L, hops => 3, max_nodes => 12);', :'key') AS statement \gset
\echo '=>' :statement
:statement

-- Something from afar, but not from so far that the way is long.
SELECT count(*) > 0 AS has_far, min(key) AS far_key FROM (
	SELECT key FROM pt_blast_radius(:'key', 5) AS r JOIN pt_entity AS e USING (key)
	WHERE e.entity_type IN ('function', 'method', 'test')
	ORDER BY r.distance DESC, pt_is_test(e.entity_class, e.entity_type, e.file_path), e.name = 'main' DESC, key LIMIT 1) AS far \gset
\if :has_far
SELECT pt_key_name(:'far_key') AS far_name \gset
\echo 'How does' :far_name 'depend on it? One of the shortest ways:'
SELECT format('SELECT step, pt_key_name(to_key) AS "to", edge_type, source_location
   FROM pt_path(%L, %L);', :'far_key', :'key') AS statement \gset
\echo '=>' :statement
:statement
\endif

SELECT count(*) > 0 AS has_tests FROM pt_affected_tests(ARRAY[:'key']) \gset
\if :has_tests
\echo 'Which tests should run after a change of it, by file (the nearest five):'
SELECT format('SELECT file_path, min(distance) AS nearest, count(*) AS tests FROM pt_affected_tests(ARRAY[%L])
   GROUP BY file_path ORDER BY nearest, tests DESC, file_path LIMIT 5;', :'key') AS statement \gset
\echo '=>' :statement
:statement
\endif

\echo 'What in this tree does most depend on, directly and indirectly?'
\set statement 'SELECT pt_key_name(node) AS name, round(score::numeric, 4) AS score, node FROM pt_pagerank() WHERE pt_key_kind(node) = \'local\' LIMIT 5;'
\echo '=>' :statement
:statement

-- A picture, of no more than one can look at.
SELECT pt_to_dot(from_key, to_key, edge_type)
FROM (SELECT * FROM pt_subgraph(:'key', 2, 'in') LIMIT 40) AS near
\g (format=unaligned tuples_only=on) :picture

-- What to try next, behind the timing.
SELECT format('=> SELECT content FROM pt_context(ARRAY[%1$L], 2000);%2$s-- what to read before changing it
=> SELECT pt_to_mermaid(from_key, to_key) FROM pt_subgraph(%1$L, 1);%2$s-- a picture to paste
=> SELECT * FROM pt_cycles() LIMIT 10;%2$s-- knots of dependencies
=> SELECT key, referrers FROM pt_unreferenced() LIMIT 10;%2$s-- what nobody uses
=> SELECT function, example FROM pt_help(''who calls'');%2$s-- what else there is; pt_help() lists all', :'key', '    ') AS more \gset

\ir timing.sql

\echo
\echo 'More questions to try:'
\echo
\echo :more
