-- What somebody writes who finds the CTE too slow: level by level, with arrays of what is new and what is known.
-- version: SHOW server_version
-- set: SET jit = off
-- set: SET work_mem = '512MB'
-- set: CREATE FUNCTION pg_temp.walk(edges regclass, source text, target text, start bigint, hops int) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE known bigint[] := ARRAY[start]; fresh bigint[] := ARRAY[start]; step text := format('SELECT array_agg(DISTINCT e.%I) FROM unnest($1) AS f(x) JOIN %s AS e ON e.%I = f.x WHERE e.%I <> ALL ($2)', target, edges, source, target); BEGIN FOR i IN 1 .. hops LOOP EXECUTE step INTO fresh USING fresh, known; EXIT WHEN fresh IS NULL; known := known || fresh; END LOOP; RETURN cardinality(known) - 1; END $$
-- query count all
SELECT pg_temp.walk(':graph', ':from', ':to', $1::bigint, 2147483647)
-- query count hops
SELECT pg_temp.walk(':graph', ':from', ':to', $1::bigint, $2)
