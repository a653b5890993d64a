-- What somebody writes who finds the CTE too slow: level by level into a temporary table, kept for the session.
-- version: SHOW server_version
-- set: SET jit = off
-- set: SET work_mem = '512MB'
-- set: SET temp_buffers = '512MB'
-- set: SET client_min_messages = warning
-- set: CREATE TEMP TABLE visited (x bigint PRIMARY KEY, d int NOT NULL); CREATE INDEX ON visited (d, x)
-- set: CREATE FUNCTION pg_temp.walk(edges regclass, source text, target text, start bigint, hops int) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE depth int := 0; total bigint := 0; added bigint; step text := format('INSERT INTO visited SELECT DISTINCT e.%I, $1 + 1 FROM visited v JOIN %s e ON e.%I = v.x WHERE v.d = $1 ON CONFLICT DO NOTHING', target, edges, source); BEGIN TRUNCATE visited; INSERT INTO visited VALUES (start, 0); WHILE depth < hops LOOP EXECUTE step USING depth; GET DIAGNOSTICS added = ROW_COUNT; EXIT WHEN added = 0; total := total + added; depth := depth + 1; END LOOP; RETURN total; END $$
-- query count all
SELECT pg_temp.walk(':graph', ':from', ':to', $1::bigint, 2147483647)
-- query count hops
SELECT pg_temp.walk(':graph', ':from', ':to', $1::bigint, $2)
